public import Basis
public import Storage

/// One governance change: who did what to what, when and why. Never edited.
public struct Change: Hashable, Sendable {
    /// What was done.
    public enum What: String, CaseIterable, Storable, Sendable {
        case registered, drafted, revised, published, superseded, withdrawn, discarded, retired, restored, overridden
        case moved, proposed, accepted, declined, ended, refreshed
        case classified, delegated, promoted, adapted, stopped
        case escalated, decided, excused, extended
    }

    /// What it was done to.
    public enum Subject: Hashable, Sendable {
        case strategy(ID<Strategy>)
        case use(ID<AIUse>)
        case mandate(ID<Mandate>)
        case policy
        case experiment(ID<Experiment>)
        case document(ID<PolicyDocument>)
        /// The access rules.
        case rules
        case escalation(ID<Escalation>)
    }

    public let id: ID<Change>
    public let subject: Subject
    public let what: What
    public let by: ID<Person>
    public let at: Moment
    public let reason: String
    /// What changed, in plain words, such as “minutes 45 → 60”.
    public let detail: String
}

/// The history of everything that Intent keeps.
public struct ChangeLog: Sendable {
    private let database: any Database

    public init(database: any Database, world: World) {
        self.database = database
    }

    /// The newest first.
    public func changes(of subject: Change.Subject, in tenant: TenantID, limit: Int = 200) async throws -> [Change] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT * FROM intent_change
                WHERE tenant = \(tenant) AND subject_kind = \(subject.kind) AND subject = \(subject.key)
                ORDER BY at DESC, id DESC LIMIT \(limit)
                """
            ).map(Change.init)
        }
    }

    /// The newest changes of anything first: what happened lately.
    public func latest(in tenant: TenantID, limit: Int = 50) async throws -> [Change] {
        try await database.read { connection in
            try connection.rows(
                "SELECT * FROM intent_change WHERE tenant = \(tenant) ORDER BY at DESC, id DESC LIMIT \(limit)"
            ).map(Change.init)
        }
    }
}

extension Change.Subject {
    var kind: String {
        switch self {
        case .strategy: "strategy"
        case .use: "use"
        case .mandate: "mandate"
        case .policy: "policy"
        case .experiment: "experiment"
        case .document: "document"
        case .rules: "rules"
        case .escalation: "escalation"
        }
    }

    var key: String {
        switch self {
        case .strategy(let id): id.description
        case .use(let id): id.description
        case .mandate(let id): id.description
        case .policy: "policy"
        case .experiment(let id): id.description
        case .document(let id): id.description
        case .rules: "rules"
        case .escalation(let id): id.description
        }
    }

    init?(kind: String, key: String) {
        switch kind {
        case "strategy":
            guard let id = ID<Strategy>(key) else { return nil }
            self = .strategy(id)
        case "use":
            guard let id = ID<AIUse>(key) else { return nil }
            self = .use(id)
        case "mandate":
            guard let id = ID<Mandate>(key) else { return nil }
            self = .mandate(id)
        case "policy": self = .policy
        case "experiment":
            guard let id = ID<Experiment>(key) else { return nil }
            self = .experiment(id)
        case "document":
            guard let id = ID<PolicyDocument>(key) else { return nil }
            self = .document(id)
        case "rules": self = .rules
        case "escalation":
            guard let id = ID<Escalation>(key) else { return nil }
            self = .escalation(id)
        default: return nil
        }
    }
}

extension Change {
    init(_ row: Row) throws {
        guard let subject = Subject(kind: try row.get("subject_kind"), key: try row.get("subject")) else {
            throw StorageError.mistyped(column: "subject")
        }
        self.init(
            id: try row.get("id"), subject: subject, what: try row.get("what"), by: try row.get("person"),
            at: try row.get("at"), reason: try row.get("reason"), detail: try row.get("detail"))
    }
}
