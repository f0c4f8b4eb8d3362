import Foundation

/// An item while it is fitted, in slopes and intercepts: the logit of reaching a score k is a·θ + d_k.
struct ItemShape {
    /// a, then d_1 > … > d_m, then the logit of c where there is an asymptote.
    var parameters: [Double]
    let maximum: Int
    let hasAsymptote: Bool

    static let slopeLimits = 0.05...10.0
    static let interceptLimit = 60.0

    /// A first guess from how many scored 0, 1, …
    init(counts: [Double], hasAsymptote: Bool, asymptote: Double) {
        maximum = counts.count - 1
        self.hasAsymptote = hasAsymptote
        let all = counts.reduce(0, +)
        var reached = all
        parameters = [1]
        for count in counts.dropLast() {
            reached -= count
            let share = min(max(reached / all, 0.001), 0.999)
            parameters.append(1.2 * Logistic.logit(share))
        }
        if hasAsymptote { parameters.append(asymptote) }
    }

    var isSound: Bool {
        guard parameters.allSatisfy(\.isFinite) else { return false }
        let intercepts = parameters[1...maximum]
        return zip(intercepts, intercepts.dropFirst()).allSatisfy { $0 - $1 > 1e-5 }
    }

    var isAtBound: Bool {
        parameters[0] <= Self.slopeLimits.lowerBound || parameters[0] >= Self.slopeLimits.upperBound
            || parameters[1...maximum].contains { abs($0) >= Self.interceptLimit }
    }

    /// Puts the parameters back within what can be told from answers.
    mutating func clamp() {
        parameters[0] = min(max(parameters[0], Self.slopeLimits.lowerBound), Self.slopeLimits.upperBound)
        for index in 1...maximum {
            parameters[index] = min(max(parameters[index], -Self.interceptLimit), Self.interceptLimit)
        }
        if hasAsymptote { parameters[maximum + 1] = min(max(parameters[maximum + 1], -12), 2) }
    }

    /// The logarithm of the probability of each score at an ability, and its derivatives by score, then parameter.
    func fill(at ability: Double, _ logs: inout [Double], _ slopes: inout [Double]) {
        if hasAsymptote { return fillAsymptote(at: ability, &logs, &slopes) }
        let width = parameters.count
        for score in 0...maximum {
            for index in 0..<width { slopes[score * width + index] = 0 }
        }
        for score in 0...maximum {
            var log = 0.0
            var towards = 0.0
            if score > 0 {
                let logit = parameters[0] * ability + parameters[score]
                let missed = Logistic.share(-logit)
                log += Logistic.logShare(logit)
                towards += missed
                slopes[score * width + score] += missed
            }
            if score < maximum {
                let logit = parameters[0] * ability + parameters[score + 1]
                let reached = Logistic.share(logit)
                log += Logistic.logShare(-logit)
                towards -= reached
                slopes[score * width + score + 1] -= reached
            }
            if score > 0, score < maximum {
                // log(1 − e^−gap): what lies between two intercepts.
                let gap = parameters[score] - parameters[score + 1]
                log += Foundation.log(-expm1(-gap))
                let pull = 1 / expm1(gap)
                slopes[score * width + score] += pull
                slopes[score * width + score + 1] -= pull
            }
            logs[score] = log
            slopes[score * width] = towards * ability
        }
    }

    private func fillAsymptote(at ability: Double, _ logs: inout [Double], _ slopes: inout [Double]) {
        let lowest = Logistic.share(parameters[2])
        let logit = parameters[0] * ability + parameters[1]
        let share = Logistic.share(logit)
        let right = lowest + (1 - lowest) * share
        logs[0] = log1p(-lowest) + Logistic.logShare(-logit)
        logs[1] = log(right)
        let rise = (1 - lowest) * share * (1 - share) / right
        (slopes[0], slopes[1], slopes[2]) = (-share * ability, -share, -lowest)
        (slopes[3], slopes[4]) = (rise * ability, rise)
        slopes[5] = lowest * (1 - lowest) * (1 - share) / right
    }

    var model: ItemModel? {
        let slope = parameters[0]
        let difficulties = parameters[1...maximum].map { -$0 / slope }
        if maximum > 1 {
            return GradedItem(discrimination: slope, thresholds: difficulties).map(ItemModel.graded)
        }
        let lowest = hasAsymptote ? Logistic.share(parameters[2]) : 0
        return LogisticItem(discrimination: slope, difficulty: difficulties[0], lowerAsymptote: lowest)
            .map(ItemModel.logistic)
    }
}
