import Basis
import Hummingbird
import Intent
import JSON
import People
import Stores
import Web

/// Questions about AI uses, the rules they follow, and the question who decides.
func escalationRoutes(_ stores: Stores) -> [Route] {
    askingRoutes(stores) + answeringRoutes(stores) + whoDecidesRoutes(stores)
}

private func askingRoutes(_ stores: Stores) -> [Route] {
    let book = stores.escalations
    return [
        .api(
            .post, "/api/v1/ai-uses/{id}/escalations", .right(.learn), "Asks whoever answers for an AI use.",
            members: [.needs("question", .text)]
        ) { visit in
            let use = try visit.identifier("id", of: AIUse.self)
            let question = try visit.members().text("question")
            let made = try await book.raise(question, about: use, by: visit.me.id, of: visit.tenant)
            return .json(view(made), status: .created)
        },
        .api(
            .get, "/api/v1/escalations", .right(.learn),
            "The caller's questions about AI uses and those that wait for the caller; for those who oversee, all."
        ) { visit in
            let me = try visit.me.id
            let rights = visit.person?.rights ?? []
            let waiting = Set(
                try await book.waiting(for: me, isSteward: rights.contains(.steward), of: visit.tenant).map(\.id))
            let all = try await book.list(of: visit.tenant)
            let isOverseer = Access.oneOf([.sponsor, .steward, .audit]).admits(rights)
            let seen = all.filter {
                isOverseer || $0.by == me || waiting.contains($0.id) || $0.holder == me || $0.decidedBy == me
            }
            return .json(.list(seen.map(view)))
        },
        .api(
            .get, "/api/v1/governance-rules", .right(.learn),
            "How long questions may wait, and how far leaders must agree."
        ) {
            visit in
            .json(view(try await book.policy(of: visit.tenant)))
        },
        .api(
            .put, "/api/v1/governance-rules", .right(.steward), "Sets the rules of governing.",
            members: [
                .needs("answerDays", .integer, "Working days, 1 to 60."),
                .takes("agreement", .number, "Kendall's W from 0 to 1 that a strategy needs; none: no agreement."),
            ]
        ) { visit in
            let members = try visit.members()
            let made = try await book.set(
                answerDays: members.integer("answerDays") ?? 0, agreement: members.number("agreement"),
                by: visit.me.id, of: visit.tenant)
            return .json(view(made))
        },
    ]
}

private func answeringRoutes(_ stores: Stores) -> [Route] {
    let book = stores.escalations
    return [
        .api(
            .post, "/api/v1/escalations/{id}/answer", .right(.learn), "Answers a question that waits for the caller.",
            members: [.needs("answer", .text)]
        ) { visit in
            let id = try visit.identifier("id", of: Escalation.self)
            let text = try visit.members().text("answer")
            let isSteward = visit.person?.rights.contains(.steward) ?? false
            return .json(
                view(try await book.answer(id, text, by: visit.me.id, isSteward: isSteward, of: visit.tenant)))
        },
        .api(
            .post, "/api/v1/escalations/{id}/hand-over", .right(.learn), "Hands a question to somebody else.",
            members: [.needs("person", .text), .needs("reason", .text)]
        ) { visit in
            let id = try visit.identifier("id", of: Escalation.self)
            let members = try visit.members()
            guard let person: ID<Person> = try members.identifier("person") else { throw missing("person") }
            let isSteward = visit.person?.rights.contains(.steward) ?? false
            return .json(
                view(
                    try await book.handOver(
                        id, to: person, reason: members.text("reason"), by: visit.me.id, isSteward: isSteward,
                        of: visit.tenant)))
        },
    ]
}

private func whoDecidesRoutes(_ stores: Stores) -> [Route] {
    let book = stores.questions
    return [
        .api(
            .get, "/api/v1/me/owner-question", .right(.learn),
            "The question who decides about an AI use, at most one a month; null when there is none."
        ) { visit in
            let question = try await book.question(
                for: visit.me.id, seed: stores.world.seed(), of: visit.tenant)
            return .json([
                "question": question.map {
                    ["id": .init($0.id), "use": .init($0.use), "name": .string($0.name), "askedAt": .init($0.askedAt)]
                } ?? .null
            ])
        },
        .api(
            .post, "/api/v1/me/owner-question", .right(.learn), "Answers it, once. Counted, never shown with a name.",
            members: [
                .needs("id", .text), .needs("answer", .text, "person, unknown, nobody, refused or dismissed."),
                .takes("person", .text, "Whom the caller takes for it."),
            ]
        ) { visit in
            let members = try visit.members()
            guard let id: ID<OwnerQuestion> = try members.identifier("id") else { throw missing("question") }
            let said: AnswerWord = try word("answer", members.text("answer"))
            let answer: OwnerQuestion.Answer
            switch said {
            case .person:
                guard let person: ID<Person> = try members.identifier("person") else {
                    throw members.refusal("person", "person-missing", "Say whom you take for it.")
                }
                answer = .person(person)
            case .unknown: answer = .unknown
            case .nobody: answer = .nobody
            case .refused: answer = .refused
            case .dismissed:
                try await book.dismiss(id, by: visit.me.id, of: visit.tenant)
                return .noContent
            }
            try await book.answer(id, answer, by: visit.me.id, of: visit.tenant)
            return .noContent
        },
    ]
}

private enum AnswerWord: String, CaseIterable {
    case person, unknown, nobody, refused, dismissed
}

private func view(_ one: EscalationRecord) -> JSONValue {
    [
        "id": .init(one.id), "use": .init(one.use), "by": .init(one.by), "raisedAt": .init(one.raisedAt),
        "question": .string(one.question), "dueOn": .init(one.dueOn), "holder": .init(one.holder),
        "handovers": .init(one.handovers), "answer": .string(one.answer), "decidedAt": .init(one.decidedAt),
        "decidedBy": .init(one.decidedBy),
    ]
}

private func view(_ policy: GovernancePolicy) -> JSONValue {
    [
        "version": .init(policy.version), "answerDays": .init(policy.answerDays),
        "agreement": policy.agreement.map { .init($0) } ?? .null,
    ]
}
