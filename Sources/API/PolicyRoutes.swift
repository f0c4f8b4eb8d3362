import Basis
import Hummingbird
import Intent
import JSON
import People
import Stores
import Web

/// The leeway policy.
func policyRoutes(_ stores: Stores) -> [Route] {
    let book = stores.policies
    return [
        .api(.get, "/api/v1/policy", .right(.learn), "The leeway policy in force.") { visit in
            visit.taggedJSON(view(try await book.current(of: visit.tenant)))
        },
        .api(
            .put, "/api/v1/policy", .oneOf([.steward, .sponsor]), "Puts a leeway policy in force as the next version.",
            members: [
                .takes(
                    "rules", .list,
                    "Objects: name, audience, minutes, share, dailyLimit. The first that holds decides."),
                .needs("minutes", .integer, "Of a month, for everybody else."),
                .needs("share", .number, "The learner's own, 0 to 1."),
                .takes("dailyLimit", .integer, "The most minutes of mandates on one day; no limit unless told."),
                .takes("note", .text),
                .takes("version", .integer, "Refused when it is another by now."),
            ]
        ) { visit in
            let members = try visit.members()
            var rules: [LeewayPolicy.Rule] = []
            let parts: [Member] = [
                .needs("name", .text), .needs("audience", .text), .needs("minutes", .integer), .needs("share", .number),
                .takes("dailyLimit", .integer),
            ]
            for part in try members.list("rules", taking: parts) {
                let rule = try await audience(part, visit, stores) ?? .everyone
                rules.append(.init(name: part.text("name"), audience: rule, terms: try terms(part)))
            }
            let policy = try await book.set(
                rules, fallback: try terms(members), note: members.text("note"), since: members.integer("version"),
                by: visit.me.id, of: visit.tenant)
            return .json(view(policy))
        },
    ]
}

private func terms(_ members: Members) throws(Problem) -> LeewayTerms {
    let limit = members.integer("dailyLimit")
    if let limit, !LeewayTerms.dailyLimits.contains(limit) {
        throw members.refusal(
            "dailyLimit", "terms",
            "The most minutes of a day are 1 to \(LeewayTerms.dailyLimits.upperBound). Leave it out for no limit.")
    }
    guard
        let terms = LeewayTerms(
            minutes: members.integer("minutes") ?? -1, share: members.number("share") ?? -1, dailyLimit: limit)
    else {
        throw members.refusal(
            "minutes", "terms", "Minutes are 0 to \(LeewayTerms.minutesLimit) and the share is 0 to 1.")
    }
    return terms
}

private func view(_ policy: LeewayPolicy) -> JSONValue {
    [
        "version": .init(policy.version),
        "rules": .array(
            policy.rules.map {
                guard var json = view($0.terms).object else { return .null }
                json["name"] = .string($0.name)
                json["audience"] = .string($0.audience.text)
                return .object(json)
            }),
        "fallback": view(policy.fallback), "note": .string(policy.note), "since": .init(policy.since),
        "by": .init(policy.by),
    ]
}

/// As every answer tells them.
func view(_ terms: LeewayTerms) -> JSONValue {
    [
        "minutes": .init(terms.minutes), "share": .init(terms.share), "mandateCeiling": .init(terms.ceiling),
        "guaranteed": .init(terms.guaranteed), "dailyLimit": .init(terms.dailyLimit),
    ]
}
