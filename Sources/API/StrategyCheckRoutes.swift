import Basis
import Hummingbird
import Insight
import Intent
import JSON
import People
import Statistics
import Stores
import Web

/// Reading a strategy, its comprehension check, and the funnel it came through.
func strategyCheckRoutes(_ stores: Stores) -> [Route] { readersRoutes(stores) + checkersRoutes(stores) }

private func readersRoutes(_ stores: Stores) -> [Route] {
    let book = stores.strategies
    return [
        .api(
            .post, "/api/v1/strategies/{id}/view", .right(.learn),
            "Notes that the version in force is before the caller now; reading is counted from here."
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            return .json(["new": .bool(try await book.view(id, by: visit.me.id, of: visit.tenant))])
        },
        .api(
            .post, "/api/v1/strategies/{id}/reading", .right(.learn),
            "Notes for how long it was before the caller; never more than what passed since `view`.",
            members: [.needs("version", .integer), .needs("seconds", .integer, "In which it was visible.")]
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let members = try visit.members()
            let isOpened = try await book.noteReading(
                id, version: members.integer("version") ?? 0, seconds: members.integer("seconds") ?? 0,
                by: visit.me.id, of: visit.tenant)
            return .json(["opened": .bool(isOpened)])
        },
        .api(
            .get, "/api/v1/strategies/{id}/check", .right(.learn),
            "What is asked about the version in force, and how far the caller is; right answers once they answered."
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            guard let (check, standing) = try await book.standing(of: id, for: visit.me.id, in: visit.tenant) else {
                throw missing("check")
            }
            return .json([
                "version": .init(check.version), "asksRecall": .bool(check.asksRecall),
                "opened": .bool(standing.hasOpened), "recalledAt": .init(standing.recalledAt),
                "answeredAt": .init(standing.answeredAt),
                "questions": .array(check.questions.map { view($0, showsAnswer: standing.answeredAt != nil) }),
                "picks": .array(standing.picks.map { $0.map { .init($0) } ?? .null }),
            ])
        },
        .api(
            .post, "/api/v1/strategies/{id}/check/recall", .right(.learn),
            "Names up to five priorities in one's own words, once.",
            members: [.needs("version", .integer), .needs("texts", .texts)]
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let members = try visit.members()
            try await book.recall(
                id, version: members.integer("version") ?? 0, texts: members.texts("texts"), by: visit.me.id,
                of: visit.tenant)
            return .noContent
        },
        .api(
            .post, "/api/v1/strategies/{id}/check/answers", .right(.learn), "Answers the questions, once.",
            members: [
                .needs("version", .integer),
                .needs("picks", .list, "For each question the place of an option from 0, or null for don't know."),
            ]
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let members = try visit.members()
            let picks = (members.value("picks")?.array ?? []).map { value in value.isNull ? nil : value.integer ?? -1 }
            try await book.answer(
                id, version: members.integer("version") ?? 0, picks: picks, by: visit.me.id, of: visit.tenant)
            return .noContent
        },
    ]
}

private func checkersRoutes(_ stores: Stores) -> [Route] {
    let book = stores.strategies
    let authors = Access.oneOf([.sponsor, .steward])
    return [
        .api(
            .put, "/api/v1/strategies/{id}/check", authors, "Writes the check of a version, until somebody answered.",
            members: [
                .needs("version", .integer), .needs("asksRecall", .flag),
                .needs("questions", .list, "Objects: text, options, correct (from 0), feedback."),
            ]
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let members = try visit.members()
            let parts: [Member] = [
                .needs("text", .text), .needs("options", .texts), .needs("correct", .integer),
                .takes("feedback", .text),
            ]
            let questions = try members.list("questions", taking: parts).map { part in
                StrategyCheck.Question(
                    text: part.text("text"), options: part.texts("options"), correct: part.integer("correct") ?? -1,
                    feedback: part.text("feedback"))
            }
            try await book.setCheck(
                of: id, version: members.integer("version") ?? 0, asksRecall: members.flag("asksRecall") ?? false,
                questions: questions, by: visit.me.id, in: visit.tenant)
            return .noContent
        },
        .api(
            .get, "/api/v1/strategies/{id}/recalls", authors,
            "What people named in their own words, without who they are.", queries: [.needs("version", .integer)]
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let version = try visit.query.integer("version", in: 1...1_000_000) ?? 1
            return .json(.list(try await book.recalls(of: id, version: version, in: visit.tenant).map(view)))
        },
        .api(
            .put, "/api/v1/strategies/{id}/recalls/{recall}", authors, "Says which priority somebody's words mean.",
            members: [.takes("priority", .text, "None: none of them.")]
        ) { visit in
            let recall = try visit.identifier("recall", of: Recalled.self)
            try await book.match(
                recall, to: try visit.members().identifier("priority"), by: visit.me.id, of: visit.tenant)
            return .noContent
        },
        .api(
            .get, "/api/v1/strategies/{id}/targets", .oneOf([.sponsor, .steward, .audit]),
            "How many people have reached what each priority is to reach.", queries: [.takes("version", .integer)]
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let version = try visit.query.integer("version", in: 1...1_000_000)
            guard let record = try await book.find(id, version: version, of: visit.tenant) else {
                throw missing("strategy")
            }
            let progress = try await stores.measures.targets(of: record, in: visit.tenant)
            return .json(
                .list(record.priorities.compactMap { one in progress[one.id].map { view($0, of: one) } }))
        },
        .api(
            .get, "/api/v1/strategies/{id}/funnel", .oneOf([.sponsor, .steward, .audit]),
            "How far a version came, with intervals, by unit of at least \(Measures.unitMinimum) people.",
            queries: [.takes("version", .integer)]
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let version = try visit.query.integer("version", in: 1...1_000_000)
            guard let funnel = try await stores.measures.funnel(of: id, version: version, in: visit.tenant) else {
                throw missing("strategy")
            }
            return .json(view(funnel))
        },
    ]
}

private func view(_ question: StrategyCheck.Question, showsAnswer: Bool) -> JSONValue {
    var object = JSONObject([("text", .string(question.text)), ("options", .init(question.options))])
    if showsAnswer {
        object["correct"] = .init(question.correct)
        object["feedback"] = .string(question.feedback)
    }
    return .object(object)
}

private func view(_ text: RecallText) -> JSONValue {
    [
        "id": .init(text.id), "text": .string(text.text), "suggested": .init(text.suggested),
        "similarity": .init(text.similarity), "matched": .init(text.matched), "settled": .bool(text.isSettled),
    ]
}

private func view(_ funnel: StrategyFunnel) -> JSONValue {
    [
        "strategy": .init(funnel.strategy), "version": .init(funnel.version), "people": .init(funnel.people),
        "steps": .array(funnel.steps.map(view)), "beside": .array(funnel.beside.map(view)),
        "times": .array(funnel.times.map(view)), "understanding": .array(funnel.understanding.map(view)),
        "units": .array(funnel.units.map(view)), "rest": funnel.rest.map(view) ?? .null,
        "rule": .string(StrategyCheck.rule), "asOf": .init(funnel.asOf),
    ]
}

private func view(_ group: StrategyFunnel.Group) -> JSONValue {
    [
        "name": .string(group.name), "people": .init(group.people), "steps": .array(group.steps.map(view)),
        "openedWithin30Days": view(group.opening),
    ]
}

private func view(_ progress: TargetProgress, of priority: PriorityRecord) -> JSONValue {
    [
        "priority": .init(priority.id), "name": .string(priority.name), "share": .init(progress.target.share),
        "level": .init(progress.target.level), "by": .init(progress.target.by), "people": .init(progress.people),
        "reached": .init(progress.reached), "interval": view(progress.share), "needs": .init(progress.needs),
    ]
}

private func view(_ step: StrategyFunnel.Step) -> JSONValue {
    [
        "name": .string(step.name), "count": step.count.map { .init($0) } ?? .null, "reach": view(step.reach),
        "conversion": view(step.conversion), "needs": .init(step.needs),
    ]
}

func view(_ interval: Interval?) -> JSONValue {
    guard let interval else { return .null }
    return [
        "estimate": .init(interval.estimate), "low": .init(interval.low), "high": .init(interval.high),
        "level": .init(interval.level), "method": .string(interval.method),
    ]
}
