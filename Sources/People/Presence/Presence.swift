public import Basis

/// When a person works, apart from absences.
public struct WorkingTerms: Hashable, Sendable {
    /// Of full time, in ten-thousandths. Range: 0…10,000.
    public var shareBasisPoints: Int
    /// The weekdays worked, 1 Monday to 7 Sunday (ISO 8601). Never empty.
    public var weekdays: Set<Int>
    /// In which days begin and end for the person, such as `Europe/Berlin`; nil is UTC.
    public var timeZone: String?
    /// The first day of employment; nil when it is not stated.
    public var hiredOn: Day?
    /// The last day of employment; nil when none is known.
    public var leftOn: Day?

    public init(
        shareBasisPoints: Int = 10_000, weekdays: Set<Int> = [1, 2, 3, 4, 5], timeZone: String? = nil,
        hiredOn: Day? = nil, leftOn: Day? = nil
    ) {
        self.shareBasisPoints = shareBasisPoints
        self.weekdays = weekdays
        self.timeZone = timeZone
        self.hiredOn = hiredOn
        self.leftOn = leftOn
    }

    /// Full time from Monday to Friday: what holds until somebody says otherwise.
    public static let usual = WorkingTerms()
}

/// Days on which a person is not there. Why is nobody's business, so it is not kept.
public struct Absence: Hashable, Sendable {
    public let id: ID<Absence>
    public let person: ID<Person>
    /// First and last day, both included.
    public let days: ClosedRange<Day>
    public let notedBy: ID<Person>
    public let notedAt: Moment

    /// How many days it lasts.
    public var length: Int { days.upperBound - days.lowerBound + 1 }
}

/// A day on which nobody works.
public struct Holiday: Hashable, Sendable {
    public let day: Day
    public let name: String

    public init(day: Day, name: String) {
        self.day = day
        self.name = name
    }
}

/// When everybody of a tenant is there, for decisions about many of them at once.
public struct PresenceTable: Hashable, Sendable {
    /// By person; whoever is not among them has the usual terms.
    public let terms: [ID<Person>: WorkingTerms]
    /// By person, by first day. Only absences that end on or after the day asked for.
    public let absences: [ID<Person>: [ClosedRange<Day>]]
    public let holidays: Set<Day>

    public init(
        terms: [ID<Person>: WorkingTerms] = [:], absences: [ID<Person>: [ClosedRange<Day>]] = [:],
        holidays: Set<Day> = []
    ) {
        self.terms = terms
        self.absences = absences
        self.holidays = holidays
    }
}
