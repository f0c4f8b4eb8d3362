import Basis
import Crypto
import JSON
import Merkle
public import Storage

/// What the leaves of the ledger are about.
public enum LeafKind: String, CaseIterable, Storable, Sendable {
    /// A statement, which may tell of a decision of governance.
    case statement
    /// A change of a document: see `DocumentChangeRecord`.
    case document
}

/// A leaf of the ledger: it binds to a content and tells nothing of it.
///
/// - Shape: HMAC-SHA256 (RFC 2104) under a random salt, over the kind's word, a line feed and the content as canonical
///   JSON (RFC 8785). Without the salt nobody can find the content by trial, so whoever erases content and salt erases
///   the person, and the log stays whole.
struct Commitment: Hashable, Sendable {
    static let saltByteCount = 16
    static let byteCount = 32

    let salt: [UInt8]
    /// The entry of the log: 32 bytes.
    let entry: [UInt8]

    /// - Parameters:
    ///   - kind: What the content is.
    ///   - form: The content, canonical.
    ///   - salt: 16 bytes that nobody can guess.
    init(_ kind: LeafKind, _ form: [UInt8], salt: [UInt8]) {
        self.salt = salt
        var code = HMAC<SHA256>(key: SymmetricKey(data: salt))
        code.update(data: Array(kind.rawValue.utf8) + [0x0A])
        code.update(data: form)
        entry = Array(code.finalize())
    }

    /// The same content, bound besides to what Leeway assigned: a leaf of version 2.
    func bound(to assignment: LeafAssignment) -> Commitment {
        var code = HMAC<SHA256>(key: SymmetricKey(data: salt))
        code.update(data: assignment.bytes)
        code.update(data: entry)
        return Commitment(salt: salt, entry: Array(code.finalize()))
    }

    private init(salt: [UInt8], entry: [UInt8]) {
        self.salt = salt
        self.entry = entry
    }

    init(_ kind: LeafKind, _ form: [UInt8], world: World) {
        self.init(kind, form, salt: world.bytes(Commitment.saltByteCount))
    }

    /// What is committed to of a statement: its JSON as received, with the identifier that it got here if it came
    /// without one.
    static func form(of statement: JSONValue, id: ID<Statement>) -> [UInt8] {
        guard var object = statement.object, object["id"] == nil else { return statement.canonical }
        object["id"] = .string(id.description)
        return JSONValue.object(object).canonical
    }
}

/// What Leeway assigns to a statement: when it was stored, and who vouches for it.
///
/// - Shape: 0x02, the word `statement`, LF, `stored` as it is served, LF, `authority` as it is served and as canonical
///   JSON, LF. An entry of version 2 is HMAC-SHA256 under the salt over this and the entry of version 1.
struct LeafAssignment: Sendable {
    static let version: UInt8 = 2

    let stored: String
    /// Canonical JSON; `null` for none.
    let authority: [UInt8]

    init(storedAt: Moment, authority: [UInt8]) {
        stored = storedAt.timestamp
        self.authority = authority
    }

    var bytes: [UInt8] {
        [LeafAssignment.version] + Array(LeafKind.statement.rawValue.utf8) + [0x0A] + Array(stored.utf8) + [0x0A]
            + authority + [0x0A]
    }
}
