import Basis
import Storage

/// One way along an index that finds statements in the order of storing.
///
/// The table that leads is read in its order and bounded; the others are looked up for each of its rows.
struct StatementWalk {
    /// The tables by the names that they have in the search.
    enum Table: CaseIterable {
        case statement, relatedAgent, relatedActivity

        var alias: SQL {
            switch self {
            case .statement: "s"
            case .relatedAgent: "r"
            case .relatedActivity: "c"
            }
        }

        var named: SQL {
            switch self {
            case .statement: "statement s"
            case .relatedAgent: "related_agent r"
            case .relatedActivity: "related_activity c"
            }
        }
    }

    var lead = Table.statement
    /// Tables besides `statement`.
    var beside: [Table] = []
    var conditions: [SQL] = []
    /// Whether its rows come in the order of the leading table; a few looked up by number need none.
    var isOrdered = true

    var seq: SQL { lead.alias + ".seq" }

    /// What stands behind FROM.
    var source: SQL {
        let others = [.statement] + beside
        return others.filter { $0 != lead }.reduce(lead.named) { $0 + joined($1, to: lead) }
    }

    /// What joins the other tables to rows of `statement` that are called `s`.
    var joins: SQL { beside.reduce("") { $0 + joined($1, to: .statement) } }

    private func joined(_ table: Table, to other: Table) -> SQL {
        " \(SQL.inOrder) " + table.named + " ON " + table.alias + ".tenant = " + other.alias + ".tenant AND "
            + table.alias + ".seq = " + other.alias + ".seq"
    }
}

/// What a search asks for, as numbers, and along which of it the walks go.
///
/// The engines cannot know how often two names stand together: SQLite keeps no figures here, PostgreSQL none of pairs.
/// So a short look at each index tells whether a name is rare; a walk along a rare one is short whatever else is asked
/// for. Where none is rare, the index of the agent or of the activity leads: it holds what else there is to compare, so
/// that only matches are read.
struct StatementNames {
    /// What may lead a walk, the best one first where none is rare.
    enum Lead: CaseIterable { case agent, activity, registration, verb, authority }

    /// Up to this many statements, a name is rare.
    static let rareLimit = 1_000

    var agent: Int?
    var activity: Int?
    var verb: Int?
    var registration: String?
    var authority: Int?

    private var given: [Lead] {
        Lead.allCases.filter { lead in
            switch lead {
            case .agent: agent != nil
            case .activity: activity != nil
            case .registration: registration != nil
            case .verb: verb != nil
            case .authority: authority != nil
            }
        }
    }

    /// Along what the walks go; nil where only time and order are asked for.
    func lead(
        of tenant: TenantID, _ query: StatementQuery, _ cache: NameCache, on connection: any Connection
    ) throws -> Lead? {
        let given = given
        // The first leads anyway, be it rare or not, so only the others are looked at.
        let rare = try given.dropFirst().first { lead in
            guard let common = common(lead, query) else { return try isRare(lead, of: tenant, query, on: connection) }
            if cache.isCommon(common, in: tenant) { return false }
            let isRare = try isRare(lead, of: tenant, query, on: connection)
            if !isRare { cache.note(common: common, in: tenant) }
            return isRare
        }
        return rare ?? given.first
    }

    /// What is remembered of a name once it was found to be common; nil for what there are too many of.
    private func common(_ lead: Lead, _ query: StatementQuery) -> NameCache.Common? {
        switch lead {
        case .agent: agent.map { NameCache.Common(lead: lead, number: $0, withRelated: query.withRelatedAgents) }
        case .activity:
            activity.map { NameCache.Common(lead: lead, number: $0, withRelated: query.withRelatedActivities) }
        case .verb: verb.map { NameCache.Common(lead: lead, number: $0, withRelated: false) }
        case .authority: authority.map { NameCache.Common(lead: lead, number: $0, withRelated: false) }
        case .registration: nil
        }
    }

    private func isRare(
        _ lead: Lead, of tenant: TenantID, _ query: StatementQuery, on connection: any Connection
    ) throws -> Bool {
        var count = 0
        for walk in alone(lead).walks(query, along: lead) {
            let some: SQL =
                "SELECT 1 AS one FROM " + walk.lead.named + " WHERE " + walk.lead.alias + ".tenant = \(tenant) AND "
                + SQL.join(walk.conditions, " AND ") + " LIMIT \(StatementNames.rareLimit + 1)"
            count += try connection.value("SELECT COUNT(*) AS count FROM (\(some)) walked")
        }
        return count <= StatementNames.rareLimit
    }

    /// One of the names without the others.
    private func alone(_ lead: Lead) -> StatementNames {
        var names = StatementNames()
        switch lead {
        case .agent: names.agent = agent
        case .activity: names.activity = activity
        case .registration: names.registration = registration
        case .verb: names.verb = verb
        case .authority: names.authority = authority
        }
        return names
    }

    /// Every combination of where the agent and where the activity may stand, without bounds of time.
    func walks(_ query: StatementQuery, along lead: Lead?) -> [StatementWalk] {
        var walks = [StatementWalk()]
        if let agent { walks = agentWalks(agent, query, leads: lead == .agent) }
        if let activity {
            walks = walks.flatMap { walk in
                activityWalks(activity, walk, query, leads: lead == .activity, agentLeads: lead == .agent)
            }
        }
        return walks.map { walk in
            var walk = walk
            if let verb {
                let isHeld = lead == .agent || lead == .activity
                walk.conditions.append(
                    walk.lead == .statement
                        ? equal("s.verb", verb, lead == .verb ? .leads : isHeld ? .isHeld : .isCompared)
                        : beside(walk.lead == .relatedAgent ? "r" : "c", verb: verb))
            }
            if let registration {
                walk.conditions.append(
                    lead == .registration
                        ? "s.registration = \(registration)"
                        : "\(sqlite: "+s.registration", postgres: "s.registration || ''") = \(registration)")
            }
            if let authority {
                walk.conditions.append(equal("s.authority", authority, lead == .authority ? .leads : .isCompared))
            }
            return walk
        }
    }

    /// The verb of what a table beside `statement` leads to. SQLite asks the narrow index of verbs before it reads the
    /// row, which is several times as fast where few match.
    private func beside(_ alias: String, verb: Int) -> SQL {
        let probe = """
            EXISTS (SELECT 1 FROM statement v INDEXED BY statement_verb
            WHERE v.tenant = \(alias).tenant AND v.seq = \(alias).seq AND v.verb
            """
        return "\(sqlite: probe, postgres: "(s.verb + 0") = \(verb))"
    }

    private func agentWalks(_ agent: Int, _ query: StatementQuery, leads: Bool) -> [StatementWalk] {
        let direct: SQL = query.withRelatedAgents ? "" : " AND r.is_direct = 1"
        var walks = [
            StatementWalk(conditions: [equal("s.actor", agent, leads ? .leads : .isCompared)]),
            StatementWalk(
                lead: leads ? .relatedAgent : .statement, beside: [.relatedAgent],
                conditions: ["r.agent = \(agent)" + direct]),
        ]
        if query.withRelatedAgents {
            walks.append(StatementWalk(conditions: [equal("s.authority", agent, leads ? .leads : .isCompared)]))
        }
        return walks
    }

    private func activityWalks(
        _ activity: Int, _ walk: StatementWalk, _ query: StatementQuery, leads: Bool, agentLeads: Bool
    ) -> [StatementWalk] {
        var direct = walk
        direct.conditions.append(
            equal("s.activity", activity, leads ? .leads : agentLeads ? .isHeld : .isCompared))
        guard query.withRelatedActivities else { return [direct] }
        var related = walk
        if leads { related.lead = .relatedActivity }
        related.beside.append(.relatedActivity)
        related.conditions.append("c.activity = \(activity)")
        return [direct, related]
    }

    private enum Role {
        /// Its index is walked.
        case leads
        /// It stands in the index that is walked.
        case isHeld
        /// It is looked at in the row.
        case isCompared
    }

    /// A condition that only an index which is meant to be walked can serve.
    private func equal(_ column: StaticString, _ number: Int, _ role: Role) -> SQL {
        let plain = SQL(stringLiteral: "\(column)")
        let muted: SQL = "\(sqlite: "+\(column)", postgres: "\(column) + 0")"
        let held: SQL = "\(sqlite: "+\(column)", postgres: "\(column)")"
        switch role {
        case .leads: return plain + " = \(number)"
        case .isHeld: return held + " = \(number)"
        case .isCompared: return muted + " = \(number)"
        }
    }
}
