public import Basis
public import Storage

/// One decision about a use of AI, and whether the one who answers for it took it.
public struct UseDecision: Hashable, Sendable {
    public let use: ID<AIUse>
    public let at: Moment
    /// Whether anybody was accountable at that moment.
    public let wasOwned: Bool
    /// Whether that person, or who stood in for them, took it.
    public let isByOwner: Bool
}

extension AIRegister {
    /// Decisions about uses since a moment, the earliest first: status changed, classified, reviewed, a question
    /// answered. Within the caller's transaction.
    public func decisions(
        of tenant: TenantID, since: Moment, on connection: any Connection
    ) throws -> [UseDecision] {
        let parts = Dictionary(
            grouping: try connection.rows(
                """
                SELECT * FROM responsibility
                WHERE tenant = \(tenant) AND part = 'accountable' AND state IN ('accepted', 'ended')
                ORDER BY proposed_at, id
                """
            ).map(Responsibility.init), by: \.use)
        let delegations = try delegations(in: tenant, on: connection)
        let rows = try connection.rows(
            """
            SELECT c.subject AS use, c.person AS person, c.at AS at FROM intent_change c
            WHERE c.tenant = \(tenant) AND c.at >= \(since) AND c.subject_kind = 'use'
                AND (c.what IN ('moved', 'classified') OR (c.what = 'revised' AND c.detail LIKE '%review date%'))
            UNION ALL
            SELECT e.ai_use AS use, c.person AS person, c.at AS at FROM intent_change c
            JOIN escalation e ON e.tenant = c.tenant AND e.id = c.subject
            WHERE c.tenant = \(tenant) AND c.at >= \(since) AND c.subject_kind = 'escalation' AND c.what = 'decided'
            """)
        return try rows.map { row in
            let (use, by, at): (ID<AIUse>, ID<Person>, Moment) = (
                try row.get("use"), try row.get("person"), try row.get("at")
            )
            let owners = (parts[use] ?? []).filter { part in
                guard let from = part.answeredAt, from <= at else { return false }
                return part.endedAt.map { at < $0 } ?? true && at.day <= part.until ?? at.day
            }.map(\.person)
            let isStandIn = delegations.contains { one in
                owners.contains(one.person) && one.delegate == by && one.days.contains(at.day)
                    && (one.use == nil || one.use == use) && one.answeredAt.map { $0 <= at } ?? false
                    && one.endedAt.map { at < $0 } ?? true
            }
            return UseDecision(
                use: use, at: at, wasOwned: !owners.isEmpty, isByOwner: owners.contains(by) || isStandIn)
        }.sorted { $0.at < $1.at }
    }
}
