public import Evidence
import JSON
import Storage

extension IntentSchema {
    /// What strategy, register, mandates and policy keep of people.
    public static let personal: [PersonalTable] = {
        let kept = PersonalTable.Fate.kept(ground: PersonalTable.accountability)
        return [
            PersonalTable("mandates assigned", "assignment"),
            PersonalTable("time spent on mandates", "mandate_spending", order: "1, 2, 3, 4"),
            PersonalTable("strategies delivered", "strategy_delivery"),
            PersonalTable("strategy checks answered", "strategy_answer"),
            PersonalTable("priorities recalled", "strategy_recall"),
            PersonalTable("priorities of others matched", "strategy_recall", by: "settled_by", kept),
            PersonalTable("strategy checks written", "strategy_check", by: "by_person", kept),
            PersonalTable("strategies weighed", "strategy_leader", kept),
            PersonalTable("leaders asked to weigh", "strategy_leader", by: "invited_by", kept),
            PersonalTable("points given to priorities", "strategy_points", kept),
            PersonalTable("rules of governance set", "governance_policy", by: "by_person", kept),
            // Whoever is named, or was accountable, learns nothing of who answered.
            PersonalTable("answers to who decides", "owner_question", secrets: ["named_person", "owner"]),
            PersonalTable(
                "named by others as deciding", "owner_question", by: "named_person", .cleared, reading: naming),
            PersonalTable(
                "accountable when others were asked", "owner_question", by: "owner", .cleared, reading: naming),
            PersonalTable("questions raised about AI uses", "escalation", by: "by_person", kept),
            PersonalTable("questions handed over", "escalation", by: "holder", kept),
            PersonalTable("questions answered", "escalation", by: "decided_by", kept),
            PersonalTable("decisions", "intent_change", kept),
            PersonalTable("strategies owned", "strategy", by: "owner", kept),
            PersonalTable("strategies drafted", "strategy", by: "created_by", kept),
            PersonalTable("AI uses registered", "ai_use", by: "created_by", kept),
            PersonalTable("responsibilities", "responsibility", kept),
            PersonalTable("responsibilities proposed", "responsibility", by: "proposed_by", kept),
            PersonalTable("AI uses classified", "ai_use_classification", by: "assessor", kept),
            PersonalTable("responsibilities delegated", "delegation", kept),
            PersonalTable("standing in for others", "delegation", by: "delegate", kept),
            PersonalTable("experiments begun", "experiment", by: "by_person", kept),
            PersonalTable("experiments settled", "experiment", by: "settled_by", kept),
            PersonalTable("experiments followed", "experiment_follower"),
            PersonalTable("remarks on experiments", "experiment_comment"),
            PersonalTable("policies accepted", "policy_acceptance", order: "1, 2, 3, 4"),
            PersonalTable("policies owned", "policy_document", by: "owner", kept),
            PersonalTable("policies written", "policy_document", by: "created_by", kept),
            PersonalTable("sandbox policies set", "sandbox_policy", by: "by_person", kept),
            PersonalTable("mandates asked for", "mandate", by: "asker", kept),
            PersonalTable("mandates drafted", "mandate", by: "created_by", kept),
            PersonalTable("mandates revised", "mandate_revision", by: "by_person", kept),
            PersonalTable("certifications", "certification_assignment", secrets: ["state"]),
            PersonalTable("certifications: what became known", "certification_event", order: "1, 2, 3, 4"),
            PersonalTable(
                "certifications decided", "certification_event", by: "by_person", kept, order: "1, 2, 3, 4"),
            PersonalTable("certifications: history", "certification_line", order: "1, 2, 3, 4"),
            PersonalTable("certifications: leave", "certification_leave"),
            PersonalTable("notices about certifications", "certification_notice"),
            PersonalTable("notices received", "certification_notice", by: "recipient"),
            PersonalTable("calendar feed", "calendar_feed", secrets: ["secret_hash"]),
            PersonalTable("certifications asked for", "certification", by: "asker", kept),
            PersonalTable("certifications drafted", "certification", by: "created_by", kept),
            PersonalTable("certifications revised", "certification_revision", by: "by_person", kept),
            PersonalTable("certifications published over budget", "certification_override", by: "by_person", kept),
            PersonalTable("policies set", "leeway_policy", by: "by_person", kept),
            PersonalTable(
                "access rules published", "access_rules", by: "by_person", kept, secrets: ["rules", "tests"]),
            PersonalTable(
                "access rules drafted", "access_rules_draft", by: "by_person", kept, secrets: ["rules", "tests"]),
            PersonalTable("access decisions", "policy_decision", secrets: ["digest"]),
            PersonalTable("access decisions about the person", "policy_decision", by: "about", secrets: ["digest"]),
        ]
    }()

    /// The use that it was about, and no more: not who answered, nor when.
    private static let naming: PersonalTable.Reading = { row, _, _ in
        JSONObject([("ai_use", .string(try row.get("ai_use")))])
    }
}
