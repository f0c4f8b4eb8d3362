import Basis
import Evidence
import JSON
import Storage
import StorageTesting
import Testing

@Suite struct StatementLogTests {
    @Test(arguments: Engine.present) func `what is stored comes back byte for byte`(engine: Engine) async throws {
        let bench = try await Bench(engine)
        let odd = """
              { "verb":{"id" :"https://e.org/v\\u00e9", "display": {"en": "\\ud83e\\udd89 \\"did\\" \\\\ \\n"}},
            "object": {"id":"https://e.org/o", "definition": {"extensions": {"https://e.org/x": [1.50, 1e-7, null, {}]}}}
             ,"actor":{"mbox":"mailto:naïve@e.org"}, "result": {"score": {"scaled": 0.10}} }
            """
        let ids = try await bench.post("[\(odd), \(odd)]")
        #expect(ids.count == 2)
        for id in ids {
            let found = try #require(try await bench.log.find(id, of: .first))
            #expect(String(decoding: found.body, as: UTF8.self) == odd.trimmed)
            #expect(String(decoding: found.filled, as: UTF8.self).hasPrefix(String(odd.trimmed.dropLast(2))))
            let value = try JSONValue(parsing: found.filled)
            #expect(value["id"] == .string(id.description))
            #expect(value["version"] == "1.0.0")
            #expect(value["timestamp"] == value["stored"])
            #expect(value["authority"]?["account"]?["name"] == "test")
        }
    }

    @Test(arguments: Engine.present) func `chance statements survive the way there and back`(engine: Engine)
        async throws
    {
        var dice = Dice(seed: 11)
        let bench = try await Bench(engine)
        let statements = (0..<60).map { chanceStatement(&dice, id: bench.world.id(), stored: $0) }
        try await bench.post(JSONValue.array(statements).text)
        for statement in statements {
            let id = try #require(statement["id"]?.string.flatMap { ID<Statement>($0) })
            let found = try #require(try await bench.log.find(id, of: .first))
            #expect(found.body == statement.bytes)
            #expect(StatementValidator(.one).flaws(in: try JSONValue(parsing: found.filled)).isEmpty)
        }
    }

    @Test func `what the store assigns replaces what was sent`() async throws {
        let bench = try await Bench(.memory)
        let sent = try statement([
            ("/stored", "\"2001-01-01T00:00:00Z\""), ("/authority", #"{"mbox": "mailto:x@e.org"}"#),
            ("/timestamp", "\"2026-11-23T22:14:08+02:00\""), ("/version", "\"1.0.2\""),
            (
                "/context/contextActivities",
                #"{"parent": {"id": "https://e.org/p"}, "other": [{"id": "https://e.org/o"}]}"#
            ),
        ])
        for version in XAPIVersion.allCases {
            let ids = try await bench.post(sent.text, version)
            let found = try #require(try await bench.log.find(ids[0], of: .first))
            let value = try JSONValue(parsing: found.filled)
            #expect(value["stored"] == .string(found.storedAt.timestamp))
            #expect(value["authority"]?["account"]?["name"] == "test")
            #expect(value["version"] == "1.0.2")
            let timestamp = version == .one ? "2026-11-23T22:14:08+02:00" : "2026-11-23T20:14:08.000Z"
            #expect(value["timestamp"] == .string(timestamp))
            #expect(value["context"]?["contextActivities"]?["parent"]?.array?.count == 1)
            #expect(value["context"]?["contextActivities"]?["other"]?.array?.count == 1)
            #expect(found.body == sent.bytes)
        }
    }

    @Test(arguments: Engine.present) func `a batch is stored whole or not at all`(engine: Engine) async throws {
        let bench = try await Bench(engine)
        let (one, two) = (try statement([("/id", "\"\(uuid)\"")]), try statement([("/actor", "{}")]))
        let problem = await #expect(throws: Problem.self) { try await bench.post("[\(one.text), \(two.text)]") }
        #expect(problem?.pointers == ["/1/actor"])
        #expect(try await bench.log.count(of: .first) == 0)

        try await bench.post(one.text)
        let other = try statement([("/id", "\"\(uuid)\""), ("/object/id", "\"https://e.org/else\"")])
        let clash = await #expect(throws: Problem.self) {
            try await bench.post("[\(try statement().text), \(other.text)]")
        }
        #expect(clash?.kind == .conflict)
        #expect(clash?.pointers == ["/1/id"])
        let twice = await #expect(throws: Problem.self) { try await bench.post("[\(one.text), \(one.text)]") }
        #expect(twice?.code == "statement-repeated")
        #expect(try await bench.log.count(of: .first) == 1)
    }

    @Test(arguments: Engine.present) func `the same again is taken, something else is a conflict`(
        engine: Engine
    ) async throws {
        let bench = try await Bench(engine)
        let id = "\"\(uuid)\""
        try await bench.post(
            try statement([("/id", id), ("/result/score/scaled", "0.5"), ("/result/duration", "\"PT0.1237S\"")]).text)
        let same: [[(String, String?)]] = [
            [("/result/score/scaled", "0.50"), ("/result/duration", "\"PT0.12S\"")],
            [("/result/duration", "\"PT0.123S\""), ("/result/score/scaled", "5e-1"), ("/version", "\"1.0.3\"")],
            [
                ("/verb/display", #"{"en": "finished"}"#), ("/object/definition", #"{"name": {"en": "C"}}"#),
                ("/result/score/scaled", "0.5"), ("/result/duration", "\"PT0.1237S\""),
                ("/timestamp", "\"2026-11-23T20:14:08Z\""), ("/object/objectType", "\"Activity\""),
            ],
        ]
        for changes in same { try await bench.post(try statement([("/id", id)] + changes).text) }
        let other: [[(String, String?)]] = [
            [], [("/result/score/scaled", "0.51"), ("/result/duration", "\"PT0.12S\"")],
            [("/result/score/scaled", "0.5"), ("/result/duration", "\"PT0.14S\"")],
            [
                ("/result/score/scaled", "0.5"), ("/result/duration", "\"PT0.12S\""),
                ("/verb/id", "\"https://e.org/else\""),
            ],
        ]
        for changes in other {
            let text = try statement([("/id", id)] + changes).text
            let problem = await #expect(throws: Problem.self) { try await bench.post(text) }
            #expect(problem?.kind == .conflict)
        }
        #expect(try await bench.log.count(of: .first) == 1)
    }

    @Test(arguments: Engine.present) func `racing equal statements store one`(engine: Engine) async throws {
        let bench = try await Bench(engine)
        let text = try statement([("/id", "\"\(uuid)\""), ("/actor/mbox", "\"mailto:race@e.org\"")]).text
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    let other = try statement([("/object/id", "\"https://e.org/\(number % 5)\"")]).text
                    try await bench.post(number % 2 == 0 ? text : other)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await bench.log.count(of: .first) == 21)
        let agents: Int = try await bench.database.read { try $0.value("SELECT COUNT(*) AS n FROM agent") }
        #expect(agents == 3)
    }

    @Test func `numbers of a refused transaction are forgotten`() async throws {
        let bench = try await Bench(.memory)
        struct Stop: Error {}
        let draft = StatementDraft(.person(bench.alice), .opened, ActivityRef("https://e.org/one"))
        await #expect(throws: Stop.self) {
            try await bench.database.write { connection in
                try bench.log.append([draft], to: .first, on: connection)
                throw Stop()
            }
        }
        try await bench.log.append([draft], to: .first)
        try await bench.log.append([draft], to: .first)
        var query = StatementQuery()
        query.activity = "https://e.org/one"
        query.agent = "account:\(Bench.home) alice"
        #expect(try await bench.log.query(query, of: .first).statements.count == 2)
    }

    @Test(arguments: Engine.present) func `voiding works whichever comes first`(engine: Engine) async throws {
        let bench = try await Bench(engine)
        let late = "7690e6c9-3ef0-4ed3-8b37-7f3964730bee"
        func void(_ target: String, id: String? = nil) throws -> String {
            try statement([
                ("/verb/id", "\"\(Verb.voided.iri)\""),
                ("/object", "{\"objectType\": \"StatementRef\", \"id\": \"\(target)\"}"),
                ("/id", id.map { "\"\($0)\"" }),
            ]).text
        }
        let voiding = "8690e6c9-3ef0-4ed3-8b37-7f3964730bee"
        try await bench.post(try statement([("/id", "\"\(uuid)\"")]).text)
        try await bench.post(try void(uuid, id: voiding))
        try await bench.post(try void(late))
        try await bench.post(try statement([("/id", "\"\(late)\"")]).text)
        for id in [uuid, late].compactMap({ ID<Statement>($0) }) {
            #expect(try await bench.log.find(id, of: .first) == nil)
            #expect(try await bench.log.find(voided: id, of: .first)?.isVoided == true)
        }
        let again = try void(voiding)
        let problem = await #expect(throws: Problem.self) { try await bench.post(again) }
        #expect(problem?.pointers == ["/object/id"])
        #expect(try await bench.log.query(StatementQuery(), of: .first).statements.count == 2)
    }

    @Test(arguments: Engine.present) func `agents of people are linked, also those who come later`(
        engine: Engine
    ) async throws {
        let bench = try await Bench(engine)
        for name in ["alice", "carol"] {
            try await bench.post(
                try statement([("/actor", "{\"account\": {\"homePage\": \"\(Bench.home)\", \"name\": \"\(name)\"}}")])
                    .text)
        }
        let carol: ID<Person> = bench.world.id()
        let linked = try await bench.database.write { connection in
            try connection.run(
                """
                INSERT INTO person (tenant, id, key, name, is_active, search_text, created_at)
                VALUES (\(TenantID.first), \(carol), 'carol', 'Carol', 1, 'carol', 0)
                """)
            return try bench.log.linkAgents(of: .first, on: connection)
        }
        #expect(linked == 1)
        let people = try await bench.database.read { connection in
            try connection.rows("SELECT person FROM agent WHERE person IS NOT NULL ORDER BY number").map {
                try $0.get("person", as: ID<Person>.self)
            }
        }
        #expect(people == [bench.alice, carol])
    }

    @Test func `definitions grow by language`() async throws {
        let bench = try await Bench(.memory)
        for (tag, name) in [("en", "Course"), ("de", "Kurs"), ("en", "The course")] {
            try await bench.post(try statement([("/object/definition", "{\"name\": {\"\(tag)\": \"\(name)\"}}")]).text)
        }
        let iri = "https://example.org/course"
        let known = try await bench.log.definitions(of: [iri], in: .first)
        #expect(known[iri]?["name"] == ["en": "The course", "de": "Kurs"])
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
