import Testing

@testable import Web

@Suite struct PaceTests {
    private func looks(until limit: Int, moved: (Int) -> Int, isWaiting: (Int) -> Bool = { _ in true }) -> Int? {
        var pace = Pace()
        return (1...limit).first { second in
            pace.isTooSlow(moved: moved(second), isWaiting: isWaiting(second), seconds: 30, rate: 512)
        }
    }

    @Test func `a client that pauses is given its seconds, and no more`() {
        #expect(looks(until: 100) { _ in 0 } == 30)
        #expect(looks(until: 100) { $0 == 20 ? 1 << 20 : 0 } == 50)
    }

    @Test func `a client that drips is slower than the rate in the end`() {
        #expect(looks(until: 100) { _ in 1 } == 31)
        #expect(looks(until: 1_000) { _ in 256 } == 61)
    }

    @Test func `a client that keeps the rate may take as long as it needs`() {
        #expect(looks(until: 100_000) { _ in 512 } == nil)
        #expect(looks(until: 100_000) { $0 % 20 == 0 ? 20 * 512 : 0 } == nil)
    }

    @Test func `time in which we are not waiting is not the client's`() {
        #expect(looks(until: 1_000, moved: { _ in 0 }, isWaiting: { _ in false }) == nil)
        #expect(looks(until: 1_000, moved: { _ in 0 }, isWaiting: { $0 % 2 == 0 }) == 62)
    }
}
