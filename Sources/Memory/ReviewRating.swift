/// How well the learner remembered, in the learner's own judgement.
public enum ReviewRating: Int, CaseIterable, Sendable {
    /// Not remembered.
    case again = 1
    /// Remembered with serious difficulty.
    case hard
    /// Remembered after a hesitation.
    case good
    /// Remembered at once.
    case easy
}
