import Assess
import Basis
import Crypto
import Evidence
import Foundation
import Mastery
import People
import Skills
import Storage

/// Brings the answers of a data set in: people, skills and items as they appear, one xAPI statement an answer, and the
/// learner model fed in the order of the file.
///
/// Each batch is one transaction that also moves a marker, so that an import that was killed goes on where it was, and
/// nothing comes in twice. The marker holds the hash of the lines that are in: a file that begins with other lines is
/// refused, and one that has grown brings in what is new.
struct ResponsesImport {
    /// Answers of one transaction.
    static let batchLimit = 10_000

    let database: any Database
    let world: World
    let path: String
    /// The data set's name.
    let source: String
    let tenant: TenantID

    func run(dryRun: Bool, progress: ImportProgress) async throws -> ImportReport {
        let marker = try await marker()
        let survey = try await survey(marker, progress)
        if dryRun {
            return report(survey, made: Made(), answers: survey.answers - survey.answersThere, isDryRun: true)
        }
        let cast = try await database.write { connection in
            try Cast(self, survey, on: connection)
        }
        let stage = try Stage(self, cast, after: marker)
        let log = StatementLog(database: database, world: world)
        let book = MasteryBook(database: database, world: world)
        let startedAt = marker?.startedAt ?? world.now()
        var done = survey.answersThere
        var scene = try await stage.next()
        while let present = scene {
            try Task.checkCancellation()
            // The next lines are read and rendered while the engine writes these.
            async let following = stage.next()
            let pen = try await database.write { connection in
                var pen = log.pen(for: tenant)
                try pen.append(present.statements, on: connection)
                try book.record(present.answers, in: tenant, on: connection)
                try move(
                    Marker(linesDone: present.linesDone, digest: present.digest, startedAt: startedAt), on: connection)
                return pen
            }
            log.keep(pen)
            done += present.answers.count
            progress(done, survey.answers, "\(done) of \(survey.answers) answers are in.")
            scene = try await following
        }
        return report(survey, made: cast.made, answers: done - survey.answersThere, isDryRun: false)
    }
}

/// Reads lines and turns them into statements, one batch ahead of the engine.
private actor Stage {
    struct Scene: Sendable {
        let statements: [RenderedDraft]
        let answers: [Answer]
        /// Where the file stood after its last line.
        let linesDone: Int
        let digest: [UInt8]
    }

    private let cast: Cast
    private let world: World
    private var file: ResponsesFile

    init(_ run: ResponsesImport, _ cast: Cast, after marker: Marker?) throws {
        self.cast = cast
        world = run.world
        file = try ResponsesFile(path: run.path)
        if let marker { try file.skip(to: marker.linesDone) }
    }

    func next() throws -> Scene? {
        var batch: [Response] = []
        while batch.count < ResponsesImport.batchLimit, let entry = try file.next() {
            switch entry {
            case .response(let response): batch.append(response)
            case .issue(let issue): throw ResponsesImport.refused([issue])
            }
        }
        if batch.isEmpty { return nil }
        let (statements, answers) = cast.play(batch, world: world)
        return Scene(
            statements: statements, answers: answers, linesDone: file.linesRead,
            digest: Array(file.hash.finalize()))
    }
}

// Reading it once before anything is written.
extension ResponsesImport {
    struct Survey {
        var answers = 0
        /// Those that an earlier run brought in.
        var answersThere = 0
        /// Each once, in the order in which the file first names them.
        private(set) var learners: [String] = []
        private(set) var skills: [String] = []
        /// With the skills of the first answer to it.
        private(set) var items: [(name: String, skills: [String])] = []
        private var seen = (learners: Set<String>(), items: Set<String>(), skills: Set<String>())

        mutating func meet(_ response: Response) {
            answers += 1
            if response.learner != learners.last, seen.learners.insert(response.learner).inserted {
                learners.append(response.learner)
            }
            if seen.items.insert(response.item).inserted { items.append((response.item, response.skills)) }
            for skill in response.skills where seen.skills.insert(skill).inserted { skills.append(skill) }
        }
    }

    /// Reads the whole file, so that a fault in its last line is told before the first is written.
    private func survey(_ marker: Marker?, _ progress: ImportProgress) async throws -> Survey {
        var file = try ResponsesFile(path: path)
        var survey = Survey()
        var issues: [InputIssue] = []
        var isChecked = marker == nil
        while true {
            if let marker, !isChecked, file.linesRead >= marker.linesDone {
                guard file.linesRead == marker.linesDone, Array(file.hash.finalize()) == marker.digest else {
                    throw changed(marker)
                }
                isChecked = true
                survey.answersThere = survey.answers
            }
            guard let entry = try file.next() else { break }
            switch entry {
            case .response(let response):
                survey.meet(response)
                if survey.answers.isMultiple(of: 50_000) {
                    progress(0, nil, "Reading: \(survey.answers) answers so far.")
                }
            case .issue(let issue):
                issues.append(issue)
                if issues.count == InputIssue.limit { throw ResponsesImport.refused(issues) }
            }
        }
        if !issues.isEmpty { throw ResponsesImport.refused(issues) }
        if let marker, !isChecked { throw changed(marker) }
        return survey
    }

    private func changed(_ marker: Marker) -> Problem {
        Problem(
            .conflict, "responses-changed",
            """
            The data set “\(source)” is in already, and the first \(marker.linesDone) lines of this file are not those \
            that came in. Rename the file to import it as another data set.
            """)
    }

    static func refused(_ issues: [InputIssue]) -> Problem {
        Problem(
            .invalid, "import-refused",
            "\(issues.count == 1 ? "One line is" : "\(issues.count) lines are") wrong. Nothing was imported.",
            issues: issues)
    }

    private func report(_ survey: Survey, made: Made, answers: Int, isDryRun: Bool) -> ImportReport {
        ImportReport(
            .responses, isDryRun: isDryRun,
            counts: [
                .init("answers", answers),
                .init("answers there before", survey.answersThere),
                .init("learners in the file", survey.learners.count),
                .init("learners created", made.learners),
                .init("items in the file", survey.items.count),
                .init("items created", made.items),
                .init("skills in the file", survey.skills.count),
                .init("skills created", made.skills),
            ])
    }
}

/// How far an earlier run came.
struct Marker {
    /// The header included.
    let linesDone: Int
    /// SHA-256 of those lines.
    let digest: [UInt8]
    let startedAt: Moment
}

/// What a run made beside answers.
struct Made {
    var learners = 0, items = 0, skills = 0
}

extension ResponsesImport {
    private func marker() async throws -> Marker? {
        try await database.read { connection in
            try connection.row(
                """
                SELECT lines_done, digest, started_at FROM import_progress
                WHERE tenant = \(tenant) AND kind = 'responses' AND source = \(source)
                """
            ).map {
                Marker(
                    linesDone: try $0.get("lines_done"), digest: try $0.get("digest"),
                    startedAt: try $0.get("started_at"))
            }
        }
    }

    private func move(_ marker: Marker, on connection: any Connection) throws {
        try connection.run(
            """
            INSERT INTO import_progress (tenant, kind, source, digest, lines_done, started_at, changed_at)
            VALUES (\(tenant), 'responses', \(source), \(marker.digest), \(marker.linesDone), \(marker.startedAt),
                \(world.now()))
            ON CONFLICT (tenant, kind, source) DO UPDATE SET digest = excluded.digest,
                lines_done = excluded.lines_done, changed_at = excluded.changed_at
            """)
    }
}
