public import Authorization
public import Basis
import JSON
import Storage

extension DecisionLog {
    /// The most days that a replay goes back.
    public static let replayDayLimit = AccessDesk.retentionDays

    /// Takes the decisions of the last days again by other rules, and says which would turn and for whom.
    ///
    /// `days` is how far back, today among them.
    ///
    /// - Returns: What turns, as far as the reader may know.
    /// - Throws: `StorageError`.
    /// - Cost: some microseconds a decision; what the same person or thing was is read once.
    public func replay(
        _ policies: PolicySet, of tenant: TenantID, days: Int = 30, for reader: WhatIfReader
    ) async throws -> WhatIf {
        let authorizer = Authorizer(policies)
        let days = min(max(1, days), DecisionLog.replayDayLimit)
        var tally = WhatIfTally()
        var facts = FactsMemory()
        var place = (day: first(ofLast: days), digest: [UInt8]())
        while true {
            // Page by page, so that no snapshot lasts long and the memory stays bounded.
            let from = place
            let rows = try await database.read { connection in
                try connection.rows(
                    """
                    SELECT day, digest, action, person, resource, is_allowed, determining, principal_facts,
                        resource_facts, context, times, last_at
                    FROM policy_decision
                    WHERE tenant = \(tenant) AND (day, digest) > (\(from.day), \(from.digest))
                    ORDER BY day, digest LIMIT \(pageSize)
                    """)
            }
            for row in rows { try judge(row, by: authorizer, &facts, &tally) }
            guard rows.count == pageSize, let last = rows.last else { break }
            place = (try last.get("day"), try last.get("digest"))
            await Task.yield()
            try Task.checkCancellation()
        }
        return tally.result(days: days, for: reader)
    }

    private func judge(
        _ row: Row, by authorizer: Authorizer, _ facts: inout FactsMemory, _ tally: inout WhatIfTally
    ) throws {
        let action: AccessAction = try row.get("action")
        let principal = try facts.principal(try row.get("principal_facts"))
        let (resource, entities) = try facts.resource(try row.get("resource_facts"), beside: principal)
        let request = AuthorizationRequest(
            principal: principal.reference, action: action.reference, resource: resource,
            context: try facts.context(try row.get("context")))
        let answer = authorizer.decide(request, entities)
        let (wasAllowed, times): (Bool, Int) = (try row.get("is_allowed"), try row.get("times"))
        tally.records += 1
        tally.decisions += times
        tally.failures += answer.failures.count * times
        if answer.isAllowed == wasAllowed { return }
        let former = try JSONValue(parsing: try row.get("determining", as: String.self)).array ?? []
        tally.add(
            WhatIf.Change(
                turn: wasAllowed ? .denied : .allowed, action: action, person: try row.find("person"),
                resource: try row.get("resource"),
                policies: wasAllowed ? answer.determining : former.compactMap(\.string), times: times,
                lastAt: try row.get("last_at")),
            who: principal.reference.description)
    }
}

/// Rows of one page.
private let pageSize = 2_000

/// Facts that were read already: the same person and the same thing come again and again.
private struct FactsMemory {
    struct Known {
        let reference: EntityReference
        let entities: Entities
    }

    /// The most texts that are kept of each sort.
    private static let limit = 20_000

    private var principals: [String: Known] = [:]
    private var resources: [String: [Entity]] = [:]
    private var contexts: [String: PolicyRecord] = [:]

    mutating func principal(_ text: String) throws -> Known {
        if let known = principals[text] { return known }
        let entities = try FactsText.entities(text)
        let made = Known(reference: entities[0].reference, entities: try Entities(AccessAction.entities + entities))
        if principals.count >= Self.limit { principals.removeAll() }
        principals[text] = made
        return made
    }

    mutating func resource(_ text: String, beside principal: Known) throws -> (EntityReference, Entities) {
        var entities = resources[text] ?? []
        if entities.isEmpty {
            entities = try FactsText.entities(text)
            if resources.count >= Self.limit { resources.removeAll() }
            resources[text] = entities
        }
        return (entities[0].reference, try principal.entities.adding(entities))
    }

    mutating func context(_ text: String) throws -> PolicyRecord {
        if let known = contexts[text] { return known }
        let record = try FactsText.record(text)
        if contexts.count >= Self.limit { contexts.removeAll() }
        contexts[text] = record
        return record
    }
}
