public import Basis
import Evidence
import JSON
public import Storage

/// A classification as it was made: by whom, when, of which revision, and as of which law.
public struct ClassificationRecord: Hashable, Sendable {
    public let use: ID<AIUse>
    /// The revision of the entry that the assessor had before them.
    public let revision: Int
    public let answers: Classification.Answers
    public let result: Classification
    /// What the assessor wrote.
    public let note: String
    /// The state of the law it was made under.
    public let law: String
    public let assessor: ID<Person>
    public let at: Moment

    /// Whether the entry says something else now, so that somebody should look again.
    public func isOutdated(by use: AIUseRecord) -> Bool {
        revision < use.revision || law != Classification.LawState.present.words
    }
}

extension Classification.Level: Storable {}

extension AIRegister {
    /// Keeps where a use stands under the law, with the answers that lead to it.
    ///
    /// What Article 5 prohibits is suspended in the same moment if anybody may use it.
    ///
    /// `revision` is the one that the assessor had before them; nil does not ask.
    ///
    /// - Throws: `Problem` (`text-missing` without a note, `ai-use-missing`), or `stale`.
    public func classify(
        _ id: ID<AIUse>, _ answers: Classification.Answers, note: String, since revision: Int? = nil,
        by person: ID<Person>, of tenant: TenantID
    ) async throws -> ClassificationRecord {
        var findings = Findings()
        findings.expect(
            text: note, atMost: AIUseDraft.textLimit, needed: .always, called: "The assessor's note", at: "/note")
        try findings.settle("classification-invalid")
        let (now, key) = (world.now(), world.id(Classification.self))
        let result = Classification(answers)
        return try await database.write { connection in
            let use = try found(id, in: tenant, on: connection)
            if let revision, revision != use.revision {
                throw Problem(.stale, "ai-use-changed", "Somebody changed this entry meanwhile. Look at it again.")
            }
            var current = use.revision
            if !result.mayRun, use.status.mayRun {
                var draft = AIUseDraft(use)
                draft.status = .suspended
                try update(id, to: draft, in: tenant, at: now, on: connection)
                try put(
                    .moved, id, use.name, by: person, reason: "Article 5 prohibits it.",
                    detail: draft.difference(from: AIUseDraft(use)), in: tenant, at: now, on: connection)
                current += 1
            }
            let law = Classification.LawState.present.words
            try connection.run(
                """
                INSERT INTO ai_use_classification (tenant, id, ai_use, revision, answers, level, note, law, assessor,
                    at)
                VALUES (\(tenant), \(key), \(id), \(current), \(answers.text), \(result.level), \(note.trimmed),
                    \(law), \(person), \(now))
                """)
            try spine.put(
                Spine.Note(
                    what: .classified, subject: .use(id), name: use.name, by: person, reason: note.trimmed,
                    detail: result.level.rawValue,
                    extensions: [
                        (
                            Vocabulary.inputs,
                            ["answers": .init(answers.ordered.map(\.rawValue)), "law": .string(law)]
                        )
                    ]), in: tenant, at: now, on: connection)
            return ClassificationRecord(
                use: id, revision: current, answers: answers, result: result, note: note.trimmed, law: law,
                assessor: person, at: now)
        }
    }

    /// Every classification of a use, the newest first.
    public func classifications(of id: ID<AIUse>, in tenant: TenantID) async throws -> [ClassificationRecord] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT * FROM ai_use_classification WHERE tenant = \(tenant) AND ai_use = \(id)
                ORDER BY at DESC, id DESC
                """
            ).map(ClassificationRecord.init)
        }
    }

    /// The newest classification of each use.
    public func classifications(of tenant: TenantID) async throws -> [ID<AIUse>: ClassificationRecord] {
        try await database.read { try classifications(of: tenant, on: $0) }
    }

    /// Within the caller's transaction.
    public func classifications(
        of tenant: TenantID, on connection: any Connection
    ) throws -> [ID<AIUse>: ClassificationRecord] {
        try connection.rows("SELECT * FROM ai_use_classification WHERE tenant = \(tenant) ORDER BY at, id")
            .map(ClassificationRecord.init)
            .reduce(into: [:]) { $0[$1.use] = $1 }
    }

    /// Refuses that anybody uses what Article 5 prohibits.
    ///
    /// - Throws: `Problem` (`ai-use-prohibited`).
    func expectAllowed(_ id: ID<AIUse>, in tenant: TenantID, on connection: any Connection) throws {
        let row = try connection.row(
            """
            SELECT level FROM ai_use_classification WHERE tenant = \(tenant) AND ai_use = \(id)
            ORDER BY at DESC, id DESC LIMIT 1
            """)
        if try row?.get("level", as: Classification.Level.self) == .prohibited {
            throw Problem(
                .conflict, "ai-use-prohibited",
                "It is classified as prohibited by Article 5 of the AI Act. Change what it does, classify it again, "
                    + "and only then let people use it.", at: ["/status"])
        }
    }
}

extension Classification.Answers {
    /// In the order of the questions.
    public var ordered: [Classification.Question] { Classification.Question.allCases.filter(yes.contains) }

    fileprivate var text: String { ordered.map(\.rawValue).joined(separator: " ") }

    fileprivate init(text: String) {
        self.init(yes: Set(text.split(separator: " ").compactMap { Classification.Question(rawValue: String($0)) }))
    }
}

extension ClassificationRecord {
    fileprivate init(_ row: Row) throws {
        let answers = Classification.Answers(text: try row.get("answers"))
        self.init(
            use: try row.get("ai_use"), revision: try row.get("revision"), answers: answers,
            result: Classification(answers), note: try row.get("note"), law: try row.get("law"),
            assessor: try row.get("assessor"), at: try row.get("at"))
    }
}
