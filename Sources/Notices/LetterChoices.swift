public import Basis
public import Storage

/// How people want their letters.
public struct LetterChoices: Sendable {
    private let database: any Database

    /// - Parameter database: Migrated.
    public init(database: any Database) { self.database = database }

    /// How a person has the letters of each topic: urgent ones at once, others once a day unless chosen otherwise.
    public func paces(of person: ID<Person>, in tenant: TenantID) async throws -> [NoticeTopic: LetterPace] {
        let rows = try await database.read { connection in
            try connection.rows(
                "SELECT topic, pace FROM mail_choice WHERE tenant = \(tenant) AND person = \(person)")
        }
        var paces = Dictionary(
            uniqueKeysWithValues: NoticeTopic.allCases.map { ($0, $0.isUrgent ? LetterPace.atOnce : .daily) })
        for row in rows { paces[try row.get("topic")] = try row.get("pace", as: LetterPace.self) }
        return paces
    }

    /// Chooses. What waits of a topic that is switched off is not sent.
    ///
    /// - Throws: `Problem` (`letters-mandatory`) at the topic that does not allow it; then nothing is changed.
    public func choose(
        _ paces: [NoticeTopic: LetterPace], for person: ID<Person>, in tenant: TenantID
    ) async throws {
        let refused = paces.filter { topic, pace in
            topic.isUrgent ? pace != .atOnce : !topic.paces.contains(pace)
        }.keys.sorted { $0.rawValue < $1.rawValue }
        if !refused.isEmpty {
            throw Problem(
                .invalid, "letters-mandatory",
                "These letters ask something that has to be done, so they can’t be switched off.",
                at: refused.map { "/\($0.rawValue)" })
        }
        try await database.write { connection in
            for (topic, pace) in paces.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where !topic.isUrgent {
                try connection.run(
                    """
                    DELETE FROM mail_choice
                    WHERE tenant = \(tenant) AND person = \(person) AND topic = \(topic)
                    """)
                if pace == .daily { continue }
                try connection.run(
                    """
                    INSERT INTO mail_choice (tenant, person, topic, pace)
                    VALUES (\(tenant), \(person), \(topic), \(pace))
                    """)
                if pace == .never {
                    try connection.run(
                        """
                        DELETE FROM mail_notice
                        WHERE tenant = \(tenant) AND person = \(person) AND topic = \(topic) AND letter IS NULL
                        """)
                }
            }
        }
    }
}
