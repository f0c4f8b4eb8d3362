import Basis
import Hummingbird
import Intent
import People
import Statistics
import Stores
import Web

/// Leaders share out points over a draft's priorities; those who write it see how far they agree.
func weighingRoutes(_ stores: Stores) -> [Route] { authorsWeighing(stores) + leadersWeighing(stores) }

private func authorsWeighing(_ stores: Stores) -> [Route] {
    [
        .get("/strategy/{id}/weighing", authors, "How leaders weigh a strategy's priorities.") { visit in
            let model = try await weighing(stores, visit, Entries())
            return .page(weighingPage(model, in: try await stores.framed(visit)))
        },
        .post("/strategy/{id}/weighing", authors, "Asks leaders to weigh a draft.") { visit in
            try await change(stores, visit, said: "asked") { id, form in
                let leaders = form.fields.filter { $0.0.hasPrefix("leader-") && $0.1 == "yes" }
                    .compactMap { ID<Person>(String($0.0.dropFirst("leader-".count))) }
                _ = try await stores.strategies.askLeaders(leaders, toWeigh: id, by: visit.me.id, of: visit.tenant)
            }
        },
        .post("/strategy/{id}/weighing/excuse", authors, "No longer asks a leader to weigh a draft.") { visit in
            try await change(stores, visit, said: "saved") { id, form in
                guard let person = ID<Person>(form.text("person")) else { throw nothingHere("person") }
                _ = try await stores.strategies.excuseLeader(
                    person, fromWeighing: id, by: visit.me.id, of: visit.tenant)
            }
        },
        .post("/strategy/{id}/weighing/again", authors, "Asks all leaders to weigh a draft again.") { visit in
            try await change(stores, visit, said: "asked") { id, form in
                _ = try await stores.strategies.weighAgain(
                    id, reason: form.text("reason"), by: visit.me.id, of: visit.tenant)
            }
        },
        .post("/strategy/{id}/weighing/take", authors, "Makes the leaders' mean the draft's weights.") { visit in
            try await change(stores, visit, said: "saved") { id, _ in
                _ = try await stores.strategies.takeLeadersWeights(of: id, by: visit.me.id, of: visit.tenant)
            }
        },
    ]
}

private func leadersWeighing(_ stores: Stores) -> [Route] {
    [
        .get("/strategy/{id}/points", .right(.learn), "The points that a leader gives to a draft's priorities.") {
            visit in
            let request = try await request(stores, visit)
            var values: [String: String] = [:]
            if request.allottedAt != nil {
                for (place, priority) in request.strategy.priorities.enumerated() {
                    values["points-\(place)"] = "\(request.points[priority.id] ?? 0)"
                }
            }
            return .page(
                pointsPage(
                    try await points(stores, visit, request, Entries(values)), in: try await stores.framed(visit)))
        },
        .post("/strategy/{id}/points", .right(.learn), "Gives points to a draft's priorities.") { visit in
            let request = try await request(stores, visit)
            let form = try visit.form()
            do {
                var given: [ID<Priority>: Int] = [:]
                for place in request.strategy.priorities.indices {
                    guard let priority = ID<Priority>(form.text("priority-\(place)")) else { continue }
                    let text = form.text("points-\(place)")
                    guard let number = text.isEmpty ? 0 : Int(text) else {
                        throw Problem(
                            .invalid, "points-range",
                            "“\(text)” is no whole number. Give one from 0 to \(Weighing.points).",
                            at: ["/points/\(place)"])
                    }
                    given[priority] = number
                }
                try await stores.strategies.allot(
                    given, to: request.strategy.id, version: try form.integer("version", in: 1...1_000_000) ?? 0,
                    by: visit.me.id, of: visit.tenant)
                return .redirect(to: "/decisions?said=answered")
            } catch {
                let entries = Entries(form).refused(try refusal(of: error)) { pointer in
                    let parts = pointer.split(separator: "/")
                    return parts.count == 2 ? "points-\(parts[1])" : ""
                }
                let model = try await points(stores, visit, request, entries)
                return .page(pointsPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
    ]
}

private func change(
    _ stores: Stores, _ visit: Visit, said: String, _ act: (ID<Strategy>, Form) async throws -> Void
) async throws -> Response {
    let id = try visit.identifier("id", of: Strategy.self)
    let form = try visit.form()
    do {
        try await act(id, form)
        return .redirect(to: "/strategy/\(id)/weighing?said=\(said)")
    } catch {
        let model = try await weighing(
            stores, visit, Entries(form).refused(try refusal(of: error)) { $0 == "/reason" ? "reason" : "" })
        return .page(weighingPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
    }
}

private func weighing(_ stores: Stores, _ visit: Visit, _ entries: Entries) async throws -> WeighingModel {
    let id = try visit.identifier("id", of: Strategy.self)
    let version = try visit.query.integer("version", in: 1...1_000_000)
    guard let record = try await stores.strategies.find(id, version: version, of: visit.tenant),
        let weighing = try await stores.strategies.weighing(of: id, version: record.version, in: visit.tenant)
    else { throw nothingHere("strategy") }
    let names = try await stores.directory.names(of: weighing.leaders.map(\.person), visit.tenant)
    let asked = Set(weighing.leaders.map(\.person.description))
    let rules = try await stores.escalations.policy(of: visit.tenant)
    let means = weighing.allocation.map { Array(zip($0.weights, $0.intervals)) }
    return WeighingModel(
        path: "/strategy/\(id)", title: record.title, version: record.version, isDraft: record.state == .draft,
        weighing: weighing,
        leaders: weighing.leaders.map {
            WeighingModel.Leader(
                id: $0.person, name: names[$0.person] ?? "somebody who has left", asked: $0.invitedAt.day,
                hasAnswered: $0.allottedAt != nil)
        },
        rows: record.priorities.enumerated().map { place, priority in
            let mean = means.map { $0[place] }
            return WeighingModel.Row(
                name: priority.name, share: priority.share,
                mean: mean.map { $0.1.map(shareWords) ?? Words.percent($0.0) } ?? "")
        },
        agreement: StrategyAgreement(needed: rules.agreement, concordance: weighing.allocation?.concordance),
        choices: try await stores.people(holding: [.sponsor, .steward, .manager], and: nil, visit)
            .filter { !asked.contains($0.value) }, entries: entries)
}

private func request(_ stores: Stores, _ visit: Visit) async throws -> WeighingRequest {
    let id = try visit.identifier("id", of: Strategy.self)
    let all = try await stores.strategies.weighingRequests(of: visit.me.id, in: visit.tenant)
    guard let request = all.first(where: { $0.strategy.id == id }) else { throw nothingHere("strategy to weigh") }
    return request
}

private func points(
    _ stores: Stores, _ visit: Visit, _ request: WeighingRequest, _ entries: Entries
) async throws -> PointsModel {
    PointsModel(
        path: "/strategy/\(request.strategy.id)", request: request,
        invitedBy: try await stores.name(of: request.invitedBy, visit), entries: entries)
}
