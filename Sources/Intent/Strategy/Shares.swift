/// Weights as whole percents that sum to 100: the largest remainder method, ties to the earlier place.
///
/// - Source: M. L. Balinski and H. P. Young, Fair Representation, 2nd ed., 2001, section 3 (Hamilton's method).
enum Shares {
    /// - Parameter weights: Not negative, of a sum that a 64-bit integer holds a hundred times over.
    /// - Returns: Zeros when all weights are zero.
    static func percents(_ weights: [Int]) -> [Int] {
        let total = weights.reduce(0, +)
        if total == 0 { return weights.map { _ in 0 } }
        var shares = weights.map { $0 * 100 / total }
        let left = 100 - shares.reduce(0, +)
        let byRemainder = weights.indices.sorted { one, other in
            let (first, second) = (weights[one] * 100 % total, weights[other] * 100 % total)
            return first == second ? one < other : first > second
        }
        for index in byRemainder.prefix(left) { shares[index] += 1 }
        return shares
    }
}
