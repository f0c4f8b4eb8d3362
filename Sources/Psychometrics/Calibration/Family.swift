/// What is fitted to items scored 0 or 1. Items with more scores are graded, with one discrimination.
public enum ItemFamily: Hashable, Sendable {
    /// One discrimination for all items, estimated.
    case onePL
    /// A discrimination for each.
    case twoPL
    /// And a lower asymptote for each, with a prior: few answers tell it.
    case threePL
}

/// How items are calibrated.
public struct CalibrationOptions: Hashable, Sendable {
    /// A normal density of the logarithm or the logit of a parameter.
    public struct Prior: Hashable, Sendable {
        public let mean: Double
        public let sd: Double

        /// - Returns: nil unless both are finite and the standard deviation is above 0.
        public init?(mean: Double, sd: Double) {
            guard mean.isFinite, sd > 0, sd.isFinite else { return nil }
            self.mean = mean
            self.sd = sd
        }
    }

    public var family: ItemFamily
    /// Of log a, as a lognormal density of a. Nil for maximum likelihood; give one where an item has under about 200
    /// answers.
    public var discriminationPrior: Prior?
    /// Of the logit of c; used by `threePL` only. Default: centred on 0.2, 95 % between 0.09 and 0.40.
    public var asymptotePrior: Prior
    /// Points of the fixed quadrature from −6 to 6, at least 15.
    public var points = 61
    /// Steps of the EM algorithm at most.
    public var stepLimit = 500
    /// Converged when no slope, intercept or logit of an asymptote moves by more in a step.
    public var tolerance = 1e-4

    public init(
        _ family: ItemFamily = .twoPL, discriminationPrior: Prior? = nil, asymptotePrior: Prior? = nil
    ) {
        self.family = family
        self.discriminationPrior = discriminationPrior
        self.asymptotePrior = asymptotePrior ?? .oneInFive
    }
}

extension CalibrationOptions.Prior {
    private init(logit mean: Double, _ sd: Double) {
        self.mean = mean
        self.sd = sd
    }

    static let oneInFive = CalibrationOptions.Prior(logit: -1.386_294_361_119_890_6, 0.5)
}
