public import Basis
public import Foundation

/// How a certification is earned, how long it holds, and when it must be earned again.
///
/// All of it is counted in whole days of one time zone. A certificate is valid up to its last day, with it. Some days
/// before that the recertification window opens, and with it the next cycle, which is due as the rule says.
public struct CertificationRule: Hashable, Sendable {
    /// What the next active period is counted from.
    public enum Base: Hashable, Sendable {
        /// The day of completion: early completion shortens what came before.
        case completion
        /// The last day of the certificate that is renewed, when it was renewed in time, so that nobody loses by being
        /// early; the day of completion when it was late, or when there was none.
        case expiry
        /// The same day for everybody, such as 31 December, however early or late they were. A certificate holds until
        /// the first end of a period that lies more than the window after completion, so that nobody has to renew at
        /// once.
        case fixed(Day)
    }

    /// What a due day is counted from.
    public enum Anchor: String, CaseIterable, Sendable {
        /// The first day of the present employment.
        case hired
        /// The first day on which the certification was asked of the person.
        case assigned
        /// The last day of the certificate that is to be renewed.
        case previousExpiry
        case previousCompletion
    }

    /// When a cycle is due. A day before the cycle opens says nothing: then the certificate's last day counts, or the
    /// opening.
    public enum Due: Hashable, Sendable {
        case on(Day)
        case after(Anchor, CalendarPeriod)
    }

    /// How long a certificate is valid. Range: 1…36,500 days or 1…1,200 months.
    public let activePeriod: CalendarPeriod
    /// How long before a certificate's last day the next cycle opens. Range: 0…3,650 days.
    public let windowDays: Int
    public let base: Base
    /// When somebody without a valid certificate is due.
    public let firstDue: Due
    /// When a renewal is due.
    public let renewalDue: Due
    /// Days after the due day on which completion still counts as in time. Range: 0…3,650.
    public let graceDays: Int
    /// The fewest days that anybody has from the day on which they are asked, come back or are hired again.
    /// Range: 0…3,650.
    public let minimumDays: Int
    /// Where days begin and end.
    public let zone: TimeZone
    public let reminders: ReminderRule

    /// `zone` is the identifier of a time zone, such as `Europe/Berlin`.
    ///
    /// - Throws: what is out of range, or that there is no such time zone.
    public init(
        activePeriod: CalendarPeriod, windowDays: Int, base: Base = .expiry, firstDue: Due,
        renewalDue: Due = .after(.previousExpiry, .days(0)), graceDays: Int = 0, minimumDays: Int = 0,
        zone: String = "UTC", reminders: ReminderRule = ReminderRule()
    ) throws(CertificationRuleError) {
        switch activePeriod {
        case .days(let days): if !(1...36_500).contains(days) { throw .activePeriodOutOfRange }
        case .months(let months): if !(1...1_200).contains(months) { throw .activePeriodOutOfRange }
        }
        let daysRange = 0...3_650
        if !daysRange.contains(windowDays) { throw .windowOutOfRange }
        if !daysRange.contains(graceDays) { throw .graceOutOfRange }
        if !daysRange.contains(minimumDays) { throw .minimumOutOfRange }
        guard let zone = TimeZone(identifier: zone) else { throw .zoneUnknown }
        self.activePeriod = activePeriod
        self.windowDays = windowDays
        self.base = base
        self.firstDue = firstDue
        self.renewalDue = renewalDue
        self.graceDays = graceDays
        self.minimumDays = minimumDays
        self.zone = zone
        self.reminders = reminders
    }

    /// The civil day of a moment in the rule's time zone.
    public func day(of moment: Moment) -> Day {
        let seconds = moment.microseconds.quotientRoundedDown(by: 1_000_000)
        let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(seconds)))
        return Day(number: Int((seconds + Int64(offset)).quotientRoundedDown(by: 86_400)))
    }
}

/// What is wrong with a rule.
public enum CertificationRuleError: Error, Hashable, Sendable {
    case activePeriodOutOfRange, windowOutOfRange, graceOutOfRange, minimumOutOfRange, zoneUnknown
}

/// Who is told about a cycle, and when.
///
/// A notice whose day is before the cycle opens is not given, since the opening is told. While the person is on leave
/// or exempted nobody is told anything.
public struct ReminderRule: Hashable, Sendable {
    /// Who is told.
    public enum Recipient: String, CaseIterable, Sendable {
        case person, manager, owner
    }

    /// One notice of each cycle.
    public struct Step: Hashable, Sendable {
        public let recipient: Recipient
        /// Days from the due day; below zero is before it.
        public let days: Int

        public init(_ recipient: Recipient, days: Int) {
            self.recipient = recipient
            self.days = days
        }
    }

    /// By day, then by recipient, each once.
    public let steps: [Step]

    public init(_ steps: [Step] = []) {
        self.steps = Set(steps).sorted {
            ($0.days, $0.recipient.rank) < ($1.days, $1.recipient.rank)
        }
    }

    /// Days before the due day to the person, and days after it to each.
    public init(daysBefore: [Int], person: [Int] = [], manager: [Int] = [], owner: [Int] = []) {
        self.init(
            daysBefore.map { Step(.person, days: -$0) } + person.map { Step(.person, days: $0) }
                + manager.map { Step(.manager, days: $0) } + owner.map { Step(.owner, days: $0) })
    }

    /// The notices due on a day about a cycle that is due on `due`.
    public func steps(on day: Day, due: Day) -> [Step] { steps.filter { due + $0.days == day } }

    /// The first day after `day` on which a notice is due; nil when none is left.
    public func nextDay(after day: Day, due: Day) -> Day? { steps.first { due + $0.days > day }.map { due + $0.days } }
}

extension ReminderRule.Recipient {
    fileprivate var rank: Int {
        switch self {
        case .person: 0
        case .manager: 1
        case .owner: 2
        }
    }
}

extension Int64 {
    fileprivate func quotientRoundedDown(by divisor: Int64) -> Int64 {
        self / divisor - (self % divisor < 0 ? 1 : 0)
    }
}
