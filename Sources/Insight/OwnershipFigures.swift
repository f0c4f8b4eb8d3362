import Basis
import Intent
import Statistics

/// What the history of ownership comes to.
///
/// Every use is counted, so that shares of uses and of time have no interval; the time to an owner is a sample of how
/// the organisation goes about it, and has one.
///
/// - Source: field notes A3.1, 1 to 4 and 7.
struct OwnershipFigures {
    let history: OwnershipHistory
    private let active: [OwnershipHistory.Entry]

    init(_ history: OwnershipHistory) {
        self.history = history
        active = history.entries.filter(\.use.status.isActive)
    }

    /// Why a use has not exactly one owner.
    enum Standing: CaseIterable {
        case single, none, several, lapsed, unanswered

        init(_ ownership: Ownership) {
            for gap in ownership.gaps {
                switch gap {
                case .unowned(let asked): self = asked == nil ? .none : .unanswered
                case .lapsed, .expired, .away: self = .lapsed
                case .several: self = .several
                case .reviewOverdue: continue
                }
                return
            }
            self = .single
        }

        var name: String {
            switch self {
            case .single: "Uses with exactly one owner (C1)"
            case .none: "Uses without anybody asked"
            case .several: "Uses with several owners"
            case .lapsed: "Uses whose owner left, is past their time or away for long"
            case .unanswered: "Uses whose owner was asked and has not answered"
            }
        }
    }

    static let method = [
        "Exactly one owner: one accepted, active person who is not away for more than "
            + "\(Ownership.awayDayLimit) days without a stand-in. All uses are counted, so there is no interval.",
        "Exposure: days of active uses without exactly one owner, out of all days of active uses. What was fixed the "
            + "day before a report still shows.",
        "Responsibility charts: the mean of how many of these hold: somebody responsible, one accountable, consulted "
            + "and informed named or said to be nobody, and, where the risk is high, not the same person alone.",
        "Time to an owner: Kaplan–Meier from a use’s first day in pilot or live; uses still without owner are "
            + "censored. Its interval is Wilson’s with Greenwood’s variance (Rothman).",
        "Review debt: days overdue times 3 where the risk is high or not classified, 2 where Article 6(3) or 50 "
            + "applies, else 1.",
    ]

    // MARK: Now

    /// C1 and what the rest is made of, by uses and by the learners reached.
    var coverage: [Figure] {
        let standings = active.map { Standing($0.ownership) }
        var figures = Standing.allCases.map { standing in
            Figure(
                census: standing.name, standings.count { $0 == standing }, outOf: active.count, of: "active AI uses")
        }
        let learners = zip(active, standings).reduce(into: (single: 0, all: 0)) { sums, one in
            sums.all += one.0.learners
            if one.1 == .single { sums.single += one.0.learners }
        }
        figures.append(
            Figure(
                census: "Learners reached by uses with exactly one owner", learners.single, outOf: learners.all,
                of: "learners reached, counted once for each use"))
        return figures
    }

    /// C1; nil without an active use.
    var structure: Double? {
        let single = active.count { Standing($0.ownership) == .single }
        return active.isEmpty ? nil : Double(single) / Double(active.count)
    }

    var completeness: Figure {
        let sum = active.reduce(0) { $0 + $1.completeness.share }
        return Figure(
            "Responsibility charts filled in", active.isEmpty ? nil : sum / Double(active.count), numerator: sum,
            denominator: Double(active.count), of: "active AI uses",
            needs: active.isEmpty ? "there are no active AI uses yet" : nil)
    }

    // MARK: Over time

    /// The share of use-days without exactly one owner, in the last so many days.
    func exposure(days: Int) -> [Figure] {
        let window = Exposure.Span(
            start: (history.asOf - .days(days)).microseconds, end: history.asOf.microseconds)
        let counted = exposure(window, byLearners: false)
        let weighted = exposure(window, byLearners: true)
        return [
            figure("Exposure: use-days without exactly one owner, last \(days) days", counted, of: "days of use"),
            figure(
                "The same, by learners reached today, last \(days) days", weighted, of: "learner-days of use"),
        ]
    }

    /// C1 at the end of each of the last months, and exposure during it.
    func series(months: Int) -> [Series] {
        let last = Month(history.asOf.day).index
        let all = (0..<months).map { Month(index: last - months + 1 + $0) }
        return [
            Series(
                name: "Uses with exactly one owner (C1), at the end of the month", of: "active AI uses",
                points: all.map { coverage(atEndOf: $0) }),
            Series(
                name: "Exposure: use-days without exactly one owner, in the month", of: "days of use",
                points: all.map { month in
                    let (start, end) = bounds(of: month)
                    let counted = exposure(
                        Exposure.Span(start: start.microseconds, end: end.microseconds), byLearners: false)
                    return Series.Point(
                        month: month, value: counted.share, numerator: days(counted.ownerless + counted.contested),
                        denominator: days(counted.total))
                }),
        ]
    }

    private func bounds(of month: Month) -> (start: Moment, end: Moment) {
        (month.firstDay.start, min(month.next.firstDay.start, history.asOf))
    }

    private func coverage(atEndOf month: Month) -> Series.Point {
        let moment = Moment(microseconds: bounds(of: month).end.microseconds - 1)
        let there = history.entries.filter { entry in entry.active.contains { $0.holds(at: moment) } }
        let single = there.count { entry in entry.owned.count { $0.holds(at: moment) } == 1 }
        return Series.Point(
            month: month, value: there.isEmpty ? nil : Double(single) / Double(there.count),
            numerator: Double(single), denominator: Double(there.count))
    }

    private func exposure(_ window: Exposure.Span, byLearners: Bool) -> Exposure {
        func spans(_ list: [OwnershipHistory.Span]) -> [Exposure.Span] {
            list.map { Exposure.Span(start: $0.from.microseconds, end: $0.until?.microseconds ?? window.end) }
        }
        return Exposure(
            history.entries.map { entry in
                Exposure.Use(
                    weight: byLearners ? entry.learners : 1, active: spans(entry.active),
                    accountable: entry.owned.map { spans([$0]) })
            }, during: window)
    }

    private func days(_ microseconds: Int128) -> Double { Double(microseconds) / 86_400_000_000 }

    private func figure(_ name: String, _ exposure: Exposure, of: String) -> Figure {
        Figure(
            name, exposure.share, numerator: days(exposure.ownerless + exposure.contested),
            denominator: days(exposure.total), of: of,
            needs: exposure.share == nil ? "an AI use that was in pilot or live then" : nil)
    }

    // MARK: Time to an owner

    /// How long each use was without its first owner, in days; a use that ended or still waits is censored.
    var followUps: [FollowUp] {
        history.entries.compactMap { entry in
            guard let start = entry.neededAt else { return nil }
            func days(_ moment: Moment) -> Double { max(0, (moment - start).seconds / 86_400) }
            let end = entry.active.last.flatMap(\.until) ?? history.asOf
            if let owned = entry.firstOwnedAt, owned <= end { return FollowUp(exit: days(owned), event: 0) }
            return FollowUp(exit: days(end), event: nil)
        }
    }

    var timeToOwner: [Figure] {
        survival(
            followUps, median: "Time to an owner, median", open: "Uses still without owner after 30 days", at: 30,
            things: "uses that needed an owner", done: "found one")
    }

    // MARK: Reviews

    var reviewDebt: [Figure] {
        let reviews = active.compactMap { entry in
            entry.use.reviewOn.map { (due: ($0 + 1).start.microseconds, risk: weight(entry.classification)) }
        }
        let debt = ReviewDebt(reviews, at: history.asOf.microseconds)
        return [
            Figure(census: "Reviews overdue", debt.overdue, outOf: debt.reviews, of: "active AI uses with a review"),
            Figure(
                "Review debt", debt.reviews == 0 ? nil : debt.days, .riskDays,
                of: "\(debt.overdue) of \(debt.reviews) reviews overdue",
                needs: debt.reviews == 0 ? "an active AI use with a review date" : nil),
        ]
    }

    private func weight(_ classification: ClassificationRecord?) -> Double {
        switch classification?.result.level {
        case nil, .prohibited, .high: 3
        case .excepted, .transparency: 2
        case .minimal: 1
        }
    }
}

/// The median time to an event and the share still without it after so many days, both by Kaplan and Meier.
///
/// - Unit: days.
func survival(
    _ followUps: [FollowUp], median name: String, open: String, at limit: Double, things: String, done: String
) -> [Figure] {
    let curve = KaplanMeier(followUps)
    let whole = "\(followUps.count) \(things), \(curve?.events ?? 0) of which \(done)"
    let median = curve?.median()
    var interval: Interval?
    var note = whole
    if let median, let estimate = median.estimate {
        if let low = median.low, let high = median.high {
            interval = Interval(
                estimate: estimate, low: low, high: high, level: median.level,
                method: "Kaplan–Meier, times at which ½ lies in the interval of S (Brookmeyer, Crowley)")
        } else if let low = median.low {
            note += "; the 95 % interval begins at \(number(low)) days and is open"
        }
    }
    let share = curve?.interval(at: limit)
    return [
        Figure(
            name, median?.estimate, .days, of: note, interval: interval,
            needs: curve == nil ? things : "more than half of the \(things) that \(done)"),
        Figure(
            open, share?.estimate, of: whole, interval: share,
            needs: curve == nil ? things : "\(things) that were watched for \(number(limit)) days"),
    ]
}

extension OwnershipHistory.Span {
    fileprivate func holds(at moment: Moment) -> Bool { from <= moment && until.map { moment < $0 } ?? true }
}
