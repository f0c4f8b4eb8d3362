import Basis
import Crypto
import Input
import JSON

/// The bytes of an attachment as they came beside a statement, proven to have the hash that they came under.
struct AttachmentPart: Sendable {
    /// SHA-2 in lower case, as statements name it.
    let sha2: String
    /// SHA-256 of the bytes: 32 bytes, under which they are stored.
    let key: [UInt8]
    let type: String
    let bytes: ArraySlice<UInt8>
}

/// A body of the type `multipart/mixed`, taken apart: statements first, attachments after them.
///
/// - Source: xAPI 1.0.3, part 3, 1.5.2; IEEE 9274.1.1-2023, 4.1.3; RFC 2046, section 5.1.3.
struct MixedBody: Sendable {
    let statements: [UInt8]
    let parts: [AttachmentPart]

    /// - Throws: `Problem` (`multipart`, `attachment-part`, `attachment-hash`, `attachment-too-large`).
    init(_ body: [UInt8], type: String, limits: XAPILimits) throws(Problem) {
        let all = try Multipart.parts(of: body, type: type)
        guard let first = all.first, mediaType(first.headers["content-type"]) == "application/json" else {
            throw Problem(
                .invalid, "attachment-part",
                "The first part holds the statements. Give it the Content-Type application/json.")
        }
        statements = Array(first.bytes)
        var parts: [AttachmentPart] = []
        for (index, part) in all.enumerated().dropFirst() {
            parts.append(try MixedBody.attachment(part, number: index + 1, limits: limits))
        }
        self.parts = parts
    }

    private static func attachment(
        _ part: Multipart.Part, number: Int, limits: XAPILimits
    ) throws(Problem) -> AttachmentPart {
        guard part.headers["content-transfer-encoding"]?.lowercased() == "binary" else {
            throw Problem(
                .invalid, "attachment-part", "Part \(number) needs the header Content-Transfer-Encoding: binary.")
        }
        guard let sha2 = part.headers["x-experience-api-hash"]?.lowercased() else {
            throw Problem(
                .invalid, "attachment-part",
                "Part \(number) needs the header X-Experience-API-Hash with the attachment's sha2.")
        }
        if part.bytes.count > limits.attachmentBytes {
            throw Problem(
                .oversize, "attachment-too-large",
                "Part \(number) is larger than \(limits.attachmentBytes) bytes. Send a smaller file or a fileUrl.")
        }
        let key = Array(SHA256.hash(data: part.bytes))
        let found: [UInt8]? =
            switch sha2.utf8.count {
            case 56: SHA224.hash(part.bytes)
            case 64: key
            case 96: Array(SHA384.hash(data: part.bytes))
            case 128: Array(SHA512.hash(data: part.bytes))
            default: nil
            }
        guard let found, hexadecimal(found) == sha2 else {
            throw Problem(
                .invalid, "attachment-hash",
                "The bytes of part \(number) do not have the hash that X-Experience-API-Hash names. Send the right one."
            )
        }
        let type = part.headers["content-type"] ?? "application/octet-stream"
        return AttachmentPart(sha2: sha2, key: key, type: type, bytes: part.bytes)
    }
}

/// The media type of a Content-Type header, lower case, without parameters; empty for none.
func mediaType(_ header: String?) -> String {
    (header ?? "").prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
}

func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
