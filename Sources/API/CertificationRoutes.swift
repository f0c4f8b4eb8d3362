import Basis
import Hummingbird
import Intent
import JSON
import Paths
import People
import Stores
import Web

/// Certifications: what people must hold, and how each stands.
func certificationRoutes(_ stores: Stores) -> [Route] {
    readingCertifications(stores) + draftingCertifications(stores) + previewingCertifications(stores)
        + decidingCertifications(stores)
        + decidingForPeople(stores.certifications) + ownCertificates(stores)
}

private let askers = Access.oneOf([.sponsor, .steward])
private let overseers = Access.oneOf([.sponsor, .steward, .audit])

private func readingCertifications(_ stores: Stores) -> [Route] {
    let book = stores.certifications
    return [
        .api(
            .get, "/api/v1/certifications", overseers, "Every certification with how many people stand where.",
            queries: [.takes("state", .text, "draft, published or retired.")]
        ) { visit in
            let state: MandateRecord.State? = try visit.query.textIfAny("state").map { try word("state", $0) }
            let records = try await book.list(of: visit.tenant, state: state)
            let counts = try await book.counts(on: stores.world.now().day, in: visit.tenant)
            return .json(.list(records.map { view($0, counts[$0.id]) }))
        },
        .api(.get, "/api/v1/certifications/{id}", overseers, "One certification with its counts.") { visit in
            let record = try await found(visit, book)
            let counts = try await book.counts(of: record.id, on: stores.world.now().day, in: visit.tenant)
            return visit.taggedJSON(view(record, counts.all))
        },
        .api(
            .get, "/api/v1/certifications/{id}/people", overseers, "Where each person stands, by name.",
            queries: [
                .takes("standing", .text, CertificationStanding.allCases.map(\.rawValue).joined(separator: ", ")),
                .takes("search", .text, "Part of the name."), .takes("page", .integer), .takes("pageSize", .integer),
            ]
        ) { visit in
            let record = try await found(visit, book)
            let standing: CertificationStanding? = try visit.query.textIfAny("standing").map {
                try word("standing", $0)
            }
            let page = try await book.people(
                of: record.id, on: stores.world.now().day, standing: standing,
                matching: visit.query.text("search"), page: Int(visit.query.text("page")) ?? 1,
                pageSize: Int(visit.query.text("pageSize")) ?? 50, in: visit.tenant)
            return .json(
                .page(page.items.map(view), total: page.total, page: page.page, pageSize: page.pageSize))
        },
        .api(
            .get, "/api/v1/certifications/{id}/people/{person}", overseers,
            "Every cycle of one person, and what became known of them."
        ) { visit in
            let record = try await found(visit, book)
            let person = try visit.identifier("person", of: Person.self)
            let today = stores.world.now().day
            guard let file = try await book.file(of: person, record.id, on: today, in: visit.tenant) else {
                throw missing("person of this certification")
            }
            return .json(view(file))
        },
    ]
}

private func draftingCertifications(_ stores: Stores) -> [Route] {
    let book = stores.certifications
    return [
        .api(.post, "/api/v1/certifications", askers, "Drafts a certification.", members: members) { visit in
            let record = try await book.draft(try await draft(visit, stores), by: visit.me.id, of: visit.tenant)
            return .json(view(record, nil), status: .created)
        },
        .api(.put, "/api/v1/certifications/{id}", askers, "Edits a draft.", members: members) { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            let draft = try await draft(visit, stores)
            return .json(view(try await book.edit(id, to: draft, by: visit.me.id, of: visit.tenant), nil))
        },
        .api(.delete, "/api/v1/certifications/{id}", askers, "Discards a draft.") { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            try await book.discard(id, by: visit.me.id, of: visit.tenant)
            return .noContent
        },
    ]
}

private func previewingCertifications(_ stores: Stores) -> [Route] {
    [
        .api(
            .post, "/api/v1/certifications/preview", askers,
            "What a certification would do to everybody, without keeping it.",
            members: members + [.takes("changing", .text, "The certification that it changes.")]
        ) { visit in
            let draft = try await draft(visit, stores)
            let id: ID<Mandate>? = try visit.members().identifier("changing")
            let isNamed = try await stores.mayName(id.map { .certification($0) } ?? .newMandate, visit)
            let preview = try await stores.planner.preview(draft, changing: id, of: visit.tenant)
            return .json(previewView(preview, isNamed: isNamed))
        },
        .api(.get, "/api/v1/certifications/{id}/preview", askers, "What publishing this draft would do.") { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            let isNamed = try await stores.mayName(.certification(id), visit)
            let preview = try await stores.planner.preview(certification: id, of: visit.tenant)
            return .json(previewView(preview, isNamed: isNamed))
        },
        .api(
            .get, "/api/v1/certifications/{id}/retirement", askers,
            "What retiring a published certification would free."
        ) { visit in
            let record = try await found(visit, stores.certifications)
            guard record.state == .published else { throw missing("certification") }
            let preview = try await stores.planner.preview(certification: record.id, of: visit.tenant)
            return .json([
                "asked": .init(preview.asked), "peopleFreed": .init(preview.peopleOver),
                "minutesFreed": .init(preview.minutesOver),
                "freed": overView(preview, isNamed: try await stores.mayName(.certification(record.id), visit)),
            ])
        },
    ]
}

private func decidingCertifications(_ stores: Stores) -> [Route] {
    let book = stores.certifications
    let override = Member.takes("override", .text, "Why it is asked although some are over budget.")
    return [
        .api(
            .post, "/api/v1/certifications/{id}/publish", askers,
            "Publishes a draft when it fits everybody's leeway, or with a reason to override.", members: [override]
        ) { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            let reason = try visit.members().textIfAny("override")
            let record = try await stores.planner.publish(
                certification: id, override: reason, by: visit.me.id, of: visit.tenant)
            return .json(view(record, nil))
        },
        .api(
            .post, "/api/v1/certifications/{id}/revise", askers, "Changes a published certification: a new revision.",
            members: members + [.takes("revision", .integer, "Refused when it is another by now."), override]
        ) { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            let draft = try await draft(visit, stores)
            let given = try visit.members()
            let record = try await stores.planner.revise(
                certification: id, to: draft, since: given.integer("revision"), override: given.textIfAny("override"),
                by: visit.me.id, of: visit.tenant)
            return .json(view(record, nil))
        },
        .api(
            .post, "/api/v1/certifications/{id}/retire", askers, "Ends a certification: nobody is asked any longer.",
            members: [.needs("reason", .text)]
        ) { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            let reason = try visit.members().text("reason")
            return .json(view(try await book.retire(id, reason: reason, by: visit.me.id, of: visit.tenant), nil))
        },
        .api(
            .post, "/api/v1/certifications/{id}/restore", askers, "Undoes a retirement when there is still room.",
            members: [override]
        ) { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            let reason = try visit.members().textIfAny("override")
            let record = try await stores.planner.restore(
                certification: id, override: reason, by: visit.me.id, of: visit.tenant)
            return .json(view(record, nil))
        },
        .api(
            .post, "/api/v1/certification-runs", .right(.steward),
            "Does now what the server does every night. Doing it twice changes nothing more."
        ) { visit in
            let night = try await CertificationNightRun(book).run(of: visit.tenant)
            return .json([
                "day": .init(night.day), "programmes": .init(night.programmes), "joined": .init(night.joined),
                "ended": .init(night.ended), "advanced": .init(night.advanced), "lines": .init(night.lines),
                "notices": .init(night.notices),
            ])
        },
    ]
}

private func decidingForPeople(_ book: CertificationBook) -> [Route] {
    func route(
        _ action: String, _ summary: String, _ members: [Member],
        _ decide: @escaping @Sendable (Visit, Members, ID<Mandate>, ID<Person>) async throws -> Void
    ) -> Route {
        .api(
            .post, "/api/v1/certifications/{id}/people/{person}/\(action)", askers, summary,
            members: members + [.needs("reason", .text, "It stays on record.")]
        ) { visit in
            try await decide(visit, visit.members(), visit.identifier("id"), visit.identifier("person"))
            return .noContent
        }
    }
    return [
        route(
            "exempt", "Nothing is due for one person from a day until a day.",
            [.needs("from", .text, "A day."), .needs("until", .text, "The last day.")]
        ) { visit, members, id, person in
            try await book.exempt(
                person, from: id, since: day("from", members), until: day("until", members),
                reason: members.text("reason"), by: visit.me.id, of: visit.tenant)
        },
        route("readmit", "Ends an exemption before its last day.", []) { visit, members, id, person in
            try await book.endExemption(
                of: person, from: id, reason: members.text("reason"), by: visit.me.id, of: visit.tenant)
        },
        route("extend", "The open cycle of one person is due later.", [.needs("until", .text, "The due day.")]) {
            visit, members, id, person in
            try await book.extend(
                person, id, until: day("until", members), reason: members.text("reason"), by: visit.me.id,
                of: visit.tenant)
        },
        route("withdraw-extension", "Takes back the last extension of one person.", []) {
            visit, members, id, person in
            try await book.withdrawExtension(
                of: person, id, reason: members.text("reason"), by: visit.me.id, of: visit.tenant)
        },
        route("withdraw-attestation", "Takes back what was attested last: the cycle is open again.", []) {
            visit, members, id, person in
            try await book.withdrawAttestation(
                of: person, id, reason: members.text("reason"), by: visit.me.id, of: visit.tenant)
        },
        route(
            "attest", "Attests that one person earned it.",
            [.needs("day", .text, "When it was earned."), .takes("way", .text, "completion, equivalence or testOut.")]
        ) { visit, members, id, person in
            try await book.attest(
                id, of: person, on: day("day", members),
                by: try members.textIfAny("way").map { try word("way", $0) } ?? .completion,
                reason: members.text("reason"), steward: visit.me.id, of: visit.tenant)
        },
    ]
}

private func ownCertificates(_ stores: Stores) -> [Route] {
    let book = stores.certifications
    return [
        .api(.get, "/api/v1/certificates", .right(.learn), "One's own certificates, with every cycle.") { visit in
            let today = stores.world.now().day
            var items: [JSONValue] = []
            for place in try await book.places(of: visit.me.id, on: today, in: visit.tenant) {
                guard let record = try await book.find(place.certification, of: visit.tenant),
                    let file = try await book.file(of: visit.me.id, record.id, on: today, in: visit.tenant),
                    var json = view(file).object
                else { continue }
                json["title"] = .string(record.title)
                json["why"] = .string(record.draft.why)
                json["asker"] = .init(record.asker)
                items.append(.object(json))
            }
            return .json(.list(items))
        },
        .api(
            .get, "/api/v1/team/certificates", .right(.seeTeam), "What is asked of one's team, the earliest due first."
        ) { visit in
            let team = try await book.team(of: visit.me.id, on: stores.world.now().day, in: visit.tenant)
            return .json(.list(team.map(view)))
        },
        .api(
            .get, "/api/v1/notices", .right(.learn), "What one was told about certifications, the newest first.",
            queries: [.takes("unseen", .flag, "true leaves out what was seen.")]
        ) { visit in
            let notices = try await book.notices(
                to: visit.me.id, of: visit.tenant, unseenOnly: visit.query.text("unseen") == "true")
            return .json(.list(notices.map(view)))
        },
        .api(.put, "/api/v1/notices/{id}/seen", .right(.learn), "Marks a notice of one's own as seen.") { visit in
            try await book.see(visit.identifier("id"), by: visit.me.id, of: visit.tenant)
            return .noContent
        },
        .api(.get, "/api/v1/calendar", .right(.learn), "Whether one has a calendar address.") { visit in
            let feed = try await book.feed(of: visit.me.id, in: visit.tenant)
            return .json([
                "isOn": .bool(feed != nil), "createdAt": .init(feed?.createdAt), "readAt": .init(feed?.readAt),
            ])
        },
        .api(
            .post, "/api/v1/calendar", .right(.learn),
            "Makes one's secret calendar address, in place of any earlier one. It is told this once."
        ) { visit in
            let secret = try await book.makeFeed(for: visit.me.id, of: visit.tenant)
            return .json(["path": .string("/calendar/\(secret)/leeway.ics")], status: .created)
        },
        .api(.delete, "/api/v1/calendar", .right(.learn), "Ends one's calendar address.") { visit in
            try await book.revokeFeed(of: visit.me.id, in: visit.tenant)
            return .noContent
        },
    ]
}

private let members: [Member] = [
    .needs("title", .text), .needs("why", .text), .needs("audience", .text, "An audience rule."),
    .needs("minutes", .integer, "1 to 6000."), .takes("asker", .text, "The caller when absent."),
    .takes("priority", .text, "A priority's identity."), .takes("basis", .text, "The law or rule it comes from."),
    .takes("content", .text, "What earns it; absent when a steward attests it."),
    .takes("renewalContent", .text, "What renews it; the same when absent."),
    .takes("renewalMinutes", .integer, "As the first time when absent."),
    .takes("equivalents", .texts, "Other contents that count."),
    .takes("testOut", .text, "A quiz whose passing counts."),
    .takes("leaveDays", .integer, "Absences of so many days excuse; none do when absent."),
    .takes(
        "rule", .object,
        "activePeriod (P12M), windowDays, base (expiry, completion or a day), firstDue and renewalDue (a day, or such "
            + "as assigned+P30D), graceDays, minimumDays, zone, reminders (person:-30 manager:7 owner:21)."),
]

private func draft(_ visit: Visit, _ stores: Stores) async throws -> CertificationDraft {
    let members = try visit.members()
    let equivalents = try members.texts("equivalents").enumerated().map { place, text in
        guard let id = ID<Content>(text) else {
            throw Problem(.invalid, "identifier", "“\(text)” is no identity.", at: ["/equivalents/\(place)"])
        }
        return id
    }
    let draft = CertificationDraft(
        asker: try members.identifier("asker") ?? visit.me.id, title: members.text("title"),
        why: members.text("why"), priority: try members.identifier("priority"), basis: members.text("basis"),
        audience: try await audience(members, visit, stores), content: try members.identifier("content"),
        minutes: members.integer("minutes") ?? 0, renewalContent: try members.identifier("renewalContent"),
        renewalMinutes: members.integer("renewalMinutes"), equivalents: equivalents,
        testOut: try members.identifier("testOut"), leaveDays: members.integer("leaveDays"),
        terms: try members.value("rule")?.object.map(CertificationTerms.init(reading:)) ?? CertificationTerms())
    try await stores.expectContents(of: draft, in: visit.tenant)
    return draft
}

private func day(_ name: String, _ members: Members) throws -> Day {
    guard let day = try members.day(name) else {
        throw Problem(.invalid, "day", "Name a day such as 2026-12-31.", at: ["/\(name)"])
    }
    return day
}

private func found(_ visit: Visit, _ book: CertificationBook) async throws -> CertificationRecord {
    let id = try visit.identifier("id", of: Mandate.self)
    guard let record = try await book.find(id, of: visit.tenant) else { throw missing("certification") }
    return record
}
