import Assess
import Basis
import Catalog
import Hummingbird
import Intent
import Paths
import People
import Stores
import Web

/// What happens within an object: reading, answering, the result.
func sittingRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/sittings/{id}", .right(.learn), "Where a sitting stands: the text, the way elsewhere, a question.") {
            try await sitting(stores, $0)
        },
        .post("/sittings/{id}/read", .right(.learn), "The text was read.") { visit in
            let id = try visit.identifier("id", of: Registration.self)
            let seconds = Int(try visit.form().text("seconds"))
            let sitting = try await stores.sittings.read(
                id, seconds: seconds, by: try visit.me.id, of: visit.tenant)
            if sitting.isOpen { return .redirect(to: "/sittings/\(id)/quiz") }
            let spent = "\(Int(sitting.spent.seconds.rounded()))"
            return .redirect(
                to: Address("/learn/\(sitting.content)", [("said", "finished"), ("seconds", spent)]).text)
        },
        .post("/sittings/{id}/abandon", .right(.learn), "Puts a sitting aside without completing it.") { visit in
            let id = try visit.identifier("id", of: Registration.self)
            try await stores.sittings.abandon(id, by: try visit.me.id, of: visit.tenant)
            return .redirect(to: "/")
        },
        .get("/sittings/{id}/quiz", .right(.learn), "The next question, or the way to the result.") { visit in
            let scene = try await Scene(stores, visit)
            guard let index = scene.items.firstIndex(where: { scene.sitting.answer(to: $0.id) == nil }),
                scene.sitting.isOpen
            else { return .redirect(to: "/sittings/\(scene.sitting.id)/result") }
            return .page(questionPage(scene.question(index), in: try await stores.frame(visit)))
        },
        .post("/sittings/{id}/answers/{item}", .right(.learn), "Answers or skips a question.") {
            try await answer(stores, $0)
        },
        .get("/sittings/{id}/answers/{item}", .right(.learn), "A question that was answered, with why.") { visit in
            let scene = try await Scene(stores, visit)
            let item = try visit.identifier("item", of: Item.self)
            guard let index = scene.items.firstIndex(where: { $0.id == item }),
                let given = scene.sitting.answer(to: item), given.isRight != nil
            else { return .redirect(to: "/sittings/\(scene.sitting.id)/quiz") }
            var model = scene.question(index)
            model.grade = try ItemAnswer(stored: given.given, of: scene.items[index].kind).map {
                try scene.items[index].grade($0)
            }
            return .page(questionPage(model, in: try await stores.frame(visit)))
        },
        .get("/sittings/{id}/result", .right(.learn), "How the questions went.") { visit in
            let scene = try await Scene(stores, visit)
            guard let end = scene.sitting.endedAt else { return .redirect(to: "/sittings/\(scene.sitting.id)") }
            let assigned = try await stores.mandates.assigned(to: try visit.me.id, of: visit.tenant)
            let completed = assigned.filter { $0.assignment.completedAt == end }.map(\.mandate.title)
            return .page(resultPage(scene.result(completed: completed), in: try await stores.frame(visit)))
        },
    ]
}

/// A sitting with its object and the questions that can be answered in it.
private struct Scene {
    let sitting: Sitting
    let content: ContentRecord
    let items: [ItemRecord]

    init(_ stores: Stores, _ visit: Visit) async throws {
        let id = try visit.identifier("id", of: Registration.self)
        guard let sitting = try await stores.sittings.sitting(id, of: try visit.me.id, in: visit.tenant),
            let content = try await stores.library.content(sitting.content, of: visit.tenant)
        else {
            throw Problem(.missing, "sitting-missing", "There is no such sitting. Open the object again.")
        }
        self.sitting = sitting
        self.content = content
        items = try await stores.items.items(of: content.id, tenant: visit.tenant).filter { $0.kind != .opaque }
    }

    func question(_ index: Int) -> QuestionModel {
        QuestionModel(
            title: content.title, back: "/learn/\(content.id)", sitting: "\(sitting.id)", item: items[index],
            number: index + 1, count: items.count,
            isLast: items.allSatisfy { sitting.answer(to: $0.id) != nil })
    }

    func result(completed: [String]) -> ResultModel {
        let result = SittingResult(sitting.answers, of: items.count)
        return ResultModel(
            title: content.title, back: "/learn/\(content.id)", contentID: "\(content.id)", right: result.right,
            answered: sitting.answers.count, skipped: result.skipped, count: result.count,
            passMark: SittingResult.passMark, isPassed: result.isPassed, spent: sitting.spent,
            rows: items.map { item in (item.stem, sitting.answer(to: item.id)?.isRight) }, completed: completed)
    }
}

private func sitting(_ stores: Stores, _ visit: Visit) async throws -> Response {
    let scene = try await Scene(stores, visit)
    let (sitting, content) = (scene.sitting, scene.content)
    if !sitting.isOpen {
        return .redirect(to: sitting.answers.isEmpty ? "/learn/\(content.id)" : "/sittings/\(sitting.id)/result")
    }
    if sitting.readAt != nil { return .redirect(to: "/sittings/\(sitting.id)/quiz") }
    let frame = try await stores.frame(visit)
    let language = try visit.me.language
    if let text = try await stores.library.text(of: content.id, language: language, tenant: visit.tenant) {
        let parent = try await stores.library.parent(of: content, tenant: visit.tenant)
        return .page(
            readingPage(
                ReadingModel(
                    content: content, text: text.body, language: text.language, sitting: "\(sitting.id)",
                    itemCount: scene.items.count, parent: parent), in: frame))
    }
    guard let url = content.url, url.hasPrefix("http") else {
        return .redirect(to: "/sittings/\(sitting.id)/quiz")
    }
    return .page(
        elsewherePage(
            ElsewhereModel(
                content: content, url: url, sitting: "\(sitting.id)", itemCount: scene.items.count), in: frame))
}

private func answer(_ stores: Stores, _ visit: Visit) async throws -> Response {
    let id = try visit.identifier("id", of: Registration.self)
    let item = try visit.identifier("item", of: Item.self)
    let form = try visit.form()
    let isSkipped = form.isOn("skip")
    let scene = try await Scene(stores, visit)
    guard let index = scene.items.firstIndex(where: { $0.id == item }) else {
        throw Problem(.missing, "item-missing", "This object has no such question.")
    }
    do {
        let given = isSkipped ? nil : try ItemAnswer(form, to: scene.items[index])
        _ = try await stores.sittings.answer(item, given, in: id, by: try visit.me.id, of: visit.tenant)
    } catch {
        let problem = try refused(error)
        guard problem.kind == .invalid else { throw error }
        var model = scene.question(index)
        let field = [.order, .match].contains(scene.items[index].kind) ? "answer-0" : "answer"
        model.entries = Entries(form).refused(problem) { _ in field }
        return .page(questionPage(model, in: try await stores.frame(visit)), status: problem.formStatus)
    }
    return .redirect(to: isSkipped ? "/sittings/\(id)/quiz" : "/sittings/\(id)/answers/\(item)")
}
