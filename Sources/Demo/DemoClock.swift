import Basis
import Synchronization

/// A world whose clock the simulation turns, and whose chance follows from a seed.
///
/// The demonstration's history is made by the same functions that the running program uses; only the time at which
/// they believe to run is set.
final class DemoClock: Sendable {
    private let moment: Mutex<Moment>
    private let dice: Mutex<Dice>

    init(start: Moment, seed: UInt64) {
        moment = Mutex(start)
        dice = Mutex(Dice(seed: seed))
    }

    func set(_ moment: Moment) { self.moment.withLock { $0 = moment } }

    var world: World {
        World(
            now: { [self] in
                moment.withLock { moment in
                    defer { moment = moment + .microseconds(1) }
                    return moment
                }
            },
            seed: { [self] in dice.withLock { $0.next() } })
    }
}
