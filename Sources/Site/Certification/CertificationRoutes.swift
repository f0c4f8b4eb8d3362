import Basis
import Catalog
import HTML
import Hummingbird
import Intent
import Paths
import People
import Stores
import Web

/// Certifications, for those who lead.
func certificationRoutes(_ stores: Stores) -> [Route] {
    readingRoutes(stores) + endingRoutes(stores) + personRoutes(stores) + certificationFormRoutes(stores)
        + certificateRoutes(stores)
}

private let readers = Access.oneOf(overseers)

private func readingRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/certifications", readers, "The certifications.") { visit in
            .page(certificationsPage(try await list(stores, visit), in: try await stores.framed(visit)))
        },
        .get("/certifications/{id}", readers, "One certification and how it stands.") { visit in
            .page(certificationPage(try await one(stores, visit), in: try await stores.framed(visit)))
        },
        .get("/certifications/{id}/people.csv", readers, "Where each person stands, as CSV.") { visit in
            let record = try await stores.certification(visit)
            return .csv(try await csv(record, stores, visit), fileName: "certification.csv")
        },
    ]
}

private func endingRoutes(_ stores: Stores) -> [Route] {
    [
        .post("/certifications/{id}/publish", authors, "Publishes a draft.") { visit in
            try await act(stores, visit, said: .published) { form, id, me in
                _ = try await stores.planner.publish(
                    certification: id, override: form.textIfAny("override"), by: me, of: visit.tenant)
            }
        },
        .post("/certifications/{id}/discard", authors, "Takes a draft away.") { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            try await stores.certifications.discard(id, by: visit.me.id, of: visit.tenant)
            return .redirect(to: "/certifications?state=draft&said=discarded")
        },
        .post("/certifications/{id}/retire", authors, "Retires a certification.") { visit in
            try await act(stores, visit, said: .retired) { form, id, me in
                _ = try await stores.certifications.retire(id, reason: form.text("reason"), by: me, of: visit.tenant)
            }
        },
        .post("/certifications/{id}/restore", authors, "Undoes a retirement.") { visit in
            try await act(stores, visit, said: .restored) { form, id, me in
                _ = try await stores.planner.restore(
                    certification: id, override: form.textIfAny("override"), by: me, of: visit.tenant)
            }
        },
    ]
}

private func act(
    _ stores: Stores, _ visit: Visit, said: Said, _ change: (Form, ID<Mandate>, ID<Person>) async throws -> Void
) async throws -> Response {
    let form = try visit.form()
    let id = try visit.identifier("id", of: Mandate.self)
    do {
        try await change(form, id, visit.me.id)
        return .redirect(to: "/certifications/\(id)?said=\(said.rawValue)")
    } catch {
        var model = try await one(stores, visit)
        let problem = try refusal(of: error)
        model.entries = Entries(form).refused(problem) {
            $0 == "/reason" ? "reason" : $0 == "/override" ? "override" : ""
        }
        return .page(
            certificationPage(model, in: try await stores.framed(visit)),
            status: problem.code == "over-budget" ? .conflict : .unprocessableContent)
    }
}

// MARK: One person

private func personRoutes(_ stores: Stores) -> [Route] {
    let book = stores.certifications
    return [
        .get("/certifications/{id}/people/{person}", readers, "One person's cycles of a certification.") { visit in
            .page(certificationPersonPage(try await person(stores, visit), in: try await stores.framed(visit)))
        },
        .post("/certifications/{id}/people/{person}/exempt", authors, "Exempts a person, with a reason.") { visit in
            try await decide(stores, visit, ["since": "exemptFrom", "until": "exemptUntil", "reason": "exemptReason"]) {
                form, id, person in
                try await book.exempt(
                    person, from: id, since: day(form, "exemptFrom"), until: day(form, "exemptUntil"),
                    reason: form.text("exemptReason"), by: visit.me.id, of: visit.tenant)
            }
        },
        .post("/certifications/{id}/people/{person}/readmit", authors, "Ends an exemption.") { visit in
            try await decide(stores, visit, ["reason": "readmitReason"]) { form, id, person in
                try await book.endExemption(
                    of: person, from: id, reason: form.text("readmitReason"), by: visit.me.id, of: visit.tenant)
            }
        },
        .post("/certifications/{id}/people/{person}/extend", authors, "Gives a person more time.") { visit in
            try await decide(stores, visit, [:]) { form, id, person in
                try await book.extend(
                    person, id, until: day(form, "until"), reason: form.text("reason"), by: visit.me.id,
                    of: visit.tenant)
            }
        },
        .post("/certifications/{id}/people/{person}/unextend", authors, "Takes an extension back.") { visit in
            try await decide(stores, visit, ["reason": "withdrawReason"]) { form, id, person in
                try await book.withdrawExtension(
                    of: person, id, reason: form.text("withdrawReason"), by: visit.me.id, of: visit.tenant)
            }
        },
        .post("/certifications/{id}/people/{person}/revoke", authors, "Takes an attestation back.") { visit in
            try await decide(stores, visit, ["reason": "withdrawReason"]) { form, id, person in
                try await book.withdrawAttestation(
                    of: person, id, reason: form.text("withdrawReason"), by: visit.me.id, of: visit.tenant)
            }
        },
        .post("/certifications/{id}/people/{person}/attest", authors, "Attests that a person earned it.") { visit in
            try await decide(stores, visit, ["reason": "attestReason"]) { form, id, person in
                let record = try await stores.certification(visit)
                try await book.attest(
                    id, of: person, on: day(form, "day"),
                    by: record.draft.content == nil ? .completion : .equivalence, reason: form.text("attestReason"),
                    steward: visit.me.id, of: visit.tenant)
            }
        },
    ]
}

/// `names` says which field holds what a refusal points at, where it is called otherwise.
private func decide(
    _ stores: Stores, _ visit: Visit, _ names: [String: String],
    _ change: (Form, ID<Mandate>, ID<Person>) async throws -> Void
) async throws -> Response {
    let form = try visit.form()
    let id = try visit.identifier("id", of: Mandate.self)
    let about = try visit.identifier("person", of: Person.self)
    do {
        try await change(form, id, about)
        return .redirect(to: "/certifications/\(id)/people/\(about)?said=saved")
    } catch {
        var model = try await person(stores, visit)
        model.entries = Entries(form).refused(try refusal(of: error)) { pointer in
            let name = pointer.split(separator: "/").first.map(String.init) ?? ""
            return names[name] ?? name
        }
        return .page(
            certificationPersonPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
    }
}

private func day(_ form: Form, _ name: String) throws -> Day {
    guard let day = Day(form.text(name)) else {
        throw Problem(.invalid, "day", "Choose a day.", at: ["/\(name)"])
    }
    return day
}

private func person(_ stores: Stores, _ visit: Visit) async throws -> CertificationPersonModel {
    let record = try await stores.certification(visit)
    let id = try visit.identifier("person", of: Person.self)
    let today = stores.today
    guard let file = try await stores.certifications.file(of: id, record.id, on: today, in: visit.tenant) else {
        throw nothingHere("person of this certification")
    }
    let names = try await stores.directory.names(
        of: Array(Set(file.told.compactMap(\.by) + [id])), visit.tenant)
    return CertificationPersonModel(
        path: "/certifications/\(record.id)/people/\(id)", title: record.title,
        certification: "/certifications/\(record.id)", name: names[id] ?? "Somebody who has left", file: file,
        told: file.told.reversed().map { told in
            CertificationPersonModel.Told(
                at: told.event.at, what: Words.prose(told.event.fact.words),
                who: told.by.map { names[$0] ?? "Somebody who has left" })
        }, isAttested: record.draft.content == nil,
        canDecide: record.state == .published && visit.holdsAny([.sponsor, .steward]), today: today)
}

// MARK: Models

extension Stores {
    /// The certification that an address names.
    func certification(_ visit: Visit) async throws -> CertificationRecord {
        let id = try visit.identifier("id", of: Mandate.self)
        guard let record = try await certifications.find(id, of: visit.tenant) else {
            throw nothingHere("certification")
        }
        return record
    }
}

private func list(_ stores: Stores, _ visit: Visit) async throws -> CertificationsModel {
    let all = try await stores.certifications.list(of: visit.tenant)
    let wanted = MandateRecord.State(rawValue: visit.query.text("state")) ?? .published
    let counts = try await stores.certifications.counts(on: stores.today, in: visit.tenant)
    var entries: [CertificationsModel.Entry] = []
    for record in all where record.state == wanted {
        let count = counts[record.id] ?? CertificationCounts()
        entries.append(
            CertificationsModel.Entry(
                title: record.title, link: "/certifications/\(record.id)",
                who: try await stores.directory.sentence(of: record.audience, visit.tenant), why: record.draft.why,
                valid: record.rule.activePeriod.words, asked: count.asked, certified: count.certified,
                late: count[.overdue] + count[.lapsed], state: record.state))
    }
    let names: [(MandateRecord.State, String)] = [
        (.published, "Published"), (.draft, "Drafts"), (.retired, "Retired"),
    ]
    let last = try await stores.certifications.lastNight(of: visit.tenant)
    return CertificationsModel(
        entries: entries,
        tabs: names.map { state, words in
            Tab(
                words: words, link: "/certifications?state=\(state.rawValue)", isCurrent: state == wanted,
                count: all.count { $0.state == state })
        }, canWrite: visit.holdsAny([.sponsor, .steward]),
        lastRun: last.map { at, night in
            (
                at,
                "\(Words.count(night.advanced, "person", "people")) moved on, \(Words.count(night.joined)) joined, "
                    + "\(Words.count(night.ended)) ended, \(Words.count(night.notices, "notice", "notices")) written"
            )
        })
}

private func one(_ stores: Stores, _ visit: Visit) async throws -> CertificationModel {
    let record = try await stores.certification(visit)
    let (tenant, today, book) = (visit.tenant, stores.today, stores.certifications)
    let (all, byUnit) = try await book.counts(of: record.id, on: today, in: tenant)
    let tree = try await stores.directory.unitTree(of: tenant)
    let units = CertificationModel.hiding(
        byUnit.map { (name: $0.key.map { tree.path(of: $0) } ?? "Without unit", counts: $0.value) })
    let priorities = try await stores.strategies.names(
        of: Set([record.draft.priority].compactMap(\.self)), of: tenant)
    let revisions = try await book.revisions(of: record.id, in: tenant)
    var model = CertificationModel(
        path: "/certifications/\(record.id)", record: record,
        asker: try await stores.name(of: record.asker, visit) ?? "Somebody who has left",
        audience: try await stores.directory.sentence(of: record.audience, tenant),
        ground: record.draft.priority.flatMap { priorities[$0] }.map { "the priority “\($0)”" } ?? record.draft.basis,
        contents: try await contents(record.draft, stores, visit), counts: all, units: units,
        changes: try await stores.history(of: .mandate(record.id), visit),
        revisions: revisions.map { one in
            let rule = try? one.terms.rule()
            return (
                one.since,
                rule.map { "valid for \($0.activePeriod.words), \(Words.count($0.graceDays, "day", "days")) of grace" }
                    ?? "", one.people
            )
        }, canWrite: visit.holdsAny([.sponsor, .steward]), today: today)
    if record.state != .published {
        model.effect = try await effect(of: record, stores, visit)
    } else if model.canWrite, visit.query.text("effect") == "retire" {
        model.freed = try await effect(of: record, stores, visit)
    }
    if let override = record.override {
        model.overriddenBy = try await stores.name(of: override.by, visit) ?? "Somebody who has left"
    }
    model.standing = CertificationStanding(rawValue: visit.query.text("standing"))
    model.search = visit.query.text("q")
    let page = try await book.people(
        of: record.id, on: today, standing: model.standing, matching: model.search, page: visit.query.page,
        in: tenant)
    let isNamed = try await stores.mayName(.certification(record.id), visit)
    let names = isNamed ? try await stores.directory.names(of: page.items.map(\.person), tenant) : [:]
    model.rows = page.items.map { place in
        CertificationModel.Row(
            name: names[place.person] ?? (isNamed ? "Somebody who has left" : heldBack),
            link: "\(model.path)/people/\(place.person)", place: place)
    }
    (model.total, model.pageNumber, model.pageCount) = (page.total, page.page, page.pageCount)
    return model
}

/// What publishing or restoring it would do, or whom retiring it would free.
private func effect(of record: CertificationRecord, _ stores: Stores, _ visit: Visit) async throws -> MandateEffect {
    do {
        let preview = try await stores.planner.preview(certification: record.id, of: visit.tenant)
        return try await MandateEffect(preview, of: record.draft, changing: record.id, stores, visit)
    } catch {
        return MandateEffect(missing: try refusal(of: error).detail)
    }
}

/// What earns it, in words, with links.
private func contents(
    _ draft: CertificationDraft, _ stores: Stores, _ visit: Visit
) async throws -> [(name: String, words: String, link: String?)] {
    let named = [draft.content, draft.renewalContent, draft.testOut].compactMap(\.self) + draft.equivalents
    let titles = try await stores.library.titles(of: named, tenant: visit.tenant)
    func line(_ name: String, _ content: ID<Content>, _ minutes: Int?) -> (String, String, String?) {
        let length = minutes.map { " (\(Words.minutes($0)))" } ?? ""
        return (name, (titles[content] ?? "An object that is gone") + length, "/learn/\(content)")
    }
    var lines: [(name: String, words: String, link: String?)] = []
    lines.append(
        draft.content.map { line("First time", $0, draft.minutes) }
            ?? ("First time", "a steward attests it (\(Words.minutes(draft.minutes)))", nil))
    lines.append(
        draft.renewalContent.map { line("Again", $0, draft.renewalMinutes) }
            ?? ("Again", "the same (\(Words.minutes(draft.renewalMinutes)))", nil))
    for one in draft.equivalents { lines.append(line("Also counts", one, nil)) }
    if let test = draft.testOut { lines.append(line("Test instead", test, nil)) }
    return lines
}

private func csv(_ record: CertificationRecord, _ stores: Stores, _ visit: Visit) async throws -> String {
    var lines = [
        csvLine([
            "key", "name", "unit", "standing", "cycle", "opens on", "due on", "certificate until", "excused until",
        ])
    ]
    let tree = try await stores.directory.unitTree(of: visit.tenant)
    var number = 1
    while true {
        let page = try await stores.certifications.people(
            of: record.id, on: stores.today, page: number, pageSize: 1_000, in: visit.tenant)
        for place in page.items {
            guard let person = try await stores.directory.person(place.person, of: visit.tenant) else { continue }
            lines.append(
                csvLine([
                    person.key, person.name, person.unit.map { tree.path(of: $0) } ?? "", place.standing.rawValue,
                    place.cycle.map(String.init) ?? "", place.opensOn?.description ?? "",
                    place.dueOn?.description ?? "", place.certifiedUntil?.description ?? "",
                    place.excusedUntil?.description ?? "",
                ]))
        }
        if number >= page.pageCount { return lines.joined() }
        number += 1
    }
}
