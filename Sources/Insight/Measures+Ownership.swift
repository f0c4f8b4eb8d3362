import Basis
import Intent
import People
import Statistics
import Storage

extension Measures {
    func ownership(of tenant: TenantID, at now: Moment) async throws -> Measure {
        let clarity = try await register.clarity(of: tenant)
        let figures = OwnershipFigures(try await register.history(of: tenant))
        let interval = Proportion.weighted(
            clarity.entries.map { (weight: Double($0.learners), isYes: $0.ownership.isClear) })
        let needs =
            clarity.entries.isEmpty
            ? "an AI use in the register that is in pilot or live" : "an active AI use whose audience holds somebody"
        return Measure(
            kind: .ownership,
            headline: Figure(
                "Learners under a clear owner", clarity.share, numerator: Double(clarity.clearLearners),
                denominator: Double(clarity.learners), of: "learners reached, counted once for each use",
                interval: interval, needs: clarity.share == nil ? needs : nil),
            parts: [
                Figure(
                    "Uses with a clear owner", clarity.clearUses, outOf: clarity.entries.count, of: "active AI uses")
            ] + figures.coverage + [30, 90, 365].flatMap(figures.exposure(days:)) + [figures.completeness]
                + figures.timeToOwner + figures.reviewDebt,
            series: figures.series(months: 12),
            benchmark: Benchmark(0.23, "23% call AI ownership in learning “very clear”"),
            method: [
                "A use counts when it is in pilot or live; its weight is the active people in its audience.",
                "Every use is counted, so the interval says how far the share could lie for uses to come: Wilson score "
                    + "with Kish’s effective number of uses.",
            ] + OwnershipFigures.method, asOf: now)
    }

    func ownershipRows(of tenant: TenantID) async throws -> DrillDown {
        let history = try await register.history(of: tenant)
        let entries = history.entries.filter(\.use.status.isActive)
        let people = entries.compactMap(\.ownership.owner)
        let names = try await database.read { try directory.names(of: people, tenant, on: $0) }
        let rows = entries.sorted { ($1.learners, $0.use.name) < ($0.learners, $1.use.name) }.map { entry in
            [
                entry.use.name, entry.use.status.rawValue, String(entry.learners),
                entry.ownership.owner.flatMap { names[$0] } ?? "nobody",
                entry.ownership.isClear ? "clear" : entry.ownership.gaps.map(\.words).joined(separator: "; "),
                percent(entry.completeness.share), entry.daysToOwner.map(number) ?? "",
                entry.use.reviewOn?.description ?? "",
            ]
        }
        return DrillDown(
            columns: [
                "AI use", "Status", "Learners reached", "Owner", "Clarity", "Chart filled in, %", "Days to an owner",
                "Review by",
            ], numbers: [2, 5, 6], rows: rows, total: rows.count)
    }
}

extension OwnershipHistory.Entry {
    /// From when it needed an owner until it had one; nil while it has none.
    fileprivate var daysToOwner: Double? {
        guard let neededAt, let firstOwnedAt else { return nil }
        return max(0, (firstOwnedAt - neededAt).seconds / 86_400)
    }
}

extension Ownership.Gap {
    /// A few words for a table.
    fileprivate var words: String {
        switch self {
        case .unowned(let asked): asked == nil ? "nobody answers for it" : "an answer is awaited"
        case .lapsed: "the owner is no longer active"
        case .several: "more than one owner"
        case .expired(_, let day): "the owner's time ended on \(day)"
        case .away: "the owner is away for long and nobody stands in"
        case .reviewOverdue(let day): "review overdue since \(day)"
        }
    }
}
