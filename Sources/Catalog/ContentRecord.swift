public import Basis
public import Storage

/// A learning object of the catalogue, as of its current version.
public struct ContentRecord: Hashable, Sendable {
    public let id: ID<Content>
    /// Names the object within the database, for joins. Not dense.
    public let number: Int
    /// The stable name that files use. Unique within the tenant.
    public let key: String
    /// From 1; one more for each change.
    public let version: Int
    /// A word of the source, such as `unit`, `module`, `path`, `course`, `exercise`, `video`.
    public let kind: String
    public let title: String
    /// Empty when nobody wrote one.
    public let description: String
    /// A BCP 47 tag, as the source wrote it.
    public let language: String
    /// The key of the object that this one translates.
    public let translationOf: String?
    /// Learning time, where stated or derived; see `minutesOrigin`.
    public let minutes: Int?
    /// How the source came by the minutes, such as `stated` or `derived_word_count_200wpm`.
    public let minutesOrigin: String?
    public let level: Level?
    /// For whom it is, by the words of the source.
    public let roles: [String]
    /// What it is about, by the words of the source.
    public let topics: [String]
    /// Products that it is about.
    public let products: [String]
    /// The skills it teaches.
    public let skills: [ID<Skill>]
    /// What the learner can do afterwards, one sentence each.
    public let objectives: [String]
    /// What the learner should know before.
    public let prerequisites: [String]
    /// The key of the object that holds this one. May name one that is not here.
    public let parent: String?
    /// The keys that the source lists below this one, in its order.
    public let children: [String]
    /// Items that the source counts; `ItemBank.count` says how many are here.
    public let quizItems: Int
    /// Where it lives, when it is not read here.
    public let url: String?
    /// The collection that it came from; empty when not stated.
    public let source: String
    /// Empty when not stated.
    public let licence: String
    public let licenceURL: String?
    /// Empty when not stated.
    public let attribution: String
    /// Who or what made it, as stated.
    public let provenance: Provenance
    /// The day of the last change at the source.
    public let modified: Day?
    /// Whether there is a body text to read in place.
    public let hasText: Bool
    /// When it came into the catalogue.
    public let createdAt: Moment
    /// When its current version was made.
    public let changedAt: Moment
}

/// One version of a learning object.
public struct ContentVersion: Hashable, Sendable {
    /// Why there is a new version.
    public enum Cause: String, CaseIterable, Storable, Sendable {
        /// It came into the catalogue.
        case made
        /// What is said of it changed.
        case changed
        /// Its text changed.
        case text
    }

    public let version: Int
    public let cause: Cause
    /// When the version was made here.
    public let madeAt: Moment
    public let title: String
    public let provenance: Provenance
    /// What was said of it, as one JSON object with the names of the import.
    public let body: String
}

/// A body text.
public struct ContentText: Hashable, Sendable {
    /// A BCP 47 tag.
    public let language: String
    /// Markdown.
    public let body: String
    /// Runs of characters between white space.
    public let words: Int
    /// The version of the object that the text came with.
    public let sinceVersion: Int
}

/// How many versions of learning objects state each origin.
public struct Composition: Hashable, Sendable {
    public internal(set) var human = 0
    public internal(set) var assisted = 0
    public internal(set) var generated = 0
    public internal(set) var unknown = 0

    public var total: Int { human + assisted + generated + unknown }

    public subscript(origin: Origin) -> Int {
        get {
            switch origin {
            case .human: human
            case .assisted: assisted
            case .generated: generated
            case .unknown: unknown
            }
        }
        set {
            switch origin {
            case .human: human = newValue
            case .assisted: assisted = newValue
            case .generated: generated = newValue
            case .unknown: unknown = newValue
            }
        }
    }
}

/// A learning object that could be recommended.
public struct TeachingContent: Hashable, Sendable {
    public let id: ID<Content>
    public let key: String
    public let version: Int
    public let title: String
    public let kind: String
    public let language: String
    public let minutes: Int?
    public let level: Level?
    public let hasText: Bool
    /// Those of the asked skills that it teaches, and the others that it teaches.
    public let skills: Set<ID<Skill>>
}
