import Basis
import Input
import JSON

/// A file for the catalogue as it states itself: objects, texts, or objects with their texts.
struct CatalogueFile: Sendable {
    /// The most rows of one file.
    static let rowLimit = 1_000_000

    struct TextRow: Sendable {
        let line: Int
        let key: String
        /// Nil for the language of the object.
        let language: String?
        let body: String
    }

    let subject: CatalogueReport.Subject
    private(set) var drafts: [ContentDraft] = []
    private(set) var texts: [TextRow] = []
    /// What is odd but keeps nothing out.
    private(set) var warnings = InputIssues()

    /// Reads JSON Lines or CSV; the first row tells which, and what it holds: `title` is of objects, `text` of texts.
    ///
    /// - Throws: `Problem`: `import-empty`, or `import-refused` with all that is wrong.
    init(bytes: [UInt8]) throws(Problem) {
        var rows = try RowReader(bytes: bytes)
        var issues = InputIssues()
        guard let first = try rows.next(&issues) else {
            try issues.refuse("The catalogue")
            throw Problem(.invalid, "import-empty", "The file is empty. Put one learning object on each line.")
        }
        let isTexts = first.has("text") && !first.has("title")
        subject = isTexts ? .texts : .contents
        var lines: [String: Int] = [:]
        var row: ImportRow? = first
        var count = 0
        while let present = row {
            count += 1
            guard count <= CatalogueFile.rowLimit else {
                issues.add(present.line, nil, "There are more than \(CatalogueFile.rowLimit) rows. Split the file.")
                break
            }
            if isTexts { takeText(present, &lines, &issues) } else { takeDraft(present, &lines, &issues) }
            row = try rows.next(&issues)
        }
        try issues.refuse(isTexts ? "The texts" : "The catalogue")
    }

    private mutating func takeDraft(_ row: ImportRow, _ lines: inout [String: Int], _ issues: inout InputIssues) {
        var row = row
        let draft = ContentDraft(&row)
        let body = row.has("text") ? row.text("text", limit: ImportRow.bodyLimit) : nil
        if !draft.key.isEmpty, let earlier = lines.updateValue(row.line, forKey: draft.key) {
            row.wrong("id", "The id “\(draft.key)” stands in line \(earlier) already. Keep one of them.")
        }
        issues.add(row.issues)
        warnings.add(row.warnings)
        drafts.append(draft)
        if let body, !body.isEmpty {
            texts.append(TextRow(line: row.line, key: draft.key, language: draft.language, body: body))
        }
    }

    private mutating func takeText(_ row: ImportRow, _ lines: inout [String: Int], _ issues: inout InputIssues) {
        var row = row
        let key = row.required("id", limit: ContentDraft.keyLimit)
        let language = row.language()
        let body = row.text("text", limit: ImportRow.bodyLimit)
        if body.isEmpty { row.wrong("text", "There is no text. Write one or leave the row out.") }
        if let earlier = lines.updateValue(row.line, forKey: "\(key)\u{0}\(language ?? "")"), !key.isEmpty {
            row.wrong("id", "The text of “\(key)” stands in line \(earlier) already. Keep one of them.")
        }
        issues.add(row.issues)
        texts.append(TextRow(line: row.line, key: key, language: language, body: body))
    }
}

extension InputIssues {
    fileprivate mutating func add(_ more: [InputIssue]) {
        for issue in more { add(issue.line, issue.column, issue.detail) }
    }
}
