public import Basis
public import People
import Storage

/// A certification that people are asked to hold: by whom, why, how it is earned and when it must be earned again.
///
/// It is a mandate that recurs, so it is named by a mandate's identifier.
public struct CertificationRecord: Hashable, Sendable {
    /// Where it stands. Only a published one asks anything of anybody.
    public typealias State = MandateRecord.State

    public let id: ID<Mandate>
    public let state: State
    /// Counts publications and published changes; 0 while it has never been published.
    public let revision: Int
    /// What is asked and of whom. Its `asker` and `audience` are there.
    public let draft: CertificationDraft
    public let asker: ID<Person>
    public let audience: AudienceRule
    /// The rule in force, read from the draft's terms.
    public let rule: CertificationRule
    /// Why it was published although some people are over their budget; nil when all of it fits.
    public let override: Override?
    public let createdAt: Moment
    public let createdBy: ID<Person>
    public let publishedAt: Moment?
    public let retiredAt: Moment?

    public var title: String { draft.title }
}

/// What may be set of a certification.
public struct CertificationDraft: Hashable, Sendable {
    public var asker: ID<Person>?
    public var title: String
    public var why: String
    /// The priority of the strategy that it serves.
    public var priority: ID<Priority>?
    /// The law, policy or rule that it comes from, in words.
    public var basis: String
    public var audience: AudienceRule?
    /// What earns it the first time; nil when a steward attests it.
    public var content: ID<Content>?
    /// - Unit: minutes of learning time. Range: 1…6000.
    public var minutes: Int
    /// What renews a certificate that has not lapsed; nil when that is the same as the first time.
    public var renewalContent: ID<Content>?
    /// - Unit: minutes of learning time. Range: 1…6000.
    public var renewalMinutes: Int
    /// Other contents that count, the first time and again.
    public var equivalents: [ID<Content>]
    /// A quiz whose passing counts without the learning.
    public var testOut: ID<Content>?
    /// The fewest days of an absence that excuse a due day; nil when absences excuse nothing.
    public var leaveDays: Int?
    public var terms: CertificationTerms

    public init(
        asker: ID<Person>?, title: String, why: String, priority: ID<Priority>? = nil, basis: String = "",
        audience: AudienceRule?, content: ID<Content>? = nil, minutes: Int, renewalContent: ID<Content>? = nil,
        renewalMinutes: Int? = nil, equivalents: [ID<Content>] = [], testOut: ID<Content>? = nil,
        leaveDays: Int? = 28, terms: CertificationTerms = CertificationTerms()
    ) {
        self.asker = asker
        self.title = title
        self.why = why
        self.priority = priority
        self.basis = basis
        self.audience = audience
        self.content = content
        self.minutes = minutes
        self.renewalContent = renewalContent
        self.renewalMinutes = renewalMinutes ?? minutes
        self.equivalents = equivalents
        self.testOut = testOut
        self.leaveDays = leaveDays
        self.terms = terms
    }

    /// What each content counts as. One that is named twice counts as the first of these.
    var parts: [(content: ID<Content>, part: CertificationPart)] {
        let named: [(ID<Content>?, CertificationPart)] =
            [(content, .first), (renewalContent, .renewal)] + equivalents.map { ($0, .equivalent) }
            + [(testOut, .testOut)]
        return named.compactMap { content, part in content.map { ($0, part) } }
    }
}

/// What a content is to a certification.
enum CertificationPart: String, CaseIterable, Storable {
    case first, renewal, equivalent, testOut

    var way: CertificationWay {
        switch self {
        case .first, .renewal: .completion
        case .equivalent: .equivalence
        case .testOut: .testOut
        }
    }
}

extension CertificationDraft {
    public static let equivalentLimit = 50

    /// Whether all that it needs is there. Whether its audience holds anybody is asked of the directory.
    ///
    /// - Parameters:
    ///   - today: No due day may be before it.
    ///   - old: Terms in force already: a due day that they name may be over by now.
    /// - Returns: The rule that its terms mean.
    /// - Throws: `Problem` of kind `invalid` naming every place.
    @discardableResult
    public func check(on today: Day, keeping old: CertificationTerms? = nil) throws -> CertificationRule {
        var findings = Findings()
        collectWords(&findings)
        collectContents(&findings)
        let rule = terms.read(&findings)
        if let rule { collect(rule, on: today, keeping: old, &findings) }
        try findings.settle("certification-invalid")
        guard let rule else { throw Problem(.invalid, "certification-rule", "This is no rule.", at: ["/rule"]) }
        return rule
    }

    private func collectWords(_ findings: inout Findings) {
        findings.expect(
            asker != nil, "owner-missing", at: "/asker", "The certification has no owner. Name the person who asks.")
        findings.expect(
            text: title, atMost: MandateDraft.titleLimit, needed: .always, called: "The title", at: "/title")
        findings.expect(text: why, atMost: MandateDraft.textLimit, needed: .always, called: "The why", at: "/why")
        findings.expect(text: basis, atMost: MandateDraft.textLimit, needed: .maybe, called: "The rule", at: "/basis")
        findings.expect(
            priority != nil || basis.contains { !$0.isWhitespace }, "ground-missing", at: "/priority",
            "The certification serves no priority and no rule. Name one of them.")
        findings.expect(
            audience != nil, "audience-missing", at: "/audience",
            "The certification has no audience. Say who is asked.")
        for (name, count) in [("minutes", minutes), ("renewalMinutes", renewalMinutes)] {
            findings.expect(
                MandateDraft.minutesRange.contains(count), "minutes-out-of-range", at: "/\(name)",
                "It asks for \(count) minutes. Ask for 1 to 6,000.")
        }
        findings.expect(
            leaveDays.map { (1...1_100).contains($0) } ?? true, "leave-out-of-range", at: "/leaveDays",
            "Leave begins with an absence of 1 to 1,100 days. Choose one of these, or leave it empty.")
    }

    private func collectContents(_ findings: inout Findings) {
        findings.expect(
            equivalents.count <= CertificationDraft.equivalentLimit, "equivalents-many", at: "/equivalents",
            "\(equivalents.count) other contents count. Name at most \(CertificationDraft.equivalentLimit).")
        for (place, one) in equivalents.enumerated() {
            findings.expect(
                one != content && one != renewalContent, "equivalence-own", at: "/equivalents/\(place)",
                "A content of the certification itself stands among what counts instead of it. Take it out.")
        }
    }

    private func collect(
        _ rule: CertificationRule, on today: Day, keeping old: CertificationTerms?, _ findings: inout Findings
    ) {
        let dues = [
            ("firstDue", rule.firstDue, terms.firstDue == old?.firstDue),
            ("renewalDue", rule.renewalDue, terms.renewalDue == old?.renewalDue),
        ]
        for (name, due, isKept) in dues where !isKept {
            if case .on(let day) = due {
                findings.expect(
                    day >= today, "deadline-past", at: "/rule/\(name)",
                    "The due day, \(day), is in the past. Choose today or a later day.")
            }
        }
        let end = rule.activePeriod.day(after: today)
        findings.expect(
            rule.windowDays < end - today, "window-long", at: "/rule/windowDays",
            "The window of \(rule.windowDays) days is as long as the certificate holds. Choose a shorter one.")
    }

    /// What changes from one to the other, in plain words.
    func difference(from old: CertificationDraft) -> String {
        var parts: [String] = []
        func note(_ name: String, _ before: String, _ after: String) {
            if before != after { parts.append("\(name) \(before) → \(after)") }
        }
        note("title", "“\(old.title)”", "“\(title)”")
        note("minutes", "\(old.minutes)", "\(minutes)")
        note("renewal minutes", "\(old.renewalMinutes)", "\(renewalMinutes)")
        note("valid", old.terms.activePeriod, terms.activePeriod)
        note("window", "\(old.terms.windowDays)", "\(terms.windowDays)")
        note("counted from", old.terms.base, terms.base)
        note("first due", old.terms.firstDue, terms.firstDue)
        note("renewal due", old.terms.renewalDue, terms.renewalDue)
        note("grace", "\(old.terms.graceDays)", "\(terms.graceDays)")
        note("fewest days", "\(old.terms.minimumDays)", "\(terms.minimumDays)")
        note("time zone", old.terms.zone, terms.zone)
        note("reminders", old.terms.reminders, terms.reminders)
        note("leave from", old.leaveDays.map { "\($0) days" } ?? "none", leaveDays.map { "\($0) days" } ?? "none")
        for (name, isOther) in [
            ("audience", old.audience?.text != audience?.text), ("owner", old.asker != asker), ("why", old.why != why),
            ("priority or rule", old.priority != priority || old.basis != basis),
            (
                "contents",
                old.content != content || old.renewalContent != renewalContent || old.equivalents != equivalents
                    || old.testOut != testOut
            ),
        ] where isOther { parts.append("\(name) changed") }
        return parts.joined(separator: "; ")
    }
}
