import Basis
import Paths
import Testing

@Suite struct NextStepRankingTests {
    private func candidates(_ count: Int, seed: UInt64) -> [RankedCandidate] {
        var dice = Dice(seed: seed)
        return (0..<count).map { index in
            var signals: [Signal: Double] = [:]
            for signal in Signal.allCases where Bool.random(using: &dice) {
                signals[signal] = Double.random(in: 0...1, using: &dice)
            }
            return RankedCandidate(target: "content:\(index)", skill: "skill \(index % 5)", signals: signals)
        }
    }

    @Test func `a score is the sum of its terms, and losing a named input changes it`() {
        for candidate in candidates(300, seed: 1) {
            #expect(abs(candidate.terms.reduce(0) { $0 + $1.value } - candidate.score) < 1e-12)
            for term in candidate.terms {
                let less = candidate.without(term.signal)
                #expect(less.score < candidate.score)
                #expect(abs(candidate.score - less.score - term.value) < 1e-12)
            }
        }
    }

    @Test func `the same seed draws the same, over different skills`() {
        let list = Ranking.shortlist(candidates(60, seed: 2))
        #expect(list.count == Ranking.candidateLimit)
        for seed in 0..<200 as Range<UInt64> {
            let picks = Ranking.draw(3, from: list, seed: seed)
            #expect(picks == Ranking.draw(3, from: list, seed: seed))
            #expect(picks.count == 3)
            #expect(Set(picks.map { list[$0.index].skill }).count == 3)
            #expect(picks.allSatisfy { $0.propensity > 0 && $0.propensity <= 1 })
        }
    }

    /// 20,000 draws: each candidate comes about as often as its propensity says, and none never.
    @Test func `propensities are the true chances`() {
        let list = candidates(6, seed: 3)
        var counts = Array(repeating: 0, count: list.count)
        var chances = Array(repeating: 0.0, count: list.count)
        for seed in 0..<20_000 as Range<UInt64> {
            guard let pick = Ranking.draw(1, from: list, seed: seed &* 7_919).first else { continue }
            counts[pick.index] += 1
            chances[pick.index] = pick.propensity
        }
        for index in list.indices {
            #expect(counts[index] > 0)
            #expect(abs(Double(counts[index]) / 20_000 - chances[index]) < 0.012, "\(index)")
        }
        #expect(chances.allSatisfy { $0 >= Ranking.floor / 6 - 1e-12 })
        #expect(abs(chances.reduce(0, +) - 1) < 1e-9)
    }

    @Test func `nothing to choose from gives nothing, and few give few`() {
        #expect(Ranking.draw(3, from: [], seed: 1).isEmpty)
        let two = candidates(2, seed: 4)
        #expect(Ranking.draw(3, from: two, seed: 1).count == 2)
        let alike = (0..<4).map { RankedCandidate(target: "\($0)", skill: "one", signals: [.fit: 0.5]) }
        #expect(Ranking.draw(3, from: alike, seed: 1).count == 3)
    }

    @Test func `what is not a number says nothing`() {
        let wild = RankedCandidate(
            target: "a", skill: "b", signals: [.fit: .nan, .goal: .infinity, .use: -1, .time: 7])
        #expect(wild.signals == [.time: 1])
        #expect(wild.score.isFinite)
    }
}
