import Basis
import Foundation
import Statistics
import Testing

/// How often each interval holds the truth, over simulated samples whose truth is known in closed form.
///
/// A release build simulates 2,000 samples a cell and wants 93 to 97 % in each. A debug build, which is some thirty
/// times slower, simulates 100, and widens both bounds by 3.5 standard errors of a share of that size in as many
/// samples. Cells that no method tried brings there say what they reach instead. With COVERAGE_TABLE set, each cell is
/// printed: the table in docs/statistics.md.
enum Coverage {
    #if DEBUG
        static let samples = 100
    #else
        static let samples = 2_000
    #endif

    /// Draws samples and asks how often the interval held; samples for which there is none do not count.
    static func cover(
        _ name: String, _ wanted: ClosedRange<Double> = 0.93...0.97, location: SourceLocation = #_sourceLocation,
        holds: (inout Dice) throws -> Bool?
    ) rethrows {
        var dice = Dice(seed: 2_026)
        var (held, count) = (0, 0)
        for _ in 0..<samples {
            guard let isIn = try holds(&dice) else { continue }
            count += 1
            if isIn { held += 1 }
        }
        expect(name, held, of: count, wanted, location: location)
    }

    static func expect(
        _ name: String, _ held: Int, of count: Int, _ wanted: ClosedRange<Double>,
        location: SourceLocation = #_sourceLocation
    ) {
        let share = Double(held) / Double(max(1, count))
        func slack(_ bound: Double) -> Double {
            samples < 2_000 ? 3.5 * (bound * (1 - bound) / Double(max(1, min(count, samples)))).squareRoot() : 0
        }
        let (low, high) = (wanted.lowerBound, wanted.upperBound)
        #expect(
            low - slack(low) <= share && share <= high + slack(high), "\(name): \(share) of \(count)",
            sourceLocation: location)
        if ProcessInfo.processInfo.environment["COVERAGE_TABLE"] != nil {
            print("| \(name) | \(String(format: "%.1f", 100 * share)) | \(count) |")
        }
    }
}

/// Whether an interval holds the truth; nil without one.
func holds(_ interval: Interval?, _ truth: Double) -> Bool? {
    interval.map { $0.low <= truth + 1e-12 && truth <= $0.high + 1e-12 }
}
