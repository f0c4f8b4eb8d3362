import Foundation

/// How clear it is who answers for AI: what the register says times what people know.
///
/// Structure is counted in full, so that all uncertainty comes from knowledge, and stated clarity.
public struct Clarity: Hashable, Sendable {
    /// Structure · knowledge.
    public let index: Interval
    /// The square root of structure · knowledge.
    public let geometricMean: Interval

    /// From the share C1 of uses with exactly one owner, a census, and the share ā of right answers to who decides. Nil
    /// when either is out of range.
    ///
    /// - Range: both 0 to 1.
    public init?(structure: Double, knowledge: Interval) {
        guard 0 <= structure, structure <= 1, 0 <= knowledge.low, knowledge.high <= 1,
            knowledge.low <= knowledge.estimate, knowledge.estimate <= knowledge.high
        else { return nil }
        index = knowledge.scaled(method: "\(knowledge.method), times a census") { structure * $0 }
        geometricMean = index.scaled(method: "\(index.method), square root") { $0.squareRoot() }
    }

    /// How much clearer people say it is (the share who call it very clear, from the pulse) than it is: stated minus
    /// measured, −1 to 1.
    ///
    /// The two come from different answers and are taken for independent; when the same people gave both and those who
    /// know more also say more, the interval is too wide.
    public func calibrationGap(stated: Interval) -> Interval {
        stated.minus(index, within: -1...1, method: "difference of independent intervals (MOVER)")
    }
}
