import Basis
import JSON

extension XAPICaller {
    /// The batch as this credential may store it: with every statement in reach, and without a say on definitions
    /// unless it may define activities. What a statement itself says of them is stored all the same.
    ///
    /// - Throws: `Problem` (`reach`) with a pointer.
    /// - Source: xAPI 1.0.3, part 3, 4.2, scope `define`.
    func admitted(_ batch: StatementBatch) throws(Problem) -> StatementBatch {
        if !reach.isUnbound, let entry = batch.entries.first(where: { !reaches($0.facts) || $0.facts.isVoiding }) {
            let problem = beyondReach
            throw Problem(problem.kind, problem.code, problem.detail, at: [entry.pointer.description])
        }
        return may(.define) ? batch : batch.withoutDefinitions
    }

    /// The search as this credential may make it.
    ///
    /// - Throws: `Problem` (`reach`).
    func admitted(_ query: StatementQuery) throws(Problem) -> StatementQuery {
        var query = query
        if !mayReadAll { query.authority = authority }
        if let learner = reach.learner {
            guard query.agent ?? learner.canonical == learner.canonical, !query.withRelatedAgents else {
                throw beyondReach
            }
            query.agent = learner.canonical
        }
        if reach.activities != nil, !reach.holds(activity: query.activity) {
            let hint = "Name one of them with the parameter activity."
            throw Problem(.forbidden, "reach", beyondReach.detail + " " + hint)
        }
        return query
    }

    /// Whether this credential may see one statement.
    func maySee(_ found: StoredStatement) -> Bool {
        if !mayReadAll, found.authority?.value != authority.name { return false }
        if reach.isUnbound { return true }
        guard let statement = try? JSONValue(parsing: found.body) else { return false }
        return reaches(StatementFacts(statement))
    }
}

extension StatementBatch {
    /// The same statements, from which nothing is learned of activities but their identifiers.
    fileprivate var withoutDefinitions: StatementBatch {
        var entries = entries
        for index in entries.indices {
            let facts = entries[index].facts
            entries[index].facts.activity = facts.activity.map { ActivityFacts(iri: $0.iri, definition: nil) }
            entries[index].facts.activities = facts.activities.map { ActivityFacts(iri: $0.iri, definition: nil) }
        }
        return StatementBatch(version: version, entries: entries)
    }
}
