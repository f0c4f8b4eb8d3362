import Authorization
import Basis
import HTML
import Hummingbird
import Intent
import People
import Stores
import Web

/// The access rules: everybody reads them, stewards change them.
func accessRulesRoutes(_ stores: Stores) -> [Route] {
    readingRules(stores) + changingRules(stores)
}

private func readingRules(_ stores: Stores) -> [Route] {
    [
        .get("/rules", .right(.learn), "The access rules in force, and what they decided.") { visit in
            .page(accessRulesPage(try await rules(stores, visit), in: try await stores.framed(visit)))
        },
        .get("/rules/versions/{version}", .right(.learn), "One version of the access rules.") { visit in
            .page(rulesVersionPage(try await version(stores, visit), in: try await stores.framed(visit)))
        },
        .get("/rules/difference", .right(.learn), "What changed from one version to another.") { visit in
            guard let from = Int(visit.query.text("from")), let to = Int(visit.query.text("to")) else {
                throw nothingHere("difference")
            }
            let difference = try await stores.accessRules.difference(from: from, to: to, of: visit.tenant)
            let model = RulesDifferenceModel(from: from, to: to, difference: difference)
            return .page(rulesDifferencePage(model, in: try await stores.framed(visit)))
        },
        .get(
            "/rules/replay", .oneOf([.steward, .audit, .sponsor]),
            "What the draft would have decided on the decisions of the last days."
        ) { visit in
            .page(rulesReplayPage(try await replay(stores, visit), in: try await stores.framed(visit)))
        },
    ]
}

private func changingRules(_ stores: Stores) -> [Route] {
    [
        .get("/rules/edit", .right(.steward), "The draft of the access rules.") { visit in
            let draft = try await stores.accessRules.draft(of: visit.tenant)
            let current = try await stores.accessRules.current(of: visit.tenant)
            let entries = Entries([
                "rules": draft?.rules ?? current.rules, "tests": draft?.tests ?? current.tests,
            ])
            return .page(
                rulesFormPage(
                    try await form(stores, visit, entries, draft?.revision), in: try await stores.framed(visit)))
        },
        .post("/rules/edit", .right(.steward), "Keeps, publishes or discards the draft.") { visit in
            try await edit(stores, visit)
        },
        .post("/rules/versions/{version}/restore", .right(.steward), "Puts an earlier version in force again.") {
            visit in
            let entries = Entries(try visit.form())
            do {
                _ = try await stores.accessRules.restore(
                    try number(visit), reason: entries.trimmed("reason"), by: visit.me.id, of: visit.tenant)
                return .redirect(to: "/rules?said=restored")
            } catch {
                var model = try await version(stores, visit)
                model.entries = entries.refused(try refusal(of: error))
                return .page(
                    rulesVersionPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
    ]
}

private func edit(_ stores: Stores, _ visit: Visit) async throws -> Response {
    let (book, tenant, me) = (stores.accessRules, visit.tenant, try visit.me.id)
    var entries = Entries(try visit.form())
    // Browsers send the lines of a text area with CR LF.
    for name in ["rules", "tests"] { entries.values[name] = entries[name].replacing("\r\n", with: "\n") }
    var revision = Int(entries["revision"])
    do {
        switch entries["do"] {
        case "discard":
            try await book.discard(by: me, of: tenant)
            return .redirect(to: "/rules?said=discarded")
        case "append":
            let text = try RuleForm(entries).text(knowing: try await book.subjects(of: tenant))
            let gap = entries["rules"].isEmpty || entries["rules"].hasSuffix("\n\n") ? "" : "\n"
            entries.values["rules"] = entries["rules"] + gap + text
            for name in entries.values.keys where name.hasPrefix("rule-") { entries.values[name] = nil }
        default: break
        }
        let draft = try await book.save(
            rules: entries["rules"], tests: entries["tests"], since: revision, by: me, of: tenant)
        revision = draft.revision
        if entries["do"] == "publish" {
            _ = try await book.publish(
                draft: draft.revision, reason: entries.trimmed("reason"), by: me, of: tenant)
            return .redirect(to: "/rules?said=published")
        }
        if entries["do"] == "replay" {
            _ = try PolicySet(parsing: draft.rules)
            return .redirect(to: "/rules/replay")
        }
        return .redirect(to: "/rules/edit?said=saved")
    } catch {
        entries = entries.refused(try refusal(of: error)) { pointer in
            let name = pointer.split(separator: "/").first.map(String.init) ?? ""
            return ["rules", "tests", "reason"].contains(name) || name.hasPrefix("rule-") ? name : ""
        }
        return .page(
            rulesFormPage(try await form(stores, visit, entries, revision), in: try await stores.framed(visit)),
            status: .unprocessableContent)
    }
}

extension RuleForm {
    fileprivate init(_ entries: Entries) {
        self.init(
            name: entries.trimmed("rule-id"), effect: entries["rule-effect"], action: entries["rule-action"],
            unit: entries["rule-unit"], role: entries["rule-role"], subject: entries["rule-subject"],
            test: entries["rule-test"], value: entries["rule-value"], reason: entries.trimmed("rule-reason"))
    }
}

// MARK: Models

private func number(_ visit: Visit) throws -> Int {
    guard let number = Int(visit.parameter("version")), number >= 0 else { throw nothingHere("version") }
    return number
}

private func rules(_ stores: Stores, _ visit: Visit) async throws -> AccessRulesModel {
    let (book, tenant) = (stores.accessRules, visit.tenant)
    let current = try await book.current(of: tenant)
    let versions = try await book.versions(of: tenant, limit: 20)
    let set = try PolicySet(parsing: current.rules)
    let check = try await book.check(rules: current.rules, tests: current.tests, of: tenant)
    let isOverseer = visit.holdsAny([.steward, .audit])
    let names = try await stores.directory.names(of: Array(Set(versions.compactMap(\.by))), tenant)
    func view(_ version: RulesVersion) -> AccessRulesModel.Version {
        AccessRulesModel.Version(
            number: version.version, since: version.since,
            who: version.by.map { names[$0] ?? "Somebody who has left" } ?? "Leeway", reason: version.reason,
            restoredFrom: version.restoredFrom)
    }
    return AccessRulesModel(
        version: view(current), text: current.rules,
        rules: set.policies.map { policy in
            AccessRulesModel.Rule(
                id: policy.id, effect: policy.effect,
                reason: policy.annotations.first { $0.name == "reason" }?.value ?? "")
        }, tests: check.tests, failing: check.findings.map(\.sentence), versions: versions.map(view),
        decided: isOverseer ? try await decided(stores, visit) : nil,
        hasDraft: try await book.draft(of: tenant) != nil, canWrite: visit.holds(.steward),
        canReplay: visit.holdsAny([.steward, .audit, .sponsor]))
}

/// How many days the page tells of.
private let shownDays = 7

private func decided(_ stores: Stores, _ visit: Visit) async throws -> AccessRulesModel.Decided {
    let tenant = visit.tenant
    let denials = try await stores.decisions.denials(of: tenant, days: shownDays, limit: 30)
    let names = try await stores.directory.names(of: Array(Set(denials.compactMap(\.person))), tenant)
    return AccessRulesModel.Decided(
        days: shownDays, counts: try await stores.decisions.counts(of: tenant, days: shownDays),
        refusals: denials.map { one in
            AccessRulesModel.Decided.Refusal(
                at: one.lastAt, who: one.person.map { names[$0] ?? "Somebody who has left" } ?? "A program",
                what: one.action.label, resource: one.resource, rules: one.determining, times: one.times)
        }, lost: stores.access.lost(of: tenant))
}

private func version(_ stores: Stores, _ visit: Visit) async throws -> RulesVersionModel {
    let version = try await stores.accessRules.version(try number(visit), of: visit.tenant)
    let names = try await stores.directory.names(of: [version.by].compactMap { $0 }, visit.tenant)
    return RulesVersionModel(
        version: version, who: version.by.map { names[$0] ?? "Somebody who has left" } ?? "Leeway",
        current: try await stores.accessRules.current(of: visit.tenant).version, canWrite: visit.holds(.steward))
}

private func form(
    _ stores: Stores, _ visit: Visit, _ entries: Entries, _ revision: Int?
) async throws -> RulesFormModel {
    let (book, tenant) = (stores.accessRules, visit.tenant)
    let tree = try await stores.directory.unitTree(of: tenant)
    let current = try await book.current(of: tenant)
    let (old, new) = (try? PolicySet(parsing: current.rules), try? PolicySet(parsing: entries["rules"]))
    return RulesFormModel(
        entries: entries, revision: revision,
        check: try await book.check(rules: entries["rules"], tests: entries["tests"], of: tenant),
        difference: old.flatMap { old in new.map { PolicyDifference(from: old, to: $0) } },
        units: tree.units.prefix(500).map { Choosable($0.key, tree.path(of: $0.id)) },
        subjects: try await book.subjects(of: tenant).map(\.text))
}

private func replay(_ stores: Stores, _ visit: Visit) async throws -> RulesReplayModel {
    guard let draft = try await stores.accessRules.draft(of: visit.tenant) else { throw nothingHere("draft") }
    var entries = Entries(["days": visit.query.text("days")])
    let days = entries.integer("days", in: 1...DecisionLog.replayDayLimit, whenEmpty: 30) ?? 30
    if entries["days"].isEmpty { entries.values["days"] = "30" }
    let seesPeople = visit.holdsAny([.steward, .audit])
    let what = try await stores.decisions.replay(
        try PolicySet(parsing: draft.rules), of: visit.tenant, days: days,
        for: seesPeople ? .seesPeople : .seesNumbers)
    let names = try await stores.directory.names(of: Array(Set(what.changes.compactMap(\.person))), visit.tenant)
    return RulesReplayModel(what: what, names: names, seesPeople: seesPeople, entries: entries)
}
