import Basis
import Catalog
import Hummingbird
import JSON
import Mastery
import Paths
import People
import Stores
import Web

/// The caller's next step, and the caller's say over it.
func nextStepRoutes(_ stores: Stores) -> [Route] {
    suggestions(stores) + kept(stores) + guidance(stores)
}

private func suggestions(_ stores: Stores) -> [Route] {
    let book = stores.nextSteps
    return [
        .api(
            .get, "/api/v1/me/next", .right(.learn),
            "Up to three suggestions with the reasons that ranked them and the chance of each to be drawn."
        ) { visit in
            .json(view(try await book.steps(for: visit.me.id, in: visit.tenant)))
        },
        .api(.post, "/api/v1/me/next/{id}/choose", .right(.learn), "Takes a suggestion up.") { visit in
            let id = try visit.identifier("id", of: Suggestion.self)
            return .json(view(try await book.choose(id, by: visit.me.id, of: visit.tenant)))
        },
        .api(.post, "/api/v1/me/next/{id}/dismiss", .right(.learn), "Not for me: another takes its place.") { visit in
            let id = try visit.identifier("id", of: Suggestion.self)
            return .json(view(try await book.dismiss(id, by: visit.me.id, of: visit.tenant)))
        },
        .api(.post, "/api/v1/me/next/{id}/swap", .right(.learn), "Another one, without a word against it.") { visit in
            let id = try visit.identifier("id", of: Suggestion.self)
            return .json(view(try await book.swap(id, by: visit.me.id, of: visit.tenant)))
        },
        .api(
            .post, "/api/v1/me/next/{id}/known", .right(.learn),
            "I know this: names the questions that show it, or takes the caller's word."
        ) { visit in
            let id = try visit.identifier("id", of: Suggestion.self)
            switch try await book.known(id, by: visit.me.id, of: visit.tenant) {
            case .testOut(let content): return .json(["outcome": "testOut", "content": .init(content)])
            case .noted: return .json(["outcome": "noted", "content": nil])
            }
        },
    ]
}

private func kept(_ stores: Stores) -> [Route] {
    let book = stores.nextSteps
    return [
        .api(.get, "/api/v1/me/saved", .right(.learn), "What the caller keeps for later, the latest first.") { visit in
            let ids = try await book.saved(by: visit.me.id, of: visit.tenant)
            let contents = try await stores.library.contents(ids, of: visit.tenant)
            return .json(.list(ids.compactMap { contents[$0].map(summary) }))
        },
        .api(.put, "/api/v1/me/saved/{id}", .right(.learn), "Keeps a learning object for later.") { visit in
            try await book.save(visit.identifier("id"), by: visit.me.id, of: visit.tenant)
            return .noContent
        },
        .api(.delete, "/api/v1/me/saved/{id}", .right(.learn), "Keeps it no longer.") { visit in
            try await book.unsave(visit.identifier("id"), by: visit.me.id, of: visit.tenant)
            return .noContent
        },
        .api(.get, "/api/v1/me/exclusions", .right(.learn), "What is not suggested to the caller, and why.") { visit in
            let exclusions = try await book.exclusions(of: visit.me.id, in: visit.tenant)
            return .json(
                .list(
                    exclusions.map {
                        [
                            "target": .string($0.kind.text), "why": .init($0.why), "title": .string($0.title),
                            "at": .init($0.at),
                        ]
                    }))
        },
        .api(
            .delete, "/api/v1/me/exclusions/{target}", .right(.learn), "May be suggested again."
        ) { visit in
            guard let kind = SuggestionKind(visit.parameter("target")) else { throw missing("exclusion") }
            try await book.restore(kind, by: visit.me.id, of: visit.tenant)
            return .noContent
        },
    ]
}

private func guidance(_ stores: Stores) -> [Route] {
    let book = stores.nextSteps
    return [
        .api(.get, "/api/v1/me/guidance", .right(.learn), "How the caller wants to be guided.") { visit in
            .json(view(try await book.settings(of: visit.me.id, in: visit.tenant)))
        },
        .api(
            .put, "/api/v1/me/guidance", .right(.learn), "Switches personalisation, sets the dial.",
            members: [.needs("personal", .flag), .needs("dial", .number, "0.55 hard to 0.85 easy.")]
        ) { visit in
            let members = try visit.members()
            let settings = LearnerSettings(
                isPersonal: members.flag("personal") ?? true, dial: members.number("dial") ?? 0)
            try await book.set(settings, for: visit.me.id, in: visit.tenant)
            return .json(view(settings))
        },
        .api(.get, "/api/v1/me/goals", .right(.learn), "The caller's goals with how far they are.") { visit in
            let goals = try await stores.goals.progress(of: visit.me.id, in: visit.tenant)
            return .json(.list(goals.map(view)))
        },
        .api(
            .post, "/api/v1/me/goals", .right(.learn), "Sets a goal, or changes the one on that skill.",
            members: [
                .needs("skill", .text), .needs("target", .number, "0.5 to 0.95."), .takes("dueOn", .text, "A day."),
                .takes("note", .text),
            ]
        ) { visit in
            let members = try visit.members()
            guard let skill = try members.identifier("skill", of: Skill.self) else { throw missing("skill") }
            let goal = try await stores.goals.set(
                skill, target: members.number("target") ?? 0, dueOn: members.day("dueOn"), note: members.text("note"),
                by: visit.me.id, of: visit.tenant)
            return .json(["id": .init(goal.id)], status: .created)
        },
        .api(.delete, "/api/v1/me/goals/{id}", .right(.learn), "Takes a goal away.") { visit in
            try await stores.goals.remove(visit.identifier("id"), by: visit.me.id, of: visit.tenant)
            return .noContent
        },
    ]
}

private func view(_ settings: LearnerSettings) -> JSONValue {
    ["personal": .bool(settings.isPersonal), "dial": .init(settings.dial)]
}

private func view(_ steps: NextSteps) -> JSONValue {
    [
        "suggestions": .array(steps.suggestions.map(view)), "personal": .bool(steps.isPersonal),
        "model": .string(steps.model), "ranker": .string(steps.ranker), "madeAt": .init(steps.madeAt),
        "stoppedBy": .init(steps.stoppedBy), "denied": .init(steps.refusal),
        "toAccept": .array(steps.toAccept.map(summary)),
    ]
}

private func view(_ one: SuggestionRecord) -> JSONValue {
    [
        "id": .init(one.id), "target": .string(one.kind.text), "skill": .init(one.skill), "title": .string(one.title),
        "minutes": .init(one.minutes), "chance": .init(one.chance),
        "reasons": .array(
            one.reasons.map {
                ["signal": .string("\($0.signal)"), "text": .string($0.text), "value": .init($0.value)]
            }),
        "serves": serves(one.serves), "score": .init(one.score), "propensity": .init(one.propensity),
        "state": .init(one.state), "saved": .bool(one.isSaved),
    ]
}

private func serves(_ serves: Serves?) -> JSONValue {
    switch serves {
    case nil: nil
    case .goal(let id, let name): ["kind": "goal", "id": .init(id), "name": .string(name)]
    case .strategy(let id, let name): ["kind": "strategy", "id": .init(id), "name": .string(name)]
    case .mandate(let id, let name): ["kind": "mandate", "id": .init(id), "name": .string(name)]
    }
}

private func view(_ progress: GoalProgress) -> JSONValue {
    [
        "id": .init(progress.goal.id), "skill": .init(progress.goal.skill), "skillName": .string(progress.skillName),
        "target": .init(progress.goal.target), "start": .init(progress.goal.start),
        "dueOn": .init(progress.goal.dueOn), "note": .string(progress.goal.note),
        "mastery": .init(progress.mastery.probability), "low": .init(progress.mastery.low),
        "high": .init(progress.mastery.high), "gap": .init(progress.gap), "reachedAt": .init(progress.goal.reachedAt),
    ]
}
