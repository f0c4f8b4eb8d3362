public import Basis
public import Storage

/// What strategies keep of letters.
enum StrategyLetterSchema {
    /// When a letter about it was taken by the mail server. Whether it was opened is never known.
    static let migrations = [
        Migration(
            "strategy-0001-letters", "ALTER TABLE strategy_delivery ADD COLUMN mailed_at \(type: .integer)")
    ]
}

extension StrategyBook {
    /// Notes that a letter brought a version to a person, too. The first one counts.
    public func noteMailed(
        _ id: ID<Strategy>, version: Int, to person: ID<Person>, of tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws {
        try connection.run(
            """
            UPDATE strategy_delivery SET mailed_at = \(now)
            WHERE tenant = \(tenant) AND strategy = \(id) AND version = \(version) AND person = \(person)
                AND mailed_at IS NULL
            """)
    }
}
