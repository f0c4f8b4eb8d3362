public import Basis
import Crypto
import Foundation
import Storage

/// A person's calendar under a secret address, which calendar programs read without signing in.
public struct CalendarFeed: Hashable, Sendable {
    public let createdAt: Moment
    /// When it was read last, to the hour; nil when it never was.
    public let readAt: Moment?
}

extension CertificationBook {
    /// Makes a person's secret address, or a new one in place of the old, which ends at once. Only its hash is kept, so
    /// it is told this once.
    ///
    /// - Returns: The secret. Shape: 48 hexadecimal digits, 192 random bits.
    public func makeFeed(for person: ID<Person>, of tenant: TenantID) async throws -> String {
        let digits = Array("0123456789abcdef")
        let secret = world.bytes(24).reduce(into: "") { text, byte in
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        let (hash, now) = (CertificationBook.hash(secret), world.now())
        try await database.write { connection in
            try connection.run(
                """
                INSERT INTO calendar_feed (tenant, person, secret_hash, created_at)
                VALUES (\(tenant), \(person), \(hash), \(now))
                ON CONFLICT (tenant, person) DO UPDATE SET secret_hash = excluded.secret_hash,
                    created_at = excluded.created_at, read_at = NULL
                """)
        }
        return secret
    }

    /// Ends a person's secret address. Doing it twice changes nothing.
    public func revokeFeed(of person: ID<Person>, in tenant: TenantID) async throws {
        try await database.write { connection in
            try connection.run("DELETE FROM calendar_feed WHERE tenant = \(tenant) AND person = \(person)")
        }
    }

    /// Whether a person has a secret address.
    public func feed(of person: ID<Person>, in tenant: TenantID) async throws -> CalendarFeed? {
        try await database.read { connection in
            try connection.row("SELECT * FROM calendar_feed WHERE tenant = \(tenant) AND person = \(person)")
                .map { CalendarFeed(createdAt: try $0.get("created_at"), readAt: try $0.find("read_at")) }
        }
    }

    /// Whose calendar a secret opens; nil for any other text, and for who is no longer active.
    public func reader(secret: String) async throws -> (tenant: TenantID, person: ID<Person>)? {
        let (hash, now) = (CertificationBook.hash(secret), world.now())
        let found = try await database.read { connection in
            try connection.row(
                """
                SELECT f.tenant AS tenant, f.person AS person, f.read_at AS read_at FROM calendar_feed f
                JOIN person p ON p.tenant = f.tenant AND p.id = f.person
                WHERE f.secret_hash = \(hash) AND p.is_active = 1
                """
            ).map {
                (
                    tenant: try $0.get("tenant", as: TenantID.self), person: try $0.get("person", as: ID<Person>.self),
                    readAt: try $0.find("read_at", as: Moment.self)
                )
            }
        }
        guard let found else { return nil }
        if found.readAt.map({ now - $0 > .hours(1) }) ?? true {
            try await database.write { connection in
                try connection.run(
                    """
                    UPDATE calendar_feed SET read_at = \(now)
                    WHERE tenant = \(found.tenant) AND person = \(found.person)
                    """)
            }
        }
        return (found.tenant, found.person)
    }

    /// The days that a person's certifications name: when the open or the next cycle opens and is due, and until when
    /// each certificate holds. `link` is the absolute address of the learner's page; empty for none.
    public func calendar(
        of person: ID<Person>, link: String, in tenant: TenantID
    ) async throws -> [CalendarEntry] {
        let today = world.now().day
        return try await database.read { connection in
            let rows = try connection.rows(
                """
                SELECT a.person AS person, a.revision AS revision, a.state AS state, a.events AS events,
                    a.lines AS lines, a.seen_at AS seen_at, c.id AS id, c.title AS title, c.why AS why,
                    p.name AS asker
                FROM certification_assignment a
                JOIN certification c ON c.tenant = a.tenant AND c.id = a.certification
                LEFT JOIN person p ON p.tenant = c.tenant AND p.id = c.asker
                WHERE a.tenant = \(tenant) AND a.person = \(person) AND a.is_asked = 1 AND a.is_employed = 1
                ORDER BY c.id
                """)
            return try rows.flatMap { row in
                try CertificationBook.entries(
                    of: CertificationSeat(row), row.get("id"), row.get("title"),
                    "Asked by \(row.find("asker", as: String.self) ?? "nobody"): \(row.get("why", as: String.self))",
                    link, today)
            }
        }
    }

    private static func entries(
        of seat: CertificationSeat, _ id: ID<Mandate>, _ title: String, _ words: String, _ link: String, _ today: Day
    ) -> [CalendarEntry] {
        let state = seat.state
        func entry(_ kind: String, _ cycle: Int, _ day: Day, _ summary: String, _ remindDays: [Int]) -> CalendarEntry {
            let key = CycleKey(mandate: id, person: seat.person, number: cycle)
            return CalendarEntry(
                uid: "\(key.registration)-\(kind)@leeway", day: day, summary: summary, description: words, link: link,
                remindDays: remindDays, sequence: seat.lineCount, stamp: seat.seenAt)
        }
        var entries: [CalendarEntry] = []
        if let current = state.current, !state.isExcused(on: current.dueOn) {
            entries.append(entry("due", current.number, current.dueOn, "Due: \(title)", [7, 1]))
        }
        if let next = state.scheduled {
            let number = state.count + 1
            entries.append(entry("opens", number, next.opensOn, "Can be renewed from today: \(title)", []))
            entries.append(entry("due", number, next.dueOn, "Due: \(title)", [7, 1]))
        }
        if let last = state.certificateUntil, last >= today {
            entries.append(entry("ends", state.count, last, "Last day of the certificate: \(title)", [14]))
        }
        return entries
    }

    private static func hash(_ secret: String) -> [UInt8] { Array(SHA256.hash(data: Data(secret.utf8))) }
}
