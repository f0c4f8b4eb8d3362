public import Assess
public import Basis
public import Catalog
public import Evidence
import Intent
public import Mastery
import Skills
public import Storage

/// Learning happens here: a text is read, a question answered, an object completed. Pages and API call the same.
///
/// Each step is one transaction that holds its evidence, the learner model's update and the mandates it completes.
/// The durations of a sitting's statements do not overlap, so their sum is the time spent: `experienced` carries the
/// reading when questions follow, `completed` or `failed` what came after it.
public struct SittingBook: Sendable {
    let database: any Database
    let world: World
    let library: Library
    let items: ItemBank
    let log: StatementLog
    let mandates: MandateBook
    let certifications: CertificationBook
    let mastery: MasteryBook
    let skills: SkillRegister

    public init(database: any Database, world: World, log: StatementLog, mastery: MasteryBook) {
        self.database = database
        self.world = world
        self.log = log
        self.mastery = mastery
        library = Library(database: database, world: world)
        items = ItemBank(database: database, world: world)
        mandates = MandateBook(database: database, world: world)
        certifications = CertificationBook(database: database, world: world)
        skills = SkillRegister(database: database, world: world)
    }

    /// Where a sitting begins.
    public enum Start: Sendable {
        /// With the text, where there is one.
        case text
        /// With the questions: the learner shows what is known already.
        case questions
    }

    /// Opens an object, or goes on with the sitting that is open already.
    ///
    /// What a mandate asks begins with its text: whoever knows it already shows so by the mandate's test
    /// (`TestOutBook`).
    ///
    /// - Throws: `Problem` (`content-missing`, `content-empty`).
    public func begin(
        _ content: ID<Content>, at start: Start = .text, by person: ID<Person>, of tenant: TenantID
    ) async throws -> Sitting {
        let now = world.now()
        let id: ID<Registration> = world.id()
        return try await database.write { connection in
            guard let record = try library.content(content, of: tenant, on: connection) else {
                throw Problem(.missing, "content-missing", "There is no such object in the catalogue.")
            }
            let playable = try playable(of: record, tenant, on: connection)
            guard record.hasText || record.url != nil || !playable.isEmpty else {
                throw Problem(
                    .conflict, "content-empty",
                    "There is nothing to read or answer here. Open one of its parts, or another object.")
            }
            let isAsked = try isMandated(record, of: person, tenant, on: connection)
            let skipsText =
                (start == .questions && !isAsked || !(record.hasText || record.url != nil)) && !playable.isEmpty
            if let open = try open(of: person, on: content, tenant, on: connection) {
                if skipsText, open.readAt == nil { try mark(open.id, readAt: now, tenant, on: connection) }
                return try self.sitting(open.id, of: person, tenant, on: connection) ?? open
            }
            let choice = try choice(of: record, by: person, tenant, on: connection)
            try connection.run(
                """
                INSERT INTO sitting (tenant, id, person, content, choice, opened_at, moved_at, read_at, spent_us)
                VALUES (\(tenant), \(id), \(person), \(content), \(choice.rawValue), \(now), \(now),
                    \(skipsText ? now : nil), 0)
                """)
            let sitting = Sitting(
                id: id, person: person, content: content, choice: choice, openedAt: now, movedAt: now,
                readAt: skipsText ? now : nil, endedAt: nil, spent: .zero, answers: [])
            try log.append(
                [draft(.initialized, record, sitting, choice: choice, result: nil, at: now)], to: tenant,
                on: connection)
            return sitting
        }
    }

    /// One sitting of a person; nil when it is another's or none.
    public func sitting(
        _ id: ID<Registration>, of person: ID<Person>, in tenant: TenantID
    ) async throws -> Sitting? {
        try await database.read { try sitting(id, of: person, tenant, on: $0) }
    }

    /// The sittings that a person has not ended, the latest first.
    public func openSittings(of person: ID<Person>, in tenant: TenantID, limit: Int = 10) async throws -> [Sitting] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT * FROM sitting WHERE tenant = \(tenant) AND person = \(person) AND ended_at IS NULL
                ORDER BY moved_at DESC LIMIT \(limit)
                """
            ).map { try Sitting($0, answers: []) }
        }
    }

    /// The open sitting of a person with one object.
    public func openSitting(
        of person: ID<Person>, on content: ID<Content>, in tenant: TenantID
    ) async throws -> Sitting? {
        try await database.read { try open(of: person, on: content, tenant, on: $0) }
    }

    /// Puts an open sitting aside without completing it.
    public func abandon(_ id: ID<Registration>, by person: ID<Person>, of tenant: TenantID) async throws {
        let now = world.now()
        try await database.write { connection in
            let count = try connection.run(
                """
                UPDATE sitting SET ended_at = \(now)
                WHERE tenant = \(tenant) AND id = \(id) AND person = \(person) AND ended_at IS NULL
                """)
            if count == 0 { return }
            let (sitting, record) = try found(id, person, tenant, on: connection)
            try log.append(
                [draft(.terminated, record, sitting, choice: sitting.choice, result: nil, at: now)], to: tenant,
                on: connection)
        }
    }

    /// The items of an object that can be answered here, in their order.
    public func playable(
        of content: ContentRecord, _ tenant: TenantID, on connection: any Connection
    ) throws -> [ItemRecord] {
        try items.items(of: content.id, tenant: tenant, on: connection).filter { $0.kind != .opaque }
    }
}

// What lies in the tables.
extension SittingBook {
    func sitting(
        _ id: ID<Registration>, of person: ID<Person>, _ tenant: TenantID, on connection: any Connection
    ) throws -> Sitting? {
        let row = try connection.row(
            "SELECT * FROM sitting WHERE tenant = \(tenant) AND id = \(id) AND person = \(person)")
        guard let row else { return nil }
        let answers = try connection.rows(
            """
            SELECT * FROM sitting_answer WHERE tenant = \(tenant) AND sitting = \(id) ORDER BY answered_at, item
            """
        ).map(SittingAnswer.init)
        return try Sitting(row, answers: answers)
    }

    func open(
        of person: ID<Person>, on content: ID<Content>, _ tenant: TenantID, on connection: any Connection
    ) throws -> Sitting? {
        let row = try connection.row(
            """
            SELECT * FROM sitting
            WHERE tenant = \(tenant) AND person = \(person) AND content = \(content) AND ended_at IS NULL
            ORDER BY moved_at DESC LIMIT 1
            """)
        return try row.map { try Sitting($0, answers: []) }
    }

    func mark(_ id: ID<Registration>, readAt now: Moment, _ tenant: TenantID, on connection: any Connection) throws {
        try connection.run(
            "UPDATE sitting SET read_at = \(now), moved_at = \(now) WHERE tenant = \(tenant) AND id = \(id)")
    }
}

extension Sitting {
    init(_ row: Row, answers: [SittingAnswer]) throws {
        guard let choice = Choice(rawValue: try row.get("choice")) else {
            throw StorageError.mistyped(column: "choice")
        }
        self.init(
            id: try row.get("id"), person: try row.get("person"), content: try row.get("content"), choice: choice,
            openedAt: try row.get("opened_at"), movedAt: try row.get("moved_at"), readAt: try row.find("read_at"),
            endedAt: try row.find("ended_at"), spent: .microseconds(try row.get("spent_us", as: Int64.self)),
            answers: answers)
    }
}

extension SittingAnswer {
    init(_ row: Row) throws {
        let chosen: String = try row.get("chosen")
        self.init(
            item: try row.get("item"), chosen: chosen.split(separator: ",").compactMap { Int($0) },
            isRight: try row.find("is_right"), score: try row.get("score"), at: try row.get("answered_at"))
    }
}
