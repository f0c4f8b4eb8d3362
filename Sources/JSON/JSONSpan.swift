/// Where the parts of a document lie among its bytes, so that one part can be cut out exactly as it came.
///
/// - Precondition for all of it: the bytes parse as JSON.
public enum JSONSpan {
    /// A member of an object: from the opening quote of its name to the end of its value.
    public struct Member: Sendable {
        public let name: String
        public let whole: Range<Int>
        public let value: Range<Int>
    }

    /// The document without the white space around it, and without a byte order mark.
    public static func document(of bytes: [UInt8]) -> Range<Int> {
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var end = bytes.count
        while start < end, isSpace(bytes[start]) { start += 1 }
        while end > start, isSpace(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    /// The elements of the array that lies in `span`; empty for anything but an array.
    public static func elements(of bytes: [UInt8], in span: Range<Int>) -> [Range<Int>] {
        guard span.count > 1, bytes[span.lowerBound] == 0x5B else { return [] }
        var spans: [Range<Int>] = []
        var index = span.lowerBound + 1
        while true {
            skipSpace(bytes, &index)
            if bytes[index] == 0x5D { return spans }
            let start = index
            skipValue(bytes, &index)
            spans.append(start..<index)
            skipSpace(bytes, &index)
            if bytes[index] == 0x2C { index += 1 }
        }
    }

    /// The members of the object that lies in `span`, in order; empty for anything but an object.
    public static func members(of bytes: [UInt8], in span: Range<Int>) -> [Member] {
        guard span.count > 1, bytes[span.lowerBound] == 0x7B else { return [] }
        var members: [Member] = []
        var index = span.lowerBound + 1
        while true {
            skipSpace(bytes, &index)
            if bytes[index] == 0x7D { return members }
            let start = index
            skipString(bytes, &index)
            let name = name(bytes[start..<index])
            skipSpace(bytes, &index)
            index += 1
            skipSpace(bytes, &index)
            let value = index
            skipValue(bytes, &index)
            members.append(Member(name: name, whole: start..<index, value: value..<index))
            skipSpace(bytes, &index)
            if bytes[index] == 0x2C { index += 1 }
        }
    }

    private static func name(_ quoted: ArraySlice<UInt8>) -> String {
        if quoted.contains(0x5C) { return (try? JSONValue(parsing: Array(quoted)))?.string ?? "" }
        return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
    }

    private static func skipSpace(_ bytes: [UInt8], _ index: inout Int) {
        while isSpace(bytes[index]) { index += 1 }
    }

    private static func skipString(_ bytes: [UInt8], _ index: inout Int) {
        index += 1
        while bytes[index] != 0x22 { index += bytes[index] == 0x5C ? 2 : 1 }
        index += 1
    }

    private static func skipValue(_ bytes: [UInt8], _ index: inout Int) {
        switch bytes[index] {
        case 0x22: skipString(bytes, &index)
        case 0x7B, 0x5B:
            var depth = 0
            repeat {
                switch bytes[index] {
                case 0x22:
                    skipString(bytes, &index)
                    continue
                case 0x7B, 0x5B: depth += 1
                case 0x7D, 0x5D: depth -= 1
                default: break
                }
                index += 1
            } while depth > 0
        default:
            while index < bytes.count, !isEnd(bytes[index]) { index += 1 }
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
    private static func isEnd(_ byte: UInt8) -> Bool { byte == 0x2C || byte == 0x5D || byte == 0x7D || isSpace(byte) }
}
