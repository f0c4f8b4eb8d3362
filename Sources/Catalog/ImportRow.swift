import Basis
import Input
import JSON

/// Rows of JSON Lines, or of CSV read as if it were.
struct RowReader {
    private enum Source {
        case lines(LineReader)
        case records(CSVReader)
    }

    /// Columns of a CSV that hold several values, with semicolons between.
    private static let lists: Set<String> = [
        "roles", "products", "topics", "skills", "objectives", "prerequisites", "children",
    ]
    private static let numbers: Set<String> = ["duration_minutes", "quiz_items", "text_words"]

    private var source: Source

    init(bytes: [UInt8]) throws(Problem) {
        let first = bytes.first { ![0xEF, 0xBB, 0xBF, 0x20, 0x09, 0x0A, 0x0D].contains($0) }
        let isCSV = first != nil && first != 0x7B && first != 0x5B
        source = isCSV ? .records(try CSVReader(bytes: bytes)) : .lines(LineReader(bytes: bytes))
    }

    /// The next row; nil at the end. A line that is no JSON object becomes an issue and is passed over.
    mutating func next(_ issues: inout InputIssues) throws(Problem) -> ImportRow? {
        switch source {
        case .lines(var reader):
            defer { source = .lines(reader) }
            while let line = try reader.next() {
                if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
                do {
                    guard case .object(let object) = try JSONValue(parsing: Array(line)) else {
                        issues.add(reader.number, nil, "The line is no JSON object. Put one object on each line.")
                        continue
                    }
                    return ImportRow(line: reader.number, fields: object, isJSON: true)
                } catch {
                    issues.add(reader.number, nil, "Column \(error.column): \(error.detail)")
                }
            }
            return nil
        case .records(var reader):
            defer { source = .records(reader) }
            guard let record = try reader.next() else { return nil }
            var fields: [(String, JSONValue)] = []
            for column in reader.columns where !record[column].isEmpty {
                fields.append((column, RowReader.value(record[column], of: column)))
            }
            return ImportRow(line: record.line, fields: JSONObject(fields), isJSON: false)
        }
    }

    private static func value(_ text: String, of column: String) -> JSONValue {
        if lists.contains(column) {
            return .array(text.split(separator: ";").map { .string($0.trimmed) }.filter { $0 != .string("") })
        }
        if numbers.contains(column), let number = Int(text) { return JSONValue(number) }
        return .string(text)
    }
}

/// One row of an import: its fields, and what turned out to be wrong with them.
struct ImportRow {
    /// The most characters of a title or another short text.
    static let shortLimit = 1_000
    /// The most characters of a description or a list's entry.
    static let longLimit = 20_000
    /// The most characters of a body text.
    static let bodyLimit = 4_000_000
    /// The most entries of a list.
    static let listLimit = 2_000

    let line: Int
    private let fields: JSONObject
    private let isJSON: Bool
    private(set) var issues: [InputIssue] = []
    /// What is odd but keeps nothing out.
    private(set) var warnings: [InputIssue] = []

    init(line: Int, fields: JSONObject, isJSON: Bool) {
        self.line = line
        self.fields = fields
        self.isJSON = isJSON
    }

    mutating func wrong(_ field: String, _ detail: String) { issues.append(issue(field, detail)) }

    mutating func odd(_ field: String, _ detail: String) { warnings.append(issue(field, detail)) }

    private func issue(_ field: String, _ detail: String) -> InputIssue {
        InputIssue(line: line, column: isJSON ? "/\(field)" : field, detail)
    }

    func has(_ field: String) -> Bool { value(field) != nil }

    /// The field, nil when it is absent or null.
    func value(_ field: String) -> JSONValue? {
        guard let value = fields[field], value != .null else { return nil }
        return value
    }

    /// The trimmed text; empty when absent.
    mutating func text(_ field: String, limit: Int = ImportRow.longLimit) -> String {
        guard let value = value(field) else { return "" }
        guard case .string(let text) = value else {
            wrong(field, "A text is expected here. Put it in quotes.")
            return ""
        }
        return checked(text, field, limit)
    }

    /// The text, nil when it is absent or empty.
    mutating func optional(_ field: String, limit: Int = ImportRow.shortLimit) -> String? {
        let text = text(field, limit: limit)
        return text.isEmpty ? nil : text
    }

    mutating func required(_ field: String, limit: Int = ImportRow.shortLimit) -> String {
        let before = issues.count
        let text = text(field, limit: limit)
        if text.isEmpty, issues.count == before { wrong(field, "There is no \(field). Every row needs one.") }
        return text
    }

    mutating func list(_ field: String) -> [String] {
        guard let value = value(field) else { return [] }
        guard case .array(let elements) = value else {
            wrong(field, "A list is expected here.")
            return []
        }
        if elements.count > ImportRow.listLimit {
            wrong(field, "The list has more than \(ImportRow.listLimit) entries. Shorten it.")
            return []
        }
        var texts: [String] = []
        for (index, element) in elements.enumerated() {
            guard case .string(let text) = element else {
                wrong("\(field)/\(index)", "A text is expected here.")
                continue
            }
            let checked = checked(text, "\(field)/\(index)", ImportRow.longLimit)
            if !checked.isEmpty { texts.append(checked) }
        }
        return texts
    }

    /// A whole number from 0 to `limit`; nil when absent.
    mutating func count(_ field: String, limit: Int) -> Int? {
        guard let value = value(field) else { return nil }
        guard let number = value.integer else {
            wrong(field, "A whole number is expected here.")
            return nil
        }
        guard (0...limit).contains(number) else {
            wrong(field, number < 0 ? "\(number) is below zero." : "\(number) is more than \(limit).")
            return nil
        }
        return number
    }

    /// A well-formed language tag; nil when absent.
    ///
    /// - Source: RFC 5646, section 2.1: the shape of a tag, not its registration.
    mutating func language() -> String? {
        guard let tag = optional("language") else { return nil }
        let parts = tag.split(separator: "-", omittingEmptySubsequences: false)
        let isWellFormed = parts.enumerated().allSatisfy { index, part in
            let isWord = part.allSatisfy { $0.isASCII && ($0.isLetter || (index > 0 && $0.isNumber)) }
            return isWord && (index == 0 ? 2...8 : 1...8).contains(part.count)
        }
        if !isWellFormed {
            wrong("language", "“\(tag)” is no language tag. Write one such as en, de-CH or pt-BR.")
            return nil
        }
        return tag
    }

    /// A day as sources write it: `2018-09-24`, a timestamp, or `09/24/2018` (month first).
    mutating func day(_ field: String) -> Day? {
        guard let text = optional(field) else { return nil }
        if let day = Day(text) ?? Moment(timestamp: text)?.day { return day }
        let parts = text.split(separator: "/").map { Int($0) }
        if parts.count == 3, let month = parts[0], let day = parts[1], let year = parts[2],
            let found = Day(year: year, month: month, day: day)
        {
            return found
        }
        wrong(field, "“\(text)” is no day. Write it as 2026-11-23.")
        return nil
    }

    /// An address of the web; nil when absent, and for one without a scheme, which leads nowhere from here.
    mutating func address(_ field: String) -> String? {
        guard let text = optional(field, limit: 4_000) else { return nil }
        let start = text.prefix(8).lowercased()
        if start.hasPrefix("http://") || start.hasPrefix("https://") { return text }
        let scheme = text.prefix { $0 != ":" }
        if scheme.count == text.count || scheme.contains("/") || scheme.contains("?") || scheme.contains("#") {
            odd(field, "“\(text.prefix(80))” is no whole web address, so it was left out. Begin it with https://.")
        } else {
            wrong(field, "“\(text.prefix(80))” is no web address. One begins with https:// or http://.")
        }
        return nil
    }

    private mutating func checked(_ text: String, _ field: String, _ limit: Int) -> String {
        if text.utf8.contains(0) {
            wrong(field, "The text holds a NUL character. Take it out.")
            return ""
        }
        let trimmed = text.trimmed
        if trimmed.utf8.count > limit, trimmed.count > limit {
            wrong(field, "The text is longer than \(limit) characters. Shorten it.")
            return ""
        }
        return trimmed
    }
}
