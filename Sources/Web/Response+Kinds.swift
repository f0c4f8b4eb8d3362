import Crypto
public import HTML
public import Hummingbird
public import JSON
import NIOCore

extension Response {
    /// A whole page: `<!doctype html>` goes before the fragment.
    public static func page(_ page: Fragment, status: HTTPResponse.Status = .ok) -> Response {
        .text(page.document, type: "text/html; charset=utf-8", status: status)
    }

    /// A piece of a page, for scripts that replace a part in place.
    public static func piece(_ piece: Fragment) -> Response {
        .text(piece.html, type: "text/html; charset=utf-8")
    }

    /// JSON, members in their order: equal values are equal bytes.
    public static func json(
        _ value: JSONValue, status: HTTPResponse.Status = .ok, type: String = "application/json"
    ) -> Response {
        .bytes(value.bytes, type: type, status: status)
    }

    /// A CSV file to save, in UTF-8.
    public static func csv(_ text: String, fileName: String) -> Response {
        var response = Response.text(text, type: "text/csv; charset=utf-8; header=present")
        response.headers[.contentDisposition] = attachment(fileName)
        return response
    }

    /// An answer of plain text.
    public static func text(
        _ text: String, type: String = "text/plain; charset=utf-8", status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// An answer of bytes.
    public static func bytes(
        _ bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// A file to save.
    public static func file(_ bytes: [UInt8], type: String, fileName: String) -> Response {
        var response = Response.bytes(bytes, type: type)
        response.headers[.contentDisposition] = attachment(fileName)
        return response
    }

    /// Bytes as they are made, in bounded memory. With a file's name the browser saves it.
    ///
    /// The closure calls its argument with each piece, and waits there while the caller is slow.
    public static func stream(
        type: String, fileName: String? = nil, status: HTTPResponse.Status = .ok,
        _ produce: @escaping @Sendable (_ send: @escaping ([UInt8]) async throws -> Void) async throws -> Void
    ) -> Response {
        let body = ResponseBody { writer in
            let pipe = Pipe(writer)
            try await produce { try await pipe.send($0) }
            try await pipe.finish()
        }
        var response = Response(status: status, headers: [.contentType: type], body: body)
        if let fileName { response.headers[.contentDisposition] = attachment(fileName) }
        return response
    }

    /// See other (303): the answer to a form that worked, so that a reload does not send it again.
    ///
    /// The path is one of ours, with its query. Anything else leads home.
    public static func redirect(to path: String) -> Response {
        Response(status: .seeOther, headers: [.location: localPath(path) ?? "/"])
    }

    public static var noContent: Response { Response(status: .noContent) }

    /// The same response with a cookie.
    public func setting(_ cookie: SetCookie) -> Response {
        var response = self
        response.headers.append("Set-Cookie", cookie.text)
        return response
    }
}

/// Holds the writer of a streamed body, used by one task at a time.
private final class Pipe {
    private var writer: any ResponseBodyWriter

    init(_ writer: any ResponseBodyWriter) { self.writer = writer }

    func send(_ bytes: [UInt8]) async throws { try await writer.write(ByteBuffer(bytes: bytes)) }
    func finish() async throws { try await writer.finish(nil) }
}

/// A path of ours, or nil: never another site, whatever a browser makes of backslashes and double slashes.
public func localPath(_ text: String) -> String? {
    guard text.hasPrefix("/"), !text.hasPrefix("//"), !text.contains("\\"),
        text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
    else { return nil }
    return text
}

private func attachment(_ fileName: String) -> String {
    let plain = fileName.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
    return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(Form.encoded(fileName))"
}

/// A cookie to set: always HttpOnly, SameSite=Lax and for the whole site.
public struct SetCookie: Sendable {
    /// The session's cookie.
    public static let session = "leeway_session"

    let text: String

    /// A cookie that the browser keeps for `age`; until it is closed when nil; zero removes it.
    public init(_ name: String, _ value: String, age: Duration?, isSecure: Bool) {
        var text = "\(name)=\(value); Path=/; HttpOnly; SameSite=Lax"
        if let age { text += "; Max-Age=\(age.components.seconds)" }
        if isSecure { text += "; Secure" }
        self.text = text
    }

    /// Signs in: keeps the token of the new session.
    public static func signIn(_ token: String, age: Duration, for visit: Visit) -> SetCookie {
        SetCookie(session, token, age: age, isSecure: visit.isSecure)
    }

    /// Signs out: removes the token.
    public static func signOut(for visit: Visit) -> SetCookie {
        SetCookie(session, "", age: .zero, isSecure: visit.isSecure)
    }
}

/// A name for the exact bytes of an answer.
///
/// - Source: RFC 9110, sections 8.8.3 and 13.1.2.
public struct EntityTag: Hashable, Sendable {
    /// With its quotes.
    public let text: String

    public init(hashing bytes: [UInt8]) {
        text = "\"\(SHA256.hash(data: bytes).prefix(12).map { hexadecimal($0) }.joined())\""
    }

    /// Whether an If-None-Match or If-Match header names it.
    public func isNamed(in header: String?) -> Bool {
        guard let header else { return false }
        let tags = header.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
        return tags.contains { $0 == "*" || $0 == text || $0 == "W/\(text)" }
    }
}

extension Visit {
    /// JSON with an entity tag; 304 without a body when the caller has it already.
    public func taggedJSON(_ value: JSONValue) -> Response {
        let bytes = value.bytes
        let tag = EntityTag(hashing: bytes)
        var response =
            tag.isNamed(in: request.headers[.ifNoneMatch])
            ? Response(status: .notModified) : Response.bytes(bytes, type: "application/json")
        response.headers[.eTag] = tag.text
        return response
    }
}

func hexadecimal(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16)
    return byte < 16 ? "0" + text : text
}
