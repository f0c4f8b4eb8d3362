import Basis

/// The days being filled.
struct ReviewBoard {
    private let calendar: ReviewCalendar
    private let reviews: [DueReview]
    /// Reviews by day, as places in `reviews`.
    private var taken: [Day: [Int]] = [:]
    private var days: [Day?]
    /// Full days whose reviews can go nowhere but to other such days. They stay so: what is on them stays there.
    private var stuck: Set<Day> = []

    init(calendar: ReviewCalendar, reviews: [DueReview]) {
        self.calendar = calendar
        self.reviews = reviews
        days = Array(repeating: nil, count: reviews.count)
    }

    var placements: [ReviewCalendar.Placement] {
        zip(reviews, days).map { review, day in
            let day = day ?? review.best
            return review.days.contains(day) ? .onTime(day) : .postponed(day)
        }
    }

    /// Whether there was room, after moving others if need be.
    mutating func takeOnTime(_ place: Int) -> Bool {
        if let day = leastFull(of: reviews[place]) {
            put(place, on: day)
            return true
        }
        return moveOthers(for: place)
    }

    mutating func postpone(_ place: Int) {
        var day = reviews[place].days.upperBound + 1
        while !hasRoom(day) { day = day + 1 }
        put(place, on: day)
    }

    private func load(_ day: Day) -> Int { (taken[day]?.count ?? 0) + max(0, calendar.planned[day] ?? 0) }

    private func hasRoom(_ day: Day) -> Bool { load(day) < calendar.room(on: day) }

    private func leastFull(of review: DueReview) -> Day? {
        var found: (day: Day, load: Double, distance: Int)?
        for day in every(review.days) where hasRoom(day) {
            let load = Double(load(day) + 1) / calendar.shares[day.weekday - 1]
            let distance = abs(day - review.best)
            if let best = found, (best.load, best.distance) <= (load, distance) { continue }
            found = (day, load, distance)
        }
        return found?.day
    }

    /// Searches breadth first from the review's full days for a day with room that a chain of moves leads to.
    private mutating func moveOthers(for place: Int) -> Bool {
        var reachedBy: [Day: Int] = [:]
        var queue: [Day] = []
        func reach(_ review: Int) -> Day? {
            for day in every(reviews[review].days) where reachedBy[day] == nil && !stuck.contains(day) {
                guard calendar.room(on: day) > 0 else { continue }
                reachedBy[day] = review
                if hasRoom(day) { return day }
                queue.append(day)
            }
            return nil
        }
        if let end = reach(place) { return shift(to: end, reachedBy, from: place) }
        var next = 0
        while next < queue.count {
            for review in taken[queue[next]] ?? [] {
                if let end = reach(review) { return shift(to: end, reachedBy, from: place) }
            }
            next += 1
        }
        stuck.formUnion(queue)
        return false
    }

    /// Moves each review of the chain on by one, from the end with room backwards.
    private mutating func shift(to end: Day, _ reachedBy: [Day: Int], from place: Int) -> Bool {
        var day = end
        while let review = reachedBy[day] {
            let before = days[review]
            put(review, on: day)
            guard review != place, let before else { break }
            day = before
        }
        return true
    }

    private mutating func put(_ place: Int, on day: Day) {
        if let before = days[place] { taken[before]?.removeAll { $0 == place } }
        days[place] = day
        taken[day, default: []].append(place)
    }

    private func every(_ days: ClosedRange<Day>) -> some Sequence<Day> {
        (days.lowerBound.number...days.upperBound.number).lazy.map { Day(number: $0) }
    }
}
