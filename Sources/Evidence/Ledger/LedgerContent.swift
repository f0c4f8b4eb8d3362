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

    /// From a row with `id`, `salt` and `body`.
    ///
    /// - Throws: `JSONError` for a body that is no JSON.
    init(statement row: Row) throws {
        kind = .statement
        salt = try row.find("salt")
        let body: [UInt8] = try row.get("body")
        form = Commitment.form(of: try JSONValue(parsing: body), id: ID(bytes: try row.get("id")))
    }

    /// From a row with `salt` and `detail`.
    init(document row: Row) throws {
        kind = .document
        salt = try row.find("salt")
        form = try row.find("detail")
    }

    /// The entry of the log, if it can be told.
    var entry: [UInt8]? {
        guard let salt, let form else { return nil }
        return Commitment(kind, form, salt: salt).entry
    }

    var opening: LeafEvidence.Opening? {
        guard let salt, let form else { return nil }
        return LeafEvidence.Opening(kind: kind, salt: salt, content: form)
    }
}
