public import Basis
import Crypto
import Foundation

/// A public key with its name, to check signed notes with.
///
/// - Shape: as text `<name>+<key ID in 8 hexadecimal digits>+<base64 of 0x01 and the key>`.
/// - Source: C2SP signed-note, "Verifier Keys" and "Signature Types": Ed25519.
public struct NoteVerifier: Hashable, Sendable, CustomStringConvertible {
    /// Not empty, without spaces, control characters and plus signs.
    public let name: String
    /// The first four bytes of SHA-256 over the name, a line feed, 0x01 and the key.
    public let keyID: UInt32
    /// 32 bytes.
    public let publicKey: [UInt8]

    /// - Throws: `Problem` (`key-name`, `key-damaged`).
    public init(name: String, publicKey: [UInt8]) throws(Problem) {
        guard NoteVerifier.isName(name) else {
            throw Problem(
                .invalid, "key-name",
                "“\(name)” cannot name a key. Use a name without spaces, control characters and plus signs.")
        }
        guard publicKey.count == 32 else {
            throw Problem(.invalid, "key-damaged", "An Ed25519 key has 32 bytes; this has \(publicKey.count).")
        }
        self.name = name
        self.publicKey = publicKey
        var hash = SHA256()
        hash.update(data: Array(name.utf8) + [0x0A, NoteVerifier.ed25519] + publicKey)
        keyID = hash.finalize().prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Reads a verifier key.
    ///
    /// - Throws: `Problem` (`key-name`, `key-damaged`).
    public init(parsing text: String) throws(Problem) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let key = [UInt8](canonicalBase64: parts[2]), key.first == NoteVerifier.ed25519 else {
            throw Problem(
                .invalid, "key-damaged",
                "This is no Ed25519 verifier key of the form name+id+key. Copy the whole line.")
        }
        try self.init(name: parts[0], publicKey: Array(key.dropFirst()))
        guard parts[1].lowercased() == keyHexadecimal else {
            throw Problem(
                .invalid, "key-damaged", "The key ID \(parts[1]) does not fit to the key. Copy the whole line again.")
        }
    }

    public var description: String {
        "\(name)+\(keyHexadecimal)+\(([NoteVerifier.ed25519] + publicKey).base64)"
    }

    /// Whether `signature` is this key's over `text`.
    public func isValid(_ signature: [UInt8], over text: String) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: Array(text.utf8))
    }

    /// The signature type of Ed25519.
    static let ed25519: UInt8 = 0x01

    private var keyHexadecimal: String {
        let digits = String(keyID, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "+" && !$0.properties.isWhitespace }
    }
}

/// A private key with its name, to sign notes with.
///
/// - Source: C2SP signed-note; Ed25519 is RFC 8032.
public struct NoteSigner: Sendable {
    public let verifier: NoteVerifier
    private let key: Curve25519.Signing.PrivateKey

    /// - Parameters:
    ///   - name: As in `NoteVerifier`.
    ///   - seed: The private key: 32 bytes that nobody can guess.
    /// - Throws: `Problem` (`key-name`, `key-damaged`).
    public init(name: String, seed: [UInt8]) throws(Problem) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            throw Problem(.invalid, "key-damaged", "An Ed25519 private key has 32 bytes; this has \(seed.count).")
        }
        self.key = key
        verifier = try NoteVerifier(name: name, publicKey: Array(key.publicKey.rawRepresentation))
    }

    /// The text with this key's signature.
    ///
    /// - Throws: `Problem` (`note-damaged`) for a text that a note cannot hold; `Problem` (`signing-failed`).
    public func sign(_ text: String) throws(Problem) -> SignedNote {
        guard let bytes = try? key.signature(for: Array(text.utf8)) else {
            throw Problem(.fault, "signing-failed", "The key could not sign. Look into the log.")
        }
        let signature = SignedNote.Signature(name: verifier.name, keyID: verifier.keyID, bytes: Array(bytes))
        return try SignedNote(text: text, signatures: [signature])
    }
}

extension [UInt8] {
    /// Base64 with padding (RFC 4648, section 4).
    var base64: String { Data(self).base64EncodedString() }

    /// Reads base64 exactly as `base64` writes it; nil for anything else.
    init?(canonicalBase64 text: String) {
        guard let data = Data(base64Encoded: text) else { return nil }
        self = Array(data)
        if base64 != text { return nil }
    }
}
