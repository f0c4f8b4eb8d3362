public import Basis
public import Storage

extension MasteryBook {
    /// Takes in answers, oldest first for each learner.
    ///
    /// - Throws: `StateError` when a stored state cannot be read, `StorageError` for a failure.
    public func record(_ answers: [Answer], in tenant: TenantID) async throws {
        try await database.write { try record(answers, in: tenant, on: $0) }
    }

    /// Takes in answers within a transaction: one or a hundred thousand at a time.
    ///
    /// The states of the learners and items are read once, moved answer by answer, and written once; so how a history
    /// is cut into calls does not change what comes out.
    public func record(_ answers: [Answer], in tenant: TenantID, on connection: any Connection) throws {
        if answers.isEmpty { return }
        var sweep = try Sweep(answers, model: model, tenant: tenant, book: self, on: connection)
        for answer in answers { sweep.take(answer) }
        try sweep.save(at: world.now(), on: connection)
    }
}

/// The states that a run of answers touches.
private struct Sweep {
    let model: LearnerModel
    let tenant: TenantID
    var learners: [LearnerState] = []
    var places: [ID<Person>: Int] = [:]
    var items: [Int: ItemState] = [:]
    var fresh: [Int] = []
    var starts: [Int: SkillDifficulty] = [:]
    var movedStarts: Set<Int> = []

    init(
        _ answers: [Answer], model: LearnerModel, tenant: TenantID, book: MasteryBook, on connection: any Connection
    ) throws {
        self.model = model
        self.tenant = tenant
        var skills: [Int: [Int]] = [:]
        for answer in answers {
            if places[answer.person] == nil { places[answer.person] = places.count }
            skills[answer.item] = answer.skills
        }
        learners = Array(repeating: LearnerState(), count: places.count)
        for (person, state) in try book.states(of: Array(places.keys), in: tenant, on: connection) {
            if let place = places[person] { learners[place] = state }
        }
        for (number, known) in try book.items(skills.keys.sorted(), in: tenant, on: connection) {
            items[number] = ItemState(
                number: number, difficulty: known.difficulty, answers: known.answers, skills: skills[number] ?? [])
        }
        let numbers = Set(skills.values.joined()).sorted()
        for part in numbers.parts() {
            let rows = try connection.rows(
                """
                SELECT skill, difficulty, answers FROM mastery_skill
                WHERE tenant = \(tenant) AND skill IN (\(SQL.list(part)))
                """)
            for row in rows {
                starts[try row.get("skill")] = SkillDifficulty(
                    difficulty: try row.get("difficulty"), answers: try row.get("answers"))
            }
        }
    }

    mutating func take(_ answer: Answer) {
        guard let place = places[answer.person] else { return }
        if items[answer.item] == nil {
            fresh.append(answer.item)
            items[answer.item] = model.fresh(
                answer.item, skills: answer.skills, level: answer.level, startingAt: starts)
        }
        guard var item = items[answer.item] else { return }
        if item.answers < startingAnswers {
            let surprise = model.surprise(answer.isRight, of: learners[place], at: item)
            for skill in item.skills {
                model.observe(surprise, among: item.skills.count, on: &starts[skill, default: SkillDifficulty()])
                movedStarts.insert(skill)
            }
        }
        model.observe(answer.isRight, by: &learners[place], on: &item, at: answer.at)
        items[answer.item] = item
    }

    func save(at now: Moment, on connection: any Connection) throws {
        try connection.bulk(
            "mastery_state", ["tenant", "person", "state", "model", "answers", "updated_at"],
            places.sorted { $0.value < $1.value }.map { person, place in
                [
                    tenant.stored, person.stored, learners[place].encoded.stored, model.version.stored,
                    learners[place].tries.stored, now.stored,
                ]
            },
            on: .replace(key: ["tenant", "person"]))
        try connection.bulk(
            "mastery_item", ["tenant", "item", "difficulty", "answers"],
            items.values.sorted { $0.number < $1.number }.map {
                [tenant.stored, $0.number.stored, $0.difficulty.stored, $0.answers.stored]
            },
            on: .replace(key: ["tenant", "item"]))
        try connection.bulk(
            "mastery_pool", ["tenant", "skill", "item"],
            fresh.flatMap { number in
                (items[number]?.skills ?? []).map { [tenant.stored, $0.stored, number.stored] }
            },
            on: .skip)
        try connection.bulk(
            "mastery_skill", ["tenant", "skill", "difficulty", "answers"],
            movedStarts.sorted().map { skill in
                let start = starts[skill] ?? SkillDifficulty()
                return [tenant.stored, skill.stored, start.difficulty.stored, start.answers.stored]
            },
            on: .replace(key: ["tenant", "skill"]))
    }
}
