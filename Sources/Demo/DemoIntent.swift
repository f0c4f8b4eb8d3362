import Basis
import Intent
import People

/// What the demonstration's leaders state: the leeway policy, the strategy and the register of AI uses.
struct DemoIntent {
    let organisation: DemoOrganisation
    let skills: [String: ID<Skill>]
    let strategies: StrategyBook
    let register: AIRegister
    let experiments: ExperimentBook
    let policies: LeewayPolicyBook

    private var tenant: TenantID { organisation.tenant }

    func skill(_ keys: String...) -> [ID<Skill>] { keys.compactMap { skills[$0] } }

    func setPolicy() async throws {
        let rules = [
            LeewayPolicy.Rule(
                name: "Part-time", audience: .attribute("contract", "part-time"),
                terms: LeewayTerms(minutes: 150, shareBasisPoints: 4_000)),
            LeewayPolicy.Rule(
                name: "Technology", audience: .unit(organisation.units[8]),
                terms: LeewayTerms(minutes: 360, shareBasisPoints: 5_000)),
        ]
        _ = try await policies.set(
            rules, fallback: LeewayTerms(minutes: 240, shareBasisPoints: 4_000),
            note: "Agreed with the works council.", by: organisation.sponsor.id, of: tenant)
    }

    /// Publishes the strategy and returns it.
    func publishStrategy(until: Day) async throws -> StrategyRecord {
        let draft = StrategyDraft(
            title: "Working well with AI",
            text: """
                We use AI where it helps customers and colleagues, and we stay answerable for what leaves our hands.

                - **Check before you send.** Whoever sends an answer has checked it.
                - **Protect data.** Nothing about a customer goes into a tool that we have not cleared.
                - **Own what you use.** Every AI use has one person who answers for it.
                - **Learn in the open.** At least two fifths of everybody's learning time is their own choice.
                """,
            owner: organisation.sponsor.id, audience: .everyone,
            priorities: [
                PriorityDraft(
                    name: "Check before you send", text: "Find the errors that fluent text hides.",
                    skills: skill("checking-output", "data-analysis-with-ai"), weight: 35,
                    target: PriorityTarget(share: 70, by: until)),
                PriorityDraft(
                    name: "Protect data", text: "Know what may go where, and under which rule.",
                    skills: skill("data-protection", "ai-act-and-policy"), weight: 30,
                    target: PriorityTarget(share: 80, level: 80, by: until)),
                PriorityDraft(
                    name: "Ask well", text: "Say what you need so that the answer can be used.",
                    skills: skill("prompting", "working-with-documents"), weight: 20),
                PriorityDraft(
                    name: "Own what you use", text: "Answer for an AI use, and know whom to ask.",
                    skills: skill("leading-ai-use", "automation-and-agents"), weight: 15),
            ], until: until)
        let record = try await strategies.draft(draft, by: organisation.sponsor.id, of: tenant)
        return try await strategies.publish(record.id, by: organisation.sponsor.id, of: tenant)
    }

    /// Registers the AI uses: four with an owner, one whose review is overdue, one proposed, one that nobody owns.
    func registerUses(reviewOn: Day, overdueOn: Day) async throws {
        for (place, use) in DemoIntent.uses.enumerated() {
            let draft = AIUseDraft(
                name: use.name, purpose: use.purpose, kind: use.kind, provider: use.provider, model: use.model,
                hosting: use.hosting, data: use.data, audience: audience(use.unit), cost: use.cost,
                status: use.status, risk: use.risk, reviewOn: use.isOverdue ? overdueOn : reviewOn,
                optOut: use.optOut, effect: use.effect, governs: use.governs)
            let record = try await register.register(draft, by: organisation.steward.id, of: tenant)
            if let intake = use.intake {
                _ = try await register.classify(
                    record.id, Classification.Answers(yes: intake.yes), note: intake.note,
                    by: organisation.steward.id, of: tenant)
            }
            guard let owner = use.owner else { continue }
            let asked = try await register.propose(
                organisation.head(of: owner).id, for: record.id, by: organisation.steward.id, of: tenant)
            if place != 5 {
                _ = try await register.accept(asked.id, by: organisation.head(of: owner).id, of: tenant)
            }
        }
    }

    /// Two learners' experiments: one that runs and is followed, one that is finished.
    func beginExperiments() async throws {
        let (first, second) = (organisation.head(of: 7).id, organisation.head(of: 3).id)
        let running = try await experiments.begin(
            ExperimentDraft(
                title: "Questions before meetings", tool: "Writing assistant",
                idea: "I let it list what a customer may ask, and prepare the answers myself.", data: [.internal]),
            by: first, of: tenant)
        try await experiments.follow(running.id, true, by: second, of: tenant)
        try await experiments.comment(
            "We try the same for supplier talks. The third list was better than the first.", on: running.id, by: second,
            of: tenant)
        let done = try await experiments.begin(
            ExperimentDraft(
                title: "Shorter stand-up minutes", tool: "Meeting notes",
                idea: "Five lines instead of two pages, without names.", data: [.internal]), by: second, of: tenant)
        _ = try await experiments.finish(
            done.id, learned: "It saves ten minutes a day. It invents deadlines when nobody named one: read it over.",
            by: second, of: tenant)
    }

    private func audience(_ unit: Int?) -> AudienceRule { unit.map { .unit(organisation.units[$0]) } ?? .everyone }
}

extension DemoIntent {
    struct Use {
        let name, purpose: String
        let kind: AIUseRecord.Kind
        let provider, model, hosting: String
        let data: Set<AIUseRecord.DataClass>
        /// The unit whose people it reaches; nil for everyone.
        let unit: Int?
        let cost: String
        let status: AIUseRecord.Status
        let risk, optOut: String
        /// The unit whose head answers for it.
        let owner: Int?
        var isOverdue = false
        var effect = ""
        var governs: AIUseRecord.Feature?
        /// What the steward answered when it was classified; nil when nobody did yet.
        var intake: (yes: Set<Classification.Question>, note: String)?
    }
}
