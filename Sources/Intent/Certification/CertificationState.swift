public import Basis

/// Where one person stands with one certification, as of a day.
///
/// It moves by events and by the days that pass. What a day brings depends on the state before and on nothing else, and
/// only on the days that `nextDay` names. So it makes no difference on which days somebody looks, how often, or
/// whether all is replayed from the events.
public struct CertificationState: Hashable, Sendable {
    /// The cycle that can be completed now.
    public struct Current: Hashable, Sendable {
        public let number: Int
        public let opensOn: Day
        public internal(set) var dueOn: Day
        public internal(set) var isLapsed = false
        /// Notices up to this day were given or passed over.
        var noticedThrough: Day
    }

    /// The cycle that will open next, unless something happens.
    public struct Scheduled: Hashable, Sendable {
        public let opensOn: Day
        public let dueOn: Day
    }

    struct Pending: Hashable, Sendable {
        let day: Day
        let fact: CertificationFact
    }

    /// What was before the newest completion or extension, as long as nothing followed that rests on it.
    enum Before: Hashable, Sendable {
        case earned(Current, certificateUntil: Day?, completedOn: Day?, anchor: Day?, periods: Int)
        case extended(cycle: Int, dueOn: Day)
    }

    /// What can be taken back.
    public enum Withdrawable: Hashable, Sendable {
        case completion, moreTime
    }

    /// Everything up to this day, with it, has been taken; nil before the first.
    public internal(set) var today: Day?
    public internal(set) var current: Current?
    public internal(set) var scheduled: Scheduled?
    /// The last day of the newest certificate. It may be over.
    public internal(set) var certificateUntil: Day?
    public internal(set) var completedOn: Day?
    public internal(set) var excuses: [CertificationExcuse] = []
    var hiredOn: Day?
    var assignedOn: Day?
    var isEmployed = false
    var isAssigned = false
    /// Cycles opened so far.
    var count = 0
    /// The end of the active period is so many periods after the anchor; nil when the next completion starts afresh.
    var anchor: Day?
    var periods = 0
    /// Known, and still to come.
    var pending: [Pending] = []
    var before: Before?

    public init() {}

    /// Whether the certification is asked of the person.
    public var isActive: Bool { isEmployed && isAssigned }

    /// What of it can be taken back now; nil when nothing, or when something followed that rests on it.
    public var withdrawable: Withdrawable? {
        switch before {
        case .earned: current == nil && isActive ? .completion : nil
        case .extended(let cycle, _): current?.number == cycle && current?.isLapsed == false ? .moreTime : nil
        case nil: nil
        }
    }

    /// Whether a certificate is valid on a day, from what is known so far.
    public func isCertified(on day: Day) -> Bool { certificateUntil.map { day <= $0 } ?? false }

    /// Whether nothing is due on a day because of leave or an exemption.
    public func isExcused(on day: Day) -> Bool { excuses.contains { $0.contains(day) } }

    /// The next day after `today` on which something may change by itself: a cycle opens, a notice is due, the due day
    /// or the grace is over, a certificate has expired, a leave is over, or what was known beforehand takes effect. Nil
    /// when nothing will before the next event.
    ///
    /// A nightly run needs to look at those only whose `nextDay` has come.
    public func nextDay(by rule: CertificationRule) -> Day? {
        guard let today else { return nil }
        var days = pending.map(\.day)
        if let current {
            days.append(current.dueOn + 1)
            if !current.isLapsed { days.append(current.dueOn + (rule.graceDays + 1)) }
            if let day = rule.reminders.nextDay(after: today, due: current.dueOn) { days.append(day) }
            days += excuses.compactMap { $0.until.map { $0 + 1 } }
        }
        if let scheduled {
            days.append(scheduled.opensOn)
            let ends = [today, certificateUntil].compactMap(\.self) + excuses.compactMap(\.until)
            days += ends.map { $0 + 1 }.filter { !isCertified(on: $0) && !isExcused(on: $0) }
        }
        return days.filter { $0 > today }.min()
    }

    /// Lets days pass up to `day`, with it. A day that is over already changes nothing.
    ///
    /// - Returns: what to add to the history, each line with the day on which it came to be.
    public mutating func advance(to day: Day, by rule: CertificationRule) -> [CertificationEntry] {
        var entries: [CertificationEntry] = []
        while let next = nextDay(by: rule), next <= day {
            today = next
            settle(next, rule, &entries)
        }
        today = today.map { max($0, day) } ?? day
        return entries
    }

    /// Goes over to another rule at a moment. What is due or scheduled stays due and scheduled as it was said; grace
    /// and reminders, and all that is reckoned from now on, follow the new rule. `nextDay` must be asked again.
    ///
    /// - Returns: what to add to the history, of the days before by the old rule.
    public mutating func revise(
        at moment: Moment, from old: CertificationRule, to new: CertificationRule
    ) -> [CertificationEntry] {
        var entries = advance(to: old.day(of: moment), by: old)
        if let today { settle(today, new, &entries) }
        return entries
    }

    /// Takes an event, after the days up to the one on which it became known have passed. One that became known before
    /// `today` counts as known today.
    ///
    /// - Returns: what to add to the history.
    public mutating func apply(_ event: CertificationEvent, by rule: CertificationRule) -> [CertificationEntry] {
        var entries = advance(to: rule.day(of: event.at), by: rule)
        guard let today else { return entries }
        if let day = event.fact.effectiveDay, day > today {
            pending.append(Pending(day: day, fact: event.fact))
        } else {
            take(event.fact, today, rule, &entries)
        }
        settle(today, rule, &entries)
        return entries
    }
}

extension CertificationFact {
    /// The day on which it takes effect when it is known before; nil when it does at once.
    fileprivate var effectiveDay: Day? {
        switch self {
        case .hired(let day), .left(let day), .assigned(let day), .released(let day): day
        case .earned, .leave, .returned, .exempted, .readmitted, .extended, .revoked, .unextended: nil
        }
    }
}

/// A rule and the moment from which it holds.
public struct CertificationRevision: Hashable, Sendable {
    public let since: Moment
    public let rule: CertificationRule

    public init(since: Moment, rule: CertificationRule) {
        self.since = since
        self.rule = rule
    }
}

extension CertificationRule {
    /// All that came to be up to `day`, with it, from the events alone: the same as taking them one by one.
    ///
    /// Events are in the order in which they became known. This rule holds until the first of `revisions`, which are
    /// in the order of their moments.
    public func replay(
        _ events: some Sequence<CertificationEvent>, revisions: [CertificationRevision] = [], through day: Day
    ) -> (state: CertificationState, history: [CertificationEntry]) {
        var state = CertificationState()
        var history: [CertificationEntry] = []
        var (rule, rest) = (self, revisions[...])
        func revise(while isDue: (CertificationRevision) -> Bool) {
            while let next = rest.first, isDue(next) {
                history += state.revise(at: next.since, from: rule, to: next.rule)
                rule = next.rule
                rest = rest.dropFirst()
            }
        }
        for event in events {
            revise { $0.since <= event.at && rule.day(of: $0.since) <= day }
            if rule.day(of: event.at) > day { break }
            history += state.apply(event, by: rule)
        }
        revise { rule.day(of: $0.since) <= day }
        history += state.advance(to: day, by: rule)
        return (state, history)
    }
}
