public import Basis

/// Multipart bodies.
///
/// - Source: RFC 2046, section 5.1; RFC 7578 for forms.
public enum Multipart {
    /// The most parts of one body, and the most bytes of one part's headers.
    public static let partLimit = 2_000
    public static let headByteLimit = 16 << 10

    /// One part of a multipart body.
    public struct Part: Sendable {
        /// Names in lower case.
        public let headers: [String: String]
        public let bytes: ArraySlice<UInt8>

        /// A parameter of Content-Disposition, such as `name`.
        public func dispositionParameter(_ name: String) -> String? {
            headers["content-disposition"].flatMap { Multipart.parameter(name, of: $0) }
        }
    }

    /// The parts of a body with this Content-Type.
    ///
    /// - Throws: `Problem` (`multipart`).
    public static func parts(of body: [UInt8], type: String) throws(Problem) -> [Part] {
        guard let boundary = parameter("boundary", of: type), (1...70).contains(boundary.utf8.count) else {
            throw Problem(.invalid, "multipart", "The Content-Type names no boundary.")
        }
        let delimiter = Array("--\(boundary)".utf8)
        var parts: [Part] = []
        guard var index = find(delimiter, in: body, from: 0) else {
            throw Problem(.invalid, "multipart", "The boundary does not appear in the body.")
        }
        let inner = [0x0D, 0x0A] + delimiter
        while true {
            index += delimiter.count
            if body[index...].starts(with: [0x2D, 0x2D]) { return parts }
            guard let start = find([0x0D, 0x0A], in: body, from: index).map({ $0 + 2 }),
                let end = find(inner, in: body, from: start - 2)
            else { throw Problem(.invalid, "multipart", "The body ends before its last boundary.") }
            if parts.count == partLimit {
                throw Problem(.oversize, "multipart", "There are more than \(partLimit) parts.")
            }
            parts.append(try part(body[start..<max(start, end)]))
            index = end + 2
        }
    }

    private static func part(_ slice: ArraySlice<UInt8>) throws(Problem) -> Part {
        var headers: [String: String] = [:]
        var rest = slice
        while true {
            guard let end = rest.prefix(headByteLimit).firstIndex(of: 0x0A) else {
                throw Problem(.invalid, "multipart", "A part has no empty line after its headers.")
            }
            var line = rest[rest.startIndex..<end]
            rest = rest[(end + 1)...]
            if line.last == 0x0D { line = line.dropLast() }
            if line.isEmpty { return Part(headers: headers, bytes: rest) }
            let text = String(decoding: line, as: UTF8.self)
            let pair = text.split(separator: ":", maxSplits: 1)
            guard pair.count == 2 else { throw Problem(.invalid, "multipart", "A part's header has no colon.") }
            headers[pair[0].lowercased()] = String(pair[1].drop(while: \.isWhitespace))
        }
    }

    private static func find(_ needle: [UInt8], in hay: [UInt8], from start: Int) -> Int? {
        hay.withUnsafeBufferPointer { hay in
            guard let first = needle.first, start >= 0, hay.count >= needle.count else { return nil }
            var index = start
            let last = hay.count - needle.count
            while index <= last {
                if hay[index] == first {
                    var length = 1
                    while length < needle.count, hay[index + length] == needle[length] { length += 1 }
                    if length == needle.count { return index }
                }
                index += 1
            }
            return nil
        }
    }

    /// A parameter of a header's value, quoted or not.
    public static func parameter(_ name: String, of header: String) -> String? {
        var rest = Substring(header)
        while let semicolon = rest.firstIndex(of: ";") {
            rest = rest[rest.index(after: semicolon)...].drop(while: \.isWhitespace)
            guard let equals = rest.firstIndex(of: "=") else { return nil }
            let key = rest[..<equals].lowercased()
            rest = rest[rest.index(after: equals)...]
            var value = ""
            if rest.first == "\"" {
                rest = rest.dropFirst()
                while let letter = rest.popFirst(), letter != "\"" {
                    // Browsers escape a quote as %22 and leave backslashes alone; other senders escape by backslash.
                    if letter == "\\", rest.first == "\"" || rest.first == "\\", let next = rest.popFirst() {
                        value.append(next)
                    } else {
                        value.append(letter)
                    }
                }
            } else {
                value = String(rest.prefix { $0 != ";" && !$0.isWhitespace })
                rest = rest.dropFirst(value.count)
            }
            if key == name { return value }
        }
        return nil
    }
}
