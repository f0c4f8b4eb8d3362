import Basis
import Foundation
import Storage
import StorageTesting
import Testing

@testable import Evidence
@testable import Intent
@testable import Notices
@testable import People

/// Who is told of what.
@Suite struct FollowerTests {
    @Test(arguments: Engine.present) func `a strategy comes in the next digest, once, and is noted as delivered`(
        engine: Engine
    ) async throws {
        let house = try await House(engine)
        _ = try await house.round()
        let strategy = try await house.publishStrategy()
        let first = try await house.round()
        #expect(first.map(\.to).sorted() == ["ada@pier.example", "ben@pier.example", "cid@pier.example"])
        let letter = try #require(first.first { $0.to == "ada@pier.example" })
        #expect(letter.subject == "New strategy: Safe use")
        #expect(letter.text.hasPrefix("Hello Ada,\n\nThe strategy “Safe use” is in force"))
        #expect(letter.text.contains("\nhttps://learn.pier.example/strategy/\(strategy.id)\n"))
        #expect(letter.text.contains("https://learn.pier.example/me/letters"))
        let mailed: Int = try await house.database.read {
            try $0.value("SELECT COUNT(mailed_at) AS count FROM strategy_delivery")
        }
        #expect(mailed == 3)
        for _ in 0..<3 {
            #expect(try await house.round().isEmpty)
            house.clock.nextDay()
        }
    }

    @Test(arguments: Engine.present) func `a leader who is asked to weigh a draft is told at once, unless they have`(
        engine: Engine
    ) async throws {
        let house = try await House(engine)
        _ = try await house.round()
        let draft = try await house.strategies.draft(
            StrategyDraft(
                title: "Safe use", owner: house.owner, audience: .role(.learner),
                priorities: ["Check", "Ask"].map { PriorityDraft(name: $0, skills: [house.world.id()], weight: 1) }),
            by: house.owner, of: house.tenant)
        _ = try await house.strategies.askLeaders(
            [house.owner, house.manager, house.staff[0]], toWeigh: draft.id, by: house.owner, of: house.tenant)
        try await house.strategies.allot(
            [draft.priorities[0].id: 100], to: draft.id, version: 1, by: house.staff[0], of: house.tenant)
        // Not who asks, and not who has answered.
        let letters = try await house.round()
        #expect(letters.map(\.to) == ["boss@pier.example"])
        #expect(letters.first?.text.contains("Owner asks you to weigh the priorities of “Safe use”") == true)
        #expect(letters.first?.text.contains("/strategy/\(draft.id)/points") == true)
        #expect(try await house.round().isEmpty)
    }

    @Test(arguments: Engine.present) func `whoever has not acknowledged is reminded once, after a week`(
        engine: Engine
    ) async throws {
        let house = try await House(engine)
        let strategy = try await house.publishStrategy()
        _ = try await house.round()
        try await house.strategies.acknowledge(strategy.id, version: 1, by: house.staff[0], of: house.tenant)
        var reminded: [(day: Int, letter: Mailbag.Sent)] = []
        for day in 1...20 {
            house.clock.nextDay()
            reminded += try await house.round().map { (day, $0) }
        }
        #expect(reminded.map(\.letter.to).sorted() == ["ben@pier.example", "cid@pier.example"])
        #expect(reminded.allSatisfy { $0.day == 8 && $0.letter.subject == "To acknowledge: Safe use" })
    }

    @Test(arguments: Engine.present) func `a mandate is told, due soon, overdue, to the manager, to who asks`(
        engine: Engine
    ) async throws {
        let house = try await House(engine)
        let mandate = try await house.mandate(due: 20)
        var told: [String] = []
        for day in 0...40 {
            for letter in try await house.round().sorted(by: { $0.to < $1.to }) {
                let name = letter.to.prefix { $0 != "@" }
                told.append("\(day) \(name): \(letter.subject)")
                #expect(day < 34 || name != "ada")
            }
            if day == 8 { try await house.complete(mandate, by: house.staff[2]) }
            house.clock.nextDay()
        }
        let title = "Checking answers"
        #expect(
            told == [
                "0 ada: Asked of you: \(title)", "0 ben: Asked of you: \(title)", "0 cid: Asked of you: \(title)",
                "6 ada: Due in 14 days: \(title)", "6 ben: Due in 14 days: \(title)", "6 cid: Due in 14 days: \(title)",
                "17 ada: Due in 3 days: \(title)", "17 ben: Due in 3 days: \(title)",
                "21 ada: Overdue: \(title)", "21 ben: Overdue: \(title)",
                "27 boss: Overdue in your team: \(title)", "34 owner: Overdue: \(title)",
            ])
    }

    @Test(arguments: Engine.present) func `being asked to own goes at once, and the answer to who asked`(
        engine: Engine
    ) async throws {
        let house = try await House(engine)
        _ = try await house.round()
        // Before the hour of digests.
        house.clock.nextDay(hour: 1)
        let use = try await house.register.register(
            AIUseDraft(name: "Tutor", purpose: "Explains.", kind: .tool, status: .idea), by: house.owner,
            of: house.tenant)
        let asked = try await house.register.propose(
            house.staff[0], for: use.id, by: house.owner, of: house.tenant)
        let letters = try await house.round()
        #expect(letters.map(\.subject) == ["Asked of you: Tutor"])
        #expect(letters.first?.text.contains("Owner asks you to answer for the AI use “Tutor”.") == true)
        _ = try await house.register.accept(asked.id, by: house.staff[0], of: house.tenant)
        #expect(try await house.round().isEmpty, "the answer waits for the digest")
        house.clock.forward(.hours(6))
        let answered = try await house.round()
        #expect(answered.map(\.to) == ["owner@pier.example"] && answered.first?.subject == "Accepted: Tutor")
        let questions = EscalationBook(database: house.database, world: house.world)
        let question = try await questions.raise(
            "May I?", about: use.id, by: house.staff[1], of: house.tenant)
        #expect(try await house.round().map(\.to) == ["ada@pier.example"])
        _ = try await questions.handOver(
            question.id, to: house.staff[2], reason: "Knows it.", by: house.staff[0], isSteward: false,
            of: house.tenant)
        #expect(try await house.round().map(\.to) == ["cid@pier.example"])
        _ = try await questions.answer(question.id, "Yes.", by: house.staff[2], isSteward: false, of: house.tenant)
        house.clock.nextDay()
        #expect(try await house.round().map(\.subject) == ["Answered: Tutor"])
    }

    @Test(arguments: Engine.present) func `a policy to accept is told to who has not`(engine: Engine) async throws {
        let house = try await House(engine)
        let documents = PolicyDocumentBook(database: house.database, world: house.world)
        var draft = DocumentDraft(
            title: "Use of AI", summary: "Short", body: "Long", audience: .role(.learner), owner: house.owner)
        draft.isMaterial = true
        let record = try await documents.draft(draft, by: house.owner, of: house.tenant)
        _ = try await documents.publish(record.id, by: house.owner, of: house.tenant)
        _ = try await documents.accept(
            record.id, version: 1, at: "page", by: house.staff[0], of: house.tenant)
        let letters = try await house.round()
        #expect(letters.map(\.to).sorted() == ["ben@pier.example", "cid@pier.example"])
        #expect(letters.allSatisfy { $0.subject == "Policy to accept: Use of AI" })
    }

    @Test(arguments: Engine.present) func `notices about certifications come as they are written`(
        engine: Engine
    ) async throws {
        let house = try await House(engine)
        _ = try await house.round()
        house.clock.nextDay()
        try await house.certificationNotices()
        let letters = try await house.round().sorted { $0.to < $1.to }
        #expect(
            letters.map { "\($0.to.prefix { $0 != "@" }): \($0.subject)" } == [
                "ada: To be certified: Careful use", "boss: Certification overdue: Careful use",
            ])
        #expect(letters.last?.text.contains("Ada has not earned the certification") == true)
        #expect(try await house.round().isEmpty)
    }

    @Test func `what came together comes in one letter, and one a day`() async throws {
        let house = try await House()
        _ = try await house.publishStrategy()
        try await house.mandate(due: 30)
        try await house.mandate("Second", due: 30)
        let first = try await house.round()
        #expect(first.count == 3 && first.allSatisfy { $0.subject == "3 things for you in Leeway" })
        #expect(first.first?.text.components(separatedBy: "https://learn.pier.example/mandates/").count == 3)
        try await house.mandate("Third", due: 30)
        #expect(try await house.round().isEmpty)
        house.clock.nextDay(hour: 5)
        #expect(try await house.round().isEmpty, "before the hour of digests")
        house.clock.forward(.hours(2))
        #expect(try await house.round().map(\.subject) == Array(repeating: "Asked of you: Third", count: 3))
    }

    @Test func `what is done, ended or switched off meanwhile is not told`() async throws {
        let house = try await House()
        _ = try await house.round()
        house.clock.nextDay(hour: 1)
        let strategy = try await house.publishStrategy()
        let mandate = try await house.mandate(due: 30)
        _ = try await house.round()
        try await house.complete(mandate, by: house.staff[0])
        try await house.postman.choices.choose([.strategies: .never], for: house.staff[0], in: house.tenant)
        try await house.strategies.acknowledge(strategy.id, version: 1, by: house.staff[1], of: house.tenant)
        house.clock.forward(.hours(6))
        let letters = try await house.round()
        #expect(letters.map(\.to).sorted() == ["ben@pier.example", "cid@pier.example"])
        #expect(letters.first { $0.to.hasPrefix("ben") }?.subject == "Asked of you: Checking answers")
        #expect(letters.first { $0.to.hasPrefix("cid") }?.subject == "2 things for you in Leeway")
        #expect(try await house.letters(.dropped).map(\.person) == [house.staff[0]])
    }

    @Test func `a choice holds, and mandatory letters can’t be switched off`() async throws {
        let house = try await House()
        let (choices, ada, tenant) = (house.postman.choices, house.staff[0], house.tenant)
        for topic in NoticeTopic.allCases where topic.isMandatory {
            let problem = await refusal { try await choices.choose([topic: .never], for: ada, in: tenant) }
            #expect(problem?.code == "letters-mandatory" && problem?.pointers == ["/\(topic.rawValue)"])
        }
        try await choices.choose([.mandates: .atOnce, .news: .never], for: ada, in: tenant)
        let paces = try await choices.paces(of: ada, in: tenant)
        #expect(paces[.mandates] == .atOnce && paces[.news] == .never && paces[.strategies] == .daily)
        _ = try await house.round()
        house.clock.nextDay(hour: 1)
        try await house.mandate(due: 30)
        #expect(try await house.round().map(\.to) == ["ada@pier.example"])
        try await choices.choose([.mandates: .daily], for: ada, in: tenant)
        #expect(try await choices.paces(of: ada, in: tenant)[.mandates] == .daily)
    }

    @Test(arguments: Engine.present) func `nothing is noted while letters are off, and nothing old is told later`(
        engine: Engine
    ) async throws {
        let house = try await House(engine, isOn: false)
        _ = try await house.publishStrategy()
        try await house.mandate(due: 3)
        #expect(try await house.round().isEmpty)
        #expect(try await house.postman.outbox.counts(of: house.tenant).gathering == 0)
        try await house.postman.book.set(House.draft, by: nil, of: house.tenant)
        for _ in 0..<3 {
            #expect(try await house.round().isEmpty)
            house.clock.nextDay()
        }
    }

    @Test func `who has no mailbox or left gets none`() async throws {
        let house = try await House()
        let ada = try #require(try await house.directory.person(house.staff[0], of: house.tenant))
        var draft = PersonDraft(ada)
        draft.email = nil
        try await house.directory.save(draft, of: house.tenant)
        _ = try await house.round()
        house.clock.nextDay(hour: 1)
        _ = try await house.publishStrategy()
        _ = try await house.round()
        let ben = try #require(try await house.directory.person(house.staff[1], of: house.tenant))
        var other = PersonDraft(ben)
        other.isActive = false
        try await house.directory.save(other, of: house.tenant)
        house.clock.forward(.hours(6))
        #expect(try await house.round().map(\.to) == ["cid@pier.example"])
        #expect(try await house.letters(.dropped).map(\.answer) == ["Not sent: no mailbox, or no longer active."])
    }
}

extension House {
    /// As a night of certifications leaves them.
    fileprivate func certificationNotices() async throws {
        let (certification, now) = (world.id(Mandate.self), world.now())
        let notices = [(staff[0], "asked"), (manager, "escalated")].map { recipient, kind in
            (id: world.id(CertificationNotice.self), recipient: recipient, kind: kind)
        }
        try await database.write { [tenant, owner, staff] connection in
            try connection.run(
                """
                INSERT INTO certification (tenant, id, state, revision, asker, title, why, basis, audience, minutes,
                    renewal_minutes, equivalents, rule, created_at, created_by, evidence_seq)
                VALUES (\(tenant), \(certification), 'published', 1, \(owner), 'Careful use', '', 'law', '{}', 30, 30,
                    '', '{}', \(now), \(owner), 0)
                """)
            for one in notices {
                try connection.run(
                    """
                    INSERT INTO certification_notice (tenant, id, certification, person, recipient, kind, cycle, day,
                        due_on, written_at)
                    VALUES (\(tenant), \(one.id), \(certification), \(staff[0]), \(one.recipient), \(one.kind), 1,
                        \(now.day), \(now.day + 30), \(now))
                    """)
            }
        }
    }
}
