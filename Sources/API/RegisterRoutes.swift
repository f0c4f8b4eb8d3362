import Basis
import Hummingbird
import Intent
import JSON
import People
import Stores
import Web

/// The register of AI uses and who answers for them.
func registerRoutes(_ stores: Stores) -> [Route] {
    uses(stores) + responsibilities(stores) + classifications(stores)
}

private func uses(_ stores: Stores) -> [Route] {
    let register = stores.register
    return [
        .api(.get, "/api/v1/ai-uses", .right(.learn), "Every AI use with its owner and reach.") { visit in
            .json(.list(try await register.overview(of: visit.tenant).map(view)))
        },
        .api(.get, "/api/v1/ai-uses/{id}", .right(.learn), "One AI use.") { visit in
            let id = try visit.identifier("id", of: AIUse.self)
            guard let entry = try await register.entry(id, of: visit.tenant) else { throw missing("AI use") }
            return visit.taggedJSON(view(entry))
        },
        .api(.post, "/api/v1/ai-uses", .right(.steward), "Registers an AI use.", members: useMembers) { visit in
            let draft = try await useDraft(visit, stores)
            let record = try await register.register(draft, by: visit.me.id, of: visit.tenant)
            return .json(view(record), status: .created)
        },
        .api(
            .put, "/api/v1/ai-uses/{id}", .right(.steward), "Changes an AI use.",
            members: useMembers + [
                .takes("revision", .integer, "Refused when it is another by now."), .takes("reason", .text),
            ]
        ) { visit in
            let id = try visit.identifier("id", of: AIUse.self)
            let members = try visit.members()
            let record = try await register.change(
                id, to: try await useDraft(visit, stores), since: members.integer("revision"),
                reason: members.text("reason"), by: visit.me.id, of: visit.tenant)
            return .json(view(record))
        },
    ]
}

private func responsibilities(_ stores: Stores) -> [Route] {
    let register = stores.register
    return [
        .api(
            .get, "/api/v1/ai-uses/{id}/responsibilities", .right(.learn), "Who was asked, accepted, declined, ended."
        ) { visit in
            let id = try visit.identifier("id", of: AIUse.self)
            guard try await register.find(id, of: visit.tenant) != nil else { throw missing("AI use") }
            return .json(.list(try await register.responsibilities(of: id, in: visit.tenant).map(view)))
        },
        .api(
            .post, "/api/v1/ai-uses/{id}/responsibilities", .right(.steward), "Asks somebody to answer for an AI use.",
            members: [
                .needs("person", .text, "A person's identity."),
                .takes("part", .text, "accountable unless told; responsible, consulted or informed."),
                .takes("until", .text, "The last day."),
            ]
        ) { visit in
            let id = try visit.identifier("id", of: AIUse.self)
            let members = try visit.members()
            guard let person = try members.identifier("person", of: Person.self) else { throw missing("person") }
            let part: Responsibility.Part? = try members.textIfAny("part").map { try word("part", $0) }
            let asked = try await register.propose(
                person, for: id, as: part ?? .accountable, until: try members.day("until"), by: visit.me.id,
                of: visit.tenant)
            return .json(view(asked), status: .created)
        },
        .api(
            .post, "/api/v1/responsibilities/{id}/accept", .right(.learn), "Takes on what the caller was asked."
        ) { visit in
            let id = try visit.identifier("id", of: Responsibility.self)
            return .json(view(try await register.accept(id, by: visit.me.id, of: visit.tenant)))
        },
        .api(
            .post, "/api/v1/responsibilities/{id}/decline", .right(.learn), "Declines what the caller was asked.",
            members: [.needs("reason", .text)]
        ) { visit in
            let id = try visit.identifier("id", of: Responsibility.self)
            let reason = try visit.members().text("reason")
            return .json(view(try await register.decline(id, reason: reason, by: visit.me.id, of: visit.tenant)))
        },
    ]
}

private func classifications(_ stores: Stores) -> [Route] {
    let register = stores.register
    return [
        .api(.get, "/api/v1/ai-act/questions", .right(.learn), "The questions that classify an AI use.") { _ in
            .json(
                .list(
                    Classification.Question.allCases.map {
                        [
                            "id": .string($0.rawValue), "provision": .string($0.provision),
                            "question": .string($0.sentence),
                        ]
                    }))
        },
        .api(
            .get, "/api/v1/ai-uses/{id}/classifications", .right(.learn), "Every classification, the newest first."
        ) { visit in
            let id = try visit.identifier("id", of: AIUse.self)
            guard let use = try await register.find(id, of: visit.tenant) else { throw missing("AI use") }
            return .json(
                .list(try await register.classifications(of: id, in: visit.tenant).map { view($0, of: use) }))
        },
        .api(
            .post, "/api/v1/ai-uses/{id}/classifications", .right(.steward), "Classifies an AI use under the AI Act.",
            members: [
                .needs("yes", .texts, "The questions answered with yes."), .needs("note", .text, "The assessment."),
                .takes("revision", .integer, "Refused when the entry has another by now."),
            ]
        ) { visit in
            let id = try visit.identifier("id", of: AIUse.self)
            let members = try visit.members()
            let yes: [Classification.Question] = try members.texts("yes").map { try word("yes", $0) }
            let made = try await register.classify(
                id, Classification.Answers(yes: Set(yes)), note: members.text("note"),
                since: members.integer("revision"), by: visit.me.id, of: visit.tenant)
            guard let use = try await register.find(id, of: visit.tenant) else { throw missing("AI use") }
            return .json(view(made, of: use), status: .created)
        },
        .api(
            .put, "/api/v1/ai-uses/{id}/chart", .right(.steward), "Writes down who shall have which part.",
            members: chartMembers
        ) { visit in
            let id = try visit.identifier("id", of: AIUse.self)
            let members = try visit.members()
            let chart = ResponsibilityChart(
                accountable: try people("accountable", members), responsible: try people("responsible", members),
                consulted: try people("consulted", members), informed: try people("informed", members),
                consultsNobody: members.flag("consultsNobody") ?? false,
                informsNobody: members.flag("informsNobody") ?? false)
            let list = try await register.chart(
                chart, of: id, since: members.integer("revision"), by: visit.me.id, in: visit.tenant)
            return .json(.list(list.map(view)))
        },
    ]
}

private let chartMembers: [Member] = [
    .needs("accountable", .texts, "Exactly one person's identity."), .takes("responsible", .texts),
    .takes("consulted", .texts), .takes("informed", .texts),
    .takes("consultsNobody", .flag, "Nobody has to be consulted, and that is meant."),
    .takes("informsNobody", .flag), .takes("revision", .integer, "Refused when the entry has another by now."),
]

private func people(_ name: String, _ members: Members) throws -> [ID<Person>] {
    try members.texts(name).enumerated().map { place, text in
        guard let id = ID<Person>(text) else {
            throw Problem(.invalid, "identity", "“\(text)” is no identity.", at: ["/\(name)/\(place)"])
        }
        return id
    }
}

private func view(_ made: ClassificationRecord, of use: AIUseRecord) -> JSONValue {
    func list(_ reasons: [Classification.Reason]) -> JSONValue {
        .array(reasons.map { ["provision": .string($0.provision), "sentence": .string($0.sentence)] })
    }
    return [
        "use": .init(made.use), "revision": .init(made.revision), "level": .string(made.result.level.rawValue),
        "yes": .init(made.answers.ordered.map(\.rawValue)), "reasons": list(made.result.reasons),
        "duties": list(made.result.duties), "note": .string(made.note), "law": .string(made.law),
        "assessor": .init(made.assessor), "at": .init(made.at), "outdated": .bool(made.isOutdated(by: use)),
    ]
}

private let useMembers: [Member] = [
    .needs("name", .text), .needs("purpose", .text), .needs("kind", .text, "tool, feature, model or practice."),
    .takes("provider", .text), .takes("model", .text), .takes("hosting", .text),
    .takes("data", .texts, "open, internal, confidential, personal, learning, sensitive."),
    .takes("audience", .text, "An audience rule; everyone when absent."), .takes("cost", .text),
    .takes("status", .text, "idea, sandbox, pilot, live, suspended or retired."), .takes("risk", .text),
    .takes("reviewOn", .text, "A day."), .takes("optOut", .text), .takes("effect", .text),
    .takes("governs", .text, "suggestions: that part of Leeway stops when the entry is suspended."),
    .takes("consultsNobody", .flag), .takes("informsNobody", .flag),
]

private func useDraft(_ visit: Visit, _ stores: Stores) async throws -> AIUseDraft {
    let members = try visit.members()
    var draft = AIUseDraft(
        name: members.text("name"), purpose: members.text("purpose"), kind: try word("kind", members.text("kind")),
        provider: members.text("provider"), model: members.text("model"), hosting: members.text("hosting"),
        cost: members.text("cost"), risk: members.text("risk"), reviewOn: try members.day("reviewOn"),
        optOut: members.text("optOut"), effect: members.text("effect"),
        consultsNobody: members.flag("consultsNobody") ?? false, informsNobody: members.flag("informsNobody") ?? false)
    draft.governs = try members.textIfAny("governs").map { try word("governs", $0) }
    draft.data = Set(try members.texts("data").map { try word("data", $0) })
    if let status = members.textIfAny("status") { draft.status = try word("status", status) }
    if let rule = try await audience(members, visit, stores) { draft.audience = rule }
    return draft
}

private func view(_ entry: Clarity.Entry) -> JSONValue {
    guard var json = view(entry.use).object else { return .null }
    json["owner"] = .init(entry.ownership.owner)
    json["asked"] = .init(entry.ownership.asked)
    json["standIn"] = .init(entry.ownership.standIn)
    json["clear"] = .bool(entry.ownership.isClear)
    json["learners"] = .init(entry.learners)
    return .object(json)
}

private func view(_ use: AIUseRecord) -> JSONValue {
    [
        "id": .init(use.id), "revision": .init(use.revision), "name": .string(use.name),
        "purpose": .string(use.purpose), "kind": .init(use.kind), "provider": .string(use.provider),
        "model": .string(use.model), "hosting": .string(use.hosting), "data": .init(use.data.map(\.rawValue)),
        "audience": .string(use.audience.text), "cost": .string(use.cost), "status": .init(use.status),
        "risk": .string(use.risk), "reviewOn": .init(use.reviewOn), "optOut": .string(use.optOut),
        "effect": .string(use.effect), "governs": use.governs.map { .string($0.rawValue) } ?? .null,
        "origin": .init(use.origin),
        "consultsNobody": .bool(use.consultsNobody), "informsNobody": .bool(use.informsNobody),
        "createdAt": .init(use.createdAt), "changedAt": .init(use.changedAt),
    ]
}

private func view(_ one: Responsibility) -> JSONValue {
    [
        "id": .init(one.id), "use": .init(one.use), "part": .init(one.part), "person": .init(one.person),
        "state": .init(one.state), "reason": .string(one.reason), "proposedBy": .init(one.proposedBy),
        "proposedAt": .init(one.proposedAt), "answeredAt": .init(one.answeredAt), "endedAt": .init(one.endedAt),
        "until": .init(one.until),
    ]
}
