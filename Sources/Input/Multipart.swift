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

    /// The parts of a body with this Content-Type, as slices of it.
    ///
    /// - Throws: `Problem` (`multipart`).
    public static func parts(of body: [UInt8], type: String) throws(Problem) -> [Part] {
        guard let boundary = parameter("boundary", of: type), (1...70).contains(boundary.utf8.count) else {
            throw Problem(.invalid, "multipart", "The Content-Type names no boundary.")
        }
        let delimiter = Array("\r\n--\(boundary)".utf8)
        // The first delimiter may stand at the very beginning, without the line break that belongs to the others.
        guard var line = self.line(of: delimiter, in: body, from: 0) else {
            throw Problem(.invalid, "multipart", "The boundary does not appear in the body.")
        }
        var parts: [Part] = []
        while !line.isLast {
            guard let next = self.line(of: delimiter, in: body, from: line.end - 2) else {
                throw Problem(.invalid, "multipart", "The body ends before its last boundary.")
            }
            if parts.count == partLimit {
                throw Problem(.oversize, "multipart", "There are more than \(partLimit) parts.")
            }
            parts.append(try part(body[line.end..<max(line.end, next.start)]))
            line = next
        }
        return parts
    }

    /// A line that parts: where it starts, its line break included, and where what follows it starts.
    private struct Line {
        let start: Int
        let end: Int
        let isLast: Bool
    }

    private static func line(of delimiter: [UInt8], in body: [UInt8], from first: Int) -> Line? {
        let isAtStart = first == 0 && body.starts(with: delimiter.dropFirst(2))
        var start = isAtStart ? -2 : find(delimiter, in: body, from: first)
        while let found = start {
            var end = found + delimiter.count
            if body[end...].starts(with: [0x2D, 0x2D]) { return Line(start: found, end: end + 2, isLast: true) }
            while end < body.count, body[end] == 0x20 || body[end] == 0x09 { end += 1 }
            if body[end...].starts(with: [0x0D, 0x0A]) { return Line(start: found, end: end + 2, isLast: false) }
            // The boundary with more behind it is content.
            start = find(delimiter, in: body, from: end)
        }
        return nil
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
            let pair = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, !pair[0].isEmpty else {
                throw Problem(.invalid, "multipart", "A part's header has no colon.")
            }
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
