public import JSON

/// One kind of event that Leeway puts on record: a statement template of its profile.
public struct OwnEvent: Sendable {
    /// Such as `item-answered`; the template is `urn:leeway:template:item-answered`.
    public let name: String
    /// For people.
    public let label: String
    public let definition: String
    public let verb: Verb
    /// The activity type of the object, when it is part of what names the event.
    public let type: String?
    /// What must be there, and what values may.
    let rules: [JSONValue]
    /// Whether a part of Leeway writes it already; if not, the event is defined ahead of the part that will.
    public let isWritten: Bool

    /// The template's IRI.
    public var iri: String { "urn:leeway:template:\(name)" }

    init(
        _ name: String, _ label: String, _ verb: Verb, _ type: String?, _ definition: String,
        rules: [JSONValue] = [], isWritten: Bool = true
    ) {
        self.name = name
        self.label = label
        self.definition = definition
        self.verb = verb
        self.type = type
        self.rules = rules
        self.isWritten = isWritten
    }

    /// One whose object may be of any type.
    init(
        _ name: String, _ label: String, _ verb: Verb, _ definition: String, rules: [JSONValue] = [],
        isWritten: Bool = true
    ) {
        self.init(name, label, verb, nil, definition, rules: rules, isWritten: isWritten)
    }

    /// The template as JSON-LD.
    public var json: JSONValue {
        var object = JSONObject([
            ("id", .string(iri)), ("type", "StatementTemplate"), ("inScheme", .string(OwnProfile.version)),
            ("prefLabel", OwnProfile.words(label)), ("definition", OwnProfile.words(definition)),
            ("verb", .string(verb.iri)),
        ])
        if let type { object["objectActivityType"] = .string(type) }
        if !rules.isEmpty { object["rules"] = .array(rules) }
        return .object(object)
    }
}

extension OwnProfile {
    /// Every event, by area.
    public static let events: [OwnEvent] = learning + governance + rights + guidance + ahead

    private static let learning: [OwnEvent] = [
        OwnEvent(
            "sitting-begun", "Sitting begun", .initialized, "The learner opened an object.",
            rules: [needs("$.context.registration"), choice]),
        OwnEvent("read", "Read", .experienced, "The learner read, watched or heard an object.", rules: [duration]),
        OwnEvent(
            "item-answered", "Item answered", .answered, Vocabulary.question, "The learner answered one item.",
            rules: [needs("$.result.success"), may(Vocabulary.skills), mayChoose]),
        OwnEvent(
            "completed", "Completed", .completed,
            "The learner completed an object, a mandate without content, or reached a goal.", rules: [choice]),
        OwnEvent(
            "failed", "Not passed", .failed, "The learner answered the questions of an object and did not pass.",
            rules: [needs("$.result.score.scaled"), choice]),
        OwnEvent(
            "passed", "Passed", .passed, "The learner answered the questions of an object and passed.",
            rules: [needs("$.result.score.scaled"), choice]),
        OwnEvent(
            "progressed", "Progressed", .progressed,
            "The learner completed a part of an object, and other parts are left.",
            rules: [needs("$.result.extensions['\(Vocabulary.progress)']"), choice]),
        OwnEvent(
            "terminated", "Sitting ended", .terminated,
            "The learner left an object: completed, not passed, or put aside.",
            rules: [needs("$.context.registration"), choice]),
        OwnEvent(
            "use-registered", "AI use registered", .registered, Vocabulary.aiUseType,
            "A steward entered a use of AI into the register."),
    ]

    private static let subjects: [String] = [
        Vocabulary.strategyType, Vocabulary.mandateType, Vocabulary.policyType, Vocabulary.aiUseType,
        Vocabulary.experimentType,
        Vocabulary.retentionType,
    ]

    private static let rights: [OwnEvent] = [
        OwnEvent(
            "person-erased", "Person erased", .erased, Vocabulary.erasureType,
            "A person’s data were erased, for a reason, with a receipt.",
            rules: [needs(extension: Vocabulary.reason), needs(extension: Vocabulary.inputs)]),
        OwnEvent(
            "retention-applied", "Retention rule applied", .erased, Vocabulary.retentionType,
            "Data past their time were erased under a rule.",
            rules: [needs(extension: Vocabulary.reason), needs(extension: Vocabulary.inputs)]),
        OwnEvent(
            "retention-published", "Retention rule made", .published, Vocabulary.retentionType,
            "A rule came into force that says how long data are kept.",
            rules: [needs(extension: Vocabulary.reason)]),
        OwnEvent(
            "dossier-issued", "Dossier made out", .issued, Vocabulary.dossierType,
            "A dossier was made out and tied to a checkpoint.", rules: [needs(extension: Vocabulary.inputs)]),
        OwnEvent(
            "person-exported", "Data handed out", .exported, Vocabulary.personType,
            "Everything held about a person was handed out.", rules: [needs(extension: Vocabulary.reason)]),
        OwnEvent(
            "hold-set", "Legal hold set", .held, Vocabulary.holdType, "Erasing a person’s data was forbidden.",
            rules: [needs(extension: Vocabulary.reason), needs(extension: Vocabulary.inputs)]),
        OwnEvent(
            "hold-released", "Legal hold lifted", .released, Vocabulary.holdType,
            "Erasing a person’s data is allowed again.", rules: [needs(extension: Vocabulary.reason)]),
        OwnEvent(
            "refreshed", "Refreshed", .refreshed,
            "A mandate’s assignments were brought up to date, or the key of pseudonyms was changed.",
            rules: [may(Vocabulary.reason)]),
    ]

    private static let governance: [OwnEvent] =
        [
            OwnEvent(
                "mandate-published", "Mandate published", .published, Vocabulary.mandateType,
                "A mandate came into force: people are asked to learn something.",
                rules: [may(Vocabulary.people)]),
            OwnEvent(
                "strategy-published", "Strategy published", .published, Vocabulary.strategyType,
                "A strategy came into force.", rules: [may(Vocabulary.people)]),
            OwnEvent(
                "policy-decided", "Policy decided", .decided, Vocabulary.policyType,
                "Something was decided under a policy, with its inputs.",
                rules: [needs(extension: Vocabulary.reason), needs(extension: Vocabulary.inputs)]),
            OwnEvent(
                "policy-published", "Policy published", .published, Vocabulary.policyType, "A policy came into force.",
                rules: [may(Vocabulary.reason)]),
            OwnEvent(
                "override-given", "Override given", .overridden,
                "A person let a mandate pass over a limit of the policy, and said why.",
                rules: [needs(extension: Vocabulary.reason), about]),
            OwnEvent(
                "owner-asked", "Owner asked", .asked, Vocabulary.aiUseType,
                "A person was asked to answer for a use of AI.", rules: [needs(extension: Vocabulary.person)]),
            OwnEvent(
                "owner-accepted", "Owner accepted", .accepted, Vocabulary.aiUseType,
                "A person took on to answer for a use of AI."),
            OwnEvent(
                "owner-declined", "Owner declined", .declined, Vocabulary.aiUseType,
                "A person did not take on to answer for a use of AI."),
            OwnEvent(
                "owner-ended", "Owner ended", .ended, Vocabulary.aiUseType,
                "A person no longer answers for a use of AI."),
            OwnEvent(
                "policy-accepted", "Policy accepted", .accepted, Vocabulary.policyType,
                "A person accepted a version of a policy.", rules: [needs(extension: Vocabulary.version)]),
            OwnEvent(
                "use-moved", "AI use moved", .moved, Vocabulary.aiUseType, "A use of AI was given another status."),
            OwnEvent(
                "use-classified", "AI use classified", .classified, Vocabulary.aiUseType,
                "A person said where a use of AI stands under the law.",
                rules: [needs(extension: Vocabulary.inputs), needs(extension: Vocabulary.detail)]),
            OwnEvent(
                "owner-delegated", "Stand-in named", .delegated, Vocabulary.aiUseType,
                "An owner named who acts for them, for a time.", rules: [needs(extension: Vocabulary.person)]),
            OwnEvent(
                "experiment-registered", "Experiment registered", .registered, Vocabulary.experimentType,
                "A learner began a trial of AI within the sandbox."),
            OwnEvent(
                "experiment-promoted", "Experiment promoted", .promoted, Vocabulary.experimentType,
                "A learner’s experiment became a use of AI of the organisation."),
            OwnEvent(
                "experiment-adapted", "Experiment adapted", .adapted, Vocabulary.experimentType,
                "A learner’s experiment became, in another form, a use of AI of the organisation."),
            OwnEvent(
                "experiment-stopped", "Experiment stopped", .stopped, Vocabulary.experimentType,
                "A learner’s experiment was ended.", rules: [needs(extension: Vocabulary.reason)]),
            OwnEvent(
                "experiment-ended", "Experiment finished", .ended, Vocabulary.experimentType,
                "A learner finished an experiment and said what came of it."),
            OwnEvent(
                "question-raised", "Question raised", .escalated, Vocabulary.escalationType,
                "A person raised a question about a use of AI."),
            OwnEvent(
                "question-answered", "Question answered", .decided, Vocabulary.escalationType,
                "The one who answers for a use of AI, or a steward, answered a question about it.",
                rules: [needs(extension: Vocabulary.reason)]),
            OwnEvent(
                "question-handed-over", "Question handed over", .moved, Vocabulary.escalationType,
                "A question about a use of AI was handed to somebody else.",
                rules: [needs(extension: Vocabulary.person), needs(extension: Vocabulary.reason)]),
            OwnEvent(
                "evidence-attested", "Evidence attested", .decided, Vocabulary.mandateType,
                "A steward attested that a person earned a certificate, or recognised something equivalent.",
                rules: [needs(extension: Vocabulary.person), needs(extension: Vocabulary.reason)]),
            OwnEvent(
                "person-excused", "Exempted", .excused, Vocabulary.mandateType,
                "A person was exempted from a certification for a time.",
                rules: [needs(extension: Vocabulary.person), needs(extension: Vocabulary.reason)]),
            OwnEvent(
                "due-extended", "Due day moved", .extended, Vocabulary.mandateType,
                "A person was given more time for a certification.",
                rules: [needs(extension: Vocabulary.person), needs(extension: Vocabulary.reason)]),
            OwnEvent(
                "strategy-opened", "Strategy opened", .opened, Vocabulary.strategyType,
                "A person opened a published strategy.", rules: [needs(extension: Vocabulary.version)]),
            OwnEvent(
                "strategy-read", "Strategy read", .experienced, Vocabulary.strategyType,
                "A published strategy was before a person for as long as it takes to read it.",
                rules: [needs(extension: Vocabulary.version)]),
            OwnEvent(
                "strategy-checked", "Strategy check answered", .answered, Vocabulary.strategyType,
                "A person answered what was asked to see whether a strategy is understood. What they answered is not "
                    + "said.", rules: [needs(extension: Vocabulary.version)]),
            OwnEvent(
                "strategy-acknowledged", "Strategy acknowledged", .acknowledged, Vocabulary.strategyType,
                "A person confirmed having read a published strategy.",
                rules: [needs(extension: Vocabulary.version)]),
        ]
        + changes.map { verb, label, definition in
            OwnEvent(verb.name, label, verb, definition, rules: [about, may(Vocabulary.reason)])
        }

    /// Changes of any governed thing.
    private static let changes: [(Verb, String, String)] = [
        (.drafted, "Drafted", "A draft of a strategy, mandate or policy was begun."),
        (.revised, "Revised", "A strategy, mandate, policy or use of AI was changed."),
        (.superseded, "Superseded", "A newer one took its place."),
        (.withdrawn, "Withdrawn", "What had been published was taken back."),
        (.discarded, "Discarded", "A draft was dropped."),
        (.retired, "Retired", "What was in force was ended."),
        (.restored, "Restored", "What had been retired was brought back."),
    ]

    private static let guidance: [OwnEvent] =
        [
            OwnEvent(
                "step-recommended", "Step recommended", .recommended, Vocabulary.suggestionType,
                "The system offered a learner a next step, with its reasons and the chance with which it was drawn.",
                rules: [
                    needs(extension: Vocabulary.propensity), needs(extension: Vocabulary.reason),
                    needs(extension: Vocabulary.version), needs("$.context.contextActivities.grouping[*].id"),
                ])
        ]
        + [
            ("recommendation-chosen", "Recommendation chosen", Verb.chose, "The learner took up what was offered."),
            ("recommendation-dismissed", "Recommendation dismissed", .dismissed, "The learner put it aside."),
            ("recommendation-claimed", "Known already", .claimed, "The learner says to know it already."),
        ].map { name, label, verb, definition in
            OwnEvent(
                name, label, verb, Vocabulary.suggestionType, definition,
                rules: [needs(extension: Vocabulary.propensity), choice])
        }
        + [
            OwnEvent("saved", "Saved for later", .saved, "The learner kept an object for later.", rules: [choice]),
            OwnEvent(
                "goal-set", "Goal set", .aimed, Vocabulary.goalType, "The learner set a goal, or changed it.",
                rules: [needs(extension: Vocabulary.inputs), choice]),
            OwnEvent(
                "setting-adjusted", "Setting adjusted", .adjusted, Vocabulary.settingType,
                "A person changed a setting of their own.", rules: [needs(extension: Vocabulary.inputs)]),
            OwnEvent(
                "ai-used", "AI used", .used, Vocabulary.aiUseType, "A person used a feature that is in the register.",
                rules: [mayChoose]),
        ]

    /// Defined ahead of the part of Leeway that will write them.
    private static let ahead: [OwnEvent] = [
        OwnEvent(
            "trial-allocated", "Trial allocated", .allocated, Vocabulary.trialType,
            "A learner was allocated to an arm of a trial.", rules: [needs(extension: Vocabulary.arm)],
            isWritten: false),
        OwnEvent(
            "delivered", "Delivered", .delivered, "Something published reached a person.", rules: [about],
            isWritten: false),
        OwnEvent(
            "voided", "Voided", .voided, "An earlier statement is taken back.",
            rules: [["location": "$.object.objectType", "all": ["StatementRef"], "presence": "included"]],
            isWritten: false),
    ]

    // MARK: Rules

    private static func needs(_ location: String) -> JSONValue {
        ["location": .string(location), "presence": "included"]
    }

    private static func needs(extension iri: String) -> JSONValue { needs("$.context.extensions['\(iri)']") }

    private static func may(_ iri: String) -> JSONValue {
        ["location": .string("$.context.extensions['\(iri)']"), "presence": "recommended"]
    }

    private static let choices = JSONValue(Choice.allCases.map(\.rawValue))
    private static let choice: JSONValue = [
        "location": .string("$.context.extensions['\(Vocabulary.choice)']"), "presence": "included", "all": choices,
    ]
    private static let mayChoose: JSONValue = [
        "location": .string("$.context.extensions['\(Vocabulary.choice)']"), "presence": "recommended", "all": choices,
    ]
    private static let duration: JSONValue = ["location": "$.result.duration", "presence": "included"]
    private static let about: JSONValue = [
        "location": "$.object.definition.type", "presence": "included", "all": .init(subjects),
    ]
}
