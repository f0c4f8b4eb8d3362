import Basis
import Evidence
import Foundation
import JSON
import StorageTesting
import Testing

@Suite struct ResourceTests {
    private struct Server {
        let bench: Bench
        let resource: StatementResource

        init(_ engine: Engine = .memory) async throws {
            bench = try await Bench(engine)
            resource = StatementResource(log: bench.log, world: bench.world, path: "/xapi/statements")
        }

        func send(
            _ method: String, _ query: [(name: String, value: String)] = [], _ body: String = "",
            version: String? = "1.0.3", scopes: Set<XAPIScope> = [.all], client: String = "one",
            type: String = "application/json",
            language: String = ""
        ) async throws -> XAPIReply {
            var headers = ["content-type": type, "accept-language": language]
            headers["x-experience-api-version"] = version
            let request = XAPIRequest(method: method, query: query, headers: headers, body: Array(body.utf8))
            let caller = XAPICaller(tenant: .first, authority: Authority(client: client), scopes: scopes)
            return try await resource.answer(request, for: caller)
        }

        func refused(
            _ method: String, _ query: [(name: String, value: String)] = [], _ body: String = "",
            version: String? = "1.0.3", scopes: Set<XAPIScope> = [.all], type: String = "application/json"
        ) async -> Problem? {
            await #expect(throws: Problem.self) {
                try await send(method, query, body, version: version, scopes: scopes, type: type)
            }
        }
    }

    private func header(_ reply: XAPIReply, _ name: String) -> String? {
        reply.headers.first { $0.name == name }?.value
    }
    private func json(_ reply: XAPIReply) throws -> JSONValue { try JSONValue(parsing: reply.body) }

    @Test(arguments: Engine.present) func `a statement goes in and comes out`(engine: Engine) async throws {
        let server = try await Server(engine)
        let put = try await server.send("PUT", [("statementId", uuid)], sound)
        #expect(put.status == 204)
        let again = try await server.send("PUT", [("statementId", uuid)], sound)
        #expect(again.status == 204)
        let got = try await server.send("GET", [("statementId", uuid)], version: "2.0.0")
        #expect(got.status == 200)
        #expect(header(got, "X-Experience-API-Version") == "2.0.0")
        let statement = try json(got)
        let stored = try #require(statement["stored"]?.string.flatMap { Moment(timestamp: $0) })
        let through = try #require(header(got, "X-Experience-API-Consistent-Through").flatMap { Moment(timestamp: $0) })
        #expect(through >= stored)
        #expect(header(got, "Last-Modified")?.hasSuffix(" GMT") == true)
        #expect(statement["id"] == .string(uuid))
        let posted = try await server.send("POST", [], "[\(sound), \(sound)]")
        #expect(try json(posted).array?.count == 2)
        let none = await server.refused("GET", [("statementId", "7690e6c9-3ef0-4ed3-8b37-7f3964730bee")])
        #expect(none?.kind == .missing)
    }

    @Test func `the version must be spoken`() async throws {
        let server = try await Server()
        for version in [nil, "", "1", "1.1", "3.0.0", "2.1.0", "1.0.x", "v2.0"] {
            #expect(await server.refused("GET", version: version)?.code == "xapi-version")
        }
        for (version, header) in [("1.0", "1.0.3"), ("1.0.9", "1.0.3"), ("2.0", "2.0.0"), ("2.0.0", "2.0.0")] {
            let request = XAPIRequest(method: "GET", headers: ["x-experience-api-version": version])
            #expect(XAPIVersion.replyHeader(to: request) == header)
        }
        #expect(XAPIVersion.replyHeader(to: XAPIRequest(method: "GET")) == "0.95")
    }

    @Test func `parameters are read strictly`() async throws {
        let server = try await Server()
        let wrong: [[(name: String, value: String)]] = [
            [("statementId", "x")], [("StatementId", uuid)], [("statementId", uuid), ("limit", "1")],
            [("statementId", uuid), ("voidedStatementId", uuid)], [("limit", "-1")], [("limit", "many")],
            [("limit", "1"), ("limit", "2")], [("since", "yesterday")], [("until", "2026-11-23")],
            [("ascending", "yes")], [("format", "pretty")], [("agent", "alice")], [("agent", "{}")],
            [("agent", #"{"objectType": "Group", "member": [{"mbox": "mailto:a@e.org"}]}"#)], [("verb", "did")],
            [("activity", "x")], [("registration", "1")], [("related_agents", "1")], [("cursor", "!")], [("x", "1")],
        ]
        for query in wrong {
            #expect(await server.refused("GET", query)?.code == "parameter", "\(query)")
        }
        #expect(await server.refused("POST", [("statementId", uuid)], sound)?.code == "parameter")
        #expect(await server.refused("PUT", [], sound)?.code == "parameter")
        #expect(await server.refused("POST", [], sound, type: "text/plain")?.code == "content-type")
        #expect(await server.refused("POST", [], "{")?.code == "json")
        let other = try statement([("/id", "\"7690e6c9-3ef0-4ed3-8b37-7f3964730bee\"")]).text
        #expect(await server.refused("PUT", [("statementId", uuid)], other)?.pointers == ["/id"])
    }

    @Test func `scopes bound what a client may do`() async throws {
        let server = try await Server()
        #expect(await server.refused("POST", [], sound, scopes: [.read, .allRead])?.kind == .forbidden)
        #expect(await server.refused("GET", scopes: [.write])?.kind == .forbidden)
        _ = try await server.send("POST", [], sound, scopes: [.write], client: "one")
        _ = try await server.send("PUT", [("statementId", uuid)], sound, scopes: [.write], client: "two")
        func count(_ scope: XAPIScope, _ client: String) async throws -> Int? {
            try json(try await server.send("GET", scopes: [scope], client: client))["statements"]?.array?.count
        }
        #expect(try await count(.read, "one") == 2)
        #expect(try await count(.readMine, "one") == 1)
        #expect(try await count(.readMine, "nobody") == 0)
        let other = await #expect(throws: Problem.self) {
            try await server.send("GET", [("statementId", uuid)], scopes: [.readMine], client: "one")
        }
        #expect(other?.kind == .missing)
        let own = try await server.send("GET", [("statementId", uuid)], scopes: [.readMine], client: "two")
        #expect(own.status == 200)
    }

    @Test(arguments: Engine.present) func `more leads through all of it`(engine: Engine) async throws {
        let server = try await Server(engine)
        for _ in 0..<3 {
            _ = try await server.send("POST", [], "[\(Array(repeating: sound, count: 9).joined(separator: ","))]")
        }
        for ascending in ["true", "false"] {
            var query = [
                (name: "limit", value: "4"), (name: "ascending", value: ascending),
                (name: "agent", value: #"{"mbox": "mailto:a@example.org"}"#),
            ]
            var ids: [String] = []
            var pages = 0
            while true {
                let reply = try json(try await server.send("GET", query))
                ids += reply["statements"]?.array?.compactMap { $0["id"]?.string } ?? []
                pages += 1
                let more = try #require(reply["more"]?.string)
                if more.isEmpty { break }
                #expect(more.hasPrefix("/xapi/statements?"))
                query = more.split(separator: "?")[1].split(separator: "&").map { pair in
                    let parts = pair.split(separator: "=", maxSplits: 1)
                    return (String(parts[0]), parts[1].removingPercentEncoding ?? "")
                }
            }
            #expect(pages == 7)
            #expect(ids.count == 27)
            #expect(Set(ids).count == 27)
        }
    }

    @Test func `forms leave out what they should`() async throws {
        let server = try await Server()
        let full = try statement([
            ("/actor/name", "\"Alice\""), ("/verb/display", #"{"en": "did", "de": "tat"}"#),
            ("/object/definition", #"{"name": {"en": "Course", "de": "Kurs"}}"#),
            (
                "/context/team",
                #"{"objectType": "Group", "mbox": "mailto:t@e.org", "member": [{"mbox": "mailto:b@e.org"}]}"#
            ),
        ])
        _ = try await server.send("PUT", [("statementId", uuid)], full.text)
        func get(_ form: String, _ language: String = "") async throws -> JSONValue {
            try json(try await server.send("GET", [("statementId", uuid), ("format", form)], language: language))
        }
        let ids = try await get("ids")
        #expect(ids["actor"] == ["mbox": "mailto:a@example.org"])
        #expect(ids["verb"]?["display"] == nil)
        #expect(ids["object"] == ["id": "https://example.org/course"])
        #expect(ids["context"]?["team"] == ["objectType": "Group", "mbox": "mailto:t@e.org"])
        let german = try await get("canonical", "fr;q=0.3, de-AT;q=0.9, en;q=0.8")
        #expect(german["verb"]?["display"] == ["de": "tat"])
        #expect(german["object"]?["definition"]?["name"] == ["de": "Kurs"])
        #expect(try await get("canonical")["object"]?["definition"]?["name"] == ["en": "Course"])
        #expect(try await get("exact")["verb"]?["display"] == ["en": "did", "de": "tat"])
    }

    @Test func `an attachment without its bytes must say where they lie`() async throws {
        let server = try await Server()
        let text = try statement([
            (
                "/attachments",
                """
                [{"usageType": "https://e.org/u", "display": {}, "contentType": "text/plain", "length": 3, \
                "sha2": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}]
                """
            )
        ]).text
        #expect(await server.refused("POST", [], "[\(text)]")?.pointers == ["/0/attachments/0/fileUrl"])
    }
}
