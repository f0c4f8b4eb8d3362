import Basis
import Hummingbird
import Intent
import JSON
import People
import Stores
import Web

/// Learners' experiments with AI.
func experimentRoutes(_ stores: Stores) -> [Route] {
    learnersRoutes(stores.experiments) + stewardsRoutes(stores.experiments)
}

private func learnersRoutes(_ book: ExperimentBook) -> [Route] {
    [
        .api(.get, "/api/v1/experiments", .right(.learn), "Learners' experiments, the newest first.") { visit in
            let state: ExperimentRecord.State? = try visit.query.textIfAny("state").map { try word("state", $0) }
            return .json(.list(try await book.list(of: visit.tenant, state: state).map(view)))
        },
        .api(
            .post, "/api/v1/experiments", .right(.learn), "Begins an experiment inside the sandbox.",
            members: draftMembers
        ) { visit in
            let draft = try draft(visit)
            return .json(view(try await book.begin(draft, by: visit.me.id, of: visit.tenant)), status: .created)
        },
        .api(.get, "/api/v1/experiments/{id}", .right(.learn), "One experiment with its remarks.") { visit in
            let id = try visit.identifier("id", of: Experiment.self)
            guard let record = try await book.find(id, of: visit.tenant), var json = view(record).object else {
                throw missing("experiment")
            }
            json["remarks"] = .array(
                try await book.comments(on: id, of: visit.tenant).map {
                    [
                        "id": .init($0.id), "person": .init($0.person), "body": .string($0.body), "at": .init($0.at),
                    ]
                })
            return .json(.object(json))
        },
        .api(
            .put, "/api/v1/experiments/{id}", .right(.learn), "Changes one's own experiment while it runs.",
            members: draftMembers + [.takes("revision", .integer, "Refused when it is another by now.")]
        ) { visit in
            let id = try visit.identifier("id", of: Experiment.self)
            let record = try await book.change(
                id, to: try draft(visit), since: try visit.members().integer("revision"), by: visit.me.id,
                of: visit.tenant)
            return .json(view(record))
        },
        .api(
            .post, "/api/v1/experiments/{id}/finish", .right(.learn), "Finishes one's own experiment.",
            members: [.needs("learned", .text, "What came of it.")]
        ) { visit in
            let id = try visit.identifier("id", of: Experiment.self)
            let learned = try visit.members().text("learned")
            return .json(view(try await book.finish(id, learned: learned, by: visit.me.id, of: visit.tenant)))
        },
        .api(.put, "/api/v1/experiments/{id}/follow", .right(.learn), "Follows an experiment.") { visit in
            try await book.follow(visit.identifier("id"), true, by: visit.me.id, of: visit.tenant)
            return .noContent
        },
        .api(.delete, "/api/v1/experiments/{id}/follow", .right(.learn), "No longer follows it.") { visit in
            try await book.follow(visit.identifier("id"), false, by: visit.me.id, of: visit.tenant)
            return .noContent
        },
        .api(
            .post, "/api/v1/experiments/{id}/remarks", .right(.learn), "Remarks on an experiment.",
            members: [.needs("body", .text)]
        ) { visit in
            let id = try visit.identifier("id", of: Experiment.self)
            let body = try visit.members().text("body")
            let made = try await book.comment(body, on: id, by: visit.me.id, of: visit.tenant)
            return .json(["id": .init(made)], status: .created)
        },
        .api(.get, "/api/v1/sandbox", .right(.learn), "What anybody may try without asking.") { visit in
            .json(view(try await book.sandbox(of: visit.tenant)))
        },
    ]
}

private func stewardsRoutes(_ book: ExperimentBook) -> [Route] {
    [
        .api(
            .post, "/api/v1/experiments/{id}/settle", .right(.steward), "Promotes, adapts or stops an experiment.",
            members: [
                .needs("verdict", .text, "promoted, adapted or stopped."), .needs("reason", .text),
                .takes("name", .text, "Of the AI use; the experiment's title unless told."),
                .takes("purpose", .text, "The experiment's idea unless told."), .takes("status", .text),
                .takes("reviewOn", .text, "A day; a pilot or live use needs it."),
            ]
        ) { visit in
            let id = try visit.identifier("id", of: Experiment.self)
            let members = try visit.members()
            let verdict: VerdictWord = try word("verdict", members.text("verdict"))
            guard let record = try await book.find(id, of: visit.tenant) else { throw missing("experiment") }
            var use = AIUseDraft(
                name: members.textIfAny("name") ?? record.title, purpose: members.textIfAny("purpose") ?? record.idea,
                kind: .practice, data: Set(record.data), reviewOn: try members.day("reviewOn"))
            if let status = members.textIfAny("status") { use.status = try word("status", status) }
            let settled = try await book.settle(
                id, verdict == .stopped ? .stopped : .use(use, adapted: verdict == .adapted),
                reason: members.text("reason"), by: visit.me.id, of: visit.tenant)
            return .json(view(settled))
        },
        .api(
            .put, "/api/v1/sandbox", .right(.steward), "Changes what anybody may try.",
            members: [
                .needs("data", .texts, "open, internal, confidential, personal, learning, sensitive."),
                .needs("days", .integer, "1 to 366."), .needs("rules", .text),
            ]
        ) { visit in
            let members = try visit.members()
            let data: [AIUseRecord.DataClass] = try members.texts("data").map { try word("data", $0) }
            let made = try await book.set(
                data: Set(data), days: members.integer("days") ?? 0, rules: members.text("rules"), by: visit.me.id,
                of: visit.tenant)
            return .json(view(made))
        },
    ]
}

private enum VerdictWord: String, CaseIterable {
    case promoted, adapted, stopped
}

private let draftMembers: [Member] = [
    .needs("title", .text), .needs("tool", .text), .needs("idea", .text),
    .takes("data", .texts, "What it is given, within the sandbox."), .takes("until", .text, "The last day."),
]

private func draft(_ visit: Visit) throws -> ExperimentDraft {
    let members = try visit.members()
    let data: [AIUseRecord.DataClass] = try members.texts("data").map { try word("data", $0) }
    return ExperimentDraft(
        title: members.text("title"), tool: members.text("tool"), idea: members.text("idea"), data: Set(data),
        until: try members.day("until"))
}

private func view(_ one: ExperimentRecord) -> JSONValue {
    [
        "id": .init(one.id), "revision": .init(one.revision), "title": .string(one.title), "tool": .string(one.tool),
        "idea": .string(one.idea), "learned": .string(one.learned), "data": .init(one.data.map(\.rawValue)),
        "state": .init(one.state), "by": .init(one.by), "until": .init(one.until), "createdAt": .init(one.createdAt),
        "settledAt": .init(one.settledAt), "settledBy": .init(one.settledBy), "reason": .string(one.reason),
        "use": .init(one.use), "followers": .init(one.followers), "remarkCount": .init(one.comments),
    ]
}

private func view(_ sandbox: SandboxPolicy) -> JSONValue {
    [
        "version": .init(sandbox.version),
        "data": .init(AIUseRecord.DataClass.allCases.filter(sandbox.data.contains).map(\.rawValue)),
        "days": .init(sandbox.days), "rules": .string(sandbox.rules), "since": .init(sandbox.since),
        "by": .init(sandbox.by),
    ]
}
