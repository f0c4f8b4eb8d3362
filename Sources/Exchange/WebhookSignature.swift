public import Basis
import Crypto

/// The signature of a webhook's delivery.
///
/// - Shape: the header `Leeway-Signature: t=SECONDS,v1=HEX`; HEX is HMAC-SHA-256 (RFC 2104) with the webhook's secret
///   over SECONDS, a full stop and the body.
public struct WebhookSignature: Sendable {
    /// How old a delivery may be when it comes, or how far ahead its sender's clock.
    public static let window = Duration.minutes(5)

    /// The name of the header.
    public static let header = "Leeway-Signature"

    private let key: SymmetricKey

    public init(secret: String) { key = SymmetricKey(data: Array(secret.utf8)) }

    /// The header's value for a body sent now.
    public func sign(_ body: [UInt8], at moment: Moment) -> String {
        let seconds = moment.microseconds / 1_000_000
        let code = HMAC<SHA256>.authenticationCode(for: message(seconds, body), using: key)
        return "t=\(seconds),v1=\(code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())"
    }

    /// Whether a header is this body's, and not older than the window: what a receiver checks.
    public func admits(_ header: String, _ body: [UInt8], at moment: Moment) -> Bool {
        var seconds: Int64?
        var codes: [[UInt8]] = []
        for part in header.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2 else { return false }
            if pair[0] == "t" { seconds = Int64(pair[1]) }
            if pair[0] == "v1", let code = bytes(pair[1]) { codes.append(code) }
        }
        guard let seconds, abs(seconds) < 1 << 40 else { return false }
        let age = moment - Moment(microseconds: seconds * 1_000_000)
        guard age <= WebhookSignature.window, age >= .zero - WebhookSignature.window else { return false }
        let message = message(seconds, body)
        return codes.contains { HMAC<SHA256>.isValidAuthenticationCode($0, authenticating: message, using: key) }
    }

    private func message(_ seconds: Int64, _ body: [UInt8]) -> [UInt8] { Array("\(seconds).".utf8) + body }

    private func bytes(_ text: String) -> [UInt8]? {
        let digits = text.compactMap { $0.isASCII ? $0.hexDigitValue : nil }
        guard digits.count == text.count, digits.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
