import CCurl
import Foundation
public import NIOPosix

/// Where letters are handed in.
public struct MailServer: Hashable, Sendable {
    /// How the connection is protected.
    public enum Security: String, CaseIterable, Sendable {
        /// Nothing; for a server on the same machine.
        case none
        /// Plain first, then STARTTLS; refused when the server cannot.
        case starttls
        /// TLS from the first byte.
        case tls
    }

    public let host: String
    public let port: Int
    public let security: Security
    /// Empty: without signing in.
    public let user, password: String
    /// The longest that handing one letter in may take.
    /// - Unit: seconds.
    public let timeout: Int

    public init(
        host: String, port: Int, security: Security = .starttls, user: String = "", password: String = "",
        timeout: Int = 60
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.user = user
        self.password = password
        self.timeout = timeout
    }
}

/// Why a letter was not taken.
public enum MailError: Error, Hashable, Sendable {
    /// The server will never take it: the code that it answered with, 500 to 599.
    case refused(code: Int)
    /// Not now: the server's code 400 to 499, or nil where none came.
    case later(code: Int?, reason: String)
}

/// Hands letters in by SMTP.
///
/// - Source: RFC 5321; the client is libcurl.
public struct MailTransport: Sendable {
    private let server: MailServer
    private let pool: NIOThreadPool

    /// - Parameters:
    ///   - server: Where to.
    ///   - pool: Started; sending blocks one of its threads.
    public init(server: MailServer, pool: NIOThreadPool) {
        self.server = server
        self.pool = pool
    }

    /// Hands a letter in.
    ///
    /// - Throws: `MailError`.
    public func send(_ message: MailMessage) async throws {
        let server = server
        try await pool.runIfActive { try Self.hand(message, to: server) }
    }

    private static func hand(_ message: MailMessage, to server: MailServer) throws(MailError) {
        guard let handle = curl_easy_init() else { throw .later(code: nil, reason: "libcurl did not start") }
        defer { curl_easy_cleanup(handle) }
        let recipients = curl_slist_append(nil, "<\(message.to.mailbox)>")
        defer { curl_slist_free_all(recipients) }
        let scheme = server.security == .tls ? "smtps" : "smtp"
        leeway_set_text(handle, CURLOPT_URL, "\(scheme)://\(server.host):\(server.port)/")
        leeway_set_text(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        leeway_set_number(
            handle, CURLOPT_USE_SSL, Int(server.security == .none ? CURLUSESSL_NONE.rawValue : CURLUSESSL_ALL.rawValue))
        leeway_set_number(handle, CURLOPT_TIMEOUT, server.timeout)
        leeway_set_number(handle, CURLOPT_CONNECTTIMEOUT, min(20, server.timeout))
        leeway_set_number(handle, CURLOPT_NOSIGNAL, 1)
        if !server.user.isEmpty {
            leeway_set_text(handle, CURLOPT_USERNAME, server.user)
            leeway_set_text(handle, CURLOPT_PASSWORD, server.password)
        }
        leeway_set_text(handle, CURLOPT_MAIL_FROM, "<\(message.from.mailbox)>")
        leeway_set_list(handle, CURLOPT_MAIL_RCPT, recipients)
        leeway_set_number(handle, CURLOPT_UPLOAD, 1)
        let source = Source(message.bytes)
        let code = withExtendedLifetime(source) {
            leeway_set_source(handle, Source.read, Unmanaged.passUnretained(source).toOpaque())
            return curl_easy_perform(handle)
        }
        if code == CURLE_OK { return }
        let answered = leeway_response_code(handle)
        switch answered {
        case 500...599: throw .refused(code: answered)
        case 400...499: throw .later(code: answered, reason: String(cString: curl_easy_strerror(code)))
        default: throw .later(code: nil, reason: String(cString: curl_easy_strerror(code)))
        }
    }

    /// The bytes that libcurl reads, and how far it is.
    private final class Source {
        private var bytes: ArraySlice<UInt8>

        init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

        static let read: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
            buffer, size, count, context in
            guard let buffer, let context else { return 0 }
            let source = Unmanaged<Source>.fromOpaque(context).takeUnretainedValue()
            let piece = source.bytes.prefix(size * count)
            for (place, byte) in piece.enumerated() { buffer[place] = CChar(bitPattern: byte) }
            source.bytes = source.bytes.dropFirst(piece.count)
            return piece.count
        }
    }
}
