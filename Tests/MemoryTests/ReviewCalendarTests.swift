import Basis
import Memory
import Testing

@Suite struct ReviewCalendarTests {
    /// A Monday.
    private let monday = Day(number: 20_780)

    private func reviews(_ dice: inout Dice, _ count: Int, spread: Int) -> [DueReview] {
        (0..<count).map { _ in
            let first = monday + Int.random(in: 0...spread, using: &dice)
            let last = first + Int.random(in: 0...6, using: &dice)
            return DueReview(best: first + Int.random(in: 0...(last - first), using: &dice), days: first...last)
        }
    }

    private func calendar(_ dice: inout Dice) throws -> ReviewCalendar {
        let cap = Bool.random(using: &dice) ? nil : Int.random(in: 1...6, using: &dice)
        var shares = (0..<7).map { _ in ([0, 0.3, 0.5, 1, 1, 1] as [Double]).randomElement(using: &dice) ?? 1 }
        shares[2] = 1
        let planned = (0..<20).map { (monday + $0, Int.random(in: 0...4, using: &dice)) }
        return try ReviewCalendar(dailyCap: cap, shares: shares, planned: Dictionary(uniqueKeysWithValues: planned))
    }

    /// The most reviews that can be on time: by days, each day taking those that end first.
    private func mostOnTime(_ reviews: [DueReview], _ calendar: ReviewCalendar) -> Int {
        var waiting = reviews.map(\.days)
        var count = 0
        for day in (0...60).map({ monday + $0 }) {
            var room = max(0, calendar.room(on: day) - (calendar.planned[day] ?? 0))
            while room > 0 {
                let ready = waiting.indices.filter { waiting[$0].contains(day) }
                guard let next = ready.min(by: { waiting[$0].upperBound < waiting[$1].upperBound }) else { break }
                waiting.remove(at: next)
                (count, room) = (count + 1, room - 1)
            }
        }
        return count
    }

    @Test func `nothing is lost, early, over the cap or late without need`() throws {
        var dice = Dice(seed: 63)
        var postponed = 0
        for round in 0..<600 {
            let reviews = reviews(&dice, Int.random(in: 0...60, using: &dice), spread: 2 + round % 20)
            let calendar = try calendar(&dice)
            let placements = calendar.place(reviews)
            #expect(placements.count == reviews.count)
            var load = calendar.planned
            for (review, placement) in zip(reviews, placements) {
                load[placement.day, default: 0] += 1
                switch placement {
                case .onTime(let day): #expect(review.days.contains(day))
                case .postponed(let day):
                    #expect(day > review.days.upperBound)
                    postponed += 1
                }
            }
            for (day, count) in load where count > calendar.planned[day] ?? 0 {
                #expect(count <= calendar.room(on: day), "\(day)")
            }
            let onTime = zip(reviews, placements).count { $0.days.contains($1.day) }
            #expect(onTime == mostOnTime(reviews, calendar), "round \(round)")
            #expect(placements == calendar.place(reviews))
        }
        #expect(postponed > 100)
    }

    @Test func `a postponed review takes the first day with room`() throws {
        let calendar = try ReviewCalendar(dailyCap: 2, shares: [1, 1, 1, 1, 1, 0, 0])
        let friday = monday + 4
        let five = Array(repeating: DueReview(best: friday, days: friday...friday), count: 5)
        #expect(calendar.place(five).map(\.day) == [friday, friday, monday + 7, monday + 7, monday + 8])
        #expect(calendar.place(five)[2] == .postponed(monday + 7))
    }

    @Test func `one review is moved to make room for another`() throws {
        let calendar = try ReviewCalendar(dailyCap: 1)
        let reviews = [
            DueReview(best: monday, days: monday...monday + 1), DueReview(best: monday, days: monday...monday + 1),
            DueReview(best: monday + 1, days: monday + 1...monday + 3),
        ]
        #expect(Set(calendar.place(reviews).map(\.day)) == [monday, monday + 1, monday + 2])
    }

    @Test func `without a cap the fullest day is little fuller than the mean, and easy days are easier`() throws {
        let spread = Array(repeating: DueReview(best: monday + 3, days: monday...monday + 6), count: 140)
        let even = try ReviewCalendar().place(spread)
        #expect((0..<7).allSatisfy { day in even.count { $0.day == monday + day } == 20 })
        let easy = try ReviewCalendar(shares: [1, 1, 1, 1, 1, 0.5, 0]).place(spread)
        let loads = (0..<7).map { day in easy.count { $0.day == monday + day } }
        #expect(loads[6] == 0 && (12...13).contains(loads[5]) && loads[0..<5].allSatisfy { (25...26).contains($0) })
    }

    @Test func `a single review gets its best day`() throws {
        let review = DueReview(best: monday + 3, days: monday...monday + 6)
        #expect(try ReviewCalendar().place([review]) == [.onTime(monday + 3)])
        #expect(try ReviewCalendar().place([]).isEmpty)
        #expect(DueReview(best: monday + 9, days: monday...monday + 6).best == monday + 6)
    }

    /// What piles up during an absence: all overdue on the same day, spread by the cap over the days after it.
    @Test func `three thousand overdue reviews are spread by the cap`() throws {
        let overdue = Array(repeating: DueReview(best: monday, days: monday...monday), count: 3_000)
        let placements = try ReviewCalendar(dailyCap: 100).place(overdue)
        #expect((0..<30).allSatisfy { day in placements.count { $0.day == monday + day } == 100 })
    }

    @Test func `a schedule made from states stays within what forgetting allows`() throws {
        var dice = Dice(seed: 64)
        let scheduler = try ReviewScheduler(desiredRetention: 0.9)
        let states = (0..<500).compactMap { _ in
            MemoryState(
                stability: Double.random(in: 1...90, using: &dice), difficulty: 5,
                reviewedAt: monday.start + .hours(Int.random(in: 0...23, using: &dice)))
        }
        let due = states.map { scheduler.due(after: $0) }
        for (review, placement) in zip(due, try ReviewCalendar().place(due)) {
            #expect(review.days.contains(placement.day) && placement.day > monday)
        }
    }
}
