public import Basis
public import People
public import Storage

/// Something people are asked to learn: by whom, why and until when.
public struct MandateRecord: Hashable, Sendable {
    /// Where it stands. Only a published one asks anything of anybody.
    public enum State: String, CaseIterable, Storable, Sendable {
        case draft, published, retired
    }

    public let id: ID<Mandate>
    public let state: State
    /// Counts publications and published changes; 0 while it has never been published.
    public let revision: Int
    /// Who asks, and answers for the asking.
    public let asker: ID<Person>
    /// The content to learn; nil when it is not in the catalogue.
    public let content: ID<Content>?
    public let title: String
    /// The priority of the strategy that it serves.
    public let priority: ID<Priority>?
    /// The law, policy or rule that it comes from, in words; empty when it serves a priority.
    public let rule: String
    public let why: String
    /// - Unit: minutes of learning time a person. Range: 1…6000.
    public let minutes: Int
    public let audience: AudienceRule
    public let deadline: Day
    /// Whether a test may stand in for the learning.
    public let testOut: TestOutTerms
    /// Why it was published although some people are over their budget; nil when all of it fits.
    public let override: Override?
    public let createdAt: Moment
    public let createdBy: ID<Person>
    public let publishedAt: Moment?
    public let retiredAt: Moment?
}

/// A recorded decision to ask more than the leeway budget holds. Shown to those whom it touches.
public struct Override: Hashable, Sendable {
    /// - Shape: at least `reasonMinimum` characters.
    public let reason: String
    public let by: ID<Person>
    public let at: Moment
    public let peopleOver: Int
    public let minutesOver: Int

    /// The fewest characters of a reason.
    public static let reasonMinimum = 10
}

/// Whether those who know it already may show so by a short test instead of learning it, and what passes.
public struct TestOutTerms: Hashable, Sendable {
    public static let markRange = 50...100

    /// The share of right answers that passes.
    /// - Unit: per cent. Range: `markRange`.
    public var mark: Int
    /// Why no test stands in for the learning, such as a law that demands presence; empty when one may.
    public var refusal: String

    public init(mark: Int = 80, refusal: String = "") {
        self.mark = mark
        self.refusal = refusal
    }
}

/// What may be set of a mandate.
public struct MandateDraft: Hashable, Sendable {
    public var asker: ID<Person>?
    public var content: ID<Content>?
    public var title: String
    public var priority: ID<Priority>?
    public var rule: String
    public var why: String
    /// - Range: 1…6000.
    public var minutes: Int
    public var audience: AudienceRule?
    public var deadline: Day?
    public var testOut = TestOutTerms()

    public init(
        asker: ID<Person>?, content: ID<Content>? = nil, title: String, priority: ID<Priority>? = nil,
        rule: String = "", why: String, minutes: Int, audience: AudienceRule?, deadline: Day?
    ) {
        self.asker = asker
        self.content = content
        self.title = title
        self.priority = priority
        self.rule = rule
        self.why = why
        self.minutes = minutes
        self.audience = audience
        self.deadline = deadline
    }

    /// The draft that says the same as a mandate.
    public init(_ record: MandateRecord) {
        self.init(
            asker: record.asker, content: record.content, title: record.title, priority: record.priority,
            rule: record.rule, why: record.why, minutes: record.minutes, audience: record.audience,
            deadline: record.deadline)
        testOut = record.testOut
    }
}

/// A published mandate as it stands with one person.
public struct Assignment: Hashable, Sendable {
    /// Where it stands with the person.
    public enum State: String, CaseIterable, Storable, Sendable {
        case open
        case completed
        /// Completed before it was asked: nothing is left to do.
        case held
        /// No longer in the audience.
        case released
    }

    public let mandate: ID<Mandate>
    public let person: ID<Person>
    public let state: State
    public let assignedAt: Moment
    /// When it was completed, or had been before it was asked.
    public let completedAt: Moment?
}

/// An assignment with what is asked, and what the person has already spent on it.
public struct AssignedMandate: Hashable, Sendable {
    public let assignment: Assignment
    public let mandate: MandateRecord
    /// Learning time on it so far.
    /// - Unit: whole minutes, rounded down.
    public let minutesSpent: Int

    /// What is still to do by the mandate's own estimate; 0 when it is not open.
    /// - Unit: minutes.
    public var minutesLeft: Int {
        assignment.state == .open ? max(0, mandate.minutes - minutesSpent) : 0
    }
}

/// How far a mandate is, by people.
public struct MandateProgress: Hashable, Sendable {
    public let open: Int
    public let completed: Int
    public let held: Int
    public let released: Int

    /// Everybody it is asked of, whether or not they are done.
    public var asked: Int { open + completed + held }
}
