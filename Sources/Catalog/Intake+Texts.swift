import Basis
import Crypto
import Storage

extension Intake {
    private struct Change {
        let known: Known
        let language: String
        let body: String
        let hash: [UInt8]
        /// The version that the text comes with.
        let version: Int
        /// Whether this change makes that version.
        let isRaise: Bool
    }

    /// Gives objects their texts. A first text completes the version that is there; a changed one makes the next,
    /// unless the object has a new version of this import already.
    mutating func take(
        _ texts: [CatalogueFile.TextRow], bumped: Set<Int>, into report: inout CatalogueReport,
        on connection: any Connection
    ) throws {
        if texts.isEmpty { return }
        let known = try known(texts.map(\.key), on: connection)
        var issues = InputIssues()
        for text in texts where known[text.key] == nil {
            issues.add(
                text.line, "/id", "“\(text.key)” is not in the catalogue. Import the object before its text.")
        }
        try issues.refuse("The texts")
        // Where the rows are objects too, those were counted already.
        let counts = report.subject == .texts
        var raised: Set<Int> = []
        for chunk in chunks(texts, of: 200) {
            let numbers = chunk.compactMap { known[$0.key]?.number }
            let current = try hashes(of: numbers, on: connection)
            var changes: [Change] = []
            for text in chunk {
                guard let object = known[text.key] else { continue }
                let language = text.language ?? object.language
                let hash = Array(SHA256.hash(data: Array(text.body.utf8)))
                let old = current[object.number]?[language]
                if old == hash {
                    if counts { report.unchanged += 1 }
                    continue
                }
                let isRaise = old != nil && !bumped.contains(object.number) && !raised.contains(object.number)
                if isRaise { raised.insert(object.number) }
                changes.append(
                    Change(
                        known: object, language: language, body: text.body, hash: hash,
                        version: object.version + (raised.contains(object.number) ? 1 : 0), isRaise: isRaise))
                if counts {
                    if old == nil { report.created += 1 } else { report.updated += 1 }
                }
            }
            try write(changes, on: connection)
            advance(chunk.count)
        }
    }

    private func write(_ changes: [Change], on connection: any Connection) throws {
        if changes.isEmpty { return }
        let numbers = Array(Set(changes.map(\.known.number))).sorted()
        let raised = changes.filter(\.isRaise).map(\.known.number)
        try reindexing(numbers, before: Set(numbers), on: connection) {
            try connection.bulk(
                "content_text", ["tenant", "content", "language", "since_version", "body", "hash", "words"],
                changes.map { change in
                    [
                        tenant.stored, change.known.number.stored, change.language.stored, change.version.stored,
                        change.body.stored, change.hash.stored, words(in: change.body).stored,
                    ]
                }, on: .replace(key: ["tenant", "content", "language", "since_version"]))
            try connection.run(
                "UPDATE content SET has_text = 1 WHERE tenant = \(tenant) AND number IN (\(SQL.list(numbers)))")
        }
        if raised.isEmpty { return }
        try connection.run(
            """
            INSERT INTO content_version (tenant, content, version, cause, made_at, title, origin, source_type, model,
                reviewer, reviewed_on, body)
            SELECT v.tenant, v.content, v.version + 1, 'text', \(now), v.title, v.origin, v.source_type, v.model,
                v.reviewer, v.reviewed_on, v.body
            FROM content_version v JOIN content c
                ON c.tenant = v.tenant AND c.number = v.content AND c.version = v.version
            WHERE v.tenant = \(tenant) AND v.content IN (\(SQL.list(raised)))
            """)
        try connection.run(
            """
            UPDATE content SET version = version + 1, changed_at = \(now)
            WHERE tenant = \(tenant) AND number IN (\(SQL.list(raised)))
            """)
    }

    /// The hashes of the current texts, by object and language.
    private func hashes(of numbers: [Int], on connection: any Connection) throws -> [Int: [String: [UInt8]]] {
        var hashes: [Int: [String: [UInt8]]] = [:]
        let rows = try connection.rows(
            """
            SELECT content, language, hash FROM content_text
            WHERE tenant = \(tenant) AND content IN (\(SQL.list(numbers))) ORDER BY content, since_version
            """)
        for row in rows { hashes[try row.get("content"), default: [:]][try row.get("language")] = try row.get("hash") }
        return hashes
    }
}

/// Runs of characters between white space.
private func words(in text: String) -> Int {
    var count = 0
    var isWithin = false
    for byte in text.utf8 {
        let isSpace = byte == 0x20 || (0x09...0x0D).contains(byte)
        if !isSpace, !isWithin { count += 1 }
        isWithin = !isSpace
    }
    return count
}
