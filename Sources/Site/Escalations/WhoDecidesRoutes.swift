import Basis
import Hummingbird
import Intent
import People
import Stores
import Web

/// The question who decides about a use of AI.
func whoDecidesRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/who-decides", .right(.learn), "The question who decides about an AI use, with people to choose.") {
            visit in
            guard let model = try await model(stores, visit, Entries()) else { return .redirect(to: "/") }
            return .page(whoDecidesPage(model, in: try await stores.framed(visit)))
        },
        .post("/who-decides", .right(.learn), "Answers who decides about an AI use, or puts it away.") { visit in
            let form = try visit.form()
            guard let id = ID<OwnerQuestion>(form.text("question")) else { throw nothingHere("question") }
            do {
                if form.text("do") == "dismiss" {
                    try await stores.questions.dismiss(id, by: visit.me.id, of: visit.tenant)
                } else {
                    try await stores.questions.answer(id, try answer(form), by: visit.me.id, of: visit.tenant)
                }
                return .redirect(to: "/?said=saved")
            } catch {
                let entries = Entries(form).refused(try refusal(of: error))
                guard let model = try await model(stores, visit, entries) else { return .redirect(to: "/") }
                return .page(
                    whoDecidesPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
    ]
}

private func answer(_ form: Form) throws -> OwnerQuestion.Answer {
    switch form.text("do") {
    case "unknown": return .unknown
    case "nobody": return .nobody
    case "refused": return .refused
    default:
        guard let person = ID<Person>(form.text("person")) else {
            throw Problem(.invalid, "person-missing", "Choose somebody, or one of the other answers.", at: ["/person"])
        }
        return .person(person)
    }
}

private func model(_ stores: Stores, _ visit: Visit, _ entries: Entries) async throws -> WhoDecidesModel? {
    let question = try await stores.questions.question(
        for: visit.me.id, seed: stores.world.seed(), of: visit.tenant)
    guard let question else { return nil }
    let search = visit.query.text("find")
    let page = try await stores.directory.people(
        of: visit.tenant, matching: PeopleFilter(text: search, isActive: true, pageSize: 100))
    return WhoDecidesModel(
        id: "\(question.id)", use: question.name, candidates: page.items.map { Choosable("\($0.id)", $0.name) },
        search: search, entries: entries)
}
