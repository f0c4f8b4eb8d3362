import Basis
import JSON
import Storage

/// What a leaf commits to, as it is stored.
struct LedgerContent {
    let kind: LeafKind
    /// Nil before it is committed to, and after it was erased.
    let salt: [UInt8]?
    /// Canonical JSON; nil after it was erased.
    let form: [UInt8]?
    /// What leaves of version 2 bind besides. More than one while the agent that vouches for it is being erased.
    var assignments: [LeafAssignment] = []

    /// The columns of a statement that leaves bind, of `statement s` with its authority's `agent u`.
    static let columns: SQL = """
        s.seq AS seq, s.id AS id, s.salt AS salt, s.body AS body, s.stored_at AS stored_at, s.authority AS authority,
            u.ifi AS authority_name
        """

    /// From a row with `columns`.
    ///
    /// - Throws: `JSONError` for a body that is no JSON.
    init(statement row: Row, formerly renamed: FormerNames = FormerNames()) throws {
        let body: [UInt8] = try row.get("body")
        try self.init(statement: row, value: try JSONValue(parsing: body), formerly: renamed)
    }

    /// The same with its body parsed.
    init(statement row: Row, value: JSONValue, formerly renamed: FormerNames) throws {
        kind = .statement
        salt = try row.find("salt")
        form = Commitment.form(of: value, id: ID(bytes: try row.get("id")))
        let storedAt: Moment = try row.get("stored_at")
        let names = renamed.names(of: try row.get("authority"), now: try row.find("authority_name"))
        assignments = names.map { name in
            let agent = name.flatMap { AgentName(canonical: $0) }?.json ?? .null
            return LeafAssignment(storedAt: storedAt, authority: agent.canonical)
        }
    }

    /// From a row with `salt` and `detail`.
    init(document row: Row) throws {
        kind = .document
        salt = try row.find("salt")
        form = try row.find("detail")
    }

    /// Whether it was committed to and not erased.
    var isOpen: Bool { salt != nil && form != nil }

    /// As what an entry commits to it: the version of the leaf, and what it binds besides; nil when it does not.
    func match(_ entry: [UInt8]) -> (version: Int, assignment: LeafAssignment?)? {
        guard let salt, let form else { return nil }
        let plain = Commitment(kind, form, salt: salt)
        if plain.entry == entry { return (1, nil) }
        for assignment in assignments where plain.bound(to: assignment).entry == entry { return (2, assignment) }
        return nil
    }

    /// What an outsider needs to compute the entry; its version is nil when it does not fit to the entry.
    func opening(of entry: [UInt8]) -> LeafEvidence.Opening? {
        guard let salt, let form else { return nil }
        let match = match(entry)
        return LeafEvidence.Opening(
            kind: kind, salt: salt, content: form, version: match?.version, stored: match?.assignment?.stored,
            authority: match?.assignment?.authority)
    }
}

/// Names that agents had before erasures that are under way: bodies may still bear them.
struct FormerNames {
    private var names: [Int: [String]] = [:]

    init() {}

    init(of tenant: TenantID, on connection: any Connection) throws {
        let rows = try connection.rows(
            "SELECT agent, ifi FROM erasure_agent WHERE tenant = \(tenant) AND ifi IS NOT NULL")
        for row in rows { names[try row.get("agent"), default: []].append(try row.get("ifi")) }
    }

    /// The name that an agent's number has now, and those that it had.
    func names(of number: Int, now name: String?) -> [String?] { [name] + (names[number] ?? []) }
}
