import Basis
import JSON
import Storage

extension Library {
    /// The objects that meet a condition over `content c`, with what stands beside them, in no order.
    func records(where condition: SQL, _ tenant: TenantID, on connection: any Connection) throws -> [ContentRecord] {
        let rows = try connection.rows("SELECT c.* FROM content c WHERE c.tenant = \(tenant) AND \(condition)")
        let details = try Details(of: try rows.map { try $0.get("number", as: Int.self) }, tenant, on: connection)
        return try rows.map { try ContentRecord($0, details) }
    }
}

/// Labels and skills of some objects.
private struct Details {
    var labels: [Int: [String: [String]]] = [:]
    var skills: [Int: [ID<Skill>]] = [:]

    init(of numbers: [Int], _ tenant: TenantID, on connection: any Connection) throws {
        for chunk in chunks(numbers) {
            let list = SQL.list(chunk)
            let labelled = try connection.rows(
                """
                SELECT content, facet, label FROM content_label
                WHERE tenant = \(tenant) AND content IN (\(list)) ORDER BY content, facet, label
                """)
            for row in labelled {
                labels[try row.get("content"), default: [:]][try row.get("facet"), default: []]
                    .append(try row.get("label"))
            }
            let taught = try connection.rows(
                """
                SELECT content, skill FROM content_skill
                WHERE tenant = \(tenant) AND content IN (\(list)) ORDER BY content, skill
                """)
            for row in taught { skills[try row.get("content"), default: []].append(try row.get("skill")) }
        }
    }
}

extension ContentRecord {
    fileprivate init(_ row: Row, _ details: Details) throws {
        id = try row.get("id")
        number = try row.get("number")
        key = try row.get("key")
        version = try row.get("version")
        kind = try row.get("kind")
        title = try row.get("title")
        description = try row.get("description")
        language = try row.get("language")
        translationOf = try row.find("translation_of")
        minutes = try row.find("minutes")
        minutesOrigin = try row.find("minutes_origin")
        level = try row.find("level")
        roles = details.labels[number]?["role"] ?? []
        topics = details.labels[number]?["topic"] ?? []
        products = details.labels[number]?["product"] ?? []
        skills = details.skills[number] ?? []
        objectives = try texts(in: row, "objectives")
        prerequisites = try texts(in: row, "prerequisites")
        parent = try row.find("parent")
        children = try texts(in: row, "children")
        quizItems = try row.get("quiz_items")
        url = try row.find("url")
        source = try row.get("source")
        licence = try row.get("licence")
        licenceURL = try row.find("licence_url")
        attribution = try row.get("attribution")
        provenance = try Provenance(row)
        modified = try row.find("modified_on")
        hasText = try row.get("has_text")
        createdAt = try row.get("created_at")
        changedAt = try row.get("changed_at")
    }
}

extension Provenance {
    init(_ row: Row) throws {
        self.init(
            try row.get("origin"), digitalSourceType: try row.find("source_type"), model: try row.find("model"),
            reviewer: try row.find("reviewer"), reviewed: try row.find("reviewed_on"))
    }
}

/// A list of texts kept in one column.
private func texts(in row: Row, _ column: String) throws -> [String] {
    let text = try row.get(column, as: String.self)
    if text == "[]" { return [] }
    return try JSONValue(parsing: Array(text.utf8)).array?.compactMap(\.string) ?? []
}
