import Assess
import Basis
import Hummingbird
import Intent
import JSON
import Paths
import People
import Stores
import Web

/// The test by which the caller shows to know already what a mandate asks.
func testOutRoutes(_ stores: Stores) -> [Route] {
    let book = stores.testOuts
    return [
        .api(
            .get, "/api/v1/me/mandates/{id}/test", .right(.learn),
            "Whether a test stands in for the mandate, the caller's tries, and the questions of an open one."
        ) { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            try await expectAsked(id, visit, stores)
            return .json(try await answer(id, visit, book))
        },
        .api(
            .post, "/api/v1/me/mandates/{id}/test", .right(.learn), "Begins the test, or goes on with the open one."
        ) { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            try await expectAsked(id, visit, stores)
            _ = try await book.begin(id, by: visit.me.id, of: visit.tenant)
            return .json(try await answer(id, visit, book))
        },
        .api(
            .post, "/api/v1/me/mandates/{id}/test/answers", .right(.learn),
            "Hands the test in. Passed, it completes the mandate.",
            members: [.needs("answers", .list, "One a question: `item`, and `chosen`, positions of the choices.")]
        ) { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            var answers: [ID<Item>: [Int]] = [:]
            let list = try visit.members().list(
                "answers",
                taking: [.needs("item", .text), .needs("chosen", .list, "Empty when not known.")])
            for one in list {
                guard let item: ID<Item> = try one.identifier("item") else { continue }
                answers[item] = one.value("chosen")?.array?.compactMap(\.integer) ?? []
            }
            try await expectAsked(id, visit, stores)
            _ = try await book.hand(in: answers, of: id, by: visit.me.id, of: visit.tenant)
            return .json(try await answer(id, visit, book))
        },
    ]
}

private func expectAsked(_ id: ID<Mandate>, _ visit: Visit, _ stores: Stores) async throws {
    let assigned = try await stores.mandates.assigned(to: visit.me.id, of: visit.tenant)
    if !assigned.contains(where: { $0.mandate.id == id }) { throw missing("mandate") }
}

private func answer(_ id: ID<Mandate>, _ visit: Visit, _ book: TestOutBook) async throws -> JSONValue {
    let standing = try await book.standing(of: visit.me.id, with: id, in: visit.tenant)
    var json = JSONObject([
        ("offer", .string(standing.offer.word)), ("says", .string(standing.offer.sentence)),
        ("mark", .init(standing.mark)), ("questionCount", .init(TestOut.questionCount)),
        ("tryLimit", .init(TestOut.tryLimit)), ("waitDays", .init(TestOut.waitDays)),
        ("tests", .array(standing.tests.map(view))),
    ])
    if case .waiting(let day) = standing.offer { json["nextOn"] = .init(day) }
    if let open = standing.underWay, standing.offer == .underWay {
        json["questions"] = .array(try await book.questions(of: open, in: visit.tenant).map(question))
    }
    return .object(json)
}

private func view(_ test: TestOut) -> JSONValue {
    [
        "registration": .init(test.id), "number": .init(test.number), "mark": .init(test.mark),
        "begunAt": .init(test.begunAt), "endedAt": .init(test.end?.at),
        "correct": test.end.map { .init($0.correct) } ?? .null,
        "isPassed": test.end.map { .init($0.isPassed) } ?? .null,
    ]
}
