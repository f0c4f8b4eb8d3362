import Basis
import Input

/// A file of people: what its columns mean and what importing it did or would do.
///
/// - Shape: CSV with a header. `id` and `name` must be there; `email`, `unit` (a path such as `Company / Sales`),
///   `manager` (an id or e-mail), `roles` (separated by `;`), `language`, `active` (yes or no) and any number of
///   `attr:…` may be. A column that is absent leaves what is stored; an empty field clears it.
///   People who are not in the file stay as they are.
public enum PeopleImport {
    /// The most people that one file holds.
    public static let rowLimit = 200_000

    /// The columns with a fixed name, in the order of an export.
    public static let columns = ["id", "name", "email", "unit", "manager", "roles", "language", "active"]

    /// What an import did, or what a dry run says it would do.
    public struct Report: Hashable, Sendable {
        public let created: Int
        public let updated: Int
        public let unchanged: Int
        /// Of those updated, the people who can no longer sign in.
        public let deactivated: Int
        /// The paths of the units that were not there, from the top down.
        public let unitsCreated: [String]
        public let isDryRun: Bool

        /// The people in the file.
        public var total: Int { created + updated + unchanged }
    }

    /// One record as read, before it is held against what is stored. Nil where the file has no such column.
    struct Entry {
        let line: Int
        let key: String
        let name: String
        var email: String??
        var unit: [String]?
        var manager: String?
        var roles: Set<Role>?
        var language: String??
        var isActive: Bool?
        var attributes: [String: String] = [:]
    }

    /// Gathers mistakes up to the limit.
    struct Issues {
        private(set) var list: [InputIssue] = []
        private(set) var count = 0

        mutating func add(_ line: Int, _ column: String?, _ detail: String) {
            count += 1
            if list.count < InputIssue.limit { list.append(InputIssue(line: line, column: column, detail)) }
        }

        /// - Throws: `Problem` (`import-refused`) unless there are none.
        func check() throws(Problem) {
            if count == 0 { return }
            let sorted = list.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }
            let shown = count > list.count ? " The first \(list.count) are listed." : ""
            let mistakes = count == 1 ? "1 mistake" : "\(count) mistakes"
            throw Problem(
                .invalid, "import-refused",
                "The file has \(mistakes), so nobody was imported.\(shown) Correct the file and import it again.",
                issues: sorted.map(\.element))
        }
    }

    /// Reads the records of a file.
    ///
    /// - Throws: `Problem` (`csv-encoding`, `csv-header`, `import-refused`).
    static func entries(_ bytes: [UInt8], _ issues: inout Issues) throws(Problem) -> [Entry] {
        var reader = try CSVReader(bytes: bytes)
        checkHeader(reader.columns, &issues)
        try issues.check()
        var entries: [Entry] = []
        do {
            while let record = try reader.next() {
                guard entries.count < rowLimit else {
                    issues.add(record.line, nil, "The file holds more than \(rowLimit) people. Split it.")
                    break
                }
                entries.append(entry(record, reader.columns, &issues))
            }
        } catch  where !error.issues.isEmpty {
            for issue in error.issues { issues.add(issue.line, issue.column, issue.detail) }
        }
        checkDoubles(entries, &issues)
        return entries
    }

    private static func checkHeader(_ names: [String], _ issues: inout Issues) {
        for required in ["id", "name"] where !names.contains(required) {
            issues.add(1, required, "There is no column “\(required)”. Add it.")
        }
        for name in names where !columns.contains(name) {
            guard name.hasPrefix("attr:") else {
                issues.add(1, name, "No column is called “\(name)”. Call an attribute “attr:\(name)”, or leave it out.")
                continue
            }
            let attribute = String(name.dropFirst(5)).trimmed
            let fault = PersonRules.fault(
                inText: attribute, called: "The attribute's name", limit: PersonRules.attributeNameLimit)
            if let fault { issues.add(1, name, fault) }
        }
        let attributes = names.count { $0.hasPrefix("attr:") }
        if attributes > PersonRules.attributeLimit {
            issues.add(1, nil, "There are \(attributes) attributes; \(PersonRules.attributeLimit) are the most.")
        }
    }

    private static func entry(_ record: CSVReader.Record, _ names: [String], _ issues: inout Issues) -> Entry {
        let line = record.line
        var entry = Entry(line: line, key: composed(record["id"]), name: composed(record["name"]))
        for name in names {
            let field = record[name]
            switch name {
            case "email": entry.email = .some(field.isEmpty ? nil : field)
            case "language": entry.language = .some(field.isEmpty ? nil : field)
            case "manager": entry.manager = composed(field)
            case "unit": entry.unit = path(field, line, &issues)
            case "roles": entry.roles = roles(field, line, &issues)
            case "active": entry.isActive = flag(field, line, &issues)
            case _ where name.hasPrefix("attr:"): entry.attributes[String(name.dropFirst(5)).trimmed] = field
            default: break
            }
        }
        let draft = PersonDraft(
            key: entry.key, name: entry.name, email: entry.email ?? nil, attributes: entry.attributes,
            language: entry.language ?? nil)
        for fault in PersonRules.faults(in: PersonRules.tidied(draft)) {
            issues.add(line, column(of: fault.field), fault.detail)
        }
        return entry
    }

    private static func column(of field: String) -> String {
        if field.hasPrefix("attributes/") { return "attr:" + field.dropFirst("attributes/".count) }
        return field == "key" ? "id" : field
    }

    /// The names of a path, top first; none for an empty field.
    private static func path(_ field: String, _ line: Int, _ issues: inout Issues) -> [String] {
        if field.isEmpty { return [] }
        // The separator needs its spaces, so an empty name shows as a stroke at either end or beside another.
        let names = " \(field) ".split(separator: UnitTree.separator, omittingEmptySubsequences: false)
            .map { composed($0.trimmed) }
        for name in names {
            if let fault = PersonRules.fault(inUnitName: name) {
                let hint =
                    name.isEmpty ? "The path “\(field)” has an empty name. Write one such as Company / Sales." : fault
                issues.add(line, "unit", hint)
                return []
            }
        }
        if names.count > UnitTree.depthLimit {
            issues.add(line, "unit", "The path has \(names.count) levels; \(UnitTree.depthLimit) are the most.")
            return []
        }
        return names
    }

    private static func roles(_ field: String, _ line: Int, _ issues: inout Issues) -> Set<Role> {
        var roles: Set<Role> = []
        for word in field.split(separator: ";").map(\.trimmed) where !word.isEmpty {
            if let role = Role(rawValue: word.lowercased()) {
                roles.insert(role)
            } else {
                let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
                issues.add(line, "roles", "There is no role “\(word)”. The roles are \(known).")
            }
        }
        return roles.isEmpty ? [.learner] : roles
    }

    private static func flag(_ field: String, _ line: Int, _ issues: inout Issues) -> Bool {
        switch field.lowercased() {
        case "", "yes", "true", "1", "y": return true
        case "no", "false", "0", "n": return false
        default:
            issues.add(line, "active", "“\(field)” is neither yes nor no. Write one of them.")
            return true
        }
    }

    private static func checkDoubles(_ entries: [Entry], _ issues: inout Issues) {
        var keys: [String: Int] = [:]
        var emails: [String: Int] = [:]
        for entry in entries {
            if let first = keys[entry.key] {
                issues.add(entry.line, "id", "The id “\(entry.key)” stands on line \(first) already. Keep one of them.")
            } else if !entry.key.isEmpty {
                keys[entry.key] = entry.line
            }
            guard let email = entry.email ?? nil else { continue }
            if let first = emails[emailKey(email)] {
                issues.add(
                    entry.line, "email", "The e-mail “\(email)” stands on line \(first) already. Give each its own.")
            } else {
                emails[emailKey(email)] = entry.line
            }
        }
    }
}
