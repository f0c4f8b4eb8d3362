import Basis
import Catalog
import HTML
import Hummingbird
import Intent
import People
import Stores
import Web

/// One's own certificates, notices and calendar.
func certificateRoutes(_ stores: Stores) -> [Route] {
    let book = stores.certifications
    return [
        .get("/certificates", .right(.learn), "One's own certificates.") { visit in
            .page(certificatesPage(try await own(stores, visit), in: try await stores.framed(visit)))
        },
        .post("/certificates/notices/seen", .right(.learn), "Marks every notice of one's own as seen.") { visit in
            try await book.seeAll(by: visit.me.id, of: visit.tenant)
            return .redirect(to: "/certificates")
        },
        .post("/certificates/notices/{id}/seen", .right(.learn), "Marks a notice of one's own as seen.") { visit in
            try await book.see(visit.identifier("id"), by: visit.me.id, of: visit.tenant)
            let back = try visit.form().text("back")
            return .redirect(to: ["/", "/team", "/decisions"].contains(back) ? back : "/certificates")
        },
        .post("/certificates/calendar", .right(.learn), "Makes a secret calendar address, shown once.") { visit in
            let secret = try await book.makeFeed(for: visit.me.id, of: visit.tenant)
            var model = try await own(stores, visit)
            model.address = "\(origin(visit))/calendar/\(secret)/leeway.ics"
            var response = Response.page(certificatesPage(model, in: try await stores.framed(visit)))
            // A page with a secret in it: no copy stays in the browser.
            response.headers[.cacheControl] = "no-store"
            return response
        },
        .post("/certificates/calendar/end", .right(.learn), "Ends the secret calendar address.") { visit in
            try await book.revokeFeed(of: visit.me.id, in: visit.tenant)
            return .redirect(to: "/certificates?said=removed")
        },
        .get("/calendar/{secret}/leeway.ics", .anyone, "A person's days, for calendar programs.") { visit in
            try await calendar(stores, visit)
        },
    ]
}

/// Where the visitor reached us, for an address that works outside of the page.
private func origin(_ visit: Visit) -> String {
    let host = visit.request.head.authority ?? "localhost"
    let header = visit.request.headers.first { $0.name.canonicalName == "x-forwarded-proto" }?.value
    let isLocal = host.hasPrefix("127.0.0.1") || host.hasPrefix("localhost") || host.hasPrefix("[::1]")
    let isPlain = header == "http" || (header != "https" && isLocal)
    return "\(isPlain ? "http" : "https")://\(host)"
}

private func calendar(_ stores: Stores, _ visit: Visit) async throws -> Response {
    guard let (tenant, person) = try await stores.certifications.reader(secret: visit.parameter("secret")) else {
        throw nothingHere("calendar")
    }
    let link = "\(origin(visit))/certificates"
    var entries = try await stores.certifications.calendar(of: person, link: link, in: tenant)
    for one in try await stores.mandates.assigned(to: person, of: tenant) where one.assignment.state == .open {
        entries.append(
            CalendarEntry(
                uid: "\(one.mandate.id)-\(person)-due@leeway", day: one.mandate.deadline,
                summary: "Due: \(one.mandate.title)", description: one.mandate.why,
                link: "\(origin(visit))/mandates/\(one.mandate.id)", remindDays: [7, 1],
                sequence: one.mandate.revision, stamp: one.assignment.assignedAt))
    }
    var response = Response.text(
        CalendarText.of("Leeway", entries.sorted { ($0.day, $0.uid) < ($1.day, $1.uid) }),
        type: "text/calendar; charset=utf-8")
    response.headers[.cacheControl] = "private, no-store"
    return response
}

private func own(_ stores: Stores, _ visit: Visit) async throws -> CertificatesModel {
    let (me, tenant, today, book) = (try visit.me, visit.tenant, stores.today, stores.certifications)
    let records = Dictionary(
        try await book.list(of: tenant).map { ($0.id, $0) }, uniquingKeysWith: { one, _ in one })
    let names = try await stores.directory.names(of: Array(Set(records.values.map(\.asker))), tenant)
    let priorities = try await stores.strategies.names(
        of: Set(records.values.compactMap(\.draft.priority)), of: tenant)
    var entries: [CertificatesModel.Entry] = []
    for place in try await book.places(of: me.id, on: today, in: tenant) {
        guard let record = records[place.certification],
            let file = try await book.file(of: me.id, record.id, on: today, in: tenant)
        else { continue }
        entries.append(
            CertificatesModel.Entry(
                title: record.title, asker: names[record.asker] ?? "somebody who has left",
                ground: record.draft.priority.flatMap { priorities[$0] }.map { "the priority “\($0)”" }
                    ?? record.draft.basis, why: record.draft.why, place: place, cycles: file.cycles,
                step: try await step(record, file, stores, visit)))
    }
    return CertificatesModel(
        entries: entries, told: try await stores.told(visit), feed: try await book.feed(of: me.id, in: tenant),
        today: today)
}

/// What there is to do now.
private func step(
    _ record: CertificationRecord, _ file: CertificationFile, _ stores: Stores, _ visit: Visit
) async throws -> (words: String, link: String?, minutes: Int)? {
    guard file.place.standing.isOpen else { return nil }
    let renews = file.place.certifiedUntil != nil && file.place.standing != .lapsed
    let draft = record.draft
    let minutes = renews ? draft.renewalMinutes : draft.minutes
    guard let content = (renews ? draft.renewalContent : nil) ?? draft.content else {
        return ("A steward attests it when you have done it.", nil, minutes)
    }
    let title = try await stores.library.titles(of: [content], tenant: visit.tenant)[content]
    return ("Do “\(title ?? "an object that is gone")”.", "/learn/\(content)", minutes)
}

extension Stores {
    /// What the person who looks was told and has not seen, in words.
    func told(_ visit: Visit, _ isMeant: (CertificationNotice) -> Bool = { _ in true }) async throws
        -> [CertificatesModel.Told]
    {
        let notices = try await certifications.notices(to: visit.me.id, of: visit.tenant, unseenOnly: true)
            .filter(isMeant)
        if notices.isEmpty { return [] }
        let records = try await certifications.list(of: visit.tenant)
        let titles = Dictionary(records.map { ($0.id, $0.title) }, uniquingKeysWith: { one, _ in one })
        let names = try await directory.names(of: Array(Set(notices.map(\.person))), visit.tenant)
        return notices.map { one in
            CertificatesModel.Told(
                id: "\(one.id)",
                words: one.words(
                    titles[one.certification] ?? "A certification", about: names[one.person], today: today),
                day: one.day, isSeen: one.seenAt != nil)
        }
    }

    /// What is open for a person, as the list of what is asked shows it.
    func openCertificates(_ visit: Visit) async throws -> [(place: CertificationPlace, record: CertificationRecord)] {
        let open = try await certifications.places(of: visit.me.id, on: today, in: visit.tenant)
            .filter(\.standing.isOpen)
        if open.isEmpty { return [] }
        let records = Dictionary(
            try await certifications.list(of: visit.tenant, state: .published).map { ($0.id, $0) },
            uniquingKeysWith: { one, _ in one })
        return open.compactMap { place in records[place.certification].map { (place, $0) } }
    }
}
