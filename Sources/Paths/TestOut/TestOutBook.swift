public import Assess
public import Basis
import Catalog
public import Evidence
public import Intent
import JSON
public import Mastery
import Skills
public import Storage

/// Tests by which learners show that they know already what a mandate asks. Passing one completes the assignment, and
/// the minutes that were asked for it are the learner's again.
///
/// A test has a fixed number of questions from the item bank: those of the mandate's learning object and its parts, and
/// others that practise the same skills. The content itself does not count as completed.
public struct TestOutBook: Sendable {
    let database: any Database
    let world: World
    let mandates: MandateBook
    let library: Library
    let items: ItemBank
    let log: StatementLog
    let evidence: AnswerEvidence

    public init(database: any Database, world: World, log: StatementLog, mastery: MasteryBook) {
        self.database = database
        self.world = world
        self.log = log
        mandates = MandateBook(database: database, world: world)
        library = Library(database: database, world: world)
        items = ItemBank(database: database, world: world)
        evidence = AnswerEvidence(
            log: log, mastery: mastery, skills: SkillRegister(database: database, world: world))
    }

    /// How a person stands with the test of a mandate.
    ///
    /// - Throws: `Problem` (`mandate-missing`).
    public func standing(
        of person: ID<Person>, with mandate: ID<Mandate>, in tenant: TenantID
    ) async throws -> TestOutStanding {
        let today = world.now().day
        return try await database.read { try standing(of: person, with: mandate, on: today, tenant, $0) }
    }

    /// For each mandate, whether its test may begin or go on: what a list says beside it.
    public func openTests(
        of person: ID<Person>, among mandates: [ID<Mandate>], in tenant: TenantID
    ) async throws -> Set<ID<Mandate>> {
        let today = world.now().day
        return try await database.read { connection in
            var open: Set<ID<Mandate>> = []
            for mandate in mandates {
                switch try standing(of: person, with: mandate, on: today, tenant, connection).offer {
                case .ready, .underWay: open.insert(mandate)
                case .waiting, .passed, .exhausted, .refused, .short, .closed: continue
                }
            }
            return open
        }
    }

    /// How many people passed the test of a mandate.
    public func passedCount(of mandate: ID<Mandate>, in tenant: TenantID) async throws -> Int {
        try await database.read { connection in
            try connection.value(
                """
                SELECT COUNT(*) AS count FROM test_out
                WHERE tenant = \(tenant) AND mandate = \(mandate) AND is_passed = 1
                """)
        }
    }

    /// How many questions there are about what a mandate asks; a test needs `TestOut.questionCount`.
    public func questionsFound(for mandate: MandateRecord, in tenant: TenantID) async throws -> Int {
        try await database.read { try pool(of: mandate, tenant, on: $0).count }
    }

    /// Begins a test, or goes on with the one that is open.
    ///
    /// - Throws: `Problem` (`mandate-missing`, `test-not-offered` saying why).
    public func begin(_ mandate: ID<Mandate>, by person: ID<Person>, of tenant: TenantID) async throws -> TestOut {
        let (now, id, seed) = (world.now(), world.id(Registration.self), world.seed())
        return try await database.write { connection in
            let standing = try standing(of: person, with: mandate, on: now.day, tenant, connection)
            if let open = standing.underWay, standing.offer == .underWay { return open }
            guard case .ready(let number) = standing.offer else {
                throw Problem(.conflict, "test-not-offered", standing.offer.sentence)
            }
            var dice = Dice(seed: seed)
            let record = try found(mandate, tenant, on: connection)
            let drawn = TestOutBook.draw(
                try pool(of: record, tenant, on: connection), after: Set(standing.tests.flatMap(\.items)), using: &dice)
            let words = drawn.map(\.id.description).joined(separator: " ")
            try connection.run(
                """
                INSERT INTO test_out (tenant, id, mandate, person, number, mark, items, answers, begun_at)
                VALUES (\(tenant), \(id), \(mandate), \(person), \(number), \(standing.mark), \(words), '', \(now))
                """)
            return TestOut(
                id: id, mandate: mandate, person: person, number: number, mark: standing.mark,
                items: drawn.map(\.id), begunAt: now, end: nil)
        }
    }

    /// The questions of a test, in their order. One that is gone from the item bank is left out.
    public func questions(of test: TestOut, in tenant: TenantID) async throws -> [ItemRecord] {
        try await database.read { try questions(of: test, tenant, on: $0) }
    }

    func questions(of test: TestOut, _ tenant: TenantID, on connection: any Connection) throws -> [ItemRecord] {
        try test.items.compactMap { try items.find($0, of: tenant, on: connection) }.filter { $0.kind != .opaque }
    }

    func standing(
        of person: ID<Person>, with mandate: ID<Mandate>, on today: Day, _ tenant: TenantID,
        _ connection: any Connection
    ) throws -> TestOutStanding {
        let record = try found(mandate, tenant, on: connection)
        let tests = try connection.rows(
            """
            SELECT * FROM test_out WHERE tenant = \(tenant) AND person = \(person) AND mandate = \(mandate)
            ORDER BY number
            """
        ).map(TestOut.init)
        let offer = try offer(record, tests, person, today, tenant, connection)
        return TestOutStanding(offer: offer, mark: record.testOut.mark, tests: tests)
    }

    private func offer(
        _ record: MandateRecord, _ tests: [TestOut], _ person: ID<Person>, _ today: Day, _ tenant: TenantID,
        _ connection: any Connection
    ) throws -> TestOutOffer {
        if tests.contains(where: { $0.end?.isPassed == true }) { return .passed }
        let isOpen = try connection.holds(
            """
            SELECT person FROM assignment WHERE tenant = \(tenant) AND mandate = \(record.id)
            AND person = \(person) AND state = 'open'
            """)
        guard isOpen, record.state == .published else { return .closed }
        if !record.testOut.refusal.isEmpty { return .refused(reason: record.testOut.refusal) }
        if let last = tests.last {
            guard let end = last.end else { return .underWay }
            if tests.count >= TestOut.tryLimit { return .exhausted }
            let next = end.at.day + TestOut.waitDays
            if today < next { return .waiting(until: next) }
        }
        let found = try pool(of: record, tenant, on: connection).count
        return found < TestOut.questionCount ? .short(found: found) : .ready(number: tests.count + 1)
    }

    func found(_ id: ID<Mandate>, _ tenant: TenantID, on connection: any Connection) throws -> MandateRecord {
        if let record = try mandates.find(id, in: tenant, on: connection) { return record }
        throw Problem(.missing, "mandate-missing", "There is no such mandate.")
    }

    /// The questions about what a mandate asks, in its language: of its object with all parts, and of their skills.
    private func pool(
        of record: MandateRecord, _ tenant: TenantID, on connection: any Connection
    ) throws -> [ItemRecord] {
        guard let id = record.content, let content = try library.content(id, of: tenant, on: connection) else {
            return []
        }
        var (contents, skills): (Set<ID<Content>>, Set<ID<Skill>>) = ([id], Set(content.skills))
        var level = [content]
        for _ in 0..<Library.depthLimit where !level.isEmpty {
            let parts = try level.flatMap { try library.parts(of: $0, tenant: tenant, on: connection) }
            level = try parts.filter { contents.insert($0).inserted }.compactMap {
                try library.content($0, of: tenant, on: connection)
            }
            for part in level { skills.formUnion(part.skills) }
        }
        let sorted = contents.sorted { $0.description < $1.description }
        return try items.items(practising: skills, orOf: sorted, tenant: tenant, on: connection).filter {
            content.language.isEmpty || $0.language.isEmpty || $0.language == content.language
        }
    }

    /// Draws the questions of a test: those that an earlier try asked only when there are too few others.
    static func draw(
        _ pool: [ItemRecord], after seen: Set<ID<Item>>, using dice: inout Dice
    ) -> [ItemRecord] {
        let fresh = pool.filter { !seen.contains($0.id) }.shuffled(using: &dice)
        let known = pool.filter { seen.contains($0.id) }.shuffled(using: &dice)
        return Array((fresh + known).prefix(TestOut.questionCount))
    }
}

extension TestOutOffer {
    /// Why there is no test now, or that there is one.
    public var sentence: String {
        switch self {
        case .ready, .underWay: "You can show by a test that you know it."
        case .waiting(let day): "The next try begins on \(day) at the earliest."
        case .passed: "You passed the test."
        case .exhausted: "Both tries were used. It is completed by learning it."
        case .refused(let reason): "No test stands in for it: \(reason)"
        case .short(0): "There are no questions about it, so there is no test."
        case .short(let found):
            "There are \(found) questions about it, and a test needs \(TestOut.questionCount). So there is no test."
        case .closed: "Nothing of this is open for you."
        }
    }
}
