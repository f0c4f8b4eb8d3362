import Basis
import Input
import JSON

/// A framework as a file states it, before it meets the register.
struct FrameworkFile: Sendable {
    struct Entry: Hashable, Sendable {
        let key: String
        let name: String
        let description: String
        /// The key of the skill above it, which stands anywhere in the same file.
        var parent: String?
    }

    /// The most skills of one file.
    static let limit = 100_000

    let format: FrameworkFormat
    let framework: String
    var entries: [Entry] = []
    var notes: [String] = []

    /// Recognises the form by what is in the file and reads it.
    ///
    /// - Throws: `Problem` (`framework-unknown`) for a file of no form that is known; (`import-refused`) with the
    ///   issues of one that is; what the readers throw.
    init(bytes: [UInt8], fileName: String) throws(Problem) {
        let first = bytes.first { ![0xEF, 0xBB, 0xBF, 0x20, 0x09, 0x0A, 0x0D].contains($0) }
        if first == 0x7B || first == 0x5B {
            let document: JSONValue
            do {
                document = try JSONValue(parsing: bytes, takesNUL: false)
            } catch {
                throw Problem(
                    .invalid, "import-refused", "The file is not JSON.",
                    issues: [InputIssue(line: error.line, column: "\(error.column)", error.detail)])
            }
            if document["CFDocument"] != nil {
                try self.init(casePackage: document)
            } else if document["@graph"]?.array?.contains(where: { $0["@type"]?.string == "Competence" }) == true {
                try self.init(digComp: document)
            } else {
                throw FrameworkFile.unknown(fileName)
            }
        } else {
            let reader = try CSVReader(bytes: bytes)
            let columns = Set(reader.columns)
            if columns.isSuperset(of: ["concepturi", "preferredlabel"]) {
                try self.init(escoPortal: reader)
            } else if columns.isSuperset(of: ["id", "description"]), !columns.contains("name") {
                try self.init(escoRun: reader)
            } else if columns.isSuperset(of: ["key", "name"]) {
                try self.init(own: reader, fileName: fileName)
            } else {
                throw FrameworkFile.unknown(fileName)
            }
        }
    }

    init(_ format: FrameworkFormat, _ framework: String) {
        self.format = format
        self.framework = framework
    }

    private static func unknown(_ fileName: String) -> Problem {
        Problem(
            .invalid, "framework-unknown",
            """
            “\(fileName)” is no framework that Leeway knows. It reads DigComp JSON-LD, ESCO skills CSV, a CASE \
            package, and CSV with the columns key and name.
            """)
    }
}

/// Gathers what is wrong, up to the limit, and checks what every form must hold.
struct FrameworkIssues {
    private var issues = InputIssues()
    private var lines: [String: Int] = [:]

    mutating func add(_ line: Int, _ column: String?, _ detail: String) {
        issues.add(line, column, detail)
    }

    /// Adds the entry, or what is wrong with it.
    mutating func take(
        _ entry: FrameworkFile.Entry, line: Int, columns: (key: String, name: String), into file: inout FrameworkFile
    ) {
        if entry.key.isEmpty { return add(line, columns.key, "There is no key. Give the skill a stable one.") }
        if entry.name.isEmpty { return add(line, columns.name, "There is no name. Write one.") }
        if let earlier = lines.updateValue(line, forKey: entry.key) {
            return add(line, columns.key, "The key “\(entry.key)” stands in line \(earlier) already. Keep one of them.")
        }
        if file.entries.count == FrameworkFile.limit {
            return add(line, nil, "There are more than \(FrameworkFile.limit) skills. Split the file.")
        }
        file.entries.append(entry)
    }

    /// Checks that each parent is there and that none is below itself.
    mutating func checkParents(of file: FrameworkFile, column: String) {
        let parents = Dictionary(
            file.entries.map { ($0.key, $0.parent) }, uniquingKeysWith: { one, _ in one })
        for entry in file.entries {
            guard let parent = entry.parent else { continue }
            let line = lines[entry.key] ?? 1
            guard parents[parent] != nil else {
                add(line, column, "The parent “\(parent)” is not in the file. Add it or leave the parent out.")
                continue
            }
            var above: String? = parent
            var steps = 0
            while let key = above, steps <= 32, key != entry.key {
                above = parents[key] ?? nil
                steps += 1
            }
            if above == entry.key {
                add(line, column, "“\(entry.key)” stands below itself. Correct its parent.")
            } else if steps > 32 {
                add(line, column, "“\(entry.key)” stands more than 32 levels deep. Flatten the tree.")
            }
        }
    }

    /// - Throws: `Problem` (`import-refused`) when there is any issue, or no skill at all.
    func finish(_ file: FrameworkFile) throws(Problem) {
        try issues.refuse("The framework")
        if file.entries.isEmpty {
            throw Problem(
                .invalid, "import-refused", "The framework did not go in: the file holds no skill.")
        }
    }
}
