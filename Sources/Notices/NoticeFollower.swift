import Basis
import Intent
import People
import Storage

/// What a look at the events covers.
struct NoticeWindow: Sendable {
    let tenant: TenantID
    /// Events after it.
    let from: Moment
    /// What happened before is told to nobody: when letters were switched on, and at most a week ago.
    let since: Moment
    /// When the last look was noted.
    let last: Moment
    let now: Moment
    /// Whether what a new day brings, and late joiners, are looked for too.
    let isWhole: Bool

    var today: Day { now.day }
}

/// Reads what happened in the domains, and notes who is to be told of it.
///
/// The domains know nothing of letters: what they wrote in the transaction of each event is what is read here. Whom an
/// event concerns follows from those rows alone, and each notice has the cause as its key; so a look that is cut short
/// or made twice, by one node or many, loses nothing and adds nothing twice.
struct NoticeFollower: Sendable {
    /// So old may be what is told.
    static let age = Duration.days(7)
    /// Looks overlap by this much, for transactions that ended later than they began.
    static let overlap = Duration.minutes(10)
    /// So often it is noted how far a look came that found nothing.
    static let noteInterval = Duration.minutes(5)
    /// Notices written in one transaction.
    static let batch = 20_000

    let database: any Database
    let world: World
    let mail: MailBook
    let documents: PolicyDocumentBook

    init(database: any Database, world: World, mail: MailBook) {
        self.database = database
        self.world = world
        self.mail = mail
        documents = PolicyDocumentBook(database: database, world: world)
    }

    /// Looks at what happened since the last look, and once a day at all of the week.
    ///
    /// - Returns: How many notices are new; 0 while letters are off.
    @discardableResult
    func follow(_ tenant: TenantID) async throws -> Int {
        guard let window = try await window(of: tenant) else { return 0 }
        var count = 0
        for source in NoticeSource.all where window.isWhole || !source.isDaily {
            while true {
                let found = try await missing(source, window)
                count += try await write(found, source.kind, tenant)
                if found.count < NoticeFollower.batch { break }
            }
        }
        count += try await followPolicies(window)
        if count == 0, !window.isWhole, window.now - window.last < NoticeFollower.noteInterval { return 0 }
        try await database.write { connection in
            try connection.run(
                """
                UPDATE mail_settings SET followed_at = \(window.now),
                    followed_day = CASE WHEN \(window.isWhole) = 1 THEN \(window.today) ELSE followed_day END
                WHERE tenant = \(tenant)
                """)
        }
        return count
    }

    private func window(of tenant: TenantID) async throws -> NoticeWindow? {
        let now = world.now()
        let row = try await database.read { connection in
            try connection.row(
                """
                SELECT since, followed_at, followed_day FROM mail_settings
                WHERE tenant = \(tenant) AND state = 'on'
                """)
        }
        guard let row else { return nil }
        let since = max(try row.get("since", as: Moment.self), now - NoticeFollower.age)
        let isWhole = try row.find("followed_day", as: Day.self).map { $0 < now.day } ?? true
        let last = try row.find("followed_at", as: Moment.self) ?? since
        return NoticeWindow(
            tenant: tenant, from: isWhole ? since : max(since, last - NoticeFollower.overlap), since: since,
            last: last, now: now, isWhole: isWhole)
    }

    /// Somebody to be told of something.
    private struct Found: Sendable {
        let person: ID<Person>
        let subject: String
        let edition: Int
        let at: Moment
    }

    /// Whom an event concerns and who is not noted yet: active people with a mailbox who did not switch it off.
    private func missing(_ source: NoticeSource, _ window: NoticeWindow) async throws -> [Found] {
        let (tenant, kind) = (window.tenant, source.kind)
        let sql: SQL = """
            SELECT s.person, s.subject, s.edition, s.at FROM (\(source.sql(window))) s
            \(NoticeFollower.reachable(tenant, kind.topic, "s.person"))
            AND NOT EXISTS (SELECT 1 FROM mail_notice n WHERE n.tenant = \(tenant) AND n.person = s.person
                AND n.kind = \(kind) AND n.subject = s.subject AND n.edition = s.edition)
            LIMIT \(NoticeFollower.batch)
            """
        return try await database.read { connection in
            try connection.rows(sql).map { row in
                Found(
                    person: try row.get("person"), subject: try row.get("subject"), edition: try row.get("edition"),
                    at: try row.get("at"))
            }
        }
    }

    private static func reachable(_ tenant: TenantID, _ topic: NoticeTopic, _ person: SQL) -> SQL {
        """
        JOIN person p ON p.tenant = \(tenant) AND p.id = \(person)
        LEFT JOIN mail_choice c ON c.tenant = \(tenant) AND c.person = p.id AND c.topic = \(topic)
        WHERE p.is_active = 1 AND p.email IS NOT NULL AND (c.pace IS NULL OR c.pace <> 'never')
        """
    }

    private func write(_ found: [Found], _ kind: NoticeKind, _ tenant: TenantID) async throws -> Int {
        if found.isEmpty { return 0 }
        return try await database.write { connection in
            try connection.bulk(
                "mail_notice", ["tenant", "person", "kind", "subject", "edition", "topic", "at"],
                found.map { one in
                    [
                        tenant.stored, one.person.stored, kind.stored, one.subject.stored, one.edition.stored,
                        kind.topic.stored, one.at.stored,
                    ]
                }, on: .skip)
        }
    }

    // MARK: Policies

    /// A policy's audience is a rule, so who has to accept it is asked of the domain.
    private func followPolicies(_ window: NoticeWindow) async throws -> Int {
        var count = 0
        for record in try await documents.list(of: window.tenant) {
            guard
                let document = try await documents.versions(of: record.id, in: window.tenant).first(where: {
                    $0.state == .published && $0.isMaterial
                }), let at = document.publishedAt, at > window.from,
                let coverage = try await documents.coverage(of: document.id, in: window.tenant)
            else { continue }
            for start in stride(from: 0, to: coverage.missing.count, by: 500) {
                let some = Array(coverage.missing[start..<min(start + 500, coverage.missing.count)])
                let found = try await database.read { connection in
                    try connection.rows(
                        """
                        SELECT q.id AS id FROM person q
                        \(NoticeFollower.reachable(window.tenant, .policies, "q.id"))
                        AND q.tenant = \(window.tenant) AND q.id IN (\(SQL.list(some)))
                        """
                    ).map { row in
                        Found(
                            person: try row.get("id"), subject: document.id.description, edition: document.version,
                            at: at)
                    }
                }
                count += try await write(found, .policyToAccept, window.tenant)
            }
        }
        return count
    }
}
