import Basis
import Crypto
import JSON

/// A learning object as a row states it.
struct ContentDraft: Sendable {
    static let keyLimit = 300
    /// A thousand hours.
    static let minutesLimit = 60_000

    let line: Int
    let key: String
    var kind: String
    var title: String
    var description: String
    var language: String
    var translationOf: String?
    var minutes: Int?
    var minutesOrigin: String?
    var level: Level?
    var roles: [String]
    var topics: [String]
    var products: [String]
    var skills: [String]
    var objectives: [String]
    var prerequisites: [String]
    var parent: String?
    var children: [String]
    var quizItems: Int
    var url: String?
    var source: String
    var licence: String
    var licenceURL: String?
    var attribution: String
    var provenance: Provenance
    var modified: Day?
    /// Where the row says it was taken from. Kept with the version, but a new snapshot alone is no change.
    var origins: [(String, String)]

    /// Reads a row; what is wrong stays with the row.
    init(_ row: inout ImportRow) {
        line = row.line
        key = row.required("id", limit: ContentDraft.keyLimit)
        title = row.required("title")
        kind = row.optional("kind")?.lowercased() ?? "article"
        description = row.text("description")
        language = row.language() ?? "und"
        translationOf = row.optional("translation_of", limit: ContentDraft.keyLimit)
        minutes = row.count("duration_minutes", limit: ContentDraft.minutesLimit)
        minutesOrigin = row.optional("duration_origin")
        level = ContentDraft.level(&row)
        roles = row.list("roles")
        topics = row.list("topics")
        products = row.list("products")
        skills = row.list("skills")
        objectives = row.list("objectives")
        prerequisites = row.list("prerequisites")
        parent = row.optional("parent", limit: ContentDraft.keyLimit)
        children = row.list("children")
        quizItems = row.count("quiz_items", limit: 100_000) ?? 0
        url = row.address("url")
        source = row.text("source", limit: ImportRow.shortLimit)
        licence = row.text("licence", limit: ImportRow.shortLimit)
        licenceURL = row.address("licence_url")
        attribution = row.text("attribution")
        provenance = ContentDraft.provenance(&row)
        modified = row.day("last_modified")
        origins = []
        for name in ["source_repo", "source_commit", "source_path", "snapshot_date"] {
            if let text = row.optional(name, limit: ImportRow.longLimit) { origins.append((name, text)) }
        }
    }

    private static func level(_ row: inout ImportRow) -> Level? {
        guard let word = row.optional("level") else { return nil }
        if let level = Level(rawValue: word.lowercased()), level != .highlyAdvanced { return level }
        row.wrong("level", "“\(word)” is no level. Write beginner, intermediate or advanced, or leave it out.")
        return nil
    }

    /// What is stated and no more. An IPTC type alone states an origin; both must agree.
    private static func provenance(_ row: inout ImportRow) -> Provenance {
        var stated: Origin?
        if let word = row.optional("provenance") {
            stated = Origin(word: word)
            if stated == nil {
                row.wrong(
                    "provenance",
                    "“\(word)” is no provenance. Write human-made, ai-assisted, ai-generated or unknown.")
            }
        }
        let iri = row.optional("digital_source_type")
        if let iri {
            if Origin.term(of: iri) == nil {
                row.wrong(
                    "digital_source_type",
                    """
                    “\(iri.prefix(80))” is no IPTC digital source type. One begins with \
                    http://cv.iptc.org/newscodes/digitalsourcetype/.
                    """)
            } else if let told = Origin(digitalSourceType: iri), let stated, stated != .unknown, told != stated {
                row.wrong(
                    "digital_source_type",
                    "It says \(told.label), but provenance says \(stated.label). Correct one of them.")
            }
        }
        let origin: Origin = stated ?? iri.flatMap(Origin.init(digitalSourceType:)) ?? .unknown
        return Provenance(
            origin, digitalSourceType: iri, model: row.optional("model"), reviewer: row.optional("reviewer"),
            reviewed: row.day("reviewed"))
    }

    /// What was said, as one JSON object with the names of the import, without what is empty.
    var statement: JSONObject {
        var members: [(String, JSONValue)] = [("id", JSONValue(key)), ("kind", JSONValue(kind))]
        func add(_ name: String, _ text: String?) {
            if let text, !text.isEmpty { members.append((name, .string(text))) }
        }
        func add(_ name: String, _ texts: [String]) {
            if !texts.isEmpty { members.append((name, JSONValue(texts))) }
        }
        func add(_ name: String, _ number: Int?) {
            if let number { members.append((name, JSONValue(number))) }
        }
        add("title", title)
        add("description", description)
        add("language", language)
        add("translation_of", translationOf)
        add("duration_minutes", minutes)
        add("duration_origin", minutesOrigin)
        add("level", level?.rawValue)
        add("roles", roles)
        add("topics", topics)
        add("products", products)
        add("skills", skills)
        add("objectives", objectives)
        add("prerequisites", prerequisites)
        add("parent", parent)
        add("children", children)
        add("quiz_items", quizItems == 0 ? nil : quizItems)
        add("url", url)
        add("source", source)
        add("licence", licence)
        add("licence_url", licenceURL)
        add("attribution", attribution)
        add("provenance", provenance.origin.rawValue)
        add("digital_source_type", provenance.digitalSourceType)
        add("model", provenance.model)
        add("reviewer", provenance.reviewer)
        add("reviewed", provenance.reviewed?.description)
        add("last_modified", modified?.description)
        return JSONObject(members)
    }

    /// The statement with where it was taken from, for the version's record, and the hash of the statement alone.
    func sealed() -> (body: String, hash: [UInt8]) {
        var statement = statement
        let hash = Array(SHA256.hash(data: JSONValue.object(statement).bytes))
        for (name, text) in origins { statement[name] = .string(text) }
        return (JSONValue.object(statement).text, hash)
    }
}
