import Basis
import Crypto
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

/// An item as a row states it.
struct ItemDraft: Sendable {
    let line: Int
    let key: String
    let content: String?
    let kind: ItemKind
    let stem: String
    let choices: [String]
    let correct: [Int]
    let explanations: [String?]
    let skills: [String]
    let level: Level?
    let language: String
    let licence: String
    let author: String
    let source: String
    let provenance: Provenance

    /// Reads a row; what is wrong stays with the row.
    init(_ row: inout ItemRow) {
        line = row.line
        key = row.text("id", limit: 300)
        if key.isEmpty, row.value("id") == nil || row.value("id") == .string("") {
            row.wrong("/id", "There is no id. Every item needs a stable one.")
        }
        content = row.optional("learning_object")
        stem = row.text("stem")
        choices = ItemDraft.choices(&row)
        correct = ItemDraft.key(&row, among: choices.count)
        kind = ItemDraft.kind(&row, correct)
        if stem.isEmpty { row.wrong("/stem", "There is no question. Write one.") }
        explanations = ItemDraft.explanations(&row, choices.count)
        skills = ItemDraft.words(&row, "skills")
        level = ItemDraft.level(&row)
        language = ItemDraft.language(&row)
        licence = row.text("licence")
        author = row.text("author")
        source = [row.text("source_repo"), row.text("source_path")].filter { !$0.isEmpty }.joined(separator: " ")
        provenance = ItemDraft.provenance(&row)
    }

    private static func choices(_ row: inout ItemRow) -> [String] {
        let values = row.list("choices") ?? []
        if values.count < 2 {
            row.wrong("/choices", "There \(values.count == 1 ? "is 1 choice" : "are no choices"). Write two or more.")
        }
        if values.count > ItemRow.choiceLimit {
            row.wrong("/choices", "There are more than \(ItemRow.choiceLimit) choices. Leave some out.")
            return []
        }
        return values.enumerated().map { index, value in
            let text = row.text(value, "/choices/\(index)")
            if text == "" { row.wrong("/choices/\(index)", "The choice is empty. Write it or leave it out.") }
            return text ?? ""
        }
    }

    private static func key(_ row: inout ItemRow, among count: Int) -> [Int] {
        let values = row.list("correct") ?? []
        if values.isEmpty { row.wrong("/correct", "There is no key. Name the right choice, counting from 0.") }
        var key: Set<Int> = []
        for (index, value) in values.enumerated() {
            guard let position = value.integer else {
                row.wrong("/correct/\(index)", "A whole number is expected here: a choice's place, counting from 0.")
                continue
            }
            guard (0..<count).contains(position) else {
                row.wrong("/correct/\(index)", "There is no choice \(position). The choices are 0 to \(count - 1).")
                continue
            }
            if !key.insert(position).inserted {
                row.wrong("/correct/\(index)", "Choice \(position) is named twice. Name it once.")
            }
        }
        return key.sorted()
    }

    private static func kind(_ row: inout ItemRow, _ correct: [Int]) -> ItemKind {
        guard let word = row.optional("kind") else { return correct.count > 1 ? .multiple : .single }
        guard let kind = ItemKind(rawValue: word.lowercased()), kind != .opaque else {
            row.wrong("/kind", "“\(word)” is no kind of item. Write single or multiple, or leave it out.")
            return .single
        }
        if kind == .single, correct.count > 1 {
            row.wrong("/correct", "A single-answer item has one right choice, but \(correct.count) are named.")
        }
        return kind
    }

    private static func explanations(_ row: inout ItemRow, _ count: Int) -> [String?] {
        let values = row.list("explanations") ?? []
        if !values.isEmpty, values.count != count {
            row.wrong(
                "/explanations",
                "There are \(values.count) explanations for \(count) choices. Write one a choice, or null.")
            return []
        }
        let texts = values.enumerated().map { index, value -> String? in
            if value == .null { return nil }
            let text = row.text(value, "/explanations/\(index)")
            return text == "" ? nil : text
        }
        return texts.allSatisfy { $0 == nil } ? [] : texts
    }

    private static func words(_ row: inout ItemRow, _ name: String) -> [String] {
        (row.list(name) ?? []).enumerated().compactMap { index, value in
            let text = row.text(value, "/\(name)/\(index)", limit: 300)
            if text == "" { row.wrong("/\(name)/\(index)", "The entry is empty. Write it or leave it out.") }
            return text
        }
    }

    private static func level(_ row: inout ItemRow) -> Level? {
        guard let word = row.optional("level") else { return nil }
        if let level = Level(rawValue: word.lowercased()) { return level }
        row.wrong("/level", "“\(word)” is no level. Write beginner, intermediate or advanced, or leave it out.")
        return nil
    }

    /// - Source: RFC 5646, section 2.1: the shape of a tag, not its registration.
    private static func language(_ row: inout ItemRow) -> String {
        guard let tag = row.optional("language") else { return "und" }
        let parts = tag.split(separator: "-", omittingEmptySubsequences: false)
        let isWellFormed = parts.enumerated().allSatisfy { index, part in
            let isWord = part.allSatisfy { $0.isASCII && ($0.isLetter || (index > 0 && $0.isNumber)) }
            return isWord && (index == 0 ? 2...8 : 1...8).contains(part.count)
        }
        if isWellFormed { return tag }
        row.wrong("/language", "“\(tag)” is no language tag. Write one such as en, de-CH or pt-BR.")
        return "und"
    }

    /// What is stated and no more.
    private static func provenance(_ row: inout ItemRow) -> Provenance {
        var origin = Origin.unknown
        if let word = row.optional("provenance") {
            if let stated = Origin(word: word) {
                origin = stated
            } else {
                row.wrong(
                    "/provenance",
                    "“\(word)” is no provenance. Write human-made, ai-assisted, ai-generated or unknown.")
            }
        }
        let iri = row.optional("digital_source_type")
        if let iri, Origin.term(of: iri) == nil {
            row.wrong(
                "/digital_source_type",
                """
                “\(iri.prefix(80))” is no IPTC digital source type. One begins with \
                http://cv.iptc.org/newscodes/digitalsourcetype/.
                """)
        }
        if origin == .unknown, let iri, let told = Origin(digitalSourceType: iri) { origin = told }
        var reviewed: Day?
        if let text = row.optional("reviewed") {
            reviewed = Day(text) ?? Moment(timestamp: text)?.day
            if reviewed == nil { row.wrong("/reviewed", "“\(text)” is no day. Write it as 2026-11-23.") }
        }
        return Provenance(
            origin, digitalSourceType: iri, model: row.optional("model"), reviewer: row.optional("reviewer"),
            reviewed: reviewed)
    }

    /// What was said, as one JSON object, and its hash.
    func sealed() -> (body: String, hash: [UInt8]) {
        let statement = JSONValue.object(
            JSONObject([
                ("id", JSONValue(key)), ("learning_object", JSONValue(content)), ("kind", JSONValue(kind.rawValue)),
                ("stem", JSONValue(stem)), ("choices", JSONValue(choices)),
                ("correct", .array(correct.map { JSONValue($0) })),
                ("explanations", .array(explanations.map { JSONValue($0) })), ("skills", JSONValue(skills)),
                ("level", JSONValue(level?.rawValue)), ("language", JSONValue(language)),
                ("licence", JSONValue(licence)), ("author", JSONValue(author)), ("source", JSONValue(source)),
                ("provenance", JSONValue(provenance.origin.rawValue)),
                ("digital_source_type", JSONValue(provenance.digitalSourceType)),
                ("model", JSONValue(provenance.model)), ("reviewer", JSONValue(provenance.reviewer)),
                ("reviewed", JSONValue(provenance.reviewed?.description)),
            ]))
        let bytes = statement.bytes
        return (String(decoding: bytes, as: UTF8.self), Array(SHA256.hash(data: bytes)))
    }
}
