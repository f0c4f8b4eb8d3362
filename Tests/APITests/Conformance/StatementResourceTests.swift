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

/// The statement resource: xAPI 1.0.3, part 3, 2.1; IEEE 9274.1.1-2023, 4.1.6.1.
@Suite struct StatementResourceTests {
    @Test(arguments: Engine.present) func `2.1.1 PUT stores once and never changes what is there`(
        engine: Engine
    ) async throws {
        try await RecordStore.serve(engine) { store in
            let (id, body) = (identifier(1), try statement([("/result", #"{"duration": "PT1.234S"}"#)]))
            let put = try await store.ask(.put, [("statementId", id)], body.text)
            #expect(put.status == .noContent)
            #expect(put.bytes.isEmpty)
            #expect(try await store.ask(.put, [("statementId", id)], body.text).status == .noContent)
            // 4.6: what differs beyond a hundredth of a second is the same duration.
            let close = try statement([("/result", #"{"duration": "PT1.239S"}"#)])
            #expect(try await store.ask(.put, [("statementId", id)], close.text).status == .noContent)
            let other = try statement([("/verb/id", "\"https://example.org/other\"")])
            let refused = try await store.ask(.put, [("statementId", id)], other.text)
            #expect(refused.status == .conflict)
            #expect(try refused.problem() == "statement-conflict")
            let got = try await store.find(id).json
            #expect(got["verb"] == body["verb"])
            #expect(got["result"] == body["result"])
            let mismatch = try statement([("/id", "\"\(identifier(2))\"")])
            let wrong = try await store.ask(.put, [("statementId", id)], mismatch.text)
            #expect(try wrong.json["pointers"] == ["/id"])
            #expect(try await store.ask(.put, [], body.text).status == .badRequest)
            #expect(try await store.ask(.put, [("statementId", id), ("x", "1")], body.text).status == .badRequest)
            #expect(try await store.ask(.put, [("statementid", id)], body.text).status == .badRequest)
        }
    }

    @Test(arguments: Engine.present) func `2.1.2 POST stores all of a batch or nothing`(engine: Engine) async throws {
        try await RecordStore.serve(engine) { store in
            let batch = try (1...3).map { try statement([("/id", "\"\(identifier($0))\"")]) }
            #expect(try await store.post(batch) == (1...3).map(identifier))
            let fresh = try statement([("/id", "\"\(identifier(9))\"")])
            let bad: [(JSONValue, String)] = [
                (try statement([("/verb", nil)]), "/1/verb"),
                (fresh, "/1/id"),
                (try statement([("/id", "\"\(identifier(2))\""), ("/verb/id", "\"https://e.org/x\"")]), "/1/id"),
            ]
            for (statement, pointer) in bad {
                let answer = try await store.ask(.post, [], JSONValue.array([fresh, statement]).text)
                #expect(answer.status == (statement["id"] == .string(identifier(2)) ? .conflict : .badRequest))
                #expect(try answer.json["pointers"] == [.string(pointer)])
                #expect(try await store.find(identifier(9)).status == .notFound)
            }
            #expect(try await store.post([]).isEmpty)
            #expect(try await store.ask(.post, [("statementId", identifier(1))], fresh.text).status == .badRequest)
            #expect(try await store.identifiers([]).count == 3)
            let one = try await store.ask(.post, [], fresh.text)
            #expect(try one.json == [.string(identifier(9))])
        }
    }

    @Test(arguments: Engine.present) func `2.1.3 parameters are checked by name, type and company`(
        engine: Engine
    ) async throws {
        try await RecordStore.serve(engine) { store in
            let id = identifier(1)
            let wrong: [[(String, String)]] = [
                [("statementId", "x")], [("voidedStatementId", "x")], [("StatementId", id)], [("unknown", "1")],
                [("statementId", id), ("voidedStatementId", id)], [("statementId", id), ("agent", "{}")],
                [("statementId", id), ("verb", "https://e.org/v")], [("statementId", id), ("limit", "1")],
                [("statementId", id), ("activity", "https://e.org/a")], [("statementId", id), ("registration", id)],
                [("statementId", id), ("related_activities", "true")], [("statementId", id), ("ascending", "true")],
                [("voidedStatementId", id), ("related_agents", "true")],
                [("voidedStatementId", id), ("since", "2026-11-23T20:14:08Z")],
                [("voidedStatementId", id), ("until", "2026-11-23T20:14:08Z")],
                [("agent", "x")], [("agent", "{}")], [("agent", #"{"mbox": "x"}"#)], [("verb", "v")],
                [("activity", "a")], [("registration", "r")], [("related_agents", "yes")],
                [("related_activities", "1")], [("since", "now")], [("until", "23.11.2026")], [("limit", "-1")],
                [("limit", "1.5")], [("limit", "")], [("format", "all")], [("attachments", "TRUE")],
                [("ascending", "down")], [("limit", "1"), ("limit", "1")], [("cursor", "-")],
            ]
            for query in wrong {
                for version in ["1.0.3", "2.0.0"] {
                    let answer = try await store.ask(.get, query, version: version)
                    #expect(answer.status == .badRequest, "\(query)")
                    #expect(try answer.problem() == "parameter")
                    #expect(answer.headers[named: "X-Experience-API-Consistent-Through"] != nil)
                }
            }
            #expect(try await store.ask(.get, [("statementId", id)]).status == .notFound)
            #expect(
                try await store.ask(.get, [("statementId", id), ("format", "ids"), ("attachments", "false")]).status
                    == .notFound)
        }
    }

    @Test(arguments: Engine.present) func `2.1.3 filters, time and order`(engine: Engine) async throws {
        try await RecordStore.serve(engine) { store in
            let registration = identifier(77)
            let team = """
                {"objectType": "Group", "mbox": "mailto:team@example.org", "member": [{"mbox": "mailto:m@example.org"}]}
                """
            try await store.post([
                try statement([("/id", "\"\(identifier(1))\""), ("/verb/id", "\"https://e.org/seen\"")]),
                try statement([("/id", "\"\(identifier(2))\""), ("/object/id", "\"https://e.org/other\"")]),
                try statement([
                    ("/id", "\"\(identifier(3))\""), ("/actor", #"{"mbox": "mailto:b@example.org"}"#),
                    ("/context/registration", "\"\(registration.uppercased())\""),
                ]),
                try statement([
                    ("/id", "\"\(identifier(4))\""), ("/actor", team),
                    ("/context/contextActivities", #"{"grouping": [{"id": "https://e.org/around"}]}"#),
                ]),
                try statement([
                    ("/id", "\"\(identifier(5))\""), ("/context/instructor", #"{"mbox": "mailto:b@example.org"}"#),
                    ("/object", #"{"objectType": "Agent", "mbox": "mailto:object@example.org"}"#),
                ]),
                try statement([
                    ("/id", "\"\(identifier(6))\""),
                    (
                        "/context/contextAgents",
                        #"[{"objectType": "contextAgent", "agent": {"mbox": "mailto:c@e.org"}}]"#
                    ),
                    (
                        "/object",
                        """
                        {"objectType": "SubStatement", "actor": {"mbox": "mailto:sub@example.org"}, \
                        "verb": {"id": "https://e.org/v"}, "object": {"id": "https://e.org/inner"}}
                        """
                    ),
                ]),
            ])
            let mail = { (name: String) in #"{"mbox": "mailto:\#(name)@example.org"}"# }
            let table: [([(String, String)], [Int])] = [
                ([], [6, 5, 4, 3, 2, 1]),
                ([("ascending", "true")], [1, 2, 3, 4, 5, 6]),
                ([("limit", "2")], [6, 5, 4, 3, 2, 1]),
                ([("limit", "2"), ("ascending", "true")], [1, 2, 3, 4, 5, 6]),
                ([("limit", "0")], [6, 5, 4, 3, 2, 1]),
                ([("verb", "https://e.org/seen")], [1]),
                ([("verb", "https://e.org/never")], []),
                ([("activity", "https://e.org/other")], [2]),
                ([("activity", "https://e.org/around")], []),
                ([("activity", "https://e.org/around"), ("related_activities", "true")], [4]),
                ([("activity", "https://e.org/inner"), ("related_activities", "true")], [6]),
                ([("registration", registration)], [3]),
                ([("agent", mail("learner"))], [6, 5, 2, 1]),
                ([("agent", mail("m"))], [4]),
                ([("agent", mail("team"))], [4]),
                ([("agent", mail("object"))], [5]),
                ([("agent", mail("b"))], [3]),
                ([("agent", mail("b")), ("related_agents", "true")], [5, 3]),
                ([("agent", mail("sub"))], []),
                ([("agent", mail("sub")), ("related_agents", "true")], [6]),
                ([("agent", #"{"mbox": "mailto:c@e.org"}"#), ("related_agents", "true")], [6]),
                ([("agent", mail("learner")), ("verb", "https://e.org/seen")], [1]),
                ([("agent", mail("b")), ("verb", "https://e.org/seen")], []),
            ]
            for (query, numbers) in table {
                #expect(try await store.identifiers(query) == numbers.map(identifier), "\(query)")
            }
        }
    }

    @Test(arguments: Engine.present) func `2.1.3 since is after and until is at or before`(engine: Engine) async throws
    {
        try await RecordStore.serve(engine) { store in
            var moments: [String] = []
            for number in 1...3 {
                try await store.post([try statement([("/id", "\"\(identifier(number))\"")])])
                let got = try await store.find(identifier(number))
                moments.append(try #require(got.json["stored"]?.string))
                let through = try #require(got.headers[named: "X-Experience-API-Consistent-Through"])
                #expect(try #require(Moment(timestamp: through)) >= #require(Moment(timestamp: moments[number - 1])))
                #expect(got.headers[.lastModified]?.hasSuffix("GMT") == true)
            }
            #expect(try await store.identifiers([("since", moments[0])]) == [3, 2].map(identifier))
            #expect(try await store.identifiers([("until", moments[1])]) == [2, 1].map(identifier))
            let both = [("since", moments[0]), ("until", moments[1])]
            #expect(try await store.identifiers(both) == [2].map(identifier))
        }
    }

    @Test(arguments: Engine.present) func `2.3.2 and 2.1.4 what is voided hides, what is about it does not`(
        engine: Engine
    ) async throws {
        try await RecordStore.serve(engine) { store in
            let void = ("/verb/id", Optional("\"http://adlnet.gov/expapi/verbs/voided\""))
            let verb = [("verb", "https://e.org/target")]
            try await store.post([
                try statement([("/id", "\"\(identifier(1))\""), ("/verb/id", "\"https://e.org/target\"")])
            ])
            try await store.post([
                try statement([("/id", "\"\(identifier(2))\""), void, ("/object", reference(to: identifier(1)))])
            ])
            // About the voided one, and about what is about it: both meet its filters.
            try await store.post([
                try statement([("/id", "\"\(identifier(3))\""), ("/object", reference(to: identifier(1)))]),
                try statement([("/id", "\"\(identifier(4))\""), ("/object", reference(to: identifier(3)))]),
            ])
            #expect(try await store.find(identifier(1)).status == .notFound)
            let voided = try await store.ask(.get, [("voidedStatementId", identifier(1))])
            #expect(try voided.json["id"] == .string(identifier(1)))
            #expect(try await store.ask(.get, [("voidedStatementId", identifier(3))]).status == .notFound)
            #expect(try await store.identifiers([]) == [4, 3, 2].map(identifier))
            #expect(try await store.identifiers(verb) == [4, 3, 2].map(identifier))
            #expect(try await store.identifiers(verb + [("limit", "1")]) == [4, 3, 2].map(identifier))
            // A voiding statement cannot be voided, and voids nothing by naming one.
            let again = try statement([void, ("/object", reference(to: identifier(2)))])
            #expect(try await store.ask(.post, [], again.text).status == .badRequest)
            #expect(try await store.find(identifier(2)).status == .ok)
            // The target may come later.
            try await store.post([try statement([void, ("/object", reference(to: identifier(8)))])])
            try await store.post([try statement([("/id", "\"\(identifier(8))\"")])])
            #expect(try await store.find(identifier(8)).status == .notFound)
        }
    }

    @Test(arguments: Engine.present) func `2.1.3 formats and languages`(engine: Engine) async throws {
        try await RecordStore.serve(engine) { store in
            let definition = #"{"name": {"en-US": "Course", "de": "Kurs"}, "type": "https://e.org/course"}"#
            let full = try statement([
                ("/id", "\"\(identifier(1))\""), ("/actor/name", "\"Ada\""), ("/actor/objectType", "\"Agent\""),
                ("/verb/display", #"{"en-US": "completed", "de": "abgeschlossen"}"#),
                ("/object/objectType", "\"Activity\""), ("/object/definition", definition),
                (
                    "/context/contextActivities",
                    #"{"other": [{"id": "https://example.org/course", "definition": {"name": {"fr": "Cours"}}}]}"#
                ),
            ])
            try await store.post([full])
            func get(_ form: String, _ language: String = "") async throws -> JSONValue {
                let query = [("statementId", identifier(1)), ("format", form)]
                return try await store.ask(.get, query, headers: ["Accept-Language": language]).json
            }
            let exact = try await get("exact", "de")
            for name in ["actor", "verb", "object", "context"] { #expect(exact[name] == full[name]) }
            let ids = try await get("ids")
            #expect(ids["actor"] == ["mbox": "mailto:learner@example.org", "objectType": "Agent"])
            #expect(ids["verb"] == ["id": "http://adlnet.gov/expapi/verbs/completed"])
            #expect(ids["object"] == ["id": "https://example.org/course"])
            #expect(ids["context"]?["contextActivities"]?["other"] == [["id": "https://example.org/course"]])
            for (header, tag) in [
                ("de", "de"), ("de-AT, en;q=0.5", "de"), ("fr;q=1, en-GB;q=0.4", "en-US"), ("", "en-US"),
                ("*", "en-US"),
            ] {
                let one = try await get("canonical", header)
                #expect(one["verb"]?["display"]?.object?.names == [tag], "\(header)")
                #expect(one["verb"]?["id"] == full["verb"]?["id"])
                #expect(one["object"]?["definition"]?["name"]?.object?.count == 1)
                #expect(one["object"]?["definition"]?["type"] == "https://e.org/course")
            }
        }
    }

    @Test(arguments: Engine.present) func `2.1.3 a page ends early where it would grow too large`(
        engine: Engine
    ) async throws {
        var limits = XAPILimits()
        limits.pageBytes = 2_000
        try await RecordStore.serve(engine, limits: limits) { store in
            let long = try (1...12).map {
                try statement([
                    ("/id", "\"\(identifier($0))\""),
                    ("/result/response", "\"\(String(repeating: "x", count: $0 == 5 ? 5_000 : 700))\""),
                ])
            }
            try await store.post(long)
            let first = try await store.ask(.get, []).json
            #expect(first["statements"]?.array?.count == 2)
            #expect(first["more"]?.string?.isEmpty == false)
            #expect(try await store.identifiers([]) == (1...12).reversed().map(identifier))
            let agent = [("agent", #"{"mbox": "mailto:learner@example.org"}"#), ("related_agents", "true")]
            #expect(try await store.identifiers(agent) == (1...12).reversed().map(identifier))
            #expect(try await store.identifiers([("ascending", "true")]) == (1...12).map(identifier))
        }
    }
}
