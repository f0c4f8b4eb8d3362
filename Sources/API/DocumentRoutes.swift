import Basis
import Hummingbird
import Intent
import JSON
import People
import Stores
import Web

/// Policies in prose, and who accepted them.
func documentRoutes(_ stores: Stores) -> [Route] {
    readersRoutes(stores.documents) + writersRoutes(stores)
}

private func readersRoutes(_ book: PolicyDocumentBook) -> [Route] {
    [
        .api(
            .get, "/api/v1/me/documents", .right(.learn), "The policies in force for the caller, those to accept first."
        ) {
            visit in
            .json(
                .list(
                    try await book.notices(for: visit.me.id, of: visit.tenant).map { notice in
                        guard var json = view(notice.document).object else { return .null }
                        json["needed"] = .bool(notice.isNeeded)
                        json["accepted"] = .init(notice.accepted)
                        json["acceptedAt"] = .init(notice.acceptedAt)
                        return .object(json)
                    }))
        },
        .api(
            .post, "/api/v1/documents/{id}/accept", .right(.learn), "Accepts the version that the caller read.",
            members: [.needs("version", .integer), .takes("point", .text, "Where it was accepted.")]
        ) { visit in
            let members = try visit.members()
            try await book.accept(
                visit.identifier("id"), version: members.integer("version") ?? 0,
                at: members.textIfAny("point") ?? "api", by: visit.me.id, of: visit.tenant)
            return .noContent
        },
    ]
}

private func writersRoutes(_ stores: Stores) -> [Route] {
    let (book, keepers) = (stores.documents, Access.oneOf([.steward, .sponsor, .audit]))
    return [
        .api(.get, "/api/v1/documents", keepers, "The newest version of every policy.") { visit in
            .json(.list(try await book.list(of: visit.tenant).map(view)))
        },
        .api(.get, "/api/v1/documents/{id}/versions", keepers, "Every version of a policy, the newest first.") {
            visit in
            .json(.list(try await book.versions(of: visit.identifier("id"), in: visit.tenant).map(view)))
        },
        .api(.get, "/api/v1/documents/{id}/coverage", keepers, "How many accepted what is in force.") { visit in
            guard let coverage = try await book.coverage(of: visit.identifier("id"), in: visit.tenant) else {
                throw missing("policy in force")
            }
            return .json(["audience": .init(coverage.audience), "accepted": .init(coverage.accepted)])
        },
        .api(
            .post, "/api/v1/documents", .right(.steward), "Begins a policy: a draft.", members: draftMembers
        ) { visit in
            let draft = try await draft(visit, stores)
            return .json(view(try await book.draft(draft, by: visit.me.id, of: visit.tenant)), status: .created)
        },
        .api(
            .put, "/api/v1/documents/{id}", .right(.steward), "Changes the draft, or begins the next version.",
            members: draftMembers
        ) { visit in
            let draft = try await draft(visit, stores)
            let id = try visit.identifier("id", of: PolicyDocument.self)
            return .json(view(try await book.revise(id, to: draft, by: visit.me.id, of: visit.tenant)))
        },
        .api(.post, "/api/v1/documents/{id}/publish", .right(.steward), "Puts the draft in force.") { visit in
            let id = try visit.identifier("id", of: PolicyDocument.self)
            return .json(view(try await book.publish(id, by: visit.me.id, of: visit.tenant)))
        },
        .api(
            .post, "/api/v1/documents/{id}/withdraw", .right(.steward), "Ends a policy.",
            members: [.needs("reason", .text)]
        ) { visit in
            let reason = try visit.members().text("reason")
            try await book.withdraw(visit.identifier("id"), reason: reason, by: visit.me.id, of: visit.tenant)
            return .noContent
        },
    ]
}

private let draftMembers: [Member] = [
    .needs("title", .text), .takes("summary", .text), .needs("body", .text, "Markdown."),
    .takes("audience", .text, "An audience rule; everyone when absent."),
    .needs("owner", .text, "A person's identity."), .takes("use", .text, "The AI use that nobody uses before."),
    .takes("material", .flag, "False for a minor change; true unless told."),
]

private func draft(_ visit: Visit, _ stores: Stores) async throws -> DocumentDraft {
    let members = try visit.members()
    return DocumentDraft(
        title: members.text("title"), summary: members.text("summary"), body: members.text("body"),
        audience: try await audience(members, visit, stores) ?? .everyone, owner: try members.identifier("owner"),
        use: try members.identifier("use"), isMaterial: members.flag("material") ?? true)
}

private func view(_ one: DocumentRecord) -> JSONValue {
    [
        "id": .init(one.id), "version": .init(one.version), "state": .init(one.state), "title": .string(one.title),
        "summary": .string(one.summary), "body": .string(one.body), "audience": .string(one.audience.text),
        "owner": .init(one.owner), "use": .init(one.use), "material": .bool(one.isMaterial),
        "createdAt": .init(one.createdAt), "publishedAt": .init(one.publishedAt), "endedAt": .init(one.endedAt),
    ]
}

/// A policy that somebody has to accept, in short.
func summary(_ notice: DocumentNotice) -> JSONValue {
    let one = notice.document
    return [
        "id": .init(one.id), "version": .init(one.version), "title": .string(one.title),
        "summary": .string(one.summary), "accepted": .init(notice.accepted),
    ]
}
