public import Basis
import Storage

extension ExperimentBook {
    /// One experiment; nil when there is none.
    public func find(_ id: ID<Experiment>, of tenant: TenantID) async throws -> ExperimentRecord? {
        try await database.read { try records("e.id = \(id)", tenant, on: $0).first }
    }

    /// The newest first.
    public func list(
        of tenant: TenantID, state: ExperimentRecord.State? = nil, limit: Int = 500
    ) async throws -> [ExperimentRecord] {
        try await database.read { connection in
            try records(state.map { "e.state = \($0)" } ?? "1 = 1", tenant, limit: limit, on: connection)
        }
    }

    /// What a person began, the newest first.
    public func begun(by person: ID<Person>, of tenant: TenantID) async throws -> [ExperimentRecord] {
        try await database.read { try records("e.by_person = \(person)", tenant, on: $0) }
    }

    /// Whether a person follows an experiment.
    public func follows(
        _ person: ID<Person>, _ id: ID<Experiment>, of tenant: TenantID
    ) async throws -> Bool {
        try await database.read { connection in
            try connection.holds(
                """
                SELECT since FROM experiment_follower
                WHERE tenant = \(tenant) AND experiment = \(id) AND person = \(person)
                """)
        }
    }

    /// What was remarked, the earliest first.
    public func comments(
        on id: ID<Experiment>, of tenant: TenantID, limit: Int = 500
    ) async throws -> [ExperimentComment] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT * FROM experiment_comment WHERE tenant = \(tenant) AND experiment = \(id)
                ORDER BY at, id LIMIT \(limit)
                """
            ).map {
                ExperimentComment(
                    id: try $0.get("id"), person: try $0.find("person"), body: try $0.get("body"), at: try $0.get("at"))
            }
        }
    }

    func records(
        _ condition: SQL, _ tenant: TenantID, limit: Int = 500, on connection: any Connection
    ) throws -> [ExperimentRecord] {
        try connection.rows(
            """
            SELECT e.*,
                (SELECT COUNT(*) FROM experiment_follower f
                    WHERE f.tenant = e.tenant AND f.experiment = e.id) AS followers,
                (SELECT COUNT(*) FROM experiment_comment c
                    WHERE c.tenant = e.tenant AND c.experiment = e.id) AS comments
            FROM experiment e WHERE e.tenant = \(tenant) AND \(condition)
            ORDER BY e.created_at DESC, e.id DESC LIMIT \(limit)
            """
        ).map(ExperimentRecord.init)
    }
}

extension ExperimentRecord {
    fileprivate init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), revision: try row.get("revision"), title: try row.get("title"),
            tool: try row.get("tool"), idea: try row.get("idea"), learned: try row.get("learned"),
            data: try Set(row).ordered, state: try row.get("state"),
            by: try row.get("by_person"), until: try row.get("until_day"), createdAt: try row.get("created_at"),
            settledAt: try row.find("settled_at"), settledBy: try row.find("settled_by"), reason: try row.get("reason"),
            use: try row.find("ai_use"), followers: try row.get("followers"), comments: try row.get("comments"))
    }
}
