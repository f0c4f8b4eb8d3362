import Basis
import People

extension AIUseDraft {
    static let nameLimit = 200
    static let textLimit = 4_000

    /// Whether it may stand in the register.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place.
    func check() throws {
        var findings = Findings()
        findings.expect(text: name, atMost: AIUseDraft.nameLimit, needed: .always, called: "The name", at: "/name")
        findings.expect(
            text: purpose, atMost: AIUseDraft.textLimit, needed: .always, called: "The purpose", at: "/purpose")
        let others = [
            (provider, "The provider", "/provider"), (model, "The model", "/model"),
            (hosting, "Where it runs", "/hosting"), (cost, "The cost note", "/cost"), (risk, "The risk note", "/risk"),
            (optOut, "The opt-out", "/optOut"), (effect, "The effect on people", "/effect"),
        ]
        for (text, called, pointer) in others {
            findings.expect(
                text: text, atMost: AIUseDraft.textLimit, needed: .maybe, called: called, at: pointer)
        }
        findings.expect(
            reviewOn != nil || !status.isActive, "review-missing", at: "/reviewOn",
            "A use that is \(status.rawValue) has no review date. Choose the day by which somebody looks again.")
        try findings.settle("ai-use-invalid")
    }

    /// What changes from one to the other, in plain words; empty when nothing does.
    func difference(from old: AIUseDraft) -> String {
        var parts: [String] = []
        func compare(_ name: String, _ before: String, _ after: String) {
            if before != after { parts.append("\(name) “\(before)” → “\(after)”") }
        }
        func note(_ name: String, _ before: some Hashable, _ after: some Hashable) {
            if AnyHashable(before) != AnyHashable(after) { parts.append("\(name) changed") }
        }
        compare("name", old.name, name)
        compare("kind", old.kind.rawValue, kind.rawValue)
        compare("provider", old.provider, provider)
        compare("model", old.model, model)
        compare("where it runs", old.hosting, hosting)
        compare("status", old.status.rawValue, status.rawValue)
        compare("review date", old.reviewOn?.description ?? "none", reviewOn?.description ?? "none")
        note("purpose", old.purpose, purpose)
        note("data", old.data, data)
        note("audience", old.audience.text, audience.text)
        note("cost note", old.cost, cost)
        note("risk note", old.risk, risk)
        note("opt-out", old.optOut, optOut)
        note("effect on people", old.effect, effect)
        compare("part of Leeway", old.governs?.rawValue ?? "none", governs?.rawValue ?? "none")
        note("whether anybody is consulted", old.consultsNobody, consultsNobody)
        note("whether anybody is informed", old.informsNobody, informsNobody)
        return parts.joined(separator: "; ")
    }
}
