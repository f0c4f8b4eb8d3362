public import Basis
import Evidence
import JSON
import People
public import Storage

/// Policies in prose: written, published by versions, accepted by those whom they are for.
public struct PolicyDocumentBook: Sendable {
    let database: any Database
    let world: World
    let spine: Spine

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
        spine = Spine(database: database, world: world)
    }

    /// Begins a policy: version 1, a draft.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place.
    public func draft(
        _ draft: DocumentDraft, by person: ID<Person>, of tenant: TenantID
    ) async throws -> DocumentRecord {
        try draft.check()
        let (id, now) = (world.id(PolicyDocument.self), world.now())
        return try await database.write { connection in
            try insert(draft, as: id, version: 1, by: person, in: tenant, at: now, on: connection)
            return try newest(id, in: tenant, on: connection)
        }
    }

    /// Changes the draft, or begins the next version when there is none.
    ///
    /// - Throws: as `draft`; `document-missing`.
    public func revise(
        _ id: ID<PolicyDocument>, to draft: DocumentDraft, by person: ID<Person>, of tenant: TenantID
    ) async throws -> DocumentRecord {
        try draft.check()
        let now = world.now()
        return try await database.write { connection in
            let newest = try newest(id, in: tenant, on: connection)
            if newest.state == .draft { try delete(newest, in: tenant, on: connection) }
            let version = newest.state == .draft ? newest.version : newest.version + 1
            try insert(draft, as: id, version: version, by: person, in: tenant, at: now, on: connection)
            return try self.newest(id, in: tenant, on: connection)
        }
    }

    /// Takes a draft away.
    ///
    /// - Throws: `Problem` (`document-missing`, `document-not-draft`).
    public func discard(_ id: ID<PolicyDocument>, by person: ID<Person>, of tenant: TenantID) async throws {
        let now = world.now()
        try await database.write { connection in
            let draft = try expectDraft(id, in: tenant, on: connection)
            try delete(draft, in: tenant, on: connection)
            try put(.discarded, draft, by: person, in: tenant, at: now, on: connection)
        }
    }

    /// Puts the draft in force. The version before is superseded.
    ///
    /// - Throws: `Problem` (`document-not-draft`, `audience-empty`, `person-inactive` for an owner who is gone,
    ///   `ai-use-missing`).
    public func publish(
        _ id: ID<PolicyDocument>, reason: String = "", by person: ID<Person>, of tenant: TenantID
    ) async throws -> DocumentRecord {
        let now = world.now()
        return try await database.write { connection in
            let draft = try expectDraft(id, in: tenant, on: connection)
            try spine.expectActive(draft.owner, in: tenant, at: "/owner", on: connection)
            guard try !spine.members(of: draft.audience, in: tenant, on: connection).isEmpty else {
                throw Problem(
                    .invalid, "audience-empty", "Its audience holds nobody. Say whom it is for.", at: ["/audience"])
            }
            if let use = draft.use,
                try !connection.holds("SELECT id FROM ai_use WHERE tenant = \(tenant) AND id = \(use)")
            {
                throw Problem(.invalid, "ai-use-missing", "There is no such AI use. Choose another.", at: ["/use"])
            }
            try connection.run(
                """
                UPDATE policy_document SET state = 'superseded', ended_at = \(now)
                WHERE tenant = \(tenant) AND id = \(id) AND state = 'published'
                """)
            try connection.run(
                """
                UPDATE policy_document SET state = 'published', published_at = \(now)
                WHERE tenant = \(tenant) AND id = \(id) AND version = \(draft.version)
                """)
            try put(
                .published, draft, by: person, reason: reason.trimmed,
                detail: "version \(draft.version), \(draft.isMaterial ? "to be accepted again" : "minor change")",
                in: tenant, at: now, on: connection)
            return try version(draft.version, of: id, in: tenant, on: connection)
        }
    }

    /// Ends it: nobody has to accept it any longer. What was accepted stays on record.
    ///
    /// - Throws: `Problem` (`document-missing`, `document-not-published`).
    public func withdraw(
        _ id: ID<PolicyDocument>, reason: String, by person: ID<Person>, of tenant: TenantID
    ) async throws {
        try Findings.expect(reason: reason)
        let now = world.now()
        try await database.write { connection in
            guard let record = try published(id, in: tenant, on: connection) else {
                throw Problem(.conflict, "document-not-published", "It is not in force.")
            }
            try connection.run(
                """
                UPDATE policy_document SET state = 'withdrawn', ended_at = \(now)
                WHERE tenant = \(tenant) AND id = \(id) AND version = \(record.version)
                """)
            try put(.withdrawn, record, by: person, reason: reason.trimmed, in: tenant, at: now, on: connection)
        }
    }

    /// Notes that a person accepts the version that they had before them. Again does nothing.
    ///
    /// - Parameters:
    ///   - id: The policy.
    ///   - version: The one that was shown.
    ///   - point: Where it was accepted, such as `home` or the AI use's address.
    ///   - person: Who accepts.
    ///   - tenant: Whose policy.
    /// - Returns: Whether it is new.
    /// - Throws: `Problem` (`document-changed` when another version is in force, `not-addressed`).
    @discardableResult
    public func accept(
        _ id: ID<PolicyDocument>, version: Int, at point: String, by person: ID<Person>, of tenant: TenantID
    ) async throws -> Bool {
        let now = world.now()
        return try await database.write { connection in
            guard let record = try published(id, in: tenant, on: connection), record.version == version else {
                throw Problem(
                    .stale, "document-changed", "Version \(version) is not in force any longer. Read it again.")
            }
            guard let facts = try spine.directory.facts(of: person, tenant, on: connection),
                record.audience.contains(facts)
            else {
                throw Problem(.forbidden, "not-addressed", "It is not for you, so there is nothing to accept.")
            }
            let isNew =
                try connection.run(
                    """
                    INSERT INTO policy_acceptance (tenant, document, person, version, at, point)
                    VALUES (\(tenant), \(id), \(person), \(version), \(now), \(String(point.prefix(200))))
                    ON CONFLICT (tenant, document, person, version) DO NOTHING
                    """) == 1
            if isNew {
                try spine.log.append(
                    [
                        StatementDraft(
                            .person(person), .accepted,
                            Change.Subject.document(id).activity(name: record.title),
                            extensions: [(Vocabulary.version, .string("\(version)"))], timestamp: now)
                    ], to: tenant, on: connection)
            }
            return isNew
        }
    }
}
