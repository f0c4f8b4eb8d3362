import Basis
import Hummingbird
import Paths
import People
import Skills
import Stores
import Web

/// Goals: adding, changing, reaching, removing.
func goalRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/goals", .right(.learn), "My goals.") { visit in
            let goals = try await stores.goals.progress(of: try visit.me.id, in: visit.tenant)
            return .page(
                goalsPage(goals.map { GoalView($0, next: nil) }, in: try await stores.framed(visit)))
        },
        .get("/goals/new", .right(.learn), "The form for a new goal.") { visit in
            let entries = Entries(["skill": visit.query.text("skill"), "level": GoalLevel.able.rawValue])
            let model = try await newGoal(stores, visit, words: visit.query.text("words"), entries)
            return .page(goalFormPage(model, in: try await stores.frame(visit)))
        },
        .post("/goals", .right(.learn), "Sets a goal.") { visit in
            try await set(nil, stores, visit)
        },
        .get("/goals/{id}", .right(.learn), "The form that changes a goal.") { visit in
            let progress = try await goal(stores, visit)
            let entries = Entries([
                "skill": "\(progress.goal.skill)", "level": GoalLevel(nearest: progress.goal.target).rawValue,
                "day": progress.goal.dueOn.map { "\($0)" } ?? "", "note": progress.goal.note,
            ])
            return .page(goalFormPage(form(progress, entries), in: try await stores.frame(visit)))
        },
        .post("/goals/{id}", .right(.learn), "Changes a goal.") { visit in
            try await set(try await goal(stores, visit), stores, visit)
        },
        .post("/goals/{id}/reach", .right(.learn), "Says that a goal is reached.") { visit in
            try await stores.goals.reach(
                try visit.identifier("id", of: Goal.self), by: try visit.me.id, of: visit.tenant)
            return .redirect(to: "/goals?said=saved")
        },
        .post("/goals/{id}/remove", .right(.learn), "Takes a goal away.") { visit in
            try await stores.goals.remove(
                try visit.identifier("id", of: Goal.self), by: try visit.me.id, of: visit.tenant)
            return .redirect(to: "/goals?said=removed")
        },
    ]
}

/// Skills that a drop-down lists.
private let skillLimit = 100

private func newGoal(
    _ stores: Stores, _ visit: Visit, words: String, _ entries: Entries
) async throws -> GoalForm {
    let (skills, total) = try await stores.skills.list(
        SkillFilter(text: words, pageSize: skillLimit), of: visit.tenant)
    var choices = skills.map { Choosable("\($0.id)", $0.name) }
    if let wanted = ID<Skill>(entries["skill"]), !skills.contains(where: { $0.id == wanted }),
        let skill = try await stores.skills.find(wanted, of: visit.tenant)
    {
        choices.insert(Choosable("\(skill.id)", skill.name), at: 0)
    }
    return GoalForm(id: nil, skills: choices, isNarrowed: total > skillLimit, words: words, entries: entries)
}

private func form(_ progress: GoalProgress, _ entries: Entries) -> GoalForm {
    GoalForm(
        id: progress.goal.id, skills: [Choosable("\(progress.goal.skill)", progress.skillName)], isNarrowed: false,
        words: "", entries: entries)
}

private func goal(_ stores: Stores, _ visit: Visit) async throws -> GoalProgress {
    let id = try visit.identifier("id", of: Goal.self)
    let goals = try await stores.goals.progress(of: try visit.me.id, in: visit.tenant)
    guard let goal = goals.first(where: { $0.goal.id == id }) else {
        throw Problem(.missing, "goal-missing", "There is no such goal. It may have been removed.")
    }
    return goal
}

private func set(_ old: GoalProgress?, _ stores: Stores, _ visit: Visit) async throws -> Response {
    let sent = try visit.form()
    let names = ["skill", "level", "day", "note"]
    let values = Dictionary(uniqueKeysWithValues: names.map { ($0, sent.text($0)) })
    do {
        guard let skill = old?.goal.skill ?? ID<Skill>(sent.text("skill")) else {
            throw Problem(.invalid, "skill-missing", "Choose a skill.", at: ["/skill"])
        }
        let day = Day(sent.text("day"))
        if day == nil, sent.textIfAny("day") != nil {
            throw Problem(.invalid, "day", "Write the day as 2026-11-23, or leave it open.", at: ["/day"])
        }
        let level = GoalLevel(rawValue: sent.text("level")) ?? .able
        try await stores.goals.set(
            skill, target: level.target, dueOn: day, note: sent.text("note"), by: try visit.me.id, of: visit.tenant)
        return .redirect(to: "/goals?said=saved")
    } catch {
        let problem = try refused(error)
        let entries = Entries(values, refused: problem)
        let model: GoalForm =
            if let old { form(old, entries) } else { try await newGoal(stores, visit, words: "", entries) }
        return .page(goalFormPage(model, in: try await stores.frame(visit)), status: problem.formStatus)
    }
}
