import Basis
import Hummingbird
import Intent
import People
import Stores
import Web

/// Learners' experiments: everybody reads and begins them, stewards settle them.
func experimentRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/experiments", .right(.learn), "Learners' experiments with AI.") { visit in
            .page(experimentsPage(try await list(stores, visit), in: try await stores.framed(visit)))
        },
        .get("/experiments/new", .right(.learn), "The form for a new experiment.") { visit in
            let model = try await form(stores, visit, nil, Entries(), [])
            return .page(experimentFormPage(model, in: try await stores.framed(visit)))
        },
        .post("/experiments/new", .right(.learn), "Begins an experiment.") { visit in
            try await save(stores, visit, nil)
        },
        .get("/experiments/sandbox", .right(.steward), "The form for the sandbox.") { visit in
            let sandbox = try await stores.experiments.sandbox(of: visit.tenant)
            let entries = Entries(["days": "\(sandbox.days)", "rules": sandbox.rules])
            let model = try await form(stores, visit, nil, entries, sandbox.data)
            return .page(sandboxFormPage(model, in: try await stores.framed(visit)))
        },
        .post("/experiments/sandbox", .right(.steward), "Changes the sandbox.") { visit in
            let sent = try visit.form()
            let data = sent.dataClasses
            do {
                _ = try await stores.experiments.set(
                    data: data, days: Int(sent.text("days")) ?? 0, rules: sent.text("rules"), by: visit.me.id,
                    of: visit.tenant)
                return .redirect(to: "/experiments?said=saved")
            } catch {
                let entries = Entries(sent).refused(try refusal(of: error))
                let model = try await form(stores, visit, nil, entries, data)
                return .page(
                    sandboxFormPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
        .get("/experiments/{id}", .right(.learn), "One experiment.") { visit in
            let model = try await experiment(stores, visit)
            return .page(experimentPage(model, in: try await stores.framed(visit)))
        },
        .get("/experiments/{id}/edit", .right(.learn), "The form for one's own experiment.") { visit in
            let record = try await own(stores, visit)
            let entries = Entries([
                "revision": "\(record.revision)", "title": record.title, "tool": record.tool, "idea": record.idea,
                "until": "\(record.until)",
            ])
            let model = try await form(stores, visit, record, entries, Set(record.data))
            return .page(experimentFormPage(model, in: try await stores.framed(visit)))
        },
        .post("/experiments/{id}/edit", .right(.learn), "Changes one's own experiment.") { visit in
            try await save(stores, visit, try await own(stores, visit))
        },
    ] + talkingRoutes(stores)
}

private func talkingRoutes(_ stores: Stores) -> [Route] {
    [
        .post("/experiments/{id}/follow", .right(.learn), "Follows an experiment, or no longer does.") { visit in
            let id = try visit.identifier("id", of: Experiment.self)
            let isOn = try visit.form().text("on") == "yes"
            try await stores.experiments.follow(id, isOn, by: visit.me.id, of: visit.tenant)
            return .redirect(to: "/experiments/\(id)")
        },
        .post("/experiments/{id}/remarks", .right(.learn), "Remarks on an experiment.") { visit in
            try await act(stores, visit) { form, id in
                try await stores.experiments.comment(form.text("body"), on: id, by: visit.me.id, of: visit.tenant)
            }
        },
        .post("/experiments/{id}/remarks/{remark}/remove", .right(.learn), "Takes one's own remark back.") { visit in
            let remark = try visit.identifier("remark", of: ExperimentComment.self)
            try await stores.experiments.removeComment(remark, by: visit.me.id, of: visit.tenant)
            return .redirect(to: "/experiments/\(visit.parameter("id"))?said=removed")
        },
        .post("/experiments/{id}/finish", .right(.learn), "Finishes one's own experiment.") { visit in
            try await act(stores, visit) { form, id in
                _ = try await stores.experiments.finish(
                    id, learned: form.text("learned"), by: visit.me.id, of: visit.tenant)
            }
        },
        .post("/experiments/{id}/settle", .right(.steward), "Promotes, adapts or stops an experiment.") { visit in
            try await act(stores, visit) { form, id in
                let isStop = form.text("do") == "stopped"
                let verdict: ExperimentBook.Verdict =
                    isStop
                    ? .stopped
                    : .use(
                        AIUseDraft(
                            name: form.text("name"), purpose: form.text("purpose"), kind: .practice,
                            data: Set(try await stores.experiments.find(id, of: visit.tenant)?.data ?? []),
                            status: AIUseRecord.Status(rawValue: form.text("status")) ?? .idea,
                            reviewOn: Day(form.text("reviewOn"))), adapted: form.text("do") == "adapted")
                _ = try await stores.experiments.settle(
                    id, verdict, reason: form.text(isStop ? "stopReason" : "reason"), by: visit.me.id,
                    of: visit.tenant)
            }
        },
    ]
}

private func act(
    _ stores: Stores, _ visit: Visit, _ change: (Form, ID<Experiment>) async throws -> Void
) async throws -> Response {
    let form = try visit.form()
    let id = try visit.identifier("id", of: Experiment.self)
    do {
        try await change(form, id)
        return .redirect(to: "/experiments/\(id)?said=saved")
    } catch {
        var model = try await experiment(stores, visit)
        model.entries = Entries(form).refused(try refusal(of: error))
        return .page(experimentPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
    }
}

private func own(_ stores: Stores, _ visit: Visit) async throws -> ExperimentRecord {
    let id = try visit.identifier("id", of: Experiment.self)
    guard let record = try await stores.experiments.find(id, of: visit.tenant), record.by == (try visit.me.id) else {
        throw nothingHere("experiment of yours")
    }
    return record
}

private func save(_ stores: Stores, _ visit: Visit, _ record: ExperimentRecord?) async throws -> Response {
    let sent = try visit.form()
    var entries = Entries(sent)
    let until = entries["until"].isEmpty ? nil : entries.day("until")
    if until == nil, !entries["until"].isEmpty { entries.errors["until"] = "Choose a day, or leave it empty." }
    let draft = ExperimentDraft(
        title: entries.trimmed("title"), tool: entries.trimmed("tool"), idea: entries.trimmed("idea"),
        data: sent.dataClasses, until: until)
    if entries.errors.isEmpty {
        do {
            if let record {
                _ = try await stores.experiments.change(
                    record.id, to: draft, since: Int(entries["revision"]), by: visit.me.id, of: visit.tenant)
                return .redirect(to: "/experiments/\(record.id)?said=saved")
            }
            let made = try await stores.experiments.begin(draft, by: visit.me.id, of: visit.tenant)
            return .redirect(to: "/experiments/\(made.id)?said=added")
        } catch {
            entries = entries.refused(try refusal(of: error))
        }
    }
    let model = try await form(stores, visit, record, entries, draft.data)
    return .page(experimentFormPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
}

private func form(
    _ stores: Stores, _ visit: Visit, _ record: ExperimentRecord?, _ entries: Entries,
    _ data: Set<AIUseRecord.DataClass>
) async throws -> ExperimentFormModel {
    ExperimentFormModel(
        path: record.map { "/experiments/\($0.id)" }, entries: entries, data: data,
        sandbox: SandboxView(try await stores.experiments.sandbox(of: visit.tenant)))
}

private func list(_ stores: Stores, _ visit: Visit) async throws -> ExperimentsModel {
    let all = try await stores.experiments.list(of: visit.tenant)
    let filter = ExperimentRecord.State(rawValue: visit.query.text("state"))
    let names = try await stores.directory.names(of: Array(Set(all.map(\.by))), visit.tenant)
    return ExperimentsModel(
        entries: all.filter { filter == nil || $0.state == filter }.map { one in
            ExperimentsModel.Entry(
                title: one.title, tool: one.tool, by: names[one.by] ?? "Somebody who has left",
                link: "/experiments/\(one.id)", state: one.state, until: one.until, followers: one.followers,
                comments: one.comments)
        }, counts: Dictionary(grouping: all, by: \.state).mapValues(\.count), filter: filter,
        sandbox: SandboxView(try await stores.experiments.sandbox(of: visit.tenant)),
        canWrite: visit.holds(.steward), today: stores.today)
}

private func experiment(_ stores: Stores, _ visit: Visit) async throws -> ExperimentModel {
    let id = try visit.identifier("id", of: Experiment.self)
    let me = try visit.me
    guard let record = try await stores.experiments.find(id, of: visit.tenant) else { throw nothingHere("experiment") }
    let remarks = try await stores.experiments.comments(on: id, of: visit.tenant)
    let people = remarks.compactMap(\.person) + [record.by] + [record.settledBy].compactMap(\.self)
    let names = try await stores.directory.names(of: Array(Set(people)), visit.tenant)
    var use: AIUseRecord?
    if let made = record.use { use = try await stores.register.find(made, of: visit.tenant) }
    let gone = "Somebody who has left"
    return ExperimentModel(
        path: "/experiments/\(id)", record: record, by: names[record.by] ?? gone,
        settledBy: record.settledBy.map { names[$0] ?? gone }, use: use.map { ($0.name, "/register/\($0.id)") },
        remarks: remarks.map { remark in
            ExperimentModel.Remark(
                id: "\(remark.id)", who: remark.person.flatMap { names[$0] } ?? gone, body: remark.body, at: remark.at,
                isOwn: remark.person == me.id)
        }, isFollowing: try await stores.experiments.follows(me.id, id, of: visit.tenant), isOwn: record.by == me.id,
        canSettle: visit.holds(.steward), today: stores.today,
        entries: Entries(["name": record.title, "purpose": record.idea, "status": "pilot"]))
}

extension SandboxView {
    fileprivate init(_ policy: SandboxPolicy) {
        self.init(
            data: AIUseRecord.DataClass.allCases.filter(policy.data.contains), days: policy.days, rules: policy.rules)
    }
}

extension Form {
    fileprivate var dataClasses: Set<AIUseRecord.DataClass> {
        Set(all("data").compactMap(AIUseRecord.DataClass.init(rawValue:)))
    }
}
