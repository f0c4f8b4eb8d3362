import Basis
import Hummingbird
import Intent
import JSON
import People
import Statistics
import Stores
import Web

/// How leaders weigh a strategy's draft before it is published.
func weighingRoutes(_ stores: Stores) -> [Route] { authorsWeighing(stores) + leadersWeighing(stores) }

private func authorsWeighing(_ stores: Stores) -> [Route] {
    let book = stores.strategies
    let authors = Access.oneOf([.sponsor, .steward])
    return [
        .api(
            .get, "/api/v1/strategies/{id}/weighing", authors,
            "Who was asked to weigh a version, and, once all answered, their mean and how far they agree.",
            queries: [.takes("version", .integer)]
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let version = try visit.query.integer("version", in: 1...1_000_000)
            guard let record = try await book.find(id, version: version, of: visit.tenant),
                let weighing = try await book.weighing(of: id, version: record.version, in: visit.tenant)
            else { throw missing("strategy") }
            return .json(view(weighing, record.priorities))
        },
        .api(
            .post, "/api/v1/strategies/{id}/weighing/leaders", authors, "Asks leaders to weigh the draft.",
            members: [.needs("leaders", .texts, "Identities of people.")]
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let members = try visit.members()
            let leaders = try members.texts("leaders").map { text throws(Problem) in
                guard let person = ID<Person>(text) else {
                    throw members.refusal("leaders", "identity", "“\(text)” is no person's identity.")
                }
                return person
            }
            let made = try await book.askLeaders(leaders, toWeigh: id, by: visit.me.id, of: visit.tenant)
            return .json(try await view(made, book, visit))
        },
        .api(
            .delete, "/api/v1/strategies/{id}/weighing/leaders/{person}", authors,
            "No longer asks a leader who has not answered."
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let person = try visit.identifier("person", of: Person.self)
            _ = try await book.excuseLeader(person, fromWeighing: id, by: visit.me.id, of: visit.tenant)
            return .noContent
        },
        .api(
            .post, "/api/v1/strategies/{id}/weighing/again", authors, "Forgets all points and asks all leaders again.",
            members: [.needs("reason", .text)]
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let reason = try visit.members().text("reason")
            let made = try await book.weighAgain(id, reason: reason, by: visit.me.id, of: visit.tenant)
            return .json(try await view(made, book, visit))
        },
        .api(
            .post, "/api/v1/strategies/{id}/weighing/weights", authors, "Makes the leaders' mean the draft's weights."
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            _ = try await book.takeLeadersWeights(of: id, by: visit.me.id, of: visit.tenant)
            return .noContent
        },
    ]
}

private func leadersWeighing(_ stores: Stores) -> [Route] {
    let book = stores.strategies
    return [
        .api(.get, "/api/v1/me/weighings", .right(.learn), "The drafts that the caller is asked to weigh.") { visit in
            let all = try await book.weighingRequests(of: visit.me.id, in: visit.tenant)
            return .json(
                .list(
                    all.map { one in
                        [
                            "strategy": .init(one.strategy.id), "version": .init(one.strategy.version),
                            "title": .string(one.strategy.title), "summary": .string(one.strategy.summary),
                            "answeredAt": .init(one.allottedAt), "complete": .bool(one.isComplete),
                            "priorities": .array(
                                one.strategy.priorities.map { priority in
                                    [
                                        "id": .init(priority.id), "name": .string(priority.name),
                                        "text": .string(priority.text),
                                        "points": one.points[priority.id].map { .init($0) } ?? .null,
                                    ]
                                }),
                        ]
                    }))
        },
        .api(
            .put, "/api/v1/strategies/{id}/points", .right(.learn),
            "Shares out \(Weighing.points) points over the priorities of a draft that the caller is asked to weigh.",
            members: [
                .needs("version", .integer), .needs("points", .list, "Objects: priority, points (0 to 100)."),
            ]
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let members = try visit.members()
            var given: [ID<Priority>: Int] = [:]
            let parts: [Member] = [.needs("priority", .text), .needs("points", .integer)]
            for part in try members.list("points", taking: parts) {
                guard let priority: ID<Priority> = try part.identifier("priority") else { continue }
                given[priority] = part.integer("points") ?? 0
            }
            try await book.allot(
                given, to: id, version: members.integer("version") ?? 0, by: visit.me.id, of: visit.tenant)
            return .noContent
        },
    ]
}

private func view(_ weighing: Weighing, _ book: StrategyBook, _ visit: Visit) async throws -> JSONValue {
    let record = try await book.find(weighing.strategy, version: weighing.version, of: visit.tenant)
    return view(weighing, record?.priorities ?? [])
}

private func view(_ weighing: Weighing, _ priorities: [PriorityRecord]) -> JSONValue {
    let means = weighing.allocation.map { Array(zip($0.weights, $0.intervals)) }
    return [
        "strategy": .init(weighing.strategy), "version": .init(weighing.version),
        "complete": .bool(weighing.isComplete),
        "leaders": .array(
            weighing.leaders.map {
                [
                    "person": .init($0.person), "askedAt": .init($0.invitedAt),
                    "answered": .bool($0.allottedAt != nil),
                ]
            }),
        "priorities": .array(
            priorities.enumerated().map { place, priority in
                [
                    "id": .init(priority.id), "name": .string(priority.name), "sharePercent": .init(priority.share),
                    "mean": means.map { .init($0[place].0) } ?? .null, "interval": view(means?[place].1),
                ]
            }),
        "agreement": weighing.allocation?.concordance.map(view) ?? .null,
    ]
}

private func view(_ concordance: Concordance) -> JSONValue {
    [
        "kendallsW": .init(concordance.coefficient), "interval": view(concordance.interval),
        "meanRankCorrelation": .init(concordance.meanCorrelation), "chiSquared": .init(concordance.chiSquared),
        "degreesOfFreedom": .init(concordance.freedom), "p": .init(concordance.probability),
        "leaders": .init(concordance.leaders), "priorities": .init(concordance.things),
    ]
}
