/// How long one thing was watched, and what ended it: an AI use until it had an owner, an addressee until they opened
/// the strategy, an escalation until it was decided.
public struct FollowUp: Hashable, Sendable {
    /// From when on it was watched; nil when from the start of its time. Only what happens after it is seen.
    public let entry: Double?
    /// When the event came, or the watching ended without one.
    ///
    /// - Unit: any, the same for all; from each thing's own start.
    public let exit: Double
    /// Which kind of event came, counted from 0; nil when none had come by then (right-censored).
    public let event: Int?

    public init(entry: Double? = nil, exit: Double, event: Int?) {
        self.entry = entry
        self.exit = exit
        self.event = event
    }

    var isValid: Bool {
        guard exit.isFinite, exit >= 0, (event ?? 0) >= 0 else { return false }
        guard let entry else { return true }
        return entry.isFinite && entry < exit
    }
}

/// How many were at risk at each time of an event, and how many of them had it.
///
/// At risk at t: entry < t ≤ exit. What is censored at the time of an event is at risk of it.
struct RiskTable: Sendable {
    struct Row {
        let time: Double
        let atRisk: Int
        /// Events of all kinds.
        let events: Int
        /// Events of the kind asked for.
        let ofKind: Int
    }

    let rows: [Row]
    private let entries: [Double]
    private let exits: [Double]

    /// - Returns: nil when there is nothing, or a time is not finite, below 0 or before its entry.
    init?(_ followUps: [FollowUp], kind: Int? = nil) {
        guard !followUps.isEmpty, followUps.allSatisfy(\.isValid) else { return nil }
        entries = followUps.compactMap(\.entry).sorted()
        exits = followUps.map(\.exit).sorted()
        let late = followUps.count - entries.count
        let events = followUps.filter { $0.event != nil }.sorted { $0.exit < $1.exit }
        var rows: [Row] = []
        var (place, entered, left) = (0, 0, 0)
        while place < events.count {
            let time = events[place].exit
            let first = place
            var ofKind = 0
            while place < events.count, events[place].exit == time {
                if kind == nil || events[place].event == kind { ofKind += 1 }
                place += 1
            }
            while entered < entries.count, entries[entered] < time { entered += 1 }
            while left < exits.count, exits[left] < time { left += 1 }
            rows.append(
                Row(time: time, atRisk: late + entered - left, events: place - first, ofKind: ofKind))
        }
        self.rows = rows
    }

    var count: Int { exits.count }
    /// When the last was watched.
    var end: Double { exits.last ?? 0 }

    func atRisk(at time: Double) -> Int {
        let entered = count - entries.count + entries.partition { $0 < time }
        return entered - exits.partition { $0 < time }
    }
}

extension [Double] {
    /// How many of these rising values satisfy what only the first of them do.
    func partition(where isBefore: (Double) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
