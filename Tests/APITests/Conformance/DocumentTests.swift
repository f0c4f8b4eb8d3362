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

/// The document resources over a real socket, section by section of xAPI 1.0.3, part 3 (“Communication”), and of IEEE
/// 9274.1.1-2023 where 2.0 differs.
@Suite struct DocumentTests {
    static let versions = ["1.0.3", "2.0.0"]

    /// Runs against a server of its own, once for each kind of document.
    private func each(
        _ engine: Engine, _ body: @escaping @Sendable (DocumentClient, DocumentClient.Documents) async throws -> Void
    ) async throws {
        let site = try await TestSite(engine)
        let credentials = try await DocumentClient.credentials(["all"], of: site)
        try await site.run { caller in
            for documents in DocumentClient.Documents.allCases {
                try await body(DocumentClient(caller: caller, credentials: credentials), documents)
            }
        }
    }

    @Test(arguments: Engine.present) func `2.2: a document comes back as it went in`(engine: Engine) async throws {
        try await each(engine) { store, documents in
            for version in Self.versions {
                let place = documents.place(named: "a/b?c=d&e é \(version)")
                let start = Moment(microseconds: 1_000_000)
                let put = try await store.put(
                    place, "hello", version, type: "text/plain; charset=utf-8", ["If-None-Match": "*"])
                #expect(put.status == .noContent)
                let got = try await store.get(place, version)
                #expect(got.status == .ok)
                #expect(got.text == "hello")
                #expect(got.headers[.contentType] == "text/plain; charset=utf-8")
                #expect(got.headers[.eTag] == "\"aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d\"")
                #expect(got.headers[.lastModified]?.hasSuffix(" GMT") == true)
                #expect(got.headers[.contentDisposition] == "attachment")
                #expect(got.headers[named: "X-Experience-API-Version"] == version)
                let head = try await store.send(.head, documents.path + "?" + place.query, version)
                #expect(head.status == .ok)
                #expect(head.bytes.isEmpty)
                #expect(head.headers[.eTag] == got.headers[.eTag])
                #expect(head.headers[.contentType] == got.headers[.contentType])
                let known = try await store.get(place, version, ["If-None-Match": got.headers[.eTag] ?? ""])
                #expect(known.status == .notModified)
                #expect(known.bytes.isEmpty)
                let list = try await store.get(documents.all, at: documents.path, version)
                #expect(try list.json == .array([.string(place.name)]))
                let since = try await store.get(
                    documents.all + [("since", start.timestamp)], at: documents.path, version)
                #expect(try since.json == .array([.string(place.name)]))
                let later = try await store.get(
                    documents.all + [("since", "2100-01-01T00:00:00Z")], at: documents.path, version)
                #expect(try later.json == [])
                #expect(try await store.delete(place, version).status == .noContent)
                #expect(try await store.delete(place, version).status == .noContent)
                let gone = try await store.get(place, version)
                #expect(gone.status == .notFound)
                #expect(try gone.problem() == "document-missing")
                #expect(gone.headers[named: "X-Experience-API-Version"] == version)
            }
        }
    }

    @Test func `2.2: any bytes are kept, none at all included`() async throws {
        try await each(.memory) { store, documents in
            let place = documents.place(named: "bytes")
            for bytes: [UInt8] in [[0, 255, 13, 10, 0], [], Array("{\"a\": 1, \"a\" : 2 }".utf8)] {
                try await store.delete(place, "2.0.0")
                let put = try await store.send(.put, place.uri, "2.0.0", bytes: bytes, [:])
                #expect(put.status == .noContent)
                let got = try await store.get(place, "2.0.0")
                #expect(got.bytes == bytes)
                #expect(got.headers[.contentType] == "application/octet-stream")
            }
        }
    }

    @Test(arguments: Engine.present) func `2.2: JSON is merged member by member`(engine: Engine) async throws {
        let json = "application/json"
        /// What is there, what is posted, what comes of it: nil for a refusal that changes nothing.
        let cases: [(there: (String, String)?, posted: (String, String), sum: String?)] = [
            (nil, (json, #"{"a":1}"#), #"{"a":1}"#), (nil, ("text/plain", "hello"), "hello"),
            (nil, (json, "hello"), nil), (nil, (json, "[1]"), nil),
            ((json, #"{"a":1,"b":2}"#), (json, #"{"b":3,"c":4}"#), #"{"a":1,"b":3,"c":4}"#),
            ((json, #"{"a":{"x":1,"y":2}}"#), (json, #"{"a":{"x":3}}"#), #"{"a":{"x":3}}"#),
            (
                (json, #"{"a":1.50,"b":null}"#), ("application/json; charset=utf-8", #"{"c":1e2}"#),
                #"{"a":1.50,"b":null,"c":1e2}"#
            ),
            ((json, #"{"a":1}"#), (json, "[1]"), nil), ((json, #"{"a":1}"#), (json, "nonsense"), nil),
            ((json, #"{"a":1}"#), ("text/plain", #"{"b":1}"#), nil),
            (("text/plain", #"{"a":1}"#), (json, #"{"b":1}"#), nil), ((json, "[1]"), (json, #"{"b":1}"#), nil),
            ((json, "nonsense"), (json, #"{"b":1}"#), nil),
        ]
        try await each(engine) { store, documents in
            let place = documents.place(named: "merge")
            for version in Self.versions {
                for (there, posted, sum) in cases {
                    try await store.delete(place, version)
                    if let there {
                        try await store.put(place, there.1, version, type: there.0, ["If-None-Match": "*"])
                    }
                    let answer = try await store.send(
                        .post, place.uri, version, bytes: Array(posted.1.utf8), ["Content-Type": posted.0])
                    let after = try await store.get(place, version)
                    if let sum {
                        #expect(answer.status == .noContent, "\(posted)")
                        #expect(after.text == sum)
                    } else {
                        #expect(answer.status == .badRequest, "\(posted)")
                        #expect(["document-json", "document-type"].contains(try answer.problem()))
                        if let there { #expect(after.text == there.1) } else { #expect(after.status == .notFound) }
                    }
                }
            }
        }
    }

    /// What a request with these headers gets where there is nothing, and where there is a document.
    struct Guard: Sendable {
        let method: HTTPRequest.Method
        let headers: [String: String]
        let version: String
        let kinds: [DocumentClient.Documents]
        let empty: HTTPResponse.Status
        let taken: HTTPResponse.Status
    }

    static let guards: [Guard] = {
        let (all, profiles) = (
            DocumentClient.Documents.allCases, [DocumentClient.Documents.activityProfile, .agentProfile]
        )
        let wrong = "\"1234\""
        var table: [Guard] = []
        for version in versions {
            for method in [HTTPRequest.Method.put, .post, .delete] {
                table += [
                    Guard(
                        method: method, headers: ["If-Match": wrong], version: version, kinds: all,
                        empty: .preconditionFailed, taken: .preconditionFailed),
                    Guard(
                        method: method, headers: ["If-Match": "W/TAG"], version: version, kinds: all,
                        empty: .preconditionFailed, taken: .preconditionFailed),
                    Guard(
                        method: method, headers: ["If-Match": "*"], version: version, kinds: all,
                        empty: .preconditionFailed, taken: .noContent),
                    Guard(
                        method: method, headers: ["If-Match": "TAG"], version: version, kinds: all,
                        empty: .preconditionFailed, taken: .noContent),
                    Guard(
                        method: method, headers: ["If-Match": "\"1234\", TAG"], version: version, kinds: all,
                        empty: .preconditionFailed, taken: .noContent),
                    Guard(
                        method: method, headers: ["If-None-Match": "*"], version: version, kinds: all,
                        empty: .noContent, taken: .preconditionFailed),
                    Guard(
                        method: method, headers: ["If-None-Match": "TAG"], version: version, kinds: all,
                        empty: .noContent, taken: .preconditionFailed),
                    Guard(
                        method: method, headers: ["If-None-Match": wrong], version: version, kinds: all,
                        empty: .noContent, taken: .noContent),
                ]
            }
            for method in [HTTPRequest.Method.post, .delete] {
                table.append(
                    Guard(
                        method: method, headers: [:], version: version, kinds: all, empty: .noContent,
                        taken: .noContent))
            }
        }
        return table + [
            Guard(method: .put, headers: [:], version: "1.0.3", kinds: profiles, empty: .badRequest, taken: .conflict),
            Guard(method: .put, headers: [:], version: "1.0.3", kinds: [.state], empty: .noContent, taken: .noContent),
            Guard(method: .put, headers: [:], version: "2.0.0", kinds: all, empty: .noContent, taken: .conflict),
        ]
    }()

    @Test(arguments: Engine.present)
    func `3.1: a change happens only where its condition holds`(engine: Engine) async throws {
        try await each(engine) { store, documents in
            let place = documents.place(named: "guarded")
            for row in Self.guards where row.kinds.contains(documents) {
                for isTaken in [false, true] {
                    try await store.delete(place, row.version)
                    var tag = "\"none\""
                    if isTaken {
                        try await store.put(place, #"{"a":1}"#, row.version, ["If-None-Match": "*"])
                        tag = try await store.get(place, row.version).headers[.eTag] ?? ""
                    }
                    let headers = row.headers.mapValues { $0.replacing("TAG", with: tag) }
                        .merging(["Content-Type": "application/json"]) { $1 }
                    let bytes = row.method == .delete ? [] : Array(#"{"b":2}"#.utf8)
                    let answer = try await store.send(row.method, place.uri, row.version, bytes: bytes, headers)
                    let wanted = isTaken ? row.taken : row.empty
                    #expect(answer.status == wanted, "\(row) on \(documents), taken: \(isTaken)")
                    if wanted == .noContent { continue }
                    let code = try answer.problem()
                    #expect(code.hasPrefix("document-"))
                    #expect((try answer.json["detail"]?.string?.count ?? 0) > 60)
                    let after = try await store.get(place, row.version)
                    if isTaken { #expect(after.text == #"{"a":1}"#) } else { #expect(after.status == .notFound) }
                }
            }
        }
    }

    @Test(arguments: Engine.present) func `3.1: of many that make one document, one does`(engine: Engine) async throws {
        try await each(engine) { store, documents in
            let place = documents.place(named: "race")
            let statuses = try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
                for number in 0..<12 {
                    group.addTask {
                        try await store.put(place, "\(number)", "2.0.0", ["If-None-Match": "*"]).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == .noContent }.count == 1)
            #expect(statuses.filter { $0 == .preconditionFailed }.count == 11)
        }
    }

    @Test func `2.3, 2.6, 2.7: parameters are read strictly`() async throws {
        let agent = DocumentClient.agent
        let (activity, good) = ("https://example.org/a", [("activityId", "https://example.org/a"), ("agent", agent)])
        let state: [(methods: [HTTPRequest.Method], query: [(String, String)])] = [
            ([.put, .post, .get, .delete], [("agent", agent), ("stateId", "s")]),
            ([.put, .post, .get, .delete], [("activityId", activity), ("stateId", "s")]),
            ([.put, .post], good), ([.put, .post, .get, .delete], good + [("stateid", "s")]),
            ([.put, .post, .get, .delete], good + [("stateId", "")]),
            ([.put, .post, .get, .delete], good + [("stateId", String(repeating: "s", count: 1_001))]),
            ([.put, .post, .get, .delete], good + [("stateId", "s"), ("stateId", "s")]),
            ([.put, .post, .get, .delete], good + [("stateId", "s"), ("registration", "not-a-uuid")]),
            ([.put, .post, .get, .delete], good + [("stateId", "s"), ("other", "1")]),
            ([.put, .post, .delete], good + [("stateId", "s"), ("since", "2026-01-01T00:00:00Z")]),
            ([.get], good + [("since", "yesterday")]),
            ([.get], good + [("stateId", "s"), ("since", "2026-01-01T00:00:00Z")]),
            ([.put, .post, .get, .delete], [("activityId", "no iri"), ("agent", agent), ("stateId", "s")]),
            ([.put, .post, .get, .delete], [("activityId", activity), ("agent", "alice"), ("stateId", "s")]),
            ([.put, .post, .get, .delete], [("activityId", activity), ("agent", "{}"), ("stateId", "s")]),
            (
                [.put, .post, .get, .delete],
                [("activityId", activity), ("agent", #"{"mbox":"a@b.c"}"#), ("stateId", "s")]
            ),
            (
                [.get],
                [("activityId", activity), ("agent", #"{"objectType":"Group","member":[{"mbox":"mailto:a@b.org"}]}"#)]
            ),
        ]
        let profiles: [(path: String, methods: [HTTPRequest.Method], query: [(String, String)])] = [
            ("/xapi/activities/profile", [.put, .post, .get, .delete], [("profileId", "p")]),
            ("/xapi/activities/profile", [.put, .post, .delete], [("activityId", activity)]),
            ("/xapi/activities/profile", [.get], [("activityId", activity), ("since", "2026")]),
            ("/xapi/activities/profile", [.get], [("activityId", activity), ("agent", agent)]),
            ("/xapi/agents/profile", [.put, .post, .get, .delete], [("profileId", "p")]),
            ("/xapi/agents/profile", [.put, .post, .delete], [("agent", agent)]),
            ("/xapi/agents/profile", [.get], [("agent", "1")]),
            ("/xapi/agents/profile", [.get], [("agent", agent), ("activityId", activity)]),
            ("/xapi/agents", [.get], []), ("/xapi/agents", [.get], [("agent", "{}")]),
            ("/xapi/agents", [.get], [("agent", agent), ("x", "1")]),
            ("/xapi/activities", [.get], []), ("/xapi/activities", [.get], [("activityId", "x")]),
            ("/xapi/activities", [.get], [("activityid", activity)]), ("/xapi/about", [.get], [("x", "1")]),
        ]
        let site = try await TestSite()
        let credentials = try await DocumentClient.credentials(["all"], of: site)
        try await site.run { caller in
            let store = DocumentClient(caller: caller, credentials: credentials)
            for (path, methods, query) in state.map({ ("/xapi/activities/state", $0.methods, $0.query) }) + profiles {
                for (method, version) in methods.flatMap({ method in Self.versions.map { (method, $0) } }) {
                    let uri = path + "?" + DocumentClient.encoded(query)
                    let bytes = method == .put || method == .post ? Array("x".utf8) : []
                    let answer = try await store.send(method, uri, version, bytes: bytes, ["If-None-Match": "*"])
                    #expect(answer.status == .badRequest, "\(method) \(uri)")
                    #expect(try answer.problem() == "parameter")
                }
            }
        }
    }

    @Test(arguments: Engine.present) func `2.3: registrations keep states apart`(engine: Engine) async throws {
        let site = try await TestSite(engine)
        let credentials = try await DocumentClient.credentials(["all"], of: site)
        try await site.run { caller in
            let store = DocumentClient(caller: caller, credentials: credentials)
            let all = DocumentClient.Documents.state.all
            let (one, two) = ("6690e6c9-3ef0-4ed3-8b37-7f3964730bee", "7690E6C9-3EF0-4ED3-8B37-7F3964730BEE")
            let places = [all, all + [("registration", one)], all + [("registration", two)]]
            for (number, query) in places.enumerated() {
                for name in ["a", "b"] {
                    let place = DocumentClient.Place(
                        path: "/xapi/activities/state", query: query, key: "stateId", name: name)
                    #expect(try await store.put(place, "\(number)", "1.0.3").status == .noContent)
                }
            }
            for (number, query) in places.enumerated() {
                #expect(try await store.get(query + [("stateId", "a")], "2.0.0").text == "\(number)")
                #expect(try await store.get(query, "2.0.0").json.array?.count == 2)
            }
            #expect(
                try await store.get(all + [("registration", two.lowercased()), ("stateId", "a")], "1.0.3").text == "2")
            let uri = "/xapi/activities/state?"
            let condition = ["If-Match": "*"]
            let refused = try await store.send(.delete, uri + DocumentClient.encoded(all), "2.0.0", condition)
            #expect(try refused.problem() == "document-condition")
            #expect(
                try await store.send(.delete, uri + DocumentClient.encoded(places[1]), "2.0.0").status == .noContent)
            #expect(try await store.get(places[1], "2.0.0").json == [])
            #expect(try await store.get(places[2], "2.0.0").json.array?.count == 2)
            #expect(try await store.send(.delete, uri + DocumentClient.encoded(all), "2.0.0").status == .noContent)
            #expect(try await store.get(all, "2.0.0").json == [])
            #expect(try await store.get(places[2], "2.0.0").json == [])
        }
    }

    @Test func `limits have names`() async throws {
        try await each(.memory) { store, documents in
            let place = documents.place(named: "large")
            let large = [UInt8](repeating: 0x20, count: 8 << 20)
            #expect(try await store.send(.put, place.uri, "2.0.0", bytes: large, [:]).status == .noContent)
            let larger = try await store.send(.put, place.uri, "2.0.0", bytes: large + [0x20], ["If-Match": "*"])
            #expect(larger.status == .contentTooLarge)
            #expect(try larger.problem() == "body-too-large")
            let half = Array(#"{"a":"\#(String(repeating: "x", count: 5 << 20))"}"#.utf8)
            let other = Array(#"{"b":"\#(String(repeating: "x", count: 5 << 20))"}"#.utf8)
            try await store.delete(place, "2.0.0")
            let json = ["Content-Type": "application/json"]
            #expect(try await store.send(.post, place.uri, "2.0.0", bytes: half, json).status == .noContent)
            let sum = try await store.send(.post, place.uri, "2.0.0", bytes: other, json)
            #expect(sum.status == .contentTooLarge)
            #expect(try sum.problem() == "document-too-large")
            let type = ["Content-Type": String(repeating: "x", count: 256), "If-Match": "*"]
            let typed = try await store.send(.put, place.uri, "2.0.0", bytes: [1], type)
            #expect(try typed.problem() == "content-type")
        }
    }
}
