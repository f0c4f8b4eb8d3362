import Basis
import JSON
import Storage

/// What became of one content of the ledger that was erased lawfully.
enum LeafFate: String, Storable {
    /// Its row is gone.
    case erased
    /// Its row stays without the person.
    case blinded
}

/// Takes statements out of the record within one transaction, and leaves a tombstone for each.
struct StatementEraser {
    let tenant: TenantID
    /// The erasure or retention run that the tombstones name.
    let run: String
    let now: Moment
    let connection: any Connection
    /// Numbers of agents whose row no longer bears the name that bodies do.
    var renamed: [String: Int] = [:]

    /// A statement that is about to go or to be changed.
    struct Stored {
        let number: Int
        let id: ID<Statement>
        let actor: Int
        let verb: Int
        let body: JSONValue

        init(_ row: Row) throws {
            number = try row.get("seq")
            id = ID(bytes: try row.get("id"))
            actor = try row.get("actor")
            verb = try row.get("verb")
            body = try JSONValue(parsing: try row.get("body", as: [UInt8].self))
        }
    }

    /// What `Stored` reads.
    static let selection: SQL = "SELECT seq, id, actor, verb, body FROM statement "

    func read(_ numbers: [Int]) throws -> [Stored] {
        var found: [Stored] = []
        for chunk in chunks(numbers) {
            found += try connection.rows(
                StatementEraser.selection
                    + "WHERE tenant = \(tenant) AND seq IN (\(SQL.list(chunk))) ORDER BY seq"
            ).map(Stored.init)
        }
        return found
    }

    /// Removes what profiles found in statements: it may quote them.
    private func removeFindings(of ids: [ID<Statement>]) throws {
        for chunk in chunks(ids.map(\.description)) {
            try connection.run(
                """
                DELETE FROM profile_finding WHERE tenant = \(tenant)
                    AND profile IN (SELECT id FROM profile WHERE tenant = \(tenant))
                    AND statement IN (\(SQL.list(chunk)))
                """)
        }
    }

    /// Removes statements with all that lies beside them.
    func erase(_ statements: [Stored]) throws {
        if statements.isEmpty { return }
        let numbers = statements.map(\.number)
        try removeNames(of: statements)
        try removeAttachments(of: statements.map(\.id))
        try removeFindings(of: statements.map(\.id))
        for chunk in chunks(numbers) {
            let these: SQL = "WHERE tenant = \(tenant) AND seq IN (\(SQL.list(chunk)))"
            try connection.run("DELETE FROM reference " + these)
            try connection.run("DELETE FROM statement " + these)
        }
        try mark(statements.map { ($0.number, $0.id) }, .erased)
    }

    /// Puts another body in place of a statement's, which its leaf no longer opens to.
    func blind(_ statement: Stored, as body: JSONValue) throws {
        var body = body
        if let attachments = body["attachments"]?.array, var object = body.object {
            let signatures = attachments.filter { $0["usageType"]?.string == AttachmentMatch.signatureUsage }
            let hashes = signatures.compactMap { $0["sha2"]?.string?.lowercased() }
            if !hashes.isEmpty {
                let rest = attachments.filter { $0["usageType"]?.string != AttachmentMatch.signatureUsage }
                object["attachments"] = rest.isEmpty ? nil : .array(rest)
                body = .object(object)
                try removeAttachments(of: [statement.id], named: hashes)
            }
        }
        try connection.run(
            """
            UPDATE statement SET body = \(body.bytes), salt = NULL
            WHERE tenant = \(tenant) AND seq = \(statement.number)
            """)
        try removeFindings(of: [statement.id])
        try mark([(statement.number, statement.id)], .blinded)
    }

    /// Leaves tombstones, for the ledger's check and for the receipt.
    func mark(_ leaves: [(number: Int, id: ID<Statement>)], _ fate: LeafFate) throws {
        let rows: [[Value]] = leaves.map { leaf in
            [
                tenant.stored, .text(run), LeafKind.statement.stored, leaf.number.stored, .bytes(leaf.id.bytes),
                fate.stored,
            ]
        }
        try connection.bulk("erased_leaf", ["tenant", "run", "kind", "seq", "id", "fate"], rows, on: .skip)
        try LedgerPen(tenant: tenant, connection: connection)
            .noteErasure(of: .statement, leaves.map(\.number), at: now)
    }

    /// Removes what finds statements by the names in them. The tables are ordered by name, so the names are told.
    private func removeNames(of statements: [Stored]) throws {
        let facts = statements.map { StatementFacts($0.body) }
        let activities = try numbers(
            "SELECT number FROM activity WHERE tenant = \(tenant) AND iri IN ",
            of: Set(facts.flatMap { $0.activities.map(\.iri) }))
        let authorities = statements.compactMap { $0.body["authority"].flatMap { AgentName($0)?.canonical } }
        let names = Set(facts.flatMap { $0.agents.keys.map(\.agent.canonical) } + authorities)
        let agents = try numbers(
            "SELECT number FROM agent WHERE tenant = \(tenant) AND ifi IN ", of: names
        ).union(names.compactMap { renamed[$0] })
        for chunk in chunks(statements.map(\.number)) {
            for some in chunks(activities.sorted()) {
                try connection.run(
                    """
                    DELETE FROM related_activity WHERE tenant = \(tenant) AND activity IN (\(SQL.list(some)))
                        AND seq IN (\(SQL.list(chunk)))
                    """)
            }
            for some in chunks(agents.sorted()) {
                try connection.run(
                    """
                    DELETE FROM related_agent WHERE tenant = \(tenant) AND agent IN (\(SQL.list(some)))
                        AND seq IN (\(SQL.list(chunk)))
                    """)
            }
        }
    }

    private func numbers(_ selection: SQL, of names: Set<String>) throws -> Set<Int> {
        var found: Set<Int> = []
        for chunk in chunks(names.sorted()) {
            for row in try connection.rows(selection + "(\(SQL.list(chunk)))") { found.insert(try row.get("number")) }
        }
        return found
    }

    /// Removes what came beside statements, and bytes that no other statement carries.
    private func removeAttachments(of ids: [ID<Statement>], named hashes: [String]? = nil) throws {
        for chunk in chunks(ids.map(\.bytes)) {
            var these: SQL = "WHERE tenant = \(tenant) AND statement IN (\(SQL.list(chunk)))"
            if let hashes { these += " AND sha2 IN (\(SQL.list(hashes)))" }
            let keys = try connection.rows("SELECT DISTINCT key FROM attachment " + these).map {
                try $0.get("key", as: [UInt8].self)
            }
            if keys.isEmpty { continue }
            try connection.run("DELETE FROM attachment " + these)
            for some in chunks(keys) {
                try connection.run(
                    """
                    DELETE FROM attachment_body WHERE tenant = \(tenant) AND key IN (\(SQL.list(some)))
                        AND NOT EXISTS (SELECT 1 FROM attachment a
                            WHERE a.tenant = attachment_body.tenant AND a.key = attachment_body.key)
                    """)
            }
        }
    }
}

/// Puts pseudonyms in place of people, wherever a document names them.
struct Blinding {
    /// By canonical name.
    let pseudonyms: [String: AgentName]
    /// Texts that are the person's alone, such as the mail address.
    let words: Set<String>

    func value(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            if let name = AgentName(value), let pseudonym = pseudonyms[name.canonical] {
                guard var agent = pseudonym.json.object else { return value }
                if let type = object["objectType"] { agent["objectType"] = type }
                if let members = object["member"] { agent["member"] = self.value(members) }
                return .object(agent)
            }
            return .object(JSONObject(object.members.map { ($0.name, self.value($0.value)) }))
        case .array(let values): return .array(values.map(self.value))
        case .string(let text): return words.contains(text) ? .string(Blinding.word) : value
        case .null, .bool, .number: return value
        }
    }

    /// What stands in place of a word.
    static let word = "erased"
}
