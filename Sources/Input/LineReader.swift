public import Basis

/// Lines of a source of bytes, with their numbers, in bounded memory.
public struct LineReader {
    /// The longest line that is read.
    public static let lineByteLimit = 16 << 20

    private let source: () throws(Problem) -> ArraySlice<UInt8>?
    private var rest: ArraySlice<UInt8> = []
    private var ended = false
    /// The number of the line last returned, from 1.
    public private(set) var number = 0

    /// Reads a file, unpacking gzip.
    public init(path: String) throws(Problem) {
        let reader = try ByteReader(path: path)
        source = { () throws(Problem) in try reader.next() }
    }

    /// Reads from memory.
    public init(bytes: [UInt8]) {
        var once: ArraySlice<UInt8>? = bytes[...]
        source = { () throws(Problem) in
            defer { once = nil }
            return once
        }
    }

    /// The next line without its ending (LF or CRLF), or nil at the end. A byte order mark is dropped.
    ///
    /// - Throws: `Problem` (`line-too-long`), or what the source throws.
    public mutating func next() throws(Problem) -> ArraySlice<UInt8>? {
        var searched = 0
        while true {
            if let end = rest.dropFirst(searched).firstIndex(of: 0x0A) {
                let line = rest[rest.startIndex..<end]
                rest = rest[(end + 1)...]
                return finish(line)
            }
            searched = rest.count
            if ended {
                if rest.isEmpty { return nil }
                defer { rest = [] }
                return finish(rest)
            }
            guard rest.count <= LineReader.lineByteLimit else {
                throw Problem(
                    .oversize, "line-too-long",
                    "Line \(number + 1) is longer than \(LineReader.lineByteLimit >> 20) MiB.")
            }
            if let piece = try source() { rest = rest + piece } else { ended = true }
        }
    }

    private mutating func finish(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        number += 1
        var line = line
        if line.last == 0x0D { line = line.dropLast() }
        if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        return line
    }
}
