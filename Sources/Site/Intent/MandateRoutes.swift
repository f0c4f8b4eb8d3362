import Basis
import Catalog
import HTML
import Hummingbird
import Intent
import Paths
import People
import Stores
import Web

/// Mandates: everybody sees what is asked of them; those who lead write them in knowledge of whom they touch.
func mandateRoutes(_ stores: Stores) -> [Route] {
    readingMandates(stores) + writingMandates(stores) + endingMandates(stores)
}

private func readingMandates(_ stores: Stores) -> [Route] {
    [
        .get("/mandates", .right(.learn), "The mandates.") { visit in
            .page(mandatesPage(try await mandates(stores, visit), in: try await stores.framed(visit)))
        },
        .get("/mandates/{id}", .right(.learn), "One mandate, its progress and its revisions.") { visit in
            .page(mandatePage(try await mandate(stores, visit), in: try await stores.framed(visit)))
        },
        .post("/mandates/{id}/done", .right(.learn), "Notes that one did what a mandate without content asks.") {
            visit in
            let id = try visit.identifier("id", of: Mandate.self)
            try await stores.mandates.complete(id, by: visit.me.id, of: visit.tenant)
            return .redirect(to: "/mandates/\(id)?said=saved")
        },
    ]
}

private func writingMandates(_ stores: Stores) -> [Route] {
    [
        .get("/mandates/new", authors, "The form for a new mandate.") { visit in
            let entries = try await blank(stores, visit)
            let form = MandateWriting(stores: stores, visit: visit, record: nil, entries: entries)
            return .page(mandateFormPage(try await form.model(), in: try await stores.framed(visit)))
        },
        .post("/mandates/new", authors, "Keeps or publishes a new mandate.") { visit in
            var writing = MandateWriting(
                stores: stores, visit: visit, record: nil, entries: Entries(try visit.form()))
            return try await writing.answer()
        },
        .post("/mandates/preview", authors, "What the mandate would do, as the form stands.") { visit in
            let record = try await ID<Mandate>(visit.query.text("of")).flatMapAsync {
                try await stores.mandates.find($0, of: visit.tenant)
            }
            var writing = MandateWriting(
                stores: stores, visit: visit, record: record, entries: Entries(try visit.form()))
            return .piece(mandateEffect(try await writing.effect(), form: "mandate"))
        },
        .get("/mandates/{id}/edit", authors, "The form for a mandate.") { visit in
            let record = try await found(stores, visit)
            let entries = try await entries(of: record, stores, visit)
            let form = MandateWriting(stores: stores, visit: visit, record: record, entries: entries)
            return .page(mandateFormPage(try await form.model(), in: try await stores.framed(visit)))
        },
        .post("/mandates/{id}/edit", authors, "Keeps, publishes or changes a mandate.") { visit in
            var writing = MandateWriting(
                stores: stores, visit: visit, record: try await found(stores, visit),
                entries: Entries(try visit.form()))
            return try await writing.answer()
        },
    ]
}

private func endingMandates(_ stores: Stores) -> [Route] {
    [
        .post("/mandates/{id}/publish", authors, "Publishes a draft that fits, or with a reason to override.") {
            visit in
            try await act(stores, visit, said: .published) { form, id, me in
                _ = try await stores.planner.publish(
                    id, override: form.textIfAny("override"), by: me, of: visit.tenant)
            }
        },
        .post("/mandates/{id}/discard", authors, "Takes a draft away.") { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            try await stores.mandates.discard(id, by: visit.me.id, of: visit.tenant)
            return .redirect(to: "/mandates?state=draft&said=discarded")
        },
        .post("/mandates/{id}/retire", authors, "Retires a mandate.") { visit in
            try await act(stores, visit, said: .retired) { form, id, me in
                _ = try await stores.mandates.retire(id, reason: form.text("reason"), by: me, of: visit.tenant)
            }
        },
        .post("/mandates/{id}/restore", authors, "Undoes a retirement.") { visit in
            try await act(stores, visit, said: .restored) { form, id, me in
                _ = try await stores.planner.restore(
                    id, override: form.textIfAny("override"), by: me, of: visit.tenant)
            }
        },
    ]
}

private func found(_ stores: Stores, _ visit: Visit) async throws -> MandateRecord {
    let id = try visit.identifier("id", of: Mandate.self)
    guard let record = try await stores.mandates.find(id, of: visit.tenant) else { throw nothingHere("mandate") }
    return record
}

private func act(
    _ stores: Stores, _ visit: Visit, said: Said,
    _ change: (Form, ID<Mandate>, ID<Person>) async throws -> Void
) async throws -> Response {
    let form = try visit.form()
    let id = try visit.identifier("id", of: Mandate.self)
    do {
        try await change(form, id, visit.me.id)
        return .redirect(to: "/mandates/\(id)?said=\(said.rawValue)")
    } catch {
        let problem = try refusal(of: error)
        var model = try await mandate(stores, visit)
        model.entries = Entries(form).refused(problem, naming: mandateField(problem))
        return .page(
            mandatePage(model, in: try await stores.framed(visit)),
            status: problem.kind == .conflict ? .conflict : .unprocessableContent)
    }
}

/// An override stands as a whole, not at a field: its alternatives are beside the form.
func mandateField(_ problem: Problem) -> (String) -> String {
    { problem.code == "over-budget" ? "" : $0.split(separator: "/").first.map(String.init) ?? "" }
}

// MARK: Models

private func mandates(_ stores: Stores, _ visit: Visit) async throws -> MandatesModel {
    let sorting = visit.query.textIfAny("sort").map { Sorting($0) }
    guard visit.holdsAny(overseers) else {
        let own = try await stores.mandates.assigned(to: visit.me.id, of: visit.tenant)
        let entries = try await listed(own.map(\.mandate), [:], stores, visit) { record in
            own.first { $0.mandate.id == record.id }?.badge(today: stores.today) ?? .open("not counted yet")
        }
        return MandatesModel(
            entries: sorted(entries, sorting), tabs: [], canWrite: false, today: stores.today, isOwn: true,
            sorting: sorting)
    }
    let all = try await stores.mandates.list(of: visit.tenant)
    let wanted = MandateRecord.State(rawValue: visit.query.text("state")) ?? .published
    let progress = try await stores.mandates.progress(of: visit.tenant)
    let onlyOver = visit.query.text("over") == "yes"
    let chosen = all.filter { $0.state == wanted && (!onlyOver || $0.override != nil) }
    let entries = try await listed(chosen, progress, stores, visit) { $0.badge(today: stores.today) }
    let names: [(MandateRecord.State, String)] = [
        (.published, "Published"), (.draft, "Drafts"), (.retired, "Retired"),
    ]
    return MandatesModel(
        entries: sorted(entries, sorting),
        tabs: names.map { state, words in
            Tab(
                words: words, link: "/mandates?state=\(state.rawValue)", isCurrent: state == wanted,
                count: all.count { $0.state == state })
        }, canWrite: visit.holdsAny([.sponsor, .steward]), today: stores.today, isOwn: false, sorting: sorting)
}

private func listed(
    _ records: [MandateRecord], _ progress: [ID<Mandate>: MandateProgress], _ stores: Stores, _ visit: Visit,
    status: (MandateRecord) -> Status
) async throws -> [MandatesModel.Entry] {
    var entries: [MandatesModel.Entry] = []
    for record in records {
        let counted = progress[record.id]
        entries.append(
            MandatesModel.Entry(
                title: record.title, link: "/mandates/\(record.id)",
                who: try await stores.directory.sentence(of: record.audience, visit.tenant), why: record.why,
                minutes: record.minutes, deadline: record.deadline, status: status(record),
                done: counted.map { $0.completed + $0.held }, asked: counted?.asked ?? 0,
                isOverridden: record.override != nil))
    }
    return entries
}

private func sorted(_ entries: [MandatesModel.Entry], _ sorting: Sorting?) -> [MandatesModel.Entry] {
    guard let sorting else { return entries }
    let upwards =
        switch sorting.column {
        case "title": entries.sorted { $0.title.lowercased() < $1.title.lowercased() }
        case "minutes": entries.sorted { $0.minutes < $1.minutes }
        case "due": entries.sorted { $0.deadline < $1.deadline }
        default: entries
        }
    return sorting.isDescending ? upwards.reversed() : upwards
}

private func mandate(_ stores: Stores, _ visit: Visit) async throws -> MandateModel {
    let record = try await found(stores, visit)
    let me = try visit.me
    let isOverseer = visit.holdsAny(overseers)
    let own = try await stores.mandates.assigned(to: me.id, of: visit.tenant).first { $0.mandate.id == record.id }
    guard isOverseer || own != nil else { throw nothingHere("mandate") }
    let revisions = isOverseer ? try await stores.mandates.revisions(of: record.id, in: visit.tenant) : []
    let people = [record.asker, record.override?.by].compactMap { $0 } + revisions.map(\.by)
    let names = try await stores.directory.names(of: Array(Set(people)), visit.tenant)
    var model = MandateModel(
        path: "/mandates/\(record.id)", title: record.title, status: record.badge(today: stores.today),
        asker: names[record.asker] ?? "somebody who has left",
        audience: try await stores.directory.sentence(of: record.audience, visit.tenant),
        ground: try await ground(of: record, stores, visit), why: record.why, minutes: record.minutes,
        deadline: record.deadline, today: stores.today, state: record.state)
    if let content = record.content,
        let title = try await stores.library.titles(of: [content], tenant: visit.tenant)[content]
    {
        model.content = (title, "/learn/\(content)")
    }
    if let override = record.override {
        model.override = (
            override.reason, names[override.by] ?? "Somebody who has left", override.peopleOver, override.minutesOver
        )
    }
    model.own = own?.badge(today: stores.today)
    model.tests = record.testOut.refusal.isEmpty ? nil : "No, because: “\(record.testOut.refusal)”"
    if own != nil {
        let standing = try await stores.testOuts.standing(of: me.id, with: record.id, in: visit.tenant)
        model.testOut = TestOutView(
            path: model.path, standing: standing, minutes: record.minutes, today: stores.today)
    }
    model.canSayDone = record.content == nil && own?.assignment.state == .open && record.state == .published
    guard isOverseer else { return model }
    if model.tests == nil { model.tests = try await testWords(of: record, stores, visit) }
    model.canWrite = visit.holdsAny([.sponsor, .steward])
    model.changes = try await stores.history(of: .mandate(record.id), visit)
    model.revisions = revisions.map { revision in
        MandateModel.Revision(
            number: revision.number, at: revision.at, who: names[revision.by] ?? "Somebody who has left",
            minutes: revision.minutes, deadline: revision.deadline, people: revision.people,
            peopleOver: revision.peopleOver, minutesOver: revision.minutesOver, reason: revision.overrideReason)
    }
    if record.state == .published {
        let counted = try await stores.mandates.progress(of: record.id, in: visit.tenant)
        model.testedOut = try await stores.testOuts.passedCount(of: record.id, in: visit.tenant)
        model.progress = (counted.completed, counted.held, counted.open, counted.asked)
        model.joinersOver = try await stores.planner.joinersOver(of: visit.tenant)[record.id].map {
            ($0.people, $0.minutes)
        }
        if model.canWrite, visit.query.text("effect") == "retire" {
            model.freed = try await effect(of: record, stores, visit)
        }
    } else {
        model.effect = try await effect(of: record, stores, visit)
    }
    return model
}

/// Whether a test stands in for it, for those who ask for it.
private func testWords(of record: MandateRecord, _ stores: Stores, _ visit: Visit) async throws -> String {
    let found = try await stores.testOuts.questionsFound(for: record, in: visit.tenant)
    if found >= TestOut.questionCount {
        return "\(TestOut.questionCount) questions, passed with \(record.testOut.mark)%"
    }
    return found == 0
        ? "None: there are no questions about it"
        : "None: \(Words.count(found, "question", "questions")) of the \(TestOut.questionCount) that it needs"
}

/// What publishing or restoring it as it stands would do.
private func effect(of record: MandateRecord, _ stores: Stores, _ visit: Visit) async throws -> MandateEffect {
    do {
        let preview = try await stores.planner.preview(record.id, of: visit.tenant)
        return try await MandateEffect(preview, of: MandateDraft(record), changing: record.id, stores, visit)
    } catch {
        return MandateEffect(missing: try refusal(of: error).detail)
    }
}

private func ground(of record: MandateRecord, _ stores: Stores, _ visit: Visit) async throws -> String {
    guard let priority = record.priority else { return record.rule }
    guard let found = try await stores.strategies.priority(priority, of: visit.tenant) else {
        return record.rule.isEmpty ? "a priority that is gone" : record.rule
    }
    let words = "the priority “\(found.priority.name)” of “\(found.strategy.title)”"
    return record.rule.isEmpty ? words : "\(words), and \(record.rule)"
}

/// A mandate that is not written yet: by the person who looks, in a month's time, perhaps about one content.
private func blank(_ stores: Stores, _ visit: Visit) async throws -> Entries {
    var values = [
        "asker": "\(try visit.me.id)", "audience": "everyone", "minutes": "45",
        "deadline": "\(Month(stores.today).next.lastDay)", "testMark": "\(TestOutTerms().mark)",
    ]
    if let id = ID<Content>(visit.query.text("content")),
        let content = try await stores.library.content(id, of: visit.tenant)
    {
        values["content"] = "\(id)"
        values["title"] = content.title
        if let minutes = content.minutes, minutes > 0 { values["minutes"] = "\(minutes)" }
    }
    return Entries(values)
}

private func entries(of record: MandateRecord, _ stores: Stores, _ visit: Visit) async throws -> Entries {
    Entries([
        "asker": "\(record.asker)", "content": record.content.map { "\($0)" } ?? "", "title": record.title,
        "priority": record.priority.map { "\($0)" } ?? "", "rule": record.rule, "why": record.why,
        "minutes": "\(record.minutes)", "audience": try await stores.text(of: record.audience, visit),
        "deadline": "\(record.deadline)", "testMark": "\(record.testOut.mark)",
        "testRefusal": record.testOut.refusal,
    ])
}

extension MandateRecord {
    fileprivate func badge(today: Day) -> Status {
        switch state {
        case .draft: .idle("draft")
        case .retired: .ended("retired")
        case .published: deadline < today ? .alert("past its date") : .under("asked")
        }
    }
}

extension AssignedMandate {
    /// How it stands with the person.
    fileprivate func badge(today: Day) -> Status {
        switch assignment.state {
        case .completed: .done("done")
        case .held: .done("done before")
        case .released: .ended("no longer asked")
        case .open:
            mandate.deadline < today
                ? .alert("overdue") : mandate.deadline - today <= 14 ? .asked("due soon") : .asked("asked")
        }
    }
}
