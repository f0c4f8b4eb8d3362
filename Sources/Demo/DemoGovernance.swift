import Basis
import Catalog
import Intent
import Paths
import People
import Storage

/// What else the demonstration's people govern and answer: certifications, a policy in prose, questions about AI uses,
/// and a check of whether the strategy is understood.
struct DemoGovernance {
    let organisation: DemoOrganisation
    let lessons: [DemoHistory.Lesson]
    let strategies: StrategyBook
    let planner: LeewayPlanner
    let certifications: CertificationBook
    let documents: PolicyDocumentBook
    let escalations: EscalationBook
    let register: AIRegister
    private var customerData: ID<Mandate>?
    private var firstAid: ID<Mandate>?
    private var policy: ID<PolicyDocument>?

    private var tenant: TenantID { organisation.tenant }
    private var sponsor: ID<Person> { organisation.sponsor.id }
    private var steward: ID<Person> { organisation.steward.id }

    init(
        organisation: DemoOrganisation, lessons: [DemoHistory.Lesson], strategies: StrategyBook, database: any Database,
        world: World
    ) {
        self.organisation = organisation
        self.lessons = lessons
        self.strategies = strategies
        planner = LeewayPlanner(database: database, world: world)
        certifications = CertificationBook(database: database, world: world)
        documents = PolicyDocumentBook(database: database, world: world)
        escalations = EscalationBook(database: database, world: world)
        register = AIRegister(database: database, world: world)
    }

    /// What happens in the morning of a day of the story.
    mutating func live(on number: Int, day: Day, strategy: StrategyRecord?) async throws {
        switch number {
        case 20: try await beginCertifications()
        case 24: policy = try await publishPolicy()
        case 30: try await accept(version: 1, share: 3)
        case 34: try await attest(on: day)
        case 90: try await check(strategy)
        case 92: try await read(strategy)
        case 96: try await answerCheck(strategy)
        case 120: try await changePolicy()
        case 124: try await accept(version: 2, share: 6)
        case 150: try await ask()
        case 165: try await decideForPeople(on: day)
        default: break
        }
        // As the server does every night; once a fortnight is enough to tell the story.
        if number > 20, number % 14 == 0 { try await CertificationNightRun(certifications).run(of: tenant) }
    }

    /// What the last night brings.
    func end() async throws { try await CertificationNightRun(certifications).run(of: tenant) }

    // MARK: Certifications

    private mutating func beginCertifications() async throws {
        let lesson = lessons.first { $0.content.key == "starter:what-not-to-paste" }
        let made = try await certifications.draft(
            CertificationDraft(
                asker: sponsor, title: "Handling customer data",
                why: "Whoever writes to customers knows what may leave our house.",
                basis: "Customer data policy, section 2",
                audience: .any([.unit(organisation.units[5]), .unit(organisation.units[7])]),
                content: lesson?.content.id, minutes: 15, renewalMinutes: 10,
                terms: CertificationTerms(
                    activePeriod: "P5M", windowDays: 45, firstDue: "assigned+P60D", graceDays: 7)),
            by: steward, of: tenant)
        customerData = try await planner.publish(certification: made.id, by: sponsor, of: tenant).id
        let aid = try await certifications.draft(
            CertificationDraft(
                asker: steward, title: "First aider", why: "Somebody on each site can help until a doctor comes.",
                basis: "Safety rules, section 4", audience: .role(.manager), minutes: 40,
                renewalMinutes: 20,
                terms: CertificationTerms(activePeriod: "P24M", windowDays: 90, firstDue: "assigned+P165D")),
            by: steward, of: tenant)
        firstAid = try await planner.publish(certification: aid.id, by: steward, of: tenant).id
    }

    private func attest(on day: Day) async throws {
        guard let firstAid else { return }
        for unit in [1, 3, 8] {
            try await certifications.attest(
                firstAid, of: organisation.head(of: unit).id, on: day + -2,
                reason: "Took part in the course of the fire brigade.", steward: steward, of: tenant)
        }
    }

    private func decideForPeople(on day: Day) async throws {
        guard let firstAid else { return }
        try await certifications.extend(
            organisation.head(of: 7).id, firstAid, until: day + 60, reason: "The next course has a place in spring.",
            by: steward, of: tenant)
        try await certifications.exempt(
            organisation.head(of: 2).id, from: firstAid, since: day, until: day + 120,
            reason: "On a project abroad until then.", by: steward, of: tenant)
    }

    // MARK: A policy in prose

    private func publishPolicy() async throws -> ID<PolicyDocument> {
        let body = """
            ## What may go in

            Your own notes, texts that are published anyway, and drafts without names.

            ## What may not

            Names of customers, anything from a contract, and whatever somebody told you in confidence.

            ## If it happened

            Tell the owner of the tool the same day. Nobody is blamed for saying so.
            """
        let made = try await documents.draft(
            DocumentDraft(
                title: "What may go into an AI tool", summary: "Three short rules for everybody who uses one.",
                body: body, owner: steward), by: steward, of: tenant)
        return try await documents.publish(made.id, by: steward, of: tenant).id
    }

    private func changePolicy() async throws {
        guard let policy, let record = try await documents.versions(of: policy, in: tenant).first else { return }
        var draft = DocumentDraft(record)
        draft.body = record.body.replacing(
            "Names of customers, anything", with: "Names of customers and colleagues, recordings of meetings, anything")
        draft.isMaterial = true
        _ = try await documents.revise(policy, to: draft, by: steward, of: tenant)
        _ = try await documents.publish(
            policy, reason: "People were recorded without being asked.", by: steward, of: tenant)
    }

    /// One learner of so many accepts, but not the one whom one may sign in as.
    private func accept(version: Int, share: Int) async throws {
        guard let policy else { return }
        for (place, member) in organisation.learners.enumerated()
        where place % share == 0 && member.id != organisation.learner.id {
            _ = try await documents.accept(policy, version: version, at: "", by: member.id, of: tenant)
        }
    }

    // MARK: The strategy's check

    private func check(_ strategy: StrategyRecord?) async throws {
        guard let strategy else { return }
        let options = ["Whoever sends it", "The maker of the tool", "Nobody: the machine wrote it"]
        try await strategies.setCheck(
            of: strategy.id, version: strategy.version, asksRecall: true,
            questions: [
                StrategyCheck.Question(
                    text: "An AI drafted a letter to a customer, and it is wrong. Who answers for it?",
                    options: options, correct: 0, feedback: "We stay answerable for what leaves our hands."),
                StrategyCheck.Question(
                    text: "May a customer's name go into a tool that nobody has cleared?",
                    options: ["Yes, if the answer is deleted", "No", "Only in the free version"], correct: 1,
                    feedback: "Nothing about a customer goes into a tool that we have not cleared."),
            ], by: sponsor, in: tenant)
        for member in asked { try await strategies.view(strategy.id, by: member.id, of: tenant) }
    }

    private func read(_ strategy: StrategyRecord?) async throws {
        guard let strategy else { return }
        for member in asked {
            try await strategies.noteReading(
                strategy.id, version: strategy.version, seconds: 600, by: member.id, of: tenant)
        }
    }

    /// One learner of nine, without the one whom one may sign in as.
    private var asked: [DemoOrganisation.Member] {
        organisation.learners.enumerated().filter {
            $0.offset % 9 == 0 && $0.element.id != organisation.learner.id
        }.map(\.element)
    }

    private func answerCheck(_ strategy: StrategyRecord?) async throws {
        guard let strategy else { return }
        let words = ["check what the machine says", "protect data", "ask well", "own what you use"]
        for (place, member) in asked.enumerated() {
            try await strategies.recall(
                strategy.id, version: strategy.version, texts: Array(words.prefix(1 + place % 4)), by: member.id,
                of: tenant)
            try await strategies.answer(
                strategy.id, version: strategy.version, picks: [place % 4 == 3 ? 1 : 0, place % 5 == 4 ? nil : 1],
                by: member.id, of: tenant)
        }
    }

    // MARK: Questions about AI uses

    /// One that was answered, one that waits for its owner, one about a use that nobody owns.
    private func ask() async throws {
        let uses = try await register.list(of: tenant)
        func use(_ name: String) -> ID<AIUse>? { uses.first { $0.name == name }?.id }
        if let writing = use("Writing assistant") {
            let asked = try await escalations.raise(
                "May I let it summarise what an applicant wrote?", about: writing, by: organisation.learner.id,
                of: tenant)
            _ = try await escalations.answer(
                asked.id, "No: applications are personal data, and the tool is cleared for internal texts only.",
                by: organisation.head(of: 10).id, isSteward: false, of: tenant)
        }
        if let drafts = use("Customer answer drafts") {
            _ = try await escalations.raise(
                "It promised a refund that we do not give. Who tells the customers?", about: drafts,
                by: organisation.head(of: 5).id, of: tenant)
        }
        if let pictures = use("Image maker for campaigns") {
            _ = try await escalations.raise(
                "Whose are the rights in these pictures?", about: pictures, by: organisation.head(of: 4).id, of: tenant)
        }
    }
}
