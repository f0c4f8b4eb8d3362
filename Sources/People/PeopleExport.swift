import Basis
import Input

/// People as the rows of a CSV file. Pure.
///
/// - Source: RFC 4180. Text is kept exactly, also where it begins with `=`, `+`, `-` or `@`, which a spreadsheet may
///   take for a formula: a file that is to be read back must not be changed on its way. Open it by importing the
///   columns as text.
enum PeopleExport {
    static func lines(_ people: [PersonRecord], units: UnitTree) -> [String] {
        let attributes = Set(people.flatMap(\.attributes.keys)).sorted()
        let keys = Dictionary(uniqueKeysWithValues: people.map { ($0.id, $0.key) })
        var paths: [ID<Unit>: String] = [:]
        for unit in units.units { paths[unit.id] = units.path(of: unit.id) }
        let header = line(PeopleImport.columns + attributes.map { "attr:\($0)" })
        return [header]
            + people.map { person in
                let roles = Role.allCases.filter(person.roles.contains).map(\.rawValue).joined(separator: ";")
                return line(
                    [
                        person.key, person.name, person.email ?? "", person.unit.flatMap { paths[$0] } ?? "",
                        person.manager.flatMap { keys[$0] } ?? "", roles, person.language ?? "",
                        person.isActive ? "yes" : "no",
                    ] + attributes.map { person.attributes[$0] ?? "" })
            }
    }

    static func line(_ fields: [String]) -> String {
        fields.map(field).joined(separator: ",") + "\r\n"
    }

    private static func field(_ text: String) -> String {
        // By byte: a line break of two characters is one character to Swift.
        let isOdd = text.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x3B || $0 == 0x0A || $0 == 0x0D }
        return isOdd ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
