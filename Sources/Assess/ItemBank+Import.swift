public import Basis
import JSON
import Storage

extension ItemBank {
    /// Takes a file of items in, JSON Lines (unpacked): all of it or none of it.
    ///
    /// Rows are known by their `id`. A row that says what is known already is passed over; one that says something
    /// else makes the next version.
    ///
    /// - Throws: `Problem`: `import-empty`, or `import-refused` with an issue a place.
    public func importItems(
        _ bytes: [UInt8], tenant: TenantID, dryRun: Bool = false, contents: @escaping ContentResolver,
        skills: @escaping SkillResolver,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> ItemReport {
        let file = try ItemFile(bytes: bytes)
        do {
            return try await database.write { connection in
                let found = try resolve(file, try contents(connection))
                var report = try take(file.drafts, found, try skills(connection), tenant, progress, on: connection)
                if !dryRun { return report }
                report.isDryRun = true
                throw Rehearsal(report: report)
            }
        } catch let rehearsal as Rehearsal {
            return rehearsal.report
        }
    }

    /// Undoes a dry run.
    private struct Rehearsal: Error { let report: ItemReport }

    private struct Known {
        let id: ID<Item>
        let number: Int
        let version: Int
        let hash: [UInt8]
        let content: ID<Content>?
        let createdAt: Moment
    }

    private struct Change {
        let draft: ItemDraft
        let id: ID<Item>
        let number: Int
        let version: Int
        let content: ID<Content>?
        let skills: Set<ID<Skill>>
        let createdAt: Moment
        let body: String
        let hash: [UInt8]
    }

    /// The learning object of each row, with an issue for each that is not there.
    private func resolve(
        _ file: ItemFile, _ content: (String) throws -> ID<Content>?
    ) throws -> [String: ID<Content>] {
        var issues = file.issues
        var found: [String: ID<Content>] = [:]
        for draft in file.drafts {
            guard let key = draft.content, found[key] == nil else { continue }
            if let id = try content(key) {
                found[key] = id
            } else {
                issues.add(
                    draft.line, "/learning_object",
                    "“\(key)” is not in the catalogue. Import the learning object first.")
            }
        }
        try issues.refuse("The items")
        return found
    }

    private func take(
        _ drafts: [ItemDraft], _ contents: [String: ID<Content>], _ skill: (String) throws -> ID<Skill>,
        _ tenant: TenantID, _ progress: (Int, Int) -> Void, on connection: any Connection
    ) throws -> ItemReport {
        var report = ItemReport()
        let now = world.now()
        var last: Int = try connection.value(
            "SELECT COALESCE(MAX(number), 0) AS last FROM item WHERE tenant = \(tenant)")
        var done = 0
        for chunk in chunks(drafts) {
            let known = try known(chunk.map(\.key), tenant, on: connection)
            var changes: [Change] = []
            for draft in chunk {
                let (body, hash) = draft.sealed()
                let old = known[draft.key]
                let content = draft.content.flatMap { contents[$0] }
                if let old, old.hash == hash, old.content == content {
                    report.unchanged += 1
                    continue
                }
                if old == nil {
                    last += 1
                    report.created += 1
                } else {
                    report.updated += 1
                }
                changes.append(
                    Change(
                        draft: draft, id: old?.id ?? world.id(), number: old?.number ?? last,
                        version: (old?.version ?? 0) + 1, content: content, skills: Set(try draft.skills.map(skill)),
                        createdAt: old?.createdAt ?? now, body: body, hash: hash))
            }
            try write(changes, tenant, now, on: connection)
            done += chunk.count
            progress(done, drafts.count)
        }
        return report
    }

    private func known(
        _ keys: [String], _ tenant: TenantID, on connection: any Connection
    ) throws -> [String: Known] {
        var known: [String: Known] = [:]
        let rows = try connection.rows(
            """
            SELECT key, id, number, version, hash, content, created_at FROM item
            WHERE tenant = \(tenant) AND key IN (\(SQL.list(keys)))
            """)
        for row in rows {
            known[try row.get("key")] = Known(
                id: try row.get("id"), number: try row.get("number"), version: try row.get("version"),
                hash: try row.get("hash"), content: try row.find("content"), createdAt: try row.get("created_at"))
        }
        return known
    }

    private func write(
        _ changes: [Change], _ tenant: TenantID, _ now: Moment, on connection: any Connection
    ) throws {
        let (new, changed) = (changes.filter { $0.version == 1 }, changes.filter { $0.version > 1 })
        try connection.bulk("item", itemColumns, new.map { row($0, tenant, now) }, on: .refuse)
        try connection.bulk(
            "item", itemColumns, changed.map { row($0, tenant, now) }, on: .replace(key: ["tenant", "id"]))
        if !changed.isEmpty {
            try connection.run(
                "DELETE FROM item_skill WHERE tenant = \(tenant) AND item IN (\(SQL.list(changed.map(\.number))))")
        }
        try connection.bulk(
            "item_skill", ["tenant", "item", "skill"],
            changes.flatMap { change in change.skills.map { [tenant.stored, change.number.stored, $0.stored] } },
            on: .refuse)
        try connection.bulk(
            "item_version", ["tenant", "item", "version", "made_at", "body"],
            changes.map { [tenant.stored, $0.number.stored, $0.version.stored, now.stored, $0.body.stored] },
            on: .refuse)
    }

    private func row(_ change: Change, _ tenant: TenantID, _ now: Moment) -> [Value] {
        let draft = change.draft
        return [
            tenant.stored, change.id.stored, change.number.stored, draft.key.stored, change.version.stored,
            orNull(change.content), draft.kind.stored, draft.stem.stored, JSONValue(draft.choices).text.stored,
            JSONValue.array(draft.correct.map { JSONValue($0) }).text.stored,
            JSONValue.array(draft.explanations.map { JSONValue($0) }).text.stored, draft.situation.stored,
            JSONValue(draft.matches).text.stored, orNull(draft.numeric?.value), orNull(draft.numeric?.tolerance),
            orNull(draft.numeric?.unit), JSONValue(draft.accepted).text.stored, draft.feedback.stored,
            draft.outcome.stored, draft.review.stored, orNull(draft.level),
            draft.language.stored, draft.licence.stored, draft.author.stored, draft.source.stored,
            draft.provenance.origin.stored, orNull(draft.provenance.digitalSourceType),
            orNull(draft.provenance.model), orNull(draft.provenance.reviewer), orNull(draft.provenance.reviewed),
            change.hash.stored, change.createdAt.stored, now.stored,
        ]
    }
}

private let itemColumns = [
    "tenant", "id", "number", "key", "version", "content", "kind", "stem", "choices", "correct", "explanations",
    "situation", "matches", "number_value", "number_tolerance", "number_unit", "accepted", "feedback", "outcome",
    "review", "level", "language", "licence", "author", "source", "origin", "source_type", "model", "reviewer",
    "reviewed_on",
    "hash", "created_at", "changed_at",
]

private func orNull(_ value: (some Storable)?) -> Value { value?.stored ?? .null }
