public import Basis
public import People

/// How much learning time a month holds for whom, and how much of it is the learner's own.
///
/// Rules are asked in order; the first whose audience holds the person decides; `fallback` decides for the rest.
public struct LeewayPolicy: Hashable, Sendable {
    /// One rule of the policy.
    public struct Rule: Hashable, Sendable {
        public var name: String
        public var audience: AudienceRule
        public var terms: LeewayTerms

        public init(name: String, audience: AudienceRule, terms: LeewayTerms) {
            self.name = name
            self.audience = audience
            self.terms = terms
        }
    }

    /// Counts changes; 0 is the policy that stands before anybody set one.
    public let version: Int
    public let rules: [Rule]
    public let fallback: LeewayTerms
    /// Why it was changed.
    public let note: String
    public let since: Moment?
    public let by: ID<Person>?

    public init(
        version: Int, rules: [Rule], fallback: LeewayTerms, note: String = "", since: Moment? = nil,
        by: ID<Person>? = nil
    ) {
        self.version = version
        self.rules = rules
        self.fallback = fallback
        self.note = note
        self.since = since
        self.by = by
    }

    /// Four hours a month, half of them the learner's own: what holds until somebody decides.
    public static let initial = LeewayPolicy(version: 0, rules: [], fallback: .initial)

    /// The terms for one person, and the name of the rule that gave them; nil is the fallback.
    public func decision(for person: PersonFacts) -> (terms: LeewayTerms, rule: String?) {
        for rule in rules where rule.audience.contains(person) { return (rule.terms, rule.name) }
        return (fallback, nil)
    }

    /// The terms for one person.
    public func terms(for person: PersonFacts) -> LeewayTerms { decision(for: person).terms }
}

/// A month's learning time and the part of it that mandates may not touch.
public struct LeewayTerms: Hashable, Sendable {
    /// - Unit: minutes a calendar month. Range: 0…`minutesLimit`.
    public let minutes: Int
    /// The guaranteed share in ten-thousandths, so that the ceiling is exact arithmetic on whole numbers.
    /// - Range: 0…10,000.
    public let shareBasisPoints: Int
    /// The most minutes of mandates on one working day; nil for no limit.
    /// - Range: `dailyLimits`.
    public let dailyLimit: Int?

    /// The most minutes of a month: ten full working days.
    public static let minutesLimit = 4_800
    /// What a daily limit may be: a minute to a whole working day.
    public static let dailyLimits = 1...480
    public static let initial = LeewayTerms(minutes: 240, shareBasisPoints: 5_000)

    public init(minutes: Int, shareBasisPoints: Int, dailyLimit: Int? = nil) {
        precondition((0...LeewayTerms.minutesLimit).contains(minutes), "minutes within the limit")
        precondition((0...10_000).contains(shareBasisPoints), "a share is between 0 and 10,000 basis points")
        precondition(dailyLimit.map(LeewayTerms.dailyLimits.contains) ?? true, "a daily limit within a working day")
        self.minutes = minutes
        self.shareBasisPoints = shareBasisPoints
        self.dailyLimit = dailyLimit
    }

    /// Takes the guaranteed share as 0…1, rounded to a ten-thousandth. Nil when one of them is out of range.
    public init?(minutes: Int, share: Double, dailyLimit: Int? = nil) {
        guard (0...LeewayTerms.minutesLimit).contains(minutes), (0...1).contains(share),
            dailyLimit.map(LeewayTerms.dailyLimits.contains) ?? true
        else { return nil }
        self.init(minutes: minutes, shareBasisPoints: Int((share * 10_000).rounded()), dailyLimit: dailyLimit)
    }

    /// The guaranteed share of the learner. Range: 0…1.
    public var share: Double { Double(shareBasisPoints) / 10_000 }

    /// The most that mandates may ask of a month: minutes × (1 − share), rounded down to whole minutes, so that
    /// rounding favours the learner.
    public var ceiling: Int { minutes * (10_000 - shareBasisPoints) / 10_000 }

    /// What is left to the learner whatever is asked. Ceiling and guarantee sum to the month's minutes.
    public var guaranteed: Int { minutes - ceiling }
}
