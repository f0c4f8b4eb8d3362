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
    /// The server will never take this letter: the code that it answered with, 500 to 599, and its words.
    case refused(code: Int, answer: String)
    /// Not now: the server's code 400 to 499, or nil where none came.
    case later(code: Int?, answer: String)
    /// No letter can be handed in there: nobody answers, it is not protected as asked, or it does not let the user in.
    case closed(answer: String)

    /// What came of it, in words.
    public var answer: String {
        switch self {
        case .refused(_, let answer), .later(_, let answer), .closed(let answer): answer
        }
    }
}

/// Hands letters in by SMTP.
///
/// - Source: RFC 5321; the client is libcurl.
public struct MailTransport: Sendable {
    /// The most of a server's answer that is kept.
    /// - Unit: characters.
    public static let answerLimit = 300

    private let server: MailServer
    private let pool: NIOThreadPool

    /// - Parameters:
    ///   - server: Where to.
    ///   - pool: Started; sending blocks one of its threads.
    public init(server: MailServer, pool: NIOThreadPool = .singleton) {
        self.server = server
        self.pool = pool
    }

    /// Hands a letter in.
    ///
    /// - Returns: What the server said when it took the letter, such as `250 2.0.0 Ok: queued as 4F2`.
    /// - Throws: `MailError`.
    @discardableResult
    public func send(_ message: MailMessage) async throws -> String {
        let server = server
        return try await pool.runIfActive { try Self.hand(message, to: server) }
    }

    private static func hand(_ message: MailMessage, to server: MailServer) throws(MailError) -> String {
        guard let handle = curl_easy_init() else { throw .later(code: nil, answer: "libcurl did not start") }
        defer { curl_easy_cleanup(handle) }
        let recipients = curl_slist_append(nil, "<\(message.to.mailbox)>")
        defer { curl_slist_free_all(recipients) }
        aim(handle, at: server)
        leeway_set_text(handle, CURLOPT_MAIL_FROM, "<\(message.from.mailbox)>")
        leeway_set_list(handle, CURLOPT_MAIL_RCPT, recipients)
        leeway_set_number(handle, CURLOPT_UPLOAD, 1)
        let (source, ear) = (Source(message.bytes), Ear())
        let code = withExtendedLifetime((source, ear)) {
            leeway_set_source(handle, Source.read, Unmanaged.passUnretained(source).toOpaque())
            leeway_set_listener(handle, Ear.take, Unmanaged.passUnretained(ear).toOpaque())
            return curl_easy_perform(handle)
        }
        if code == CURLE_OK { return ear.lines.last ?? "" }
        throw error(code, answered: leeway_response_code(handle), ear.lines)
    }

    private static func aim(_ handle: UnsafeMutableRawPointer, at server: MailServer) {
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
    }

    /// The server's own words where they say why; libcurl's where none came.
    private static func error(_ code: CURLcode, answered: Int, _ lines: [String]) -> MailError {
        let own = String(cString: curl_easy_strerror(code))
        // After a refusal the server also says good-bye.
        let said = (400...599).contains(answered) ? lines.last { $0.hasPrefix("\(answered)") } : nil
        let answer = said ?? own
        if closing.contains(code.rawValue) { return .closed(answer: answer) }
        switch answered {
        case 500...599: return .refused(code: answered, answer: answer)
        case 400...499: return .later(code: answered, answer: answer)
        default: return .later(code: nil, answer: answer)
        }
    }

    /// What no letter is to blame for.
    private static let closing: Set<UInt32> = Set(
        [
            CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_LOGIN_DENIED, CURLE_USE_SSL_FAILED,
            CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_ISSUER_ERROR, CURLE_URL_MALFORMAT,
        ].map(\.rawValue))

    /// What the server said.
    private final class Ear {
        private(set) var lines: [String] = []

        static let take: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
            buffer, size, count, context in
            guard let buffer, let context else { return size * count }
            let ear = Unmanaged<Ear>.fromOpaque(context).takeUnretainedValue()
            let bytes = UnsafeRawBufferPointer(start: buffer, count: size * count)
            let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isNewline && $0 != "\0" }
            ear.lines = ear.lines.suffix(99) + [String(text.prefix(MailTransport.answerLimit))]
            return size * count
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
