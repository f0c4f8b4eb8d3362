public import Basis
public import Storage

/// What an import into the catalogue did, or would do.
public struct CatalogueReport: Hashable, Sendable {
    /// What the rows of the file are.
    public enum Subject: String, Sendable {
        /// Learning objects.
        case contents
        /// Body texts of learning objects that are there.
        case texts
    }

    public let subject: Subject
    /// Things of the file that were not there.
    public internal(set) var created = 0
    /// Things that were there and said something else.
    public internal(set) var updated = 0
    /// Things that were there and said the same.
    public internal(set) var unchanged = 0
    /// Rows that went in although something about them is odd, at most `InputIssue.limit`.
    public internal(set) var warnings: [InputIssue] = []
    /// All, those beyond the limit too.
    public internal(set) var warningCount = 0
    /// Whether nothing was kept: the counts say what would have been.
    public internal(set) var isDryRun = false

    /// Rows of the file.
    public var total: Int { created + updated + unchanged }
}

/// Turns a word of a file into a skill. Called once for each try of the transaction with its connection, so that
/// what it remembers is never from a try that was undone.
public typealias SkillResolver = @Sendable (any Connection) throws -> (String) throws -> ID<Skill>
