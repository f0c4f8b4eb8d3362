import Basis

/// Who among the bearers are alike for the planner.
///
/// One pass with a hash table over the columns; what is equal is compared in full, so a collision costs time and
/// changes nothing.
struct BearerProfiles {
    /// What is the same for `count` people.
    struct Profile {
        let pattern: Int32
        let spent: Int32
        let spentOnIt: Int32
        /// In `rows`.
        let asks: Range<Int>
        /// In `Bearers.away`, of the first of them.
        let away: Range<Int>
        let hash: UInt64
        var count = 1
    }

    private(set) var all: [Profile] = []
    /// By person: its place in `all`.
    private(set) var of: [Int32] = []
    /// What is asked, by what is due first; `mandate` is its rank.
    private(set) var rows: [MandatePreview.Bearers.Ask] = []

    init(_ bearers: MandatePreview.Bearers, ranks: [Int32]) {
        var slots = [Int32](repeating: -1, count: max(16, (bearers.count * 2).nextPowerOfTwo))
        var row: [MandatePreview.Bearers.Ask] = []
        of.reserveCapacity(bearers.count)
        for index in 0..<bearers.count {
            let person = bearers.people[index]
            let away = bearers.awayRange(of: index)
            BearerProfiles.load(bearers.asks[bearers.askRange(of: index)], ranks, into: &row)
            let hash = BearerProfiles.hash(person, row, bearers.away[away])
            var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
            while slots[slot] >= 0, !isAlike(Int(slots[slot]), hash, person, row, away, bearers) {
                slot = (slot + 1) & (slots.count - 1)
            }
            if slots[slot] < 0 {
                slots[slot] = Int32(all.count)
                let start = rows.count
                rows.append(contentsOf: row)
                all.append(
                    Profile(
                        pattern: person.pattern, spent: person.spent, spentOnIt: person.spentOnIt,
                        asks: start..<rows.count, away: away, hash: hash))
            } else {
                all[Int(slots[slot])].count += 1
            }
            of.append(slots[slot])
        }
    }

    /// Puts a person's asks in the order of their ranks. Most come so already.
    private static func load(
        _ asks: ArraySlice<MandatePreview.Bearers.Ask>, _ ranks: [Int32], into row: inout [MandatePreview.Bearers.Ask]
    ) {
        row.removeAll(keepingCapacity: true)
        for ask in asks {
            let next = MandatePreview.Bearers.Ask(mandate: ranks[Int(ask.mandate)], minutes: ask.minutes)
            row.append(next)
            var place = row.count - 1
            while place > 0, next.mandate < row[place - 1].mandate {
                row[place] = row[place - 1]
                place -= 1
            }
            row[place] = next
        }
    }

    private static func hash(
        _ person: MandatePreview.Bearers.Person, _ row: [MandatePreview.Bearers.Ask],
        _ away: ArraySlice<MandatePreview.Bearers.Away>
    ) -> UInt64 {
        var mix = Mix()
        mix.add(person.pattern, person.spent)
        mix.add(person.spentOnIt, Int32(truncatingIfNeeded: row.count))
        for ask in row { mix.add(ask.mandate, ask.minutes) }
        for span in away { mix.add(span.first, span.last) }
        return mix.hash
    }

    private func isAlike(
        _ place: Int, _ hash: UInt64, _ person: MandatePreview.Bearers.Person, _ row: [MandatePreview.Bearers.Ask],
        _ away: Range<Int>, _ bearers: MandatePreview.Bearers
    ) -> Bool {
        let one = all[place]
        return one.hash == hash && one.pattern == person.pattern && one.spent == person.spent
            && one.spentOnIt == person.spentOnIt && rows[one.asks].elementsEqual(row)
            && bearers.away[one.away].elementsEqual(bearers.away[away])
    }
}

/// The finaliser of SplitMix64 over a sequence of words. The data are the organisation's own; nobody gains by making
/// them collide.
private struct Mix {
    private(set) var hash: UInt64 = 0

    mutating func add(_ high: Int32, _ low: Int32) {
        var word = hash &+ 0x9E37_79B9_7F4A_7C15
        word ^= UInt64(UInt32(bitPattern: high)) << 32 | UInt64(UInt32(bitPattern: low))
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        hash = word ^ word >> 31
    }
}

extension MandatePreview.Bearers {
    func askRange(of index: Int) -> Range<Int> {
        people[index].firstAsk..<(index + 1 < people.count ? people[index + 1].firstAsk : asks.count)
    }

    func awayRange(of index: Int) -> Range<Int> {
        people[index].firstAway..<(index + 1 < people.count ? people[index + 1].firstAway : away.count)
    }
}

extension Int {
    fileprivate var nextPowerOfTwo: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
