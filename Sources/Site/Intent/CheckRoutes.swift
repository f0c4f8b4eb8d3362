import Basis
import Hummingbird
import Insight
import Intent
import People
import Statistics
import Stores
import Web

/// Reading a strategy, showing that it is understood, and what that comes to.
func checkRoutes(_ stores: Stores) -> [Route] { learnersChecks(stores) + authorsChecks(stores) }

private func learnersChecks(_ stores: Stores) -> [Route] {
    [
        .post("/strategy/{id}/read", .right(.learn), "Notes for how long the strategy was before a person.") { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let form = try visit.form()
            try await stores.strategies.noteReading(
                id, version: try form.integer("version", in: 1...1_000_000) ?? 0,
                seconds: try form.integer("seconds", in: 0...86_400) ?? 0, by: visit.me.id, of: visit.tenant)
            return .noContent
        },
        .get("/strategy/{id}/check", .right(.learn), "What is asked to see whether a strategy is understood.") {
            visit in
            .page(checkPage(try await check(stores, visit, Entries()), in: try await stores.framed(visit)))
        },
        .post("/strategy/{id}/check", .right(.learn), "Answers what is asked about a strategy.") { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let form = try visit.form()
            let version = try form.integer("version", in: 1...1_000_000) ?? 0
            do {
                if form.text("do") == "recall" {
                    let texts = (0..<StrategyCheck.recallLimit).map { form.text("t\($0)") }
                    try await stores.strategies.recall(
                        id, version: version, texts: texts, by: visit.me.id, of: visit.tenant)
                } else {
                    let count = try await stores.strategies.check(of: id, version: version, in: visit.tenant)?
                        .questions.count
                    let picks = (0..<(count ?? 0)).map { Int(form.text("q\($0)")) }
                    try await stores.strategies.answer(
                        id, version: version, picks: picks, by: visit.me.id, of: visit.tenant)
                }
                return .redirect(to: "/strategy/\(id)/check")
            } catch {
                let entries = Entries(form).refused(try refusal(of: error)) { pointer in
                    let parts = pointer.split(separator: "/")
                    return parts.first == "texts" && parts.count > 1 ? "t\(parts[1])" : ""
                }
                let model = try await check(stores, visit, entries)
                return .page(checkPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
    ]
}

private func check(_ stores: Stores, _ visit: Visit, _ entries: Entries) async throws -> CheckModel {
    let id = try visit.identifier("id", of: Strategy.self)
    guard let (check, standing) = try await stores.strategies.standing(of: id, for: visit.me.id, in: visit.tenant),
        let record = try await stores.strategies.find(id, version: check.version, of: visit.tenant)
    else { throw nothingHere("strategy") }
    let state: CheckModel.State
    if !standing.hasOpened {
        state = .unopened
    } else if check.asksRecall, standing.recalledAt == nil {
        state = .recall
    } else if !check.questions.isEmpty, standing.answeredAt == nil {
        state = .questions
    } else {
        state = .done(standing.picks)
    }
    return CheckModel(path: "/strategy/\(id)", title: record.title, check: check, state: state, entries: entries)
}

// MARK: Those who lead

private func authorsChecks(_ stores: Stores) -> [Route] {
    [
        .get("/strategy/{id}/questions", authors, "The form for a version's check.") { visit in
            let number = try visit.query.integer("version", in: 1...1_000_000)
            let (record, check) = try await version(stores, visit, number)
            let model = CheckFormModel(
                path: "/strategy/\(record.id)", title: record.title, version: record.version,
                asksRecall: check?.asksRecall ?? true, answers: check?.answers ?? 0,
                entries: Entries(values(of: check?.questions ?? [])))
            return .page(checkFormPage(model, in: try await stores.framed(visit)))
        },
        .post("/strategy/{id}/questions", authors, "Keeps a version's check.") { visit in
            let form = try visit.form()
            let (record, check) = try await version(stores, visit, try form.integer("version", in: 1...1_000_000))
            let asksRecall = form.text("recall") == "yes"
            let (questions, places) = questions(form)
            do {
                try await stores.strategies.setCheck(
                    of: record.id, version: record.version, asksRecall: asksRecall, questions: questions,
                    by: visit.me.id, in: visit.tenant)
                return .redirect(to: "/strategy/\(record.id)?version=\(record.version)&said=saved")
            } catch {
                let entries = Entries(form).refused(try refusal(of: error)) { pointer in
                    let parts = pointer.split(separator: "/").map(String.init)
                    guard parts.count == 3, let number = Int(parts[1]), places.indices.contains(number) else {
                        return ""
                    }
                    return "q\(places[number])-\(parts[2])"
                }
                let model = CheckFormModel(
                    path: "/strategy/\(record.id)", title: record.title, version: record.version,
                    asksRecall: asksRecall, answers: check?.answers ?? 0, entries: entries)
                return .page(checkFormPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
        .get("/strategy/{id}/recall", authors, "Words of people, to be matched with priorities.") { visit in
            .page(recallPage(try await recall(stores, visit), in: try await stores.framed(visit)))
        },
        .post("/strategy/{id}/recall", authors, "Says which priorities people's words mean.") { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let form = try visit.form()
            for (name, value) in form.fields where name.hasPrefix("m-") && !value.isEmpty {
                guard let text = ID<Recalled>(String(name.dropFirst(2))) else { continue }
                try await stores.strategies.match(
                    text, to: ID<Priority>(value), by: visit.me.id, of: visit.tenant)
            }
            return .redirect(to: "/strategy/\(id)/recall?version=\(form.text("version"))&said=saved")
        },
        .get(
            "/strategy/{id}/reach.csv", .oneOf(overseers),
            "How far a strategy came, by unit, as CSV. Units of fewer than \(Measures.unitMinimum) people are together."
        ) { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let number = try visit.query.integer("version", in: 1...1_000_000)
            guard let funnel = try await stores.measures.funnel(of: id, version: number, in: visit.tenant) else {
                throw nothingHere("strategy")
            }
            return .csv(lines(of: funnel).joined(), fileName: "reach.csv")
        },
    ]
}

private func version(
    _ stores: Stores, _ visit: Visit, _ number: Int?
) async throws -> (record: StrategyRecord, check: StrategyCheck?) {
    let id = try visit.identifier("id", of: Strategy.self)
    guard let record = try await stores.strategies.find(id, version: number, of: visit.tenant) else {
        throw nothingHere("strategy")
    }
    return (record, try await stores.strategies.check(of: id, version: record.version, in: visit.tenant))
}

private func values(of questions: [StrategyCheck.Question]) -> [String: String] {
    var values: [String: String] = [:]
    for (place, question) in questions.enumerated() {
        values["q\(place)-text"] = question.text
        values["q\(place)-options"] = question.options.joined(separator: "\n")
        values["q\(place)-correct"] = "\(question.correct + 1)"
        values["q\(place)-feedback"] = question.feedback
    }
    return values
}

/// The questions of the form with the rows they stand in.
private func questions(_ form: Form) -> ([StrategyCheck.Question], places: [Int]) {
    var (questions, places): ([StrategyCheck.Question], [Int]) = ([], [])
    for place in 0..<CheckFormModel.questionLimit {
        let (text, options) = (form.text("q\(place)-text"), form.text("q\(place)-options"))
        if text.isEmpty && options.isEmpty { continue }
        places.append(place)
        questions.append(
            StrategyCheck.Question(
                text: text, options: options.split(whereSeparator: \.isNewline).map(String.init),
                correct: (Int(form.text("q\(place)-correct")) ?? 0) - 1, feedback: form.text("q\(place)-feedback")))
    }
    return (questions, places)
}

private func recall(_ stores: Stores, _ visit: Visit) async throws -> RecallModel {
    let (record, _) = try await version(stores, visit, try visit.query.integer("version", in: 1...1_000_000))
    let texts = try await stores.strategies.recalls(of: record.id, version: record.version, in: visit.tenant)
    let names = Dictionary(uniqueKeysWithValues: record.priorities.map { ($0.id, $0.name) })
    let settled = texts.filter(\.isSettled)
    let meant = record.priorities.map { one in (one.name, settled.count { $0.matched == one.id }) }
    return RecallModel(
        path: "/strategy/\(record.id)", title: record.title, version: record.version,
        priorities: record.priorities.map { Choosable("\($0.id)", $0.name) },
        open: texts.filter { !$0.isSettled }.prefix(50).map { text in
            RecallModel.Row(
                id: "\(text.id)", text: text.text,
                suggestion: text.suggested.flatMap { names[$0] }.map {
                    "\($0) (\(Words.percent(text.similarity)) alike)"
                })
        },
        settled: settled.isEmpty ? [] : meant + [("None of them", settled.count { $0.matched == nil })])
}

private func lines(of funnel: StrategyFunnel) -> [String] {
    func lines(_ name: String, _ steps: [StrategyFunnel.Step]) -> [String] {
        steps.map { step in
            func field(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
            return csvLine([
                name, step.name, step.count.map(String.init) ?? "", field(step.reach?.estimate), field(step.reach?.low),
                field(step.reach?.high), field(step.conversion?.estimate), field(step.conversion?.low),
                field(step.conversion?.high), step.needs ?? "",
            ])
        }
    }
    let heading = csvLine([
        "unit", "step", "people", "reach", "reach_low", "reach_high", "conversion", "conversion_low",
        "conversion_high", "needs",
    ])
    return [heading] + lines("Everybody", funnel.steps)
        + (funnel.units + [funnel.rest].compactMap(\.self)).flatMap { lines($0.name, $0.steps) }
}
