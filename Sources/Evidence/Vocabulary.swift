public import Basis

/// A verb of a statement: what the actor did.
public struct Verb: Hashable, Sendable {
    /// An absolute IRI.
    public let iri: String
    /// The verb in English, as shown to people.
    public let name: String

    public init(iri: String, name: String) {
        self.iri = iri
        self.name = name
    }

    private init(adl name: String) { self.init(iri: "http://adlnet.gov/expapi/verbs/\(name)", name: name) }
    private init(own name: String) {
        self.init(iri: "urn:leeway:verb:\(name)", name: name.replacing("-", with: " "))
    }

    // Learning: the verbs that every record store knows.
    public static let initialized = Verb(adl: "initialized")
    public static let terminated = Verb(adl: "terminated")
    public static let experienced = Verb(adl: "experienced")
    public static let progressed = Verb(adl: "progressed")
    public static let completed = Verb(adl: "completed")
    public static let answered = Verb(adl: "answered")
    public static let passed = Verb(adl: "passed")
    public static let failed = Verb(adl: "failed")
    public static let registered = Verb(adl: "registered")
    /// Takes an earlier statement back. Its object is a reference to that statement.
    public static let voided = Verb(adl: "voided")

    // Governance: who stated, decided, accepted or was shown what.
    /// A strategy, mandate, policy or AI use came into force.
    public static let published = Verb(own: "published")
    public static let revised = Verb(own: "revised")
    public static let retired = Verb(own: "retired")
    /// Something published reached the person.
    public static let delivered = Verb(own: "delivered")
    public static let opened = Verb(own: "opened")
    /// The person confirmed having read it.
    public static let acknowledged = Verb(own: "acknowledged")
    /// The person was asked to take on a role.
    public static let asked = Verb(own: "asked")
    /// The person took on what was asked, such as ownership of an AI use.
    public static let accepted = Verb(own: "accepted")
    public static let declined = Verb(own: "declined")
    /// A limit was set aside, with a reason.
    public static let overridden = Verb(own: "overridden")
    /// An automatic or human decision under a policy.
    public static let decided = Verb(own: "decided")
    /// A learner was allocated to an arm of a trial.
    public static let allocated = Verb(own: "allocated")
    /// An AI feature was used.
    public static let used = Verb(own: "used")
    // What else happens to a strategy, mandate, policy or AI use on its way.
    public static let drafted = Verb(own: "drafted")
    public static let superseded = Verb(own: "superseded")
    public static let withdrawn = Verb(own: "withdrawn")
    public static let discarded = Verb(own: "discarded")
    public static let restored = Verb(own: "restored")
    public static let moved = Verb(own: "moved")
    public static let ended = Verb(own: "ended")
    public static let refreshed = Verb(own: "refreshed")
    /// An AI use was classified under the law, with reasons.
    public static let classified = Verb(own: "classified")
    /// An owner named who acts for them, for a time.
    public static let delegated = Verb(own: "delegated")
    /// A learner's experiment became an AI use of the organisation.
    public static let promoted = Verb(own: "promoted")
    /// A learner's experiment became an AI use in another form.
    public static let adapted = Verb(own: "adapted")
    public static let stopped = Verb(own: "stopped")
    /// A dossier was made out.
    public static let issued = Verb(own: "issued")
    /// Somebody raised a question about an AI use to the one who answers for it.
    public static let escalated = Verb(own: "escalated")
    /// A person was exempted from something asked, for a time and a reason.
    public static let excused = Verb(own: "excused")
    /// What a person is asked is due later than it was.
    public static let extended = Verb(own: "extended")

    // Guidance: what the learner was offered, and what the learner made of it.
    public static let recommended = Verb(own: "recommended")
    public static let chose = Verb(own: "chose")
    public static let dismissed = Verb(own: "dismissed")
    public static let saved = Verb(own: "saved")
    /// The learner says: I know this already.
    public static let claimed = Verb(own: "claimed")
    /// The learner set a goal.
    public static let aimed = Verb(own: "aimed")
    /// The learner changed a setting of their own, such as personalisation.
    public static let adjusted = Verb(own: "adjusted")

    /// Every verb that Leeway itself writes.
    public static let all: [Verb] = [
        initialized, terminated, experienced, progressed, completed, answered, passed, failed, registered, voided,
        published, revised, retired, delivered, opened, acknowledged, asked, accepted, declined, overridden, decided,
        allocated, used, drafted, superseded, withdrawn, discarded, restored, moved, ended, refreshed,
        classified, delegated, promoted, adapted, stopped, issued, escalated, excused, extended, recommended,
        chose, dismissed, saved, claimed, aimed, adjusted, erased, exported, held, released,
    ]

    /// Whether the verb is Leeway's own word, rather than one that every record store knows.
    public var isOwn: Bool { iri.hasPrefix("urn:leeway:") }
}

/// Who chose that a piece of learning was done.
public enum Choice: String, CaseIterable, Sendable {
    /// The learner.
    case own
    /// Somebody else, by a mandate.
    case asked
}

/// The IRIs that Leeway gives to its own things.
public enum Vocabulary {
    // Activity types.
    public static let article = "urn:leeway:type:article"
    public static let course = "http://adlnet.gov/expapi/activities/course"
    public static let module = "http://adlnet.gov/expapi/activities/module"
    public static let assessment = "http://adlnet.gov/expapi/activities/assessment"
    public static let question = "http://adlnet.gov/expapi/activities/question"
    public static let link = "http://adlnet.gov/expapi/activities/link"
    public static let media = "http://adlnet.gov/expapi/activities/media"
    /// An xAPI Profile, among the categories of the statements that follow it.
    public static let profileType = "http://adlnet.gov/expapi/activities/profile"
    public static let strategyType = "urn:leeway:type:strategy"
    public static let mandateType = "urn:leeway:type:mandate"
    public static let policyType = "urn:leeway:type:policy"
    public static let aiUseType = "urn:leeway:type:ai-use"
    public static let dossierType = "urn:leeway:type:dossier"
    public static let experimentType = "urn:leeway:type:experiment"
    public static let escalationType = "urn:leeway:type:escalation"
    public static let skillType = "urn:leeway:type:skill"
    public static let goalType = "urn:leeway:type:goal"
    public static let settingType = "urn:leeway:type:setting"
    public static let suggestionType = "urn:leeway:type:suggestion"
    public static let trialType = "urn:leeway:type:trial"

    // Extensions.
    /// Context extension: `own` or `asked`, see `Choice`.
    public static let choice = "urn:leeway:extension:choice"
    /// Result extension of cmi5: how much of something is done, 0 to 100.
    public static let progress = "https://w3id.org/xapi/cmi5/result/extensions/progress"
    /// Why something was decided, overridden or recommended: text or a list of texts.
    public static let reason = "urn:leeway:extension:reason"
    /// The version of what decided, such as the learner model's.
    public static let version = "urn:leeway:extension:version"
    /// The inputs of an automatic decision, as an object.
    public static let inputs = "urn:leeway:extension:inputs"
    /// The skills that the activity is about: a list of skill IRIs.
    public static let skills = "urn:leeway:extension:skills"
    /// The probability with which a suggestion was shown, 0 to 1.
    public static let propensity = "urn:leeway:extension:propensity"
    /// What changed, in plain words.
    public static let detail = "urn:leeway:extension:detail"
    /// The person whom a change is about, by identifier.
    public static let person = "urn:leeway:extension:person"
    /// How many people a publication reaches.
    public static let people = "urn:leeway:extension:people"
    /// The arm of a trial that a learner was allocated to.
    public static let arm = "urn:leeway:extension:arm"

    /// The IRI of one content.
    public static func contentIRI(_ id: ID<Content>) -> String { "urn:leeway:content:\(id)" }
    /// The IRI of one item.
    public static func itemIRI(_ id: ID<Item>) -> String { "urn:leeway:item:\(id)" }
    /// The IRI of one strategy.
    public static func strategyIRI(_ id: ID<Strategy>) -> String { "urn:leeway:strategy:\(id)" }
    /// The IRI of one mandate.
    public static func mandateIRI(_ id: ID<Mandate>) -> String { "urn:leeway:mandate:\(id)" }
    /// The IRI of one AI use.
    public static func aiUseIRI(_ id: ID<AIUse>) -> String { "urn:leeway:ai-use:\(id)" }
    /// The IRI of one learner's experiment.
    public static func experimentIRI(_ id: ID<Experiment>) -> String { "urn:leeway:experiment:\(id)" }
    /// The IRI of one question raised about an AI use.
    public static func escalationIRI(_ id: ID<Escalation>) -> String { "urn:leeway:escalation:\(id)" }
    /// The IRI of one skill.
    public static func skillIRI(_ id: ID<Skill>) -> String { "urn:leeway:skill:\(id)" }
    /// The IRI of one goal.
    public static func goalIRI(_ id: ID<Goal>) -> String { "urn:leeway:goal:\(id)" }
    /// The IRI of one suggestion.
    public static func suggestionIRI(_ id: ID<Suggestion>) -> String { "urn:leeway:suggestion:\(id)" }

    /// The identifier at the end of one of our own IRIs, or nil for any other.
    ///
    ///     Vocabulary.id(Content.self, in: "urn:leeway:content:0197…")
    public static func id<Kind>(_: Kind.Type, in iri: String) -> ID<Kind>? {
        guard iri.hasPrefix("urn:leeway:"), let last = iri.split(separator: ":").last else { return nil }
        return ID(last)
    }
}
