/// The 21 numbers of FSRS-6, each within the range its authors allow.
///
/// - Shape: 0 to 3 are the stabilities after a first review, in days, by rating; 4 to 7 govern difficulty; 8 to 10 the
///   growth of stability after a recall, 15 and 16 its factors for hard and easy; 11 to 14 what is left after a lapse;
///   17 to 19 reviews on the same day; 20 the steepness of forgetting.
/// - Source: open-spaced-repetition, "The Algorithm", FSRS-6; ranges as in py-fsrs 6.3.2.
public struct MemoryParameters: Hashable, Sendable {
    public let values: [Double]

    /// The defaults that the algorithm's authors fitted over the reviews of many users of Anki.
    public static let standard = MemoryParameters(known: [
        0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629,
        1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
    ])

    /// What each may be.
    public static let ranges: [ClosedRange<Double>] = [
        0.001...100, 0.001...100, 0.001...100, 0.001...100, 1...10, 0.001...4, 0.001...4, 0.001...0.75, 0...4.5,
        0...0.8, 0.001...3.5, 0.001...5, 0.001...0.25, 0.001...0.9, 0...4, 0...1, 1...6, 0...2, 0...2, 0...0.8,
        0.1...0.8,
    ]

    /// - Throws: when there are not 21, or one is out of its range or no number.
    public init(_ values: [Double]) throws(MemoryError) {
        guard values.count == MemoryParameters.ranges.count else { throw .wrongCount(values.count) }
        for (place, allowed) in MemoryParameters.ranges.enumerated() where !allowed.contains(values[place]) {
            throw .parameterOutOfRange(place: place, allowed: allowed)
        }
        self.values = values
    }

    private init(known values: [Double]) { self.values = values }
}
