import Assess
import Basis
import Evidence
import JSON
import Mastery
import People
import Skills
import Storage

/// Who and what the answers of a data set name: all of them there before the first answer comes in, so that turning
/// lines into statements needs no database and can run ahead of it.
struct Cast: Sendable {
    struct Learner: Sendable {
        let id: ID<Person>
        let account: AgentName
    }

    private let source: String
    private var learners: [String: Learner] = [:]
    private var items: [String: ItemCache.Entry] = [:]
    private var skills: [String: SkillRecord] = [:]
    /// What was not there before.
    private(set) var made = Made()

    /// Makes the unit of the data set and all that the survey met, unless they are there.
    init(_ run: ResponsesImport, _ survey: ResponsesImport.Survey, on connection: any Connection) throws {
        source = run.source
        try meet(survey.learners, run, on: connection)
        var skillCache = try SkillCache(
            SkillRegister(database: run.database, world: run.world), run.tenant, on: connection)
        for name in survey.skills {
            let key = "\(source)/\(name)"
            if skillCache[key] == nil { made.skills += 1 }
            skills[name] = try skillCache.ensure(
                key: key, name: "Skill \(name) (\(source))", framework: source, on: connection)
        }
        var itemCache = try ItemCache(ItemBank(database: run.database, world: run.world), run.tenant, on: connection)
        for item in survey.items {
            let key = "\(source)/\(item.name)"
            if itemCache[key] == nil { made.items += 1 }
            items[item.name] = itemCache.ensure(key: key, skills: item.skills.compactMap { skills[$0]?.id })
        }
        try itemCache.flush(on: connection)
    }

    private mutating func meet(
        _ names: [String], _ run: ResponsesImport, on connection: any Connection
    ) throws {
        let directory = Directory(database: run.database, world: run.world)
        guard let tenant = try directory.tenant(run.tenant, on: connection) else {
            throw Problem(.missing, "tenant-missing", "There is no such organisation.")
        }
        let known = try directory.unitTree(of: run.tenant, on: connection).units.first { $0.key == source }
        let unit =
            try known?.id ?? directory.save(UnitDraft(key: source, name: source), of: run.tenant, on: connection).id
        let prefix = "\(source)/"
        func learner(_ id: ID<Person>, _ key: String) -> Learner {
            Learner(id: id, account: AgentName(home: tenant.home, account: key))
        }
        try connection.each(
            "SELECT key, id FROM person WHERE tenant = \(run.tenant) AND unit = \(unit)"
        ) { row in
            let key: String = try row.get("key")
            if key.hasPrefix(prefix) {
                learners[String(key.dropFirst(prefix.count))] = learner(try row.get("id"), key)
            }
        }
        let new = names.filter { learners[$0] == nil }
        let drafts = new.map { name in
            PersonDraft(key: prefix + name, name: "Learner \(name) (\(source))", unit: unit)
        }
        for (name, person) in zip(new, try directory.add(drafts, of: run.tenant, on: connection)) {
            learners[name] = learner(person.id, prefix + name)
        }
        made.learners = new.count
    }

    /// The answers as statements, and as what the learner model learns from.
    func play(_ batch: [Response], world: World) -> (statements: [RenderedDraft], answers: [Answer]) {
        var statements: [RenderedDraft] = []
        var answers: [Answer] = []
        statements.reserveCapacity(batch.count)
        answers.reserveCapacity(batch.count)
        for response in batch {
            guard let learner = learners[response.learner], let item = items[response.item] else {
                preconditionFailure("the survey met every learner and item")
            }
            let skills = response.skills.compactMap { self.skills[$0] }
            let at = response.seconds.map { Moment(microseconds: Int64(($0 * 1_000_000).rounded())) }
            let draft = StatementDraft(
                .person(learner.id), .answered,
                ActivityRef(
                    Vocabulary.itemIRI(item.id), name: "\(source)/\(response.item)", type: Vocabulary.question),
                result: Outcome(success: response.isCorrect),
                extensions: skills.isEmpty
                    ? [] : [(Vocabulary.skills, .init(skills.map { Vocabulary.skillIRI($0.id) }))],
                timestamp: at)
            let id = ID<Statement>(derivedFrom: "responses/\(source)/\(response.line)".utf8, at: at)
            statements.append(draft.rendered(id: id, as: learner.account, world: world))
            answers.append(
                Answer(
                    person: learner.id, item: item.number, skills: skills.map(\.number), isRight: response.isCorrect,
                    at: at))
        }
        return (statements, answers)
    }
}
