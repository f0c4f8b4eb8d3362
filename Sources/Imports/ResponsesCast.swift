import Assess
import Basis
import Evidence
import JSON
import Mastery
import People
import Skills
import Storage

/// Who and what the answers of a data set name, as known so far: a value, copied into each transaction, so that an
/// undone try leaves nothing behind.
struct Cast: Sendable {
    private let directory: Directory
    private let log: StatementLog
    private let book: MasteryBook
    private let tenant: TenantID
    private let source: String
    private let unit: ID<Unit>

    private var people: [String: ID<Person>] = [:]
    private var skills: SkillCache
    private var items: ItemCache
    private var pen: StatementPen?
    private(set) var made = Made()

    /// Makes the unit of the data set unless it is there.
    init(_ run: ResponsesImport, on connection: any Connection) throws {
        let (database, world) = (run.database, run.world)
        directory = Directory(database: database, world: world)
        log = StatementLog(database: database, world: world)
        book = MasteryBook(database: database, world: world)
        tenant = run.tenant
        source = run.source
        skills = try SkillCache(SkillRegister(database: database, world: world), tenant, on: connection)
        items = try ItemCache(ItemBank(database: database, world: world), tenant, on: connection)
        let units = try directory.unitTree(of: tenant, on: connection).units
        let known = units.first { $0.key == run.source }
        unit =
            try known?.id
            ?? directory.save(UnitDraft(key: run.source, name: run.source), of: tenant, on: connection).id
        let prefix = "\(run.source)/"
        try connection.each(
            "SELECT key, id FROM person WHERE tenant = \(tenant) AND unit = \(unit)"
        ) { row in
            let key: String = try row.get("key")
            if key.hasPrefix(prefix) { people[String(key.dropFirst(prefix.count))] = try row.get("id") }
        }
    }

    /// Brings answers in, in their order.
    mutating func write(_ batch: [Response], on connection: any Connection) throws {
        try meet(batch, on: connection)
        var drafts: [StatementDraft] = []
        var answers: [Answer] = []
        drafts.reserveCapacity(batch.count)
        answers.reserveCapacity(batch.count)
        for response in batch {
            guard let person = people[response.learner] else { preconditionFailure("learners are met first") }
            let skills = try response.skills.map { try skill($0, on: connection) }
            let item = item(response.item, skills.map(\.id))
            let at = response.seconds.map { Moment(microseconds: Int64(($0 * 1_000_000).rounded())) }
            drafts.append(draft(response, person, item, skills.map(\.id), at))
            answers.append(
                Answer(
                    person: person, item: item.number, skills: skills.map(\.number), isRight: response.isCorrect, at: at
                ))
        }
        try items.flush(on: connection)
        var pen = log.pen(for: tenant)
        try pen.append(drafts, on: connection)
        self.pen = pen
        try book.record(answers, in: tenant, on: connection)
    }

    /// Remembers what the log learned. Only after the transaction is durable.
    mutating func keep() {
        if let pen { log.keep(pen) }
        pen = nil
    }

    private mutating func meet(_ batch: [Response], on connection: any Connection) throws {
        var new: [String] = []
        var seen: Set<String> = []
        for response in batch where people[response.learner] == nil && seen.insert(response.learner).inserted {
            new.append(response.learner)
        }
        if new.isEmpty { return }
        let drafts = new.map { learner in
            PersonDraft(key: "\(source)/\(learner)", name: "Learner \(learner) (\(source))", unit: unit)
        }
        for (learner, person) in zip(new, try directory.add(drafts, of: tenant, on: connection)) {
            people[learner] = person.id
        }
        made.learners += new.count
    }

    private mutating func skill(_ name: String, on connection: any Connection) throws -> SkillRecord {
        let key = "\(source)/\(name)"
        if let skill = skills[key] { return skill }
        made.skills += 1
        return try skills.ensure(key: key, name: "Skill \(name) (\(source))", framework: source, on: connection)
    }

    private mutating func item(_ name: String, _ skills: [ID<Skill>]) -> ItemCache.Entry {
        let key = "\(source)/\(name)"
        if let item = items[key] { return item }
        made.items += 1
        return items.ensure(key: key, skills: skills)
    }

    private func draft(
        _ response: Response, _ person: ID<Person>, _ item: ItemCache.Entry, _ skills: [ID<Skill>], _ at: Moment?
    ) -> StatementDraft {
        StatementDraft(
            .person(person), .answered,
            ActivityRef(
                Vocabulary.itemIRI(item.id), name: "\(source)/\(response.item)", type: Vocabulary.question),
            id: ID(derivedFrom: "responses/\(source)/\(response.line)".utf8, at: at),
            result: Outcome(success: response.isCorrect),
            extensions: skills.isEmpty
                ? [] : [(Vocabulary.skills, .init(skills.map { Vocabulary.skillIRI($0) }))],
            timestamp: at)
    }
}
