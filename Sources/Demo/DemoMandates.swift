import Basis
import Catalog
import Intent
import Paths
import People
import Storage

/// What the demonstration's leaders ask, and when.
struct DemoMandates {
    let organisation: DemoOrganisation
    let lessons: [DemoHistory.Lesson]
    let planner: LeewayPlanner

    init(organisation: DemoOrganisation, lessons: [DemoHistory.Lesson], database: any Database, world: World) {
        self.organisation = organisation
        self.lessons = lessons
        planner = LeewayPlanner(database: database, world: world)
    }

    private struct Ask {
        let day: Int
        let lesson: String
        let why: String
        let priority: Int
        let minutes: Int
        /// The unit asked; nil for everyone.
        let unit: Int?
        /// Days until the deadline.
        let within: Int
    }

    private static let asks = [
        Ask(
            day: 14, lesson: "starter:what-not-to-paste", why: "Customer data was pasted into a public tool in spring.",
            priority: 1, minutes: 20, unit: nil, within: 60),
        Ask(
            day: 70, lesson: "starter:checking-an-answer-in-five-minutes",
            why: "Answers to customers leave our house under our name.", priority: 0, minutes: 30, unit: 7, within: 45),
        Ask(
            day: 140, lesson: "starter:the-eu-ai-act-in-plain-words",
            why: "Article 4 of the EU AI Act asks for AI literacy of those who use it.", priority: 1, minutes: 25,
            unit: nil, within: 70),
        Ask(
            day: 160, lesson: "starter:what-an-agent-may-do", why: "Agents reach our systems from next quarter on.",
            priority: 3, minutes: 40, unit: 8, within: 14),
        Ask(
            day: 172, lesson: "starter:a-request-with-four-parts", why: "Half of all requests are asked twice.",
            priority: 2, minutes: 20, unit: 4, within: 14),
    ]

    /// Publishes what is asked from this day on.
    func publish(on number: Int, today: Day, strategy: StrategyRecord, mandates: MandateBook) async throws {
        for ask in DemoMandates.asks where ask.day == number {
            guard let lesson = lessons.first(where: { $0.content.key == ask.lesson }) else { continue }
            let day = today + (number - Demonstration.days)
            let draft = MandateDraft(
                asker: organisation.sponsor.id, content: lesson.content.id, title: lesson.content.title,
                priority: strategy.priorities[ask.priority].id, why: ask.why, minutes: ask.minutes,
                audience: ask.unit.map { .unit(organisation.units[$0]) } ?? .everyone, deadline: day + ask.within)
            let record = try await mandates.draft(draft, by: organisation.steward.id, of: organisation.tenant)
            _ = try await planner.publish(record.id, by: organisation.sponsor.id, of: organisation.tenant)
        }
    }
}

/// Who opens and who acknowledges the strategy, and after how many days.
struct DemoReaders {
    private var opening: [Int: [ID<Person>]] = [:]
    /// For how many seconds the strategy was before whom.
    private var reading: [Int: [(person: ID<Person>, seconds: Int)]] = [:]
    private var acknowledging: [Int: [ID<Person>]] = [:]

    init(people: [ID<Person>], _ dice: inout Dice) {
        for person in people where dice.happens(0.78) {
            let opened = 10 + Int.random(in: 0..<40, using: &dice)
            opening[opened, default: []].append(person)
            reading[opened + 1, default: []].append((person, Int.random(in: 5...180, using: &dice)))
            if dice.happens(0.74) {
                acknowledging[opened + Int.random(in: 0..<15, using: &dice), default: []].append(person)
            }
        }
    }

    mutating func read(
        _ strategy: StrategyRecord, on number: Int, strategies: StrategyBook, tenant: TenantID
    ) async throws {
        for person in opening[number] ?? [] { try await strategies.view(strategy.id, by: person, of: tenant) }
        for (person, seconds) in reading[number] ?? [] {
            try await strategies.noteReading(
                strategy.id, version: strategy.version, seconds: seconds, by: person, of: tenant)
        }
        for person in acknowledging[number] ?? [] {
            try await strategies.acknowledge(strategy.id, version: strategy.version, by: person, of: tenant)
        }
    }
}
