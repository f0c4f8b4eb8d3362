public import Basis
import JSON
import Storage

extension RightsDesk {
    /// Files of the archive begin anew at this size.
    static let partByteLimit = 1 << 20
    /// Rows of one read.
    static let pageLimit = 200

    /// Records why somebody takes out everything held about another person. Call it before `archive`.
    ///
    /// - Throws: `Problem` (`reason`, `person-missing`); `StorageError`.
    public func noteExport(
        of person: ID<Person>, reason: String, by author: ID<Person>?, in tenant: TenantID
    ) async throws {
        let reason = try checked(reason)
        try await database.write { connection in
            _ = try PersonIdentity(person, of: tenant, on: connection)
            let activity = ActivityRef(
                "urn:leeway:person:\(person)", name: "Data about a person", type: Vocabulary.personType)
            _ = try record(.exported, activity, by: author, reason: reason, for: tenant, on: connection)
        }
    }

    /// Writes everything held about a person as a ZIP archive: docs/privacy.md says what lies where.
    ///
    /// The sink takes the archive piece by piece; no more than some MiB of it are in memory.
    ///
    /// - Throws: `Problem` (`person-missing`); `StorageError`; what the sink throws.
    public func archive(
        of person: ID<Person>, in tenant: TenantID, into sink: @escaping ([UInt8]) async throws -> Void
    ) async throws {
        let (identity, agents) = try await database.read { connection in
            let identity = try PersonIdentity(person, of: tenant, on: connection)
            return (identity, try PersonAgents(identity, of: tenant, on: connection))
        }
        var writer = ArchiveWriter(desk: self, tenant: tenant, archive: ZipArchive(into: sink))
        writer.page = PersonPage(person: identity, names: agents.agents.map(\.ifi), at: world.now())
        try await writer.writeAccount(person)
        for table in tables { try await writer.write(table, person) }
        for kind in papers { try await writer.write(kind, PersonMarks(identity, agents), agents) }
        try await writer.writeStatements(agents)
        try await writer.writeDocuments(agents)
        try await writer.finish()
    }
}

/// Lines that become a file whenever there are enough of them.
private struct Lines {
    let name: String
    var bytes: [UInt8] = []
    var part = 0

    init(_ name: String) { self.name = name }

    mutating func take() -> (name: String, bytes: [UInt8])? {
        if bytes.isEmpty { return nil }
        part += 1
        defer { bytes = [] }
        return ("\(name)-\(part).jsonl", bytes)
    }
}

private struct ArchiveWriter {
    let desk: RightsDesk
    let tenant: TenantID
    var archive: ZipArchive
    var page: PersonPage?

    init(desk: RightsDesk, tenant: TenantID, archive: ZipArchive) {
        self.desk = desk
        self.tenant = tenant
        self.archive = archive
    }

    private mutating func add(_ line: [UInt8], to lines: inout Lines) async throws {
        lines.bytes += line
        lines.bytes.append(0x0A)
        if lines.bytes.count >= RightsDesk.partByteLimit { try await close(&lines) }
    }

    private mutating func close(_ lines: inout Lines) async throws {
        if let file = lines.take() { try await archive.add(file.name, file.bytes) }
    }

    mutating func writeAccount(_ person: ID<Person>) async throws {
        let tenant = tenant
        let row = try await desk.database.read { connection in
            try connection.row("SELECT * FROM person WHERE tenant = \(tenant) AND id = \(person)")
        }
        let hidden: Set<String> = ["tenant", "email_key", "search_text"]
        let object = JSONObject(
            (row?.fields ?? []).filter { !hidden.contains($0.name) }.map {
                ($0.name, PersonalTable.shown($0.value, of: $0.name))
            })
        page?.add("account", object)
        try await archive.add("records/account.json", JSONValue.object(object).bytes)
    }

    mutating func write(_ table: PersonalTable, _ person: ID<Person>) async throws {
        let tenant = tenant
        var lines = Lines("records/" + table.kind.replacing(" ", with: "-"))
        var offset = 0
        while true {
            let start = offset
            let rows = try await desk.database.read { connection in
                try table.page(of: person, tenant, from: start, limit: RightsDesk.pageLimit, on: connection)
            }
            for row in rows {
                page?.add(table.kind, row)
                try await add(JSONValue.object(row).bytes, to: &lines)
            }
            offset += rows.count
            if rows.count < RightsDesk.pageLimit { break }
        }
        try await close(&lines)
    }

    mutating func write(_ papers: PersonalPapers, _ marks: PersonMarks, _ agents: PersonAgents) async throws {
        let tenant = tenant
        var lines = Lines("records/" + papers.kind.replacing(" ", with: "-"))
        let rows = try await desk.database.read { try papers.objects(marks, agents, tenant, on: $0) }
        for row in rows {
            page?.add(papers.kind, row)
            try await add(JSONValue.object(row).bytes, to: &lines)
        }
        try await close(&lines)
    }

    /// Every statement that names the person anywhere, voided ones included, in the order of storing.
    mutating func writeStatements(_ agents: PersonAgents) async throws {
        let tenant = tenant
        var lines = Lines("statements/statements")
        var place = 0
        var seen: Set<[UInt8]> = []
        while true {
            let start = place
            let statements = try await desk.database.read { connection in
                let numbers = try agents.statements(
                    after: start, limit: RightsDesk.pageLimit, of: tenant, on: connection)
                return try chunks(numbers).flatMap { chunk in
                    try connection.rows(
                        selection + """
                            FROM statement s LEFT JOIN agent a ON a.tenant = s.tenant AND a.number = s.authority
                            WHERE s.tenant = \(tenant) AND s.seq IN (\(SQL.list(chunk))) ORDER BY s.seq
                            """
                    ).map(StoredStatement.init)
                }
            }
            guard let last = statements.last else { break }
            for statement in statements {
                page?.add(statement)
                try await add(statement.filled.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }, to: &lines)
            }
            for attachment in try await desk.log.attachments(of: statements.map(\.id), in: tenant)
            where seen.insert(attachment.key).inserted {
                let bytes = try await desk.log.bytes(of: attachment, in: tenant)
                if let bytes { try await archive.add("attachments/" + attachment.sha2, bytes) }
            }
            place = last.sequence
        }
        try await close(&lines)
    }

    /// Every document that a client keeps about the person, and a list of them.
    mutating func writeDocuments(_ agents: PersonAgents) async throws {
        let (tenant, numbers) = (tenant, SQL.list(agents.numbers))
        var lines = Lines("documents/list")
        let from: SQL = """
             FROM document d LEFT JOIN activity c ON c.tenant = d.tenant AND c.number = d.activity
            WHERE d.tenant = \(tenant) AND d.agent <> 0 AND d.agent IN (\(numbers))
            ORDER BY d.kind, d.activity, d.agent, d.registration, d.name
            """
        var number = 0
        while true {
            let offset = number
            let row = try await desk.database.read { connection in
                try connection.row(
                    "SELECT d.kind AS kind, d.name AS name, d.registration AS registration, d.type AS type,"
                        + " d.updated_at AS updated_at, d.body AS body, c.iri AS iri" + from
                        + " LIMIT 1 OFFSET \(offset)")
            }
            guard let row else { break }
            number += 1
            let file = "documents/\(number)"
            let object: JSONObject = JSONObject([
                ("file", .string(file)), ("kind", .string(try row.get("kind"))), ("name", .string(try row.get("name"))),
                ("activity", JSONValue(try row.find("iri", as: String.self))),
                ("registration", .string(try row.get("registration"))), ("type", .string(try row.get("type"))),
                ("changedAt", .string(try row.get("updated_at", as: Moment.self).timestamp)),
            ])
            page?.add("documents", object)
            try await archive.add(file, try row.get("body"))
            try await add(JSONValue.object(object).bytes, to: &lines)
        }
        try await close(&lines)
    }

    mutating func finish() async throws {
        if let page { try await archive.add("index.html", Array(page.document.utf8)) }
        try await archive.finish()
    }
}
