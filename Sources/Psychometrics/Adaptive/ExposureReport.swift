/// How evenly a pool is used.
public struct ExposureReport: Hashable, Sendable {
    public let tests: Int
    /// The share of tests in which each item was given, by its place in the pool.
    public let rates: [Double]

    /// From the number of tests in which each item was given.
    public init(counts: [Int], tests: Int) {
        self.tests = tests
        rates = counts.map { tests > 0 ? Double($0) / Double(tests) : 0 }
    }

    /// The rate of the item seen most often; 0 of an empty pool.
    public var top: Double { rates.max() ?? 0 }
    /// The share of the pool that nobody saw.
    public var unused: Double {
        rates.isEmpty ? 0 : Double(rates.count { $0 == 0 }) / Double(rates.count)
    }

    /// The share of a test that two people share on average: N·S² ÷ L + L ÷ N, with N items, L a test, and S² the
    /// variance of the rates.
    ///
    /// - Source: S.-Y. Chen, R. D. Ankenmann and J. A. Spray, Journal of Educational Measurement 40 (2003), 129–145.
    public var overlap: Double {
        let length = rates.reduce(0, +)
        guard length > 0 else { return 0 }
        let size = Double(rates.count)
        let mean = length / size
        let variance = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / size
        return size * variance / length + length / size
    }
}
