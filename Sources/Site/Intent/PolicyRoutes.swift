import Basis
import HTML
import Hummingbird
import Intent
import People
import Stores
import Web

/// The leeway policy: everybody reads what holds for them; those who lead change it.
func policyRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/policy", .right(.learn), "The leeway policy.") { visit in
            .page(policyPage(try await policy(stores, visit), in: try await stores.framed(visit)))
        },
        .get("/policy/edit", authors, "The form for the leeway policy.") { visit in
            let entries = try await entries(of: try await stores.policies.current(of: visit.tenant), stores, visit)
            return .page(
                policyFormPage(try await form(stores, visit, entries), in: try await stores.framed(visit)))
        },
        .post("/policy/preview", authors, "What the policy in the form means.") { visit in
            .piece(policyEffect(try await form(stores, visit, Entries(try visit.form()))))
        },
        .post("/policy/edit", authors, "Puts a policy in force.") { visit in
            var entries = Entries(try visit.form())
            let (rules, fallback) = try await typed(&entries, stores, visit)
            if entries["do"] != "preview", entries.trimmed("note").isEmpty {
                entries.errors["note"] = "Say why it changes. People read it in the history."
            }
            if entries["do"] != "preview", entries.errors.isEmpty, let fallback {
                do {
                    _ = try await stores.policies.set(
                        rules, fallback: fallback, note: entries.trimmed("note"), since: Int(entries["version"]),
                        by: visit.me.id, of: visit.tenant)
                    return .redirect(to: "/policy?said=saved")
                } catch {
                    entries = entries.refused(try refusal(of: error)) { pointer in
                        let parts = pointer.split(separator: "/").map(String.init)
                        return parts.first == "rules" && parts.count > 1
                            ? "r\(parts[1])-\(parts.count > 2 ? parts[2] : "name")" : parts.first ?? ""
                    }
                }
            }
            return .page(
                policyFormPage(try await form(stores, visit, entries), in: try await stores.framed(visit)),
                status: entries.errors.isEmpty ? .ok : .unprocessableContent)
        },
    ]
}

private func policy(_ stores: Stores, _ visit: Visit) async throws -> PolicyModel {
    let policy = try await stores.policies.current(of: visit.tenant)
    let facts = try await stores.directory.facts(of: visit.tenant)
    let me = try visit.me.id
    let own = facts.first { $0.id == me }.map { policy.decision(for: $0) } ?? (policy.fallback, nil)
    let isOverseer = visit.holdsAny(overseers)
    let versions = isOverseer ? try await stores.policies.versions(of: visit.tenant) : []
    let names = try await stores.directory.names(of: versions.compactMap(\.by), visit.tenant)
    return PolicyModel(
        rules: try await policyRules(of: policy, facts, stores, visit), version: policy.version,
        canWrite: visit.holdsAny([.sponsor, .steward]),
        versions: versions.map { version in
            PolicyModel.Version(
                number: version.version, since: version.since, who: version.by.flatMap { names[$0] } ?? "–",
                note: version.note,
                rules: version.rules.map { "\($0.name): \($0.terms.words)" }
                    + ["Everybody else: \(version.fallback.words)"])
        }, own: (own.0.words, own.1))
}

extension LeewayTerms {
    /// Such as `4 h a month, of which 2 h always yours.`
    var words: String {
        leewayWords(minutes: minutes, guaranteed: guaranteed, dailyLimit: dailyLimit)
    }
}

private func policyRules(
    of policy: LeewayPolicy, _ facts: [PersonFacts], _ stores: Stores, _ visit: Visit
) async throws -> [PolicyModel.Rule] {
    var counts = [Int](repeating: 0, count: policy.rules.count + 1)
    for person in facts {
        counts[policy.rules.firstIndex { $0.audience.contains(person) } ?? policy.rules.count] += 1
    }
    var rules: [PolicyModel.Rule] = []
    for (index, rule) in policy.rules.enumerated() {
        rules.append(
            shown(
                rule.name, try await stores.directory.sentence(of: rule.audience, visit.tenant), rule.terms,
                people: counts[index]))
    }
    return rules + [
        shown(
            policy.rules.isEmpty ? "Everybody" : "Everybody else", "Whoever no rule above means.", policy.fallback,
            people: counts[policy.rules.count])
    ]
}

private func shown(_ name: String, _ who: String, _ terms: LeewayTerms, people: Int) -> PolicyModel.Rule {
    PolicyModel.Rule(
        name: name, who: who, words: terms.words,
        share: Words.wholePercent(terms.share), people: people)
}

// MARK: The form

private func entries(
    of policy: LeewayPolicy, _ stores: Stores, _ visit: Visit
) async throws -> Entries {
    var values = [
        "version": "\(policy.version)", "minutes": "\(policy.fallback.minutes)", "share": percent(policy.fallback),
        "daily": policy.fallback.dailyLimit.map(String.init) ?? "",
    ]
    for (index, rule) in policy.rules.prefix(PolicyFormModel.ruleLimit).enumerated() {
        values["r\(index)-name"] = rule.name
        values["r\(index)-audience"] = try await stores.text(of: rule.audience, visit)
        values["r\(index)-minutes"] = "\(rule.terms.minutes)"
        values["r\(index)-share"] = percent(rule.terms)
        values["r\(index)-daily"] = rule.terms.dailyLimit.map(String.init) ?? ""
    }
    return Entries(values)
}

/// Whole per cent, or with the decimals that the policy has.
private func percent(_ terms: LeewayTerms) -> String {
    let (whole, rest) = terms.shareBasisPoints.quotientAndRemainder(dividingBy: 100)
    return rest == 0 ? "\(whole)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
}

/// What the fields say; faults go to `entries.errors`.
private func typed(
    _ entries: inout Entries, _ stores: Stores, _ visit: Visit
) async throws -> (rules: [LeewayPolicy.Rule], fallback: LeewayTerms?) {
    var rules: [LeewayPolicy.Rule] = []
    for index in 0..<PolicyFormModel.ruleLimit {
        let names = ["name", "audience", "minutes", "share", "daily"].map { "r\(index)-\($0)" }
        if names.allSatisfy({ entries.trimmed($0).isEmpty }) { continue }
        if entries.trimmed(names[0]).isEmpty { entries.errors[names[0]] = "Name the rule, or empty all of it." }
        let (effect, audience) = try await stores.effect(of: entries.trimmed(names[1]), visit)
        if let fault = effect.fault { entries.errors[names[1]] = fault }
        let terms = terms(&entries, names[2], names[3], names[4])
        if let audience, let terms {
            rules.append(LeewayPolicy.Rule(name: entries.trimmed(names[0]), audience: audience, terms: terms))
        }
    }
    return (rules, terms(&entries, "minutes", "share", "daily"))
}

private func terms(_ entries: inout Entries, _ minutes: String, _ share: String, _ daily: String) -> LeewayTerms? {
    let number = entries.integer(minutes, in: 0...LeewayTerms.minutesLimit)
    var limit: Int?
    if !entries.trimmed(daily).isEmpty {
        limit = entries.integer(daily, in: LeewayTerms.dailyLimits)
        if limit == nil { return nil }
    }
    guard let percent = Double(entries.trimmed(share)), (0...100).contains(percent) else {
        entries.errors[share] = "Write a number from 0 to 100."
        return nil
    }
    return number.flatMap { LeewayTerms(minutes: $0, share: percent / 100, dailyLimit: limit) }
}

private func form(_ stores: Stores, _ visit: Visit, _ entries: Entries) async throws -> PolicyFormModel {
    var copy = entries
    let (rules, fallback) = try await typed(&copy, stores, visit)
    let added = copy.errors.filter { entries.errors[$0.key] == nil }
    var effect: [PolicyModel.Rule] = []
    if let fallback, added.isEmpty {
        let facts = try await stores.directory.facts(of: visit.tenant)
        let policy = LeewayPolicy(version: 0, rules: rules, fallback: fallback)
        effect = try await policyRules(of: policy, facts, stores, visit)
    }
    return PolicyFormModel(
        entries: entries, units: try await stores.unitPaths(visit), effect: effect,
        fault: added.isEmpty ? nil : "Fill in the rules and you see here what they mean.")
}
