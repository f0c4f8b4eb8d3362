import API
import Basis
import Evidence
import Foundation
import Hummingbird
import JSON
import People
import Storage
import StorageTesting
import Testing
import Web

/// Versions, methods, headers and limits: xAPI 1.0.3, part 3, 1 and 3; IEEE 9274.1.1-2023, 4.1.
@Suite struct WireTests {
    private let version = "X-Experience-API-Version"

    @Test(arguments: Engine.present) func `3.3 the version of a request is the version of its answer`(
        engine: Engine
    ) async throws {
        try await RecordStore.serve(engine) { store in
            for (asked, answered) in [("1.0", "1.0.3"), ("1.0.0", "1.0.3"), ("1.0.9", "1.0.3"), ("2.0.0", "2.0.0")] {
                let answer = try await store.ask(.get, [("limit", "1")], version: asked)
                #expect(answer.status == .ok)
                #expect(answer.headers[named: version] == answered)
            }
            for asked in ["0.9", "1.1.0", "2.1.0", "3.0.0", "1", "x", " "] {
                let answer = try await store.ask(.get, [("limit", "1")], version: asked)
                #expect(answer.status == .badRequest, "\(asked)")
                #expect(try answer.problem() == "xapi-version")
            }
            for (method, query) in [
                (HTTPRequest.Method.get, []), (.post, []), (.put, [("statementId", identifier(1))]),
            ] {
                let body = method == .get ? nil : try statement().text
                let answer = try await store.ask(method, query, body, version: nil)
                #expect(answer.status == .badRequest)
                #expect(answer.headers[named: version] == "0.95")
            }
            #expect(try await store.identifiers([]).isEmpty)
            let stranger = try await store.ask(.get, headers: ["Authorization": ""])
            #expect(stranger.status == .unauthorized)
            #expect(stranger.headers[named: version] == "2.0.0")
            #expect(stranger.headers[named: "WWW-Authenticate"]?.hasPrefix("Basic") == true)
            let wrong = try await store.ask(
                .get, version: "1.0.3", headers: ["Authorization": RecordStore.basic("1-a", "b")])
            #expect(wrong.status == .unauthorized)
            #expect(wrong.headers[named: version] == "1.0.3")
        }
    }

    @Test(arguments: Engine.present) func `1.1 HEAD is GET without its body`(engine: Engine) async throws {
        try await RecordStore.serve(engine) { store in
            try await store.post([try statement([("/id", "\"\(identifier(1))\"")])])
            for query in [[], [("statementId", identifier(1))], [("statementId", identifier(2))], [("limit", "x")]] {
                let get = try await store.ask(.get, query)
                let head = try await store.ask(.head, query)
                #expect(head.status == get.status)
                #expect(head.bytes.isEmpty)
                #expect(head.headers[.contentType] == get.headers[.contentType])
                #expect(head.headers[.lastModified] == get.headers[.lastModified])
            }
        }
    }

    /// A form in place of a request.
    private func form(
        _ store: RecordStore, _ method: String, _ fields: [(String, String)], version: String? = nil,
        headers more: [String: String] = [:], query: [(String, String)] = []
    ) async throws -> Answer {
        let body = fields.map { "\(Form.encoded($0))=\(Form.encoded($1))" }.joined(separator: "&")
        let headers = ["Content-Type": "application/x-www-form-urlencoded", "Authorization": ""].merging(more) { $1 }
        return try await store.ask(.post, [("method", method)] + query, body, version: version, headers: headers)
    }

    @Test(arguments: Engine.present) func `1.3 a form may hold a request of version 1.0.3`(engine: Engine) async throws
    {
        try await RecordStore.serve(engine) { store in
            let own = [("Authorization", store.authorization), ("X-Experience-API-Version", "1.0.3")]
            let id = [("statementId", identifier(1))]
            let content = [("content", try statement([("/result/response", "\"a+b & c=d %\"")]).text)]
            #expect(try await form(store, "PUT", own + id + content).status == .noContent)
            let got = try await form(store, "GET", own + id)
            #expect(try got.json["result"]?["response"] == "a+b & c=d %")
            #expect(got.headers[named: version] == "1.0.3")
            let post = try await form(store, "POST", own + content)
            #expect(try post.json.array?.count == 1)
            let head = try await form(store, "HEAD", own + id)
            #expect(head.status == .ok)
            #expect(head.bytes.isEmpty)
            // The credentials and the version may stand in real headers, and the form's win.
            let real = ["Authorization": store.authorization]
            #expect(try await form(store, "GET", [("limit", "1")], version: "1.0.3", headers: real).status == .ok)
            let wins = [("X-Experience-API-Version", "0.8")]
            #expect(try await form(store, "GET", wins, version: "1.0.3", headers: real).status == .badRequest)
            let wrong: [(String, Answer)] = [
                ("no content", try await form(store, "PUT", own + id)),
                ("content of a GET", try await form(store, "GET", own + id + content)),
                ("more in the query", try await form(store, "PUT", own + content, query: id)),
                ("unknown method", try await form(store, "PATCH", own + id + content)),
                ("unknown parameter", try await form(store, "GET", own + [("x", "1")])),
                ("no form", try await store.ask(.post, [("method", "PUT")], "{}", version: "1.0.3")),
                ("not by POST", try await store.ask(.put, [("method", "PUT")], "{}", version: "1.0.3")),
            ]
            for (name, answer) in wrong { #expect(answer.status == .badRequest, "\(name): \(answer.text)") }
            #expect(try await form(store, "GET", [("X-Experience-API-Version", "1.0.3")]).status == .unauthorized)
        }
    }

    @Test func `4.1 version 2.0 has no such form`() async throws {
        try await RecordStore.serve(.memory) { store in
            let own = [("Authorization", store.authorization), ("X-Experience-API-Version", "2.0.0")]
            let answer = try await form(store, "GET", own)
            #expect(answer.status == .badRequest)
            #expect(try answer.problem() == "alternate-syntax")
            let header = try await form(store, "GET", [own[0]], version: "2.0.0")
            #expect(try header.problem() == "alternate-syntax")
        }
    }

    @Test func `1.5 content types`() async throws {
        try await RecordStore.serve(.memory) { store in
            let body = try statement().text
            for type in ["application/json", "application/json; charset=utf-8", "Application/JSON"] {
                #expect(try await store.ask(.post, [], body, headers: ["Content-Type": type]).status == .ok, "\(type)")
            }
            for type in ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data"] {
                let answer = try await store.ask(.post, [], body, headers: ["Content-Type": type])
                #expect(answer.status == .badRequest, "\(type)")
            }
            for body in ["", "{", "[{}", "\"\"", "7", "null", "[1]", "{\"actor\": {}, \"actor\": {}}"] {
                #expect(try await store.ask(.post, [], body).status == .badRequest, "\(body)")
            }
            let deep = String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)
            #expect(try await store.ask(.post, [], deep).problem() == "json")
        }
    }

    @Test func `4.0 a scope bounds what a client may do`() async throws {
        try await RecordStore.serve(.memory, scopes: ["statements/write"]) { writer in
            let ids = try await writer.post([try statement()])
            #expect(try await writer.ask(.get).status == .forbidden)
            let reader = try await writer.client(scopes: ["statements/read"])
            #expect(try await reader.identifiers([]) == ids)
            #expect(try await reader.ask(.post, [], try statement().text).status == .forbidden)
            let mine = try await writer.client(scopes: ["statements/write", "statements/read/mine"])
            #expect(try await mine.identifiers([]).isEmpty)
            #expect(try await mine.find(ids[0]).status == .notFound)
            let own = try await mine.post([try statement([("/object", reference(to: ids[0]))])])
            #expect(try await mine.identifiers([]) == own)
            // What others stored is no way to find out about it.
            let verb = "http://adlnet.gov/expapi/verbs/completed"
            #expect(try await mine.identifiers([("verb", verb)]) == own)
            #expect(try await mine.identifiers([("activity", "https://example.org/course")]).isEmpty)
        }
    }

    @Test func `scripts of other sites may call`() async throws {
        try await RecordStore.serve(.memory) { store in
            let origin = ["Origin": "https://content.example.net"]
            let asked = origin.merging([
                "Authorization": "", "Access-Control-Request-Method": "PUT",
                "Access-Control-Request-Headers": "authorization, content-type, x-experience-api-version",
            ]) { $1 }
            let preflight = try await store.ask(.options, version: nil, headers: asked)
            #expect(preflight.status == .noContent)
            #expect(preflight.headers[named: "Access-Control-Allow-Origin"] == "*")
            #expect(preflight.headers[named: "Access-Control-Allow-Methods"] == "GET, HEAD, POST, PUT")
            let allowed = preflight.headers[named: "Access-Control-Allow-Headers"] ?? ""
            for name in ["Authorization", "Content-Type", "X-Experience-API-Version", "If-Match"] {
                #expect(allowed.contains(name))
            }
            #expect(preflight.headers[named: "Access-Control-Allow-Credentials"] == nil)
            for (headers, status) in [(origin, 200), (origin.merging(["Authorization": ""]) { $1 }, 401)] {
                let answer = try await store.ask(.get, headers: headers)
                #expect(answer.status.code == status)
                #expect(answer.headers[named: "Access-Control-Allow-Origin"] == "*")
                let shown = answer.headers[named: "Access-Control-Expose-Headers"] ?? ""
                #expect(shown.contains("X-Experience-API-Consistent-Through"))
            }
            let posted = try await store.ask(.post, [], try statement().text, headers: origin)
            #expect(posted.status == .ok)
            #expect(try await store.ask(.get).headers[named: "Access-Control-Allow-Origin"] == nil)
            let elsewhere = try await store.ask(.options, version: nil, path: "/api/v1/me", headers: asked)
            #expect(elsewhere.headers[named: "Access-Control-Allow-Origin"] == nil)
        }
    }

    @Test func `every limit has its refusal`() async throws {
        var limits = XAPILimits()
        limits.bodyBytes = 20_000
        limits.batchCount = 5
        limits.textBytes = 3_000
        limits.headerBytes = 4_000
        try await RecordStore.serve(.memory, limits: limits) { store in
            let many = JSONValue.array(Array(repeating: try statement(), count: 6)).text
            let long = try statement([("/result/response", "\"\(String(repeating: "x", count: 3_001))\"")]).text
            let huge = String(repeating: " ", count: 20_001)
            let table: [(String, Answer, Int, String)] = [
                ("batch", try await store.ask(.post, [], many), 413, "batch-too-large"),
                ("text", try await store.ask(.post, [], long), 400, "text-too-long"),
                ("body", try await store.ask(.post, [], huge), 413, "body-too-large"),
                (
                    "headers", try await store.ask(.get, headers: ["X-Long": String(repeating: "x", count: 4_000)]),
                    400,
                    "headers-too-large"
                ),
            ]
            for (name, answer, status, code) in table {
                #expect(answer.status.code == status, "\(name)")
                #expect(try answer.problem() == code, "\(name)")
                #expect(answer.headers[named: version] == "2.0.0", "\(name)")
            }
            #expect(try await store.ask(.post, [], long).json["pointers"] == ["/result/response"])
            #expect(try await store.identifiers([]).isEmpty)
        }
    }
}
