public import Basis
public import People
public import Storage

/// One version of a policy in prose.
public struct DocumentRecord: Hashable, Sendable {
    /// Where a version stands.
    public enum State: String, CaseIterable, Storable, Sendable {
        case draft, published, superseded, withdrawn
    }

    public let id: ID<PolicyDocument>
    public let version: Int
    public let state: State
    public let title: String
    /// What it asks, in a sentence or two.
    public let summary: String
    /// Markdown.
    public let body: String
    public let audience: AudienceRule
    public let owner: ID<Person>
    /// The AI use that nobody uses before accepting it; nil is a policy for all of the audience's work.
    public let use: ID<AIUse>?
    /// Whether it changes what people agreed to: then everybody accepts again.
    public let isMaterial: Bool
    public let createdAt: Moment
    public let createdBy: ID<Person>
    public let publishedAt: Moment?
    /// When it was superseded or withdrawn.
    public let endedAt: Moment?
}

/// What a steward may set of a policy in prose.
public struct DocumentDraft: Hashable, Sendable {
    public static let titleLimit = 200
    public static let summaryLimit = 600
    public static let bodyLimit = 60_000

    public var title: String
    public var summary: String
    public var body: String
    public var audience: AudienceRule?
    public var owner: ID<Person>?
    public var use: ID<AIUse>?
    /// The first version always is.
    public var isMaterial: Bool

    public init(
        title: String, summary: String = "", body: String, audience: AudienceRule? = .everyone,
        owner: ID<Person>?, use: ID<AIUse>? = nil, isMaterial: Bool = true
    ) {
        self.title = title
        self.summary = summary
        self.body = body
        self.audience = audience
        self.owner = owner
        self.use = use
        self.isMaterial = isMaterial
    }

    /// The draft that says the same as a version.
    public init(_ record: DocumentRecord) {
        self.init(
            title: record.title, summary: record.summary, body: record.body, audience: record.audience,
            owner: record.owner, use: record.use, isMaterial: record.isMaterial)
    }

    /// - Throws: `Problem` of kind `invalid` naming every place.
    func check() throws {
        var findings = Findings()
        findings.expect(
            text: title, atMost: DocumentDraft.titleLimit, needed: .always, called: "The title", at: "/title")
        findings.expect(
            text: summary, atMost: DocumentDraft.summaryLimit, needed: .maybe, called: "The summary", at: "/summary")
        findings.expect(text: body, atMost: DocumentDraft.bodyLimit, needed: .always, called: "The text", at: "/body")
        findings.expect(owner != nil, "owner-missing", at: "/owner", "Nobody answers for it. Choose an owner.")
        findings.expect(audience != nil, "audience-missing", at: "/audience", "Nobody is meant. Say who is.")
        try findings.settle("document-invalid")
    }
}

/// A policy that a person has to accept, or accepted.
public struct DocumentNotice: Hashable, Sendable {
    /// The version in force.
    public let document: DocumentRecord
    /// The newest version that the person accepted.
    public let accepted: Int?
    public let acceptedAt: Moment?
    /// Whether it has to be accepted, or accepted again because it changed in what people agreed to.
    public let isNeeded: Bool
}

/// How many accepted what is in force.
public struct DocumentCoverage: Hashable, Sendable {
    /// Active people in its audience.
    public let audience: Int
    /// Of these: accepted the version in force, or one since which nothing material changed.
    public let accepted: Int
    /// Those who did not yet.
    public let missing: [ID<Person>]
}

/// One line of what changed between two texts.
public struct TextLine: Hashable, Sendable {
    /// Where the line stands.
    public enum Fate: String, Sendable {
        case kept, added, removed
    }

    public let fate: Fate
    public let text: String

    /// What changed from one text to another, line by line.
    ///
    /// - Source: Myers, “An O(ND) difference algorithm and its variations”, Algorithmica 1, 1986, as Swift's
    ///   `difference(from:)` has it.
    public static func difference(from old: String, to new: String) -> [TextLine] {
        let (before, after) = (lines(old), lines(new))
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in after.difference(from: before) {
            switch change {
            case .remove(let place, _, _): removed.insert(place)
            case .insert(let place, _, _): added.insert(place)
            }
        }
        var list: [TextLine] = []
        var place = 0
        for (line, text) in before.enumerated() {
            while added.contains(place) {
                list.append(TextLine(fate: .added, text: after[place]))
                place += 1
            }
            list.append(TextLine(fate: removed.contains(line) ? .removed : .kept, text: text))
            if !removed.contains(line) { place += 1 }
        }
        return list + after[place...].map { TextLine(fate: .added, text: $0) }
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
