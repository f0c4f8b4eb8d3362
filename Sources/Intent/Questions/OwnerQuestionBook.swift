public import Basis
import People
public import Storage

/// One question who decides about a use of AI, asked of one person.
public struct OwnerQuestion: Hashable, Sendable {
    /// What somebody answers.
    public enum Answer: Hashable, Sendable {
        case person(ID<Person>)
        /// They do not know.
        case unknown
        /// Nobody decides about it.
        case nobody
        /// They would rather not say.
        case refused
    }

    public let id: ID<OwnerQuestion>
    public let use: ID<AIUse>
    public let name: String
    public let askedAt: Moment
}

/// Answers to the question, without who gave them beyond what tells them apart.
public struct OwnerAnswer: Hashable, Sendable {
    public let use: ID<AIUse>
    /// Tells answers of one person from those of another; the same for all of theirs. Not shown anywhere.
    public let respondent: Int
    public let answer: OwnerQuestion.Answer
    /// Who was accountable when it was answered; nil is nobody.
    public let owner: ID<Person>?

    /// Whether the register says the same. Nil for who would rather not say.
    public var isRight: Bool? {
        switch answer {
        case .person(let person): person == owner
        case .nobody: owner == nil
        case .unknown: false
        case .refused: nil
        }
    }
}

/// Asks people, seldom, who decides about a use of AI, and keeps what they answer for counting only.
///
/// - Source: field notes A3.1, 5.
public struct OwnerQuestionBook: Sendable {
    /// No sooner is somebody asked again.
    /// - Unit: days.
    public static let pauseDays = 30
    /// So long answers count.
    /// - Unit: days.
    public static let keepDays = 365
    /// The fewest answers of a use from which anything is told.
    public static let answerMinimum = 5

    let database: any Database
    let world: World
    let register: AIRegister

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
        register = AIRegister(database: database, world: world)
    }

    /// The question that is open for a person. At most once in 30 days a new one is drawn: about a use in pilot or live
    /// whose audience they are in and for which they do not answer themselves, of those asked about the least; `seed`
    /// decides between equals.
    ///
    /// - Returns: nil when nothing is to be asked.
    public func question(
        for person: ID<Person>, seed: UInt64, of tenant: TenantID
    ) async throws -> OwnerQuestion? {
        let now = world.now()
        // A page asks this at every view, so it writes only when there is something new to ask.
        let (newest, isAny) = try await database.read { connection in
            let newest = try self.newest(of: person, in: tenant, on: connection)
            let isRecent = newest.map { now - $0.askedAt < .days(OwnerQuestionBook.pauseDays) } ?? false
            let isAny = try isRecent || !candidates(for: person, in: tenant, at: now, on: connection).isEmpty
            return (isRecent ? newest : nil, isAny)
        }
        if let newest { return newest.isOpen ? newest.question : nil }
        if !isAny { return nil }
        do {
            return try await ask(person, seed: seed, of: tenant, at: now)
        } catch StorageError.full {
            // What cannot be kept is not asked; the page is shown all the same.
            return nil
        }
    }

    private func ask(
        _ person: ID<Person>, seed: UInt64, of tenant: TenantID, at now: Moment
    ) async throws -> OwnerQuestion? {
        let id = world.id(OwnerQuestion.self)
        return try await database.write { connection in
            // Somebody may have asked on another page meanwhile.
            if let newest = try self.newest(of: person, in: tenant, on: connection),
                now - newest.askedAt < .days(OwnerQuestionBook.pauseDays)
            {
                return newest.isOpen ? newest.question : nil
            }
            let uses = try candidates(for: person, in: tenant, at: now, on: connection)
            var dice = Dice(seed: seed)
            guard let use = try draw(uses, in: tenant, &dice, on: connection) else { return nil }
            try connection.run(
                """
                INSERT INTO owner_question (tenant, id, person, ai_use, month, asked_at)
                VALUES (\(tenant), \(id), \(person), \(use.id), \(Month(now.day).index), \(now))
                ON CONFLICT (tenant, person, month) DO NOTHING
                """)
            let made = try self.newest(of: person, in: tenant, on: connection)
            return made?.isOpen == true ? made?.question : nil
        }
    }

    /// Keeps an answer, once. Who was accountable at that moment is kept beside it.
    ///
    /// - Throws: `Problem` (`question-missing`, also for somebody else's; `question-answered`; `person-inactive`).
    public func answer(
        _ id: ID<OwnerQuestion>, _ answer: OwnerQuestion.Answer, by person: ID<Person>, of tenant: TenantID
    ) async throws {
        let now = world.now()
        try await database.write { connection in
            let use = try open(id, of: person, in: tenant, on: connection)
            if case .person(let named) = answer {
                try register.spine.expectActive(named, in: tenant, at: "/person", on: connection)
            }
            let record = try register.found(use, in: tenant, on: connection)
            let owner = try register.entries([record], in: tenant, on: now.day, connection).first?.ownership.owner
            try connection.run(
                """
                UPDATE owner_question SET answered_at = \(now), answer = \(answer.word),
                    named_person = \(answer.person), owner = \(owner)
                WHERE tenant = \(tenant) AND id = \(id)
                """)
        }
    }

    /// Puts the question away without an answer.
    ///
    /// - Throws: `Problem` (`question-missing`, also for somebody else's; `question-answered`).
    public func dismiss(_ id: ID<OwnerQuestion>, by person: ID<Person>, of tenant: TenantID) async throws {
        let now = world.now()
        try await database.write { connection in
            _ = try open(id, of: person, in: tenant, on: connection)
            try connection.run(
                """
                UPDATE owner_question SET answered_at = \(now), answer = 'dismissed'
                WHERE tenant = \(tenant) AND id = \(id)
                """)
        }
    }

    /// The answers of the last 365 days, within the caller's transaction. For counting: nothing of it is shown for
    /// fewer than `answerMinimum` of a use.
    public func answers(of tenant: TenantID, on connection: any Connection) throws -> [OwnerAnswer] {
        let since = world.now() - .days(OwnerQuestionBook.keepDays)
        let rows = try connection.rows(
            """
            SELECT person, ai_use, answer, named_person, owner FROM owner_question
            WHERE tenant = \(tenant) AND answered_at >= \(since) AND answer <> 'dismissed' ORDER BY person, id
            """)
        var numbers: [ID<Person>: Int] = [:]
        return try rows.compactMap { row in
            let person: ID<Person> = try row.get("person")
            let number = numbers[person] ?? numbers.count
            numbers[person] = number
            guard
                let answer = OwnerQuestion.Answer(
                    word: try row.get("answer"), person: try row.find("named_person"))
            else { return nil }
            return OwnerAnswer(
                use: try row.get("ai_use"), respondent: number, answer: answer, owner: try row.find("owner"))
        }
    }

    // MARK: Drawing

    private func candidates(
        for person: ID<Person>, in tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws -> [AIUseRecord] {
        guard let facts = try register.spine.directory.facts(of: person, tenant, on: connection), facts.isActive else {
            return []
        }
        let uses = try register.list(of: tenant, on: connection).filter {
            $0.status.isActive && $0.audience.contains(facts)
        }
        if uses.isEmpty { return [] }
        return try register.entries(uses, in: tenant, on: now.day, connection).filter {
            $0.ownership.owner != person && $0.ownership.standIn != person
        }.map(\.use)
    }

    private func draw(
        _ uses: [AIUseRecord], in tenant: TenantID, _ dice: inout Dice, on connection: any Connection
    ) throws -> AIUseRecord? {
        var asked: [ID<AIUse>: Int] = [:]
        try connection.each(
            """
            SELECT ai_use, COUNT(*) AS count FROM owner_question
            WHERE tenant = \(tenant) AND (answer IS NULL OR answer <> 'dismissed') GROUP BY ai_use
            """
        ) { row in asked[try row.get("ai_use")] = try row.get("count", as: Int.self) }
        guard let least = uses.map({ asked[$0.id] ?? 0 }).min() else { return nil }
        return uses.filter { (asked[$0.id] ?? 0) == least }.randomElement(using: &dice)
    }

    // MARK: Rows

    private struct Newest {
        let question: OwnerQuestion
        let askedAt: Moment
        let isOpen: Bool
    }

    private func newest(
        of person: ID<Person>, in tenant: TenantID, on connection: any Connection
    ) throws -> Newest? {
        let row = try connection.row(
            """
            SELECT q.id, q.ai_use, q.asked_at, q.answered_at, u.name, u.status FROM owner_question q
            JOIN ai_use u ON u.tenant = q.tenant AND u.id = q.ai_use
            WHERE q.tenant = \(tenant) AND q.person = \(person) ORDER BY q.asked_at DESC, q.id DESC LIMIT 1
            """)
        return try row.map { row in
            let question = OwnerQuestion(
                id: try row.get("id"), use: try row.get("ai_use"), name: try row.get("name"),
                askedAt: try row.get("asked_at"))
            return Newest(
                question: question, askedAt: question.askedAt,
                isOpen: try row.find("answered_at", as: Moment.self) == nil
                    && row.get("status", as: AIUseRecord.Status.self).isActive)
        }
    }

    /// The use that an open question is about.
    private func open(
        _ id: ID<OwnerQuestion>, of person: ID<Person>, in tenant: TenantID, on connection: any Connection
    ) throws -> ID<AIUse> {
        let row = try connection.row(
            """
            SELECT ai_use, answered_at FROM owner_question
            WHERE tenant = \(tenant) AND id = \(id) AND person = \(person)
            """)
        guard let row else { throw Problem(.missing, "question-missing", "You were not asked this.") }
        if try row.find("answered_at", as: Moment.self) != nil {
            throw Problem(.conflict, "question-answered", "You answered this already. Thank you.")
        }
        return try row.get("ai_use")
    }
}

extension OwnerQuestion.Answer {
    var word: String {
        switch self {
        case .person: "person"
        case .unknown: "unknown"
        case .nobody: "nobody"
        case .refused: "refused"
        }
    }

    var person: ID<Person>? { if case .person(let id) = self { id } else { nil } }

    /// Nil for a person who was erased since: what is left of the answer tells nothing.
    init?(word: String, person: ID<Person>?) {
        switch word {
        case "person":
            guard let person else { return nil }
            self = .person(person)
        case "unknown": self = .unknown
        case "nobody": self = .nobody
        case "refused": self = .refused
        default: return nil
        }
    }
}
