public import Basis
public import Storage

/// How an item is answered.
public enum ItemKind: String, CaseIterable, Storable, Sendable {
    /// One choice is right.
    case single
    /// Each of the right choices must be picked, and no other.
    case multiple
    /// One choice is right, after a case was read.
    case scenario
    /// The choices are steps, to be put in order.
    case order
    /// Each choice has one partner.
    case match
    /// A number is written.
    case numeric
    /// A word or a few are written.
    case short
    /// Known only from responses that were graded elsewhere. Cannot be played here.
    case opaque

    /// Whether it is answered by picking choices.
    public var isPicked: Bool { self == .single || self == .multiple || self == .scenario }
}

/// Whether somebody looked at an item before it is used.
public enum ReviewState: String, CaseIterable, Storable, Sendable {
    case unreviewed, reviewed, rejected
}

/// A question with its key, as of its current version.
public struct ItemRecord: Hashable, Sendable {
    public let id: ID<Item>
    /// Dense within the tenant, from 1.
    public let number: Int
    /// The stable name that files use. Unique within the tenant.
    public let key: String
    /// From 1; one more for each change.
    public let version: Int
    /// The learning object that it belongs to.
    public let content: ID<Content>?
    public let kind: ItemKind
    /// Empty for an opaque item.
    public let stem: String
    public let choices: [String]
    /// Positions, from 0: of the right choices, ascending; of an order, the choices from first to last; of matches,
    /// each choice's partner in `matches`. Empty for other kinds.
    public let correct: [Int]
    /// A case to be read first; empty when there is none.
    public let situation: String
    /// What the choices of a matching item are matched with.
    public let matches: [String]
    /// Of a numeric item; nil for others.
    public let numeric: NumericKey?
    /// What a short item takes as right, however it is written; the first is shown as the key.
    public let accepted: [String]
    /// Why the key is right, shown after the answer; empty when nobody wrote it.
    public let feedback: String
    /// What it measures: the number of a learning outcome of a framework, such as `LO1.2.14`; empty when not stated.
    public let outcome: String
    public let review: ReviewState
    /// One a choice, or none at all; nil for a choice that nobody explained.
    public let explanations: [String?]
    /// The skills that it practises.
    public let skills: [ID<Skill>]
    public let level: Level?
    /// A BCP 47 tag; empty for an opaque item.
    public let language: String
    /// Empty when not stated.
    public let licence: String
    /// Empty when not stated.
    public let author: String
    /// Where it came from; empty when not stated.
    public let source: String
    public let provenance: Provenance

    public init(
        id: ID<Item>, number: Int, key: String, version: Int = 1, content: ID<Content>? = nil, kind: ItemKind,
        stem: String = "", choices: [String] = [], correct: [Int] = [], explanations: [String?] = [],
        situation: String = "", matches: [String] = [], numeric: NumericKey? = nil, accepted: [String] = [],
        feedback: String = "", outcome: String = "", review: ReviewState = .unreviewed,
        skills: [ID<Skill>] = [], level: Level? = nil, language: String = "", licence: String = "",
        author: String = "", source: String = "", provenance: Provenance = .unknown
    ) {
        self.id = id
        self.number = number
        self.key = key
        self.version = version
        self.content = content
        self.kind = kind
        self.stem = stem
        self.choices = choices
        self.correct = correct
        self.explanations = explanations
        self.situation = situation
        self.matches = matches
        self.numeric = numeric
        self.accepted = accepted
        self.feedback = feedback
        self.outcome = outcome
        self.review = review
        self.skills = skills
        self.level = level
        self.language = language
        self.licence = licence
        self.author = author
        self.source = source
        self.provenance = provenance
    }
}

/// What an import of items did, or would do.
public struct ItemReport: Hashable, Sendable {
    /// Things of the file that were not there.
    public internal(set) var created = 0
    /// Things that were there and said something else.
    public internal(set) var updated = 0
    /// Things that were there and said the same.
    public internal(set) var unchanged = 0
    /// Whether nothing was kept: the counts say what would have been.
    public internal(set) var isDryRun = false

    /// Rows of the file.
    public var total: Int { created + updated + unchanged }
}

/// Turns a word of a file into a skill. Called once for each try of the transaction with its connection.
public typealias SkillResolver = @Sendable (any Connection) throws -> (String) throws -> ID<Skill>
/// Turns the key of a learning object into its identifier, nil when there is none. Called once for each try.
public typealias ContentResolver = @Sendable (any Connection) throws -> (String) throws -> ID<Content>?
