public import Assess
public import Basis
import Catalog
import Evidence
import Intent
import JSON
import Mastery
import Skills
import Storage

// The steps of a sitting. Each is one transaction.

extension SittingBook {
    /// The text was read, or the learner came back from elsewhere. Without questions this completes the object.
    ///
    /// `seconds` is what the page counted; see `LearningTime.credit`.
    ///
    /// - Returns: The sitting as it stands now; open while questions wait.
    /// - Throws: `Problem` (`sitting-missing`).
    public func read(
        _ id: ID<Registration>, seconds: Int?, by person: ID<Person>, of tenant: TenantID
    ) async throws -> Sitting {
        let now = world.now()
        return try await database.write { connection in
            let (sitting, record) = try found(id, person, tenant, on: connection)
            if !sitting.isOpen || sitting.readAt != nil { return sitting }
            let credit = LearningTime.credit(
                claimed: seconds, elapsed: now - sitting.movedAt, stated: record.minutes)
            let line = try library.lineage(of: record, tenant: tenant, on: connection)
            let choice = try spend(credit, line, sitting, tenant, at: now, on: connection)
            try connection.run(
                """
                UPDATE sitting SET read_at = \(now), moved_at = \(now), spent_us = spent_us + \(credit.microseconds)
                WHERE tenant = \(tenant) AND id = \(id)
                """)
            if try playable(of: record, tenant, on: connection).isEmpty {
                try complete(
                    line, sitting, choice, Outcome(completion: true, duration: credit), tenant, at: now,
                    on: connection)
            } else {
                try log.append(
                    [
                        draft(
                            .experienced, record, sitting, choice: choice, result: Outcome(duration: credit), at: now)
                    ], to: tenant, on: connection)
            }
            return try found(id, person, tenant, on: connection).sitting
        }
    }

    /// One answer. The last one ends the sitting: passed completes the object, anything less leaves it open to retry.
    ///
    /// An item that was answered in this sitting keeps its first answer. `chosen` are positions of the picked choices;
    /// nil skips the item.
    ///
    /// - Returns: The grade, nil for a skipped item, and the sitting as it stands now.
    /// - Throws: `Problem` (`sitting-missing`, `sitting-ended`, `item-missing`, and those of `ItemRecord.grade`).
    public func answer(
        _ item: ID<Item>, chosen: [Int]?, in id: ID<Registration>, by person: ID<Person>, of tenant: TenantID
    ) async throws -> (grade: Grade?, sitting: Sitting) {
        let now = world.now()
        return try await database.write { connection in
            let (sitting, record) = try found(id, person, tenant, on: connection)
            let playable = try playable(of: record, tenant, on: connection)
            guard let question = playable.first(where: { $0.id == item }) else {
                throw Problem(.missing, "item-missing", "This object has no such question.")
            }
            if let earlier = sitting.answer(to: item) {
                return (earlier.isRight == nil ? nil : try question.grade(chosen: earlier.chosen), sitting)
            }
            guard sitting.isOpen else {
                throw Problem(.conflict, "sitting-ended", "These questions are answered. Start again to retry.")
            }
            let grade = try chosen.map { try question.grade(chosen: $0) }
            try keep(grade, question, sitting, tenant, at: now, on: connection)
            if let grade {
                try AnswerEvidence(log: log, mastery: mastery, skills: skills).tell(
                    grade, question,
                    in: AnswerEvidence.Setting(
                        person: person, registration: id, parent: Vocabulary.contentIRI(record.id),
                        choice: sitting.choice), tenant, at: now, on: connection)
            }
            try finish(id, person, record, playable, tenant, at: now, on: connection)
            return (grade, try found(id, person, tenant, on: connection).sitting)
        }
    }

    /// Which of some objects a person has completed, by evidence, and when first.
    public func completions(
        of person: ID<Person>, among contents: [ID<Content>], in tenant: TenantID
    ) async throws -> [ID<Content>: Moment] {
        try await database.read { try completions(of: person, among: contents, tenant, on: $0) }
    }
}

extension SittingBook {
    func found(
        _ id: ID<Registration>, _ person: ID<Person>, _ tenant: TenantID, on connection: any Connection
    ) throws -> (sitting: Sitting, content: ContentRecord) {
        guard let sitting = try sitting(id, of: person, tenant, on: connection),
            let record = try library.content(sitting.content, of: tenant, on: connection)
        else {
            throw Problem(.missing, "sitting-missing", "There is no such sitting. Open the object again.")
        }
        return (sitting, record)
    }

    /// Whose choice the object is: asked when a mandate for it, or for something that holds it, is open.
    func choice(
        of record: ContentRecord, by person: ID<Person>, _ tenant: TenantID, on connection: any Connection
    ) throws -> Choice {
        for content in try library.lineage(of: record, tenant: tenant, on: connection)
        where try mandates.choice(of: content.id, by: person, of: tenant, on: connection) == .asked
            || certifications.choice(of: content.id, by: person, of: tenant, on: connection) == .asked
        {
            return .asked
        }
        return .own
    }

    /// Whether a mandate for the object, or for something that holds it, is open.
    func isMandated(
        _ record: ContentRecord, of person: ID<Person>, _ tenant: TenantID, on connection: any Connection
    ) throws -> Bool {
        try library.lineage(of: record, tenant: tenant, on: connection).contains {
            try mandates.choice(of: $0.id, by: person, of: tenant, on: connection) == .asked
        }
    }

    func draft(
        _ verb: Verb, _ record: ContentRecord, _ sitting: Sitting, choice: Choice, result: Outcome?, at now: Moment,
        parents: [String] = []
    ) -> StatementDraft {
        let skills = record.skills.map { JSONValue.string(Vocabulary.skillIRI($0)) }
        return StatementDraft(
            .person(sitting.person), verb, record.activity, result: result, registration: sitting.id, parents: parents,
            choice: choice, extensions: skills.isEmpty ? [] : [(Vocabulary.skills, .array(skills))], timestamp: now)
    }

    /// Books the time on the innermost mandate that asks for it, or else on the innermost certification.
    private func spend(
        _ credit: Duration, _ line: [ContentRecord], _ sitting: Sitting, _ tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws -> Choice {
        for content in line {
            let choice = try mandates.spend(
                credit, on: content.id, by: sitting.person, of: tenant, at: now, on: connection)
            if choice == .asked { return .asked }
        }
        for content in line {
            let choice = try certifications.spend(
                credit, on: content.id, by: sitting.person, of: tenant, at: now, on: connection)
            if choice == .asked { return .asked }
        }
        return .own
    }

    private func keep(
        _ grade: Grade?, _ item: ItemRecord, _ sitting: Sitting, _ tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws {
        let credit = min(max(.zero, now - sitting.movedAt), LearningTime.questionLimit)
        let chosen = (grade?.chosen ?? []).map(String.init).joined(separator: ",")
        try connection.run(
            """
            INSERT INTO sitting_answer (tenant, sitting, item, chosen, is_right, score, answered_at)
            VALUES (\(tenant), \(sitting.id), \(item.id), \(chosen), \(grade?.isCorrect), \(grade?.score ?? 0), \(now))
            """)
        try connection.run(
            """
            UPDATE sitting SET moved_at = \(now), spent_us = spent_us + \(credit.microseconds)
            WHERE tenant = \(tenant) AND id = \(sitting.id)
            """)
    }

    /// Ends the sitting once every question is answered or skipped.
    private func finish(
        _ id: ID<Registration>, _ person: ID<Person>, _ record: ContentRecord, _ playable: [ItemRecord],
        _ tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws {
        let (sitting, _) = try found(id, person, tenant, on: connection)
        guard playable.allSatisfy({ sitting.answer(to: $0.id) != nil }) else { return }
        let line = try library.lineage(of: record, tenant: tenant, on: connection)
        let rest = max(.zero, sitting.spent - (try readingTime(of: sitting, tenant, on: connection)))
        let choice = try spend(rest, line, sitting, tenant, at: now, on: connection)
        let result = SittingResult(sitting.answers, of: playable.count)
        let outcome = Outcome(
            success: result.isPassed, completion: result.isPassed, scaled: result.share, duration: rest)
        if result.isPassed {
            // The time stands with what completes the object, once.
            let passed = Outcome(success: true, scaled: result.share)
            try log.append(
                [draft(.passed, record, sitting, choice: choice, result: passed, at: now)], to: tenant,
                on: connection)
            try complete(line, sitting, choice, outcome, tenant, at: now, on: connection)
        } else {
            try connection.run(
                "UPDATE sitting SET ended_at = \(now) WHERE tenant = \(tenant) AND id = \(sitting.id)")
            try log.append(
                [
                    draft(.failed, record, sitting, choice: choice, result: outcome, at: now),
                    draft(.terminated, record, sitting, choice: choice, result: nil, at: now),
                ], to: tenant, on: connection)
        }
    }

    /// What the sitting's earlier statements carry already.
    private func readingTime(
        of sitting: Sitting, _ tenant: TenantID, on connection: any Connection
    ) throws -> Duration {
        let told: Int64 = try connection.value(
            """
            SELECT COALESCE(CAST(SUM(duration_us) AS \(type: .integer)), 0) AS told FROM statement
            WHERE tenant = \(tenant) AND registration = \(sitting.id) AND voided = 0
            """)
        return .microseconds(told)
    }

    /// Ends a sitting that completes its object.
    private func complete(
        _ line: [ContentRecord], _ sitting: Sitting, _ choice: Choice, _ outcome: Outcome, _ tenant: TenantID,
        at now: Moment, on connection: any Connection
    ) throws {
        try connection.run(
            "UPDATE sitting SET ended_at = \(now) WHERE tenant = \(tenant) AND id = \(sitting.id)")
        try climb(line, sitting, choice, outcome, tenant, at: now, on: connection)
        if let record = line.first {
            try log.append(
                [draft(.terminated, record, sitting, choice: choice, result: nil, at: now)], to: tenant,
                on: connection)
        }
    }

    /// Completes an object, and everything around it whose parts are now all completed. The first that has parts left
    /// progressed, if this one is new to it.
    private func climb(
        _ line: [ContentRecord], _ sitting: Sitting, _ choice: Choice, _ outcome: Outcome, _ tenant: TenantID,
        at now: Moment, on connection: any Connection
    ) throws {
        for (depth, content) in line.enumerated() {
            let parents = line.count > depth + 1 ? [Vocabulary.contentIRI(line[depth + 1].id)] : []
            if depth > 0 {
                let parts = try library.parts(of: content, tenant: tenant, on: connection)
                let done = try completions(of: sitting.person, among: parts, tenant, on: connection)
                if !parts.allSatisfy({ done[$0] != nil }) {
                    if done[line[depth - 1].id] == now {
                        let progress = Outcome(progress: 100 * done.count / parts.count)
                        try log.append(
                            [
                                draft(
                                    .progressed, content, sitting, choice: choice, result: progress, at: now,
                                    parents: parents)
                            ], to: tenant, on: connection)
                    }
                    return
                }
            }
            try log.append(
                [
                    draft(
                        .completed, content, sitting, choice: choice,
                        result: depth == 0 ? outcome : Outcome(completion: true), at: now, parents: parents)
                ], to: tenant, on: connection)
            try mandates.complete(content.id, by: sitting.person, of: tenant, at: now, on: connection)
            try certifications.complete(content.id, by: sitting.person, of: tenant, at: now, on: connection)
        }
    }

    func completions(
        of person: ID<Person>, among contents: [ID<Content>], _ tenant: TenantID, on connection: any Connection
    ) throws -> [ID<Content>: Moment] {
        var found: [ID<Content>: Moment] = [:]
        for start in stride(from: 0, to: contents.count, by: 500) {
            let iris = contents[start..<min(start + 500, contents.count)].map(Vocabulary.contentIRI)
            let rows = try connection.rows(
                """
                SELECT activity.iri AS iri, MIN(statement.timestamp_at) AS at
                FROM agent
                \(SQL.inOrder) statement ON statement.tenant = agent.tenant AND statement.actor = agent.number
                \(SQL.inOrder) verb ON verb.tenant = statement.tenant AND verb.number = statement.verb
                \(SQL.inOrder) activity ON activity.tenant = statement.tenant
                    AND activity.number = statement.activity
                WHERE agent.tenant = \(tenant) AND activity.iri IN (\(SQL.list(iris)))
                AND agent.person = \(person) AND verb.iri IN (\(SQL.list([Verb.completed.iri, Verb.passed.iri])))
                AND statement.voided = 0 AND COALESCE(statement.completion, 1) = 1
                GROUP BY activity.iri
                """)
            for row in rows {
                guard let id = Vocabulary.id(Content.self, in: try row.get("iri")) else { continue }
                found[id] = try row.get("at")
            }
        }
        return found
    }
}

extension ContentRecord {
    /// The object as evidence names it.
    var activity: ActivityRef {
        let type =
            switch kind {
            case "course", "path": Vocabulary.course
            case "module": Vocabulary.module
            case "quiz", "assessment": Vocabulary.assessment
            case "link": Vocabulary.link
            case "video", "audio": Vocabulary.media
            default: Vocabulary.article
            }
        return ActivityRef(
            Vocabulary.contentIRI(id), name: title, type: type, language: language.isEmpty ? "en" : language)
    }
}
