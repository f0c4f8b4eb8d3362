public import Basis
import Storage

extension StatementLog {
    /// How many statements that are not voided have the person as their actor.
    public func count(by person: ID<Person>, of tenant: TenantID) async throws -> Int {
        try await database.read { connection in
            try connection.value(
                """
                SELECT COUNT(*) AS count FROM agent
                \(SQL.inOrder) statement ON statement.tenant = agent.tenant AND statement.actor = agent.number
                WHERE agent.tenant = \(tenant) AND agent.person = \(person) AND statement.voided = 0
                """)
        }
    }
}

extension Duration {
    /// Reads an ISO 8601 duration, such as `PT12M30S`, as xAPI writes it; nil when it is malformed.
    public init?(iso8601 text: String) {
        guard let duration = ISODuration(text) else { return nil }
        self = .microseconds(duration.microseconds)
    }
}
