import Assess
import Basis
import Catalog
import Evidence
import Intent
import JSON
import Mastery
import Skills
import Storage

/// Six months in which simulated learners read and answer, day by day, in the statements that real ones leave.
struct DemoHistory {
    /// A reading with its questions.
    struct Lesson {
        let content: ContentRecord
        let items: [ItemRecord]
        /// How hard the questions are: from the level they were written for.
        let difficulty: Double
    }

    let tenant: TenantID
    let lessons: [Lesson]
    let numbers: [ID<Skill>: Int]
    let uses: [AIUseRecord]
    let log: StatementLog
    let mastery: MasteryBook
    let mandates: MandateBook
    private(set) var learners: [SimulatedLearner]
    private(set) var done: [ID<Person>: Set<ID<Content>>] = [:]
    private var dice: Dice

    init(
        tenant: TenantID, lessons: [Lesson], numbers: [ID<Skill>: Int], uses: [AIUseRecord], log: StatementLog,
        mastery: MasteryBook, mandates: MandateBook, learners: [SimulatedLearner], seed: UInt64
    ) {
        self.tenant = tenant
        self.lessons = lessons
        self.numbers = numbers
        self.uses = uses
        self.log = log
        self.mastery = mastery
        self.mandates = mandates
        self.learners = learners
        dice = Dice(seed: seed)
    }

    /// What one day leaves behind.
    struct Record: Sendable {
        var drafts: [StatementDraft] = []
        var answers: [Answer] = []
        var spent: [(duration: Duration, content: ID<Content>, person: ID<Person>, at: Moment)] = []
        var completed: [(content: ID<Content>, person: ID<Person>, at: Moment)] = []
    }

    /// Lives one working day.
    ///
    /// - Parameters:
    ///   - day: The day, in UTC.
    ///   - open: Contents that are asked of each person and not yet done.
    ///   - world: Gives the sittings their identities.
    /// - Returns: What the day leaves behind, not yet written.
    mutating func live(_ day: Day, asked open: [ID<Person>: Set<ID<Content>>], world: World) -> Record {
        var record = Record()
        for index in learners.indices where dice.happens(learners[index].diligence / 5) {
            let minute = Int.random(in: 0..<540, using: &dice)
            let start = day.start + .minutes(8 * 60 + minute)
            let asked = open[learners[index].person] ?? []
            guard let lesson = choose(for: learners[index], asked: asked) else { continue }
            sit(index, lesson, isAsked: asked.contains(lesson.content.id), at: start, world, &record)
            if dice.happens(0.22), let use = dice.pick(uses) {
                record.drafts.append(
                    StatementDraft(
                        .person(learners[index].person), .used,
                        ActivityRef(Vocabulary.aiUseIRI(use.id), name: use.name, type: Vocabulary.aiUseType),
                        choice: .own, timestamp: start))
            }
        }
        record.drafts.sort { ($0.timestamp ?? day.start) < ($1.timestamp ?? day.start) }
        record.answers.sort { ($0.at ?? day.start) < ($1.at ?? day.start) }
        return record
    }

    private mutating func choose(for learner: SimulatedLearner, asked: Set<ID<Content>>) -> Lesson? {
        let finished = done[learner.person] ?? []
        let waiting = lessons.filter { asked.contains($0.content.id) && !finished.contains($0.content.id) }
        if !waiting.isEmpty, !dice.happens(learner.ownWill) { return dice.pick(waiting) }
        let free = lessons.filter { !asked.contains($0.content.id) && !finished.contains($0.content.id) }
        // People prefer what is neither trivial nor hopeless; what they prefer differs from what was asked for.
        let near = free.filter { lesson in
            let mean = lesson.content.skills.compactMap { learner.ability[$0] }.reduce(0, +)
            return abs(mean - lesson.difficulty) < 1.6
        }
        return dice.pick(near.isEmpty ? free : near) ?? dice.pick(waiting)
    }

    private mutating func sit(
        _ index: Int, _ lesson: Lesson, isAsked: Bool, at start: Moment, _ world: World, _ record: inout Record
    ) {
        let person = learners[index].person
        let registration = world.id(Registration.self)
        let choice: Choice = isAsked ? .asked : .own
        let content = lesson.content
        let activity = ActivityRef(
            Vocabulary.contentIRI(content.id), name: content.title, type: Vocabulary.article, language: "en")
        let skills: [(iri: String, value: JSONValue)] = [
            (Vocabulary.skills, .array(content.skills.map { .string(Vocabulary.skillIRI($0)) }))
        ]
        func tell(_ verb: Verb, _ result: Outcome?, _ at: Moment) {
            record.drafts.append(
                StatementDraft(
                    .person(person), verb, activity, result: result, registration: registration, choice: choice,
                    extensions: skills, timestamp: at))
        }
        tell(.initialized, nil, start)
        let pace = Double.random(in: 0.6...1.7, using: &dice)
        let reading = Duration.seconds(Int(Double((content.minutes ?? 5) * 60) * pace))
        var now = start + reading
        if lesson.items.isEmpty || dice.happens(0.12) {
            // Some only read; without questions that is all there is to do.
            tell(lesson.items.isEmpty ? .completed : .experienced, Outcome(duration: reading), now)
            record.spent.append((reading, content.id, person, now))
            if lesson.items.isEmpty { finish(index, content, at: now, &record) }
            return
        }
        tell(.experienced, Outcome(duration: reading), now)
        record.spent.append((reading, content.id, person, now))
        learners[index].learn(content.skills)
        let begin = now
        var right = 0
        for item in lesson.items {
            now = now + .seconds(Int.random(in: 15...70, using: &dice))
            if answer(index, item, lesson, registration, choice, at: now, &record) { right += 1 }
        }
        let share = Double(right) / Double(lesson.items.count)
        let isPassed = share >= 0.6
        let outcome = Outcome(success: isPassed, completion: isPassed, scaled: share, duration: now - begin)
        tell(isPassed ? .completed : .failed, outcome, now)
        record.spent.append((now - begin, content.id, person, now))
        if isPassed { finish(index, content, at: now, &record) }
    }

    private mutating func answer(
        _ index: Int, _ item: ItemRecord, _ lesson: Lesson, _ registration: ID<Registration>, _ choice: Choice,
        at now: Moment, _ record: inout Record
    ) -> Bool {
        let isRight = learners[index].answers(
            item.skills, difficulty: lesson.difficulty, choices: item.choices.count, &dice)
        let wrong = item.choices.indices.filter { !item.correct.contains($0) }
        let chosen = isRight ? item.correct : dice.pick(wrong).map { [$0] } ?? []
        let person = learners[index].person
        record.drafts.append(
            StatementDraft(
                .person(person), .answered,
                ActivityRef(
                    Vocabulary.itemIRI(item.id), name: String(item.stem.prefix(200)), type: Vocabulary.question),
                result: Outcome(
                    success: isRight, scaled: isRight ? 1 : 0,
                    response: chosen.map(String.init).joined(separator: "[,]")),
                registration: registration, parents: [Vocabulary.contentIRI(lesson.content.id)], choice: choice,
                timestamp: now))
        record.answers.append(
            Answer(
                person: person, item: item.number, skills: item.skills.compactMap { numbers[$0] },
                level: item.level.flatMap { ItemLevel(rawValue: $0.rawValue) }, isRight: isRight, at: now))
        return isRight
    }

    private mutating func finish(_ index: Int, _ content: ContentRecord, at now: Moment, _ record: inout Record) {
        done[learners[index].person, default: []].insert(content.id)
        record.completed.append((content.id, learners[index].person, now))
    }

    /// Writes a day in one transaction: evidence, learner model, and what mandates count.
    func write(_ record: Record, database: any Database) async throws {
        if record.drafts.isEmpty { return }
        let (log, mastery, mandates, tenant) = (log, mastery, mandates, tenant)
        let pen = try await database.write { connection in
            var pen = log.pen(for: tenant)
            try pen.append(record.drafts, on: connection)
            try mastery.record(record.answers, in: tenant, on: connection)
            for (duration, content, person, at) in record.spent {
                try mandates.spend(duration, on: content, by: person, of: tenant, at: at, on: connection)
            }
            for (content, person, at) in record.completed {
                try mandates.complete(content, by: person, of: tenant, at: at, on: connection)
            }
            return pen
        }
        log.keep(pen)
    }
}
