import Basis
import Storage

/// Rows on their way into `statement` and the tables beside it, and their leaves on the way into the ledger.
struct StatementTable {
    private let tenant: TenantID
    private let authority: NameCache.Writer
    private let storedAt: Moment
    private var statements: [[Value]] = []
    private var activities: [[Value]] = []
    private var agents: [[Value]] = []
    private var references: [[Value]] = []
    private var first: Int?
    private var leaves: [UInt8] = []
    /// By the number of the authority: one batch is stored at one moment, mostly by one.
    private var assignments: [Int: LeafAssignment] = [:]

    private static let columns = [
        "tenant", "seq", "id", "stored_at", "timestamp_at", "actor", "verb", "activity", "registration", "success",
        "completion", "scaled", "duration_us", "choice", "voided", "authority", "edition", "body", "salt",
    ]

    init(tenant: TenantID, authority: NameCache.Writer, storedAt: Moment, capacity: Int) {
        self.tenant = tenant
        self.authority = authority
        self.storedAt = storedAt
        statements.reserveCapacity(capacity)
        leaves.reserveCapacity(capacity * Commitment.byteCount)
    }

    /// Adds a statement whose names are all known. Sequences follow one another. `own` vouched for it elsewhere.
    mutating func append(
        _ entry: StatementBatch.Entry, _ commitment: Commitment, sequence: Int,
        authority own: NameCache.Writer?, names: NameNumbers
    ) {
        commit(commitment, by: own ?? authority, sequence)
        let facts = entry.facts
        let actor = facts.actor.flatMap { names.agent($0.agent.canonical) } ?? 0
        statements.append([
            tenant.stored, sequence.stored, .bytes(entry.id.bytes), storedAt.stored,
            (facts.timestamp ?? storedAt).stored, actor.stored, (names.verb(facts.verb) ?? 0).stored,
            value(facts.activity.flatMap { names.activity($0.iri)?.number }), value(facts.registration),
            value(facts.success), value(facts.completion), value(facts.scaled), value(facts.duration),
            value(facts.choice?.rawValue), .integer(0), (own ?? authority).number.stored, entry.version.rawValue.stored,
            .bytes(entry.body), .bytes(commitment.salt),
        ])
        for number in Set(facts.activities.compactMap { names.activity($0.iri)?.number }).sorted() {
            activities.append([tenant.stored, number.stored, sequence.stored])
        }
        var numbers: [Int: Bool] = [:]
        for (agent, isDirect) in facts.agents {
            guard let number = names.agent(agent.agent.canonical), number != actor else { continue }
            numbers[number] = isDirect || numbers[number] ?? false
        }
        // Who vouched for it elsewhere may be a person, who can ask for it and have it erased.
        if let own, own.number != actor, numbers[own.number] == nil { numbers[own.number] = false }
        for (number, isDirect) in numbers.sorted(by: { $0.key < $1.key }) {
            agents.append([tenant.stored, number.stored, sequence.stored, isDirect.stored])
        }
        if let target = facts.target {
            references.append([tenant.stored, .bytes(target.bytes), sequence.stored, facts.isVoiding.stored])
        }
    }

    /// Adds a draft whose names are all known; `actor` is the number of its actor's agent.
    mutating func append(_ draft: RenderedDraft, sequence: Int, by actor: Int, names: NameNumbers) {
        commit(draft.commitment, by: authority, sequence)
        statements.append([
            tenant.stored, sequence.stored, .bytes(draft.id.bytes), storedAt.stored,
            (draft.timestamp ?? storedAt).stored, actor.stored, (names.verb(draft.verb) ?? 0).stored,
            value(names.activity(draft.activity.iri)?.number), value(draft.registration),
            value(draft.success), value(draft.completion), value(draft.scaled), value(draft.duration),
            value(draft.choice), .integer(0), authority.number.stored, XAPIVersion.one.rawValue.stored,
            .bytes(draft.body),
            .bytes(draft.commitment.salt),
        ])
        for number in draft.related.compactMap({ names.activity($0)?.number }).sorted() {
            activities.append([tenant.stored, number.stored, sequence.stored])
        }
    }

    private mutating func commit(_ commitment: Commitment, by authority: NameCache.Writer, _ sequence: Int) {
        if first == nil { first = sequence }
        let known = assignments[authority.number]
        let assignment = known ?? LeafAssignment(storedAt: storedAt, authority: authority.json)
        if known == nil { assignments[authority.number] = assignment }
        leaves.append(contentsOf: commitment.bound(to: assignment).entry)
    }

    /// - Throws: `StorageError.duplicate` for an identifier that is there already.
    func insert(on connection: any Connection) throws {
        try connection.bulk("statement", StatementTable.columns, statements, on: .refuse)
        try Evidence.insert("related_activity", ["tenant", "activity", "seq"], activities, on: connection)
        try Evidence.insert("related_agent", ["tenant", "agent", "seq", "is_direct"], agents, on: connection)
        try Evidence.insert("reference", ["tenant", "target", "seq", "is_open"], references, on: connection)
        try LedgerPen(tenant: tenant, connection: connection).queue(.statement, first: first ?? 0, entries: leaves)
    }

    private func value(_ column: (some Storable)?) -> Value { column?.stored ?? .null }
}

extension StatementFacts {
    var allAgents: [AgentFacts] { (actor.map { [$0] } ?? []) + agents.keys }
    var allActivities: [ActivityFacts] { (activity.map { [$0] } ?? []) + activities }
}
