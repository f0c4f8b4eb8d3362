/// Keeps each item from being given in more than a share of all tests, by how often it was given so far.
///
/// Before each test the items above the cap are closed for it. Against `ExposureControl` it holds whoever comes, needs
/// no simulation, and measured a little better; in return each test must keep which items were closed for it, and
/// items' counts must be kept.
///
/// - Source: the restricted part of the progressive-restricted method, J. Revuelta and V. Ponsoda, Journal of
///   Educational Measurement 35 (1998), 311–327.
public struct ExposureCap: Hashable, Sendable {
    /// The share of tests, from 0.01 to 1.
    public let share: Double

    /// - Returns: nil when the share is out of its range.
    public init?(_ share: Double) {
        guard 0.01...1 ~= share else { return nil }
        self.share = share
    }

    /// 1 for items that are open, 0 for those that are closed, for `AdaptiveRules.admission` of the next test.
    ///
    /// From how often each item was given in so many tests before it.
    public func admission(counts: [Int], tests: Int) -> [Double] {
        counts.map { Double($0) <= share * Double(tests) ? 1 : 0 }
    }
}
