import Basis
import Catalog
import Evidence
import Intent
import Mastery
import People
import Skills
import Storage

extension NextStepBook {
    /// What suggestions rest on besides the catalogue, in one line: when it changes, they are made again.
    struct Basis {
        let text: String
        let settings: LearnerSettings
        /// The suspended entry of the register that governs suggestions.
        let stoppedBy: ID<AIUse>?
        /// Why the access rules do not allow personal ones.
        let refusal: String?
        /// What the learner has to accept before they are made for them.
        let toAccept: [DocumentNotice]
    }

    func basis(of person: ID<Person>, in tenant: TenantID) async throws -> Basis {
        let today = world.now().day
        return try await database.read { connection in
            var settings = try settings(of: person, tenant, on: connection)
            // Suspended in the register is stopped here, at once and for everybody.
            let governing = try register.governing(.suggestions, in: tenant, on: connection)
            let stoppedBy = governing.flatMap { $0.status.mayRun ? nil : $0.id }
            let decision = try access.decide(
                AccessQuestion(.person(person), .recommend, .feature(.suggestions)), of: tenant, on: connection)
            // Accepted at the point of use: what comes with the entry is accepted before it works for somebody.
            let toAccept =
                try governing.map { try documents.needed(for: $0.id, by: person, of: tenant, on: connection) } ?? []
            if stoppedBy != nil || !decision.isAllowed || !toAccept.isEmpty { settings.isPersonal = false }
            func stamp(_ sql: SQL) throws -> String {
                let row = try connection.row(sql)
                let count: Int = try row?.get("count") ?? 0
                let last: Int? = try row?.find("last") ?? nil
                return "\(count)@\(last ?? 0)"
            }
            let answers = try stamp(
                """
                SELECT COUNT(*) AS count, MAX(answers) AS last FROM mastery_state
                WHERE tenant = \(tenant) AND person = \(person)
                """)
            let goals = try stamp(
                """
                SELECT COUNT(*) AS count, MAX(changed_at) AS last FROM goal
                WHERE tenant = \(tenant) AND person = \(person)
                """)
            let strategies = try stamp(
                """
                SELECT COUNT(*) AS count, MAX(published_at) AS last FROM strategy
                WHERE tenant = \(tenant) AND state = 'published'
                """)
            let asks = try stamp(
                """
                SELECT COUNT(*) AS count, MAX(a.assigned_at) AS last FROM assignment a
                JOIN mandate m ON m.tenant = a.tenant AND m.id = a.mandate
                WHERE a.tenant = \(tenant) AND a.person = \(person) AND a.state = 'open' AND m.state = 'published'
                """)
            return Basis(
                text: "\(today) \(settings.isPersonal) \(settings.dial) \(answers) \(goals) \(strategies) \(asks)",
                settings: settings, stoppedBy: stoppedBy, refusal: decision.refusal, toAccept: toAccept)
        }
    }

    func settings(
        of person: ID<Person>, _ tenant: TenantID, on connection: any Connection
    ) throws -> LearnerSettings {
        let row = try connection.row(
            "SELECT is_personal, dial FROM learner_setting WHERE tenant = \(tenant) AND person = \(person)")
        return try row.map {
            LearnerSettings(isPersonal: try $0.get("is_personal"), dial: try $0.get("dial"))
        } ?? .initial
    }

    /// Gathers all that the ranking may look at.
    func scene(
        of person: ID<Person>, _ settings: LearnerSettings, in tenant: TenantID
    ) async throws -> Scene {
        let now = world.now()
        let state = try await mastery.state(of: person, in: tenant)
        let pools = try await mastery.pools(of: tenant)
        let practised = try await skills.skills(numbered: state.skills.map(\.number), of: tenant)
        let spine = try await spine(of: person, at: now, in: tenant)
        let weakest = weakest(state, practised, pools, at: now)
        let wanted = Set(spine.goals.keys).union(spine.pulls.keys).union(spine.asks.keys).union(weakest)
        var offers = try await offers(for: settings.isPersonal ? wanted : [], of: person, spine, at: now, in: tenant)
        let covered = Set(offers.flatMap(\.skills))
        let named = try await skills.skills(covered.union(wanted), of: tenant)
        if settings.isPersonal {
            offers += practice(
                wanted.subtracting(covered).intersection(practised.values.map(\.id)), named, pools,
                except: spine.excluded)
        }
        var mastery: [ID<Skill>: SkillMastery] = [:]
        for (id, record) in named {
            mastery[id] = self.mastery.model.mastery(
                state, of: record.number, over: pools[record.number] ?? SkillPool(difficulties: []), at: now)
        }
        return Scene(
            today: now.day, now: now, settings: settings, model: self.mastery.model, state: state, skills: named,
            mastery: mastery, pools: pools, goals: spine.goals, pulls: spine.pulls, pullLimit: spine.pullLimit,
            asks: spine.asks, weakest: Set(weakest), freeMinutes: spine.freeMinutes, offers: offers)
    }

    /// What the organisation and the learner have set.
    struct Frame {
        var goals: [ID<Skill>: GoalRecord] = [:]
        var pulls: [ID<Skill>: Scene.Pull] = [:]
        var pullLimit = 0.0
        var asks: [ID<Skill>: Scene.Ask] = [:]
        /// What is asked stands in its own list and is not suggested as well.
        var asked: Set<ID<Content>> = []
        var excluded: Set<SuggestionKind> = []
        var freeMinutes: Int?
        var language = "en"
    }

    private func spine(of person: ID<Person>, at now: Moment, in tenant: TenantID) async throws -> Frame {
        var (frame, plan) = try await database.read { connection in
            var frame = Frame()
            let plan = try planner.plan(of: person, in: tenant, on: now.day, connection)
            for goal in try goals.goals(of: person, in: tenant, on: connection) { frame.goals[goal.skill] = goal }
            let notices = try connection.rows(
                "SELECT strategy, version FROM strategy_delivery WHERE tenant = \(tenant) AND person = \(person)"
            ).map { "\(try $0.get("strategy", as: String.self)) \(try $0.get("version", as: Int.self))" }
            for strategy in try strategies.inForce(of: tenant, on: connection)
            where notices.contains("\(strategy.id) \(strategy.version)") {
                for (skill, share) in strategy.skillWeights where share > (frame.pulls[skill]?.share ?? 0) {
                    frame.pulls[skill] = Scene.Pull(strategy: strategy.id, title: strategy.title, share: share)
                }
            }
            frame.excluded = Set(try exclusions(of: person, tenant, on: connection).map(\.kind))
            let row = try connection.row(
                "SELECT language FROM person WHERE tenant = \(tenant) AND id = \(person)")
            frame.language = try row?.find("language") ?? "en"
            return (frame, plan)
        }
        let meter = plan.meter
        frame.freeMinutes = meter.budget > 0 ? meter.free : nil
        frame.pullLimit = meter.budget > 0 ? min(1, 2 * (1 - Double(meter.guaranteed) / Double(meter.budget))) : 1
        let open = plan.asked.filter { $0.assignment.state == .open }
        frame.asked = Set(open.compactMap(\.mandate.content))
        let contents = try await library.contents(frame.asked, of: tenant)
        for ask in open.reversed() {
            for skill in ask.mandate.content.flatMap({ contents[$0] })?.skills ?? [] {
                frame.asks[skill] = Scene.Ask(
                    mandate: ask.mandate.id, title: ask.mandate.title, deadline: ask.mandate.deadline)
            }
        }
        return frame
    }

    private func weakest(
        _ state: LearnerState, _ practised: [Int: SkillRecord], _ pools: [Int: SkillPool], at now: Moment
    ) -> [ID<Skill>] {
        practised.values.map { record in
            let pool = pools[record.number] ?? SkillPool(difficulties: [])
            return (record, mastery.model.mastery(state, of: record.number, over: pool, at: now).probability)
        }
        .sorted { ($0.1, $0.0.number) < ($1.1, $1.0.number) }
        .prefix(weakestLimit).map(\.0.id)
    }

    /// Items of a skill that nothing in the catalogue teaches, known from answers given elsewhere.
    private func practice(
        _ wanted: Set<ID<Skill>>, _ named: [ID<Skill>: SkillRecord], _ pools: [Int: SkillPool],
        except excluded: Set<SuggestionKind>
    ) -> [Scene.Offer] {
        wanted.compactMap { named[$0] }
            .filter { (pools[$0.number]?.count ?? 0) > 0 && !excluded.contains(.practice($0.id)) }
            .sorted { $0.number < $1.number }
            .map { skill in
                Scene.Offer(
                    kind: .practice(skill.id), title: "Practise \(skill.name)", minutes: practiceMinutes,
                    difficulty: nil, skills: [skill.id], added: nil, users: 0, freshness: 0)
            }
    }

    /// Learning objects for the skills, and where there are too few, what is new and used.
    private func offers(
        for wanted: Set<ID<Skill>>, of person: ID<Person>, _ frame: Frame, at now: Moment, in tenant: TenantID
    ) async throws -> [Scene.Offer] {
        let excluded = frame.asked.union(frame.excluded.compactMap(\.content))
        var found = try await library.contents(
            teaching: wanted, language: frame.language, excluding: excluded, limit: offerLimit, tenant: tenant
        ).map { content in
            Source(
                id: content.id, title: content.title, minutes: content.minutes, level: content.level,
                skills: content.skills.sorted { $0.description < $1.description })
        }
        var done = try await sittings.completions(of: person, among: found.map(\.id), in: tenant)
        found.removeAll { done[$0.id] != nil }
        if found.count < NextStepBook.count {
            let known = excluded.union(found.map(\.id))
            var more = try await newest(in: frame.language, excluding: known, tenant)
            done = try await sittings.completions(of: person, among: more.map(\.id), in: tenant)
            more.removeAll { done[$0.id] != nil }
            found += more
        }
        let chosen = found
        let uses = try await uses(in: tenant)
        return try await database.read { connection in
            let details = try details(of: chosen.map(\.id), uses: uses, at: now, tenant, on: connection)
            return chosen.compactMap { content in
                guard let detail = details[content.id], detail.canBegin else { return nil }
                let level = content.level.flatMap { ItemLevel(rawValue: $0.rawValue) }
                return Scene.Offer(
                    kind: .content(content.id), title: content.title, minutes: content.minutes,
                    difficulty: detail.difficulty ?? level?.difficulty,
                    skills: content.skills, added: detail.added,
                    users: detail.users, freshness: detail.freshness)
            }
        }
    }
}

/// The weakest practised skills that take part.
private let weakestLimit = 5
/// The most learning objects that take part.
private let offerLimit = 200
/// What a short practice takes.
private let practiceMinutes = 10
