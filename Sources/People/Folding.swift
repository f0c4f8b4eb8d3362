import Foundation

// The only file here that needs the whole of Foundation, whose `Unit` would hide ours elsewhere.

/// The form in which text is searched and sorted: without case and accents.
func folded(_ text: String) -> String {
    text.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil).lowercased()
}

/// The text with each accented letter as one character (NFC), so that what looks the same is the same in SQL too.
func composed(_ text: String) -> String {
    text.utf8.allSatisfy { $0 < 0x80 } ? text : text.precomposedStringWithCanonicalMapping
}

/// The form in which e-mail addresses are compared.
func emailKey(_ email: String) -> String {
    composed(email.lowercased())
}

/// The bytes of a password, the same for each way of typing one accented letter (RFC 8265, section 4.2.1, NFC).
func passwordBytes(_ password: String) -> [UInt8] {
    Array(composed(password).utf8)
}

func base64(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("=", with: "")
}

/// Base64 for URLs and cookies, without padding (RFC 4648, section 5).
func base64url(_ bytes: [UInt8]) -> String {
    base64(bytes).replacing("+", with: "-").replacing("/", with: "_")
}

func bytes(base64 text: some StringProtocol) -> [UInt8]? {
    let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    return Data(base64Encoded: String(text) + padding).map(Array.init)
}
