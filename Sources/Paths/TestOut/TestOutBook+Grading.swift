import Assess
public import Basis
import Evidence
import Intent
import JSON
import Storage

extension TestOutBook {
    /// Hands a test in: every question is answered, or left as not known with no picks.
    ///
    /// Passed, it completes the assignment. The time it took counts as asked, up to `TestOut.questionLimit` a question
    /// and up to what the mandate asks for.
    ///
    /// `answers` are positions of the picked choices, by item.
    ///
    /// - Returns: The test as it ended.
    /// - Throws: `Problem` (`test-missing`, `test-ended`, `test-not-offered`, `answers-missing`, `item-missing`, and
    ///   those of `ItemRecord.grade`).
    public func hand(
        in answers: [ID<Item>: [Int]], of mandate: ID<Mandate>, by person: ID<Person>, of tenant: TenantID
    ) async throws -> TestOut {
        let now = world.now()
        return try await database.write { connection in
            let standing = try standing(of: person, with: mandate, on: now.day, tenant, connection)
            guard let test = standing.underWay else {
                throw standing.latest == nil
                    ? Problem(.missing, "test-missing", "There is no such test. Begin one.")
                    : Problem(.conflict, "test-ended", "This test was handed in already.")
            }
            guard standing.offer == .underWay else {
                throw Problem(.conflict, "test-not-offered", standing.offer.sentence)
            }
            let questions = try questions(of: test, tenant, on: connection)
            let grades = try grade(answers, questions)
            try end(test, questions, grades, tenant, at: now, on: connection)
            let row = try connection.row("SELECT * FROM test_out WHERE tenant = \(tenant) AND id = \(test.id)")
            return try row.map(TestOut.init) ?? test
        }
    }

    /// The grade of each question that was answered.
    private func grade(
        _ answers: [ID<Item>: [Int]], _ questions: [ItemRecord]
    ) throws -> [ID<Item>: Grade] {
        guard answers.keys.allSatisfy({ key in questions.contains { $0.id == key } }) else {
            throw Problem(.missing, "item-missing", "This test has no such question.", at: ["/answers"])
        }
        let open = questions.indices.filter { answers[questions[$0].id] == nil }
        if !open.isEmpty {
            let names = open.map { "\($0 + 1)" }.joined(separator: ", ")
            throw Problem(
                .invalid, "answers-missing", "Not answered: \(names). Choose an answer, or say that you do not know.",
                at: open.map { "/answers/\(questions[$0].id)" })
        }
        var grades: [ID<Item>: Grade] = [:]
        for question in questions {
            guard let chosen = answers[question.id], !chosen.isEmpty else { continue }
            grades[question.id] = try question.grade(chosen: chosen)
        }
        return grades
    }

    private func end(
        _ test: TestOut, _ questions: [ItemRecord], _ grades: [ID<Item>: Grade], _ tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws {
        let correct = grades.values.count { $0.isCorrect }
        let isPassed =
            !questions.isEmpty && correct >= TestOut.fewestRight(of: questions.count, mark: test.mark)
        let answers = test.items.map { item in
            (grades[item]?.chosen ?? []).map(String.init).joined(separator: ",")
        }.joined(separator: ";")
        try connection.run(
            """
            UPDATE test_out SET answers = \(answers), ended_at = \(now), correct = \(correct),
                is_passed = \(isPassed) WHERE tenant = \(tenant) AND id = \(test.id)
            """)
        let record = try found(test.mandate, tenant, on: connection)
        let spent = try mandates.minutesSpent(
            on: test.mandate, by: test.person, of: tenant, on: connection)
        let most = min(
            TestOut.questionLimit * questions.count, Duration.minutes(max(0, record.minutes - spent)))
        let duration = min(max(.zero, now - test.begunAt), most)
        let parent = Vocabulary.mandateIRI(test.mandate)
        for question in questions {
            guard let grade = grades[question.id] else { continue }
            try evidence.tell(
                grade, question,
                in: AnswerEvidence.Setting(
                    person: test.person, registration: test.id, parent: parent, choice: .asked), tenant, at: now,
                on: connection)
        }
        let share = questions.isEmpty ? 0 : Double(correct) / Double(questions.count)
        let detail = "\(isPassed ? "tested out" : "not tested out"), \(correct) of \(questions.count) right"
        try log.append(
            [
                StatementDraft(
                    .person(test.person), isPassed ? .passed : .failed,
                    ActivityRef(parent, name: record.title, type: Vocabulary.mandateType),
                    result: Outcome(
                        success: isPassed, completion: isPassed, scaled: share, duration: duration),
                    registration: test.id, choice: .asked, extensions: [(Vocabulary.detail, .string(detail))],
                    timestamp: now)
            ], to: tenant, on: connection)
        try mandates.testOut(
            of: test.mandate, taking: duration, isPassed: isPassed, by: test.person, of: tenant, at: now,
            on: connection)
    }
}
