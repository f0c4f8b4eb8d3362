public import Basis
import Storage

/// What is held about a person: the dry run of an erasure.
public struct Holdings: Sendable {
    /// How many things of a kind there are, and what erasing the person does to them.
    public struct Count: Sendable {
        /// In the plural, such as `goals`.
        public let kind: String
        public let count: Int
        public let fate: PersonalTable.Fate
    }

    public let person: PersonIdentity
    public let counts: [Count]
    /// What forbids to erase it now.
    public let hold: HoldRecord?
    /// The erasure that is under way.
    public let erasure: ErasureRecord?

    public var total: Int { counts.reduce(0) { $0 + $1.count } }

    /// Whose statements stay, without the person.
    public static let mention = "they are about somebody else; the person in them gets a pseudonym"
    /// Why a statement that voids another stays.
    static let voiding = "they void other statements, which would count again; the person gets a pseudonym"
}

extension RightsDesk {
    /// Counts everything held about a person, by kind and by what an erasure would do.
    ///
    /// - Throws: `Problem` (`person-missing`); `StorageError`.
    public func holdings(of person: ID<Person>, in tenant: TenantID) async throws -> Holdings {
        try await database.read { connection in
            let identity = try PersonIdentity(person, of: tenant, on: connection)
            let agents = try PersonAgents(identity, of: tenant, on: connection)
            var counts = try statementCounts(agents, of: tenant, on: connection)
            for table in tables {
                let count = try table.count(of: person, tenant, on: connection)
                if count > 0 { counts.append(Holdings.Count(kind: table.kind, count: count, fate: table.fate)) }
            }
            let marks = PersonMarks(identity, agents)
            for kind in papers {
                let count = try kind.count(marks, agents, tenant, on: connection)
                if count > 0 { counts.append(Holdings.Count(kind: kind.kind, count: count, fate: .erased)) }
            }
            let row = try connection.row(
                """
                SELECT * FROM erasure WHERE tenant = \(tenant) AND person = \(person)
                ORDER BY ordered_at DESC, id DESC LIMIT 1
                """)
            return Holdings(
                person: identity, counts: counts,
                hold: try activeHold(over: person, of: tenant, on: connection),
                erasure: try row.map(ErasureRecord.init))
        }
    }

    private func statementCounts(
        _ agents: PersonAgents, of tenant: TenantID, on connection: any Connection
    ) throws -> [Holdings.Count] {
        // No number is 0, so that no list is empty: `NOT IN (NULL)` holds for nothing.
        let numbers = SQL.list([0] + agents.numbers)
        let decisions = SQL.list([0] + (try verbs(Verb.decisions, of: tenant, on: connection)))
        let voided = SQL.list([0] + (try verbs([.voided], of: tenant, on: connection)))
        let own: SQL = "FROM statement s WHERE s.tenant = \(tenant) AND s.actor <> 0 AND s.actor IN (\(numbers))"
        let going: SQL = own + " AND s.verb NOT IN (\(decisions)) AND s.verb NOT IN (\(voided))"
        func count(_ kind: String, _ fate: PersonalTable.Fate, _ sql: SQL) throws -> Holdings.Count? {
            let count: Int = try connection.value("SELECT COUNT(*) AS count " + sql)
            return count == 0 ? nil : Holdings.Count(kind: kind, count: count, fate: fate)
        }
        let mentions: SQL = """
            FROM (SELECT DISTINCT r.seq FROM related_agent r JOIN statement s ON s.tenant = r.tenant AND s.seq = r.seq
                WHERE r.tenant = \(tenant) AND r.agent IN (\(numbers))
                    AND (s.actor = 0 OR s.actor NOT IN (\(numbers)))) AS named
            """
        return try [
            count("statements of the person", .erased, going),
            count(
                "attachments of them", .erased,
                """
                FROM attachment a JOIN statement s ON s.tenant = a.tenant AND s.id = a.statement
                WHERE s.tenant = \(tenant) AND s.actor <> 0 AND s.actor IN (\(numbers))
                """),
            count(
                "statements of decisions", .kept(ground: PersonalTable.accountability),
                own + " AND s.verb IN (\(decisions))"),
            count("statements that void", .kept(ground: Holdings.voiding), own + " AND s.verb IN (\(voided))"),
            count("statements of others that name the person", .kept(ground: Holdings.mention), mentions),
            count(
                "documents", .erased,
                "FROM document WHERE tenant = \(tenant) AND agent <> 0 AND agent IN (\(numbers))"),
            count(
                "changes of documents", .erased,
                """
                FROM document_change
                WHERE tenant = \(tenant) AND agent <> 0 AND agent IN (\(numbers)) AND salt IS NOT NULL
                """),
        ].compactMap { $0 }
    }

    /// The numbers of verbs that were ever used.
    func verbs(_ verbs: [Verb], of tenant: TenantID, on connection: any Connection) throws -> [Int] {
        try connection.rows(
            "SELECT number FROM verb WHERE tenant = \(tenant) AND iri IN (\(SQL.list(verbs.map(\.iri))))"
        ).map { try $0.get("number") }
    }
}
