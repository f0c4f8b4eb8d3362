/// A path with a query: how pages link to themselves with one thing changed.
struct Address: Hashable, Sendable {
    let path: String
    private(set) var items: [Item]

    struct Item: Hashable, Sendable {
        let name, value: String
    }

    init(_ path: String, _ items: [(String, String)] = []) {
        self.path = path
        self.items = items.map { Item(name: $0.0, value: $0.1) }
    }

    /// The same with `name` set once, or gone when the value is nil or empty.
    func with(_ name: String, _ value: String?) -> Address {
        var changed = self
        changed.items.removeAll { $0.name == name }
        if let value, !value.isEmpty { changed.items.append(Item(name: name, value: value)) }
        return changed
    }

    /// The same with one more value of `name`.
    func adding(_ name: String, _ value: String) -> Address {
        var changed = self
        changed.items.append(Item(name: name, value: value))
        return changed
    }

    /// The same without one value of `name`.
    func removing(_ name: String, _ value: String) -> Address {
        var changed = self
        changed.items.removeAll { $0.name == name && $0.value == value }
        return changed
    }

    /// The same without any of `names`.
    func without(_ names: String...) -> Address {
        var changed = self
        changed.items.removeAll { names.contains($0.name) }
        return changed
    }

    /// For `href`.
    var text: String {
        if items.isEmpty { return path }
        let query = items.map { "\(Address.encoded($0.name))=\(Address.encoded($0.value))" }
        return path + "?" + query.joined(separator: "&")
    }

    /// Percent-encoded for a path segment or a query value (RFC 3986, section 2.3: all but unreserved).
    static func encoded(_ text: String) -> String {
        let hex = Array("0123456789ABCDEF")
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                encoded += "%\(hex[Int(byte >> 4)])\(hex[Int(byte & 15)])"
            }
        }
        return encoded
    }
}
