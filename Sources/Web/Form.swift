public import Basis
import Foundation
import Input
import NIOCore

/// A file that came with a form.
public struct Upload: Sendable {
    /// The name that the browser gave, without folders.
    public let name: String
    public let type: String
    public let bytes: [UInt8]
}

/// The fields of a query, a urlencoded body or a multipart body, in order.
public struct Form: Sendable {
    /// The most fields of one form.
    public static let fieldLimit = 2_000

    public private(set) var fields: [(name: String, value: String)] = []
    public private(set) var files: [(name: String, upload: Upload)] = []

    /// - Source: WHATWG URL, section 5.1, application/x-www-form-urlencoded parsing.
    public init(urlencoded text: some StringProtocol) {
        for pair in text.split(separator: "&").prefix(Form.fieldLimit) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            fields.append((Form.decoded(parts[0]), parts.count > 1 ? Form.decoded(parts[1]) : ""))
        }
    }

    /// - Throws: `Problem` (`form-type`) for another content type, (`form`) for what cannot be read.
    init(body: ByteBuffer, type: String) throws(Problem) {
        switch mediaType(type) {
        case "application/x-www-form-urlencoded":
            guard let text = String(validating: body.readableBytesView, as: UTF8.self) else {
                throw Problem(.invalid, "form", "The form is not UTF-8.")
            }
            self.init(urlencoded: text)
        case "multipart/form-data":
            try self.init(parts: Multipart.parts(of: Array(body.readableBytesView), type: type))
        default:
            throw Problem(.invalid, "form-type", "Send a form: urlencoded or multipart/form-data.")
        }
    }

    private init(parts: [Multipart.Part]) throws(Problem) {
        for part in parts {
            guard let name = part.dispositionParameter("name") else {
                throw Problem(.invalid, "form", "A part of the form has no name.")
            }
            if let fileName = part.dispositionParameter("filename") {
                let plain = fileName.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
                let type = part.headers["content-type"] ?? "application/octet-stream"
                // A file field left empty comes as a file without name and bytes.
                if plain.isEmpty, part.bytes.isEmpty { continue }
                files.append((name, Upload(name: plain, type: type, bytes: Array(part.bytes))))
            } else {
                guard let text = String(validating: part.bytes, as: UTF8.self) else {
                    throw Problem(.invalid, "form", "The field “\(name)” is not UTF-8.", at: ["/\(name)"])
                }
                fields.append((name, text))
            }
        }
    }

    /// The first value of a field; nil when it did not come.
    public func first(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    /// Every value of a field, in order.
    public func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// The first value without white space at its ends; empty when it did not come.
    public func text(_ name: String) -> String {
        (first(name) ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The text, or nil when it is empty.
    public func textIfAny(_ name: String) -> String? {
        let text = text(name)
        return text.isEmpty ? nil : text
    }

    /// Whether a checkbox was ticked.
    public func isOn(_ name: String) -> Bool { first(name) != nil }

    /// The file uploaded under a name, or nil.
    public func file(_ name: String) -> Upload? { files.first { $0.name == name }?.upload }

    /// A whole number within a range; nil when the field is empty or did not come.
    ///
    /// - Throws: `Problem` (`number`) with a pointer to the field.
    public func integer(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = textIfAny(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Problem(
                .invalid, "number",
                "“\(text)” is no whole number from \(range.lowerBound) to \(range.upperBound). Change “\(name)”.",
                at: ["/\(name)"])
        }
        return number
    }

    /// The page to show, from 1.
    ///
    /// - Throws: `Problem` (`number`).
    public var page: Int { get throws(Problem) { try integer("page", in: 1...1_000_000) ?? 1 } }

    private static func decoded(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(where: { $0 == 0x25 || $0 == 0x2B }) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8[...]
        while let byte = rest.popFirst() {
            if byte == 0x2B {
                bytes.append(0x20)
            } else if byte == 0x25, rest.count >= 2, let value = UInt8(String(Substring(rest.prefix(2))), radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A text as part of a query: everything but letters, digits and `-._~` escaped.
    public static func encoded(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                out.append(Character(Unicode.Scalar(byte)))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                out += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return out
    }
}
