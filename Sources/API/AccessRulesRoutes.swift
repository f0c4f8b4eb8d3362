import Authorization
import Basis
import Hummingbird
import Intent
import JSON
import People
import Stores
import Web

/// The access rules, what they decided, and what others would decide. See docs/access-rules.md.
func accessRulesRoutes(_ stores: Stores) -> [Route] {
    readingRules(stores.accessRules) + writingRules(stores.accessRules) + decisions(stores)
}

private func readingRules(_ book: AccessRulesBook) -> [Route] {
    [
        .api(.get, "/api/v1/rules", .right(.learn), "The access rules in force, with their tests.") { visit in
            visit.taggedJSON(view(try await book.current(of: visit.tenant)))
        },
        .api(.get, "/api/v1/rules/versions", .right(.learn), "Every version, the newest first.") { visit in
            .json(.list(try await book.versions(of: visit.tenant).map(view)))
        },
        .api(.get, "/api/v1/rules/versions/{version}", .right(.learn), "One version; 0 is what Leeway ships with.") {
            visit in
            .json(view(try await book.version(try number(visit), of: visit.tenant)))
        },
        .api(
            .get, "/api/v1/rules/difference", .right(.learn), "What changes from one version to another, by policy.",
            queries: [.needs("from", .integer), .needs("to", .integer)]
        ) { visit in
            let (from, to) = (Int(visit.query.text("from")) ?? -1, Int(visit.query.text("to")) ?? -1)
            let difference = try await book.difference(from: from, to: to, of: visit.tenant)
            return .json(
                .list(
                    difference.changes.map {
                        ["id": .string($0.id), "kind": .init($0.kind), "lines": .init($0.lines.map(\.text))]
                    }))
        },
    ]
}

private let texts: [Member] = [
    .needs("rules", .text, "The policies: see docs/policy-language.md."),
    .takes("tests", .text, "The tests beside them."),
]

private func writingRules(_ book: AccessRulesBook) -> [Route] {
    [
        .api(
            .post, "/api/v1/rules/check", .oneOf([.steward, .audit]), "Checks rules and tests without keeping them.",
            members: texts
        ) { visit in
            let members = try visit.members()
            return .json(
                view(
                    try await book.check(
                        rules: members.text("rules"), tests: members.text("tests"), of: visit.tenant)))
        },
        .api(.get, "/api/v1/rules/draft", .oneOf([.steward, .audit]), "The draft of the next version.") { visit in
            guard let draft = try await book.draft(of: visit.tenant) else { throw missing("draft") }
            return .json(try await view(draft, book, visit))
        },
        .api(
            .put, "/api/v1/rules/draft", .right(.steward), "Keeps a draft, sound or not, and says what is wrong.",
            members: texts + [.takes("revision", .integer, "The draft's; absent where there is none yet.")]
        ) { visit in
            let members = try visit.members()
            let draft = try await book.save(
                rules: members.text("rules"), tests: members.text("tests"), since: members.integer("revision"),
                by: visit.me.id, of: visit.tenant)
            return .json(try await view(draft, book, visit))
        },
        .api(.delete, "/api/v1/rules/draft", .right(.steward), "Takes the draft away.") { visit in
            try await book.discard(by: visit.me.id, of: visit.tenant)
            return .noContent
        },
        .api(
            .post, "/api/v1/rules/draft/publish", .right(.steward), "Puts the draft in force as the next version.",
            members: [.needs("revision", .integer, "The draft's."), .needs("reason", .text)]
        ) { visit in
            let members = try visit.members()
            let made = try await book.publish(
                draft: members.integer("revision") ?? 0, reason: members.text("reason"), by: visit.me.id,
                of: visit.tenant)
            return .json(view(made))
        },
        .api(
            .post, "/api/v1/rules/versions/{version}/restore", .right(.steward),
            "Puts an earlier version in force again, as the next one.", members: [.needs("reason", .text)]
        ) { visit in
            let reason = try visit.members().text("reason")
            return .json(
                view(
                    try await book.restore(try number(visit), reason: reason, by: visit.me.id, of: visit.tenant)))
        },
    ]
}

private func decisions(_ stores: Stores) -> [Route] {
    [
        .api(
            .post, "/api/v1/rules/replay", .oneOf([.steward, .audit, .sponsor]),
            "What rules would have decided on the decisions of the last days, and for whom.",
            members: [
                .takes("rules", .text, "The draft unless told."), .takes("days", .integer, "1 to 400; 30 unless told."),
            ]
        ) { visit in
            let members = try visit.members()
            let text: String
            if let told = members.textIfAny("rules") {
                text = told
            } else if let draft = try await stores.accessRules.draft(of: visit.tenant) {
                text = draft.rules
            } else {
                throw missing("draft")
            }
            let what = try await stores.decisions.replay(
                try PolicySet(parsing: text), of: visit.tenant, days: members.integer("days") ?? 30,
                for: visit.admits(.oneOf([.steward, .audit])) ? .seesPeople : .seesNumbers)
            return .json(view(what))
        },
        .api(
            .get, "/api/v1/rules/decisions", .oneOf([.steward, .audit]),
            "What was decided in the last days: counts, and the latest refusals.",
            queries: [.takes("days", .integer, "1 to 400; 7 unless told.")]
        ) { visit in
            let days = min(max(Int(visit.query.text("days")) ?? 7, 1), DecisionLog.replayDayLimit)
            let counts = try await stores.decisions.counts(of: visit.tenant, days: days)
            let denials = try await stores.decisions.denials(of: visit.tenant, days: days)
            return .json([
                "days": .init(days), "lost": .init(stores.access.lost(of: visit.tenant)),
                "counts": .array(
                    counts.map {
                        [
                            "action": .init($0.action), "allowed": .bool($0.isAllowed), "times": .init($0.times),
                            "people": .init($0.people),
                        ]
                    }), "denials": .array(denials.map(view)),
            ])
        },
        .api(.get, "/api/v1/me/decisions", .right(.learn), "What was decided for the caller, and about the caller.") {
            visit in
            let entries = try await stores.decisions.decisions(concerning: visit.me.id, of: visit.tenant)
            return .json(.list(entries.map(view)))
        },
        .api(
            .post, "/api/v1/ai-uses/{id}/decide", .reader([.learn], scope: "ai-uses/decide"),
            "Whether somebody may use an AI for a purpose, now. Stewards and programs ask for others.",
            members: [
                .takes("person", .text, "The caller unless told; a program asks for itself unless told."),
                .takes("purpose", .text), .takes("point", .text, "Where it would be used."),
            ], takes: .json
        ) { visit in
            let members = try visit.members()
            let id = try visit.identifier("id", of: AIUse.self)
            let question = AccessQuestion(
                try asker(visit, members), .useAI, .use(id), purpose: members.textIfAny("purpose"),
                at: members.textIfAny("point"))
            let decision = try await stores.access.decide(question, of: visit.tenant)
            let needed =
                if let person = question.principal.person {
                    try await stores.documents.needed(for: id, by: person, of: visit.tenant)
                } else { [DocumentNotice]() }
            return .json(view(decision, toAccept: needed))
        },
    ]
}

private func asker(_ visit: Visit, _ members: Members) throws -> AccessPrincipal {
    let named: ID<Person>? = try members.identifier("person")
    if let client = visit.client { return named.map(AccessPrincipal.person) ?? .program(client.label) }
    let me = try visit.me
    guard let named, named != me.id else { return .known(me) }
    guard visit.holds(.steward) else {
        throw Problem(.forbidden, "person-other", "Only stewards ask for others. Leave “person” out.", at: ["/person"])
    }
    return .person(named)
}

private func number(_ visit: Visit) throws -> Int {
    guard let number = Int(visit.parameter("version")), number >= 0 else { throw missing("version") }
    return number
}

private func view(_ version: RulesVersion) -> JSONValue {
    [
        "version": .init(version.version), "rules": .string(version.rules), "tests": .string(version.tests),
        "reason": .string(version.reason), "restoredFrom": .init(version.restoredFrom),
        "since": .init(version.since), "by": .init(version.by),
    ]
}

private func view(_ draft: RulesDraft, _ book: AccessRulesBook, _ visit: Visit) async throws -> JSONValue {
    let check = try await book.check(rules: draft.rules, tests: draft.tests, of: visit.tenant)
    return [
        "revision": .init(draft.revision), "base": .init(draft.base), "rules": .string(draft.rules),
        "tests": .string(draft.tests), "changedAt": .init(draft.changedAt), "by": .init(draft.by),
        "check": view(check),
    ]
}

private func view(_ check: RulesCheck) -> JSONValue {
    [
        "sound": .bool(check.isSound), "policies": .init(check.policies), "tests": .init(check.tests),
        "findings": .array(
            check.findings.map {
                [
                    "part": .init($0.part), "kind": .init($0.kind), "line": .init($0.position?.line),
                    "column": .init($0.position?.column), "found": .string($0.found), "detail": .string($0.detail),
                ]
            }),
    ]
}

private func view(_ decision: AccessDecision, toAccept: [DocumentNotice]) -> JSONValue {
    [
        "allowed": .bool(decision.isAllowed && toAccept.isEmpty), "toAccept": .array(toAccept.map(summary)),
        "version": .init(decision.version),
        "reasons": .array(
            decision.reasons.map { ["policy": .string($0.policy), "text": .string($0.text)] }),
        "failures": .init(decision.failures.map { "\($0.id): \($0.error)" }), "ask": .string(decision.ask),
    ]
}

private func view(_ entry: DecisionLog.Entry) -> JSONValue {
    [
        "day": .init(entry.day), "action": .init(entry.action), "person": .init(entry.person),
        "about": .init(entry.about), "resource": .string(entry.resource), "allowed": .bool(entry.isAllowed),
        "version": .init(entry.version), "policies": .init(entry.determining), "failures": .init(entry.failures),
        "times": .init(entry.times), "firstAt": .init(entry.firstAt), "lastAt": .init(entry.lastAt),
    ]
}

private func view(_ what: WhatIf) -> JSONValue {
    func view(_ group: WhatIf.Group) -> JSONValue {
        [
            "name": .string(group.name), "turn": .init(group.turn), "decisions": .init(group.decisions),
            "people": .init(group.people),
        ]
    }
    return [
        "days": .init(what.days), "decisions": .init(what.decisions), "records": .init(what.records),
        "failures": .init(what.failures), "denied": .init(what.turned[.denied]),
        "allowed": .init(what.turned[.allowed]), "people": .init(what.people),
        "byAction": .array(what.byAction.map(view)), "byPolicy": .array(what.byPolicy.map(view)),
        "changes": .array(
            what.changes.map {
                [
                    "turn": .init($0.turn), "action": .init($0.action), "person": .init($0.person),
                    "resource": .string($0.resource), "policies": .init($0.policies), "times": .init($0.times),
                    "lastAt": .init($0.lastAt),
                ]
            }),
    ]
}
