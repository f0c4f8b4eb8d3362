/// A piece of a page: HTML that is safe to place, because every text in it was escaped on the way in.
///
/// One concrete type, so that pages compile fast and any function may return one.
public struct Fragment: Sendable {
    /// The HTML.
    public fileprivate(set) var html: String

    public static let empty = Fragment(html: "")

    fileprivate init(html: String) { self.html = html }

    /// Escaped text.
    public init(_ text: some StringProtocol) {
        html = ""
        escape(text, into: &html)
    }

    /// HTML that is known to be safe: what CommonMark rendered, and nothing that a person typed.
    public static func trusted(_ html: String) -> Fragment { Fragment(html: html) }

    /// Pieces one after another.
    public static func group(_ pieces: [Fragment]) -> Fragment {
        Fragment(html: pieces.reduce(into: "") { $0 += $1.html })
    }

    /// A whole document.
    public var document: String { "<!doctype html>" + html }
}

/// Lets a page be written as it reads: `if`, `for` and plain strings inside braces.
@resultBuilder
public enum Markup {
    public static func buildExpression(_ text: String) -> Fragment { Fragment(text) }
    public static func buildExpression(_ piece: Fragment) -> Fragment { piece }
    public static func buildExpression(_ piece: Fragment?) -> Fragment { piece ?? .empty }
    public static func buildExpression(_ pieces: [Fragment]) -> Fragment { .group(pieces) }
    public static func buildExpression(_ nothing: Void) -> Fragment { .empty }
    public static func buildPartialBlock(first: Fragment) -> Fragment { first }
    public static func buildPartialBlock(accumulated: Fragment, next: Fragment) -> Fragment {
        var sum = accumulated
        sum.html += next.html
        return sum
    }
    public static func buildBlock() -> Fragment { .empty }
    public static func buildOptional(_ piece: Fragment?) -> Fragment { piece ?? .empty }
    public static func buildEither(first piece: Fragment) -> Fragment { piece }
    public static func buildEither(second piece: Fragment) -> Fragment { piece }
    public static func buildArray(_ pieces: [Fragment]) -> Fragment { .group(pieces) }
}

/// Several pieces as one.
public func fragment(@Markup _ content: () -> Fragment) -> Fragment { content() }

/// Any element by its tag.
public func element(_ tag: StaticString, _ attributes: [Attribute], _ content: Fragment) -> Fragment {
    var html = open(tag, attributes, room: content.html.utf8.count)
    html += content.html
    html += "</"
    html += tag.description
    html += ">"
    return Fragment(html: html)
}

/// An element without content, such as `input`.
public func void(_ tag: StaticString, _ attributes: [Attribute]) -> Fragment {
    Fragment(html: open(tag, attributes))
}

/// The opening tag, with `room` bytes kept free for what follows it.
private func open(_ tag: StaticString, _ attributes: [Attribute], room: Int = 0) -> String {
    var html = ""
    html.reserveCapacity(room + 64 + 32 * attributes.count)
    html += "<"
    html += tag.description
    for attribute in attributes {
        guard let value = attribute.value else { continue }
        html += " "
        html += attribute.name
        if value.isEmpty, attribute.isFlag { continue }
        html += "=\""
        escape(value, into: &html)
        html += "\""
    }
    html += ">"
    return html
}

func escape(_ text: some StringProtocol, into page: inout String) {
    let isPlain =
        text.utf8.withContiguousStorageIfAvailable { bytes in !bytes.contains(where: isSpecial) }
        ?? !text.utf8.contains(where: isSpecial)
    if isPlain {
        page += text
        return
    }
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": page += "&amp;"
        case "<": page += "&lt;"
        case ">": page += "&gt;"
        case "\"": page += "&quot;"
        case "'": page += "&#39;"
        default: page.unicodeScalars.append(scalar)
        }
    }
}

private func isSpecial(_ byte: UInt8) -> Bool {
    byte == 0x26 || byte == 0x3C || byte == 0x3E || byte == 0x22 || byte == 0x27
}
