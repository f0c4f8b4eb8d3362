import Basis
import Mastery
import Storage
import StorageTesting
import Testing

@Suite struct MasteryBookTests {
    private func answers(learners: Int, each: Int, seed: UInt64 = 5) -> [Answer] {
        var simulation = Simulation(seed: seed)
        var dice = Dice(seed: seed)
        let people = (0..<learners).map { _ in
            ID<Person>(at: Moment(microseconds: 1_700_000_000_000_000), using: &dice)
        }
        var answers: [Answer] = []
        for learner in 0..<learners {
            for event in simulation.events(of: learner, count: each) {
                answers.append(
                    Answer(
                        person: people[learner], item: event.item, skills: event.skills,
                        level: event.item % 3 == 0 ? .beginner : nil, isRight: event.isRight, at: event.at))
            }
        }
        return answers
    }

    private func dump(_ database: any Database) async throws -> [String] {
        try await database.read { connection in
            var lines: [String] = []
            for row in try connection.rows("SELECT person, state, answers FROM mastery_state ORDER BY person") {
                let bytes: [UInt8] = try row.get("state")
                lines.append(
                    "\(try row.get("person", as: String.self)) \(bytes) \(try row.get("answers", as: Int.self))")
            }
            for row in try connection.rows("SELECT item, difficulty, answers FROM mastery_item ORDER BY item") {
                lines.append(
                    "\(try row.get("item", as: Int.self)) \(try row.get("difficulty", as: Double.self))"
                        + " \(try row.get("answers", as: Int.self))")
            }
            for row in try connection.rows("SELECT skill, difficulty, answers FROM mastery_skill ORDER BY skill") {
                lines.append("\(try row.get("skill", as: Int.self)) \(try row.get("difficulty", as: Double.self))")
            }
            return lines
        }
    }

    @Test(arguments: Engine.present) func `replay equals incremental, however it is cut`(engine: Engine) async throws {
        let all = answers(learners: 12, each: 25)
        var dumps: [[String]] = []
        for size in [all.count, 1, 7] {
            let database = try await engine.database(MasterySchema.migrations)
            let book = MasteryBook(database: database, world: .replay())
            for start in stride(from: 0, to: all.count, by: size) {
                try await book.record(Array(all[start..<min(start + size, all.count)]), in: .first)
            }
            dumps.append(try await dump(database))
            try await database.write { try book.clear(.first, on: $0) }
            #expect(try await dump(database).isEmpty)
            try await book.record(all, in: .first)
            #expect(try await dump(database) == dumps[0])
            try await database.close()
        }
        #expect(dumps[1] == dumps[0])
        #expect(dumps[2] == dumps[0])
        #expect(dumps[0].count > 12)
    }

    @Test(arguments: Engine.present) func `mastery is shown with its interval and evidence`(engine: Engine) async throws
    {
        let database = try await engine.database(MasterySchema.migrations)
        let book = MasteryBook(database: database, world: .replay())
        let all = answers(learners: 30, each: 40)
        try await book.record(all, in: .first)
        let person = all[0].person
        let shown = try await book.mastery(of: person, in: .first)
        #expect(shown.count == 4)
        for skill in shown {
            #expect(skill.low < skill.probability && skill.probability < skill.high)
            #expect(skill.tries > 0 && skill.lastAt != nil)
        }
        let state = try await book.state(of: person, in: .first)
        #expect(state.tries == 40)
        let unknown = try await book.mastery(state, of: [99], in: .first)
        #expect(unknown.count == 1 && unknown[0].tries == 0)
        #expect(unknown[0].high - unknown[0].low > 0.2)
        #expect(try await book.state(of: person, in: TenantID(2)) == LearnerState())
        #expect(try await book.pools(of: .first).count == 4)
        try await database.close()
    }

    @Test(arguments: Engine.present) func `answers that race are all counted`(engine: Engine) async throws {
        let database = try await engine.database(MasterySchema.migrations)
        let book = MasteryBook(database: database, world: .replay())
        let all = answers(learners: 8, each: 10)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for answer in all {
                group.addTask { try await book.record([answer], in: .first) }
            }
            try await group.waitForAll()
        }
        let (states, items) = try await database.read { connection in
            (
                try connection.value("SELECT CAST(SUM(answers) AS BIGINT) FROM mastery_state", as: Int.self),
                try connection.value("SELECT CAST(SUM(answers) AS BIGINT) FROM mastery_item", as: Int.self)
            )
        }
        #expect(states == 80)
        #expect(items == 80)
        try await database.close()
    }

    @Test(arguments: Engine.present) func `a damaged state is refused and stays`(engine: Engine) async throws {
        let database = try await engine.database(MasterySchema.migrations)
        let book = MasteryBook(database: database, world: .replay())
        let all = answers(learners: 1, each: 3)
        try await book.record(all, in: .first)
        try await database.write { connection in
            try connection.run("UPDATE mastery_state SET state = \([UInt8(1), 2, 3])")
        }
        await #expect(throws: StateError.self) { try await book.record(all, in: .first) }
        await #expect(throws: StateError.self) { try await book.mastery(of: all[0].person, in: .first) }
        #expect(try await database.read { try $0.value("SELECT answers FROM mastery_state", as: Int.self) } == 3)
        try await database.close()
    }
}
