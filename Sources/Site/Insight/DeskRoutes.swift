import Basis
import Catalog
import HTML
import Hummingbird
import Imports
import Intent
import Paths
import People
import Storage
import Stores
import Web

/// What waits for a person: the steward's desk, and everybody's own decisions.
func deskRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/desk", .right(.steward), "The steward's desk: queues that need a person.") { visit in
            .page(deskPage(try await desk(stores, visit), in: try await stores.framed(visit)))
        },
        .get("/decisions", .right(.learn), "The decisions asked of a person.") { visit in
            .page(decisionsPage(try await decisions(stores, visit), in: try await stores.framed(visit)))
        },
        .get("/intent", .right(.learn), "Strategy, register, mandates and policy: how each stands.") { visit in
            .page(intentPage(try await intent(stores, visit), in: try await stores.framed(visit)))
        },
    ]
}

/// What waits for this person's answer, the oldest first within each kind.
func decisions(_ stores: Stores, _ visit: Visit) async throws -> [Decision] {
    let me = try visit.me
    let today = stores.today
    let uses = try await stores.register.overview(of: visit.tenant)
    let byID = Dictionary(uses.map { ($0.use.id, $0) }, uniquingKeysWith: { one, _ in one })
    var list = try await stores.register.asked(of: me.id, in: visit.tenant).compactMap { asked in
        byID[asked.use].map {
            Decision(
                words: "Answer for “\($0.use.name)”?", link: "/register/\(asked.use)",
                more: "You were asked on \(Words.day(asked.proposedAt.day, today: today)).")
        }
    }
    for notice in try await stores.documents.notices(for: me.id, of: visit.tenant) where notice.isNeeded {
        list.append(
            Decision(
                words: "Read and accept “\(notice.document.title)”", link: "/documents/\(notice.document.id)",
                more: notice.accepted == nil ? notice.document.summary : "It changed since you accepted it."))
    }
    let standing = try await stores.register.delegations(of: me.id, in: visit.tenant)
    for one in standing where one.delegate == me.id && one.state == .proposed && one.days.upperBound >= today {
        list.append(
            Decision(
                words: "Stand in for somebody from \(Words.day(one.days.lowerBound, today: today))?", link: "/me/away",
                more: one.reason))
    }
    for entry in uses
    where entry.ownership.owner == me.id && entry.use.status.isActive && entry.ownership.isReviewOverdue {
        list.append(
            Decision(
                words: "Review “\(entry.use.name)”", link: "/register/\(entry.use.id)",
                more: entry.use.reviewOn.map { "It was due by \(Words.day($0, today: today))." } ?? ""))
    }
    for note in try await stores.strategies.notices(for: me.id, of: visit.tenant) where note.acknowledgedAt == nil {
        list.append(
            Decision(
                words: "Read and acknowledge “\(note.strategy.title)”", link: "/strategy/\(note.strategy.id)",
                more: note.strategy.standing))
    }
    for request in try await stores.strategies.weighingRequests(of: me.id, in: visit.tenant)
    where request.allottedAt == nil {
        list.append(
            Decision(
                words: "Weigh the priorities of “\(request.strategy.title)”",
                link: "/strategy/\(request.strategy.id)/points",
                more: "Share out \(Weighing.points) points before it is published."))
    }
    // Who asks is told of what is late; the notice goes when it is seen on the page of certificates.
    for one in try await stores.told(visit, { $0.kind == .escalated }) {
        list.append(Decision(words: one.words, link: "/certificates", more: "Speak to them, or give them more time."))
    }
    if visit.holdsAny([.sponsor, .steward]) {
        let joiners = try await stores.planner.joinersOver(of: visit.tenant)
        for record in try await stores.certifications.list(of: visit.tenant, state: .draft)
        where record.asker == me.id {
            list.append(
                Decision(
                    words: "Publish or discard the certification “\(record.title)”",
                    link: "/certifications/\(record.id)",
                    more: "A draft of \(Words.day(record.createdAt.day, today: today))."))
        }
        for record in try await stores.mandates.list(of: visit.tenant) {
            if record.state == .published, record.asker == me.id, let over = joiners[record.id] {
                list.append(
                    Decision(
                        words: "“\(record.title)” does not fit "
                            + Words.count(over.people, "person who joined", "people who joined"),
                        link: "/mandates/\(record.id)", more: "Move its date, shorten it or leave them out."))
            }
            if record.state == .draft, record.asker == me.id {
                list.append(
                    Decision(
                        words: "Publish or discard the mandate “\(record.title)”", link: "/mandates/\(record.id)",
                        more: "A draft of \(Words.day(record.createdAt.day, today: today))."))
            } else if record.state == .published, record.asker == me.id, let override = record.override {
                list.append(
                    Decision(
                        words: "“\(record.title)” is over the budget of "
                            + Words.count(override.peopleOver, "person", "people"),
                        link: "/mandates/\(record.id)", more: "Move its date, shorten it or retire it."))
            }
        }
    }
    return list
}

private func desk(_ stores: Stores, _ visit: Visit) async throws -> DeskModel {
    let today = stores.today
    let active = try await stores.register.overview(of: visit.tenant).filter(\.use.status.isActive)
    let unowned = active.filter { $0.ownership.owner == nil }.sorted { $0.use.createdAt < $1.use.createdAt }
    let overdue = active.filter(\.ownership.isReviewOverdue)
        .sorted { ($0.use.reviewOn?.number ?? 0) < ($1.use.reviewOn?.number ?? 0) }
    let made = try await stores.library.composition(of: visit.tenant)
    let failed = try await stores.jobs.list(of: visit.tenant, kind: "import-", limit: 200).filter {
        $0.state == .failed && ($0.kind != ImportKind.people.jobKind || visit.holds(.administer))
    }
    let over = try await stores.mandates.list(of: visit.tenant, state: .published).filter { $0.override != nil }
    return DeskModel(queues: [
        queue(
            "Without owner", "unowned", "AI uses in pilot or live that nobody answers for.", "/register?owner=none",
            unowned.map { use($0, today, .alert("unowned")) }),
        queue(
            "Reviews overdue", "reviews", "AI uses whose review date has passed.", "/register?review=overdue",
            overdue.map { use($0, today, .alert("overdue")) }),
        DeskModel.Queue(
            heading: "Unknown provenance", id: "provenance",
            words: "\(Words.share(made.unknown, of: made.total, "objects")) do not say whether people or AI made them.",
            link: "/learn?provenance=unknown", count: made.unknown, items: []),
        queue(
            "Failed imports", "imports", "Files that were refused; nothing of them was kept.", "/imports?state=failed",
            failed.reversed().map { job in
                Todo(
                    title: ImportKind.allCases.first { $0.jobKind == job.kind }?.label ?? job.kind,
                    link: "/imports/\(job.id)", more: job.message, day: time(job.createdAt.day, today: today),
                    status: .alert("failed"))
            }),
        queue(
            "Over budget", "over", "Mandates that were published although they do not fit everybody's time.",
            "/mandates?state=published&over=yes",
            over.map { record in
                Todo(
                    title: record.title, link: "/mandates/\(record.id)",
                    more: record.override.map {
                        "\(Words.count($0.peopleOver, "person", "people")) over by \(Words.minutes($0.minutesOver)): "
                            + "“\($0.reason)”"
                    } ?? "", minutes: record.minutes, day: time(record.deadline, today: today),
                    status: .alert("over budget"))
            }),
    ])
}

private func queue(
    _ heading: String, _ id: String, _ words: String, _ link: String, _ items: [Todo]
) -> DeskModel.Queue {
    DeskModel.Queue(
        heading: heading, id: id, words: words, link: link, count: items.count, items: Array(items.prefix(5)))
}

private func use(_ entry: Clarity.Entry, _ today: Day, _ status: Status) -> Todo {
    Todo(
        title: entry.use.name, link: "/register/\(entry.use.id)", more: entry.use.purpose,
        day: entry.use.reviewOn.map { time($0, today: today) }, status: status)
}

private func intent(_ stores: Stores, _ visit: Visit) async throws -> IntentModel {
    let isOverseer = visit.holdsAny(overseers)
    let notices = try await stores.strategies.notices(for: visit.me.id, of: visit.tenant)
    let inForce = isOverseer ? try await stores.strategies.inForce(of: visit.tenant).count : notices.count
    let clarity = try await stores.register.clarity(of: visit.tenant)
    let policy = try await stores.policies.current(of: visit.tenant)
    let waiting = notices.count { $0.acknowledgedAt == nil }
    let asked =
        isOverseer
        ? try await stores.mandates.list(of: visit.tenant, state: .published).count
        : try await stores.mandates.assigned(to: visit.me.id, of: visit.tenant).count { $0.assignment.state == .open }
    let rules = try await stores.accessRules.current(of: visit.tenant).version
    return IntentModel(doors: [
        IntentModel.Door(
            heading: "Strategy", link: "/strategy", what: "What matters most, with weights.",
            facts: [
                "\(Words.count(inForce, "strategy", "strategies")) in force",
                waiting > 0 ? "\(Words.count(waiting, "waits", "wait")) for you to read" : "nothing waits for you",
            ], icon: .strategy),
        IntentModel.Door(
            heading: "AI register", link: "/register", what: "Every use of AI here, and who answers for it.",
            facts: [
                Words.share(clarity.clearUses, of: clarity.entries.count, "uses")
                    + " have one owner and no overdue review"
            ], icon: .register),
        IntentModel.Door(
            heading: "Mandates", link: "/mandates", what: "What is asked, of whom, why and by when.",
            facts: [isOverseer ? "\(Words.count(asked)) published" : "\(Words.count(asked)) open for you"],
            icon: .mandate),
        IntentModel.Door(
            heading: "Leeway policy", link: "/policy", what: "How much time, and how much of it is always yours.",
            facts: [
                "\(policy.rules.isEmpty ? "Everybody" : "Everybody else"): "
                    + policy.fallback.words
            ], icon: .policy),
        IntentModel.Door(
            heading: "Access rules", link: "/rules", what: "Who may do what with AI, publications and people’s data.",
            facts: [rules == 0 ? "as Leeway ships them" : "version \(rules) in force"], icon: .lock),
    ])
}
