public import Basis
import Crypto
import JSON
import Storage

extension RightsDesk {
    /// Statements of one read.
    private static let readLimit = 500

    /// Writes statements for analysts, oldest first, one a line: agents by pseudonym, without names, free text and
    /// attachments. Voided ones are not among them.
    ///
    /// - Parameters:
    ///   - tenant: Whose statements.
    ///   - start: Where an earlier reading stopped; 0 for all.
    ///   - limit: How many at most; nil for all.
    ///   - sink: Takes whole lines, and the place behind them.
    /// - Returns: How many statements there were.
    /// - Throws: `StorageError`, and what the sink throws.
    @discardableResult
    public func readPseudonymised(
        of tenant: TenantID, after start: Int = 0, limit: Int? = nil,
        into sink: (_ lines: [UInt8], _ place: Int) async throws -> Void
    ) async throws -> Int {
        let key = try await pseudonymKey(of: tenant)
        var (place, count) = (start, 0)
        while count < limit ?? .max {
            let (from, size) = (place, min(RightsDesk.readLimit, (limit ?? .max) - count))
            let page = try await database.read { connection in
                let rows = try connection.rows(
                    """
                    SELECT seq, id, stored_at, timestamp_at, body, edition, voided, NULL AS authority FROM statement
                    WHERE tenant = \(tenant) AND seq > \(from) AND voided = 0 ORDER BY seq LIMIT \(size)
                    """)
                let statements = try rows.map(StoredStatement.init)
                let values = statements.map { (try? JSONValue(parsing: $0.filled)) ?? .null }
                let names = Set(
                    values.flatMap { value in
                        let facts = StatementFacts(value)
                        return facts.allAgents.map(\.agent.canonical)
                    })
                let people = try people(named: names, of: tenant, on: connection)
                return (statements.last?.sequence, values, people)
            }
            guard let last = page.0 else { break }
            let shroud = Shroud(key: key, people: page.2)
            var lines: [UInt8] = []
            for value in page.1 { lines += shroud.statement(value).bytes + [0x0A] }
            try await sink(lines, last)
            place = last
            count += page.1.count
        }
        return count
    }

    /// Which people agents are, so that one person has one pseudonym whatever the agent.
    private func people(
        named names: Set<String>, of tenant: TenantID, on connection: any Connection
    ) throws -> [String: String] {
        var people: [String: String] = [:]
        for chunk in chunks(names.sorted()) {
            let rows = try connection.rows(
                """
                SELECT ifi, person FROM agent WHERE tenant = \(tenant) AND person IS NOT NULL
                    AND ifi IN (\(SQL.list(chunk)))
                """)
            for row in rows { people[try row.get("ifi")] = try row.get("person") }
        }
        return people
    }

    /// Makes a new key, so that pseudonyms given before cannot be joined with those to come. The old key is gone.
    ///
    /// - Throws: `Problem` (`reason`); `StorageError`.
    public func rotatePseudonyms(reason: String, by author: ID<Person>?, of tenant: TenantID) async throws {
        let reason = try checked(reason)
        let (secret, now) = (world.bytes(32), world.now())
        _ = try await pseudonymKey(of: tenant)
        try await database.write { connection in
            try connection.run(
                """
                UPDATE pseudonym_key SET version = version + 1, secret = \(secret), made_at = \(now)
                WHERE tenant = \(tenant)
                """)
            _ = try record(
                .refreshed, ActivityRef("urn:leeway:pseudonyms", name: "Key of the pseudonyms"), by: author,
                reason: reason, for: tenant, on: connection)
        }
    }

    private func pseudonymKey(of tenant: TenantID) async throws -> [UInt8] {
        let sql: SQL = "SELECT secret FROM pseudonym_key WHERE tenant = \(tenant)"
        if let row = try await database.read({ try $0.row(sql) }) { return try row.get("secret") }
        let (secret, now) = (world.bytes(32), world.now())
        return try await database.write { connection in
            if let row = try connection.row(sql) { return try row.get("secret") }
            _ = try yielding {
                try connection.run(
                    """
                    INSERT INTO pseudonym_key (tenant, version, secret, made_at)
                    VALUES (\(tenant), 1, \(secret), \(now))
                    """)
            }
            return secret
        }
    }
}

/// Takes everything out of a statement that says who somebody is, but for a pseudonym.
struct Shroud {
    let key: [UInt8]
    /// Identities of people by canonical names of agents.
    let people: [String: String]

    /// Extensions without free text.
    static let extensions: Set<String> = [
        Vocabulary.choice, Vocabulary.version, Vocabulary.skills, Vocabulary.propensity, Vocabulary.arm,
    ]
    /// The home page of pseudonyms.
    static let home = "urn:leeway:pseudonym"

    /// - Source: RFC 2104, with SHA-256, of which 16 bytes are kept.
    func pseudonym(of name: AgentName) -> AgentName {
        let identity = people[name.canonical].map { "person:" + $0 } ?? name.canonical
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(identity.utf8), using: SymmetricKey(data: key))
        return AgentName(home: Shroud.home, account: hexadecimal(code.prefix(16)))
    }

    func statement(_ value: JSONValue) -> JSONValue {
        guard var object = value.object else { return value }
        object["attachments"] = nil
        object["authority"] = nil
        object["actor"] = object["actor"].map(agent)
        object["object"] = object["object"].map(target)
        if var result = object["result"]?.object {
            result["response"] = nil
            result["extensions"] = nil
            object["result"] = .object(result)
        }
        object["context"] = object["context"].map(context)
        return .object(object)
    }

    private func target(_ value: JSONValue) -> JSONValue {
        switch value["objectType"]?.string {
        case "Agent", "Group": return agent(value)
        case "SubStatement": return statement(value)
        case "StatementRef": return value
        default:
            guard var object = value.object, var definition = object["definition"]?.object else { return value }
            definition["extensions"] = nil
            object["definition"] = .object(definition)
            return .object(object)
        }
    }

    private func agent(_ value: JSONValue) -> JSONValue {
        var object = AgentName(value).flatMap { pseudonym(of: $0).json.object } ?? JSONObject()
        object["objectType"] = value["objectType"] ?? "Agent"
        if let members = value["member"]?.array { object["member"] = .array(members.map(agent)) }
        return .object(object)
    }

    private func context(_ value: JSONValue) -> JSONValue {
        guard var object = value.object else { return value }
        object.changeContextAgents(agent)
        if let extensions = object["extensions"]?.object {
            let kept = extensions.members.filter { Shroud.extensions.contains($0.name) }
            object["extensions"] = kept.isEmpty ? nil : .object(JSONObject(kept.map { ($0.name, $0.value) }))
        }
        return .object(object)
    }
}
