/// Quantiles of a sample.
public enum Quantile {
    /// Linear interpolation between order statistics.
    ///
    /// - Shape: values rising, at least one.
    /// - Source: Hyndman and Fan, The American Statistician 50 (1996), 361–365, type 7 (numpy's default).
    public static func interpolated(_ sorted: [Double], at share: Double) -> Double {
        precondition(!sorted.isEmpty, "a quantile needs a value")
        let place = min(1, max(0, share)) * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
}
