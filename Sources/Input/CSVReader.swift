public import Basis

/// Records of a comma- or semicolon-separated file with a header, each with the line it starts on.
///
/// - Source: RFC 4180, and a semicolon or tab where the header has those and no comma.
public struct CSVReader {
    /// One record: fields by the header's names.
    public struct Record: Sendable {
        /// The line that the record starts on, from 1.
        public let line: Int
        let header: [String: Int]
        let fields: [String]

        /// The field, trimmed of white space at both ends; empty when the file lacks the column.
        public subscript(column: String) -> String {
            guard let index = header[column], index < fields.count else { return "" }
            return fields[index].trimmed
        }
    }

    /// The header's names, lower case, in order.
    public let columns: [String]
    private let header: [String: Int]
    private var parser: Parser

    /// - Throws: `Problem` (`csv-header`) for an empty file, an empty or repeated name; `csv-encoding` for
    ///   what is not UTF-8, `csv-nul` for a character U+0000.
    public init(bytes: [UInt8]) throws(Problem) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw Problem(.invalid, "csv-encoding", "The file is not UTF-8. Save it as “CSV UTF-8”.")
        }
        if let place = bytes.firstIndex(of: 0) {
            let line = bytes[..<place].count { $0 == 0x0A } + 1
            let detail = "Line \(line) holds the character U+0000. Take it out, or save the file as “CSV UTF-8”."
            throw Problem(.invalid, "csv-nul", detail, issues: [InputIssue(line: line, detail)])
        }
        var bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        parser = Parser(bytes: bytes, separator: CSVReader.separator(of: bytes))
        guard let names = try parser.record() else {
            throw Problem(.invalid, "csv-header", "The file is empty. Its first line must name the columns.")
        }
        columns = names.fields.map { $0.trimmed.lowercased() }
        var header: [String: Int] = [:]
        for (index, name) in columns.enumerated() {
            if name.isEmpty {
                throw Problem(.invalid, "csv-header", "Line 1: column \(index + 1) has no name.")
            }
            if header.updateValue(index, forKey: name) != nil {
                throw Problem(.invalid, "csv-header", "Line 1: the column “\(name)” is named twice.")
            }
        }
        self.header = header
    }

    /// What parts the header's names; what stands within quotes does not count, line breaks included.
    private static func separator(of bytes: [UInt8]) -> UInt8 {
        var isQuoted = false
        var found: Set<UInt8> = []
        for byte in bytes {
            if byte == 0x22 { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == 0x0A || byte == 0x0D { break }
            found.insert(byte)
        }
        return [0x2C, 0x3B, 0x09].first(where: found.contains) ?? 0x2C
    }

    /// The next record that is not blank, or nil at the end.
    ///
    /// - Throws: `Problem` (`csv-record`) for more fields than columns or a quote that is never closed.
    public mutating func next() throws(Problem) -> Record? {
        while let (line, fields) = try parser.record() {
            if fields.allSatisfy({ $0.trimmed.isEmpty }) { continue }
            if fields.count > columns.count {
                let detail = "Line \(line) has \(fields.count) fields but the header names \(columns.count) columns."
                throw Problem(.invalid, "csv-record", detail, issues: [InputIssue(line: line, detail)])
            }
            return Record(line: line, header: header, fields: fields)
        }
        return nil
    }
}

private struct Parser {
    let bytes: [UInt8]
    let separator: UInt8
    var index = 0
    var line = 1

    mutating func record() throws(Problem) -> (line: Int, fields: [String])? {
        guard index < bytes.count else { return nil }
        let start = line
        var fields: [String] = []
        while true {
            fields.append(try field(startedOn: start))
            guard index < bytes.count else { return (start, fields) }
            let byte = bytes[index]
            index += 1
            if byte == separator { continue }
            if byte == 0x0D, index < bytes.count, bytes[index] == 0x0A { index += 1 }
            line += 1
            return (start, fields)
        }
    }

    private mutating func field(startedOn start: Int) throws(Problem) -> String {
        guard index < bytes.count, bytes[index] == 0x22 else {
            let first = index
            while index < bytes.count, bytes[index] != separator, bytes[index] != 0x0A, bytes[index] != 0x0D {
                index += 1
            }
            return String(decoding: bytes[first..<index], as: UTF8.self)
        }
        index += 1
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == 0x22 {
                guard index < bytes.count, bytes[index] == 0x22 else {
                    try expectEnd()
                    return String(decoding: text, as: UTF8.self)
                }
                index += 1
            } else if byte == 0x0A {
                line += 1
            }
            text.append(byte)
        }
        let detail = "A quote that opens in the record of line \(start) is never closed."
        throw Problem(.invalid, "csv-record", detail, issues: [InputIssue(line: start, detail)])
    }

    private func expectEnd() throws(Problem) {
        guard index < bytes.count, bytes[index] != separator, bytes[index] != 0x0A, bytes[index] != 0x0D else { return }
        let detail = "Line \(line): there is text after a closing quote. Double the quotes within a field."
        throw Problem(.invalid, "csv-record", detail, issues: [InputIssue(line: line, detail)])
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    public var trimmed: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
