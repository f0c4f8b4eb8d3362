import Basis
import Foundation
import Memory
import Testing

/// Our numbers beside those of py-fsrs 6.3.2, written by Tests/Oracle/memory.py, which also tells the form of a line.
///
/// With LEEWAY_MEMORY_SEQUENCES a longer file is compared as well: docs/memory.md says how to make it.
@Suite struct ParityTests {
    private static let golden = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Golden/py-fsrs-6.3.2.txt")
    private static let long = ProcessInfo.processInfo.environment["LEEWAY_MEMORY_SEQUENCES"]

    @Test func `three hundred sequences agree with py-fsrs`() throws {
        let seen = try compare(try String(contentsOf: Self.golden, encoding: .utf8))
        #expect(seen.sequences == 300 && seen.reviews > 1_500 && seen.ranges > 50)
    }

    @Test(.enabled(if: long != nil)) func `as many sequences as wanted agree with py-fsrs`() throws {
        let path = try #require(Self.long)
        let seen = try compare(try String(contentsOfFile: path, encoding: .utf8))
        print(
            "\(seen.sequences) sequences, \(seen.reviews) reviews; largest relative difference",
            "\(seen.worst), \(seen.otherIntervals) intervals differ")
        #expect(seen.otherIntervals == 0)
    }

    private struct Seen {
        var sequences = 0
        var reviews = 0
        var ranges = 0
        var worst = 0.0
        var otherIntervals = 0
    }

    private func compare(_ text: String) throws -> Seen {
        var seen = Seen()
        var model = MemoryModel.standard
        var scheduler = try ReviewScheduler()
        var state: MemoryState?
        var now = Moment(microseconds: 0)
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " ")).map { Substring($0) }
            let numbers = words.dropFirst().compactMap { Double($0) }
            try #require(numbers.count == words.count - 1, "\(Substring(line))")
            switch words[0] {
            case "P": model = MemoryModel(try MemoryParameters(numbers))
            case "S":
                scheduler = try ReviewScheduler(
                    model: model, desiredRetention: numbers[0], maximumInterval: Int(numbers[1]))
                (state, now) = (nil, Moment(microseconds: 1_700_000_000_000_000))
                seen.sequences += 1
            case "R":
                now = now + .seconds(Int64(numbers[1]))
                let before = state.map { model.retrievability($0, at: now) } ?? 0
                let after = model.review(state, try #require(ReviewRating(rawValue: Int(numbers[0]))), at: now)
                let pairs = [(before, numbers[2]), (after.stability, numbers[3]), (after.difficulty, numbers[4])]
                for (own, wanted) in pairs {
                    let difference = abs(own - wanted) / max(1e-3, abs(wanted))
                    seen.worst = max(seen.worst, difference)
                    if !(difference < 1e-9) { Issue.record("\(Substring(line)): \(own)") }
                }
                let interval = scheduler.interval(after: after)
                if Double(interval) != numbers[5] {
                    seen.otherIntervals += 1
                    Issue.record("\(Substring(line)): \(interval) days")
                }
                state = after
                seen.reviews += 1
            case "F":
                let own = try ReviewScheduler(maximumInterval: Int(numbers[1])).range(around: Int(numbers[0]))
                #expect(own == Int(numbers[2])...Int(numbers[3]), "\(Substring(line))")
                seen.ranges += 1
            default: Issue.record("unknown: \(Substring(line))")
            }
        }
        return seen
    }
}
