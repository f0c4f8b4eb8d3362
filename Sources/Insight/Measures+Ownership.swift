import Basis
import Intent
import People
import Statistics
import Storage

extension Measures {
    func ownership(of tenant: TenantID, at now: Moment) async throws -> Measure {
        let clarity = try await register.clarity(of: tenant)
        let figures = OwnershipFigures(try await register.history(of: tenant))
        let more = try await database.read { connection in
            (
                answers: try questions.answers(of: tenant, on: connection),
                escalations: try escalations.list(of: tenant, on: connection),
                decisions: try register.decisions(of: tenant, since: now - .days(365), on: connection)
            )
        }
        let rules = try await escalations.policy(of: tenant)
        let perceived = PerceivedOwners(more.answers)
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
                + figures.timeToOwner + figures.reviewDebt
                + EscalationFigures.figures(more.escalations, answerDays: rules.answerDays, asOf: now)
                + EscalationFigures.figures(more.decisions)
                + perceived.figures(structure: figures.structure),
            series: figures.series(months: 12),
            benchmark: Benchmark(0.23, "23% call AI ownership in learning “very clear”"),
            method: [
                "A use counts when it is in pilot or live; its weight is the active people in its audience.",
                "Every use is counted, so the interval says how far the share could lie for uses to come: Wilson score "
                    + "with Kish’s effective number of uses.",
            ] + OwnershipFigures.method + [EscalationFigures.method, PerceivedOwners.method], asOf: now)
    }

    func ownershipRows(of tenant: TenantID) async throws -> DrillDown {
        let history = try await register.history(of: tenant)
        let entries = history.entries.filter(\.use.status.isActive)
        let perceived = PerceivedOwners(
            try await database.read { try questions.answers(of: tenant, on: $0) })
        let known = Dictionary(uniqueKeysWithValues: perceived.uses.map { ($0.use, $0) })
        let people = entries.compactMap(\.ownership.owner)
        let names = try await database.read { try directory.names(of: people, tenant, on: $0) }
        let rows = entries.sorted { ($1.learners, $0.use.name) < ($0.learners, $1.use.name) }.map { entry in
            [
                entry.use.name, entry.use.status.rawValue, String(entry.learners),
                entry.ownership.owner.flatMap { names[$0] } ?? "nobody",
                entry.ownership.isClear ? "clear" : entry.ownership.gaps.map(\.words).joined(separator: "; "),
                percent(entry.completeness.share), entry.daysToOwner.map(number) ?? "",
                entry.use.reviewOn?.description ?? "",
            ] + cells(known[entry.use.id])
        }
        return DrillDown(
            columns: [
                "AI use", "Status", "Learners reached", "Owner", "Clarity", "Chart filled in, %", "Days to an owner",
                "Review by", "People who know, %", "95% interval", "Do not know, %", "Named owners, effective number",
                "Spread of answers, bits",
            ], numbers: [2, 5, 6, 8, 10, 11, 12], rows: rows, total: rows.count)
    }

    /// What people answered about a use; nothing with too few answers.
    private func cells(_ use: PerceivedOwners.Use?) -> [String] {
        [
            use?.accuracy.map { percent($0.estimate) } ?? "",
            use?.accuracy.map { "\(percent($0.low)) to \(percent($0.high))" } ?? "",
            use?.unknown.map { percent($0.estimate) } ?? "",
            use?.spread.map { hundredths($0.effectiveNumber.estimate) } ?? "",
            use?.spread.map { hundredths($0.corrected.estimate) } ?? "",
        ]
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
