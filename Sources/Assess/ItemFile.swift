import Basis
import Input
import JSON

/// Items as a file of JSON Lines states them.
struct ItemFile: Sendable {
    /// The most rows of one file.
    static let rowLimit = 1_000_000

    private(set) var drafts: [ItemDraft] = []
    private(set) var issues = InputIssues()

    /// Reads the rows and gathers what is wrong with each; `issues` is left to the caller, who may know of more.
    ///
    /// - Throws: `Problem` (`import-empty`) for a file without a row, and what the reader throws.
    init(bytes: [UInt8]) throws(Problem) {
        var reader = LineReader(bytes: bytes)
        var lines: [String: Int] = [:]
        while let line = try reader.next() {
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
            if drafts.count == ItemFile.rowLimit {
                issues.add(reader.number, nil, "There are more than \(ItemFile.rowLimit) rows. Split the file.")
                break
            }
            do {
                guard case .object(let object) = try JSONValue(parsing: Array(line), takesNUL: false) else {
                    issues.add(reader.number, nil, "The line is no JSON object. Put one item on each line.")
                    continue
                }
                var row = ItemRow(line: reader.number, fields: object)
                let draft = ItemDraft(&row)
                if !draft.key.isEmpty, let earlier = lines.updateValue(reader.number, forKey: draft.key) {
                    row.wrong("/id", "The id “\(draft.key)” stands in line \(earlier) already. Keep one of them.")
                }
                for issue in row.issues { issues.add(issue.line, issue.column, issue.detail) }
                drafts.append(draft)
            } catch {
                issues.add(reader.number, nil, "Column \(error.column): \(error.detail)")
            }
        }
        if drafts.isEmpty, issues.isEmpty {
            throw Problem(.invalid, "import-empty", "The file is empty. Put one item on each line.")
        }
    }
}

/// One row and what is wrong with it.
struct ItemRow {
    /// The most characters of a stem, a choice or an explanation.
    static let textLimit = 20_000
    /// The most choices of one item.
    static let choiceLimit = 100

    let line: Int
    private let fields: JSONObject
    private(set) var issues: [InputIssue] = []

    init(line: Int, fields: JSONObject) {
        self.line = line
        self.fields = fields
    }

    mutating func wrong(_ pointer: String, _ detail: String) {
        issues.append(InputIssue(line: line, column: pointer, detail))
    }

    /// The field, nil when it is absent or null.
    func value(_ name: String) -> JSONValue? {
        guard let value = fields[name], value != .null else { return nil }
        return value
    }

    /// The trimmed text; empty when absent.
    mutating func text(_ name: String, limit: Int = ItemRow.textLimit) -> String {
        guard let value = value(name) else { return "" }
        return text(value, "/\(name)", limit: limit) ?? ""
    }

    mutating func text(_ value: JSONValue, _ pointer: String, limit: Int = ItemRow.textLimit) -> String? {
        guard case .string(let text) = value else {
            wrong(pointer, "A text is expected here. Put it in quotes.")
            return nil
        }
        if text.utf8.contains(0) {
            wrong(pointer, "The text holds a NUL character. Take it out.")
            return nil
        }
        let trimmed = text.trimmed
        if trimmed.utf8.count > limit, trimmed.count > limit {
            wrong(pointer, "The text is longer than \(limit) characters. Shorten it.")
            return nil
        }
        return trimmed
    }

    mutating func optional(_ name: String) -> String? {
        let text = text(name, limit: 1_000)
        return text.isEmpty ? nil : text
    }

    mutating func list(_ name: String) -> [JSONValue]? {
        guard let value = value(name) else { return nil }
        guard let array = value.array else {
            wrong("/\(name)", "A list is expected here.")
            return nil
        }
        return array
    }
}
