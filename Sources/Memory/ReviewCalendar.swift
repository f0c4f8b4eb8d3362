public import Basis

/// A review and the days on which it does nearly as well as on its best one.
public struct DueReview: Hashable, Sendable {
    /// Within `days`.
    public let best: Day
    public let days: ClosedRange<Day>

    /// A best day outside of the range counts as its nearer end. An overdue review has today as its only day.
    public init(best: Day, days: ClosedRange<Day>) {
        self.best = min(max(best, days.lowerBound), days.upperBound)
        self.days = days
    }
}

/// Spreads due reviews over days, so that none is much fuller than others, with easy days and a daily cap.
public struct ReviewCalendar: Sendable {
    /// The most reviews on a full day; nil for no cap.
    public let dailyCap: Int?
    /// From Monday to Sunday, the load wanted on that day, by that of a full day.
    ///
    /// - Range: 0 (no reviews at all) to 1.
    public let shares: [Double]
    /// What is on each day already and stays there.
    public let planned: [Day: Int]

    /// Where a review went.
    public enum Placement: Hashable, Sendable {
        /// On one of its days.
        case onTime(Day)
        /// The cap or the days off left no room on any of its days, however the others are moved: the first day after
        /// them with room.
        case postponed(Day)

        public var day: Day {
            switch self {
            case .onTime(let day), .postponed(let day): day
            }
        }
    }

    /// - Throws: when the cap is below 1, there are not seven shares, one is out of range, or all are 0.
    public init(
        dailyCap: Int? = nil, shares: [Double] = Array(repeating: 1, count: 7), planned: [Day: Int] = [:]
    ) throws(MemoryError) {
        guard (dailyCap ?? 1) >= 1 else { throw .capOutOfRange }
        guard shares.count == 7, shares.allSatisfy({ (0...1).contains($0) }), shares.contains(where: { $0 > 0 }) else {
            throw .sharesOutOfRange
        }
        self.dailyCap = dailyCap
        self.shares = shares
        self.planned = planned
    }

    /// A day for each review, in the order given.
    ///
    /// None comes before the first of its days. As few as possible are postponed: before one is, others are moved
    /// within their own days to make room. Of the days with room each review takes the one least full for its share,
    /// of equals the one nearest to its best day. The same reviews always get the same days.
    ///
    /// - Cost: for n reviews with up to d days each, about n·d, and at worst n·d again for each that others must make
    ///   room for.
    /// - Source: augmenting paths, H. W. Kuhn, Naval Research Logistics Quarterly 2 (1955), 83–97.
    public func place(_ reviews: [DueReview]) -> [Placement] {
        var board = ReviewBoard(calendar: self, reviews: reviews)
        let order = reviews.indices.sorted { one, other in
            let (first, second) = (reviews[one].days, reviews[other].days)
            let (wide, wider) = (first.upperBound - first.lowerBound, second.upperBound - second.lowerBound)
            return (wide, first.lowerBound, one) < (wider, second.lowerBound, other)
        }
        let late = order.filter { !board.takeOnTime($0) }
        for place in late.sorted(by: { (reviews[$0].days.upperBound, $0) < (reviews[$1].days.upperBound, $1) }) {
            board.postpone(place)
        }
        return board.placements
    }

    /// How many reviews the day can take in all.
    ///
    /// - Returns: 0 on a day off; `Int.max` without a cap.
    public func room(on day: Day) -> Int {
        let share = shares[day.weekday - 1]
        guard share > 0 else { return 0 }
        return dailyCap.map { max(1, Int((Double($0) * share).rounded())) } ?? .max
    }
}
