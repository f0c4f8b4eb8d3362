public import Basis
import People
public import Storage

extension PolicyDocumentBook {
    /// The newest version of each policy, by title.
    public func list(of tenant: TenantID) async throws -> [DocumentRecord] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT d.* FROM policy_document d WHERE d.tenant = \(tenant)
                AND d.version = (
                    SELECT MAX(n.version) FROM policy_document n WHERE n.tenant = d.tenant AND n.id = d.id)
                ORDER BY LOWER(d.title), d.id
                """
            ).map(DocumentRecord.init)
        }
    }

    /// Every version of a policy, the newest first; empty when there is none.
    public func versions(of id: ID<PolicyDocument>, in tenant: TenantID) async throws -> [DocumentRecord] {
        try await database.read { try versions(of: id, in: tenant, on: $0) }
    }

    /// The policies in force whose audience holds a person, those to accept first, then by title.
    public func notices(for person: ID<Person>, of tenant: TenantID) async throws -> [DocumentNotice] {
        try await database.read { try notices(for: person, of: tenant, on: $0) }
    }

    /// Within the caller's transaction.
    public func notices(
        for person: ID<Person>, of tenant: TenantID, on connection: any Connection
    ) throws -> [DocumentNotice] {
        guard let facts = try spine.directory.facts(of: person, tenant, on: connection) else { return [] }
        let accepted = try connection.rows(
            """
            SELECT document, version, at FROM policy_acceptance WHERE tenant = \(tenant) AND person = \(person)
            ORDER BY version
            """
        ).reduce(into: [ID<PolicyDocument>: (version: Int, at: Moment)]()) {
            $0[try $1.get("document")] = (try $1.get("version"), try $1.get("at"))
        }
        let notices = try inForce(tenant, on: connection).filter { $0.record.audience.contains(facts) }.map { one in
            let last = accepted[one.record.id]
            return DocumentNotice(
                document: one.record, accepted: last?.version, acceptedAt: last?.at,
                isNeeded: (last?.version ?? 0) < one.material)
        }
        return notices.filter(\.isNeeded) + notices.filter { !$0.isNeeded }
    }

    /// The policies in force that come with an AI use and are for a person, those to accept first.
    public func notices(
        about use: ID<AIUse>, for person: ID<Person>, of tenant: TenantID
    ) async throws -> [DocumentNotice] {
        try await notices(for: person, of: tenant).filter { $0.document.use == use }
    }

    /// What a person has to accept before they use an AI use.
    public func needed(
        for use: ID<AIUse>, by person: ID<Person>, of tenant: TenantID
    ) async throws -> [DocumentNotice] {
        try await database.read { try needed(for: use, by: person, of: tenant, on: $0) }
    }

    /// What a person has to accept before they use an AI use, within the caller's transaction.
    public func needed(
        for use: ID<AIUse>, by person: ID<Person>, of tenant: TenantID, on connection: any Connection
    ) throws -> [DocumentNotice] {
        let comesWith = try connection.holds(
            "SELECT id FROM policy_document WHERE tenant = \(tenant) AND ai_use = \(use) AND state = 'published'")
        if !comesWith { return [] }
        return try notices(for: person, of: tenant, on: connection).filter { $0.isNeeded && $0.document.use == use }
    }

    /// How many accepted what is in force; nil when it is not in force.
    public func coverage(of id: ID<PolicyDocument>, in tenant: TenantID) async throws -> DocumentCoverage? {
        try await database.read { connection in
            guard let one = try inForce(tenant, on: connection).first(where: { $0.record.id == id }) else { return nil }
            let members = try spine.directory.members(of: one.record.audience, tenant, on: connection)
            let accepted = Set(
                try connection.rows(
                    """
                    SELECT DISTINCT person FROM policy_acceptance
                    WHERE tenant = \(tenant) AND document = \(id) AND version >= \(one.material)
                    """
                ).map { try $0.get("person", as: ID<Person>.self) })
            let missing = members.filter { !accepted.contains($0.id) }.map(\.id)
            return DocumentCoverage(
                audience: members.count, accepted: members.count - missing.count, missing: missing)
        }
    }

    /// What is in force, with the newest material version of each up to it: whoever accepted that one or a later one
    /// accepted what holds.
    private func inForce(
        _ tenant: TenantID, on connection: any Connection
    ) throws -> [(record: DocumentRecord, material: Int)] {
        try connection.rows(
            """
            SELECT d.*, (SELECT MAX(m.version) FROM policy_document m WHERE m.tenant = d.tenant AND m.id = d.id
                AND m.version <= d.version AND m.is_material = 1 AND m.published_at IS NOT NULL) AS material
            FROM policy_document d WHERE d.tenant = \(tenant) AND d.state = 'published' ORDER BY LOWER(d.title), d.id
            """
        ).map { (record: try DocumentRecord($0), material: try $0.get("material")) }
    }

    func versions(
        of id: ID<PolicyDocument>, in tenant: TenantID, on connection: any Connection
    ) throws -> [DocumentRecord] {
        try connection.rows(
            "SELECT * FROM policy_document WHERE tenant = \(tenant) AND id = \(id) ORDER BY version DESC"
        ).map(DocumentRecord.init)
    }

    func newest(_ id: ID<PolicyDocument>, in tenant: TenantID, on connection: any Connection) throws -> DocumentRecord {
        guard let record = try versions(of: id, in: tenant, on: connection).first else {
            throw Problem(.missing, "document-missing", "There is no such policy.")
        }
        return record
    }

    func published(
        _ id: ID<PolicyDocument>, in tenant: TenantID, on connection: any Connection
    ) throws -> DocumentRecord? {
        _ = try newest(id, in: tenant, on: connection)
        return try versions(of: id, in: tenant, on: connection).first { $0.state == .published }
    }

    func version(
        _ version: Int, of id: ID<PolicyDocument>, in tenant: TenantID, on connection: any Connection
    ) throws -> DocumentRecord {
        guard let record = try versions(of: id, in: tenant, on: connection).first(where: { $0.version == version })
        else { throw Problem(.missing, "document-missing", "There is no version \(version) of it.") }
        return record
    }

    func expectDraft(
        _ id: ID<PolicyDocument>, in tenant: TenantID, on connection: any Connection
    ) throws -> DocumentRecord {
        let record = try newest(id, in: tenant, on: connection)
        guard record.state == .draft else {
            throw Problem(.conflict, "document-not-draft", "There is no draft of it. Change it first.")
        }
        return record
    }

    func insert(
        _ draft: DocumentDraft, as id: ID<PolicyDocument>, version: Int, by person: ID<Person>, in tenant: TenantID,
        at now: Moment, on connection: any Connection
    ) throws {
        guard let audience = draft.audience, let owner = draft.owner else {
            throw Problem(.invalid, "document-invalid", "The policy has no audience or no owner. Choose both.")
        }
        try connection.run(
            """
            INSERT INTO policy_document (tenant, id, version, state, title, summary, body, audience, owner, ai_use,
                is_material, created_at, created_by)
            VALUES (\(tenant), \(id), \(version), 'draft', \(draft.title.trimmed), \(draft.summary.trimmed),
                \(draft.body), \(audience.text), \(owner), \(draft.use), \(version == 1 || draft.isMaterial),
                \(now), \(person))
            """)
        try spine.put(
            Spine.Note(
                what: .drafted, subject: .document(id), name: draft.title.trimmed, by: person,
                detail: "version \(version)"), in: tenant, at: now, on: connection)
    }

    func delete(_ draft: DocumentRecord, in tenant: TenantID, on connection: any Connection) throws {
        try connection.run(
            """
            DELETE FROM policy_document
            WHERE tenant = \(tenant) AND id = \(draft.id) AND version = \(draft.version)
            """)
    }

    func put(
        _ what: Change.What, _ record: DocumentRecord, by person: ID<Person>, reason: String = "",
        detail: String? = nil, in tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws {
        try spine.put(
            Spine.Note(
                what: what, subject: .document(record.id), name: record.title, by: person, reason: reason,
                detail: detail ?? "version \(record.version)"), in: tenant, at: now, on: connection)
    }
}

extension DocumentRecord {
    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), version: try row.get("version"), state: try row.get("state"),
            title: try row.get("title"), summary: try row.get("summary"), body: try row.get("body"),
            audience: try AudienceRule(stored: try row.get("audience", as: String.self)), owner: try row.get("owner"),
            use: try row.find("ai_use"), isMaterial: try row.get("is_material"), createdAt: try row.get("created_at"),
            createdBy: try row.get("created_by"), publishedAt: try row.find("published_at"),
            endedAt: try row.find("ended_at"))
    }
}
