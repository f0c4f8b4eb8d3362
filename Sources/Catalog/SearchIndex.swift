import Basis
import Storage

/// What an engine's full-text index must do. One override an engine: neither speaks the other's tongue.
protocol SearchIndex: Sendable {
    /// Puts documents in, in place of those that were there: `old` is what was indexed of them, exactly.
    func replace(
        _ old: [SearchDocument], by new: [SearchDocument], _ tenant: TenantID, on connection: any Connection
    ) throws

    /// Rows `number, score, language, kind, level, origin, source` of the matches that meet `condition` over
    /// `content c`, at most `limit` of them, the newest where there are more. A lower score is a better match.
    func candidates(_ text: SearchText, _ tenant: TenantID, where condition: SQL, limit: Int) -> SQL

    /// Tidies up after many documents came in, so that the next search is as fast as later ones.
    func settle(on connection: any Connection) throws
}

/// What is indexed of one object.
struct SearchDocument: Sendable {
    let number: Int
    let title: String
    let description: String
    let body: String
}

/// The weights of the three columns in the order of a match: a word in the title says most.
private let weights = (title: 10.0, description: 4.0, body: 1.0)

func searchIndex(of dialect: Dialect) -> any SearchIndex {
    switch dialect {
    case .sqlite: FTS5Index()
    case .postgres: TSVectorIndex()
    }
}

/// A contentless FTS5 table: it holds the index only, so taking a document out needs the words that went in.
///
/// - Source: sqlite.org/fts5.html, sections 4.4.1 and 6.3.
private struct FTS5Index: SearchIndex {
    func replace(
        _ old: [SearchDocument], by new: [SearchDocument], _ tenant: TenantID, on connection: any Connection
    ) throws {
        try connection.bulk(
            "content_search", ["content_search", "rowid", "title", "description", "body"],
            old.map { [.text("delete")] + values($0) }, on: .refuse)
        try connection.bulk(
            "content_search", ["rowid", "title", "description", "body"], new.map(values), on: .refuse)
    }

    private func values(_ document: SearchDocument) -> [Value] {
        [
            document.number.stored, SearchWords(document.title).joined.stored,
            SearchWords(document.description).joined.stored, SearchWords(document.body).joined.stored,
        ]
    }

    func candidates(_ text: SearchText, _ tenant: TenantID, where condition: SQL, limit: Int) -> SQL {
        // The join is crossed so that the index leads: each match looks up its one row.
        """
        SELECT c.number, bm25(content_search, \(weights.title), \(weights.description), \(weights.body)) AS score,
            c.language, c.kind, c.level, c.origin, c.source
        FROM content_search CROSS JOIN content c ON c.tenant = \(tenant) AND c.number = content_search.rowid
        WHERE content_search MATCH \(text.fts5) AND \(condition)
        ORDER BY content_search.rowid DESC LIMIT \(limit)
        """
    }

    func settle(on connection: any Connection) throws {}
}

/// A `tsvector` with the weights A, B and D, built here rather than by a text search configuration, so that the words
/// are those of the other engine.
private struct TSVectorIndex: SearchIndex {
    /// A little under what one lexeme may have: PostgreSQL 15 manual, section 12.11.
    private static let placeLimit = 255

    func replace(
        _ old: [SearchDocument], by new: [SearchDocument], _ tenant: TenantID, on connection: any Connection
    ) throws {
        if !old.isEmpty {
            let numbers = SQL.list(old.map(\.number))
            try connection.run("DELETE FROM content_search WHERE tenant = \(tenant) AND number IN (\(numbers))")
        }
        // COPY takes no texts for vectors. Two lengths only, so that there are few distinct texts of SQL.
        let whole = new.count / 100 * 100
        for start in stride(from: 0, to: whole, by: 100) {
            try insert(new[start..<start + 100], tenant, on: connection)
        }
        for index in whole..<new.count { try insert(new[index...index], tenant, on: connection) }
    }

    private func insert(
        _ documents: ArraySlice<SearchDocument>, _ tenant: TenantID, on connection: any Connection
    ) throws {
        let rows = documents.map { document -> SQL in
            "(\(tenant), \(document.number), CAST(\(TSVectorIndex.vector(of: document)) AS tsvector))"
        }
        try connection.run("INSERT INTO content_search (tenant, number, document) VALUES " + SQL.join(rows, ", "))
    }

    func candidates(_ text: SearchText, _ tenant: TenantID, where condition: SQL, limit: Int) -> SQL {
        // Materialised, so that the number of candidates is bounded before any of them is ranked.
        """
        WITH hit AS MATERIALIZED (
            SELECT c.number, s.document, c.language, c.kind, c.level, c.origin, c.source
            FROM content_search s JOIN content c ON c.tenant = s.tenant AND c.number = s.number
            WHERE s.tenant = \(tenant) AND s.document @@ CAST(\(text.tsquery) AS tsquery) AND \(condition)
            ORDER BY c.number DESC LIMIT \(limit)
        )
        SELECT number, -CAST(ts_rank('{0.1, 0.2, 0.4, 1.0}', document, CAST(\(text.tsquery) AS tsquery), 1)
            AS DOUBLE PRECISION) AS score, language, kind, level, origin, source
        FROM hit
        """
    }

    /// What was written last waits in a list that each search reads through, and the planner does not know the new
    /// table yet: without this the first minute after an import searches in 37 ms what takes 1 ms afterwards.
    ///
    /// - Source: PostgreSQL 15 manual, section 70.4.1, "GIN Fast Update Technique".
    func settle(on connection: any Connection) throws {
        _ = try connection.rows("SELECT gin_clean_pending_list('content_search_document'::regclass) AS pages")
        try connection.run("ANALYZE content, content_label, content_skill, content_search")
    }

    /// The text form of a `tsvector`: words hold no quote and no backslash (see `SearchWords`).
    static func vector(of document: SearchDocument) -> String {
        var places: [String: [UInt32]] = [:]
        var position: UInt32 = 0
        for (text, weight) in [(document.title, UInt32(2)), (document.description, 1), (document.body, 0)] {
            for word in SearchWords(text).words {
                position += 1
                guard position <= SearchWords.limit else { break }
                // The position with its weight in the two lowest bits.
                places[word.text, default: []].append(position << 2 | weight)
            }
            // A gap, so that no row of words reaches from the title into the description.
            position += 1
        }
        var vector = ""
        for (word, places) in places {
            vector += "'\(word)':"
            for (index, place) in places.prefix(placeLimit).enumerated() {
                if index > 0 { vector += "," }
                vector += String(place >> 2)
                vector += place & 3 == 2 ? "A" : place & 3 == 1 ? "B" : ""
            }
            vector += " "
        }
        return vector
    }
}
