import Basis
import Hummingbird
import Intent
import JSON
import Paths
import People
import Stores
import Web

/// Mandates: drafting, what they would do, publishing, retiring.
func mandateRoutes(_ stores: Stores) -> [Route] {
    readingMandates(stores) + draftingMandates(stores) + deciding(stores)
}

private let askers = Access.oneOf([.sponsor, .steward])

private func readingMandates(_ stores: Stores) -> [Route] {
    let book = stores.mandates
    return [
        .api(
            .get, "/api/v1/mandates", .oneOf([.sponsor, .steward, .audit]), "Every mandate with how far it is.",
            queries: [.takes("state", .text, "draft, published or retired.")]
        ) { visit in
            let state: MandateRecord.State? = try visit.query.textIfAny("state").map { try word("state", $0) }
            let records = try await book.list(of: visit.tenant, state: state)
            let progress = try await book.progress(of: visit.tenant)
            return .json(.list(records.map { view($0, progress[$0.id]) }))
        },
        .api(.get, "/api/v1/mandates/{id}", .oneOf([.sponsor, .steward, .audit]), "One mandate.") { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            guard let record = try await book.find(id, of: visit.tenant) else { throw missing("mandate") }
            let joiners = try await stores.planner.joinersOver(of: visit.tenant)[id]
            var json = view(record, try await book.progress(of: id, in: visit.tenant)).object ?? JSONObject([])
            json["joinersOver"] = joiners.map { ["people": .init($0.people), "minutes": .init($0.minutes)] } ?? .null
            return visit.taggedJSON(.object(json))
        },
    ]
}

private func draftingMandates(_ stores: Stores) -> [Route] {
    let book = stores.mandates
    return [
        .api(.post, "/api/v1/mandates", askers, "Drafts a mandate.", members: mandateMembers) { visit in
            let draft = try await mandateDraft(visit, stores)
            let record = try await book.draft(draft, by: visit.me.id, of: visit.tenant)
            return .json(view(record, nil), status: .created)
        },
        .api(.put, "/api/v1/mandates/{id}", askers, "Edits a draft.", members: mandateMembers) { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            let draft = try await mandateDraft(visit, stores)
            return .json(view(try await book.edit(id, to: draft, by: visit.me.id, of: visit.tenant), nil))
        },
        .api(.delete, "/api/v1/mandates/{id}", askers, "Discards a draft.") { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            try await book.discard(id, by: visit.me.id, of: visit.tenant)
            return .noContent
        },
        .api(
            .post, "/api/v1/mandates/preview", askers, "What a mandate would do to everybody, without keeping it.",
            members: mandateMembers + [
                .takes("changing", .text, "The mandate that it changes."),
                .takes("person", .text, "Whose plan is looked at: adds the smallest set that cannot fit."),
            ]
        ) { visit in
            let draft = try await mandateDraft(visit, stores)
            let members = try visit.members()
            let id: ID<Mandate>? = try members.identifier("changing")
            let preview = try await stores.planner.preview(draft, changing: id, of: visit.tenant)
            let isNamed = try await stores.mayName(id.map { .mandate($0) } ?? .newMandate, visit)
            guard var json = previewView(preview, isNamed: isNamed).object else { return .json(.null) }
            if let person: ID<Person> = try members.identifier("person") {
                let found = try await stores.planner.shortfall(of: person, with: draft, changing: id, in: visit.tenant)
                json["shortfall"] = found.map { view($0.shortfall, newcomer: id == nil ? $0.draft : nil) } ?? .null
            }
            return .json(.object(json))
        },
        .api(.get, "/api/v1/mandates/{id}/preview", askers, "What publishing this draft would do.") { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            let isNamed = try await stores.mayName(.mandate(id), visit)
            return .json(previewView(try await stores.planner.preview(id, of: visit.tenant), isNamed: isNamed))
        },
        .api(
            .get, "/api/v1/mandates/{id}/retirement", askers, "What retiring a published mandate would free."
        ) { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            guard try await book.find(id, of: visit.tenant)?.state == .published else { throw missing("mandate") }
            let preview = try await stores.planner.preview(id, of: visit.tenant)
            return .json([
                "asked": .init(preview.asked), "peopleFreed": .init(preview.peopleOver),
                "minutesFreed": .init(preview.minutesOver),
                "freed": overView(preview, isNamed: try await stores.mayName(.mandate(id), visit)),
            ])
        },
    ]
}

private func deciding(_ stores: Stores) -> [Route] {
    let override = Member.takes("override", .text, "Why it is asked although some are over budget.")
    return [
        .api(
            .post, "/api/v1/mandates/{id}/publish", askers,
            "Publishes a draft when it fits, or with a reason to override.", members: [override]
        ) { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            let reason = try visit.members().textIfAny("override")
            let record = try await stores.planner.publish(
                id, override: reason, by: visit.me.id, of: visit.tenant)
            return .json(view(record, nil))
        },
        .api(
            .post, "/api/v1/mandates/{id}/revise", askers,
            "Changes a published mandate when the change fits, or with a reason to override.",
            members: mandateMembers + [override]
        ) { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            let draft = try await mandateDraft(visit, stores)
            let record = try await stores.planner.revise(
                id, to: draft, override: try visit.members().textIfAny("override"), by: visit.me.id, of: visit.tenant)
            return .json(view(record, nil))
        },
        .api(
            .post, "/api/v1/mandates/{id}/retire", askers, "Ends a mandate: nobody is asked any longer.",
            members: [.needs("reason", .text)]
        ) { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            let reason = try visit.members().text("reason")
            let record = try await stores.mandates.retire(id, reason: reason, by: visit.me.id, of: visit.tenant)
            return .json(view(record, nil))
        },
        .api(
            .post, "/api/v1/mandates/{id}/restore", askers, "Undoes a retirement when there is still room.",
            members: [override]
        ) { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            let reason = try visit.members().textIfAny("override")
            let record = try await stores.planner.restore(id, override: reason, by: visit.me.id, of: visit.tenant)
            return .json(view(record, nil))
        },
    ]
}

private let mandateMembers: [Member] = [
    .needs("title", .text), .needs("why", .text), .needs("minutes", .integer, "1 to 6000."),
    .needs("audience", .text, "An audience rule."), .needs("deadline", .text, "A day."),
    .takes("content", .text, "A learning object's identity."), .takes("priority", .text, "A priority's identity."),
    .takes("rule", .text, "The law or rule it comes from."), .takes("asker", .text, "The caller when absent."),
    .takes("testMark", .integer, "Per cent of a test that stands in for it, 50 to 100; 80 when absent."),
    .takes("testRefusal", .text, "Why no test stands in for it; empty when one may."),
]

private func mandateDraft(_ visit: Visit, _ stores: Stores) async throws -> MandateDraft {
    let members = try visit.members()
    var draft = MandateDraft(
        asker: try members.identifier("asker") ?? visit.me.id, content: try members.identifier("content"),
        title: members.text("title"), priority: try members.identifier("priority"), rule: members.text("rule"),
        why: members.text("why"), minutes: members.integer("minutes") ?? 0,
        audience: try await audience(members, visit, stores), deadline: try members.day("deadline"))
    draft.testOut = TestOutTerms(
        mark: members.integer("testMark") ?? TestOutTerms().mark, refusal: members.text("testRefusal"))
    return draft
}

/// Why something was published over budget; null when all of it fitted.
func view(_ override: Override?) -> JSONValue {
    override.map {
        [
            "reason": .string($0.reason), "by": .init($0.by), "at": .init($0.at), "peopleOver": .init($0.peopleOver),
            "minutesOver": .init($0.minutesOver),
        ]
    } ?? .null
}

/// As every answer tells it.
func view(_ mandate: MandateRecord, _ progress: MandateProgress?) -> JSONValue {
    var json = JSONObject([
        ("id", .init(mandate.id)), ("state", .init(mandate.state)), ("revision", .init(mandate.revision)),
        ("title", .string(mandate.title)), ("why", .string(mandate.why)), ("minutes", .init(mandate.minutes)),
        ("audience", .string(mandate.audience.text)), ("deadline", .init(mandate.deadline)),
        ("asker", .init(mandate.asker)), ("content", .init(mandate.content)), ("priority", .init(mandate.priority)),
        ("rule", .string(mandate.rule)), ("publishedAt", .init(mandate.publishedAt)),
        ("retiredAt", .init(mandate.retiredAt)), ("testMark", .init(mandate.testOut.mark)),
        ("testRefusal", .string(mandate.testOut.refusal)),
    ])
    json["override"] = view(mandate.override)
    if let progress {
        json["progress"] = [
            "asked": .init(progress.asked), "open": .init(progress.open), "completed": .init(progress.completed),
            "held": .init(progress.held),
        ]
    }
    return .object(json)
}
