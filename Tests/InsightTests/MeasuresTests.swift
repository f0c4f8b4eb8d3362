import Basis
import Insight
import Mastery
import Paths
import Skills
import Statistics
import Storage
import StorageTesting
import Testing

@Suite struct MeasuresTests {
    private func near(_ one: Double?, _ other: Double) -> Bool { one.map { abs($0 - other) < 1e-9 } ?? false }

    @Test(arguments: Engine.present) func `an empty organisation says what every measure needs`(
        engine: Engine
    ) async throws {
        let house = try await InsightHouse(on: engine)
        let all = try await house.measures.all(of: house.tenant)
        #expect(all.map(\.kind) == MeasureKind.allCases)
        for measure in all {
            #expect(measure.value == nil && measure.needs != nil, "\(measure.kind)")
            #expect(measure.link == "/insight/\(measure.id)" && !measure.method.isEmpty)
            let rows = try await house.measures.rows(of: measure.kind, in: house.tenant)
            #expect(rows.rows.count == rows.total)
        }
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `ownership clarity counts learners under a clear owner`(
        engine: Engine
    ) async throws {
        let house = try await InsightHouse(on: engine)
        try await house.fill()
        let measure = try await house.measures.measure(.ownership, of: house.tenant)
        let learners = try await house.count(
            """
            SELECT COUNT(*) FROM person p JOIN person_role r ON r.tenant = p.tenant AND r.person = p.id
            WHERE p.is_active = 1 AND r.role = 'learner'
            """)
        #expect(near(measure.headline.numerator, Double(learners)))
        #expect(near(measure.headline.denominator, Double(learners + 1)))
        #expect(near(measure.value, Double(learners) / Double(learners + 1)))
        #expect(measure.interval != nil && measure.benchmark?.figure == 0.23)
        let rows = try await house.measures.rows(of: .ownership, in: house.tenant)
        #expect(rows.rows.map { $0[0] } == ["Tutor", "Drafts"])
        #expect(rows.rows.map { $0[3] } == ["Stu", "nobody"])
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `reach is the funnel that a recount finds`(engine: Engine) async throws {
        let house = try await InsightHouse(on: engine)
        try await house.fill()
        let measure = try await house.measures.measure(.reach, of: house.tenant)
        func recount(_ column: SQL) async throws -> Double {
            Double(
                try await house.count(
                    """
                    SELECT COUNT(*) FROM strategy_delivery d
                    WHERE \(column) IS NOT NULL AND EXISTS (SELECT 1 FROM strategy s WHERE s.id = d.strategy
                        AND s.version = d.version AND s.state = 'published')
                    """))
        }
        let parts = Dictionary(uniqueKeysWithValues: measure.parts.map { ($0.name, $0) })
        #expect(near(measure.headline.denominator, try await recount("d.person")))
        #expect(near(measure.headline.numerator, try await recount("d.acknowledged_at")))
        #expect(near(parts["Delivered"]?.numerator, try await recount("d.delivered_at")))
        #expect(near(parts["Viewed"]?.numerator, try await recount("d.opened_at")))
        #expect(parts["Understood"]?.value == nil && parts["Understood"]?.needs != nil)
        #expect(parts["Opened"]?.numerator == 0, "nobody had it before them for ten seconds")
        #expect(parts["Applied (associated)"]?.numerator == 0)
        let interval = try #require(measure.interval)
        #expect(interval == Proportion.wilson(3, of: 12))
        let rows = try await house.measures.rows(of: .reach, in: house.tenant)
        // Units of six are not shown by themselves.
        #expect(rows.rows.map { $0[1] } == ["Everybody"])
        #expect(rows.rows.map { $0[2] } == ["12"])
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `the AI-made share is counted in four parts, by version and by hour`(
        engine: Engine
    ) async throws {
        let house = try await InsightHouse(on: engine)
        try await house.fill()
        let measure = try await house.measures.measure(.share, of: house.tenant)
        let made = try await house.count(
            "SELECT COUNT(*) FROM content_version WHERE origin IN ('assisted', 'generated')")
        let all = try await house.count("SELECT COUNT(*) FROM content_version")
        #expect(near(measure.headline.numerator, Double(made)) && near(measure.headline.denominator, Double(all)))
        #expect(near(measure.value, 0.5))
        let byVersion = measure.parts.filter { $0.name.hasSuffix("by version") }
        #expect(near(byVersion.reduce(0) { $0 + ($1.value ?? 0) }, 1))
        let byHour = measure.parts.filter { $0.name.hasSuffix("by hour") }
        #expect(near(byHour.reduce(0) { $0 + ($1.value ?? 0) }, 1))
        let assisted = try await house.count(
            """
            SELECT CAST(SUM(s.duration_us) AS BIGINT) FROM statement s, activity a, content c
            WHERE a.number = s.activity AND a.iri = 'urn:leeway:content:' || c.id AND c.origin = 'assisted'
            """)
        #expect(near(byHour[1].numerator, Double(assisted) / 3_600_000_000))
        #expect(near(byHour[1].denominator, Double(780 + 80) / 60))
        #expect(byHour[1].interval?.method == "Wilson score with effective sample size, clustered")
        #expect(try await house.measures.rows(of: .share, in: house.tenant, pageSize: 3).rows.count == 3)
        #expect(try await house.measures.rows(of: .share, in: house.tenant, page: 2, pageSize: 3).rows.count == 1)
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `the divide is the distance that a recount finds`(engine: Engine) async throws
    {
        let house = try await InsightHouse(on: engine)
        try await house.fill()
        let measure = try await house.measures.measure(.divide, of: house.tenant)
        // Hours on a go to Checking; those on b are split evenly, and the one of long ago does not count.
        let own = try await house.count(recountHours("own"))
        let asked = try await house.count(recountHours("asked"))
        #expect(own == 780 && asked == 80)
        let checking = (780.0 + 40) / 860
        #expect(near(measure.value, abs(checking - 0.75)))
        let parts = Dictionary(uniqueKeysWithValues: measure.parts.map { ($0.name, $0) })
        #expect(near(parts["Alignment gap, self-chosen hours"]?.value, 0.25))
        #expect(near(parts["Alignment gap, hours asked for"]?.value, 0.25))
        #expect(near(parts["Autonomy: self-chosen hours"]?.value, 780 / 860))
        #expect(near(parts["Guaranteed by the policy"]?.value, 0.5))
        #expect(near(parts["Hours on the strategy’s skills"]?.value, 1))
        #expect(parts["Inconsistency: how far units lie from the whole"]?.value != nil)
        let interval = try #require(measure.interval)
        #expect(interval.low <= interval.estimate && interval.estimate <= interval.high && interval.low < interval.high)
        #expect(interval.method.contains("jackknife"))
        #expect((parts["Gap that chance alone would show, at most"]?.value ?? 0) > 0)
        #expect(parts["Divergence of hours from the weights, in bits"]?.unit == .number)
        #expect(try await house.measures.count(.divide, of: house.tenant).interval == interval)
        let rows = try await house.measures.rows(of: .divide, in: house.tenant)
        #expect(rows.rows.map { $0[0] } == ["Checking", "Prompting"])
        #expect(rows.rows[0][1] == "75" && rows.rows[0][2] == "95")
        try await house.database.close()
    }

    private func recountHours(_ choice: String) -> SQL {
        """
        SELECT CAST(SUM(s.duration_us) / 60000000 AS BIGINT) FROM statement s
        WHERE s.choice = \(choice) AND s.voided = 0
        AND s.timestamp_at > (SELECT MAX(timestamp_at) FROM statement) - \(Measures.hoursSpan.microseconds)
        """
    }

    /// 300,000 statements are looked at through this index or not at all.
    @Test func `learning time is summed from its own index`() async throws {
        let house = try await InsightHouse(on: .memory)
        let plan = try await house.database.read { connection in
            try connection.rows(
                """
                EXPLAIN QUERY PLAN SELECT activity, actor, choice, duration_us FROM statement
                WHERE tenant = \(house.tenant) AND duration_us > 0 AND voided = 0 AND timestamp_at >= \(1)
                """
            ).map { try $0.get("detail", as: String.self) }
        }
        #expect(
            plan.contains {
                $0.contains("USING INDEX statement_hours") || $0.contains("COVERING INDEX statement_hours")
            })
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `breadth counts people once, depth waits for the test`(
        engine: Engine
    ) async throws {
        let house = try await InsightHouse(on: engine)
        try await house.fill()
        let measure = try await house.measures.measure(.proficiency, of: house.tenant)
        let used = try await house.count(
            """
            SELECT COUNT(DISTINCT s.actor) FROM statement s, verb v
            WHERE v.number = s.verb AND v.iri = 'urn:leeway:verb:used'
            """)
        let active = try await house.count("SELECT COUNT(*) FROM person WHERE is_active = 1")
        #expect(near(measure.headline.numerator, Double(used)) && near(measure.headline.denominator, Double(active)))
        #expect(measure.interval == Proportion.wilson(5, of: 13))
        #expect(measure.parts[0].needs != nil)
        #expect(try await house.measures.rows(of: .proficiency, in: house.tenant).rows == [["Tutor", "5", "5"]])
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `upskilling follows goals, and shows no single person`(
        engine: Engine
    ) async throws {
        let house = try await InsightHouse(on: engine)
        try await house.fill()
        let goals = GoalBook(database: house.database, world: house.world, log: house.log, mastery: house.mastery)
        for learner in house.learners.prefix(6) {
            _ = try await goals.set(house.skills[0].id, target: 0.85, by: learner, of: house.tenant)
        }
        _ = try await goals.set(house.skills[1].id, target: 0.75, by: house.learners[0], of: house.tenant)
        #expect(near(try await house.measures.count(.upskilling, of: house.tenant).value, 0))
        try await house.mastery.record(
            house.learners.prefix(3).flatMap { learner in
                (0..<6).map { item in
                    Answer(
                        person: learner, item: item, skills: [house.skills[0].number], isRight: true,
                        at: house.world.now())
                }
            }, in: house.tenant)
        let fresh = Measures(
            database: house.database, world: house.world,
            mastery: MasteryBook(database: house.database, world: house.world))
        let measure = try await fresh.count(.upskilling, of: house.tenant)
        let value = try #require(measure.value)
        let interval = try #require(measure.interval)
        #expect(value > 0 && value < 1 && interval.low <= value && value <= interval.high)
        let rows = try await fresh.rows(of: .upskilling, in: house.tenant)
        #expect(rows.rows.map { $0[0] } == ["Checking"])
        #expect(rows.rows.map { $0[1] } == ["6"])
        try await house.database.close()
    }
}

extension InsightHouse {
    /// One whole number by plain SQL.
    func count(_ sql: SQL) async throws -> Int {
        try await database.read { try $0.value(sql, as: Int.self) }
    }
}
