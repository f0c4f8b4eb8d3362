import Basis
import JSON
import Storage

extension Intake {
    /// A row with what it becomes.
    private struct Change {
        let draft: ContentDraft
        let id: ID<Content>
        let number: Int
        let version: Int
        let hasText: Bool
        let createdAt: Moment
        let body: String
        let hash: [UInt8]
        let skills: [ID<Skill>]

        var isNew: Bool { version == 1 }
    }

    /// Takes learning objects in and returns the numbers of those that have a new version.
    mutating func take(
        _ drafts: [ContentDraft], skills: SkillResolver, into report: inout CatalogueReport,
        on connection: any Connection
    ) throws -> Set<Int> {
        if drafts.isEmpty { return [] }
        let resolve = try skills(connection)
        let known = try known(drafts.map(\.key), on: connection)
        let new = drafts.count { known[$0.key] == nil }
        var number = new == 0 ? 0 : try connection.reserve(new, of: "content")
        var bumped: Set<Int> = []
        for chunk in chunks(drafts) {
            var changes: [Change] = []
            for draft in chunk {
                let (body, hash) = draft.sealed()
                let old = known[draft.key]
                if let old, old.hash == hash {
                    report.unchanged += 1
                    continue
                }
                changes.append(
                    Change(
                        draft: draft, id: old?.id ?? library.world.id(), number: old?.number ?? number,
                        version: (old?.version ?? 0) + 1, hasText: old?.hasText ?? false,
                        createdAt: old?.createdAt ?? now, body: body, hash: hash,
                        skills: try draft.skills.map(resolve)))
                if old == nil {
                    number += 1
                    report.created += 1
                } else {
                    report.updated += 1
                }
            }
            try write(changes, on: connection)
            bumped.formUnion(changes.map(\.number))
            advance(chunk.count)
        }
        try warn(drafts, into: &report, on: connection)
        return bumped
    }

    private func write(_ changes: [Change], on connection: any Connection) throws {
        if changes.isEmpty { return }
        let changed = changes.filter { !$0.isNew }.map(\.number)
        try reindexing(changes.map(\.number), before: Set(changed), on: connection) {
            try connection.bulk("content", contentColumns, changes.filter(\.isNew).map(row), on: .refuse)
            try connection.bulk(
                "content", contentColumns, changes.filter { !$0.isNew }.map(row), on: .replace(key: ["tenant", "id"]))
        }
        if !changed.isEmpty {
            let list = SQL.list(changed)
            try connection.run("DELETE FROM content_label WHERE tenant = \(tenant) AND content IN (\(list))")
            try connection.run("DELETE FROM content_skill WHERE tenant = \(tenant) AND content IN (\(list))")
        }
        try connection.bulk(
            "content_label", ["tenant", "content", "facet", "label"], changes.flatMap(labels), on: .refuse)
        try connection.bulk(
            "content_skill", ["tenant", "content", "skill"],
            changes.flatMap { change in
                Set(change.skills).map { [tenant.stored, change.number.stored, $0.stored] }
            }, on: .refuse)
        try connection.bulk("content_version", versionColumns, changes.map(version), on: .refuse)
    }

    private func labels(_ change: Change) -> [[Value]] {
        let facets = [
            ("role", change.draft.roles), ("topic", change.draft.topics), ("product", change.draft.products),
        ]
        return facets.flatMap { facet, labels in
            Set(labels).map { [tenant.stored, change.number.stored, facet.stored, $0.stored] }
        }
    }

    private func row(_ change: Change) -> [Value] {
        let draft = change.draft
        return [
            tenant.stored, change.id.stored, change.number.stored, draft.key.stored, change.version.stored,
            draft.kind.stored, draft.title.stored, SearchWords(draft.title).joined.stored, draft.description.stored,
            draft.language.stored, orNull(draft.translationOf), orNull(draft.minutes), orNull(draft.minutesOrigin),
            orNull(draft.level), orNull(draft.parent), JSONValue(draft.children).text.stored,
            JSONValue(draft.objectives).text.stored, JSONValue(draft.prerequisites).text.stored,
            draft.quizItems.stored, orNull(draft.url), draft.source.stored, draft.licence.stored,
            orNull(draft.licenceURL), draft.attribution.stored,
        ] + values(draft.provenance) + [
            orNull(draft.modified), change.hasText.stored, change.hash.stored, change.createdAt.stored, now.stored,
        ]
    }

    private func version(_ change: Change) -> [Value] {
        let cause: ContentVersion.Cause = change.isNew ? .made : .changed
        return [
            tenant.stored, change.number.stored, change.version.stored, cause.stored, now.stored,
            change.draft.title.stored,
        ] + values(change.draft.provenance) + [change.body.stored]
    }

    private func values(_ provenance: Provenance) -> [Value] {
        [
            provenance.origin.stored, orNull(provenance.digitalSourceType), orNull(provenance.model),
            orNull(provenance.reviewer), orNull(provenance.reviewed),
        ]
    }

    /// A parent that is nowhere is odd, not wrong: collections are often taken in by parts.
    private func warn(
        _ drafts: [ContentDraft], into report: inout CatalogueReport, on connection: any Connection
    ) throws {
        let here = Set(drafts.map(\.key))
        let asked = Set(drafts.compactMap(\.parent)).subtracting(here).sorted()
        let found = try known(asked, on: connection)
        for draft in drafts {
            guard let parent = draft.parent, !here.contains(parent), found[parent] == nil else { continue }
            report.warningCount += 1
            guard report.warnings.count < InputIssue.limit else { continue }
            report.warnings.append(
                InputIssue(line: draft.line, column: "parent", "“\(parent)” is not in the catalogue."))
        }
    }
}

private let contentColumns = [
    "tenant", "id", "number", "key", "version", "kind", "title", "title_folded", "description", "language",
    "translation_of", "minutes", "minutes_origin", "level", "parent", "children", "objectives", "prerequisites",
    "quiz_items", "url", "source", "licence", "licence_url", "attribution", "origin", "source_type", "model",
    "reviewer", "reviewed_on", "modified_on", "has_text", "hash", "created_at", "changed_at",
]

private let versionColumns = [
    "tenant", "content", "version", "cause", "made_at", "title", "origin", "source_type", "model", "reviewer",
    "reviewed_on", "body",
]

private func orNull(_ value: (some Storable)?) -> Value { value?.stored ?? .null }
