import Basis
import JSON
import Storage

/// What the ledger keeps of a change of a document.
///
/// - Shape: committed to as the JSON object `json`.
struct DocumentChangeRecord {
    /// `state`, `activity` or `agent`.
    var kind: DocumentKind
    /// An IRI.
    var activity: String?
    var agent: AgentName?
    var registration: String?
    /// xAPI's `stateId` or `profileId`.
    var name: String
    /// The media type and the SHA-1 of what lies there afterwards; nil when nothing does.
    var later: (type: String, hash: [UInt8])?
    var authority: Authority
    var at: Moment

    var json: JSONValue {
        var object = JSONObject([
            ("kind", .string(kind.rawValue)), ("name", .string(name)), ("authority", .string(authority.name)),
            ("at", .string(at.timestamp)),
        ])
        if let activity { object["activity"] = .string(activity) }
        if let agent { object["agent"] = agent.json }
        if let registration { object["registration"] = .string(registration) }
        if let later {
            object["type"] = .string(later.type)
            object["sha1"] = .string(hexadecimal(later.hash))
        } else {
            object["removed"] = true
        }
        return .object(object)
    }
}

/// Queues leaves in the transaction that writes what they commit to.
struct LedgerPen {
    let tenant: TenantID
    let connection: any Connection

    /// Queues the leaves of `entries.count` / 32 things whose numbers follow one another from `first`.
    func queue(_ kind: LeafKind, first: Int, entries: [UInt8]) throws {
        let leaves = entries.count / Commitment.byteCount
        if leaves == 0 { return }
        try connection.run(
            """
            INSERT INTO ledger_queue (tenant, kind, first_seq, leaves, commitments)
            VALUES (\(tenant), \(kind), \(first), \(leaves), \(entries))
            """)
    }

    /// Records what became of a document, and queues its leaf.
    ///
    /// - Parameters:
    ///   - later: What lies there now; nil when nothing does.
    ///   - name: xAPI's `stateId` or `profileId`.
    ///   - place: Where it lies.
    ///   - authority: Who changed it.
    ///   - world: Gives the salt, and the time of a removal.
    /// - Throws: `StorageError`.
    func record(
        _ later: Document?, named name: String, at place: DocumentPen.Place, by authority: Authority, world: World
    ) throws {
        let change = DocumentChangeRecord(
            kind: place.kind, activity: try text("iri", of: "activity", place.activity),
            agent: try text("ifi", of: "agent", place.agent).flatMap { AgentName(canonical: $0) },
            registration: place.registration, name: name, later: later.map { ($0.type, $0.hash) },
            authority: authority, at: later?.updatedAt ?? world.now())
        let number = try connection.reserve(1, of: "document_change")
        let detail = change.json.canonical
        let commitment = Commitment(.document, detail, world: world)
        try connection.run(
            """
            INSERT INTO document_change (tenant, seq, agent, salt, detail)
            VALUES (\(tenant), \(number), \(place.agent), \(commitment.salt), \(detail))
            """)
        try queue(.document, first: number, entries: commitment.entry)
    }

    /// The name behind a number; nil for 0.
    private func text(_ column: StaticString, of table: StaticString, _ number: Int) throws -> String? {
        if number == 0 { return nil }
        let sql = SQL(stringLiteral: "SELECT \(column) AS text FROM \(table) WHERE tenant = ")
        return try connection.row(sql + "\(tenant) AND number = \(number)")?.get("text")
    }

    /// Notes that content and salt of these numbers are erased. Call it in the transaction that erases them.
    func noteErasure(of kind: LeafKind, _ numbers: [Int], at moment: Moment) throws {
        let rows = numbers.map { [tenant.stored, kind.stored, $0.stored, moment.stored] }
        try connection.bulk("ledger_erasure", ["tenant", "kind", "seq", "erased_at"], rows, on: .skip)
    }
}

/// Lower-case hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
