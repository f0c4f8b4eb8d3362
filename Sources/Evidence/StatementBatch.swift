public import Basis
import Crypto
import Foundation
import JSON

/// Statements read, validated and cut out of what was sent, ready to be stored.
public struct StatementBatch: Sendable {
    /// The most statements of one batch.
    public static let countLimit = 10_000

    struct Entry: Sendable {
        let id: ID<Statement>
        /// The identifier was made here, so nobody else can have it.
        let isFresh: Bool
        /// Exactly as received.
        let body: [UInt8]
        /// What the ledger commits to: see `Commitment.form`.
        let form: [UInt8]
        var facts: StatementFacts
        let version: XAPIVersion
        /// Where it stands in what was sent.
        let pointer: JSONPointer
        /// What came with it.
        var attachments: [CarriedAttachment] = []

        /// Who vouched for it where it comes from.
        var authority: AgentName? {
            let members = JSONSpan.members(of: body, in: 0..<body.count)
            guard let member = members.first(where: { $0.name == "authority" }) else { return nil }
            return (try? JSONValue(parsing: Array(body[member.value]))).flatMap { AgentName($0) }
        }
    }

    let version: XAPIVersion
    private(set) var entries: [Entry]

    public var count: Int { entries.count }

    init(version: XAPIVersion, entries: [Entry]) {
        self.version = version
        self.entries = entries
    }

    /// The rest of the batch without some statements.
    func without(_ ids: Set<ID<Statement>>) -> StatementBatch {
        StatementBatch(version: version, entries: entries.filter { !ids.contains($0.id) })
    }

    /// Reads the body of a POST: one statement, or an array of them.
    ///
    /// The world makes the identifiers of statements that come without.
    ///
    /// - Throws: `Problem` (`json`, `statement-invalid`, `statement-repeated`, `batch-too-large`).
    public init(
        posted bytes: [UInt8], version: XAPIVersion, world: World, limits: XAPILimits = XAPILimits()
    ) throws(Problem) {
        try self.init(posted: bytes, with: [], version: version, world: world, limits: limits)
    }

    /// The same with the attachments that came beside it.
    ///
    /// - Throws: `Problem` (`attachment-excess` besides).
    init(
        posted bytes: [UInt8], with parts: [AttachmentPart], version: XAPIVersion, world: World, limits: XAPILimits
    ) throws(Problem) {
        let document = try StatementBatch.parse(bytes, limits)
        let span = JSONSpan.document(of: bytes)
        self.init(version: version, entries: [])
        guard let elements = document.array else {
            let carried = try validate([(document, JSONPointer())], with: parts)
            entries = [try entry(document, Array(bytes[span]), at: JSONPointer(), world: world)]
            entries[0].attachments = carried[0]
            return
        }
        guard elements.count <= limits.batchCount else {
            throw Problem(
                .oversize, "batch-too-large",
                "A batch holds at most \(limits.batchCount) statements; this has \(elements.count). Split it.")
        }
        let places = elements.indices.map { JSONPointer().appending($0) }
        let carried = try validate(Array(zip(elements, places)), with: parts)
        let spans = JSONSpan.elements(of: bytes, in: span)
        var seen: [ID<Statement>: Int] = [:]
        for (index, element) in elements.enumerated() {
            var entry = try entry(element, Array(bytes[spans[index]]), at: places[index], world: world)
            entry.attachments = carried[index]
            if let first = seen.updateValue(index, forKey: entry.id) {
                throw Problem(
                    .invalid, "statement-repeated",
                    "Statements \(first) and \(index) of the batch have the same id. Give each its own.",
                    at: ["/\(index)/id"])
            }
            entries.append(entry)
        }
    }

    /// Reads the body of a PUT, whose parameter `statementId` the statement's own `id` must equal if it has one.
    ///
    /// - Throws: `Problem` (`json`, `statement-invalid`, `statement-id`).
    public init(
        put bytes: [UInt8], id: ID<Statement>, version: XAPIVersion, limits: XAPILimits = XAPILimits()
    ) throws(Problem) {
        try self.init(put: bytes, with: [], id: id, version: version, limits: limits)
    }

    /// The same with the attachments that came beside it.
    ///
    /// - Throws: `Problem` (`attachment-excess` besides).
    init(
        put bytes: [UInt8], with parts: [AttachmentPart], id: ID<Statement>, version: XAPIVersion, limits: XAPILimits
    ) throws(Problem) {
        let document = try StatementBatch.parse(bytes, limits)
        self.init(version: version, entries: [])
        let carried = try validate([(document, JSONPointer())], with: parts)
        if let own = document["id"]?.string, ID<Statement>(own) != id {
            throw Problem(
                .invalid, "statement-id", "The statement's id is not the parameter statementId. Make them the same.",
                at: ["/id"])
        }
        let body = Array(bytes[JSONSpan.document(of: bytes)])
        entries = [
            Entry(
                id: id, isFresh: false, body: body, form: Commitment.form(of: document, id: id),
                facts: StatementFacts(document), version: version, pointer: JSONPointer(), attachments: carried[0])
        ]
    }

    private static func parse(_ bytes: [UInt8], _ limits: XAPILimits) throws(Problem) -> JSONValue {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw error.problem
        }
        // A text longer than the limit needs a body longer than the limit.
        if bytes.count > limits.textBytes, let pointer = document.text(longerThan: limits.textBytes) {
            throw Problem(
                .invalid, "text-too-long",
                "This text is longer than \(limits.textBytes) bytes. Shorten it, or send it as an attachment.",
                at: [pointer.description])
        }
        return document
    }

    /// - Returns: What came with each statement.
    private func validate(
        _ statements: [(JSONValue, JSONPointer)], with parts: [AttachmentPart]
    ) throws(Problem) -> [[CarriedAttachment]] {
        let validator = StatementValidator(version)
        var match = AttachmentMatch(parts)
        var flaws: [StatementFlaw] = []
        var carried: [[CarriedAttachment]] = []
        for (statement, pointer) in statements {
            flaws += validator.flaws(in: statement, at: pointer)
            carried.append(match.carried(by: statement, at: pointer))
            if flaws.count + match.flaws.count >= StatementValidator.flawLimit { break }
        }
        flaws += match.flaws
        if !flaws.isEmpty { throw StatementValidator.problem(flaws) }
        try match.finish()
        return carried
    }

    private func entry(
        _ statement: JSONValue, _ body: [UInt8], at pointer: JSONPointer, world: World
    ) throws(Problem) -> Entry {
        let own = statement["id"]?.string.flatMap { ID<Statement>($0) }
        let id = own ?? world.id()
        return Entry(
            id: id, isFresh: own == nil, body: body, form: Commitment.form(of: statement, id: id),
            facts: StatementFacts(statement), version: version, pointer: pointer)
    }
}

extension ID where Kind == Statement {
    /// A fixed identifier for what is always the same statement, so that storing it again changes nothing.
    ///
    /// With a moment it sorts by that, which keeps the index of identifiers together and imports fast.
    ///
    /// - Shape: a version 8 UUID (RFC 9562, section 5.8): milliseconds in 48 bits if there is a moment, the rest the
    ///   first bytes of SHA-256.
    public init(derivedFrom bytes: some Sequence<UInt8>, at moment: Moment? = nil) {
        var hash = SHA256()
        hash.update(data: Array(bytes))
        var digest = Array(hash.finalize().prefix(16))
        if let moment {
            let milliseconds = UInt64(max(0, moment.microseconds) / 1_000)
            for index in 0..<6 { digest[index] = UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * index)) }
        }
        digest[6] = digest[6] & 0x0F | 0x80
        digest[8] = digest[8] & 0x3F | 0x80
        self.init(bytes: digest)
    }
}

extension ID {
    /// - Precondition: 16 bytes.
    init(bytes: [UInt8]) {
        precondition(bytes.count == 16, "an identifier has 16 bytes")
        let raw = bytes.withUnsafeBytes { $0.loadUnaligned(as: uuid_t.self) }
        self.init(UUID(uuid: raw))
    }

    var bytes: [UInt8] { withUnsafeBytes(of: uuid.uuid) { Array($0) } }
}
