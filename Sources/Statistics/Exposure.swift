/// How long AI uses ran, and how much of that without exactly one accountable owner.
///
/// Every use is counted, so that there is no interval.
public struct Exposure: Hashable, Sendable {
    /// From the first to before the second.
    ///
    /// - Unit: microseconds, as in `Moment`.
    public struct Span: Hashable, Sendable {
        public let start: Int64
        public let end: Int64

        public init(start: Int64, end: Int64) {
            self.start = start
            self.end = end
        }
    }

    /// One AI use over time.
    public struct Use: Hashable, Sendable {
        /// What it counts for, such as 1 or the learners it reaches; none counts below 0.
        ///
        /// - Range: to 1e9, so that sums over all of time are exact.
        public let weight: Int
        /// When it was in pilot or live.
        public let active: [Span]
        /// When each person was accountable: accepted, and active. A person's own spans may overlap.
        public let accountable: [[Span]]

        public init(weight: Int, active: [Span], accountable: [[Span]]) {
            self.weight = weight
            self.active = active
            self.accountable = accountable
        }
    }

    /// Weight × microseconds of uses in pilot or live within the window.
    public let total: Int128
    /// The part of it with nobody accountable.
    public let ownerless: Int128
    /// The part of it with several accountable.
    public let contested: Int128
    /// Uses that were in pilot or live at any time within the window.
    public let uses: Int

    /// E = Σ ∫ v·1[|A| ≠ 1] dt ÷ Σ ∫ v dt; nil when nothing ran.
    public var share: Double? { ratio(ownerless + contested) }
    /// The part of E with nobody accountable; nil when nothing ran.
    public var ownerlessShare: Double? { ratio(ownerless) }
    /// The part of E with several accountable; nil when nothing ran.
    public var contestedShare: Double? { ratio(contested) }

    /// Sums are exact; only the shares are rounded.
    public init(_ uses: [Use], during window: Span) {
        var (total, ownerless, contested): (Int128, Int128, Int128) = (0, 0, 0)
        var count = 0
        for use in uses {
            let spans = Exposure.spans(of: use, during: window)
            if spans.total > 0 { count += 1 }
            let weight = Int128(max(0, use.weight))
            total += weight * spans.total
            ownerless += weight * spans.ownerless
            contested += weight * spans.contested
        }
        self.total = total
        self.ownerless = ownerless
        self.contested = contested
        self.uses = count
    }

    private func ratio(_ part: Int128) -> Double? { total > 0 ? Double(part) / Double(total) : nil }

    /// Sweeps over the times at which something begins or ends.
    private static func spans(of use: Use, during window: Span) -> (total: Int128, ownerless: Int128, contested: Int128)
    {
        var changes: [(at: Int64, active: Int, owners: Int)] = []
        for span in united(use.active, within: window) { changes += [(span.start, 1, 0), (span.end, -1, 0)] }
        for person in use.accountable {
            for span in united(person, within: window) { changes += [(span.start, 0, 1), (span.end, 0, -1)] }
        }
        changes.sort { $0.at < $1.at }
        var sums: (total: Int128, ownerless: Int128, contested: Int128) = (0, 0, 0)
        var (at, active, owners) = (window.start, 0, 0)
        for change in changes {
            if active > 0 {
                let length = Int128(change.at) - Int128(at)
                sums.total += length
                if owners == 0 { sums.ownerless += length }
                if owners > 1 { sums.contested += length }
            }
            at = change.at
            active += change.active
            owners += change.owners
        }
        return sums
    }

    /// The spans cut to the window, overlapping and touching ones joined.
    private static func united(_ spans: [Span], within window: Span) -> [Span] {
        var joined: [Span] = []
        for span in spans.sorted(by: { $0.start < $1.start }) {
            let (start, end) = (max(span.start, window.start), min(span.end, window.end))
            guard start < end else { continue }
            if let last = joined.last, start <= last.end {
                joined[joined.count - 1] = Span(start: last.start, end: max(last.end, end))
            } else {
                joined.append(Span(start: start, end: end))
            }
        }
        return joined
    }
}

/// Reviews that are overdue, by how long and how much they matter.
public struct ReviewDebt: Hashable, Sendable {
    /// D = Σ ρ·max(0, now − due).
    ///
    /// - Unit: risk × days.
    public let days: Double
    public let overdue: Int
    public let reviews: Int
    /// The share overdue; nil when there is no review. A census, without an interval.
    public var share: Double? { reviews > 0 ? Double(overdue) / Double(reviews) : nil }

    /// - Unit: due and now in microseconds.
    /// - Range: a risk weight below 0 or not finite counts 0.
    public init(_ reviews: [(due: Int64, risk: Double)], at now: Int64) {
        let late = reviews.filter { $0.due < now }
        overdue = late.count
        self.reviews = reviews.count
        days = late.reduce(0) { sum, review in
            let risk = review.risk.isFinite ? max(0, review.risk) : 0
            return sum + risk * Double(Int128(now) - Int128(review.due)) / 86_400_000_000
        }
    }
}
