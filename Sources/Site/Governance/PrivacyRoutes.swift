import Basis
import Evidence
import HTML
import Hummingbird
import People
import Storage
import Stores
import Web

private let privacyReaders = Access.oneOf([.administer, .audit])
private let administrators = Access.right(.administer)

/// Holds, erasures and retention, for those who run it and those who audit it; and each one's own data.
func privacyRoutes(_ stores: Stores) -> [Route] {
    overviewRoutes(stores) + ruleRoutes(stores) + personRoutes(stores) + [
        .get("/me/data.zip", .right(.learn), "Everything that is held about me.") { visit in
            archive(of: try visit.me.id, stores, visit)
        }
    ]
}

private func overviewRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/privacy", privacyReaders, "Legal holds, erasures and retention.") { visit in
            .page(privacyPage(try await overview(stores, visit), in: try await stores.framed(visit)))
        },
        .post("/privacy/holds", privacyReaders, "Sets a hold over everybody.") { visit in
            let form = try visit.form()
            return try await kept(stores, visit, { $0.hold = $1 }) {
                _ = try await stores.rights.hold(
                    nil, until: try day(form), reason: form.text("reason"), by: visit.me.id, of: visit.tenant)
            }
        },
        .post("/privacy/holds/{id}/lift", privacyReaders, "Ends a hold before its day.") { visit in
            let (form, id) = (try visit.form(), try visit.identifier("id", of: LegalHold.self))
            return try await kept(stores, visit, said: .withdrawn) {
                _ = try await stores.rights.lift(
                    id, reason: form.text("reason"), by: visit.me.id, of: visit.tenant)
            }
        },
        .get("/privacy/erasures/{id}", privacyReaders, "One erasure: how far it is, or its receipt.") { visit in
            let id = try visit.identifier("id", of: Erasure.self)
            let receipt = try await stores.rights.receipt(id, of: visit.tenant)
            let model = ErasureModel(
                receipt: receipt, author: try await stores.author(receipt.record.orderedBy, visit),
                mayAct: visit.holds(.administer))
            return .page(erasurePage(model, in: try await stores.framed(visit)))
        },
        .get("/privacy/erasures/{id}/receipt.json", privacyReaders, "The receipt of an erasure, with its proof.") {
            visit in
            let id = try visit.identifier("id", of: Erasure.self)
            return .json(try await stores.rights.receipt(id, of: visit.tenant).json)
        },
        .post("/privacy/erasures/{id}/resume", administrators, "Goes on with an erasure that stopped.") { visit in
            let id = try visit.identifier("id", of: Erasure.self)
            try await stores.rights.resume(id, by: visit.me.id, of: visit.tenant)
            return .redirect(to: "/privacy/erasures/\(id)")
        },
    ]
}

private func ruleRoutes(_ stores: Stores) -> [Route] {
    [
        .post("/privacy/rules", administrators, "Says for how long which statements are kept.") { visit in
            let form = try visit.form()
            let draft = RetentionDraft(
                purpose: form.text("purpose"), verb: form.textIfAny("verb"),
                activityType: form.textIfAny("activityType"), days: Int(form.text("days")) ?? 0,
                isHighRisk: form.isOn("highRisk"))
            return try await kept(stores, visit, { $0.rule = $1 }, said: .added) {
                _ = try await stores.rights.makeRule(draft, by: visit.me.id, of: visit.tenant)
            }
        },
        .post("/privacy/rules/{id}/end", administrators, "Ends a rule.") { visit in
            let (form, id) = (try visit.form(), try visit.identifier("id", of: RetentionRule.self))
            return try await kept(stores, visit, said: .retired) {
                try await stores.rights.endRule(
                    id, reason: form.text("reason"), by: visit.me.id, of: visit.tenant)
            }
        },
        .post("/privacy/run", administrators, "Runs every rule now.") { visit in
            _ = try await stores.rights.queueRetention(by: visit.me.id, of: visit.tenant)
            return .redirect(to: "/privacy")
        },
        .post("/privacy/pseudonyms", administrators, "Makes a new key for pseudonyms.") { visit in
            let form = try visit.form()
            return try await kept(stores, visit) {
                try await stores.rights.rotatePseudonyms(
                    reason: form.text("reason"), by: visit.me.id, of: visit.tenant)
            }
        },
    ]
}

private func personRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/privacy/people/{id}", privacyReaders, "What is held about a person.") { visit in
            .page(personPrivacyPage(try await person(stores, visit), in: try await stores.framed(visit)))
        },
        .post("/privacy/people/{id}/data.zip", administrators, "Everything that is held about a person.") { visit in
            let (form, id) = (try visit.form(), try visit.identifier("id", of: Person.self))
            return try await done(stores, visit, { $0.fault = $1.detail }) {
                try await stores.rights.noteExport(
                    of: id, reason: form.text("reason"), by: visit.me.id, in: visit.tenant)
                return archive(of: id, stores, visit)
            }
        },
        .post("/privacy/people/{id}/hold", privacyReaders, "Sets a hold over a person.") { visit in
            let (form, id) = (try visit.form(), try visit.identifier("id", of: Person.self))
            return try await done(stores, visit, { $0.hold = $1.entries }) {
                _ = try await stores.rights.hold(
                    id, until: try day(form), reason: form.text("reason"), by: visit.me.id, of: visit.tenant)
                return .redirect(to: "/privacy/people/\(id)?said=saved")
            }
        },
        .post("/privacy/people/{id}/erase", administrators, "Erases a person.") { visit in
            let (form, id) = (try visit.form(), try visit.identifier("id", of: Person.self))
            return try await done(stores, visit, { $0.fault = $1.detail }) {
                let record = try await stores.rights.erase(
                    id, reason: form.text("reason"), by: visit.me.id, of: visit.tenant)
                return .redirect(to: "/privacy/erasures/\(record.id)")
            }
        },
    ]
}

private func archive(of person: ID<Person>, _ stores: Stores, _ visit: Visit) -> Response {
    let (desk, tenant) = (stores.rights, visit.tenant)
    return .stream(type: "application/zip", fileName: "data.zip") { send in
        try await desk.archive(of: person, in: tenant, into: send)
    }
}

private func day(_ form: Form) throws(Problem) -> Day {
    guard let day = Day(form.text("endsOn")) else {
        throw Problem(.invalid, "hold-end", "Name the last day.", at: ["/endsOn"])
    }
    return day
}

// MARK: Acts

/// Does an act of the overview and goes back to it, or shows it again with what is wrong.
private func kept(
    _ stores: Stores, _ visit: Visit, _ place: ((inout PrivacyModel, Entries) -> Void)? = nil,
    said: Said = .saved, _ act: () async throws -> Void
) async throws -> Response {
    do {
        try await act()
        return .redirect(to: "/privacy?said=\(said.rawValue)")
    } catch {
        let problem = try refusal(of: error)
        var model = try await overview(stores, visit)
        if let place { place(&model, Entries(try visit.form()).refused(problem)) } else { model.fault = problem.detail }
        return .page(privacyPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
    }
}

/// What was typed on a person's page, and what is wrong with it.
private struct Refused {
    let entries: Entries
    let detail: String
}

private func done(
    _ stores: Stores, _ visit: Visit, _ place: (inout PersonPrivacyModel, Refused) -> Void,
    _ act: () async throws -> Response
) async throws -> Response {
    do {
        return try await act()
    } catch {
        let problem = try refusal(of: error)
        var model = try await person(stores, visit)
        place(&model, Refused(entries: Entries(try visit.form()).refused(problem), detail: problem.detail))
        return .page(personPrivacyPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
    }
}

// MARK: Models

extension Stores {
    /// Who did something, as one says it.
    fileprivate func author(_ person: ID<Person>?, _ visit: Visit) async throws -> String {
        guard let person else { return "the operator" }
        return try await name(of: person, visit) ?? "somebody who was erased"
    }
}

private func overview(_ stores: Stores, _ visit: Visit) async throws -> PrivacyModel {
    let (tenant, now) = (visit.tenant, stores.world.now())
    var holds: [PrivacyModel.Hold] = []
    for record in try await stores.rights.holds(of: tenant) {
        let whom: String? = try await stores.name(of: record.person, visit)
        holds.append(
            PrivacyModel.Hold(
                record: record, whom: record.person == nil ? "Everybody" : whom ?? "Somebody who was erased",
                author: try await stores.author(record.setBy, visit),
                link: whom == nil ? nil : record.person.map { "/privacy/people/\($0)" },
                isActive: record.isActive(at: now)))
    }
    var erasures: [PrivacyModel.Erasing] = []
    for record in try await stores.rights.erasures(of: tenant, limit: 50) {
        erasures.append(
            PrivacyModel.Erasing(record: record, author: try await stores.author(record.orderedBy, visit)))
    }
    var rules: [PrivacyModel.Rule] = []
    for record in try await stores.rights.rules(of: tenant) {
        let forecast = record.endedAt == nil ? try await stores.rights.forecast(record.id, of: tenant) : nil
        rules.append(PrivacyModel.Rule(record: record, forecast: forecast))
    }
    return PrivacyModel(
        holds: holds, erasures: erasures, rules: rules, runs: try await stores.rights.runs(of: tenant, limit: 20),
        mayAct: visit.holds(.administer))
}

private func person(_ stores: Stores, _ visit: Visit) async throws -> PersonPrivacyModel {
    let id = try visit.identifier("id", of: Person.self)
    let holdings = try await stores.rights.holdings(of: id, in: visit.tenant)
    return PersonPrivacyModel(
        holdings: holdings, holder: try await stores.author(holdings.hold?.setBy, visit),
        mayAct: visit.holds(.administer))
}
