import Basis
import Foundation
import Statistics

/// Draws from known distributions, for simulations.
extension Dice {
    /// From 0 to 1, without both.
    mutating func share() -> Double { Double.random(in: Double.leastNonzeroMagnitude..<1, using: &self) }

    mutating func normal() -> Double { Normal.quantile(share()) }

    mutating func exponential() -> Double { -log(share()) }

    mutating func isYes(_ share: Double) -> Bool { self.share() < share }

    mutating func binomial(_ trials: Int, _ share: Double) -> Int { (0..<trials).count { _ in isYes(share) } }

    /// Marsaglia and Tsang (2000).
    mutating func gamma(_ shape: Double) -> Double {
        if shape < 1 { return gamma(shape + 1) * pow(share(), 1 / shape) }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let v = pow(1 + c * x, 3)
            if v > 0, log(share()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
        }
    }

    mutating func beta(_ a: Double, _ b: Double) -> Double {
        let x = gamma(a)
        return x / (x + gamma(b))
    }

    mutating func dirichlet(_ mean: [Double], _ size: Double) -> [Double] {
        let parts = mean.map { $0 > 0 ? gamma($0 * size) : 0 }
        let sum = parts.reduce(0, +)
        return parts.map { $0 / sum }
    }

    mutating func poisson(_ mean: Double) -> Double {
        var (count, term, left) = (0.0, exp(-mean), share())
        while left > term, count < 1_000 {
            left -= term
            count += 1
            term *= mean / count
        }
        return count
    }

    /// A place, by its share.
    mutating func place(_ shares: [Double]) -> Int {
        var left = share()
        for (place, share) in shares.enumerated() {
            if left < share { return place }
            left -= share
        }
        return shares.count - 1
    }
}
