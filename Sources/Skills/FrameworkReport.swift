/// The forms of framework that are recognised.
public enum FrameworkFormat: String, CaseIterable, Sendable {
    /// The European Digital Competence Framework 3.0 as JSON-LD.
    case digComp
    /// ESCO skills as CSV: the portal's own columns, or `id` and `description` only.
    case esco
    /// A CFPackage of 1EdTech CASE 1.0 or 1.1 as JSON.
    case casePackage
    /// Our own CSV: `key`, `name`, and optionally `description` and `parent` (a key).
    case own

    /// Such as “CASE package”.
    public var label: String {
        switch self {
        case .digComp: "DigComp JSON-LD"
        case .esco: "ESCO skills CSV"
        case .casePackage: "CASE package"
        case .own: "skills CSV"
        }
    }
}

/// What an import of a framework did, or would do.
public struct FrameworkReport: Hashable, Sendable {
    public let format: FrameworkFormat
    public let framework: String
    /// Things of the file that were not there.
    public internal(set) var created = 0
    /// Things that were there and said something else.
    public internal(set) var updated = 0
    /// Things that were there and said the same.
    public internal(set) var unchanged = 0
    /// What the reader should know: what was left out, what was read differently. Whole sentences.
    public internal(set) var notes: [String]
    /// Whether nothing was kept: the counts say what would have been.
    public internal(set) var isDryRun = false

    /// Skills in the file.
    public var total: Int { created + updated + unchanged }
}
