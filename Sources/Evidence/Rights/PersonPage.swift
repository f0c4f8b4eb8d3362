import Basis
import HTML
import JSON

/// The readable page of an archive: one file that needs nothing beside it.
struct PersonPage {
    /// Rows of one kind, and statements, that the page shows; the files beside it hold all of them.
    static let rowLimit = 100

    private let person: PersonIdentity
    private let names: [String]
    private let at: Moment
    private var kinds: [(kind: String, count: Int, rows: [JSONObject])] = []
    private var statementCount = 0
    private var verbs: [String: Int] = [:]
    /// The newest ones, the oldest first.
    private var newest: [StoredStatement] = []

    init(person: PersonIdentity, names: [String], at: Moment) {
        self.person = person
        self.names = names
        self.at = at
    }

    mutating func add(_ kind: String, _ row: JSONObject) {
        if kinds.last?.kind != kind { kinds.append((kind, 0, [])) }
        let last = kinds.count - 1
        kinds[last].count += 1
        if kinds[last].rows.count < PersonPage.rowLimit { kinds[last].rows.append(row) }
    }

    mutating func add(_ statement: StoredStatement) {
        statementCount += 1
        if let verb = (try? JSONValue(parsing: statement.body))?["verb"]?["id"]?.string { verbs[verb, default: 0] += 1 }
        newest.append(statement)
        if newest.count > 2 * PersonPage.rowLimit { newest.removeFirst(PersonPage.rowLimit) }
    }

    var document: String {
        html(.lang("en")) {
            head {
                meta(.init("charset", "utf-8"))
                meta(.name("viewport"), .init("content", "width=device-width, initial-scale=1"))
                title { "Data about \(person.name)" }
                element("style", [], .trusted(PersonPage.style))
            }
            body {
                main {
                    h1 { "Data about \(person.name)" }
                    p {
                        "Everything that Leeway held about \(person.name) (\(person.key)) on \(at.timestamp). "
                        "The files beside this page hold all of it in forms that programs read; this page shows up to "
                        "\(PersonPage.rowLimit) rows of each kind."
                    }
                    statements
                    for kind in kinds { section(kind.kind, kind.count, kind.rows) }
                }
            }
        }.document
    }

    private var statements: Fragment {
        HTML.section {
            h2 { "Statements (\(statementCount))" }
            p { "What is on record that names this person in any part. Evidence knows the person as:" }
            ul { for name in names { li { code { name } } } }
            if !verbs.isEmpty {
                rows(
                    "Statements by verb", ["Verb", "Statements"],
                    verbs.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { [$0.key, "\($0.value)"] })
            }
            let shown = newest.suffix(PersonPage.rowLimit).reversed()
            if !shown.isEmpty {
                rows(
                    "The newest statements", ["When", "Verb", "What", "Result"],
                    shown.map { PersonPage.words(of: $0) })
            }
        }
    }

    private static func words(of stored: StoredStatement) -> [String] {
        guard let body = try? JSONValue(parsing: stored.body) else { return [stored.timestamp.timestamp, "", "", ""] }
        let object = body["object"]
        func first(_ map: JSONValue?) -> String? { map?.object?.members.first?.value.string }
        let verb = first(body["verb"]?["display"]) ?? body["verb"]?["id"]?.string ?? ""
        let thing = first(object?["definition"]?["name"]) ?? object?["id"]?.string ?? object?.text ?? ""
        return [stored.timestamp.timestamp, verb, thing, body["result"]?.text ?? ""]
    }

    private func section(_ kind: String, _ count: Int, _ objects: [JSONObject]) -> Fragment {
        var columns: [String] = []
        for name in objects.flatMap(\.names) where !columns.contains(name) { columns.append(name) }
        return HTML.section {
            h2 { "\(kind.prefix(1).uppercased())\(kind.dropFirst()) (\(count))" }
            rows(
                "Rows of \(kind)", columns.map { $0.replacing("_", with: " ") },
                objects.map { object in columns.map { PersonPage.text(of: object[$0] ?? .null) } })
        }
    }

    private static func text(of value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .string(let text): text
        case .bool(let flag): flag ? "yes" : "no"
        case .number(let text): text
        case .array, .object: value.text
        }
    }

    private func rows(_ words: String, _ columns: [String], _ rows: [[String]]) -> Fragment {
        div(.class("wide"), .init("tabindex", "0"), .role("region"), .aria("label", words)) {
            table {
                caption { words }
                thead { tr { for column in columns { th(.scope("col")) { column } } } }
                tbody { for row in rows { tr { for cell in row { td { cell } } } } }
            }
        }
    }

    private static let style = """
        :root{color-scheme:light dark;font-family:system-ui,sans-serif;line-height:1.5}
        body{margin:0 auto;max-width:70rem;padding:1rem}
        .wide{overflow-x:auto;max-height:30rem}
        table{border-collapse:collapse;font-size:.875rem}
        caption{text-align:left;font-weight:600;padding:.25rem 0}
        th,td{border:1px solid #8888;padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
        """
}
