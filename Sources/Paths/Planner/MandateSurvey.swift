import Basis

/// What is gathered over the audience of a mandate.
///
/// People of whom the same is asked, with the same working time and the same minutes spent, are one profile: looked at
/// once and counted.
struct MandateSurvey {
    let minutes: Int
    let deadline: Day
    let bearers: MandatePreview.Bearers
    let month: Month
    private let due: Due
    /// The mandates that are open already.
    private let names: [ID<Mandate>]
    /// The same with their deadlines, by what is due first; `mandate` is a place in `names`. One mandate may be due on
    /// several days, for different people.
    private let ranked: [(due: Due, mandate: Int)]
    private var profiles: BearerProfiles
    /// By profile: what does not fit; nil for those who have room.
    private var shortfalls: [Over?] = []
    /// By profile: whether there is no working day until the deadline, though something is left to do.
    private var dayless: [Bool] = []
    private var peopleOver = [Int](repeating: 0, count: Planner.monthLimit)
    private var minutesOver = [Int](repeating: 0, count: Planner.monthLimit)
    private var planned = [Int](repeating: 0, count: Planner.monthLimit)
    private var ceiling = [Int](repeating: 0, count: Planner.monthLimit)
    /// The last month with anything due.
    private var last: Int
    /// The most minutes that everyone who is over can do by the deadline, and by the end of each month.
    private var most = Int.max
    private var mostByMonth = [Int](repeating: .max, count: Planner.monthLimit)
    /// By place in `names`: people over budget who would have room without that mandate.
    private var relief: [Int]
    private var countOver = 0
    // Kept from person to person, so that a million of them allocate nothing.
    private var headroom = Headroom()
    private var own: [CapacityMonth] = []

    private struct Over {
        let minutes: Int
        let months: [MandatePreview.MonthMinutes]
    }

    /// `count` is how many months of load are told at least.
    init(minutes: Int, deadline: Day, bearers: MandatePreview.Bearers, months count: Int = 0) {
        last = min(Planner.monthLimit, max(1, count)) - 1
        self.minutes = minutes
        self.deadline = deadline
        self.bearers = bearers
        month = Month(bearers.today)
        due = Due(deadline, on: bearers.today)
        let named = bearers.mandatesByDue
        var (names, places): ([ID<Mandate>], [ID<Mandate>: Int]) = ([], [:])
        for one in named where places[one.asked.mandate] == nil {
            places[one.asked.mandate] = names.count
            names.append(one.asked.mandate)
        }
        self.names = names
        ranked = named.map { ($0.due, places[$0.asked.mandate] ?? 0) }
        var ranks = [Int32](repeating: 0, count: named.count)
        for (rank, one) in named.enumerated() { ranks[one.place] = Int32(rank) }
        relief = [Int](repeating: 0, count: names.count)
        profiles = BearerProfiles(bearers, ranks: ranks)
    }

    /// Looks at every profile once.
    mutating func run() {
        shortfalls.reserveCapacity(profiles.all.count)
        for profile in profiles.all { shortfalls.append(look(at: profile)) }
    }

    private mutating func look(at profile: BearerProfiles.Profile) -> Over? {
        let pattern = bearers.patterns[Int(profile.pattern)]
        if profile.away.isEmpty { return look(at: profile, pattern.months, pattern.dailyLimit) }
        own.removeAll(keepingCapacity: true)
        own.append(contentsOf: pattern.months)
        for span in bearers.away[profile.away] {
            pattern.remove(from: Int(span.first), to: Int(span.last), of: &own)
        }
        pattern.sum(&own)
        return look(at: profile, own, pattern.dailyLimit)
    }

    private mutating func look(
        at profile: BearerProfiles.Profile, _ months: [CapacityMonth], _ dailyLimit: Int?
    ) -> Over? {
        let spent = Int(profile.spent)
        let left = max(0, minutes - Int(profile.spentOnIt))
        dayless.append(left > 0 && !months.hasDay(upTo: due))
        headroom.clear()
        for ask in profiles.rows[profile.asks] {
            let due = ranked[Int(ask.mandate)].due
            headroom.append(
                due: due, minutes: Int(ask.minutes), capacity: months.minutes(upTo: due, spent: spent, dailyLimit))
            if ask.minutes > 0 { last = max(last, due.offset) }
        }
        if left > 0 { last = max(last, due.offset) }
        let first = headroom.count(upTo: due)
        let capacity = months.minutes(upTo: due, spent: spent, dailyLimit)
        let room = headroom.room(after: first, capacity: capacity)
        load(profile, months, dailyLimit, placed: headroom.total + max(0, min(left, room)))
        if room >= left { return nil }
        most = min(most, room + Int(profile.spentOnIt))
        countOver += profile.count
        keepOptions(profile, months, dailyLimit, left: left)
        keepRelief(profile, left: left, after: first, capacity: capacity)
        return over(profile, left: left, after: first, capacity: capacity)
    }

    /// The months' load when everything is done as early as it can be.
    private mutating func load(
        _ profile: BearerProfiles.Profile, _ months: [CapacityMonth], _ dailyLimit: Int?, placed: Int
    ) {
        var placed = placed
        for offset in 0..<Planner.monthLimit {
            let full = months.minutes(in: offset, spent: Int(profile.spent), dailyLimit)
            let minutes = min(full, placed)
            placed -= minutes
            planned[offset] += minutes * profile.count
            ceiling[offset] += full * profile.count
        }
    }

    /// What is pushed out, by month: the mandate takes from each later deadline what its slack cannot give.
    private mutating func over(
        _ profile: BearerProfiles.Profile, left: Int, after first: Int, capacity: Int
    ) -> Over {
        var parts: [MandatePreview.MonthMinutes] = []
        var extra = min(left, capacity - (first == 0 ? 0 : headroom.placed[first - 1]))
        var minutes = left - extra
        var offset = due.offset
        for place in first...headroom.dues.count {
            let next = place < headroom.dues.count ? headroom.dues[place].offset : Planner.monthLimit
            if next > offset {
                if minutes > 0 { parts.append(count(minutes, in: offset, profile)) }
                (offset, minutes) = (next, 0)
            }
            if place == headroom.dues.count { break }
            let kept = min(extra, headroom.slack(place))
            minutes += extra - kept
            extra = kept
        }
        return Over(minutes: left - extra, months: parts)
    }

    private mutating func count(
        _ minutes: Int, in offset: Int, _ profile: BearerProfiles.Profile
    ) -> MandatePreview.MonthMinutes {
        peopleOver[offset] += profile.count
        minutesOver[offset] += minutes * profile.count
        return MandatePreview.MonthMinutes(month: month + offset, minutes: minutes)
    }

    /// The most that fits by the end of each month, from the last back to the first that holds all of it.
    private mutating func keepOptions(
        _ profile: BearerProfiles.Profile, _ months: [CapacityMonth], _ dailyLimit: Int?, left: Int
    ) {
        var place = headroom.dues.count
        var slack = Int.max
        for offset in (due.offset..<Planner.monthLimit).reversed() {
            let end = Due(offset: offset, day: 31)
            while place > 0, end < headroom.dues[place - 1] {
                place -= 1
                slack = min(slack, headroom.slack(place))
            }
            let capacity = months.minutes(upTo: end, spent: Int(profile.spent), dailyLimit)
            let room = min(slack, capacity - (place == 0 ? 0 : headroom.placed[place - 1]))
            mostByMonth[offset] = min(mostByMonth[offset], room + Int(profile.spentOnIt))
        }
    }

    private mutating func keepRelief(
        _ profile: BearerProfiles.Profile, left: Int, after first: Int, capacity: Int
    ) {
        for (place, ask) in profiles.rows[profile.asks].enumerated() where ask.minutes > 0 {
            if headroom.fits(left, after: first, capacity: capacity, without: place) {
                relief[ranked[Int(ask.mandate)].mandate] += profile.count
            }
        }
    }
}

extension MandateSurvey {
    /// The most minutes over first, then in the order of the audience: a stable counting sort.
    var over: [MandatePreview.Over] {
        var places = [Int](repeating: 0, count: minutes + 2)
        for profile in profiles.of {
            if let over = shortfalls[Int(profile)] { places[minutes - over.minutes + 1] += 1 }
        }
        for place in 1..<places.count { places[place] += places[place - 1] }
        var order = [Int32](repeating: 0, count: countOver)
        for (person, profile) in profiles.of.enumerated() {
            guard let over = shortfalls[Int(profile)] else { continue }
            order[places[minutes - over.minutes]] = Int32(person)
            places[minutes - over.minutes] += 1
        }
        return order.compactMap { person in
            shortfalls[Int(profiles.of[Int(person)])].map {
                MandatePreview.Over(
                    person: bearers.people[Int(person)].id, minutes: $0.minutes, months: $0.months)
            }
        }
    }

    var withoutDay: [ID<Person>] {
        profiles.of.indices.filter { dayless[Int(profiles.of[$0])] }.map { bearers.people[$0].id }
    }

    var months: [MandatePreview.MonthLoad] {
        (0...last).map { offset in
            MandatePreview.MonthLoad(
                month: month + offset, peopleOver: peopleOver[offset], minutesOver: minutesOver[offset],
                minutesPlanned: planned[offset], minutesCeiling: ceiling[offset])
        }
    }

    var alternatives: MandatePreview.Alternatives {
        if countOver == 0 { return MandatePreview.Alternatives(deadline: nil, minutes: nil, retiring: []) }
        let enough = mostByMonth.indices.first { $0 >= due.offset && mostByMonth[$0] >= minutes }
        let helpful = relief.indices.filter { relief[$0] > 0 }.sorted { one, other in
            (relief[other], names[one].description) < (relief[one], names[other].description)
        }
        return MandatePreview.Alternatives(
            deadline: enough.map { (month + $0).lastDay }, minutes: most > 0 ? most : nil,
            retiring: helpful.filter { relief[$0] == countOver }.map { names[$0] },
            options: options(before: enough ?? Planner.monthLimit),
            relief: helpful.prefix(MandatePreview.Alternatives.reliefLimit).map {
                MandatePreview.Relief(mandate: names[$0], people: relief[$0])
            })
    }

    private func options(before end: Int) -> [MandatePreview.Option] {
        var options: [MandatePreview.Option] = []
        var least = max(0, most)
        for offset in due.offset..<max(due.offset, end) where mostByMonth[offset] > least {
            least = mostByMonth[offset]
            options.append(MandatePreview.Option(deadline: (month + offset).lastDay, minutes: least))
        }
        return Array(options.prefix(MandatePreview.Alternatives.optionLimit))
    }
}
