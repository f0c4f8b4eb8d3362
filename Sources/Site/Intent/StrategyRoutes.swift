import Basis
import HTML
import Hummingbird
import Insight
import Intent
import People
import Skills
import Statistics
import Stores
import Web

/// Strategy: everybody reads what is meant for them; those who lead write, publish and withdraw.
func strategyRoutes(_ stores: Stores) -> [Route] {
    readingStrategy(stores) + writingStrategy(stores) + publishingStrategy(stores) + checkRoutes(stores)
        + weighingRoutes(stores)
}

private func readingStrategy(_ stores: Stores) -> [Route] {
    [
        .get("/strategy", .right(.learn), "The strategies in force.") { visit in
            .page(strategiesPage(try await strategies(stores, visit), in: try await stores.framed(visit)))
        },
        .get("/strategy/{id}", .right(.learn), "One strategy. Opening it is noted.") { visit in
            let model = try await strategy(stores, visit)
            return .page(strategyPage(model, in: try await stores.framed(visit)))
        },
        .post("/strategy/{id}/acknowledge", .right(.learn), "Notes that a person has read the strategy.") { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let version = try visit.form().integer("version", in: 1...1_000_000) ?? 0
            try await stores.strategies.acknowledge(id, version: version, by: visit.me.id, of: visit.tenant)
            return .redirect(to: "/strategy/\(id)?said=acknowledged")
        },
    ]
}

private func writingStrategy(_ stores: Stores) -> [Route] {
    [
        .get("/strategy/new", authors, "The form for a new strategy.") { visit in
            let entries = Entries(["owner": "\(try visit.me.id)", "audience": "everyone"])
            return .page(
                strategyFormPage(
                    try await strategyForm(stores, visit, nil, entries), in: try await stores.framed(visit)))
        },
        .post("/strategy/new", authors, "Keeps a new draft.") { visit in try await save(stores, visit, nil) },
        .post("/strategy/preview", authors, "The effect of the form as it stands.") { visit in
            let model = try await strategyForm(stores, visit, nil, Entries(try visit.form()))
            return .piece(strategyEffect(model.effect, model.shares, hints: model.hints))
        },
        .get("/strategy/{id}/edit", authors, "The form for a strategy's draft.") { visit in
            let record = try await newest(stores, visit)
            let entries = try await entries(of: record, stores, visit)
            return .page(
                strategyFormPage(
                    try await strategyForm(stores, visit, record, entries), in: try await stores.framed(visit)))
        },
        .post("/strategy/{id}/edit", authors, "Keeps the draft.") { visit in
            try await save(stores, visit, try await newest(stores, visit))
        },
    ]
}

private func publishingStrategy(_ stores: Stores) -> [Route] {
    [
        .get("/strategy/{id}/publish", authors, "Asks before a strategy is published, with its reach.") { visit in
            let model = try await publishing(stores, visit, Entries())
            return .page(strategyPublishPage(model, in: try await stores.framed(visit)))
        },
        .post("/strategy/{id}/publish", authors, "Publishes the draft.") { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let form = try visit.form()
            do {
                _ = try await stores.strategies.publish(
                    id, reason: form.text("reason"), by: visit.me.id, of: visit.tenant)
                return .redirect(to: "/strategy/\(id)?said=published")
            } catch {
                let entries = Entries(form).refused(try refusal(of: error)) { $0 == "/reason" ? "reason" : "" }
                let model = try await publishing(stores, visit, entries)
                return .page(
                    strategyPublishPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
        .post("/strategy/{id}/discard", authors, "Takes the draft away.") { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            try await stores.strategies.discardDraft(of: id, by: visit.me.id, of: visit.tenant)
            let rest = try await stores.strategies.find(id, of: visit.tenant)
            return .redirect(to: rest == nil ? "/strategy?said=discarded" : "/strategy/\(id)?said=discarded")
        },
        .post("/strategy/{id}/withdraw", authors, "Takes the strategy out of force.") { visit in
            let id = try visit.identifier("id", of: Strategy.self)
            let form = try visit.form()
            do {
                try await stores.strategies.withdraw(
                    id, reason: form.text("reason"), by: visit.me.id, of: visit.tenant)
                return .redirect(to: "/strategy/\(id)?said=withdrawn")
            } catch {
                var model = try await strategy(stores, visit)
                model.entries = Entries(form).refused(try refusal(of: error))
                return .page(strategyPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
    ]
}

private func newest(_ stores: Stores, _ visit: Visit) async throws -> StrategyRecord {
    let id = try visit.identifier("id", of: Strategy.self)
    guard let record = try await stores.strategies.find(id, of: visit.tenant) else { throw nothingHere("strategy") }
    return record
}

// MARK: Models

private func strategies(_ stores: Stores, _ visit: Visit) async throws -> StrategiesModel {
    let isOverseer = visit.holdsAny(overseers)
    let all = try await stores.strategies.list(of: visit.tenant)
    let mine = Set(try await stores.strategies.notices(for: visit.me.id, of: visit.tenant).map(\.strategy.id))
    let seen = all.filter { isOverseer || (mine.contains($0.id) && $0.state == .published) }
    let names = try await stores.directory.names(of: seen.compactMap(\.owner), visit.tenant)
    var entries: [StrategiesModel.Entry] = []
    for record in seen {
        var reach: String?
        var hasDraft = false
        if isOverseer {
            if let counted = try await stores.strategies.reach(of: record.id, in: visit.tenant) {
                reach =
                    "Acknowledged by "
                    + Words.share(counted.acknowledged, of: counted.published, "people")
            }
            let newest = try await stores.strategies.find(record.id, of: visit.tenant)
            hasDraft = record.state != .draft && newest?.state == .draft
        }
        entries.append(
            StrategiesModel.Entry(
                title: record.title, link: "/strategy/\(record.id)", status: record.state.badge,
                owner: record.owner.flatMap { names[$0] }, standing: record.standing, reach: reach, hasDraft: hasDraft))
    }
    return StrategiesModel(entries: entries, canWrite: visit.holdsAny([.sponsor, .steward]))
}

private func strategy(_ stores: Stores, _ visit: Visit) async throws -> StrategyModel {
    let id = try visit.identifier("id", of: Strategy.self)
    let me = try visit.me
    let versions = try await stores.strategies.versions(of: id, in: visit.tenant)
    let isOverseer = visit.holdsAny(overseers)
    let published = versions.first { $0.state == .published }
    if published != nil { try await stores.strategies.view(id, by: me.id, of: visit.tenant) }
    let own = try await stores.strategies.notices(for: me.id, of: visit.tenant).first { $0.strategy.id == id }
    let wanted = try visit.query.integer("version", in: 1...1_000_000)
    let named = wanted.flatMap { number in versions.first { $0.version == number } }
    let shown = isOverseer ? (wanted == nil ? published ?? versions.first : named) : own?.strategy
    guard let record = shown else { throw nothingHere("strategy") }
    let skills = try await stores.skills.names(of: record.priorities.flatMap(\.skills), tenant: visit.tenant)
    let canWrite = visit.holdsAny([.sponsor, .steward])
    let reached = isOverseer ? try await stores.measures.targets(of: record, in: visit.tenant) : [:]
    var model = StrategyModel(
        path: "/strategy/\(id)", title: record.title, summary: record.summary, text: record.text,
        version: record.version,
        status: record.state.badge, standing: record.standing,
        owner: try await stores.name(of: record.owner, visit),
        audience: try await audience(record.audience, stores, visit),
        priorities: record.priorities.map { priority in
            StrategyModel.Priority(
                name: priority.name, text: priority.text, share: priority.share,
                skills: priority.skills.map { (skills[$0] ?? "a skill that is gone", "/learn?skill=\($0)") },
                target: priority.target.map(words), reached: reached[priority.id].map(words) ?? "")
        })
    if record.state == .published, own?.strategy.version == record.version {
        model.acknowledged = own?.acknowledgedAt
        model.isAsked = own?.acknowledgedAt == nil
        if own?.openedAt == nil { model.dwell = Int(record.readingTime.seconds.rounded(.up)) }
        if let (check, standing) = try await stores.strategies.standing(of: id, for: me.id, in: visit.tenant) {
            model.isCheckOpen = standing.isOpen(in: check)
        }
    }
    model.canWriteCheck = canWrite && (record.state == .draft || record.state == .published)
    model.canWrite = canWrite
    model.hasDraft = versions.first?.state == .draft
    model.isInForce = published != nil
    if isOverseer {
        model.reach = try await reach(of: record, stores, visit)
        model.versions = versions.map {
            StrategyModel.Version(
                number: $0.version, status: $0.state.badge, standing: $0.standing,
                link: "/strategy/\(id)?version=\($0.version)")
        }
        model.changes = try await stores.history(of: .strategy(id), visit)
    }
    return model
}

/// Such as `80% of the people with a mastery of 75% by 30 June 2027`.
private func words(_ target: PriorityTarget) -> String {
    "\(target.share)% of the people with a mastery of \(target.level)% by \(Words.day(target.by))"
}

/// Such as `38 of 61 people (62%), 50 to 73`.
private func words(_ progress: TargetProgress) -> String {
    guard let count = progress.reached, let share = progress.share else {
        return "Not told yet: needs \(progress.needs ?? "evidence")."
    }
    return Words.share(count, of: progress.people, "people") + ", 95% interval \(intervalWords(share))"
}

private func audience(_ rule: AudienceRule?, _ stores: Stores, _ visit: Visit) async throws -> String {
    guard let rule else { return "not said yet" }
    return try await stores.directory.sentence(of: rule, visit.tenant)
}

private func reach(of record: StrategyRecord, _ stores: Stores, _ visit: Visit) async throws -> ReachModel? {
    guard record.state != .draft,
        let funnel = try await stores.measures.funnel(of: record.id, version: record.version, in: visit.tenant)
    else { return nil }
    var model = ReachModel(funnel, path: "/strategy/\(record.id)", words: sentence(of:))
    if let check = try await stores.strategies.check(of: record.id, version: record.version, in: visit.tenant),
        check.asksRecall, visit.holdsAny([.sponsor, .steward])
    {
        model.waiting = try await stores.strategies.recalls(
            of: record.id, version: record.version, in: visit.tenant
        ).count { !$0.isSettled }
    }
    return model
}

private func publishing(_ stores: Stores, _ visit: Visit, _ entries: Entries) async throws -> StrategyPublishModel {
    let record = try await newest(stores, visit)
    guard record.state == .draft else {
        throw Problem(.conflict, "strategy-no-draft", "There is no draft to publish. Write the next version first.")
    }
    let versions = try await stores.strategies.versions(of: record.id, in: visit.tenant)
    let text = try await stores.text(of: record.audience, visit)
    let weighing = try await stores.strategies.weighing(of: record.id, version: record.version, in: visit.tenant)
    let agreement = StrategyAgreement(
        needed: try await stores.escalations.policy(of: visit.tenant).agreement,
        concordance: weighing?.allocation?.concordance)
    return StrategyPublishModel(
        path: "/strategy/\(record.id)", title: record.title, version: record.version,
        effect: try await stores.effect(of: text, visit).effect,
        priorities: record.priorities.map { ($0.name, $0.share) },
        replaces: versions.first { $0.state == .published }?.version,
        leaders: weighing?.leaders.count ?? 0, missing: weighing?.missing.count ?? 0, agreement: agreement,
        entries: entries)
}

extension StrategyRecord {
    /// Such as `Version 2, in force since 3 March 2026`.
    var standing: String {
        switch state {
        case .draft: "Version \(version), a draft of \(Words.day(createdAt.day))"
        case .published: "Version \(version), in force" + (publishedAt.map { " since \(Words.day($0.day))" } ?? "")
        case .superseded: "Version \(version), replaced" + (endedAt.map { " on \(Words.day($0.day))" } ?? "")
        case .withdrawn: "Version \(version), withdrawn" + (endedAt.map { " on \(Words.day($0.day))" } ?? "")
        }
    }
}

extension StrategyRecord.State {
    var badge: Status {
        switch self {
        case .draft: .idle("draft")
        case .published: .done("in force")
        case .superseded: .ended("replaced")
        case .withdrawn: .ended("withdrawn")
        }
    }
}

// MARK: The form

private func save(_ stores: Stores, _ visit: Visit, _ record: StrategyRecord?) async throws -> Response {
    let form = try visit.form()
    var entries = Entries(form)
    let (draft, rows) = try await draft(&entries, stores, visit)
    if form.text("do") != "preview", entries.errors.isEmpty {
        do {
            let kept =
                if let record {
                    try await stores.strategies.revise(record.id, to: draft, by: visit.me.id, of: visit.tenant)
                } else { try await stores.strategies.draft(draft, by: visit.me.id, of: visit.tenant) }
            return .redirect(to: "/strategy/\(kept.id)?version=\(kept.version)&said=saved")
        } catch {
            entries = entries.refused(try refusal(of: error), naming: { StrategyFormModel.fieldName($0, rows: rows) })
        }
    }
    let model = try await strategyForm(stores, visit, record, entries)
    return .page(
        strategyFormPage(model, in: try await stores.framed(visit)),
        status: entries.errors.isEmpty ? .ok : .unprocessableContent)
}

private func strategyForm(
    _ stores: Stores, _ visit: Visit, _ record: StrategyRecord?, _ entries: Entries
) async throws -> StrategyFormModel {
    let weights = (0..<StrategyFormModel.priorityLimit).compactMap { index -> (name: String, weight: Int)? in
        let name = entries.trimmed("p\(index)-name")
        guard !name.isEmpty, let weight = Int(entries.trimmed("p\(index)-weight")), (1...10_000).contains(weight)
        else { return nil }
        return (name, weight)
    }
    let total = max(1, weights.reduce(0) { $0 + $1.weight })
    let skills = try await stores.skills.list(SkillFilter(pageSize: 200), of: visit.tenant)
    return StrategyFormModel(
        path: record.map { "/strategy/\($0.id)" }, title: record?.title ?? "", entries: entries,
        owners: try await stores.people(
            holding: [.sponsor, .steward], and: ID<Person>(entries["owner"]), visit),
        units: try await stores.unitPaths(visit), skills: skills.skills.map(\.name),
        effect: try await stores.effect(of: entries.trimmed("audience"), visit).effect,
        shares: weights.map { ($0.name, ($0.weight * 100 + total / 2) / total) })
}

private func draft(
    _ entries: inout Entries, _ stores: Stores, _ visit: Visit
) async throws -> (draft: StrategyDraft, rows: [Int]) {
    var draft = StrategyDraft(
        title: entries.trimmed("title"), summary: entries.trimmed("summary"), text: entries["text"])
    draft.owner = ID<Person>(entries["owner"])
    draft.from = entries.day("from")
    draft.until = entries.day("until")
    let text = entries.trimmed("audience")
    if !text.isEmpty {
        let (effect, rule) = try await stores.effect(of: text, visit)
        draft.audience = rule
        if let fault = effect.fault { entries.errors["audience"] = fault }
    }
    var rows: [Int] = []
    for index in 0..<StrategyFormModel.priorityLimit {
        let name = entries.trimmed("p\(index)-name")
        let (weight, skills) = (entries.trimmed("p\(index)-weight"), entries.trimmed("p\(index)-skills"))
        let (text, share) = (entries.trimmed("p\(index)-text"), entries.trimmed("p\(index)-share"))
        if (name + weight + skills + text + share).isEmpty { continue }
        rows.append(index)
        if name.isEmpty { entries.errors["p\(index)-name"] = "Name the priority, or empty its row." }
        let number = entries.integer("p\(index)-weight", in: 1...10_000)
        let found = try await named(skills, stores, visit)
        if let unknown = found.unknown { entries.errors["p\(index)-skills"] = unknown }
        draft.priorities.append(
            PriorityDraft(
                id: ID<Priority>(entries["p\(index)-id"]), name: name, text: text, skills: found.skills,
                weight: number ?? 1, target: share.isEmpty ? nil : target(index, &entries)))
    }
    return (draft, rows)
}

/// The target of a priority's row; what is wrong stays with the row.
private func target(_ index: Int, _ entries: inout Entries) -> PriorityTarget? {
    let share = entries.integer("p\(index)-share", in: 1...100)
    let level = entries.integer("p\(index)-level", in: 50...95, whenEmpty: PriorityTarget.usualLevel)
    if entries.trimmed("p\(index)-by").isEmpty { entries.errors["p\(index)-by"] = "Say by which day." }
    guard let share, let level, let by = entries.day("p\(index)-by") else { return nil }
    return PriorityTarget(share: share, level: level, by: by)
}

/// The skills that a list by semicolons names, by key or by name.
private func named(
    _ text: String, _ stores: Stores, _ visit: Visit
) async throws -> (skills: [ID<Skill>], unknown: String?) {
    var skills: [ID<Skill>] = []
    for part in text.split(whereSeparator: { $0 == ";" || $0.isNewline }) {
        let word = SkillName.folded(String(part))
        if word.isEmpty { continue }
        let near = try await stores.skills.list(SkillFilter(text: word, pageSize: 50), of: visit.tenant).skills
        let byKey = try await stores.skills.find(key: String(part.drop(while: \.isWhitespace)), of: visit.tenant)
        guard let skill = near.first(where: { SkillName.folded($0.name) == word }) ?? byKey else {
            let hint = near.first.map { " Did you mean “\($0.name)”?" } ?? " Choose one from the list below."
            return (skills, "“\(word)” is no skill here.\(hint)")
        }
        if !skills.contains(skill.id) { skills.append(skill.id) }
    }
    return (skills, nil)
}

private func entries(of record: StrategyRecord, _ stores: Stores, _ visit: Visit) async throws -> Entries {
    let names = try await stores.skills.names(of: record.priorities.flatMap(\.skills), tenant: visit.tenant)
    var values = [
        "title": record.title, "summary": record.summary, "text": record.text, "owner": record.owner?.description ?? "",
        "audience": try await stores.text(of: record.audience, visit), "from": record.from?.description ?? "",
        "until": record.until?.description ?? "",
    ]
    for (index, priority) in record.priorities.prefix(StrategyFormModel.priorityLimit).enumerated() {
        values["p\(index)-id"] = priority.id.description
        values["p\(index)-name"] = priority.name
        values["p\(index)-weight"] = "\(priority.weight)"
        values["p\(index)-skills"] = priority.skills.compactMap { names[$0] }.joined(separator: "; ")
        values["p\(index)-text"] = priority.text
        if let target = priority.target {
            values["p\(index)-share"] = "\(target.share)"
            values["p\(index)-level"] = "\(target.level)"
            values["p\(index)-by"] = "\(target.by)"
        }
    }
    return Entries(values)
}
