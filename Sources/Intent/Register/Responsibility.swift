public import Basis
public import Storage

/// One person's answer for one AI use, over one span of time.
public struct Responsibility: Hashable, Sendable {
    /// The four parts of a responsibility chart. The first form of the register asks for the accountable one only.
    public enum Part: String, CaseIterable, Storable, Sendable {
        case accountable, responsible, consulted, informed
    }

    /// Where it stands. A use has at most one proposed and one accepted accountable person; the schema holds that.
    public enum State: String, CaseIterable, Storable, Sendable {
        /// Asked, and not answered yet.
        case proposed
        case accepted
        case declined
        /// Taken back, or replaced by another proposal, before an answer.
        case withdrawn
        /// Was accepted; somebody else took over, or it was laid down.
        case ended
    }

    public let id: ID<Responsibility>
    public let use: ID<AIUse>
    public let part: Part
    public let person: ID<Person>
    public let state: State
    /// Why it was declined, withdrawn or ended.
    public let reason: String
    public let proposedBy: ID<Person>
    public let proposedAt: Moment
    /// When it was accepted or declined: the beginning of its validity when accepted.
    public let answeredAt: Moment?
    /// The end of its validity.
    public let endedAt: Moment?
    /// The last day for which it was taken on; nil is until further notice.
    public let until: Day?

    /// Whether it holds on a day: accepted, and not past its last day.
    public func holds(on day: Day) -> Bool { state == .accepted && day <= until ?? day }
}

/// Whether a use of AI has one who answers for it, and if not, why not.
public struct Ownership: Hashable, Sendable {
    /// What keeps a use from being clear.
    public enum Gap: Hashable, Sendable {
        /// Nobody accepted. `asked` is the person whose answer is awaited.
        case unowned(asked: ID<Person>?)
        /// The one who accepted is no longer active.
        case lapsed(ID<Person>)
        /// The one who accepted did so until a day that is past.
        case expired(ID<Person>, Day)
        /// The one who accepted is away for long, and nobody stands in.
        case away(ID<Person>)
        /// More than one active person accepted.
        case several([ID<Person>])
        case reviewOverdue(since: Day)
    }

    /// The one accountable, active person who accepted; nil is unowned.
    public let owner: ID<Person>?
    /// The person who was asked and has not answered yet.
    public let asked: ID<Person>?
    /// Who acts for the owner today.
    public let standIn: ID<Person>?
    public let gaps: [Gap]

    /// An absence longer than this leaves a use without owner, unless somebody stands in.
    /// - Unit: days.
    /// - Source: field notes A3.1, C1: lapsed is left, or more than 30 days absent.
    public static let awayDayLimit = 30

    /// 1 if and only if there is exactly one accountable owner who is active, accepted, and has no overdue review.
    ///
    /// - Source: product.md, measure 1.
    public var isClear: Bool { gaps.isEmpty }

    /// Judges one use by its responsibilities, of any part and state. A review is overdue from the day after
    /// `reviewOn`.
    ///
    /// `standIn` tells who acts for a person today, `isAway` whether a person is away today, for more than
    /// `awayDayLimit` days in all.
    public init(
        responsibilities: [Responsibility], reviewOn: Day?, today: Day,
        standIn: (ID<Person>) -> ID<Person>? = { _ in nil }, isAway: (ID<Person>) -> Bool = { _ in false },
        isActive: (ID<Person>) -> Bool
    ) {
        let accountable = responsibilities.filter { $0.part == .accountable }
        let taken = accountable.filter { $0.state == .accepted }
        let accepted = taken.filter { $0.holds(on: today) }.map(\.person)
        let active = accepted.filter(isActive)
        let asked = accountable.first { $0.state == .proposed }?.person
        var gaps: [Gap] = []
        switch active.count {
        case 1: if isAway(active[0]), standIn(active[0]) == nil { gaps.append(.away(active[0])) }
        case 0:
            if let left = accepted.first {
                gaps.append(.lapsed(left))
            } else if let past = taken.first, let day = past.until {
                gaps.append(.expired(past.person, day))
            } else {
                gaps.append(.unowned(asked: asked))
            }
        default: gaps.append(.several(active))
        }
        if let reviewOn, reviewOn < today { gaps.append(.reviewOverdue(since: reviewOn)) }
        self.owner = active.count == 1 ? active.first : nil
        self.asked = asked
        self.standIn = active.count == 1 ? standIn(active[0]) : nil
        self.gaps = gaps
    }
}

/// Ownership clarity of a tenant at one moment.
///
/// - Source: product.md, measure 1: Σ w·clear / Σ w over active uses, w = learners reached. A census, so it has no
///   interval; its denominators are shown instead.
public struct Clarity: Hashable, Sendable {
    /// One active use of AI.
    public struct Entry: Hashable, Sendable {
        public let use: AIUseRecord
        public let ownership: Ownership
        /// Active people in its audience.
        public let learners: Int
    }

    public let entries: [Entry]

    public var clearUses: Int { entries.count { $0.ownership.isClear } }
    public var clearLearners: Int { entries.reduce(0) { $0 + ($1.ownership.isClear ? $1.learners : 0) } }
    public var learners: Int { entries.reduce(0) { $0 + $1.learners } }

    /// Σ w·clear / Σ w; nil when no active use reaches anybody.
    public var share: Double? { learners == 0 ? nil : Double(clearLearners) / Double(learners) }
}
