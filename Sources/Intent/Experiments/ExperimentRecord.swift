public import Basis
public import Storage

/// A learner's own trial of AI, inside the sandbox.
public struct ExperimentRecord: Hashable, Sendable {
    /// Where it stands.
    public enum State: String, CaseIterable, Storable, Sendable {
        case running
        /// Its author ended it and said what came of it.
        case finished
        /// It became an AI use of the organisation as it is.
        case promoted
        /// It became an AI use in another form.
        case adapted
        /// A steward ended it.
        case stopped
    }

    public let id: ID<Experiment>
    /// Counts changes, from 1.
    public let revision: Int
    public let title: String
    /// What is used for it, such as a product's name.
    public let tool: String
    /// What is tried, and what is hoped for.
    public let idea: String
    /// What came of it; empty until its author says so.
    public let learned: String
    /// In the order of `DataClass.allCases`. Within what the sandbox allows.
    public let data: [AIUseRecord.DataClass]
    public let state: State
    /// Whose idea it was. Stays credited whatever becomes of it.
    public let by: ID<Person>
    /// The last day of the trial.
    public let until: Day
    public let createdAt: Moment
    public let settledAt: Moment?
    public let settledBy: ID<Person>?
    /// What the steward said when they promoted, adapted or stopped it.
    public let reason: String
    /// The entry of the register that it became.
    public let use: ID<AIUse>?
    public let followers: Int
    public let comments: Int
}

/// What a learner says of an experiment: enough for two minutes.
public struct ExperimentDraft: Hashable, Sendable {
    public static let titleLimit = 120
    public static let textLimit = 2_000

    public var title: String
    public var tool: String
    public var idea: String
    public var data: Set<AIUseRecord.DataClass>
    /// The last day; nil is as long as the sandbox allows.
    public var until: Day?

    public init(
        title: String, tool: String = "", idea: String, data: Set<AIUseRecord.DataClass> = [], until: Day? = nil
    ) {
        self.title = title
        self.tool = tool
        self.idea = idea
        self.data = data
        self.until = until
    }

    /// - Throws: `Problem` of kind `invalid` naming every place.
    func check(in sandbox: SandboxPolicy, on today: Day) throws {
        var findings = Findings()
        findings.expect(
            text: title, atMost: ExperimentDraft.titleLimit, needed: .always, called: "The title", at: "/title")
        findings.expect(
            text: tool, atMost: ExperimentDraft.titleLimit, needed: .always, called: "The tool", at: "/tool")
        findings.expect(text: idea, atMost: ExperimentDraft.textLimit, needed: .always, called: "The idea", at: "/idea")
        let beyond = AIUseRecord.DataClass.allCases.filter { data.contains($0) && !sandbox.data.contains($0) }
        findings.expect(
            beyond.isEmpty, "sandbox-data", at: "/data",
            "The sandbox does not allow \(beyond.map { $0.label.lowercased() }.joined(separator: ", ")). Leave it out, "
                + "or ask a steward for a pilot.")
        if let until {
            findings.expect(
                until >= today, "until-past", at: "/until", "The last day, \(until), is past. Choose a later one.")
            findings.expect(
                until - today < sandbox.days, "sandbox-days", at: "/until",
                "The sandbox allows \(sandbox.days) days. Choose a day up to \(today + (sandbox.days - 1)).")
        }
        try findings.settle("experiment-invalid")
    }
}

/// A remark under an experiment.
public struct ExperimentComment: Hashable, Sendable {
    public let id: ID<ExperimentComment>
    /// Nil when its author was erased.
    public let person: ID<Person>?
    public let body: String
    public let at: Moment
}

/// What anybody may try without asking.
public struct SandboxPolicy: Hashable, Sendable {
    /// Counts changes; 0 is what holds until somebody decides.
    public let version: Int
    public let data: Set<AIUseRecord.DataClass>
    /// The longest trial. Range: 1…366 days.
    public let days: Int
    /// In plain words, shown to whoever begins.
    public let rules: String
    public let since: Moment?
    public let by: ID<Person>?

    /// Public and internal data for thirty days.
    public static let initial = SandboxPolicy(
        version: 0, data: [.open, .internal], days: 30,
        rules: "Say what you try. Give it nothing about people and nothing secret. Check what it says before you use "
            + "it.",
        since: nil, by: nil)
}
