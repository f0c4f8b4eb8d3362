import Basis
import Evidence
import Storage

/// A link in the hands of one worker, which alone may move its place until the lease runs out.
struct LeasedLink: Sendable {
    var link: LinkRecord
    let secret: KeptSecret
    let token: String

    /// Longer than any single request may take.
    static let span = Duration.seconds(120)
}

/// How a try ended, for the link's next turn.
enum Turn: Sendable {
    /// There is more: go on at once.
    case more
    /// All is done for now.
    case rest
    /// It failed as a whole, for this reason; the other side may have said how long to wait.
    case failed(String, wait: Duration?)
}

extension ExchangeBook {
    /// The links whose turn it is and that nobody holds.
    func due() async throws -> [(tenant: TenantID, id: ID<Link>)] {
        let now = world.now()
        return try await database.read { connection in
            try connection.rows(
                """
                SELECT tenant, id FROM exchange_link
                WHERE state = 'on' AND next_at <= \(now) AND (leased_until IS NULL OR leased_until < \(now))
                ORDER BY next_at, id LIMIT 64
                """
            ).map { (try $0.get("tenant"), try $0.get("id")) }
        }
    }

    /// Takes a link whose turn it is; nil when somebody else did meanwhile.
    func take(_ id: ID<Link>, of tenant: TenantID) async throws -> LeasedLink? {
        let (now, token) = (world.now(), world.id(LeasedLink.self).description)
        return try await database.write { connection in
            let count = try connection.run(
                """
                UPDATE exchange_link SET lease = \(token), leased_until = \(now + LeasedLink.span)
                WHERE tenant = \(tenant) AND id = \(id) AND state = 'on' AND next_at <= \(now)
                    AND (leased_until IS NULL OR leased_until < \(now))
                """)
            if count == 0 { return nil }
            let row = try connection.row("SELECT * FROM exchange_link WHERE tenant = \(tenant) AND id = \(id)")
            return try row.map { LeasedLink(link: try LinkRecord($0), secret: try KeptSecret($0), token: token) }
        }
    }

    /// Moves a link's place, notes what went, and holds on to it.
    ///
    /// - Throws: `LeaseLost` when somebody else holds the link by now, or it was paused or removed.
    func advance(
        _ leased: LeasedLink, to place: Int, moved: Int, letters: [Letter] = []
    ) async throws {
        let now = world.now()
        try await database.write { connection in
            let count = try connection.run(
                """
                UPDATE exchange_link SET place = \(place), moved = moved + \(moved), failures = 0,
                    failing_since = NULL, last_error = '', leased_until = \(now + LeasedLink.span),
                    last_moved_at = CASE WHEN \(moved) > 0 THEN \(now) ELSE last_moved_at END
                WHERE tenant = \(leased.link.tenant) AND id = \(leased.link.id) AND lease = \(leased.token)
                """)
            if count == 0 { throw LeaseLost() }
            for letter in letters { try keep(letter, of: leased.link, at: now, on: connection) }
        }
    }

    /// Gives a link back, with when it is tried next.
    func end(_ leased: LeasedLink, _ turn: Turn, idle: Duration) async throws {
        let (now, link) = (world.now(), leased.link)
        let next: Moment
        switch turn {
        case .more: next = now
        case .rest: next = now + idle
        case .failed(let error, let wait):
            let pause = max(Backoff.pause(after: link.failures + 1, seed: world.seed()), min(wait ?? .zero, .hours(1)))
            try await database.write { connection in
                try connection.run(
                    """
                    UPDATE exchange_link SET failures = failures + 1, last_error = \(error), next_at = \(now + pause),
                        failing_since = COALESCE(failing_since, \(now)), lease = NULL, leased_until = NULL
                    WHERE tenant = \(link.tenant) AND id = \(link.id) AND lease = \(leased.token)
                    """)
            }
            return
        }
        try await database.write { connection in
            try connection.run(
                """
                UPDATE exchange_link SET failures = 0, failing_since = NULL, last_error = '', next_at = \(next),
                    lease = NULL, leased_until = NULL
                WHERE tenant = \(link.tenant) AND id = \(link.id) AND lease = \(leased.token)
                """)
        }
    }

    // MARK: Letters

    /// Something that cannot be delivered, or stored.
    struct Letter: Sendable {
        let statements: [String]
        var body: [UInt8]?
        let error: String

        /// Its first statement names it.
        var name: String { statements.first ?? "" }
    }

    func keep(_ letter: Letter, of link: LinkRecord, at now: Moment, on connection: any Connection) throws {
        try connection.run(
            """
            INSERT INTO exchange_letter (tenant, link, statement, statements, body, error, state, failed_at)
            VALUES (\(link.tenant), \(link.id), \(letter.name), \(letter.statements.joined(separator: " ")),
                \(letter.body), \(letter.error), 'dead', \(now))
            ON CONFLICT (tenant, link, statement) DO UPDATE SET statements = excluded.statements,
                body = excluded.body, error = excluded.error, state = 'dead', failed_at = excluded.failed_at
            """)
    }

    /// Letters to be tried again.
    func queuedLetters(of link: LinkRecord) async throws -> [Letter] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT statements, body, error FROM exchange_letter
                WHERE tenant = \(link.tenant) AND link = \(link.id) AND state = 'queued'
                ORDER BY failed_at, statement LIMIT 20
                """
            ).map { row in
                Letter(
                    statements: try row.get("statements", as: String.self).split(separator: " ").map(String.init),
                    body: try row.find("body"), error: try row.get("error"))
            }
        }
    }

    /// Takes a delivered letter away, or puts it back among the dead.
    func settle(_ letter: Letter, of link: LinkRecord, error: String?) async throws {
        let now = world.now()
        try await database.write { connection in
            if let error {
                let again = Letter(statements: letter.statements, body: letter.body, error: error)
                try keep(again, of: link, at: now, on: connection)
            } else {
                try connection.run(
                    """
                    DELETE FROM exchange_letter
                    WHERE tenant = \(link.tenant) AND link = \(link.id) AND statement = \(letter.name)
                    """)
            }
        }
    }
}

/// Somebody else holds the link by now.
struct LeaseLost: Error {}

/// How long to wait after a failure.
enum Backoff {
    /// Doubling from two seconds to an hour, half of it by chance, so that many links do not come back at once.
    static func pause(after failures: Int, seed: UInt64) -> Duration {
        let whole = min(3_600, Double(1 << min(max(failures, 1), 12)))
        let share = Double(seed >> 11) / Double(1 << 53)
        return .milliseconds(Int64(whole * (0.5 + share / 2) * 1_000))
    }
}
