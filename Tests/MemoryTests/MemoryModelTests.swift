import Basis
import Foundation
import Memory
import Testing

@Suite struct MemoryModelTests {
    private let start = Moment(microseconds: 1_700_000_000_000_000)

    /// Parameters anywhere in their ranges, the ends often.
    private func parameters(_ dice: inout Dice) throws -> MemoryParameters {
        try MemoryParameters(
            MemoryParameters.ranges.map { range in
                switch Int.random(in: 0..<4, using: &dice) {
                case 0: range.lowerBound
                case 1: range.upperBound
                default: Double.random(in: range, using: &dice)
                }
            })
    }

    @Test func `no parameters, ratings or times lead out of the bounds`() throws {
        var dice = Dice(seed: 61)
        for _ in 0..<400 {
            let model = MemoryModel(try parameters(&dice))
            let scheduler = try ReviewScheduler(
                model: model, desiredRetention: Double.random(in: 0.7...0.97, using: &dice),
                maximumInterval: Int.random(in: 1...36_500, using: &dice))
            var state: MemoryState?
            var now = start
            for _ in 0..<60 {
                let most: Int64 = [0, 10, 86_400, 8_640_000, 4_000_000_000].randomElement(using: &dice) ?? 0
                now = now + .seconds(Int64.random(in: -10...most, using: &dice))
                let rating = try #require(ReviewRating.allCases.randomElement(using: &dice))
                let after = model.review(state, rating, at: now)
                #expect(MemoryState.stabilities.contains(after.stability), "\(after)")
                #expect(MemoryState.difficulties.contains(after.difficulty), "\(after)")
                #expect(after.reviewedAt >= state?.reviewedAt ?? now)
                let chance = model.retrievability(after, at: now + .days(Int.random(in: 0...40_000, using: &dice)))
                #expect(chance > 0 && chance <= 1)
                #expect((1...scheduler.maximumInterval).contains(scheduler.interval(after: after)))
                state = after
            }
        }
    }

    @Test func `a better rating never leaves a memory weaker or harder`() throws {
        var dice = Dice(seed: 62)
        for round in 0..<2_000 {
            let model = round % 2 == 0 ? MemoryModel.standard : MemoryModel(try parameters(&dice))
            let state = try #require(
                MemoryState(
                    stability: exp(Double.random(in: -6...10, using: &dice)),
                    difficulty: Double.random(in: 1...10, using: &dice), reviewedAt: start))
            let now = start + .hours(Int.random(in: 0...5_000, using: &dice))
            let after = ReviewRating.allCases.map { model.review(state, $0, at: now) }
            for (worse, better) in zip(after.dropFirst(), after.dropFirst(2)) {
                #expect(worse.stability <= better.stability, "\(state)")
            }
            for (worse, better) in zip(after, after.dropFirst()) { #expect(worse.difficulty >= better.difficulty) }
            #expect(after.dropFirst().allSatisfy { $0.stability >= state.stability })
        }
    }

    @Test func `nine in ten remember after as many days as the stability says`() throws {
        let state = try #require(MemoryState(stability: 40, difficulty: 5, reviewedAt: start))
        #expect(abs(MemoryModel.standard.retrievability(state, at: start + .days(40)) - 0.9) < 1e-12)
        #expect(MemoryModel.standard.retrievability(state, at: start - .days(2)) == 1)
        #expect(try ReviewScheduler().interval(after: state) == 40)
    }

    @Test func `retrievability falls with time, and wanting more of it shortens the interval`() throws {
        let state = try #require(MemoryState(stability: 25, difficulty: 5, reviewedAt: start))
        let chances = (0...400).map { MemoryModel.standard.retrievability(state, at: start + .days($0)) }
        #expect(zip(chances, chances.dropFirst()).allSatisfy { $0 > $1 })
        let intervals = try stride(from: 0.70, through: 0.97, by: 0.01).map {
            try ReviewScheduler(desiredRetention: $0).interval(after: state)
        }
        #expect(zip(intervals, intervals.dropFirst()).allSatisfy { $0 > $1 })
    }

    @Test func `the interval meets the desired retention to half a day`() throws {
        for retention in [0.7, 0.83, 0.9, 0.97] {
            let scheduler = try ReviewScheduler(desiredRetention: retention)
            let state = try #require(MemoryState(stability: 200, difficulty: 5, reviewedAt: start))
            let days = scheduler.interval(after: state)
            let around = [days - 1, days + 1].map {
                MemoryModel.standard.retrievability(state, at: start + .days($0))
            }
            #expect(around[0] > retention && around[1] < retention)
        }
    }

    @Test func `a review on the same day neither waits for a day nor counts as one`() throws {
        let model = MemoryModel.standard
        let state = model.review(nil, .good, at: start)
        let soon = model.review(state, .good, at: start + .minutes(5))
        let later = model.review(state, .good, at: start + .hours(23))
        #expect(soon.stability == later.stability && soon.stability >= state.stability)
        #expect(model.review(state, .good, at: start + .hours(24)).stability > soon.stability)
        #expect(model.review(state, .again, at: start + .minutes(5)).stability < state.stability)
    }

    @Test func `every interval of the range is drawn, none else, and the same dice draw the same`() throws {
        let scheduler = try ReviewScheduler()
        for interval in [1, 2, 3, 8, 30, 200, 36_500] {
            var dice = Dice(seed: 9)
            let drawn = (0..<4_000).map { _ in scheduler.fuzzed(interval, dice: &dice) }
            let range = scheduler.range(around: interval)
            #expect(drawn.allSatisfy(range.contains))
            if range.count < 50 { #expect(Set(drawn).count == range.count) }
            var again = Dice(seed: 9)
            #expect(drawn == (0..<4_000).map { _ in scheduler.fuzzed(interval, dice: &again) })
        }
    }

    @Test func `what is out of range is refused by name`() {
        var values = MemoryParameters.standard.values
        #expect(throws: MemoryError.wrongCount(20)) { try MemoryParameters(Array(values.dropLast())) }
        values[20] = .nan
        #expect(throws: MemoryError.parameterOutOfRange(place: 20, allowed: 0.1...0.8)) {
            try MemoryParameters(values)
        }
        #expect(throws: MemoryError.retentionOutOfRange(0.7...0.97)) { try ReviewScheduler(desiredRetention: 0.98) }
        #expect(throws: MemoryError.retentionOutOfRange(0.7...0.97)) { try ReviewScheduler(desiredRetention: .nan) }
        #expect(throws: MemoryError.maximumIntervalOutOfRange(1...36_500)) { try ReviewScheduler(maximumInterval: 0) }
        #expect(throws: MemoryError.capOutOfRange) { try ReviewCalendar(dailyCap: 0) }
        #expect(throws: MemoryError.sharesOutOfRange) {
            try ReviewCalendar(shares: [0, 0, 0, 0, 0, 0, 0])
        }
        #expect(throws: MemoryError.sharesOutOfRange) { try ReviewCalendar(shares: [1, 1]) }
        #expect(MemoryState(stability: .nan, difficulty: 5, reviewedAt: start) == nil)
        #expect(MemoryState(stability: 1, difficulty: 0, reviewedAt: start) == nil)
    }
}
