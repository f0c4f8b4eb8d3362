import Basis
import People
import Storage
import StorageTesting
import Testing

@testable import Intent

@Suite struct ReadingTests {
    @Test func `a strategy takes ten seconds, or as long as 600 words a minute`() {
        func record(_ words: Int) -> StrategyRecord {
            StrategyRecord(
                id: World.replay().id(), version: 1, state: .published, title: "T", summary: "one two",
                text: Array(repeating: "word", count: words).joined(separator: " "), owner: nil, audience: nil,
                priorities: [], from: nil, until: nil, createdAt: Moment(microseconds: 0),
                createdBy: World.replay().id(), publishedAt: nil, endedAt: nil)
        }
        #expect(record(10).readingTime == .seconds(10))
        #expect(record(98).words == 100 && record(98).readingTime == .seconds(10))
        #expect(record(598).readingTime == .seconds(60))
    }

    @Test func `texts are alike by their words, not by case, accents or order`() {
        #expect(TextSimilarity.dice("Protect data", "data PROTÉCT") == 1)
        #expect(TextSimilarity.dice("", "data") == 0)
        // night: " ni", "nig", "igh", "ght", "ht "; nacht: " na", "nac", "ach", "cht", "ht ": one of five each.
        #expect(abs(TextSimilarity.dice("night", "nacht") - 0.2) < 1e-12)
        let names = ["Check sources", "Ask well", "Protect data"]
        #expect(TextSimilarity.best("protecting our data", among: names)?.place == 2)
        #expect(TextSimilarity.best("bicycles", among: names) == nil)
    }

    @Test func `what is known is what remains after guessing`() {
        let four = [(isRight: true, options: 4), (true, 4), (true, 4), (false, 4)]
        #expect(StrategyCheck.known(four).map { abs($0 - 2.0 / 3) < 1e-12 } == true)
        #expect(StrategyCheck.known([(isRight: false, options: 2)]) == -1)
        #expect(StrategyCheck.known([]) == nil)
    }

    @Test func `a text is counted by sentences, and long ones are told`() {
        let short = Readability("We check. We say who answers!\n- Own it")
        #expect([short.words, short.sentences, short.longest] == [8, 3, 4] && short.hints.isEmpty)
        let long = Readability(Array(repeating: "word", count: 31).joined(separator: " ") + ".")
        #expect(long.hints.count == 2)
        #expect(Readability("").mean == nil)
    }
}

@Suite struct StrategyCheckTests {
    private static let questions = [
        StrategyCheck.Question(text: "Who answers?", options: ["The owner", "Nobody", "IT", "All"], correct: 0),
        StrategyCheck.Question(
            text: "May data leave?", options: ["Yes", "No"], correct: 1, feedback: "Only where it is cleared."),
    ]

    private func published(_ house: House) async throws -> StrategyRecord {
        let skill = house.world.id(Skill.self)
        let draft = StrategyDraft(
            title: "Judgement", summary: "We check.", text: "We check what it says.", owner: house.sponsor,
            audience: .unit(house.sales),
            priorities: ["Check sources", "Ask well", "Protect data", "Own it"].map {
                PriorityDraft(name: $0, skills: [skill], weight: 1)
            })
        let made = try await house.strategies.draft(draft, by: house.sponsor, of: house.tenant)
        #expect(made.summary == "We check.")
        return try await house.strategies.publish(made.id, by: house.sponsor, of: house.tenant)
    }

    /// As if the page had been shown to everybody a while ago.
    private func wait(_ house: House, seconds: Int) async throws {
        try await house.database.write { connection in
            try connection.run(
                "UPDATE strategy_delivery SET served_at = served_at - \(Duration.seconds(seconds).microseconds)")
        }
    }

    @Test(arguments: Engine.present) func `opened is to have it before one for long enough`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (books, tenant) = (house.strategies, house.tenant)
        let strategy = try await published(house)
        let (ada, ben, cleo, dan) = (house.sellers[0], house.sellers[1], house.sellers[2], house.sellers[3])
        func read(_ seconds: Int, by person: ID<Person>) async throws -> Bool {
            try await books.noteReading(strategy.id, version: 1, seconds: seconds, by: person, of: tenant)
        }
        #expect(try await read(60, by: ada) == false, "it was never shown to her")
        for person in [ada, ben, cleo] { try await books.view(strategy.id, by: person, of: tenant) }
        #expect(try await read(60, by: ada) == false, "no more than what passed since")
        try await wait(house, seconds: 30)
        #expect(try await read(9, by: ada) == false)
        #expect(try await read(10, by: ada))
        #expect(try await read(1, by: ada), "once is enough")
        // Without script the time until it is acknowledged counts; acknowledging unseen does not.
        try await books.acknowledge(strategy.id, version: 1, by: ben, of: tenant)
        try await books.acknowledge(strategy.id, version: 1, by: dan, of: tenant)
        // Shown again, the time runs again.
        try await books.view(strategy.id, by: cleo, of: tenant)
        try await books.acknowledge(strategy.id, version: 1, by: cleo, of: tenant)
        let reach = try #require(try await books.reach(of: strategy.id, in: tenant))
        #expect([reach.published, reach.viewed, reach.opened, reach.acknowledged] == [4, 4, 2, 3])
        #expect(try await house.statements(of: "/experienced") == 2)
        let notice = try #require(try await books.notices(for: ada, of: tenant).first)
        #expect(notice.openedAt != nil && notice.viewedAt != nil)
        #expect(try await read(60, by: house.clerks[0]) == false)
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `a check is answered once after opening, recall before questions`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (books, tenant, ada, ben) = (house.strategies, house.tenant, house.sellers[0], house.sellers[1])
        let strategy = try await published(house)
        try await books.setCheck(
            of: strategy.id, version: 1, asksRecall: true, questions: Self.questions, by: house.steward, in: tenant)
        #expect(try await books.check(of: strategy.id, version: 1, in: tenant)?.questions == Self.questions)
        func answer(_ picks: [Int?], by person: ID<Person>) async -> Problem? {
            await refusal { try await books.answer(strategy.id, version: 1, picks: picks, by: person, of: tenant) }
        }
        func recall(_ texts: [String], by person: ID<Person>) async -> Problem? {
            await refusal { try await books.recall(strategy.id, version: 1, texts: texts, by: person, of: tenant) }
        }
        #expect(await recall(["Ask well"], by: ada)?.code == "check-before-opening")
        for person in [ada, ben] { try await books.view(strategy.id, by: person, of: tenant) }
        try await wait(house, seconds: 20)
        for person in [ada, ben] {
            try await books.noteReading(strategy.id, version: 1, seconds: 20, by: person, of: tenant)
        }
        #expect(await answer([0, 1], by: ada)?.code == "recall-first")
        #expect(await recall(["1", "2", "3", "4", "5", "6"], by: ada)?.code == "recall-too-many")
        #expect(await recall(["checking the sources", "", "ask well", "be on time", "own it"], by: ada) == nil)
        #expect(await recall(["again"], by: ada)?.code == "check-answered")
        #expect(await answer([0], by: ada)?.code == "picks-invalid")
        #expect(await answer([0, 7], by: ada)?.code == "picks-invalid")
        #expect(await answer([1, nil], by: ada) == nil)
        #expect(await answer([0, 1], by: ada)?.code == "check-answered")
        #expect(await recall([], by: ben) == nil)
        #expect(await answer([0, 1], by: ben) == nil)
        #expect(await recall(["x"], by: house.clerks[0])?.code == "check-missing")
        let late = await refusal {
            try await books.setCheck(
                of: strategy.id, version: 1, asksRecall: false, questions: [], by: house.steward, in: tenant)
        }
        #expect(late?.code == "check-answered")

        let texts = try await books.recalls(of: strategy.id, version: 1, in: tenant)
        #expect(texts.map(\.text) == ["ask well", "be on time", "checking the sources", "own it"])
        let places = texts.map { text in strategy.priorities.firstIndex { $0.id == text.suggested } }
        #expect(places == [1, nil, 0, 3])
        var results = try await books.results(of: strategy.id, version: 1, in: tenant)
        #expect(results.first { $0.person == ada }?.pending == 4)
        #expect(results.first { $0.person == ada }?.isUnderstood == false)
        #expect(results.first { $0.person == ben }?.isUnderstood == true)
        for text in texts { try await books.match(text.id, to: text.suggested, by: house.steward, of: tenant) }
        results = try await books.results(of: strategy.id, version: 1, in: tenant)
        let own = try #require(results.first { $0.person == ada })
        #expect(own.named == 3 && own.pending == 0 && own.isUnderstood)
        #expect(own.answers.map(\.isRight) == [false, false])
        let codings = try await house.database.read {
            try books.codings(of: strategy.id, version: 1, in: tenant, on: $0)
        }
        #expect(codings.count == 1 && codings[0].map(\.matcher).sorted() == [0, 1, 2, 4])
        #expect(try await house.statements(of: "/answered") == 4)
        let alien = await refusal {
            try await books.match(texts[0].id, to: house.world.id(), by: house.steward, of: tenant)
        }
        #expect(alien?.code == "priority-missing")
        try await house.database.close()
    }

    @Test func `a check is refused with every place`() async throws {
        let house = try await House(on: .memory)
        let strategy = try await published(house)
        let problem = await refusal {
            try await house.strategies.setCheck(
                of: strategy.id, version: 1, asksRecall: false,
                questions: [
                    StrategyCheck.Question(text: " ", options: ["One"], correct: 0),
                    StrategyCheck.Question(text: "Fine?", options: ["Yes", "Yes"], correct: 2),
                ], by: house.steward, in: house.tenant)
        }
        #expect(
            problem?.pointers == [
                "/questions/0/text", "/questions/0/options", "/questions/1/options", "/questions/1/correct",
            ])
    }
}
