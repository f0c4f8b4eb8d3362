import Basis
import JSON
import People
import Storage
import StorageTesting
import Testing

@testable import Evidence

/// How the engines answer searches in a store that is large enough for indexes to matter.
@Suite struct SearchPlanTests {
    /// A store of 20,000 statements: agent 1, verb 1 and activity 1 are in most of them, those numbered 400 and above
    /// in a few; agent 2 and verb 2 are both frequent and never together.
    struct Crowd {
        static let count = 20_000
        static let large = [
            "statement", "related_agent", "related_activity", "reference", "agent", "activity", "s", "r", "c", "a",
        ]
        static let columns: Set = [
            "seq", "id", "actor", "verb", "activity", "registration", "authority", "agent", "target", "number", "ifi",
            "iri",
        ]

        let watch: PlanWatch
        let log: StatementLog

        init(_ engine: Engine) async throws {
            let bench = try await Bench(engine)
            watch = PlanWatch(bench.database)
            log = StatementLog(database: watch, world: bench.world)
            try await bench.database.write { connection in
                let client = AgentName(home: Bench.home, account: Authority(client: "test").name).canonical
                let names = (1...2_000).map { [TenantID.first.stored, $0.stored, "mbox:mailto:\($0)@a.b".stored] }
                try connection.bulk(
                    "agent", ["tenant", "number", "ifi"],
                    names + [[TenantID.first.stored, 2_001.stored, client.stored]], on: .refuse)
                for table in ["verb", "activity"] as [StaticString] {
                    let names = (1...2_000).map { [TenantID.first.stored, $0.stored, Crowd.iri($0).stored] }
                    try connection.bulk(table, ["tenant", "number", "iri"], names, on: .refuse)
                }
                for start in stride(from: 0, to: Crowd.count, by: 5_000) {
                    try Crowd.fill(start..<start + 5_000, on: connection)
                }
                if connection.dialect == .postgres { try connection.run("ANALYZE") }
            }
        }

        static func iri(_ number: Int) -> String { "https://example.org/\(number)" }
        static func id(_ number: Int) -> ID<Statement> { ID(derivedFrom: Array("\(number)".utf8)) }
        static func time(_ number: Int) -> Moment {
            Moment(microseconds: 1_750_000_000_000_000 + Int64(number) * 1_000_000)
        }

        private static func fill(_ numbers: Range<Int>, on connection: any Connection) throws {
            let tenant = TenantID.first.stored
            func pick(_ number: Int, _ salt: Int) -> Int {
                let chance = (number &* 2_654_435_761 &+ salt) >> 8 & 0xFFFF
                return chance % 10 < 6 ? 1 : chance % 10 < 8 ? 2 : 3 + chance % 1_900
            }
            let body = Array("{}".utf8)
            try connection.bulk(
                "statement",
                [
                    "tenant", "seq", "id", "stored_at", "timestamp_at", "actor", "verb", "activity", "registration",
                    "voided", "authority", "edition", "body",
                ],
                numbers.map { number in
                    let (actor, verb) = (pick(number, 1), pick(number, 77_777))
                    return [
                        tenant, number.stored, .bytes(id(number).bytes), time(number).stored, time(number).stored,
                        actor.stored, (actor == 2 && verb == 2 ? 1 : verb).stored, pick(number, 555_555).stored,
                        number % 2 == 0 ? "r\(number % 4_000)".stored : .null, 0.stored,
                        (number % 3 == 0 ? 2_001 : 1).stored,
                        1.stored, .bytes(body),
                    ]
                }, on: .refuse)
            let some = numbers.filter { $0 % 3 == 0 }
            try connection.bulk(
                "related_agent", ["tenant", "agent", "seq", "is_direct"],
                some.map { [tenant, pick($0, 99).stored, $0.stored, ($0 % 2).stored] }, on: .refuse)
            try connection.bulk(
                "related_activity", ["tenant", "activity", "seq"],
                some.map { [tenant, pick($0, 999).stored, $0.stored] }, on: .refuse)
            let about = numbers.filter { $0 % 20 == 0 && $0 > 0 }
            try connection.bulk(
                "reference", ["tenant", "target", "seq", "is_open"],
                about.map { [tenant, .bytes(id($0 - 1).bytes), $0.stored, 0.stored] }, on: .refuse)
        }

        /// A large table is read only between bounds of an index that say more than the tenant; nothing is sorted.
        func check(_ plans: [QueryPlan], mayWalkAll: Bool = false, _ place: SourceLocation = #_sourceLocation) {
            #expect(!plans.isEmpty, sourceLocation: place)
            for plan in plans {
                let looks = plan.looks.filter { Crowd.large.contains($0.table) }
                #expect(looks.isEmpty || !plan.sorts, "\(plan)", sourceLocation: place)
                for look in looks {
                    let narrow = Set(look.columns).intersection(Crowd.columns)
                    // These are walked in order, some rows at a time.
                    let isPaged = look.table.hasPrefix("r") && look.index != nil && plan.sql.contains("LIMIT")
                    let isEnd = plan.sql.contains("SELECT MIN(seq)") && plan.sql.contains("SELECT MAX(seq)")
                    let isBounded = look.index != nil && (mayWalkAll || isPaged || isEnd || !narrow.isEmpty)
                    #expect(isBounded, "\(look) in \(plan)", sourceLocation: place)
                }
            }
        }
    }

    private static let frequent = Crowd.iri(1)
    private static let other = Crowd.iri(2)
    private static let rare = Crowd.iri(1_500)
    private static let somebody = "mbox:mailto:1500@a.b"
    private static let everybody = "mbox:mailto:1@a.b"

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        /// The index that the walks go along.
        let index: String
        var others: [String] = []
        let change: @Sendable (inout StatementQuery) -> Void

        var testDescription: String { name }

        init(
            _ name: String, _ index: String, and others: [String] = [],
            _ change: @escaping @Sendable (inout StatementQuery) -> Void
        ) {
            self.name = name
            self.index = index
            self.others = others
            self.change = change
        }
    }

    static let cases: [Case] = [
        Case("a frequent agent", "statement_actor") { $0.agent = everybody },
        Case("a rare agent", "statement_actor") { $0.agent = somebody },
        Case("a frequent verb", "statement_verb") { $0.verb = frequent },
        Case("a rare verb", "statement_verb") { $0.verb = rare },
        Case("a frequent activity", "statement_activity") { $0.activity = frequent },
        Case("a rare activity", "statement_activity") { $0.activity = rare },
        Case("a registration", "statement_registration") { $0.registration = "r200" },
        Case("two frequent ones that are never together", "statement_actor") {
            ($0.agent, $0.verb) = ("mbox:mailto:2@a.b", other)
        },
        Case("a rare agent and a frequent verb", "statement_actor") { ($0.agent, $0.verb) = (somebody, frequent) },
        Case("a frequent agent and a rare verb", "statement_verb") { ($0.agent, $0.verb) = (everybody, rare) },
        Case("agent and activity, both frequent", "statement_actor") {
            ($0.agent, $0.activity) = (everybody, frequent)
        },
        Case("a frequent agent and a rare activity", "statement_activity") {
            ($0.agent, $0.activity) = (everybody, rare)
        },
        Case("activity and verb, both frequent", "statement_activity") { ($0.activity, $0.verb) = (frequent, other) },
        Case("agent and registration", "statement_registration") {
            ($0.agent, $0.registration) = (everybody, "r200")
        },
        Case("agent, activity, verb and registration", "statement_registration") {
            ($0.agent, $0.activity, $0.verb, $0.registration) = (everybody, frequent, other, "r200")
        },
        Case("an agent anywhere", "statement_actor", and: ["statement_authority"]) {
            ($0.agent, $0.withRelatedAgents) = (everybody, true)
        },
        Case("a rare agent anywhere with a verb", "statement_actor", and: ["statement_authority"]) {
            ($0.agent, $0.verb, $0.withRelatedAgents) = (somebody, frequent, true)
        },
        Case("an activity anywhere", "statement_activity") {
            ($0.activity, $0.withRelatedActivities) = (frequent, true)
        },
        Case("an activity anywhere with an agent", "statement_actor") {
            ($0.agent, $0.activity, $0.withRelatedActivities) = (everybody, frequent, true)
        },
        Case("a rare verb with everything anywhere", "statement_verb") {
            ($0.agent, $0.activity, $0.verb) = (everybody, frequent, rare)
            ($0.withRelatedAgents, $0.withRelatedActivities) = (true, true)
        },
    ]

    @Test(arguments: Engine.present) func `each filter walks its own index`(engine: Engine) async throws {
        let crowd = try await Crowd(engine)
        for plain in SearchPlanTests.cases {
            for isAscending in [false, true] {
                for bounds in 0..<4 {
                    var query = StatementQuery()
                    plain.change(&query)
                    query.isAscending = isAscending
                    query.limit = 25
                    if bounds == 1 { query.since = Crowd.time(18_000) }
                    if bounds == 2 { (query.since, query.until) = (Crowd.time(5_000), Crowd.time(6_000)) }
                    if bounds == 3 { query.cursor = 10_000 }
                    _ = crowd.watch.plans()
                    _ = try await crowd.log.query(query, of: .first)
                    let plans = crowd.watch.plans()
                    // PostgreSQL knows from its figures that most statements are this agent's, and may walk them all.
                    let isMost = engine == .postgres && query.agent == SearchPlanTests.everybody
                    crowd.check(plans, mayWalkAll: isMost)
                    let walks = plans.filter { $0.sql.contains("s.body AS body") && !$0.sql.contains("IN (") }
                    let indexes = Set(
                        walks.flatMap(\.looks).filter { $0.table != "v" }.compactMap(\.index).filter {
                            $0.hasPrefix("statement_") && $0 != "statement_pkey"
                        })
                    if engine == .postgres {
                        // It chooses among the indexes of frequent names; a rare name's is the only one it may take.
                        let isRare = ["statement_verb", "statement_registration"].contains(plain.index)
                        #expect(
                            isRare ? indexes == [plain.index] : isMost || !indexes.isEmpty, "\(plain.name)\n\(walks)")
                        continue
                    }
                    #expect(
                        indexes == Set([plain.index] + plain.others),
                        "\(plain.name), ascending: \(isAscending), bounds: \(bounds)\n\(walks)")
                }
            }
        }
    }

    @Test(arguments: Engine.present) func `all statements are walked in their order`(engine: Engine) async throws {
        let crowd = try await Crowd(engine)
        for isAscending in [false, true] {
            for cursor in [nil, 10_000] {
                for authority in [nil, Authority(client: "test")] {
                    var query = StatementQuery()
                    (query.isAscending, query.cursor, query.authority) = (isAscending, cursor, authority)
                    _ = try await crowd.log.query(query, of: .first)
                    crowd.check(crowd.watch.plans(), mayWalkAll: authority == nil)
                }
            }
        }
        var query = StatementQuery()
        (query.since, query.until) = (Crowd.time(5_000), Crowd.time(6_000))
        _ = try await crowd.log.query(query, of: .first)
        crowd.check(crowd.watch.plans(), mayWalkAll: true)
    }

    @Test(arguments: Engine.present) func `single statements, feeds, exports and proofs are found by key`(
        engine: Engine
    ) async throws {
        let crowd = try await Crowd(engine)
        #expect(try await crowd.log.find(Crowd.id(77), of: .first) != nil)
        #expect(try await crowd.log.find(voided: Crowd.id(77), of: .first) == nil)
        #expect(try await crowd.log.references(to: Crowd.id(39), of: .first).count == 1)
        #expect(try await crowd.log.statements([Crowd.id(1), Crowd.id(2)], of: .first).count == 2)
        _ = try await crowd.log.feed(from: 0, of: .first, matching: StatementFilter(), limit: 10)
        crowd.check(crowd.watch.plans())
        var lines = 0
        try await crowd.log.exportLines(of: .first, after: 19_000) { bytes, _ in lines += bytes.count { $0 == 0x0A } }
        #expect(lines == 999)
        crowd.check(crowd.watch.plans())
    }

    @Test(arguments: Engine.present) func `a search finds the same along every index`(engine: Engine) async throws {
        let crowd = try await Crowd(engine)
        for plain in SearchPlanTests.cases {
            var query = StatementQuery()
            plain.change(&query)
            query.limit = 500
            let tenant = TenantID.first
            let wanted = query
            let found = try await crowd.log.query(query, of: tenant).statements.map(\.sequence)
            let numbers = try await crowd.watch.read { connection in
                var names = StatementNames(registration: wanted.registration)
                names.agent = wanted.agent.flatMap { $0.split(separator: ":").last?.split(separator: "@").first }
                    .flatMap { Int($0) }
                names.activity = wanted.activity?.split(separator: "/").last.flatMap { Int($0) }
                names.verb = wanted.verb?.split(separator: "/").last.flatMap { Int($0) }
                var results: [[Int]] = []
                for lead in StatementNames.Lead.allCases {
                    var all: Set<Int> = []
                    for walk in names.walks(wanted, along: lead) {
                        let sql: SQL = "SELECT s.seq AS seq FROM \(walk.source) WHERE s.tenant = \(tenant) AND "
                        for row in try connection.rows(sql + SQL.join(walk.conditions, " AND ")) {
                            all.insert(try row.get("seq"))
                        }
                    }
                    results.append(all.sorted(by: >))
                }
                return results
            }
            for result in numbers {
                #expect(result == numbers[0], "\(plain.name)")
                let missing = Set(result.prefix(500)).subtracting(found)
                // What is about a match is there, too, and may push older matches to the next page.
                #expect(missing.allSatisfy { $0 < found.last ?? 0 }, "\(plain.name)")
            }
        }
    }
}
