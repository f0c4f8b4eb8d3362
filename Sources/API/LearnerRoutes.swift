import Basis
import Hummingbird
import Intent
import JSON
import Mastery
import Paths
import People
import Skills
import Stores
import Web

/// What is the caller's own: leeway, what is asked, mastery.
func learnerRoutes(_ stores: Stores) -> [Route] {
    [
        .api(.get, "/api/v1/me/leeway", .right(.learn), "The caller's month: budget, asked, spent, free.") { visit in
            let plan = try await stores.planner.plan(of: visit.me.id, in: visit.tenant)
            return .json(view(plan))
        },
        .api(.get, "/api/v1/me/mandates", .right(.learn), "What is asked of the caller.") { visit in
            let assigned = try await stores.mandates.assigned(to: visit.me.id, of: visit.tenant)
            return .json(.list(assigned.map(view)))
        },
        .api(
            .get, "/api/v1/me/mastery", .right(.learn),
            "What the learner model makes of the caller's answers, with 90% intervals."
        ) { visit in
            let mastery = try await stores.mastery.mastery(of: visit.me.id, in: visit.tenant)
            let skills = try await stores.skills.skills(numbered: mastery.map(\.skill), of: visit.tenant)
            return .json(
                .list(mastery.compactMap { one in skills[one.skill].map { view(one, $0) } }))
        },
    ]
}

private func view(_ plan: PersonPlan) -> JSONValue {
    let meter = plan.meter
    return [
        "month": .string(meter.month.description), "budget": .init(meter.budget), "ceiling": .init(meter.ceiling),
        "guaranteed": .init(meter.guaranteed), "asked": .init(meter.asked), "spentAsked": .init(meter.spentAsked),
        "spentOwn": .init(meter.spentOwn), "planned": .init(meter.planned), "over": .init(meter.over),
        "leeway": .init(meter.leeway), "free": .init(meter.free), "rule": .init(plan.rule),
        "policyVersion": .init(plan.policy),
        "fullTimeBudget": .init(plan.capacity.minutes),
        "partTime": .init(Double(plan.capacity.working.week.shareBasisPoints) / 10_000),
        "daysAway": .init(plan.capacity.daysAway(in: meter.month).count),
        "certifications": .array(
            plan.cycles.map {
                [
                    "certification": .init($0.certification), "dueOn": .init($0.dueOn),
                    "minutesLeft": .init($0.minutesLeft), "minutesSpent": .init($0.minutesSpent),
                ]
            }),
        "dailyLimit": .init(plan.capacity.dailyLimit), "shortfall": plan.shortfall.map { view($0) } ?? .null,
        "overrides": .array(
            plan.overrides.map {
                [
                    "mandate": .init($0.mandate), "title": .string($0.title),
                    "isCertification": .bool($0.isCertification),
                    "reason": .string($0.override.reason), "minutes": .init($0.minutes),
                ]
            }),
    ]
}

private func view(_ one: AssignedMandate) -> JSONValue {
    guard var json = view(one.mandate, nil).object else { return .null }
    json["assignment"] = [
        "state": .init(one.assignment.state), "assignedAt": .init(one.assignment.assignedAt),
        "completedAt": .init(one.assignment.completedAt), "minutesSpent": .init(one.minutesSpent),
        "minutesLeft": .init(one.minutesLeft),
    ]
    return .object(json)
}

private func view(_ one: SkillMastery, _ skill: SkillRecord) -> JSONValue {
    [
        "skill": .init(skill.id), "name": .string(skill.name), "probability": .init(one.probability),
        "low": .init(one.low), "high": .init(one.high), "tries": .init(one.tries), "wins": .init(one.wins),
        "lastAt": .init(one.lastAt),
    ]
}
