public import Basis

/// A text and signatures over it.
///
///     This is the text of the note.
///
///     — example.com/log az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5…
///
/// - Shape: lines of text, an empty line, one line for each signature: an em dash, the key's name, and base64 of the
///   key ID and the signature.
/// - Source: C2SP signed-note.
public struct SignedNote: Hashable, Sendable {
    /// One signature, by a key that may be unknown here.
    public struct Signature: Hashable, Sendable {
        public let name: String
        public let keyID: UInt32
        public let bytes: [UInt8]

        public init(name: String, keyID: UInt32, bytes: [UInt8]) {
            self.name = name
            self.keyID = keyID
            self.bytes = bytes
        }
    }

    /// The most bytes that are read as a note.
    public static let byteLimit = 1_000_000
    /// The most signatures of one note.
    public static let signatureLimit = 100

    /// Ends with a line feed, which is signed too.
    public let text: String
    public let signatures: [Signature]

    /// - Throws: `Problem` (`note-damaged`) for a text that is empty, does not end with a line feed or holds control
    ///   characters, and for no signatures or too many.
    public init(text: String, signatures: [Signature]) throws(Problem) {
        guard text.utf8.last == 0x0A, text.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x0A }) else {
            throw SignedNote.damaged("its text has a control character or does not end with a line feed")
        }
        guard (1...SignedNote.signatureLimit).contains(signatures.count),
            signatures.allSatisfy({ NoteVerifier.isName($0.name) && !$0.bytes.isEmpty })
        else { throw SignedNote.damaged("it has no signatures, too many, or one without a proper name") }
        self.text = text
        self.signatures = signatures
    }

    /// Reads a note.
    ///
    /// - Throws: `Problem` (`note-damaged`).
    public init(parsing bytes: [UInt8]) throws(Problem) {
        guard bytes.count <= SignedNote.byteLimit, let whole = String(validating: bytes, as: UTF8.self) else {
            throw SignedNote.damaged("it is too long or not UTF-8")
        }
        // On bytes: to Swift a carriage return with a line feed is one character.
        var split: Int?
        for index in bytes.indices.dropLast() where bytes[index] == 0x0A && bytes[index + 1] == 0x0A { split = index }
        guard let split, whole.utf8.last == 0x0A, split + 2 < bytes.count else {
            throw SignedNote.damaged("no empty line with signatures after it ends its text")
        }
        var signatures: [Signature] = []
        for line in bytes[(split + 2)..<(bytes.count - 1)].split(separator: 0x0A, omittingEmptySubsequences: false) {
            signatures.append(try SignedNote.signature(String(decoding: line, as: UTF8.self)))
        }
        try self.init(text: String(decoding: bytes[...split], as: UTF8.self), signatures: signatures)
    }

    private static func signature(_ line: String) throws(Problem) -> Signature {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, Array(parts[0].utf8) == Array("—".utf8),
            let bytes = [UInt8](canonicalBase64: parts[2]), bytes.count > 4
        else { throw damaged("a line below the text is no signature") }
        let keyID = bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        return Signature(name: parts[1], keyID: keyID, bytes: Array(bytes.dropFirst(4)))
    }

    static func damaged(_ why: String) -> Problem {
        Problem(.invalid, "note-damaged", "This is no signed note: \(why). Get it again from where it came.")
    }

    /// As it is stored and served: UTF-8.
    public var bytes: [UInt8] {
        var lines = text + "\n"
        for signature in signatures {
            let id = (0..<4).map { UInt8(truncatingIfNeeded: signature.keyID >> (24 - 8 * $0)) }
            lines += "— \(signature.name) \((id + signature.bytes).base64)\n"
        }
        return Array(lines.utf8)
    }

    /// The note with one more signature below.
    ///
    /// - Throws: `Problem` (`note-damaged`) when there are too many.
    public func adding(_ signature: Signature) throws(Problem) -> SignedNote {
        try SignedNote(text: text, signatures: signatures + [signature])
    }

    /// The keys that signed this note. Signatures by other keys count for nothing.
    ///
    /// - Throws: `Problem` (`note-unsigned`) when none of `keys` signed it, and when a signature under the name and ID
    ///   of one of them is not that key's.
    @discardableResult
    public func verify(by keys: [NoteVerifier]) throws(Problem) -> [NoteVerifier] {
        var signers: [NoteVerifier] = []
        for signature in signatures {
            guard
                let key = keys.first(where: {
                    $0.keyID == signature.keyID && Array($0.name.utf8) == Array(signature.name.utf8)
                })
            else { continue }
            guard key.isValid(signature.bytes, over: text) else {
                throw Problem(
                    .invalid, "note-unsigned",
                    "The signature of \(key.name) is not over this text: one of them was changed.")
            }
            if !signers.contains(key) { signers.append(key) }
        }
        if signers.isEmpty {
            throw Problem(
                .invalid, "note-unsigned",
                "No signature is by \(keys.map(\.name).joined(separator: " or ")). Check which log and key it is of.")
        }
        return signers
    }
}
