import Basis
import JSON
import Storage

/// A table whose rows hold statements outside the record, or point at some: what could not be delivered or stored.
///
/// Beside `PersonalTable`, whose rows say by a column whom they are about.
public struct PersonalPapers: Sendable {
    /// What the rows are, in the plural: a heading and a file's name.
    public let kind: String
    let table: StaticString
    let key: (StaticString, StaticString)
    let body, statements, remark: StaticString

    /// - Parameters:
    ///   - kind: Such as `statements not delivered`.
    ///   - table: Its name, written in the program.
    ///   - key: The two columns of text that tell a tenant's rows apart; the second is the row's first statement.
    ///   - body: The column with a statement as JSON; null where the statements lie in the record.
    ///   - statements: The column with the identifiers of statements of the record, a space between two.
    ///   - remark: The column with a text that may quote them.
    public init(
        _ kind: String, _ table: StaticString, key: (StaticString, StaticString), body: StaticString,
        statements: StaticString, remark: StaticString
    ) {
        self.kind = kind
        self.table = table
        self.key = key
        self.body = body
        self.statements = statements
        self.remark = remark
    }

    /// What stands in place of a remark about statements that were erased.
    static let blank = "What was said of it went with the person."

    private struct Paper {
        let key: (String, String)
        let ids: [String]
        let hasBody: Bool
    }

    /// The rows about a person.
    ///
    /// - Cost: reads the whole table, and keeps its keys.
    private func papers(
        naming marks: PersonMarks, _ agents: PersonAgents, _ tenant: TenantID, on connection: any Connection
    ) throws -> [Paper] {
        var found: [Paper] = []
        let columns = SQL(stringLiteral: "SELECT \(key.0) AS k, \(key.1) AS l, \(body) AS body, \(statements) AS ids")
        let order = SQL(stringLiteral: " ORDER BY \(key.0), \(key.1)")
        let rows = SQL(stringLiteral: " FROM \(table) WHERE tenant = ")
        var pointing: [Paper] = []
        try connection.each(columns + rows + "\(tenant)" + order) { row in
            let bytes: [UInt8]? = try row.find("body")
            let ids = try row.get("ids", as: String.self).split(separator: " ").map(String.init)
            let paper = Paper(key: (try row.get("k"), try row.get("l")), ids: ids, hasBody: bytes != nil)
            if let bytes {
                if marks.name(bytes) { found.append(paper) }
            } else {
                pointing.append(paper)
            }
        }
        if agents.agents.isEmpty { return found }
        for paper in pointing where try isAbout(paper.ids, agents, tenant, on: connection) { found.append(paper) }
        return found
    }

    /// Whether any of some statements of the record names the person.
    private func isAbout(
        _ ids: [String], _ agents: PersonAgents, _ tenant: TenantID, on connection: any Connection
    ) throws -> Bool {
        let numbers = SQL.list([0] + agents.numbers)
        let bytes = ids.compactMap { ID<Statement>($0)?.bytes }
        return try chunks(bytes).contains { chunk in
            try connection.holds(
                """
                SELECT 1 AS one FROM statement s WHERE s.tenant = \(tenant) AND s.id IN (\(SQL.list(chunk)))
                    AND ((s.actor <> 0 AND s.actor IN (\(numbers))) OR EXISTS (SELECT 1 FROM related_agent r
                        WHERE r.tenant = s.tenant AND r.seq = s.seq AND r.agent IN (\(numbers))))
                LIMIT 1
                """)
        }
    }

    func count(
        _ marks: PersonMarks, _ agents: PersonAgents, _ tenant: TenantID, on connection: any Connection
    ) throws -> Int {
        try papers(naming: marks, agents, tenant, on: connection).count
    }

    /// The rows as objects for the person, in the order of their keys.
    func objects(
        _ marks: PersonMarks, _ agents: PersonAgents, _ tenant: TenantID, on connection: any Connection
    ) throws -> [JSONObject] {
        try papers(naming: marks, agents, tenant, on: connection).compactMap { paper in
            let row = try connection.row("SELECT *" + condition(paper.key, tenant))
            guard let row else { return nil }
            return JSONObject(
                row.fields.filter { $0.name != "tenant" }.map { name, value in
                    guard name == "\(body)", case .bytes(let bytes) = value else {
                        return (name, PersonalTable.shown(value, of: name))
                    }
                    return (name, (try? JSONValue(parsing: bytes)) ?? .string(String(decoding: bytes, as: UTF8.self)))
                })
        }
    }

    private func condition(_ key: (String, String), _ tenant: TenantID) -> SQL {
        SQL(stringLiteral: " FROM \(table)") + self.key(key, tenant)
    }

    private func key(_ key: (String, String), _ tenant: TenantID) -> SQL {
        let (one, other) = (SQL(stringLiteral: "\(self.key.0)"), SQL(stringLiteral: "\(self.key.1)"))
        return " WHERE tenant = \(tenant) AND " + one + " = \(key.0) AND " + other + " = \(key.1)"
    }

    /// Removes statements that name the person and lie outside the record, and what points at erased ones.
    ///
    /// - Parameters:
    ///   - marks: By what such a statement is known.
    ///   - run: The erasure, whose tombstones tell which statements of the record went.
    ///   - tenant: Whose rows.
    ///   - connection: Within the erasure's transaction.
    /// - Returns: How many rows were removed or changed.
    /// - Throws: `StorageError`.
    func settle(
        _ marks: PersonMarks, run: String, _ tenant: TenantID, on connection: any Connection
    ) throws -> Int {
        let found = try papers(naming: marks, PersonAgents([]), tenant, on: connection)
        for paper in found { try connection.run("DELETE" + condition(paper.key, tenant)) }
        var count = found.count
        let columns = SQL(stringLiteral: "SELECT \(key.0) AS k, \(key.1) AS l, \(statements) AS ids FROM \(table)")
        let open = SQL(stringLiteral: " AND \(body) IS NULL")
        for row in try connection.rows(columns + " WHERE tenant = \(tenant)" + open) {
            let ids = try row.get("ids", as: String.self).split(separator: " ").map(String.init)
            let touched = try tombstones(of: ids, run, tenant, on: connection)
            if touched.isEmpty { continue }
            count += 1
            let rest = ids.filter { touched[$0] != .erased }
            let own = key((try row.get("k"), try row.get("l")), tenant)
            guard let first = rest.first else {
                try connection.run(SQL(stringLiteral: "DELETE FROM \(table)") + own)
                continue
            }
            // The first that is left names the row from now on.
            let change = SQL(stringLiteral: "UPDATE \(table) SET \(remark) = ") + "\(PersonalPapers.blank)"
            let list = SQL(stringLiteral: ", \(statements) = ") + "\(rest.joined(separator: " "))"
            let name = SQL(stringLiteral: ", \(key.1) = ") + "\(first)"
            try connection.run(change + list + name + own)
        }
        return count
    }

    private func tombstones(
        of ids: [String], _ run: String, _ tenant: TenantID, on connection: any Connection
    ) throws -> [String: LeafFate] {
        var fates: [String: LeafFate] = [:]
        for chunk in chunks(ids.compactMap({ ID<Statement>($0)?.bytes })) {
            let rows = try connection.rows(
                """
                SELECT id, fate FROM erased_leaf WHERE tenant = \(tenant) AND run = \(run) AND kind = 'statement'
                    AND id IN (\(SQL.list(chunk)))
                """)
            for row in rows { fates[ID<Statement>(bytes: try row.get("id")).description] = try row.get("fate") }
        }
        return fates
    }
}
