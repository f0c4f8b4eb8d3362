public import Basis
public import Storage

/// The letters that wait, and what came of the others.
public struct Outbox: Sendable {
    /// So long a letter may wait.
    static let age = NoticeFollower.age
    /// So long what is settled is kept, so that no cause is told twice and an administrator can look.
    static let keep = Duration.days(30)
    /// When digests go: from this hour of the day on, in UTC.
    static let digestHour = 6
    /// Letters written in one transaction.
    static let batch = 500

    let database: any Database
    let world: World

    /// - Parameters:
    ///   - database: Migrated.
    ///   - world: The clock and chance.
    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
    }

    // MARK: From notices to letters

    /// Makes letters of what waits: urgent ones at once, digests once a day.
    ///
    /// - Returns: How many letters are new.
    @discardableResult
    func gather(_ tenant: TenantID) async throws -> Int {
        var count = try await gather(tenant, urgent, day: nil)
        let now = world.now()
        if now >= now.day.start + .hours(Outbox.digestHour) {
            count += try await gather(tenant, "NOT \(urgent)", day: now.day)
        }
        return count
    }

    private let urgent: SQL = """
        (n.topic IN (\(SQL.list(NoticeTopic.urgent))) OR EXISTS (SELECT 1 FROM mail_choice c
            WHERE c.tenant = n.tenant AND c.person = n.person AND c.topic = n.topic AND c.pace = 'atOnce'))
        """

    private func gather(_ tenant: TenantID, _ which: SQL, day: Day?) async throws -> Int {
        let now = world.now()
        var count = 0
        let waits = try await database.read { connection in
            try connection.holds(
                "SELECT 1 AS one FROM mail_notice n WHERE n.tenant = \(tenant) AND n.letter IS NULL LIMIT 1")
        }
        if !waits { return 0 }
        let free: SQL =
            day.map {
                """
                 AND NOT EXISTS (SELECT 1 FROM mail_letter l
                    WHERE l.tenant = n.tenant AND l.person = n.person AND l.digest_day = \($0))
                """
            } ?? ""
        while true {
            let people: Int = try await database.write { [world] connection in
                let rows = try connection.rows(
                    """
                    SELECT DISTINCT n.person FROM mail_notice n
                    WHERE n.tenant = \(tenant) AND n.letter IS NULL AND \(which)\(free)
                    ORDER BY n.person LIMIT \(Outbox.batch)
                    """)
                for row in rows {
                    let (person, id): (ID<Person>, ID<Letter>) = (try row.get("person"), world.id())
                    // Another node may just have written this day's.
                    let isNew = try connection.run(
                        """
                        INSERT INTO mail_letter (tenant, id, person, digest_day, state, written_at, next_at, tries,
                            answer)
                        VALUES (\(tenant), \(id), \(person), \(day), 'waiting', \(now), \(now), 0, '')
                        ON CONFLICT DO NOTHING
                        """)
                    if isNew == 0 { continue }
                    try connection.run(
                        """
                        UPDATE mail_notice SET letter = \(id) WHERE tenant = \(tenant) AND person = \(person)
                            AND letter IS NULL AND EXISTS (SELECT 1 FROM mail_notice n
                                WHERE n.tenant = mail_notice.tenant AND n.person = mail_notice.person
                                AND n.kind = mail_notice.kind AND n.subject = mail_notice.subject
                                AND n.edition = mail_notice.edition AND \(which))
                        """)
                }
                return rows.count
            }
            count += people
            if people < Outbox.batch { return count }
        }
    }

    // MARK: Handing in

    /// A letter in the hands of one worker until the lease runs out.
    struct Leased: Sendable {
        let id: ID<Letter>
        let person: ID<Person>
        let writtenAt: Moment
        let tries: Int
        let triedAt: Moment?
        let token: String

        /// Longer than handing one in may take.
        static let span = Duration.minutes(5)
    }

    /// Whether a letter's turn has come.
    func isDue(of tenant: TenantID) async throws -> Bool {
        let now = world.now()
        return try await database.read { connection in
            try connection.holds(
                """
                SELECT 1 AS one FROM mail_letter
                WHERE tenant = \(tenant) AND state = 'waiting' AND next_at <= \(now) LIMIT 1
                """)
        }
    }

    /// Takes the letter whose turn it is; nil when there is none that nobody holds.
    func take(of tenant: TenantID) async throws -> Leased? {
        let (now, token) = (world.now(), world.id(Leased.self).description)
        return try await database.write { connection in
            let row = try connection.row(
                """
                SELECT id, person, written_at, tries, tried_at FROM mail_letter
                WHERE tenant = \(tenant) AND state = 'waiting' AND next_at <= \(now)
                    AND (leased_until IS NULL OR leased_until < \(now))
                ORDER BY next_at, id LIMIT 1 \(sqlite: "", postgres: "FOR UPDATE SKIP LOCKED")
                """)
            guard let row else { return nil }
            let id: ID<Letter> = try row.get("id")
            try connection.run(
                """
                UPDATE mail_letter SET lease = \(token), leased_until = \(now + Leased.span)
                WHERE tenant = \(tenant) AND id = \(id)
                """)
            return Leased(
                id: id, person: try row.get("person"), writtenAt: try row.get("written_at"),
                tries: try row.get("tries"), triedAt: try row.find("tried_at"), token: token)
        }
    }

    /// Notes what came of a letter for good; `also` does what belongs into the same transaction.
    func settle(
        _ letter: Leased, as state: Letter.State, _ answer: String, wasTried: Bool = true, of tenant: TenantID,
        also: @escaping @Sendable (any Connection, Moment) throws -> Void = { _, _ in }
    ) async throws {
        let now = world.now()
        try await database.write { connection in
            let count = try connection.run(
                """
                UPDATE mail_letter SET state = \(state), answer = \(answer), settled_at = \(now), lease = NULL,
                    leased_until = NULL, tries = tries + \(wasTried ? 1 : 0)
                WHERE tenant = \(tenant) AND id = \(letter.id) AND state = 'waiting'
                """)
            if count == 1 { try also(connection, now) }
        }
    }

    /// Puts a letter off, or gives it up when it was tried for long enough.
    func putOff(_ letter: Leased, _ answer: String, of tenant: TenantID) async throws {
        let now = world.now()
        if let first = letter.triedAt, now - first >= LetterPause.patience {
            return try await settle(letter, as: .failed, answer, of: tenant)
        }
        let pause = LetterPause.letter(after: letter.tries + 1, seed: world.seed())
        try await database.write { connection in
            try connection.run(
                """
                UPDATE mail_letter SET tries = tries + 1, tried_at = COALESCE(tried_at, \(now)),
                    next_at = \(now + pause), answer = \(answer), lease = NULL, leased_until = NULL
                WHERE tenant = \(tenant) AND id = \(letter.id) AND lease = \(letter.token)
                """)
        }
    }

    /// Gives a letter back that nothing was tried with.
    func release(_ letter: Leased, of tenant: TenantID) async throws {
        try await database.write { connection in
            try connection.run(
                """
                UPDATE mail_letter SET lease = NULL, leased_until = NULL
                WHERE tenant = \(tenant) AND id = \(letter.id) AND lease = \(letter.token)
                """)
        }
    }

    /// Drops what waited too long, and forgets what was settled long ago. For tenants without a mail server, too.
    func tidy(_ tenant: TenantID) async throws {
        let now = world.now()
        let (old, past) = (now - Outbox.age, now - Outbox.keep)
        let isEmpty = try await database.read { connection in
            try connection.row(
                """
                SELECT 1 AS one FROM mail_letter WHERE tenant = \(tenant)
                UNION ALL SELECT 1 AS one FROM mail_notice WHERE tenant = \(tenant) LIMIT 1
                """) == nil
        }
        if isEmpty { return }
        try await database.write { connection in
            try connection.run(
                """
                UPDATE mail_letter SET state = 'dropped', answer = \(Outbox.tooOld), settled_at = \(now)
                WHERE tenant = \(tenant) AND state = 'waiting' AND written_at < \(old)
                    AND (leased_until IS NULL OR leased_until < \(now))
                """)
            try connection.run(
                "DELETE FROM mail_notice WHERE tenant = \(tenant) AND letter IS NULL AND at < \(old)")
            try connection.run(
                """
                DELETE FROM mail_notice WHERE tenant = \(tenant) AND at < \(past)
                    AND letter IN (SELECT l.id FROM mail_letter l
                        WHERE l.tenant = \(tenant) AND l.settled_at < \(past))
                """)
            try connection.run(
                """
                DELETE FROM mail_letter WHERE tenant = \(tenant) AND settled_at < \(past)
                    AND NOT EXISTS (SELECT 1 FROM mail_notice n WHERE n.tenant = mail_letter.tenant
                        AND n.letter = mail_letter.id)
                """)
        }
    }

    static let tooOld = "Not sent: too old."
}
