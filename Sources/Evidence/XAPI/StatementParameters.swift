import Basis
import Foundation
import JSON

/// The parameters of `GET statements`, read strictly.
///
/// - Source: xAPI 1.0.3, part 3, 2.1.3.
struct StatementParameters {
    enum Wanted {
        case one(ID<Statement>)
        case voided(ID<Statement>)
        case many(StatementQuery)
    }

    let wanted: Wanted
    let form: StatementForm
    /// The bytes of attachments come with the statements.
    let withAttachments: Bool

    /// - Throws: `Problem` (`parameter`, `statement-invalid`).
    init(_ query: [(name: String, value: String)], version: XAPIVersion) throws(Problem) {
        let reader = try ParameterReader(query, known: StatementParameters.names)
        form = try reader.value("format", "exact, ids or canonical") { StatementForm(rawValue: $0) } ?? .exact
        withAttachments = try reader.bool("attachments")
        for name in ["statementId", "voidedStatementId"] {
            guard let id = try reader.identifier(name) else { continue }
            if let other = query.first(where: { ![name, "format", "attachments"].contains($0.name) }) {
                throw ParameterReader.refusal(other.name, "It cannot stand beside \(name). Remove one of them.")
            }
            wanted = name == "statementId" ? .one(id) : .voided(id)
            return
        }
        wanted = .many(try StatementParameters.search(reader, version))
    }

    private static let names = [
        "statementId", "voidedStatementId", "agent", "verb", "activity", "registration", "related_activities",
        "related_agents", "since", "until", "limit", "format", "attachments", "ascending", "cursor",
    ]

    private static func search(_ reader: ParameterReader, _ version: XAPIVersion) throws(Problem) -> StatementQuery {
        var search = StatementQuery()
        if let text = reader["agent"] { search.agent = try agent(text, version) }
        search.verb = try reader.iri("verb")
        search.activity = try reader.iri("activity")
        let registration: ID<Statement>? = try reader.identifier("registration")
        search.registration = registration?.description
        search.withRelatedActivities = try reader.bool("related_activities")
        search.withRelatedAgents = try reader.bool("related_agents")
        search.since = try reader.moment("since")
        search.until = try reader.moment("until")
        search.isAscending = try reader.bool("ascending")
        search.limit =
            try reader.value("limit", "a whole number, 0 or more") { text in
                text.utf8.allSatisfy(ASCII.isDigit) ? Int(text) : nil
            } ?? 0
        search.cursor = try reader.value("cursor", "one that this server gave in “more”") { Cursor.sequence($0) }
        return search
    }

    private static func agent(_ text: String, _ version: XAPIVersion) throws(Problem) -> String {
        guard let value = try? JSONValue(parsing: text) else {
            throw ParameterReader.refusal(
                "agent", "It is not JSON. Send an agent or identified group as a JSON object.")
        }
        let flaws = StatementValidator(version).flaws(inAgent: value)
        if let flaw = flaws.first { throw ParameterReader.refusal("agent", "\(flaw.pointer): \(flaw.detail)") }
        guard let name = AgentName(value) else {
            throw ParameterReader.refusal(
                "agent", "A group without an identifier cannot be looked for. Name its members.")
        }
        return name.canonical
    }
}

/// Query parameters, each at most once and none unknown.
struct ParameterReader {
    private let values: [String: String]

    init(_ query: [(name: String, value: String)], known: [String]) throws(Problem) {
        var values: [String: String] = [:]
        for (name, value) in query {
            guard known.contains(name) else {
                throw ParameterReader.refusal(
                    name, "There is no such parameter. Known are: \(known.joined(separator: ", ")).")
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw ParameterReader.refusal(name, "It is there twice. Send it once.")
            }
        }
        self.values = values
    }

    subscript(name: String) -> String? { values[name] }

    func value<Value>(_ name: String, _ wanted: String, _ read: (String) -> Value?) throws(Problem) -> Value? {
        guard let text = values[name] else { return nil }
        guard let value = read(text) else { throw ParameterReader.refusal(name, "“\(text)” is not \(wanted).") }
        return value
    }

    /// False when absent.
    func bool(_ name: String) throws(Problem) -> Bool {
        try value(name, "true or false") { ["true": true, "false": false][$0] } ?? false
    }

    func identifier(_ name: String) throws(Problem) -> ID<Statement>? {
        try value(name, "a UUID") { Format.isUUID($0) ? ID($0) : nil }
    }

    func iri(_ name: String) throws(Problem) -> String? {
        try value(name, "an absolute IRI") { Format.isIRI($0) ? $0 : nil }
    }

    func moment(_ name: String) throws(Problem) -> Moment? {
        try value(name, "a timestamp such as 2026-11-23T20:14:08.123Z") {
            Format.isTimestamp($0) ? Moment(timestamp: $0) : nil
        }
    }

    static func refusal(_ name: String, _ detail: String) -> Problem {
        Problem(.invalid, "parameter", "Parameter \(name): \(detail)")
    }
}

/// Where a page ended, in a form that invites nobody to count.
enum Cursor {
    static func text(_ sequence: Int) -> String {
        let scrambled = UInt64(sequence) &* 0x9E37_79B9_7F4A_7C15
        return String(scrambled, radix: 36)
    }

    static func sequence(_ text: String) -> Int? {
        guard let scrambled = UInt64(text, radix: 36) else { return nil }
        // The inverse of the odd factor above, modulo 2 to the power 64.
        return Int(exactly: scrambled &* 0xF1DE_83E1_9937_733D)
    }
}
