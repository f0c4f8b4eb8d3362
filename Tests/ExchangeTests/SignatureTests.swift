import Basis
import Exchange
import Testing

@Suite struct SignatureTests {
    static let now = Moment(microseconds: 1_790_000_000_000_000)

    /// The code was made with `openssl dgst -sha256 -hmac`.
    @Test func `a signature is the one that others compute`() {
        let value = WebhookSignature(secret: "whsec_test").sign(Array(#"{"a":1}"#.utf8), at: Self.now)
        #expect(value == "t=1790000000,v1=\(Self.code)")
    }

    static let code = "f08690bbaaecbd1607eb9af71f092a9f7054e2b83f8b9d6a0690744d24fc6059"

    @Test func `a receiver admits what is signed and fresh, and nothing else`() {
        let signature = WebhookSignature(secret: "whsec_test")
        let body = Array("body".utf8)
        let header = signature.sign(body, at: Self.now)
        #expect(signature.admits(header, body, at: Self.now))
        #expect(signature.admits(header, body, at: Self.now + .seconds(299)))
        #expect(!signature.admits(header, body, at: Self.now + .seconds(301)))
        #expect(!signature.admits(header, body, at: Self.now - .seconds(301)))
        #expect(!signature.admits(header, body + [0x20], at: Self.now))
        #expect(!WebhookSignature(secret: "other").admits(header, body, at: Self.now))
        for wrong in ["", "t=1", "v1=00", "t=x,v1=y", "t=1790000000,v1=", header.replacing("v1=", with: "v0=")] {
            #expect(!signature.admits(wrong, body, at: Self.now), "\(wrong)")
        }
        #expect(signature.admits("v1=\(String(repeating: "0", count: 64))," + header, body, at: Self.now))
    }
}
