import Assess
import Basis
import Catalog
import Evidence
import Intent
import Mastery
import People
import Skills
import Storage
import StorageTesting
import Synchronization
import Testing

@testable import Paths

/// A learner, a steward, an object with eight questions about its skill, and one with two.
private struct School: Sendable {
    let database: any Database
    let clock: Clock
    let world: World
    let tenant: TenantID
    let learner: ID<Person>
    let steward: ID<Person>
    let tests: TestOutBook
    let items: ItemBank

    var mandates: MandateBook { MandateBook(database: database, world: world) }
    var planner: LeewayPlanner { LeewayPlanner(database: database, world: world) }
    var today: Day { world.now().day }

    final class Clock: Sendable {
        private let moment = Mutex(Moment(microseconds: 1_780_000_000_000_000))
        private let dice = Mutex(Dice(seed: 5))
        func seed() -> UInt64 { dice.withLock { $0.next() } }
        func turn(_ span: Duration) { moment.withLock { $0 = $0 + span } }
        func now() -> Moment {
            moment.withLock {
                $0 = $0 + .milliseconds(1)
                return $0
            }
        }
    }

    init(on engine: Engine) async throws {
        database = try await engine.database(
            PeopleSchema.migrations + EvidenceSchema.migrations + SkillsSchema.migrations + CatalogSchema.migrations
                + AssessSchema.migrations + MasterySchema.migrations + IntentSchema.migrations
                + PathsSchema.migrations)
        let clock = Clock()
        self.clock = clock
        world = World(now: { clock.now() }, seed: { clock.seed() })
        let directory = Directory(database: database, world: world)
        tenant = try await directory.createTenant(name: "Lock", home: "https://lock.example")
        learner = try await directory.save(PersonDraft(key: "lea", name: "Lea"), of: tenant).id
        steward = try await directory.save(
            PersonDraft(key: "stu", name: "Stu", roles: [.steward]), of: tenant
        ).id
        let library = Library(database: database, world: world)
        let skills = SkillRegister(database: database, world: world)
        items = ItemBank(database: database, world: world)
        let rows = [
            #"{"id":"whole","kind":"course","title":"Whole","language":"en","children":["part"],"source":"own"}"#,
            #"{"id":"part","kind":"article","title":"Part","language":"en","skills":["checking"],"parent":"whole","#
                + #""source":"own"}"#,
            #"{"id":"thin","kind":"article","title":"Thin","language":"en","skills":["rare"],"source":"own"}"#,
        ].joined(separator: "\n")
        _ = try await library.importCatalogue(Array(rows.utf8), tenant: tenant, skills: skills.resolver(of: tenant))
        let questions = (0..<10).map { number in
            let (object, skill) = number < 3 ? ("part", "checking") : number < 8 ? ("", "checking") : ("thin", "rare")
            let about = object.isEmpty ? "" : #""learning_object":"\#(object)","#
            return #"{"id":"q\#(number)",\#(about)"language":"en","stem":"Number \#(number)?","#
                + #""choices":["yes","no","maybe","never"],"correct":[\#(number % 4)],"skills":["\#(skill)"]}"#
        }.joined(separator: "\n")
        _ = try await items.importItems(
            Array(questions.utf8), tenant: tenant, contents: library.resolver(of: tenant),
            skills: skills.resolver(of: tenant))
        tests = TestOutBook(
            database: database, world: world, log: StatementLog(database: database, world: world),
            mastery: MasteryBook(database: database, world: world))
        _ = try await LeewayPolicyBook(database: database, world: world).set(
            [], fallback: LeewayTerms(minutes: 120, shareBasisPoints: 5_000), by: steward, of: tenant)
    }

    func publish(_ key: String?, minutes: Int = 40, refusal: String = "", mark: Int = 80) async throws -> ID<Mandate> {
        let library = Library(database: database, world: world)
        let content = try await key.flatMapAsync { try await library.content(key: $0, of: tenant)?.id }
        var draft = MandateDraft(
            asker: steward, content: content, title: "Check", rule: "House rule", why: "It matters.",
            minutes: minutes, audience: .role(.learner), deadline: Month(today).lastDay)
        draft.testOut = TestOutTerms(mark: mark, refusal: refusal)
        let id = try await mandates.draft(draft, by: steward, of: tenant).id
        return try await planner.publish(id, by: steward, of: tenant).id
    }

    /// Answers to a test with so many right ones.
    func answers(_ test: TestOut, right: Int) async throws -> [ID<Item>: [Int]] {
        var answers: [ID<Item>: [Int]] = [:]
        for (place, item) in try await tests.questions(of: test, in: tenant).enumerated() {
            answers[item.id] = place < right ? item.correct : [(item.correct[0] + 1) % 4]
        }
        return answers
    }

    func offer(_ mandate: ID<Mandate>) async throws -> TestOutOffer {
        try await tests.standing(of: learner, with: mandate, in: tenant).offer
    }

    func statements(_ verb: Verb) async throws -> Int {
        let tenant = tenant
        return try await database.read { connection in
            try connection.value(
                """
                SELECT COUNT(*) AS count FROM statement s JOIN verb v ON v.tenant = s.tenant AND v.number = s.verb
                WHERE s.tenant = \(tenant) AND v.iri = \(verb.iri)
                """)
        }
    }
}

extension Optional where Wrapped: Sendable {
    fileprivate func flatMapAsync<Result>(_ body: (Wrapped) async throws -> Result?) async rethrows -> Result? {
        if let self { try await body(self) } else { nil }
    }
}

private func refusal(_ body: () async throws -> some Any) async -> Problem? {
    do {
        _ = try await body()
        return nil
    } catch { return error as? Problem }
}

@Suite struct TestOutTests {
    @Test(arguments: Engine.present)
    func `who passes is done, and the minutes are theirs again`(engine: Engine) async throws {
        let school = try await School(on: engine)
        let mandate = try await school.publish("whole")
        let before = try await school.planner.plan(of: school.learner, in: school.tenant).meter
        #expect(before.leeway == 80)
        #expect(try await school.offer(mandate) == .ready(number: 1))
        let test = try await school.tests.begin(mandate, by: school.learner, of: school.tenant)
        #expect(test.items.count == TestOut.questionCount && Set(test.items).count == test.items.count)
        #expect(try await school.offer(mandate) == .underWay)
        #expect(try await school.tests.begin(mandate, by: school.learner, of: school.tenant).id == test.id)
        school.clock.turn(.minutes(5))
        let answers = try await school.answers(test, right: 5)
        let ended = try await school.tests.hand(in: answers, of: mandate, by: school.learner, of: school.tenant)
        #expect(ended.end?.isPassed == true && ended.end?.correct == 5)
        #expect(try await school.offer(mandate) == .passed)
        let own = try await school.mandates.assigned(to: school.learner, of: school.tenant)
        #expect(own.first?.assignment.state == .completed && own.first?.minutesSpent == 5)
        let after = try await school.planner.plan(of: school.learner, in: school.tenant).meter
        #expect(after.planned == 0 && after.leeway == 114, "120 less the six begun minutes of the test")
        #expect(try await school.statements(.answered) == 6)
        #expect(try await school.statements(.passed) == 1)
        #expect(try await school.statements(.completed) == 0, "the object itself was not learned")
        #expect(try await school.tests.passedCount(of: mandate, in: school.tenant) == 1)
    }

    @Test(arguments: Engine.present)
    func `who fails waits a week and has one more try, with other questions first`(engine: Engine) async throws {
        let school = try await School(on: engine)
        let mandate = try await school.publish("part")
        let first = try await school.tests.begin(mandate, by: school.learner, of: school.tenant)
        let answers = try await school.answers(first, right: 4)
        let ended = try await school.tests.hand(in: answers, of: mandate, by: school.learner, of: school.tenant)
        #expect(ended.end?.isPassed == false)
        let next = school.today + 7
        #expect(try await school.offer(mandate) == .waiting(until: next))
        #expect(
            await refusal { try await school.tests.begin(mandate, by: school.learner, of: school.tenant) }?.code
                == "test-not-offered")
        let again = await refusal {
            try await school.tests.hand(in: answers, of: mandate, by: school.learner, of: school.tenant)
        }
        #expect(again?.code == "test-ended")
        school.clock.turn(.hours(24 * 6))
        #expect(try await school.offer(mandate) == .waiting(until: next))
        school.clock.turn(.hours(24))
        #expect(try await school.offer(mandate) == .ready(number: 2))
        let second = try await school.tests.begin(mandate, by: school.learner, of: school.tenant)
        #expect(second.number == 2)
        #expect(Set(second.items).subtracting(first.items).count == 2, "the two that were not asked before")
        let wrong = try await school.answers(second, right: 0)
        _ = try await school.tests.hand(in: wrong, of: mandate, by: school.learner, of: school.tenant)
        #expect(try await school.offer(mandate) == .exhausted)
        school.clock.turn(.hours(24 * 30))
        #expect(try await school.offer(mandate) == .exhausted)
        #expect(try await school.mandates.progress(of: mandate, in: school.tenant).open == 1)
        #expect(try await school.statements(.failed) == 2)
    }

    @Test(arguments: Engine.present)
    func `it is not offered without questions, without an object, or when presence is demanded`(
        engine: Engine
    ) async throws {
        let school = try await School(on: engine)
        let (thin, bare) = (try await school.publish("thin", minutes: 5), try await school.publish(nil, minutes: 5))
        let law = try await school.publish("part", minutes: 5, refusal: "The law asks for presence.")
        #expect(try await school.offer(thin) == .short(found: 2))
        #expect(try await school.offer(bare) == .short(found: 0))
        #expect(try await school.offer(law) == .refused(reason: "The law asks for presence."))
        for mandate in [thin, bare, law] {
            let problem = await refusal {
                try await school.tests.begin(mandate, by: school.learner, of: school.tenant)
            }
            #expect(problem?.code == "test-not-offered")
        }
        let stranger = try await school.tests.standing(of: school.steward, with: law, in: school.tenant)
        #expect(stranger.offer == .closed)
    }

    @Test func `every question is answered or left as not known`() async throws {
        let school = try await School(on: .memory)
        let mandate = try await school.publish("part")
        let test = try await school.tests.begin(mandate, by: school.learner, of: school.tenant)
        var answers = try await school.answers(test, right: 6)
        let left = try #require(test.items.first)
        answers[left] = nil
        let some = answers
        let missing = await refusal {
            try await school.tests.hand(in: some, of: mandate, by: school.learner, of: school.tenant)
        }
        #expect(missing?.code == "answers-missing" && missing?.pointers == ["/answers/\(left)"])
        answers[left] = [9]
        let beyond = answers
        let range = await refusal {
            try await school.tests.hand(in: beyond, of: mandate, by: school.learner, of: school.tenant)
        }
        #expect(range?.code == "answer-range")
        answers[left] = []
        let ended = try await school.tests.hand(in: answers, of: mandate, by: school.learner, of: school.tenant)
        #expect(ended.end?.correct == 5 && ended.end?.isPassed == true)
        #expect(try await school.statements(.answered) == 5, "what is not known is no answer")
    }

    @Test func `a mandate that is retired or says no meanwhile takes no test`() async throws {
        let school = try await School(on: .memory)
        let mandate = try await school.publish("part")
        let test = try await school.tests.begin(mandate, by: school.learner, of: school.tenant)
        let answers = try await school.answers(test, right: 6)
        let record = try #require(try await school.mandates.find(mandate, of: school.tenant))
        var draft = MandateDraft(record)
        draft.testOut.refusal = "Presence."
        _ = try await school.planner.revise(mandate, to: draft, by: school.steward, of: school.tenant)
        let refused = await refusal {
            try await school.tests.hand(in: answers, of: mandate, by: school.learner, of: school.tenant)
        }
        #expect(refused?.code == "test-not-offered")
        let detail = try await ChangeLog(database: school.database, world: school.world).changes(
            of: .mandate(mandate), in: school.tenant
        ).first?.detail
        #expect(detail?.contains("no test counts: Presence.") == true)
        draft.testOut = TestOutTerms(mark: 40)
        let low = draft
        let mark = await refusal {
            try await school.planner.revise(mandate, to: low, by: school.steward, of: school.tenant)
        }
        #expect(mark?.code == "mark-out-of-range" && mark?.pointers == ["/testMark"])
    }

    @Test func `guessing passes half a per cent of the time`() {
        let (count, mark) = (TestOut.questionCount, 80)
        let fewest = TestOut.fewestRight(of: count, mark: mark)
        #expect(fewest == 5)
        #expect(TestOut.fewestRight(of: 6, mark: 100) == 6 && TestOut.fewestRight(of: 6, mark: 50) == 3)
        var ways = 0
        for answers in 0..<4_096 {
            let right = (0..<6).count { (answers >> (2 * $0)) & 3 == 0 }
            if right >= fewest { ways += 1 }
        }
        #expect(ways == 19)
    }
}
