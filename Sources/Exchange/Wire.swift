import AsyncHTTPClient
import Basis
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// What a request outwards may take, and where it may go.
public struct WireLimits: Sendable {
    public var addresses = AddressPolicy.private
    /// Until a connection is there.
    public var connect = Duration.seconds(5)
    /// Until the whole answer is there.
    public var request = Duration.seconds(30)
    /// Bytes of one answer.
    public var answerBytes = 64 << 20

    public init() {}
}

/// Requests to one place. Redirects are not followed: they would carry credentials and statements elsewhere.
struct Wire: Sendable {
    let client: HTTPClient
    let limits: WireLimits

    /// An answer, whatever its status.
    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let bytes: [UInt8]

        /// What it says went wrong, in one line.
        var words: String {
            let text = String(decoding: bytes.prefix(300), as: UTF8.self)
            let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
            return line.isEmpty ? "It answered \(status)." : "It answered \(status): \(line)"
        }

        /// How long the other side asks to wait.
        var wait: Duration? { headers.first(name: "Retry-After").flatMap { Int($0) }.map { .seconds($0) } }
    }

    /// Opens the way to a URL's host, after its address was checked, and closes it whatever comes.
    ///
    /// - Throws: `Problem` (`address-unknown`, `address-refused`, `address-plain`).
    static func open<Result: Sendable>(
        to url: String, _ limits: WireLimits, _ body: (Wire) async throws -> Result
    ) async throws -> Result {
        guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty else {
            throw Problem(.invalid, "address-unknown", "“\(url)” has no host. Write https://host/path.")
        }
        let name = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        let address = try await limits.addresses.address(of: name)
        if parts.scheme != "https", address.place == .world {
            throw Problem(
                .forbidden, "address-plain", "\(host) is on the Internet, where others can read along. Use https://.")
        }
        var settings = HTTPClient.Configuration()
        settings.redirectConfiguration = .disallow
        settings.timeout = .init(connect: .microseconds(limits.connect.microseconds))
        // Who tries again, and when, is written in the database.
        settings.connectionPool.retryConnectionEstablishment = false
        settings.dnsOverride = [name: address.text]
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        do {
            let result = try await body(Wire(client: client, limits: limits))
            try? await client.shutdown()
            return result
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    /// Sends one request and reads the whole answer.
    ///
    /// - Throws: `Problem` (`unanswered`).
    func send(
        _ method: HTTPMethod, _ url: String, headers: [(String, String)], body: [UInt8]? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.headers.add(name: "User-Agent", value: "Leeway")
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        do {
            let response = try await client.execute(request, timeout: .microseconds(limits.request.microseconds))
            let bytes = try await response.body.collect(upTo: limits.answerBytes)
            return Answer(
                status: Int(response.status.code), headers: response.headers, bytes: Array(bytes.readableBytesView))
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw Problem(.unavailable, "unanswered", "No answer came: \(Wire.words(for: error)).", cause: error)
        }
    }

    private static func words(for error: any Error) -> String {
        switch error {
        case let error as HTTPClientError where error == .connectTimeout: "no connection in time"
        case let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout:
            "it took too long"
        case is NIOTooManyBytesError: "it was larger than allowed"
        case let error as IOError where error.errnoCode == ECONNREFUSED: "nobody listens there"
        case is NIOConnectionError, is ChannelError: "nobody listens there"
        default: "the connection broke"
        }
    }
}

/// Basic credentials (RFC 7617); nil for none.
func authorization(_ username: String, _ secret: String) -> String? {
    username.isEmpty ? nil : "Basic " + Data("\(username):\(secret)".utf8).base64EncodedString()
}
