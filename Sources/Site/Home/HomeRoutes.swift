import Assess
import Basis
import Catalog
import Evidence
import HTML
import Hummingbird
import Intent
import Mastery
import Paths
import People
import Skills
import Stores
import Web

/// What is next: the home page, what is asked, goals and suggestions.
func homeRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/", .right(.learn), "What is next for the person who looks.") { visit in
            var frame = try await stores.frame(visit)
            let model = try await home(stores, visit, frame)
            let said = try await said(stores, visit)
            frame.notice = said.map { $0(frame) }
            return .page(homePage(model, in: frame))
        },
        .get("/asked", .right(.learn), "All that is asked of the person who looks.") { visit in
            let plan = try await stores.planner.plan(of: try visit.me.id, in: visit.tenant)
            let overrides = try await overrides(plan, stores, visit)
            let model = AskedModel(
                all: try await asked(plan.asked, stores, visit).including(
                    try await certificates(plan, stores, visit)),
                due: AskedView.Due(rawValue: visit.query.text("due")), overrides: overrides, meter: LeewayView(plan),
                shortfall: try await shortfall(plan, stores, visit))
            return .page(askedPage(model, in: try await stores.framed(visit)))
        },
        .post("/asked/{id}/done", .right(.learn), "Says that a mandate without an object is done.") { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            try await stores.mandates.complete(id, by: try visit.me.id, of: visit.tenant)
            return .redirect(to: "/asked?said=saved")
        },
        .get("/practice/{skill}", .right(.learn), "A skill: how far one is, and what teaches it.") { visit in
            try await practice(stores, visit)
        },
    ] + goalRoutes(stores) + suggestionRoutes(stores)
}

private func home(_ stores: Stores, _ visit: Visit, _ frame: Frame) async throws -> HomeModel {
    let (me, tenant) = (try visit.me, visit.tenant)
    let plan = try await stores.planner.plan(of: me.id, in: tenant)
    let steps = try await stores.nextSteps.steps(for: me.id, in: tenant)
    let open = try await asked(plan.asked.filter { $0.assignment.state == .open }, stores, visit)
        .including(try await certificates(plan, stores, visit))
    let goals = try await stores.goals.progress(of: me.id, in: tenant).map { progress in
        GoalView(progress, next: steps.suggestions.first { $0.serves?.goal == progress.goal.id }?.title)
    }
    let strategy = try await stores.strategies.unread(by: me.id, of: tenant)
    return HomeModel(
        next: try await underWay(stores, visit), overdue: open.count { $0.due == .overdue },
        dueSoon: open.count { $0.due == .soon }, dueLater: open.count { $0.due == .later },
        asked: open.prefix(homeRows).map { $0.todo(frame) }, askedCount: open.count, goals: goals,
        suggestions: try await suggestions(steps, stores, visit), isPersonalised: steps.isPersonal,
        question: try await stores.questions.question(for: me.id, seed: stores.world.seed(), of: tenant),
        stopped: steps.stoppedBy.map { "/register/\($0)" }, refusal: steps.refusal,
        toAccept: steps.toAccept.map { ($0.document.title, "/documents/\($0.document.id)") }, meter: LeewayView(plan),
        hasCatalogue: try await stores.library.count(of: tenant) > 0,
        strategy: strategy.map { ($0.title, "/strategy/\($0.id)") })
}

extension LeewayView {
    init(_ plan: PersonPlan) {
        let meter = plan.meter
        self.init(
            budget: meter.budget, asked: meter.asked, used: meter.spentOwn, room: meter.leeway,
            guaranteed: meter.guaranteed, over: meter.over, period: "this month",
            isOverridden: !plan.overrides.isEmpty)
        let capacity = plan.capacity
        var reasons: [String] = []
        let share = capacity.working.week.shareBasisPoints
        if share < 10_000 { reasons.append("part time, \(Words.percent(Double(share) / 10_000))") }
        let away = capacity.daysAway(in: meter.month).count
        if away > 0 { reasons.append(Words.count(away, "working day away", "working days away")) }
        if !reasons.isEmpty {
            notes.append(
                "A full month has \(Words.minutes(capacity.minutes)). Yours is lowered by: \(Words.list(reasons)).")
        }
        if let limit = capacity.dailyLimit {
            notes.append("Mandates take at most \(Words.minutes(limit)) of one working day.")
        }
    }
}

/// Why not all that is asked can be done, and whom to talk to.
private func shortfall(_ plan: PersonPlan, _ stores: Stores, _ visit: Visit) async throws -> ShortfallView? {
    guard let shortfall = plan.shortfall else { return nil }
    var known = Dictionary(
        plan.asked.map { ($0.mandate.id, ($0.mandate.title, "/mandates/\($0.mandate.id)", $0.mandate.asker)) }
    ) { first, _ in first }
    for id in Set(plan.cycles.map(\.certification)) {
        guard let record = try await stores.certifications.find(id, of: visit.tenant) else { continue }
        known[id] = (record.title, "/certificates", record.asker)
    }
    let set = shortfall.unplaceable.compactMap { ask in known[ask.mandate].map { (ask, $0) } }
    let names = try await stores.directory.names(of: Array(Set(set.map(\.1.2))), visit.tenant)
    return ShortfallView(
        words: shortfallWords(shortfall),
        parts: set.map { ask, named in
            ShortfallView.Part(
                title: named.0, link: named.1, minutes: ask.minutes, deadline: ask.deadline,
                asker: names[named.2] ?? "somebody who has left")
        }, isSmallest: shortfall.isExact)
}

extension Serves {
    var goal: ID<Goal>? {
        if case .goal(let id, _) = self { id } else { nil }
    }

    /// One line below a suggestion.
    var words: String {
        switch self {
        case .goal(_, let name): "serves your goal “\(name)”"
        case .strategy(_, let name): "serves the strategy “\(name)”"
        case .mandate(_, let name): "prepares for “\(name)”, which is asked of you"
        }
    }
}

/// Where the learner left off last.
private func underWay(_ stores: Stores, _ visit: Visit) async throws -> HomeModel.Next? {
    let (me, tenant) = (try visit.me, visit.tenant)
    guard let sitting = try await stores.sittings.openSittings(of: me.id, in: tenant, limit: 1).first,
        let content = try await stores.library.content(sitting.content, of: tenant)
    else { return nil }
    let items = try await stores.items.items(of: content.id, tenant: tenant).filter { $0.kind != .opaque }
    let full = try await stores.sittings.sitting(sitting.id, of: me.id, in: tenant)
    let step: String
    if sitting.readAt != nil, !items.isEmpty {
        let answered = full?.answers.count ?? 0
        step = "question \(min(answered + 1, items.count)) of \(items.count)"
    } else {
        let steps = items.isEmpty ? "" : "step 1 of 2 · "
        step = steps + (content.minutes.map(Words.minutes) ?? "length not stated")
    }
    return HomeModel.Next(
        title: content.title, link: "/sittings/\(sitting.id)", step: step, isAsked: sitting.choice == .asked)
}

/// Mandates with the names that a page shows.
private func asked(
    _ assigned: [AssignedMandate], _ stores: Stores, _ visit: Visit
) async throws -> [AskedView] {
    let tenant = visit.tenant
    let names = try await stores.directory.names(of: Array(Set(assigned.map(\.mandate.asker))), tenant)
    let counts = try await stores.items.counts(of: assigned.compactMap(\.mandate.content), tenant: tenant)
    let priorities = try await stores.strategies.names(
        of: Set(assigned.compactMap(\.mandate.priority)), of: tenant)
    let today = stores.world.now().day
    return assigned.map { one in
        let mandate = one.mandate
        let ground =
            mandate.priority.flatMap { priorities[$0] }.map { "for the priority “\($0)”" }
            ?? (mandate.rule.isEmpty ? "" : "because of \(mandate.rule)")
        return AskedView(
            id: mandate.id, title: mandate.title,
            link: mandate.content.map { "/learn/\($0)" } ?? "/mandates/\(mandate.id)",
            asker: names[mandate.asker] ?? "somebody who has left", ground: ground, minutes: mandate.minutes,
            spent: one.minutesSpent, deadline: mandate.deadline, today: today, isOpen: one.assignment.state == .open,
            test: mandate.testOut.refusal.isEmpty && mandate.content.map { (counts[$0] ?? 0) > 0 } ?? false
                ? "/mandates/\(mandate.id)#test-out" : nil, isByWord: mandate.content == nil)
    }
}

/// Certificates to earn or renew now, as what is asked.
private func certificates(_ plan: PersonPlan, _ stores: Stores, _ visit: Visit) async throws -> [AskedView] {
    let spent = Dictionary(plan.cycles.map { ($0.certification, $0.minutesSpent) }) { first, _ in first }
    let open = try await stores.openCertificates(visit)
    if open.isEmpty { return [] }
    let names = try await stores.directory.names(of: Array(Set(open.map(\.record.asker))), visit.tenant)
    let priorities = try await stores.strategies.names(
        of: Set(open.compactMap(\.record.draft.priority)), of: visit.tenant)
    return open.map { place, record in
        let draft = record.draft
        let renews = place.certifiedUntil != nil && place.standing != .lapsed
        let ground =
            draft.priority.flatMap { priorities[$0] }.map { "for the priority “\($0)”" }
            ?? "because of \(draft.basis)"
        return AskedView(
            id: record.id, title: renews ? "Renew: \(record.title)" : record.title, link: "/certificates",
            asker: names[record.asker] ?? "somebody who has left", ground: ground,
            minutes: renews ? draft.renewalMinutes : draft.minutes, spent: spent[record.id] ?? 0,
            deadline: place.dueOn ?? stores.today,
            today: stores.today, isOpen: true, testOut: draft.testOut, isByWord: false)
    }
}

extension [AskedView] {
    /// With more of it, open ones first, each part by deadline.
    fileprivate func including(_ more: [AskedView]) -> [AskedView] {
        let open = (filter(\.isOpen) + more).sorted { ($0.deadline, $0.title) < ($1.deadline, $1.title) }
        return open + filter { !$0.isOpen }
    }
}

private func overrides(_ plan: PersonPlan, _ stores: Stores, _ visit: Visit) async throws -> [OverrideView] {
    let names = try await stores.directory.names(of: plan.overrides.map(\.override.by), visit.tenant)
    return plan.overrides.map { notice in
        OverrideView(
            title: notice.title,
            link: notice.isCertification ? "/certificates" : "/mandates/\(notice.mandate)",
            by: names[notice.override.by] ?? "Somebody who has left", reason: notice.override.reason,
            minutes: notice.minutes)
    }
}

private func suggestions(
    _ steps: NextSteps, _ stores: Stores, _ visit: Visit
) async throws -> [SuggestionView] {
    let contents = try await stores.library.contents(
        steps.suggestions.compactMap { suggestion in
            if case .content(let id) = suggestion.kind { id } else { nil }
        }, of: visit.tenant)
    return steps.suggestions.map { suggestion in
        let content: ContentRecord?
        let link: String
        switch suggestion.kind {
        case .content(let id): (content, link) = (contents[id], "/learn/\(id)?suggestion=\(suggestion.id)")
        case .practice(let skill): (content, link) = (nil, "/practice/\(skill)")
        }
        let reason = suggestion.reasons.first.map { inside($0.text) } ?? "it fits what you do"
        return SuggestionView(
            id: "\(suggestion.id)", title: suggestion.title, link: link, kind: content?.kind ?? "practice",
            minutes: suggestion.minutes, origin: content?.provenance.origin, reason: reason,
            serves: suggestion.serves?.words, terms: suggestion.reasons.map(\.text),
            madeBy: steps.isPersonal
                ? "the learner model, version \(steps.model), and the ranking, version \(steps.ranker)"
                : "the ranking without your answers, version \(steps.ranker)",
            isSaved: suggestion.isSaved)
    }
}

/// A sentence as the end of another: without its capital and its full stop.
func inside(_ sentence: String) -> String {
    let words = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    return words.prefix(1).lowercased() + words.dropFirst()
}

/// What the page says first after a control was used, with the way back.
private func said(_ stores: Stores, _ visit: Visit) async throws -> ((Frame) -> Fragment)? {
    guard let word = ExclusionRecord.Why(rawValue: visit.query.text("said")) else { return nil }
    let what = visit.query.text("what")
    let exclusions = try await stores.nextSteps.exclusions(of: try visit.me.id, in: visit.tenant)
    guard let excluded = exclusions.first(where: { $0.kind.text == what }) else { return nil }
    return { frame in
        frame.form(to: "/suggestions/restore", class: "notice success") {
            icon(.check)
            hidden("what", what)
            hidden("back", "/")
            p(.role("status")) {
                switch word {
                case .dismissed: "“\(excluded.title)” is put aside and will not be suggested again. "
                case .known: "Noted: you know “\(excluded.title)”. It will not be suggested again. "
                }
                press("Undo", .link)
            }
        }
    }
}

private func practice(_ stores: Stores, _ visit: Visit) async throws -> Response {
    let id = try visit.identifier("skill", of: Skill.self)
    let tenant = visit.tenant
    guard let skill = try await stores.skills.find(id, of: tenant) else {
        throw Problem(.missing, "skill-missing", "There is no such skill.")
    }
    let state = try await stores.mastery.state(of: try visit.me.id, in: tenant)
    let mastery = try await stores.mastery.mastery(state, of: [skill.number], in: tenant).first
    var query = SearchQuery(pageSize: 6)
    query.skills = [id]
    let teaching = try await stores.library.search(query, of: tenant)
    let model = PracticeModel(
        skill: skill.name, id: id, description: skill.description,
        estimate: mastery.map { Estimate(value: $0.probability, low: $0.low, high: $0.high) },
        right: mastery?.wins ?? 0, answers: mastery?.tries ?? 0, teaching: teaching.hits, total: teaching.total)
    return .page(practicePage(model, in: try await stores.frame(visit)))
}
