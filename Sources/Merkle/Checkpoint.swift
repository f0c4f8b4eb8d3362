public import Basis

/// What a log says of itself at one time: how many leaves it has and the root over them.
///
/// - Shape: three lines: the origin, the size in decimal, base64 of the root; then lines of extensions, if any.
/// - Source: C2SP tlog-checkpoint.
public struct Checkpoint: Hashable, Sendable {
    /// Which log this is: an address without scheme, such as `learning.example/ledger`. Not empty.
    public let origin: String
    /// How many leaves there are.
    public let size: Int
    public let root: MerkleHash
    /// Further lines, none empty. Readers ignore those that they do not know.
    public let extensions: [String]

    public init(origin: String, size: Int, root: MerkleHash, extensions: [String] = []) {
        precondition(!origin.isEmpty && size >= 0, "a checkpoint has an origin and a size")
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// Reads the text of a note.
    ///
    /// - Throws: `Problem` (`checkpoint-damaged`).
    public init(parsing text: String) throws(Problem) {
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { String(Substring($0)) }
        guard lines.count >= 4, lines.removeLast().isEmpty, lines.allSatisfy({ !$0.isEmpty }),
            let size = Int(decimal: lines[1]), let root = [UInt8](canonicalBase64: lines[2]),
            let root = MerkleHash(root)
        else {
            throw Problem(
                .invalid, "checkpoint-damaged",
                "This is no checkpoint: it needs the log's origin, its size and a root of 32 bytes, a line each.")
        }
        self.init(origin: lines[0], size: size, root: root, extensions: Array(lines[3...]))
    }

    /// Reads a signed checkpoint and checks that it is this log's.
    ///
    /// - Throws: `Problem` (`note-damaged`, `note-unsigned`, `checkpoint-damaged`, `checkpoint-foreign`).
    public init(opening note: [UInt8], of origin: String, by key: NoteVerifier) throws(Problem) {
        let note = try SignedNote(parsing: note)
        try note.verify(by: [key])
        try self.init(parsing: note.text)
        guard Array(self.origin.utf8) == Array(origin.utf8) else {
            throw Problem(
                .invalid, "checkpoint-foreign", "This is a checkpoint of the log \(self.origin), not of \(origin).")
        }
    }

    /// The text that is signed.
    public var text: String {
        ([origin, String(size), root.bytes.base64] + extensions).map { $0 + "\n" }.joined()
    }

    /// The checkpoint as a note with a signature.
    ///
    /// - Throws: `Problem` (`note-damaged`) for an origin or extension that a note cannot hold.
    public func signed(by signer: NoteSigner) throws(Problem) -> SignedNote { try signer.sign(text) }
}
