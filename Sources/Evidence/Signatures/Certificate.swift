import CryptoExtras
import Foundation

/// X.509 certificates, as far as a signature needs them.
enum Certificate {
    /// The RSA key that a certificate is for; nil for another key, for one of fewer than 2,048 bits, and for what is no
    /// certificate.
    ///
    /// - Source: RFC 5280, section 4.1: within TBSCertificate the key stands behind version (if any), serial number,
    ///   algorithm, issuer, validity and subject.
    static func publicKey(in bytes: [UInt8]) -> _RSA.Signing.PublicKey? {
        var whole = bytes[...]
        guard var certificate = content(of: &whole, tag: 0x30), var body = content(of: &certificate, tag: 0x30) else {
            return nil
        }
        if body.first == 0xA0 { _ = element(of: &body) }
        for _ in 0..<5 {
            guard element(of: &body) != nil else { return nil }
        }
        guard body.first == 0x30, let key = element(of: &body) else { return nil }
        guard let key = try? _RSA.Signing.PublicKey(derRepresentation: Data(key)), key.keySizeInBits >= 2_048 else {
            return nil
        }
        return key
    }

    private static func content(of bytes: inout ArraySlice<UInt8>, tag: UInt8) -> ArraySlice<UInt8>? {
        guard bytes.first == tag, let (head, size) = length(of: bytes) else { return nil }
        let content = bytes.dropFirst(head).prefix(size)
        bytes = bytes.dropFirst(head + size)
        return content
    }

    /// The next element, with its tag and length.
    private static func element(of bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let (head, size) = length(of: bytes) else { return nil }
        defer { bytes = bytes.dropFirst(head + size) }
        return bytes.prefix(head + size)
    }

    /// The bytes before an element's content, and those of the content.
    ///
    /// - Source: ITU-T X.690, section 8.1.3, definite form.
    private static func length(of bytes: ArraySlice<UInt8>) -> (head: Int, size: Int)? {
        let rest = bytes.dropFirst()
        guard let first = rest.first else { return nil }
        if first < 0x80 { return fits(2, Int(first), bytes) }
        let count = Int(first & 0x7F)
        guard (1...3).contains(count), rest.count > count else { return nil }
        let size = rest.dropFirst().prefix(count).reduce(0) { $0 << 8 | Int($1) }
        return fits(2 + count, size, bytes)
    }

    private static func fits(_ head: Int, _ size: Int, _ bytes: ArraySlice<UInt8>) -> (head: Int, size: Int)? {
        head + size <= bytes.count ? (head, size) : nil
    }
}
