public import Basis

extension MandateDraft {
    public static let titleLimit = 200
    public static let textLimit = 2_000
    public static let minutesRange = 1...6_000
    /// The furthest deadline that the planner looks at.
    /// - Unit: days from today; five years of months.
    public static let deadlineDaysLimit = 1_825

    /// Whether all that a mandate needs is there. Whether its audience holds anybody is asked of the directory.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place.
    public func check(on today: Day) throws {
        var findings = Findings()
        collect(on: today, into: &findings)
        try findings.settle("mandate-invalid")
    }

    /// Whether there is enough of it for the planner to look at: minutes, an audience and a deadline.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place.
    public func checkPlannable(on today: Day) throws {
        var findings = Findings()
        collectPlannable(on: today, into: &findings)
        try findings.settle("mandate-invalid")
    }

    private func collect(on today: Day, into findings: inout Findings) {
        findings.expect(
            asker != nil, "owner-missing", at: "/asker", "The mandate has no owner. Name the person who asks.")
        findings.expect(
            text: title, atMost: MandateDraft.titleLimit, needed: .always, called: "What is to be learned",
            at: "/title")
        findings.expect(text: why, atMost: MandateDraft.textLimit, needed: .always, called: "The why", at: "/why")
        findings.expect(text: rule, atMost: MandateDraft.textLimit, needed: .maybe, called: "The rule", at: "/rule")
        findings.expect(
            priority != nil || rule.contains { !$0.isWhitespace }, "ground-missing", at: "/priority",
            "The mandate serves no priority and no rule. Name one of them.")
        findings.expect(
            TestOutTerms.markRange.contains(testOut.mark), "mark-out-of-range", at: "/testMark",
            "The test is passed with \(testOut.mark)%. Choose 50% to 100%.")
        findings.expect(
            text: testOut.refusal, atMost: MandateDraft.textLimit, needed: .maybe, called: "Why no test counts",
            at: "/testRefusal")
        collectPlannable(on: today, into: &findings)
    }

    private func collectPlannable(on today: Day, into findings: inout Findings) {
        findings.expect(
            MandateDraft.minutesRange.contains(minutes), "minutes-out-of-range", at: "/minutes",
            "The mandate asks for \(minutes) minutes. Ask for 1 to 6,000.")
        findings.expect(
            audience != nil, "audience-missing", at: "/audience", "The mandate has no audience. Say who is asked.")
        findings.expect(
            deadline != nil, "deadline-missing", at: "/deadline", "The mandate has no deadline. Choose a day.")
        if let deadline {
            findings.expect(
                deadline >= today, "deadline-past", at: "/deadline",
                "The deadline, \(deadline), is in the past. Choose today or a later day.")
            findings.expect(
                deadline - today <= MandateDraft.deadlineDaysLimit, "deadline-far", at: "/deadline",
                "The deadline, \(deadline), is more than five years away. Choose an earlier day.")
        }
    }
}
