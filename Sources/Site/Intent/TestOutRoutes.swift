import Assess
import Basis
import Hummingbird
import Intent
import Paths
import People
import Stores
import Web

/// The test by which a learner shows to know already what a mandate asks.
func testOutRoutes(_ stores: Stores) -> [Route] {
    [
        .post("/mandates/{id}/test", .right(.learn), "Begins the test of a mandate, or goes on with it.") { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            _ = try await stores.testOuts.begin(id, by: visit.me.id, of: visit.tenant)
            return .redirect(to: "/mandates/\(id)/test")
        },
        .get("/mandates/{id}/test", .right(.learn), "The questions of the test that is open.") { visit in
            let scene = try await Scene(stores, visit)
            guard let test = scene.standing.underWay, scene.standing.offer == .underWay else {
                return .redirect(to: "/mandates/\(scene.record.id)#test-out")
            }
            return .page(testOutPage(try await scene.model(test), in: try await stores.framed(visit)))
        },
        .post("/mandates/{id}/test/answers", .right(.learn), "Hands the test in.") { try await hand(stores, $0) },
        .get("/mandates/{id}/test/result", .right(.learn), "How the newest test went.") { visit in
            let scene = try await Scene(stores, visit)
            guard let test = scene.standing.latest, let end = test.end else {
                return .redirect(to: "/mandates/\(scene.record.id)#test-out")
            }
            let model = TestOutResultModel(
                path: scene.path, title: scene.record.title, test: test, end: end,
                questions: try await stores.testOuts.questions(of: test, in: visit.tenant),
                tellsAnswers: !scene.standing.mayTryAgain, view: scene.view(today: stores.today))
            return .page(testOutResultPage(model, in: try await stores.framed(visit)))
        },
    ]
}

/// A mandate that was asked of the person who looks, with its test.
private struct Scene: Sendable {
    let stores: Stores
    let visit: Visit
    let record: MandateRecord
    let standing: TestOutStanding

    var path: String { "/mandates/\(record.id)" }

    init(_ stores: Stores, _ visit: Visit) async throws {
        let id = try visit.identifier("id", of: Mandate.self)
        let me = try visit.me.id
        let assigned = try await stores.mandates.assigned(to: me, of: visit.tenant)
        guard let own = assigned.first(where: { $0.mandate.id == id }) else { throw nothingHere("mandate") }
        (self.stores, self.visit, record) = (stores, visit, own.mandate)
        standing = try await stores.testOuts.standing(of: me, with: id, in: visit.tenant)
    }

    func model(_ test: TestOut) async throws -> TestOutModel {
        TestOutModel(
            path: path, title: record.title, test: test,
            questions: try await stores.testOuts.questions(of: test, in: visit.tenant), minutes: record.minutes)
    }

    func view(today: Day) -> TestOutView {
        TestOutView(path: path, standing: standing, minutes: record.minutes, today: today)
    }
}

private func hand(_ stores: Stores, _ visit: Visit) async throws -> Response {
    let scene = try await Scene(stores, visit)
    guard let test = scene.standing.underWay else {
        return .redirect(to: "\(scene.path)/test/result")
    }
    var model = try await scene.model(test)
    let form = try visit.form()
    for (index, question) in model.questions.enumerated() {
        let given = form.all(fieldName(index + 1))
        if !given.isEmpty { model.chosen[question.id] = given.compactMap { Int($0) } }
    }
    do {
        _ = try await stores.testOuts.hand(
            in: model.chosen, of: scene.record.id, by: try visit.me.id, of: visit.tenant)
        return .redirect(to: "\(scene.path)/test/result")
    } catch {
        let problem = try refused(error)
        guard problem.kind == .invalid else { throw error }
        for pointer in problem.pointers {
            guard let place = model.questions.firstIndex(where: { pointer.hasSuffix("/\($0.id)") }) else { continue }
            model.entries.errors[fieldName(place + 1)] = "Choose an answer, or say that you do not know."
        }
        if model.entries.errors.isEmpty { model.entries.errors[""] = problem.detail }
        return .page(
            testOutPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
    }
}
