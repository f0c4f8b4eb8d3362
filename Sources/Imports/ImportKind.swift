public import JSON

/// What a file may hold.
public enum ImportKind: String, CaseIterable, Sendable {
    case people, catalogue, texts, items, framework, statements, responses

    /// As shown to people.
    public var label: String {
        switch self {
        case .people: "People"
        case .catalogue: "Catalogue"
        case .texts: "Reading texts"
        case .items: "Quiz items"
        case .framework: "Skills framework"
        case .statements: "xAPI statements"
        case .responses: "Answers"
        }
    }

    /// Which files are taken, in one sentence.
    public var note: String {
        switch self {
        case .people: "CSV with the columns id, name, email, unit, manager, roles, language, active, attr:…"
        case .catalogue: "JSON Lines or CSV: one learning object a line, by its id."
        case .texts: "JSON Lines: the id of a learning object and its text in Markdown."
        case .items: "JSON Lines: one question with its choices and key a line."
        case .framework:
            "DigComp 3.0 JSON-LD, ESCO skills CSV, a CASE package, or CSV with key, name, description, parent."
        case .statements: "JSON Lines: one xAPI statement a line."
        case .responses: "Tab-separated: learner, item, skills, correct, ts. The file's name names the data set."
        }
    }

    /// The kind of job that imports it.
    public var jobKind: String { "import-\(rawValue)" }
}

/// What an import did, or would do in a dry run.
public struct ImportReport: Hashable, Sendable {
    /// How many of one kind of thing.
    public struct Count: Hashable, Sendable {
        public let name: String
        public let count: Int

        public init(_ name: String, _ count: Int) {
            self.name = name
            self.count = count
        }
    }

    public let kind: ImportKind
    public let isDryRun: Bool
    /// In the order to show them.
    public let counts: [Count]
    /// What went in although something about it is odd.
    public let warnings: [String]

    public init(_ kind: ImportKind, isDryRun: Bool, counts: [Count], warnings: [String] = []) {
        self.kind = kind
        self.isDryRun = isDryRun
        self.counts = counts
        self.warnings = warnings
    }

    public subscript(name: String) -> Int? { counts.first { $0.name == name }?.count }

    /// Such as “Imported: 12 created, 3 updated, 40 unchanged.”
    public var sentence: String {
        let told = counts.enumerated().filter { $0.offset == 0 || $0.element.count > 0 }.map(\.element)
        let words = told.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
        let odd = warnings.isEmpty ? "" : " \(warnings.count) remarks."
        return (isDryRun ? "A dry run, nothing was changed. It would be: " : "Imported: ") + words + "." + odd
    }

    public var json: JSONValue {
        [
            "kind": .string(kind.rawValue),
            "dryRun": .bool(isDryRun),
            "counts": .object(JSONObject(counts.map { ($0.name, JSONValue($0.count)) })),
            "warnings": .init(warnings),
        ]
    }

    /// Reads what `json` wrote, such as a job's report; nil for anything else.
    public init?(_ json: JSONValue) {
        guard let kind = json["kind"]?.string.flatMap(ImportKind.init), let isDryRun = json["dryRun"]?.bool,
            let counts = json["counts"]?.object, let warnings = json["warnings"]?.array
        else { return nil }
        self.init(
            kind, isDryRun: isDryRun, counts: counts.members.map { Count($0.name, $0.value.integer ?? 0) },
            warnings: warnings.compactMap(\.string))
    }
}

/// How an import says how far it is: steps done, in all (nil while unknown), and what it is doing. Called often, also
/// in the middle of a transaction: it must be quick.
public typealias ImportProgress = @Sendable (_ done: Int, _ total: Int?, _ message: String) -> Void
