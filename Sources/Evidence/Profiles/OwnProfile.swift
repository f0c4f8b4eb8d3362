public import JSON

/// Leeway's own xAPI Profile: what each of its verbs, activity types and extensions means, and how each statement that
/// it writes is formed. Made from `Vocabulary`, so that it says what the program does.
///
/// - Source: IEEE 9274.2.1; xAPI Profiles 1.0, part two. See docs/xapi-profile.md.
public enum OwnProfile {
    /// The profile's IRI, whatever its version.
    public static let iri = "urn:leeway:profile"
    /// The IRI of the present version. A change of a template or rule makes the next one.
    public static let version = "urn:leeway:profile:1"
    /// When the present version was written.
    static let writtenAt = "2026-11-24T00:00:00Z"
    /// Where the server shows the profile and, below it, each of its concepts.
    public static let path = "/xapi/profile"

    /// The profile as JSON-LD, in the same order each time.
    public static let document: JSONValue = .object(
        JSONObject([
            ("@context", "https://w3id.org/xapi/profiles/context"), ("id", .string(iri)), ("type", "Profile"),
            ("conformsTo", "https://w3id.org/xapi/profiles#1.0"), ("prefLabel", words("Leeway")),
            (
                "definition",
                words(
                    "What Leeway puts on record: learning, what was asked of whom and by whom, who answers for the use "
                        + "of AI, what was suggested to a learner and why, and what the learner made of it.")
            ), ("versions", [["id": .string(version), "generatedAtTime": .string(writtenAt)]]),
            ("author", ["type": "Organization", "name": "Leeway"]), ("concepts", .array(concepts)),
            ("templates", .array(events.map(\.json))), ("patterns", .array(patterns)),
        ]))

    /// The verbs, activity types and extensions that are Leeway's own.
    public static let concepts: [JSONValue] =
        ownVerbs.map { concept($0.verb.iri, "Verb", $0.verb.name, $0.definition) }
        + ownTypes.map { concept($0.iri, "ActivityType", $0.name, $0.definition) }
        + ownExtensions.map { one in
            var object = concept(one.iri, "ContextExtension", one.name, one.definition).object ?? JSONObject()
            object["inlineSchema"] = .string(one.schema.text)
            return .object(object)
        }

    /// The concept, template, pattern, profile or version of an IRI, or nil for any other.
    public static func describe(_ iri: String) -> JSONValue? {
        if iri == self.iri || iri == version { return document }
        return (concepts + events.map(\.json) + patterns).first { $0["id"]?.string == iri }
    }

    /// What each of our statements has among its categories, so that readers know which profile it follows.
    ///
    /// - Source: xAPI Profiles, part two, 4.1: the version's IRI, as an activity of type `profile`.
    static let categories = [version]
    static let categoryDefinition: JSONValue = ["type": .string(Vocabulary.profileType)]
    /// The category in canonical form.
    static let categoryBytes: [UInt8] = {
        let category: JSONValue = ["definition": categoryDefinition, "id": .string(version)]
        return category.canonical
    }()

    /// The profile as statements are checked against it.
    public static func parsed() throws -> XAPIProfile { try XAPIProfile(document) }

    static func words(_ text: String) -> JSONValue { ["en": .string(text)] }

    private static func concept(_ iri: String, _ type: String, _ name: String, _ definition: String) -> JSONValue {
        .object(
            JSONObject([
                ("id", .string(iri)), ("type", .string(type)), ("inScheme", .string(version)),
                ("prefLabel", words(name)), ("definition", words(definition)),
            ]))
    }

    // MARK: Concepts

    static let ownVerbs: [(verb: Verb, definition: String)] = [
        (.published, "The actor brought a strategy, mandate, policy or use of AI into force."),
        (.revised, "The actor changed what is in force; the earlier version stays on record."),
        (.retired, "The actor ended what was in force: nobody is asked any longer."),
        (.delivered, "Something published reached the actor."),
        (.opened, "The actor opened something that had been published."),
        (.acknowledged, "The actor confirmed having read what was published."),
        (.asked, "The actor asked a person to take on a role, such as to answer for a use of AI."),
        (.accepted, "The actor took on what had been asked, such as to answer for a use of AI."),
        (.declined, "The actor did not take on what had been asked."),
        (.overridden, "The actor set a limit aside and gave a reason."),
        (.decided, "The actor, a person or the system, decided under a policy."),
        (.allocated, "The actor was allocated to an arm of a trial."),
        (.used, "The actor used a feature of the use of AI that is the object."),
        (.drafted, "The actor began to write it; it is not in force."),
        (.superseded, "The actor put a newer one in its place."),
        (.withdrawn, "The actor took back what had been published or decided."),
        (.discarded, "The actor dropped a draft that never was in force."),
        (.restored, "The actor brought back what had been retired."),
        (.moved, "The actor gave a use of AI another status."),
        (.ended, "The actor ended the responsibility of a person."),
        (.refreshed, "The actor brought a mandate's assignments up to date with its audience."),
        (.classified, "The actor said where a use of AI stands under the law, and why."),
        (.delegated, "The actor named who acts for them, for a time."),
        (.promoted, "The actor made a learner’s experiment a use of AI of the organisation."),
        (.adapted, "The actor made a learner’s experiment, in another form, a use of AI of the organisation."),
        (.stopped, "The actor ended a learner’s experiment."),
        (.issued, "The actor had a dossier made out; its digest is in the inputs."),
        (.escalated, "The actor raised a question about a use of AI to the one who answers for it."),
        (.excused, "The actor exempted a person from what is asked, for a time and a reason."),
        (.extended, "The actor gave a person more time for what is asked."),
        (.erased, "The actor had a person’s data, or data past its time, erased; the receipt is in the ledger."),
        (.exported, "The actor handed out everything that is held about a person."),
        (.held, "The actor forbade erasing for a time."),
        (.released, "The actor lifted what forbade erasing."),
        (.recommended, "The system offered the learner a next step."),
        (.chose, "The learner took up a next step that had been offered."),
        (.dismissed, "The learner put aside a next step that had been offered."),
        (.saved, "The learner kept an object for later."),
        (.claimed, "The learner says to know already what was offered."),
        (.aimed, "The learner set a goal, or changed it."),
        (.adjusted, "The actor changed a setting of their own, such as whether suggestions are personal."),
    ]

    static let ownTypes: [(iri: String, name: String, definition: String)] = [
        (Vocabulary.article, "article", "A text to read."),
        (Vocabulary.strategyType, "strategy", "The organisation’s stated direction for learning."),
        (Vocabulary.mandateType, "mandate", "Something that people are asked to learn: by whom, why and until when."),
        (Vocabulary.policyType, "policy", "A rule under which people and the system decide."),
        (Vocabulary.aiUseType, "AI use", "A tool, feature, model or practice that uses AI for learning."),
        (Vocabulary.dossierType, "dossier", "Figures made out for those who ask, tied to a checkpoint."),
        (Vocabulary.experimentType, "experiment", "A learner’s own trial of AI within the sandbox."),
        (Vocabulary.escalationType, "escalation", "A question about a use of AI to the one who answers for it."),
        (Vocabulary.skillType, "skill", "Something that can be learned and that evidence can be about."),
        (Vocabulary.goalType, "goal", "What a learner set out to reach."),
        (Vocabulary.settingType, "setting", "A setting that a person chooses."),
        (Vocabulary.suggestionType, "suggestion", "One next step, offered to one learner."),
        (Vocabulary.personType, "person", "Somebody about whom data are held."),
        (Vocabulary.erasureType, "erasure", "The erasure of a person’s data, with its receipt."),
        (Vocabulary.holdType, "legal hold", "A ground on which a person’s data must not be erased for a time."),
        (Vocabulary.retentionType, "retention rule", "How long a kind of data is kept, and for what purpose."),
        (
            Vocabulary.trialType, "trial",
            "A comparison of two or more ways to teach, with learners allocated by chance."
        ),
    ]

    static let ownExtensions: [(iri: String, name: String, definition: String, schema: JSONValue)] = [
        (
            Vocabulary.choice, "choice", "Whose choice the learning was: the learner’s own, or somebody else’s.",
            ["type": "string", "enum": .init(Choice.allCases.map(\.rawValue))]
        ),
        (
            Vocabulary.reason, "reason", "Why something was decided, set aside or recommended.",
            ["type": ["string", "array"], "items": ["type": "string"]]
        ),
        (Vocabulary.version, "version", "The version of what decided, or of what was opened.", ["type": "string"]),
        (Vocabulary.inputs, "inputs", "The inputs of a decision, goal or setting.", ["type": "object"]),
        (
            Vocabulary.skills, "skills", "The IRIs of the skills that the activity is about.",
            ["type": "array", "items": ["type": "string"]]
        ),
        (
            Vocabulary.propensity, "propensity", "The probability with which the suggestion was shown.",
            ["type": "number", "minimum": 0, "maximum": 1]
        ),
        (Vocabulary.detail, "detail", "What changed, in plain words.", ["type": "string"]),
        (Vocabulary.person, "person", "The person whom a change is about, by identifier.", ["type": "string"]),
        (Vocabulary.people, "people", "How many people a publication reaches.", ["type": "integer", "minimum": 0]),
        (Vocabulary.arm, "arm", "The arm of the trial.", ["type": "string"]),
    ]

    // MARK: Patterns

    /// What one registration holds, in order.
    static let patterns: [JSONValue] = [
        pattern(
            "sitting", "Sitting",
            "One sitting of a learner with an object: opened, read or practised, and perhaps finished.",
            (
                "sequence",
                .init([
                    event("sitting-begun"), patternIRI("sitting-steps"), patternIRI("sitting-outcomes"),
                    patternIRI("sitting-end"),
                ])
            )),
        pattern("sitting-steps", nil, nil, ("zeroOrMore", .string(patternIRI("sitting-step")))),
        pattern("sitting-step", nil, nil, ("alternates", .init([event("read"), event("item-answered")]))),
        pattern("sitting-outcomes", nil, nil, ("zeroOrMore", .string(patternIRI("sitting-outcome")))),
        pattern(
            "sitting-outcome", nil, nil,
            ("alternates", .init([event("passed"), event("failed"), event("completed"), event("progressed")]))),
        pattern("sitting-end", nil, nil, ("optional", .string(event("terminated")))),
    ]

    private static func patternIRI(_ name: String) -> String { "urn:leeway:pattern:\(name)" }
    private static func event(_ name: String) -> String { "urn:leeway:template:\(name)" }

    private static func pattern(
        _ name: String, _ label: String?, _ definition: String?, _ rule: (String, JSONValue)
    ) -> JSONValue {
        var object = JSONObject([
            ("id", .string(patternIRI(name))), ("type", "Pattern"), ("inScheme", .string(version)),
        ])
        if let label, let definition {
            object["primary"] = true
            object["prefLabel"] = words(label)
            object["definition"] = words(definition)
        }
        object[rule.0] = rule.1
        return .object(object)
    }
}
