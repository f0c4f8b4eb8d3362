import Basis
import Crypto
import Foundation
import JSON

/// An attachment in a file of JSON Lines: one line for each piece of at most `pieceByteLimit` bytes, before the first
/// statement that carries it.
///
///     {"attachment":"495395…","contentType":"text/plain","length":27,"offset":0,"content":"aGVyZSBpcyBh…"}
///
/// - Shape: `attachment` is the `sha2` by which statements name it; `length` is all its bytes; `content` is base64
///   (RFC 4648, section 4); the pieces follow one another without anything between.
struct AttachmentLine {
    /// Bytes of one piece, so that a line stays far below what a line may have.
    static let pieceByteLimit = 3 << 20

    let sha2: String
    let type: String

    /// The lines of an attachment, each with its ending.
    func lines(of bytes: [UInt8]) -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(bytes.count * 4 / 3 + 256)
        var offset = 0
        repeat {
            let piece = bytes[offset..<min(offset + AttachmentLine.pieceByteLimit, bytes.count)]
            let line: JSONValue = [
                "attachment": .string(sha2), "contentType": .string(type), "length": .init(bytes.count),
                "offset": .init(offset), "content": .string(Data(piece).base64EncodedString()),
            ]
            line.write(into: &lines)
            lines.append(0x0A)
            offset += piece.count
        } while offset < bytes.count
        return lines
    }
}

/// The attachments of a file as they come, for the statements behind them.
struct AttachmentLines {
    private var parts: [String: AttachmentPart] = [:]
    private var open: (line: AttachmentLine, length: Int, bytes: [UInt8])?

    /// Whether an attachment began and did not end.
    var isOpen: Bool { open != nil }

    /// Reads one piece.
    ///
    /// - Returns: How many bytes it holds.
    /// - Throws: `Problem` (`attachment-line`) with a pointer.
    mutating func read(_ line: JSONValue) throws(Problem) -> Int {
        guard let sha2 = line["attachment"]?.string?.lowercased(), let length = line["length"]?.integer,
            let offset = line["offset"]?.integer,
            let bytes = (line["content"]?.string).flatMap({ Data(base64Encoded: $0) })
        else {
            throw refusal("It needs “attachment”, “length”, “offset” and “content” in base64.", at: "")
        }
        guard (0...XAPILimits().attachmentBytes).contains(length), offset + bytes.count <= length else {
            throw refusal("The attachment is larger than it may be, or than it says.", at: "/length")
        }
        if offset == 0 {
            if open != nil { throw refusal("The attachment before it has not ended. Export it again.", at: "/offset") }
            open = (AttachmentLine(sha2: sha2, type: line["contentType"]?.string ?? ""), length, [])
        }
        guard open?.line.sha2 == sha2, open?.length == length, open?.bytes.count == offset else {
            throw refusal("The piece does not follow the one before it. Export it again.", at: "/offset")
        }
        open?.bytes.append(contentsOf: bytes)
        guard let whole = open, whole.bytes.count == length else { return bytes.count }
        open = nil
        guard let found = hash(whole.bytes, as: sha2), hexadecimal(found) == sha2 else {
            throw refusal("The bytes do not have this hash.", at: "/attachment")
        }
        let key = Array(SHA256.hash(data: whole.bytes))
        parts[sha2] = AttachmentPart(sha2: sha2, key: key, type: whole.line.type, bytes: whole.bytes[...])
        return bytes.count
    }

    /// What of it a statement carries.
    func carried(by statement: JSONValue) -> [CarriedAttachment] {
        (statement["attachments"]?.array ?? []).enumerated().compactMap { position, attachment in
            guard let part = (attachment["sha2"]?.string?.lowercased()).flatMap({ parts[$0] }) else { return nil }
            return CarriedAttachment(
                position: position, type: attachment["contentType"]?.string ?? part.type, part: part)
        }
    }

    /// Forgets the bytes of what is stored by now, and keeps under which key it is.
    mutating func dropBytes() {
        parts = parts.mapValues { AttachmentPart(sha2: $0.sha2, key: $0.key, type: $0.type, bytes: []) }
    }

    /// The hash of the same kind as a text in hexadecimal; nil when it is of no kind of SHA-2.
    private func hash(_ bytes: [UInt8], as sha2: String) -> [UInt8]? {
        switch sha2.utf8.count {
        case 56: SHA224.hash(bytes)
        case 64: Array(SHA256.hash(data: bytes))
        case 96: Array(SHA384.hash(data: bytes))
        case 128: Array(SHA512.hash(data: bytes))
        default: nil
        }
    }

    private func refusal(_ detail: String, at pointer: String) -> Problem {
        Problem(.invalid, "attachment-line", detail, at: [pointer])
    }
}
