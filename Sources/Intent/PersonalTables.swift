public import Evidence

extension IntentSchema {
    /// What strategy, register, mandates and policy keep of people.
    public static let personal: [PersonalTable] = {
        let kept = PersonalTable.Fate.kept(ground: PersonalTable.accountability)
        return [
            PersonalTable("mandates assigned", "assignment"),
            PersonalTable("time spent on mandates", "mandate_spending", order: "1, 2, 3, 4"),
            PersonalTable("strategies delivered", "strategy_delivery"),
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
            PersonalTable("policies set", "leeway_policy", by: "by_person", kept),
        ]
    }()
}
