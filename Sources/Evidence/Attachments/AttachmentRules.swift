import Basis
import JSON

/// An attachment of one statement whose bytes came with it.
struct CarriedAttachment: Sendable {
    /// The place among the statement's attachments.
    let position: Int
    /// What the statement says of it.
    let type: String
    let part: AttachmentPart
}

/// Which parts of a request belong to which attachments of its statements.
///
/// - Source: xAPI 1.0.3, part 2, 2.4.11 and part 3, 1.5.2; IEEE 9274.1.1-2023, 4.2.2.6 and 4.1.3.
struct AttachmentMatch {
    /// A signature lies among the attachments under this usage type (xAPI 1.0.3, part 2, 2.6).
    static let signatureUsage = "http://adlnet.gov/expapi/attachments/signature"

    private let parts: [String: AttachmentPart]
    private var used: Set<String> = []
    private(set) var flaws: [StatementFlaw] = []

    init(_ parts: [AttachmentPart]) {
        self.parts = Dictionary(parts.map { ($0.sha2, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Finds the parts of one sound statement, and checks its signatures.
    ///
    /// What the statement says of the length is not compared: the hash proves the bytes, and senders that count the
    /// characters of an encoded file are common.
    mutating func carried(by statement: JSONValue, at pointer: JSONPointer) -> [CarriedAttachment] {
        var carried: [CarriedAttachment] = []
        for (position, attachment) in (statement["attachments"]?.array ?? []).enumerated() {
            let place = pointer.appending("attachments").appending(position)
            let isSignature = attachment["usageType"]?.string == AttachmentMatch.signatureUsage
            guard let part = (attachment["sha2"]?.string?.lowercased()).flatMap({ parts[$0] }) else {
                if isSignature {
                    flaw(place.appending("sha2"), "The signature does not come with the statement. Send it as a part.")
                } else if attachment["fileUrl"] == nil {
                    flaw(place.appending("fileUrl"), "The attachment comes without a part. Add “fileUrl”.")
                }
                continue
            }
            used.insert(part.sha2)
            if isSignature {
                do {
                    try StatementSignature(part.bytes).check(against: statement, without: position)
                } catch {
                    flaw(place, error.detail)
                }
            }
            carried.append(
                CarriedAttachment(
                    position: position, type: attachment["contentType"]?.string ?? part.type, part: part))
        }
        return carried
    }

    /// - Throws: `Problem` (`attachment-excess`) for a part that no statement names.
    func finish() throws(Problem) {
        guard let extra = parts.keys.filter({ !used.contains($0) }).min() else { return }
        throw Problem(
            .invalid, "attachment-excess", "No attachment has the sha2 \(extra). Remove the part, or name it.")
    }

    private mutating func flaw(_ place: JSONPointer, _ detail: String) {
        flaws.append(StatementFlaw(pointer: place.description, detail: detail))
    }
}
