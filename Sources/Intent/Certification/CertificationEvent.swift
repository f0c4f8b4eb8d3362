public import Basis

/// Something that became known about one person and one certification.
///
/// Events are taken in the order in which they became known. What is known late changes what is still open, never what
/// is closed: what was written stays.
public struct CertificationEvent: Hashable, Sendable {
    /// When it became known.
    public let at: Moment
    public let fact: CertificationFact

    public init(at: Moment, _ fact: CertificationFact) {
        self.at = at
        self.fact = fact
    }
}

/// What became known. Days in the future take effect when they come.
public enum CertificationFact: Hashable, Sendable {
    /// Employment begins, for the first time or again.
    case hired(on: Day)
    /// The first day on which the person is no longer employed.
    case left(on: Day)
    /// The certification is asked of the person.
    case assigned(on: Day)
    /// The first day on which it is no longer asked.
    case released(on: Day)
    /// It was earned, at that moment, in one of the ways.
    case earned(Moment, CertificationWay)
    /// Leave from a day until a day, with both; without an end until `returned`.
    case leave(from: Day, until: Day?)
    /// The first day back from leave. It counts from the day on which it becomes known at the earliest.
    case returned(on: Day)
    case exempted(from: Day, until: Day, reason: String)
    /// The first day on which an exemption holds no longer, earlier than it was to end. It counts from the day on
    /// which it becomes known at the earliest.
    case readmitted(on: Day)
    /// The open cycle is due on that day, if it is later than it was.
    case extended(until: Day)
    /// What was earned last is taken back, while no further cycle has opened: its cycle is open again.
    case revoked(reason: String)
    /// The last extension is taken back, while its cycle is open and has not lapsed.
    case unextended(reason: String)
}

extension CertificationFact {
    /// In plain words, for histories.
    public var words: String {
        switch self {
        case .hired(let day): "employed from \(day)"
        case .left(let day): "no longer employed from \(day)"
        case .assigned(let day): "asked from \(day)"
        case .released(let day): "no longer asked from \(day)"
        case .earned(_, .completion): "completed"
        case .earned(_, .equivalence): "something equivalent recognised"
        case .earned(_, .testOut): "test passed"
        case .leave(let from, let until): "away from \(from)" + (until.map { " until \($0)" } ?? "")
        case .returned(let day): "back from \(day)"
        case .exempted(let from, let until, let reason): "exempted from \(from) until \(until): \(reason)"
        case .readmitted(let day): "exemption ended on \(day)"
        case .extended(let until): "due day moved to \(until)"
        case .revoked(let reason): "what was attested taken back: \(reason)"
        case .unextended(let reason): "more time taken back: \(reason)"
        }
    }
}

/// How a certificate was earned.
public enum CertificationWay: String, CaseIterable, Sendable {
    case completion
    /// Something else was recognised as equivalent.
    case equivalence
    /// A test without the learning.
    case testOut
}

/// A span of days on which nothing is due: leave, or an exemption with its reason.
public struct CertificationExcuse: Hashable, Sendable {
    public let from: Day
    /// The last day; nil while no end is known.
    public internal(set) var until: Day?
    /// Why exempted; nil for leave.
    public let reason: String?

    func contains(_ day: Day) -> Bool { from <= day && until.map { day <= $0 } ?? true }
}

/// One line of the history. Lines are added and never changed.
public struct CertificationEntry: Hashable, Sendable {
    /// What the line tells.
    public enum What: Hashable, Sendable {
        case opened(dueOn: Day)
        /// By an extension, or for somebody who is back.
        case dueMoved(to: Day)
        /// Due and grace are over. It can still be completed.
        case lapsed
        /// With the last day of the certificate.
        case completed(on: Day, CertificationWay, expiresOn: Day)
        /// Nothing was due: the due day lies in a leave or an exemption, which says why.
        case excused(reason: String?)
        /// What completed it was taken back: it is open again.
        case reopened(reason: String)
        /// The person left, or it is no longer asked of them.
        case ended
        /// Somebody is to be told.
        case notice(ReminderRule.Step)
    }

    /// The day on which it came to be, whenever somebody looked.
    public let day: Day
    /// The number of the cycle, from 1.
    public let cycle: Int
    public let what: What

    public init(day: Day, cycle: Int, _ what: What) {
        self.day = day
        self.cycle = cycle
        self.what = what
    }
}

/// One cycle of one person, as its history says.
public struct CertificationCycle: Hashable, Sendable {
    /// Where the cycle stands.
    public enum State: String, CaseIterable, Sendable {
        case open, completed, lapsed, excused, ended
    }

    /// From 1, without a gap, also over employments.
    public let number: Int
    public let opensOn: Day
    public internal(set) var dueOn: Day
    public internal(set) var state: State
    public internal(set) var completedOn: Day?
    public internal(set) var way: CertificationWay?
    /// The last day of the certificate that it gave.
    public internal(set) var expiresOn: Day?
    /// When it was found not to be done in time, also if it was done later.
    public internal(set) var lapsedOn: Day?
    /// When it was completed, excused or ended; nil while it can still be completed.
    public internal(set) var closedOn: Day?
    /// Why the person was exempted, or what completed it taken back.
    public internal(set) var reason: String?

    /// The cycles that a history tells of, in order.
    public static func cycles(of history: some Sequence<CertificationEntry>) -> [CertificationCycle] {
        var cycles: [CertificationCycle] = []
        for entry in history {
            if case .opened(let dueOn) = entry.what {
                cycles.append(
                    CertificationCycle(number: entry.cycle, opensOn: entry.day, dueOn: dueOn, state: .open))
            } else if let place = cycles.lastIndex(where: { $0.number == entry.cycle }) {
                cycles[place].take(entry)
            }
        }
        return cycles
    }

    private mutating func take(_ entry: CertificationEntry) {
        switch entry.what {
        case .opened, .notice: return
        case .dueMoved(let day): dueOn = day
        case .lapsed: (state, lapsedOn) = (.lapsed, entry.day)
        case .completed(let day, let way, let expiresOn):
            (state, closedOn) = (.completed, entry.day)
            (completedOn, self.way, self.expiresOn) = (day, way, expiresOn)
        case .excused(let reason): (state, closedOn, self.reason) = (.excused, entry.day, reason)
        case .reopened(let reason):
            (state, closedOn, self.reason) = (lapsedOn == nil ? .open : .lapsed, nil, reason)
            (completedOn, way, expiresOn) = (nil, nil, nil)
        case .ended: (state, closedOn) = (.ended, entry.day)
        }
    }
}

/// The name of one cycle of one person: what its registration is made from, the same whenever it is asked for.
public struct CycleKey: Hashable, Sendable, CustomStringConvertible {
    public let mandate: ID<Mandate>
    public let person: ID<Person>
    public let number: Int

    public init(mandate: ID<Mandate>, person: ID<Person>, number: Int) {
        self.mandate = mandate
        self.person = person
        self.number = number
    }

    public var description: String { "\(mandate)/\(person)/\(number)" }
}
