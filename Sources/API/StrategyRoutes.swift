import Basis
import Hummingbird
import Intent
import JSON
import People
import Stores
import Web

/// Strategies: drafting, publishing, acknowledging.
func strategyRoutes(_ stores: Stores) -> [Route] {
    readingStrategies(stores) + changingStrategies(stores)
}

private let authors = Access.oneOf([.sponsor, .steward])

private func readingStrategies(_ stores: Stores) -> [Route] {
    let book = stores.strategies
    return [
        .api(.get, "/api/v1/strategies", .right(.learn), "The strategies in force; for authors, drafts too.") { visit in
            let all = try await book.list(of: visit.tenant)
            let seen = all.filter { $0.state == .published || authors.admits(visit.person?.rights ?? []) }
            return .json(.list(seen.map(view)))
        },
        .api(
            .get, "/api/v1/strategies/{id}", .right(.learn), "One strategy; for authors, its newest version.",
            queries: [.takes("version", .integer)]
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let version = try visit.query.integer("version", in: 1...1_000_000)
            guard let record = try await book.find(id, version: version, of: visit.tenant),
                record.state != .draft || authors.admits(visit.person?.rights ?? [])
            else { throw missing("strategy") }
            return visit.taggedJSON(view(record))
        },
        .api(
            .get, "/api/v1/strategies/{id}/reach", .oneOf([.sponsor, .steward, .audit]),
            "How far a strategy came: published, delivered, opened, acknowledged."
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            guard let reach = try await book.reach(of: id, in: visit.tenant) else { throw missing("strategy") }
            return .json([
                "strategy": .init(reach.strategy), "version": .init(reach.version),
                "published": .init(reach.published), "delivered": .init(reach.delivered),
                "viewed": .init(reach.viewed), "opened": .init(reach.opened), "acknowledged": .init(reach.acknowledged),
            ])
        },
        .api(
            .post, "/api/v1/strategies/{id}/acknowledgement", .right(.learn),
            "Confirms that the caller read this version.", members: [.needs("version", .integer)]
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let version = try visit.members().integer("version") ?? 0
            let isNew = try await book.acknowledge(id, version: version, by: visit.me.id, of: visit.tenant)
            return .json(["acknowledged": true, "new": .bool(isNew)])
        },
    ]
}

private func changingStrategies(_ stores: Stores) -> [Route] {
    let book = stores.strategies
    return [
        .api(.post, "/api/v1/strategies", authors, "Drafts a strategy.", members: strategyMembers) { visit in
            let draft = try await strategyDraft(visit, stores)
            let record = try await book.draft(draft, by: visit.me.id, of: visit.tenant)
            return .json(view(record), status: .created)
        },
        .api(
            .put, "/api/v1/strategies/{id}", authors, "Revises a strategy: edits its draft, or starts the next one.",
            members: strategyMembers
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let draft = try await strategyDraft(visit, stores)
            return .json(view(try await book.revise(id, to: draft, by: visit.me.id, of: visit.tenant)))
        },
        .api(
            .post, "/api/v1/strategies/{id}/publish", authors, "Publishes the draft to its audience.",
            members: [.takes("reason", .text, "Why, where leaders agree less than the rules want.")]
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let reason = visit.body.readableBytes > 0 ? try visit.members().text("reason") : ""
            return .json(view(try await book.publish(id, reason: reason, by: visit.me.id, of: visit.tenant)))
        },
        .api(
            .post, "/api/v1/strategies/{id}/withdraw", authors, "Takes a published strategy back.",
            members: [.needs("reason", .text)]
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let reason = try visit.members().text("reason")
            try await book.withdraw(id, reason: reason, by: visit.me.id, of: visit.tenant)
            return .noContent
        },
    ]
}

private let strategyMembers: [Member] = [
    .needs("title", .text), .takes("summary", .text, "Plain sentences, at most 600 characters."),
    .takes("text", .text, "Markdown."),
    .takes("owner", .text, "A person's identity."),
    .takes("audience", .text, "An audience rule."), .takes("from", .text, "A day."),
    .takes("until", .text, "A day."), .takes("priorities", .list, "Objects: id, name, text, skills, weight, target."),
]

private func strategyDraft(_ visit: Visit, _ stores: Stores) async throws -> StrategyDraft {
    let members = try visit.members()
    var draft = StrategyDraft(
        title: members.text("title"), summary: members.text("summary"), text: members.text("text"))
    draft.owner = try members.identifier("owner")
    draft.audience = try await audience(members, visit, stores)
    draft.from = try members.day("from")
    draft.until = try members.day("until")
    let parts: [Member] = [
        .takes("id", .text), .needs("name", .text), .takes("text", .text), .takes("skills", .texts),
        .needs("weight", .integer), .takes("target", .object, "share and level in per cent, and by, a day."),
    ]
    draft.priorities = try members.list("priorities", taking: parts).map { part in
        PriorityDraft(
            id: try part.identifier("id"), name: part.text("name"), text: part.text("text"),
            skills: try part.texts("skills").map { text throws(Problem) in
                guard let id = ID<Skill>(text) else {
                    throw part.refusal("skills", "identity", "“\(text)” is no skill's identity.")
                }
                return id
            },
            weight: part.integer("weight") ?? 0, target: try target(part))
    }
    return draft
}

private func target(_ part: Members) throws -> PriorityTarget? {
    guard let value = part.value("target"), !value.isNull else { return nil }
    guard let share = value["share"]?.integer, let by = value["by"]?.string.flatMap({ Day($0) }),
        value["level"] == nil || value["level"]?.integer != nil
    else {
        throw part.refusal(
            "target", "target-invalid",
            "A target has “share” and may have “level”, in whole per cent, and has “by”, such as 2027-06-30.")
    }
    return PriorityTarget(share: share, level: value["level"]?.integer ?? PriorityTarget.usualLevel, by: by)
}

/// The rule of the member `audience`; nil when absent.
func audience(_ members: Members, _ visit: Visit, _ stores: Stores) async throws -> AudienceRule? {
    guard let text = members.textIfAny("audience") else { return nil }
    do {
        return try await stores.directory.audience(parsing: text, of: visit.tenant)
    } catch let error as AudienceSyntaxError {
        throw members.refusal("audience", error.problem.code, error.problem.detail)
    }
}

private func view(_ strategy: StrategyRecord) -> JSONValue {
    [
        "id": .init(strategy.id), "version": .init(strategy.version), "state": .init(strategy.state),
        "title": .string(strategy.title),
        "summary": .string(strategy.summary), "text": .string(strategy.text), "owner": .init(strategy.owner),
        "audience": .init(strategy.audience?.text), "from": .init(strategy.from), "until": .init(strategy.until),
        "priorities": .array(
            strategy.priorities.map {
                [
                    "id": .init($0.id), "name": .string($0.name), "text": .string($0.text),
                    "skills": .init($0.skills), "weight": .init($0.weight), "sharePercent": .init($0.share),
                    "target": $0.target.map {
                        ["share": .init($0.share), "level": .init($0.level), "by": .init($0.by)]
                    } ?? .null,
                ]
            }),
        "createdAt": .init(strategy.createdAt), "publishedAt": .init(strategy.publishedAt),
        "endedAt": .init(strategy.endedAt),
    ]
}
