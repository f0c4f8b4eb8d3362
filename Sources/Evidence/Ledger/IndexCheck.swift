import Basis
import JSON
import Storage

/// Derives the columns by which a statement is found anew from its JSON, and compares.
///
/// Leaves bind what a statement says; whoever changed only a column would hide it from those who search by it.
struct IndexCheck {
    let row: Row
    let value: JSONValue
    let renamed: FormerNames

    init(row: Row, value: JSONValue, formerly renamed: FormerNames) {
        self.row = row
        self.value = value
        self.renamed = renamed
    }

    /// Some rows behind a number, with the names behind their numbers.
    static func page(of table: LedgerTable, after number: Int, limit: Int) throws -> [Row] {
        try table.connection.rows(
            "SELECT " + LedgerContent.columns
                + """
                , s.timestamp_at AS timestamp_at, s.registration AS registration, s.actor AS actor,
                    s.verb AS verb, s.activity AS activity, a.ifi AS actor_name, v.iri AS verb_name,
                    c.iri AS activity_name
                FROM (SELECT * FROM statement WHERE tenant = \(table.tenant) AND seq > \(number)
                    ORDER BY seq LIMIT \(limit)) s
                LEFT JOIN agent u ON u.tenant = s.tenant AND u.number = s.authority
                LEFT JOIN agent a ON a.tenant = s.tenant AND a.number = s.actor
                LEFT JOIN verb v ON v.tenant = s.tenant AND v.number = s.verb
                LEFT JOIN activity c ON c.tenant = s.tenant AND c.number = s.activity
                ORDER BY s.seq
                """)
    }

    /// The columns that say something else than the statement does; empty for none.
    func differences() throws -> [String] {
        let facts = StatementFacts(value)
        var wrong: [String] = []
        let id = ID<Statement>(bytes: try row.get("id"))
        if let own = value["id"]?.string, ID<Statement>(own) != id { wrong.append("id") }
        let actor = facts.actor?.agent.canonical
        let names = renamed.names(of: try row.get("actor"), now: try row.find("actor_name"))
        let isNobody = try row.get("actor", as: Int.self) == 0
        if !names.contains(actor) || isNobody != (actor == nil) { wrong.append("actor") }
        if try row.find("verb_name", as: String.self) != facts.verb { wrong.append("verb") }
        let hasActivity = try row.find("activity", as: Int.self) != nil
        if try row.find("activity_name", as: String.self) != facts.activity?.iri
            || hasActivity != (facts.activity != nil)
        {
            wrong.append("activity")
        }
        let (storedAt, at): (Moment, Moment) = (try row.get("stored_at"), try row.get("timestamp_at"))
        if at != facts.timestamp ?? storedAt { wrong.append("timestamp") }
        if try row.find("registration", as: String.self) != facts.registration { wrong.append("registration") }
        return wrong
    }
}
