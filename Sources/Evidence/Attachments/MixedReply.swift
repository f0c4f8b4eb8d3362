/// An answer of the type `multipart/mixed`: statements first, then each attachment once, read one by one as it is sent.
///
/// - Source: xAPI 1.0.3, part 3, 1.5.2 and 2.1.3, parameter `attachments`; RFC 2046, section 5.1.3.
struct MixedReply {
    private let attachments: [StoredAttachment]
    private let boundary: String

    /// The boundary must be one that nobody can foresee.
    init(_ attachments: [StoredAttachment], boundary: String) {
        self.attachments = attachments
        self.boundary = boundary
    }

    /// The answer. The closure reads one attachment; nil when it was erased, and then it is left out.
    func reply(
        _ body: [UInt8], _ bytes: @escaping @Sendable (StoredAttachment) async throws -> [UInt8]?
    ) -> XAPIReply {
        var first: [UInt8] = []
        first.reserveCapacity(body.count + 200)
        first.write("--\(boundary)\r\nContent-Type: application/json\r\n\r\n")
        first.append(contentsOf: body)
        var reply = XAPIReply(
            status: 200, headers: [("Content-Type", "multipart/mixed; boundary=\"\(boundary)\"")], body: first)
        let end = Array("\r\n--\(boundary)--\r\n".utf8)
        if attachments.isEmpty {
            reply.body += end
            return reply
        }
        reply.rest = { [attachments, boundary] send in
            for attachment in attachments {
                guard let content = try await bytes(attachment) else { continue }
                try await send(MixedReply.head(of: attachment, boundary))
                try await send(content)
            }
            try await send(end)
        }
        return reply
    }

    private static func head(of attachment: StoredAttachment, _ boundary: String) -> [UInt8] {
        Array(
            """
            \r\n--\(boundary)\r\nContent-Type: \(attachment.type)\r\nContent-Transfer-Encoding: binary\r\n\
            X-Experience-API-Hash: \(attachment.sha2)\r\n\r\n
            """.utf8)
    }
}
