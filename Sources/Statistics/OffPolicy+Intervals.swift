public import Basis
import Foundation

extension OffPolicy {
    /// The mean reward with its interval: linearised over learners, Student's t with one less than the effective
    /// number of learners.
    ///
    /// - Returns: nil where the learners leave no error to tell.
    /// - Throws: `prediction` when the estimator needs one of each choice and some have none.
    /// - Source: W. G. Cochran, Sampling Techniques (3rd ed. 1977), section 6.4.
    public func interval(by estimator: Estimator, level: Double = 0.95) throws(OffPolicyRefusal) -> Interval? {
        try ratio(estimator)?.interval(
            level: level, freedom: effectiveLearners - 1,
            method: "\(estimator.rawValue), linearised over learners, Student's t")
    }

    /// The mean reward with its interval by drawing learners again: studentised, so that it may be longer on one side.
    ///
    /// - Range: at least 200 draws.
    /// - Returns: nil where the learners leave no error to tell.
    /// - Throws: `prediction` when the estimator needs one of each choice and some have none.
    /// - Source: B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), section 12.5.
    public func bootstrap(
        by estimator: Estimator, level: Double = 0.95, replicates: Int = 1_000, dice: inout Dice
    ) throws(OffPolicyRefusal) -> Interval? {
        try ratio(estimator)?.studentised(
            replicates: max(200, replicates), level: level,
            method: "\(estimator.rawValue), studentised bootstrap over learners", dice: &dice)
    }

    /// An interval that holds for every distribution, for decisions that must not be wrong. It is wide.
    ///
    /// How many choices each learner made counts as given. With a clipping limit it is one for what the clipped weights
    /// estimate.
    ///
    /// - Range: `rewards` and `largestWeight` are what can be, not what was seen: for a policy that chooses each of K
    ///   with at least ε ÷ K, weights reach K ÷ ε. Predictions must lie within the rewards.
    /// - Throws: `outOfBounds` when the log has seen more than that; `unbounded` for SNIPS and DM; `prediction` when
    ///   the estimator needs one of each choice and some have none.
    /// - Source: A. Maurer and M. Pontil, "Empirical Bernstein Bounds and Sample Variance Penalization", COLT 2009,
    ///   theorem 4, once for each side.
    public func guaranteed(
        by estimator: Estimator, rewards: ClosedRange<Double>, largestWeight: Double, level: Double = 0.95
    ) throws(OffPolicyRefusal) -> Interval? {
        let largest = min(largestWeight, clip ?? .infinity)
        guard largest.isFinite, min(self.largestWeight, clip ?? .infinity) <= largest,
            rewards.lowerBound <= self.rewards.lowerBound, rewards.upperBound >= self.rewards.upperBound
        else { throw .outOfBounds }
        let width: Double
        switch estimator {
        case .ips: width = largest * (max(0, rewards.upperBound) - min(0, rewards.lowerBound))
        case .doublyRobust: width = (1 + 2 * largest) * (rewards.upperBound - rewards.lowerBound)
        case .snips, .directMethod: throw .unbounded
        }
        let (tops, bottoms) = try parts(estimator)
        let count = Double(learners)
        let whole = Double(choices)
        guard learners > 1, level < 1 else { return nil }
        let values = tops.map { $0 * count / whole }
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        let range = width * (bottoms.max() ?? 0) * count / whole
        let surprise = log(4 / (1 - level))
        let half = (2 * variance * surprise / count).squareRoot() + 7 * range * surprise / (3 * (count - 1))
        guard half.isFinite else { return nil }
        return Interval(
            estimate: mean, low: mean - half, high: mean + half, level: level,
            method: "\(estimator.rawValue), empirical Bernstein over learners")
    }

    private func ratio(_ estimator: Estimator) throws(OffPolicyRefusal) -> RatioOfSums? {
        let (tops, bottoms) = try parts(estimator)
        return RatioOfSums(zip(tops, bottoms).map { ($0, $1) })
    }
}
