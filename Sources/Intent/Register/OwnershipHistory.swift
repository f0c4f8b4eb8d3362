public import Basis
import People
import Storage

/// What ownership measures are counted from: who answered for which use when, and when the use was active.
public struct OwnershipHistory: Hashable, Sendable {
    /// A span of time; the end is open when it lasts.
    public struct Span: Hashable, Sendable {
        public let from: Moment
        public let until: Moment?

        public init(from: Moment, until: Moment?) {
            self.from = from
            self.until = until
        }
    }

    /// One use and everything about its ownership.
    public struct Entry: Hashable, Sendable {
        public let use: AIUseRecord
        /// When it was pilot or live, the earliest first.
        public let active: [Span]
        /// When somebody was accountable, accepted and there, one span for each person's time. Two at a time overlap.
        public let owned: [Span]
        /// From when it needed an owner: its first pilot or live moment; nil when it never was one.
        public let neededAt: Moment?
        /// When somebody was first accountable and accepted; nil when nobody ever was.
        public let firstOwnedAt: Moment?
        public let completeness: ChartCompleteness
        public let classification: ClassificationRecord?
        public let ownership: Ownership
        /// Active people in its audience.
        public let learners: Int
    }

    /// Every use that ever was entered, in the order of their names.
    public let entries: [Entry]
    public let asOf: Moment
}

extension AIRegister {
    /// The history of ownership of every use.
    ///
    /// An owner's time ends when they lay it down, when its last day is over, when they leave, and for as long as an
    /// absence of more than `Ownership.awayDayLimit` days lasts in which nobody stands in.
    public func history(of tenant: TenantID) async throws -> OwnershipHistory {
        let now = world.now()
        return try await database.read { connection in
            let list = try list(of: tenant, on: connection)
            let clarity = try entries(list, in: tenant, on: now.day, connection)
            let presence = try spine.presence.table(of: tenant, from: Day(number: 0), on: connection)
            let active = Set(try spine.directory.facts(of: tenant, on: connection).map(\.id))
            let delegations = try delegations(in: tenant, on: connection)
            let classified = try classifications(of: tenant, on: connection)
            let parts = Dictionary(
                grouping: try connection.rows(
                    "SELECT * FROM responsibility WHERE tenant = \(tenant) ORDER BY proposed_at, id"
                ).map(Responsibility.init), by: \.use)
            let states = Dictionary(
                grouping: try connection.rows(
                    "SELECT ai_use, at, status FROM ai_use_status WHERE tenant = \(tenant) ORDER BY ai_use, at"
                ).map {
                    (
                        use: try $0.get("ai_use", as: ID<AIUse>.self), at: try $0.get("at", as: Moment.self),
                        status: try $0.get("status", as: AIUseRecord.Status.self)
                    )
                }, by: \.use)
            let listed = clarity.map { one in
                let spans = activeSpans(states[one.use.id]?.map { ($0.at, $0.status) } ?? [])
                let own = parts[one.use.id] ?? []
                let owned = own.filter { $0.part == .accountable }.flatMap { part in
                    ownedSpans(part, presence, delegations, isActive: active.contains(part.person), now: now)
                }.sorted { $0.from < $1.from }
                return OwnershipHistory.Entry(
                    use: one.use, active: spans, owned: owned, neededAt: spans.first?.from,
                    firstOwnedAt: owned.first?.from,
                    completeness: ChartCompleteness(
                        own, of: one.use, isHighRisk: classified[one.use.id]?.result.level == .high, today: now.day,
                        isActive: active.contains),
                    classification: classified[one.use.id], ownership: one.ownership, learners: one.learners)
            }
            return OwnershipHistory(entries: listed, asOf: now)
        }
    }

    private func activeSpans(_ states: [(at: Moment, status: AIUseRecord.Status)]) -> [OwnershipHistory.Span] {
        var spans: [OwnershipHistory.Span] = []
        var since: Moment?
        for (at, status) in states {
            if status.isActive {
                since = since ?? at
            } else if let from = since {
                spans.append(OwnershipHistory.Span(from: from, until: at))
                since = nil
            }
        }
        if let since { spans.append(OwnershipHistory.Span(from: since, until: nil)) }
        return spans
    }

    private func ownedSpans(
        _ part: Responsibility, _ presence: PresenceTable, _ delegations: [Delegation], isActive: Bool, now: Moment
    ) -> [OwnershipHistory.Span] {
        guard part.state == .accepted || part.state == .ended, let from = part.answeredAt else { return [] }
        let left = presence.terms[part.person]?.leftOn.map { ($0 + 1).start }
        // Somebody who is gone without a day of leaving is counted as gone from now on only.
        let gone = isActive ? nil : left ?? now
        let ends = [part.endedAt, part.until.map { ($0 + 1).start }, gone].compactMap(\.self)
        let until = ends.min()
        if let until, until <= from { return [] }
        var spans = [OwnershipHistory.Span(from: from, until: until)]
        let long = (presence.absences[part.person] ?? []).filter {
            $0.upperBound - $0.lowerBound >= Ownership.awayDayLimit
        }
        for absence in long {
            let covered = delegations.contains {
                $0.state == .accepted && $0.person == part.person && ($0.use == nil || $0.use == part.use)
                    && $0.days.lowerBound <= absence.lowerBound && $0.days.upperBound >= absence.upperBound
            }
            if covered { continue }
            spans = spans.flatMap { $0.without(from: absence.lowerBound.start, until: (absence.upperBound + 1).start) }
        }
        return spans
    }
}

extension OwnershipHistory.Span {
    /// What is left of it when a span is taken out.
    fileprivate func without(from start: Moment, until end: Moment) -> [Self] {
        if end <= from || start >= until ?? .distantFuture { return [self] }
        var parts: [Self] = []
        if start > from { parts.append(Self(from: from, until: start)) }
        if end < until ?? .distantFuture { parts.append(Self(from: end, until: until)) }
        return parts
    }
}

extension Moment {
    fileprivate static var distantFuture: Moment { Moment(microseconds: .max) }
}
