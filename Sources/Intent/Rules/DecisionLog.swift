public import Basis
import JSON
public import Storage

/// What the access rules decided in the last days.
public struct DecisionLog: Sendable {
    let database: any Database
    let world: World

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
    }

    /// One decision of one day, with how often it was taken.
    public struct Entry: Hashable, Sendable {
        public let day: Day
        public let action: AccessAction
        /// Who asked; nil for a program.
        public let person: ID<Person>?
        /// Whom it was about; nil where it was about nobody.
        public let about: ID<Person>?
        /// As a policy names it, such as `AIUse::"…"`.
        public let resource: String
        public let isAllowed: Bool
        /// Of the rules that decided.
        public let version: Int
        /// The ids of the policies that decided.
        public let determining: [String]
        /// What could not be evaluated, in sentences.
        public let failures: [String]
        public let times: Int
        public let firstAt: Moment
        public let lastAt: Moment
    }

    /// How often something was decided.
    public struct Count: Hashable, Sendable {
        public let action: AccessAction
        public let isAllowed: Bool
        public let times: Int
        /// How many people asked.
        public let people: Int
    }

    /// The first day of the last `days` days, today among them.
    func first(ofLast days: Int) -> Day { world.now().day + (1 - max(1, days)) }

    /// What was decided in the last days, in the order of the actions.
    public func counts(of tenant: TenantID, days: Int) async throws -> [Count] {
        let first = first(ofLast: days)
        let counts = try await database.read { connection in
            try connection.rows(
                """
                SELECT action, is_allowed, CAST(SUM(times) AS \(sqlite: "INTEGER", postgres: "BIGINT")) AS times,
                    COUNT(DISTINCT person) AS people
                FROM policy_decision WHERE tenant = \(tenant) AND day >= \(first) GROUP BY action, is_allowed
                """
            ).map {
                Count(
                    action: try $0.get("action"), isAllowed: try $0.get("is_allowed"), times: try $0.get("times"),
                    people: try $0.get("people"))
            }
        }
        let order = Dictionary(uniqueKeysWithValues: AccessAction.allCases.enumerated().map { ($1, $0) })
        return counts.sorted {
            (order[$0.action] ?? 0, $0.isAllowed ? 0 : 1) < (order[$1.action] ?? 0, $1.isAllowed ? 0 : 1)
        }
    }

    /// The latest refusals first.
    public func denials(of tenant: TenantID, days: Int, limit: Int = 50) async throws -> [Entry] {
        let first = first(ofLast: days)
        return try await database.read { connection in
            try connection.rows(
                """
                SELECT * FROM policy_decision WHERE tenant = \(tenant) AND is_allowed = 0
                    AND last_at >= \(first.start)
                ORDER BY last_at DESC LIMIT \(limit)
                """
            ).map(Entry.init)
        }
    }

    /// What was decided for a person and about a person, the latest first.
    public func decisions(
        concerning person: ID<Person>, of tenant: TenantID, limit: Int = 50
    ) async throws -> [Entry] {
        try await database.read { connection in
            let own = try connection.rows(
                """
                SELECT * FROM policy_decision WHERE tenant = \(tenant) AND person = \(person)
                ORDER BY last_at DESC LIMIT \(limit)
                """)
            let about = try connection.rows(
                """
                SELECT * FROM policy_decision WHERE tenant = \(tenant) AND about = \(person)
                    AND (person IS NULL OR person <> \(person))
                ORDER BY last_at DESC LIMIT \(limit)
                """)
            return Array(
                try (own + about).map(Entry.init).sorted { $0.lastAt > $1.lastAt }.prefix(limit))
        }
    }
}

extension DecisionLog.Entry {
    init(_ row: Row) throws {
        self.init(
            day: try row.get("day"), action: try row.get("action"), person: try row.find("person"),
            about: try row.find("about"), resource: try row.get("resource"), isAllowed: try row.get("is_allowed"),
            version: try row.get("version"), determining: try Self.texts(row, "determining"),
            failures: try Self.texts(row, "failures"), times: try row.get("times"), firstAt: try row.get("first_at"),
            lastAt: try row.get("last_at"))
    }

    private static func texts(_ row: Row, _ column: String) throws -> [String] {
        try JSONValue(parsing: try row.get(column, as: String.self)).array?.compactMap(\.string) ?? []
    }
}
