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
            PersonalTable("mandates asked for", "mandate", by: "asker", kept),
            PersonalTable("mandates drafted", "mandate", by: "created_by", kept),
            PersonalTable("mandates revised", "mandate_revision", by: "by_person", kept),
            PersonalTable("policies set", "leeway_policy", by: "by_person", kept),
        ]
    }()
}
