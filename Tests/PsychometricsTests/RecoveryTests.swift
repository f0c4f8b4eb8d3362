import Basis
import Foundation
import Psychometrics
import Testing

/// Answers are simulated from known items; many more with `PSYCHOMETRICS_LONG=1` and optimised code.
@Suite struct RecoveryTests {
    private static let rounds = ProcessInfo.processInfo.environment["PSYCHOMETRICS_LONG"] == nil ? 3 : 100

    private func deviations(_ items: [ItemModel], people: Int, seed: UInt64, missing: Double) -> [Double] {
        let fit = Calibration(
            Items.answers(items, people: people, seed: seed, missing: missing), CalibrationOptions(.twoPL))
        return fit.items.flatMap { item -> [Double] in
            guard let errors = item.errors, let place = Int(item.name) else { return [.nan] }
            let slope = (item.model.discrimination - items[place].discrimination) / errors.discrimination
            return [slope]
                + zip(difficulties(item.model), difficulties(items[place])).enumerated().map {
                    ($1.0 - $1.1) / errors.difficulties[$0]
                }
        }
    }

    private func difficulties(_ model: ItemModel) -> [Double] {
        switch model {
        case .logistic(let item): [item.difficulty]
        case .graded(let item): item.thresholds
        }
    }

    @Test func `parameters are found within three standard errors`() throws {
        let items = try Items.two() + Items.four()
        let all = (0..<Self.rounds).flatMap {
            deviations(items, people: 500, seed: UInt64(200 + $0), missing: 0.3)
        }
        #expect(all.count == Self.rounds * 36)
        let within = Double(all.count { abs($0) <= 3 }) / Double(all.count)
        #expect(within >= 0.98, "\(within)")
        if Self.rounds >= 100 {
            let square = all.reduce(0) { $0 + $1 * $1 } / Double(all.count)
            #expect(within >= 0.99 && 0.85...1.15 ~= square, "\(within), mean square \(square)")
        }
    }
}
