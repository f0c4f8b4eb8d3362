import Basis

extension StrategyDraft {
    static let titleLimit = 200
    static let textLimit = 20_000
    /// - Unit: characters.
    public static let summaryLimit = 600
    /// The most priorities of one strategy.
    public static let priorityLimit = 20
    static let skillLimit = 50
    static let weightRange = 1...10_000

    /// Whether it may be kept as a draft. Much may still be missing.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place.
    func check() throws {
        var findings = Findings()
        findings.expect(
            text: title, atMost: StrategyDraft.titleLimit, needed: .always, called: "The title", at: "/title")
        findings.expect(
            text: summary, atMost: StrategyDraft.summaryLimit, needed: .maybe, called: "The summary", at: "/summary")
        findings.expect(text: text, atMost: StrategyDraft.textLimit, needed: .maybe, called: "The text", at: "/text")
        findings.expect(
            priorities.count <= StrategyDraft.priorityLimit, "priorities-too-many", at: "/priorities",
            "There are \(priorities.count) priorities. Keep at most \(StrategyDraft.priorityLimit).")
        let named = priorities.compactMap(\.id)
        findings.expect(
            Set(named).count == named.count, "priority-twice", at: "/priorities",
            "One priority stands twice in the list. Keep one of them.")
        for (index, priority) in priorities.enumerated() {
            priority.check(at: "/priorities/\(index)", number: index + 1, into: &findings)
        }
        if let from, let until {
            findings.expect(
                from <= until, "period-reversed", at: "/until",
                "The period ends on \(until), before it begins on \(from). Choose a later end.")
        }
        try findings.settle("strategy-invalid")
    }
}

extension StrategyDraft {
    /// Whether it names the same priorities as a version, by the same names: then what leaders gave them still holds.
    func keepsPriorities(of record: StrategyRecord) -> Bool {
        let known = Dictionary(uniqueKeysWithValues: record.priorities.map { ($0.id, $0.name) })
        return priorities.count == known.count
            && priorities.allSatisfy { priority in
                priority.id.map { known[$0] == priority.name.trimmed } ?? false
            }
    }
}

extension PriorityDraft {
    fileprivate func check(at pointer: String, number: Int, into findings: inout Findings) {
        findings.expect(
            text: name, atMost: StrategyDraft.titleLimit, needed: .always, called: "The name of priority \(number)",
            at: pointer + "/name")
        findings.expect(
            text: text, atMost: StrategyDraft.textLimit, needed: .maybe, called: "The text of priority \(number)",
            at: pointer + "/text")
        findings.expect(
            StrategyDraft.weightRange.contains(weight), "weight-out-of-range", at: pointer + "/weight",
            "Priority \(number) weighs \(weight). Give it a whole number from 1 to 10,000.")
        findings.expect(
            Set(skills).count == skills.count && skills.count <= StrategyDraft.skillLimit, "skills-invalid",
            at: pointer + "/skills",
            "Priority \(number) names a skill twice, or more than \(StrategyDraft.skillLimit). Take some out.")
        guard let target else { return }
        findings.expect(
            (1...100).contains(target.share), "target-share", at: pointer + "/target/share",
            "The target of priority \(number) is \(target.share)% of the people. Give it from 1 to 100.")
        findings.expect(
            (50...95).contains(target.level), "target-level", at: pointer + "/target/level",
            "The target of priority \(number) is a mastery of \(target.level)%. Give it from 50 to 95.")
    }
}

extension StrategyRecord {
    /// Whether it may be published, given how many active people its audience holds and whether its owner is active.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place.
    func checkPublishable(people: Int, isOwnerActive: Bool, today: Day) throws {
        var findings = Findings()
        findings.expect(
            owner != nil, "owner-missing", at: "/owner", "The strategy has no owner. Name who answers for it.")
        findings.expect(
            owner == nil || isOwnerActive, "owner-inactive", at: "/owner",
            "The strategy's owner is no longer active. Name somebody who is.")
        findings.expect(
            !priorities.isEmpty, "priorities-missing", at: "/priorities",
            "The strategy has no priority. Add at least one.")
        for (index, priority) in priorities.enumerated() {
            findings.expect(
                !priority.skills.isEmpty, "skills-missing", at: "/priorities/\(index)/skills",
                "“\(priority.name)” names no skill. Name the skills that it is about.")
            findings.expect(
                priority.target.map { $0.by >= today } ?? true, "target-over", at: "/priorities/\(index)/target/by",
                "The target of “\(priority.name)” was due before today. Choose a later day.")
        }
        findings.expect(
            audience != nil, "audience-missing", at: "/audience", "The strategy has no audience. Say whom it is for.")
        findings.expect(
            audience == nil || people > 0, "audience-empty", at: "/audience",
            "Nobody is in the audience. Widen it to at least one active person.")
        if let until {
            findings.expect(
                until >= today, "period-over", at: "/until", "The period ended on \(until). Choose a later end.")
        }
        try findings.settle("strategy-incomplete")
    }
}
