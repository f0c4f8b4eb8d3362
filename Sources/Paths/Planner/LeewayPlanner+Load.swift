public import Basis
import Intent
import People
import Storage

extension LeewayPlanner {
    /// What is asked against what may be asked, by unit and month, of all active people.
    ///
    /// `months` is how many, 1…`LeewayLoad.monthLimit`; another number is taken as the nearest.
    public func load(of tenant: TenantID, months: Int = 6) async throws -> LeewayLoad {
        let today = world.now().day
        let count = min(LeewayLoad.monthLimit, max(1, months))
        return try await database.read { connection in
            let reading = try AudienceReading(of: .everyone, .open, tenant: tenant, on: today, self, connection)
            var survey = LoadSurvey(reading.bearers(), months: count)
            let cells = survey.run()
            var groups = [[LeewayLoad.Cell]](
                repeating: [LeewayLoad.Cell](repeating: LeewayLoad.Cell(), count: count),
                count: reading.units.count + 1)
            var people = [Int](repeating: 0, count: groups.count)
            for place in 0..<reading.roll.count {
                let group = reading.unitPlaces[place] < 0 ? reading.units.count : Int(reading.unitPlaces[place])
                people[group] += 1
                for month in 0..<count { groups[group][month] += cells[survey.profile(of: place)][month] }
            }
            return LeewayLoad(
                months: (0..<count).map { Month(today) + $0 },
                groups: groups.indices.map { group in
                    (group < reading.units.count ? reading.units[group] : nil, people[group], groups[group])
                })
        }
    }
}

/// What everybody's months hold, each profile looked at once.
private struct LoadSurvey {
    private let bearers: MandatePreview.Bearers
    private let dues: [Due]
    private let profiles: BearerProfiles
    private let count: Int
    private var headroom = Headroom()
    private var own: [CapacityMonth] = []

    init(_ bearers: MandatePreview.Bearers, months: Int) {
        self.bearers = bearers
        count = months
        let named = bearers.mandatesByDue
        dues = named.map(\.due)
        var ranks = [Int32](repeating: 0, count: named.count)
        for (rank, one) in named.enumerated() { ranks[one.place] = Int32(rank) }
        profiles = BearerProfiles(bearers, ranks: ranks)
    }

    func profile(of person: Int) -> Int { Int(profiles.of[person]) }

    /// By profile, then month.
    mutating func run() -> [[LeewayLoad.Cell]] { profiles.all.map { cells($0) } }

    private mutating func cells(_ profile: BearerProfiles.Profile) -> [LeewayLoad.Cell] {
        let pattern = bearers.patterns[Int(profile.pattern)]
        own.removeAll(keepingCapacity: true)
        own.append(contentsOf: pattern.months)
        for span in bearers.away[profile.away] {
            pattern.remove(from: Int(span.first), to: Int(span.last), of: &own)
        }
        if !profile.away.isEmpty { pattern.sum(&own) }
        let spent = Int(profile.spent)
        headroom.clear()
        for ask in profiles.rows[profile.asks] {
            let due = dues[Int(ask.mandate)]
            headroom.append(
                due: due, minutes: Int(ask.minutes),
                capacity: own.minutes(upTo: due, spent: spent, pattern.dailyLimit))
        }
        var placed = headroom.total
        var cells = (0..<count).map { offset in
            let minutes = min(placed, own.minutes(in: offset, spent: spent, pattern.dailyLimit))
            placed -= minutes
            var cell = LeewayLoad.Cell()
            cell.budget = Int(own[offset].budget)
            cell.ceiling = Int(own[offset].ceiling)
            cell.asked = minutes + (offset == 0 ? spent : 0)
            return cell
        }
        for place in headroom.dues.indices where headroom.dues[place].offset < count {
            let over = headroom.over(place)
            if over == 0 { continue }
            let offset = headroom.dues[place].offset
            if cells[offset].over == 0 { cells[offset].peopleOver = 1 }
            cells[offset].over += over
            cells[offset].asked += over
        }
        return cells
    }
}
