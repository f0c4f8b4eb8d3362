import Basis
import Foundation
public import JSON

/// A certification rule as it is written down: in forms, in the API and in the database. `rule()` reads it.
public struct CertificationTerms: Hashable, Sendable {
    /// - Shape: `P12M` for months, `P90D` for days (ISO 8601); years are read as twelve months.
    public var activePeriod: String
    public var windowDays: Int
    /// - Shape: `expiry`, `completion`, or a day such as `2026-12-31`.
    public var base: String
    /// - Shape: a day, or `hired`, `assigned`, `previousExpiry` or `previousCompletion` with `+P30D` or `-P7D`.
    public var firstDue: String
    public var renewalDue: String
    public var graceDays: Int
    public var minimumDays: Int
    public var zone: String
    /// - Shape: such as `person:-30 person:-7 manager:7 owner:21`, days from the due day.
    public var reminders: String

    public init(
        activePeriod: String = "P12M", windowDays: Int = 60, base: String = "expiry",
        firstDue: String = "assigned+P30D", renewalDue: String = "previousExpiry+P0D", graceDays: Int = 0,
        minimumDays: Int = 14, zone: String = "UTC",
        reminders: String = "person:-30 person:-7 person:1 manager:7 owner:21"
    ) {
        self.activePeriod = activePeriod
        self.windowDays = windowDays
        self.base = base
        self.firstDue = firstDue
        self.renewalDue = renewalDue
        self.graceDays = graceDays
        self.minimumDays = minimumDays
        self.zone = zone
        self.reminders = reminders
    }

    /// How the rule is written.
    public init(_ rule: CertificationRule) {
        let base =
            switch rule.base {
            case .completion: "completion"
            case .expiry: "expiry"
            case .fixed(let day): "\(day)"
            }
        self.init(
            activePeriod: rule.activePeriod.text, windowDays: rule.windowDays, base: base,
            firstDue: rule.firstDue.text, renewalDue: rule.renewalDue.text, graceDays: rule.graceDays,
            minimumDays: rule.minimumDays, zone: rule.zone.identifier, reminders: rule.reminders.text)
    }

    /// The rule that this means.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place, such as `/rule/activePeriod`.
    public func rule() throws -> CertificationRule {
        var findings = Findings()
        let rule = read(&findings)
        try findings.settle("certification-rule")
        guard let rule else { throw Problem(.invalid, "certification-rule", "This is no rule.", at: ["/rule"]) }
        return rule
    }

    func read(_ findings: inout Findings) -> CertificationRule? {
        let period = CalendarPeriod(activePeriod)
        findings.expect(
            period != nil, "period-unknown", at: "/rule/activePeriod",
            "“\(activePeriod)” is no length of time. Write one such as P12M for months or P90D for days.")
        let base = CertificationRule.Base(text: self.base)
        findings.expect(
            base != nil, "base-unknown", at: "/rule/base",
            "“\(self.base)” is no base. Write expiry, completion, or a day such as 2026-12-31.")
        let first = due(firstDue, "/rule/firstDue", &findings)
        let renewal = due(renewalDue, "/rule/renewalDue", &findings)
        let steps = ReminderRule(text: reminders)
        findings.expect(
            steps != nil, "reminders-unknown", at: "/rule/reminders",
            "“\(reminders)” does not say who is told when. Write person:-30 manager:7 owner:21 and the like.")
        guard let period, let base, let first, let renewal, let steps else { return nil }
        do {
            return try CertificationRule(
                activePeriod: period, windowDays: windowDays, base: base, firstDue: first, renewalDue: renewal,
                graceDays: graceDays, minimumDays: minimumDays, zone: zone, reminders: steps)
        } catch {
            let (pointer, sentence) = error.told
            findings.expect(false, "certification-rule", at: pointer, sentence)
            return nil
        }
    }

    private func due(_ text: String, _ pointer: String, _ findings: inout Findings) -> CertificationRule.Due? {
        let due = CertificationRule.Due(text: text)
        findings.expect(
            due != nil, "due-unknown", at: pointer,
            "“\(text)” is no due day. Write a day, or such as assigned+P30D or previousExpiry+P0D.")
        return due
    }
}

extension CertificationTerms {
    /// By the members' names of the API.
    public var json: JSONValue {
        [
            "activePeriod": .string(activePeriod), "windowDays": JSONValue(windowDays), "base": .string(base),
            "firstDue": .string(firstDue), "renewalDue": .string(renewalDue), "graceDays": JSONValue(graceDays),
            "minimumDays": JSONValue(minimumDays), "zone": .string(zone), "reminders": .string(reminders),
        ]
    }

    /// What a caller says; members that are absent stay as usual.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every member that is unknown or of another type.
    public init(reading json: JSONObject) throws {
        var findings = Findings()
        guard case .object(let usual) = CertificationTerms().json else { preconditionFailure("terms are an object") }
        for member in json.members {
            let pointer = "/rule/\(member.name)"
            switch usual[member.name] {
            case nil:
                findings.expect(false, "member-unknown", at: pointer, "A rule has no member “\(member.name)”.")
            case .string:
                findings.expect(
                    member.value.string != nil, "member-mistyped", at: pointer, "“\(member.name)” is a text.")
            default:
                findings.expect(
                    member.value.integer != nil, "member-mistyped", at: pointer,
                    "“\(member.name)” is a whole number.")
            }
        }
        try findings.settle("certification-rule")
        self.init(json: json)
    }

    /// What a JSON object says; members that are absent or of another type stay as usual.
    init(json: JSONObject) {
        let usual = CertificationTerms()
        func text(_ name: String, _ other: String) -> String { json[name]?.string ?? other }
        func count(_ name: String, _ other: Int) -> Int { json[name]?.integer ?? other }
        self.init(
            activePeriod: text("activePeriod", usual.activePeriod),
            windowDays: count("windowDays", usual.windowDays), base: text("base", usual.base),
            firstDue: text("firstDue", usual.firstDue), renewalDue: text("renewalDue", usual.renewalDue),
            graceDays: count("graceDays", usual.graceDays), minimumDays: count("minimumDays", usual.minimumDays),
            zone: text("zone", usual.zone), reminders: text("reminders", usual.reminders))
    }
}

extension CertificationRuleError {
    var told: (pointer: String, sentence: String) {
        switch self {
        case .activePeriodOutOfRange:
            ("/rule/activePeriod", "A certificate holds 1 to 36,500 days or 1 to 1,200 months. Choose one of these.")
        case .windowOutOfRange: ("/rule/windowDays", "The window has 0 to 3,650 days. Choose one of these.")
        case .graceOutOfRange: ("/rule/graceDays", "The grace has 0 to 3,650 days. Choose one of these.")
        case .minimumOutOfRange:
            ("/rule/minimumDays", "The fewest days are between 0 and 3,650. Choose one of these.")
        case .zoneUnknown: ("/rule/zone", "There is no such time zone. Write one such as Europe/Berlin.")
        }
    }
}

extension CalendarPeriod {
    /// - Shape: `P12M` or `P90D`, without a sign.
    public var text: String {
        switch self {
        case .days(let days): "P\(days)D"
        case .months(let months): "P\(months)M"
        }
    }

    /// Reads `P90D`, `P12M` or `P1Y`.
    public init?(_ text: some StringProtocol) {
        guard text.first == "P", let unit = text.last, let count = Int(text.dropFirst().dropLast()), count >= 0,
            count <= 100_000
        else { return nil }
        switch unit {
        case "D": self = .days(count)
        case "M": self = .months(count)
        case "Y": self = .months(12 * count)
        default: return nil
        }
    }
}

extension CertificationRule.Base {
    init?(text: String) {
        switch text {
        case "completion": self = .completion
        case "expiry": self = .expiry
        default:
            guard let day = Day(text) else { return nil }
            self = .fixed(day)
        }
    }
}

extension CertificationRule.Due {
    var text: String {
        switch self {
        case .on(let day): "\(day)"
        case .after(let anchor, .days(let days)) where days < 0: "\(anchor.rawValue)-P\(-days)D"
        case .after(let anchor, .months(let months)) where months < 0: "\(anchor.rawValue)-P\(-months)M"
        case .after(let anchor, let period): "\(anchor.rawValue)+\(period.text)"
        }
    }

    init?(text: String) {
        if let day = Day(text) {
            self = .on(day)
            return
        }
        guard let sign = text.firstIndex(where: { $0 == "+" || $0 == "-" }),
            let anchor = CertificationRule.Anchor(rawValue: String(text[..<sign])),
            let period = CalendarPeriod(text[text.index(after: sign)...])
        else { return nil }
        switch (text[sign], period) {
        case ("-", .days(let days)): self = .after(anchor, .days(-days))
        case ("-", .months(let months)): self = .after(anchor, .months(-months))
        default: self = .after(anchor, period)
        }
    }
}

extension ReminderRule {
    /// The most notices of one cycle.
    static let stepLimit = 40

    var text: String { steps.map { "\($0.recipient.rawValue):\($0.days)" }.joined(separator: " ") }

    init?(text: String) {
        var steps: [Step] = []
        for word in text.split(whereSeparator: { $0 == " " || $0 == "," || $0.isNewline }) {
            let parts = word.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let recipient = Recipient(rawValue: String(parts[0])), let days = Int(parts[1]),
                (-3_650...3_650).contains(days)
            else { return nil }
            steps.append(Step(recipient, days: days))
        }
        guard steps.count <= ReminderRule.stepLimit else { return nil }
        self.init(steps)
    }
}
