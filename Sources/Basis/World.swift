import Foundation
import Synchronization

/// Everything a decision may take from outside the program, in one value.
///
/// Passed by initialiser, never reached for: `Date()`, `UUID()` and
/// `SystemRandomNumberGenerator` are banned outside this file (see TidyTests).
public struct World: Sendable {
    public var now: @Sendable () -> Moment
    public var seed: @Sendable () -> UInt64

    public init(now: @escaping @Sendable () -> Moment, seed: @escaping @Sendable () -> UInt64) {
        self.now = now
        self.seed = seed
    }

    /// Bytes that nobody can foresee in the live world, and that repeat in a replayed one.
    public func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var word = seed()
            for _ in 0..<8 {
                bytes.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        return Array(bytes.prefix(count))
    }

    /// A new identifier for the present moment.
    public func id<Kind>(_: Kind.Type = Kind.self) -> ID<Kind> {
        var dice = Dice(seed: seed())
        return ID(at: now(), using: &dice)
    }
}

extension World {
    /// The system clock and the system's entropy.
    public static let live = World(
        now: { Moment(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) },
        seed: {
            var system = SystemRandomNumberGenerator()
            return system.next()
        }
    )

    /// A world that repeats itself: the clock steps by `step` at each reading.
    public static func replay(
        from start: Moment = Moment(microseconds: 1_750_000_000_000_000),
        step: Duration = .milliseconds(1),
        seed: UInt64 = 1
    ) -> World {
        let clock = Box(start)
        let dice = Box(Dice(seed: seed))
        return World(
            now: {
                clock.update { moment in
                    defer { moment = moment + step }
                    return moment
                }
            },
            seed: { dice.update { $0.next() } }
        )
    }
}

private final class Box<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }

    func update<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        value.withLock { body(&$0) }
    }
}
