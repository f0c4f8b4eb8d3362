import Basis
import Hummingbird
import Intent
import People
import Stores
import Web

/// The classification of AI uses under the law.
func classifyRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/register/{id}/classify", .right(.steward), "The questions that classify an AI use.") { visit in
            let use = try await found(stores, visit)
            let last = try await stores.register.classifications(of: use.id, in: visit.tenant).first
            let model = ClassifyModel(
                path: "/register/\(use.id)", name: use.name, revision: use.revision, yes: last?.answers.yes ?? [],
                result: last?.result, entries: Entries(["note": last?.note ?? ""]))
            return .page(classifyPage(model, in: try await stores.framed(visit)))
        },
        .post("/register/{id}/classify", .right(.steward), "Classifies an AI use.") { visit in
            let (use, form) = (try await found(stores, visit), try visit.form())
            let answers = Classification.Answers(
                yes: Set(form.all("yes").compactMap(Classification.Question.init(rawValue:))))
            var entries = Entries(form)
            if form.text("do") != "preview" {
                do {
                    _ = try await stores.register.classify(
                        use.id, answers, note: form.text("note"), since: Int(form.text("revision")),
                        by: visit.me.id, of: visit.tenant)
                    return .redirect(to: "/register/\(use.id)?said=saved")
                } catch {
                    entries = entries.refused(try refusal(of: error))
                }
            }
            let model = ClassifyModel(
                path: "/register/\(use.id)", name: use.name, revision: use.revision, yes: answers.yes,
                result: Classification(answers), entries: entries)
            return .page(
                classifyPage(model, in: try await stores.framed(visit)),
                status: entries.errors.isEmpty ? .ok : .unprocessableContent)
        },
    ]
}

private func found(_ stores: Stores, _ visit: Visit) async throws -> AIUseRecord {
    let id = try visit.identifier("id", of: AIUse.self)
    guard let record = try await stores.register.find(id, of: visit.tenant) else { throw nothingHere("AI use") }
    return record
}
