public import Basis
import Input
import JSON
import Storage

/// What an import of statements did, or would do.
public struct StatementLinesReport: Hashable, Sendable {
    /// Lines that hold a statement.
    public var lines = 0
    public var created = 0
    /// There already, with the same content.
    public var unchanged = 0
    /// Erased here before, so that they do not come back.
    public var erased = 0
    /// Attachments whose bytes came with them.
    public var attachments = 0

    public init() {}
}

extension StatementLog {
    /// Files up to this many lines go in as a whole or not at all; longer ones in pieces, and again where they stopped.
    public static let wholeFileLineLimit = 100_000

    /// Reads statements from JSON Lines, as `exportLines` writes them or as any record store can, with the attachments
    /// that stand between them: see `AttachmentLine`.
    ///
    /// Every line is checked before the first is stored. A line's `authority` is kept; without one it is `authority`.
    /// A line without `id` gets one that follows from its place and its bytes, so that the same file again changes
    /// nothing.
    ///
    /// The file may be packed by gzip. `progress` is told the number of lines stored so far.
    ///
    /// - Returns: What was stored; in a dry run, what would be.
    /// - Throws: `Problem` (`import-refused`) with the line and pointer of each flaw; the database is as before, but
    ///   for a file longer than `wholeFileLineLimit`, of which whole pieces before the refused one stay.
    public func importLines(
        from path: String, to tenant: TenantID, by authority: Authority, isDryRun: Bool = false,
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws -> StatementLinesReport {
        let lines = try checkLines(of: path)
        if isDryRun { return try await rehearse(path, tenant) }
        if lines <= StatementLog.wholeFileLineLimit {
            let (report, pen) = try await database.write { connection in
                var pen = StatementPen(tenant: tenant, log: self)
                var report = StatementLinesReport()
                var reader = try StatementLineReader(path: path)
                while let chunk = try reader.next(.reading) {
                    try pen.store(chunk, by: authority, at: world.now(), on: connection, into: &report)
                    progress(report.lines)
                }
                return (report, pen)
            }
            keep(pen)
            return report
        }
        var report = StatementLinesReport()
        var reader = try StatementLineReader(path: path)
        while let chunk = try reader.next(.reading) {
            let before = report
            let (after, pen) = try await database.write { connection in
                var pen = StatementPen(tenant: tenant, log: self)
                var report = before
                try pen.store(chunk, by: authority, at: world.now(), on: connection, into: &report)
                return (report, pen)
            }
            keep(pen)
            report = after
            progress(report.lines)
        }
        return report
    }

    /// - Returns: The number of statements.
    private func checkLines(of path: String) throws -> Int {
        var reader = try StatementLineReader(path: path)
        var issues: [InputIssue] = []
        var count = 0
        while issues.count < InputIssue.limit, let chunk = try reader.next(.checking) {
            issues += chunk.issues
            count += chunk.entries.count
        }
        if !issues.isEmpty { throw refusal(Array(issues.prefix(InputIssue.limit))) }
        return count
    }

    private func rehearse(_ path: String, _ tenant: TenantID) async throws -> StatementLinesReport {
        var report = StatementLinesReport()
        var reader = try StatementLineReader(path: path)
        while let chunk = try reader.next(.reading) {
            let entries = try chunk.distinct()
            let (known, gone) = try await database.read { connection in
                let gone = try ErasedStatements.among(entries.map(\.id), of: tenant, on: connection)
                let kept = entries.filter { !gone.contains($0.id) }
                return (try asRefusal { try StatementPen.unchanged(kept, of: tenant, on: connection) }, gone)
            }
            report.lines += chunk.entries.count
            report.created += entries.count - known.count - gone.count
            report.erased += chunk.entries.count { gone.contains($0.id) }
        }
        report.unchanged = report.lines - report.created - report.erased
        return report
    }
}

extension StatementPen {
    fileprivate mutating func store(
        _ chunk: StatementLineReader.Chunk, by authority: Authority, at moment: Moment, on connection: any Connection,
        into report: inout StatementLinesReport
    ) throws {
        let whole = StatementBatch(version: .two, entries: try chunk.distinct())
        let gone = try ErasedStatements.among(whole.entries.map(\.id), of: tenant, on: connection)
        let batch = gone.isEmpty ? whole : whole.without(gone)
        let erased = gone.isEmpty ? 0 : chunk.entries.count { gone.contains($0.id) }
        var pen = self
        let outcome = try asRefusal {
            try pen.store(batch, by: authority, keepingAuthority: true, on: connection)
        }
        self = pen
        try AttachmentStore.keep(batch, of: tenant, at: moment, on: connection)
        report.attachments += chunk.attachmentCount
        report.lines += chunk.entries.count
        report.created += outcome.created
        report.erased += erased
        report.unchanged += chunk.entries.count - outcome.created - erased
    }
}

/// Statements of a file, some thousand at a time.
private struct StatementLineReader {
    enum Care { case checking, reading }

    struct Chunk: Sendable {
        var entries: [StatementBatch.Entry] = []
        var issues: [InputIssue] = []
        var attachmentCount = 0
        var attachmentBytes = 0

        var isEmpty: Bool { entries.isEmpty && issues.isEmpty && attachmentBytes == 0 }

        /// Each identifier once.
        ///
        /// - Throws: `Problem` (`import-refused`) when two lines with one identifier say different things.
        func distinct() throws -> [StatementBatch.Entry] {
            var seen: [ID<Statement>: Int] = [:]
            var kept: [StatementBatch.Entry] = []
            for entry in entries {
                guard let first = seen[entry.id] else {
                    seen[entry.id] = kept.count
                    kept.append(entry)
                    continue
                }
                guard StatementComparison.isSame(kept[first].body, entry.body) else {
                    let detail = "The id \(entry.id) stands on an earlier line with another content. Give each its own."
                    throw refusal([InputIssue(line: line(of: entry.pointer.description), column: "/id", detail)])
                }
            }
            return kept
        }
    }

    /// Statements of one piece, which is one transaction in long files.
    private static let chunkLimit = 5_000
    /// Bytes of the attachments of one piece.
    private static let attachmentByteLimit = 32 << 20

    private var lines: LineReader
    private var attachments = AttachmentLines()

    init(path: String) throws { lines = try LineReader(path: path) }

    mutating func next(_ care: Care) throws -> Chunk? {
        var chunk = Chunk()
        attachments.dropBytes()
        while chunk.entries.count < StatementLineReader.chunkLimit, chunk.issues.count < InputIssue.limit,
            chunk.attachmentBytes < StatementLineReader.attachmentByteLimit
        {
            guard let line = try lines.next() else {
                if attachments.isOpen {
                    attachments = AttachmentLines()
                    chunk.issues.append(
                        InputIssue(line: lines.number, "The file ends within an attachment. Export it again."))
                }
                return chunk.isEmpty ? nil : chunk
            }
            let bytes = Array(line)
            let span = JSONSpan.document(of: bytes)
            if span.isEmpty { continue }
            read(Array(bytes[span]), care, into: &chunk)
        }
        return chunk
    }

    private mutating func read(_ body: [UInt8], _ care: Care, into chunk: inout Chunk) {
        let statement: JSONValue
        do {
            statement = try JSONValue(parsing: body)
        } catch {
            chunk.issues.append(InputIssue(line: lines.number, "Column \(error.column): \(error.detail)"))
            return
        }
        if statement["attachment"] != nil {
            do {
                let count = try attachments.read(statement)
                chunk.attachmentBytes += count
                if !attachments.isOpen { chunk.attachmentCount += 1 }
            } catch {
                chunk.issues.append(InputIssue(line: lines.number, column: error.pointers.first, error.detail))
            }
            return
        }
        let version = statement["version"]?.string.flatMap { XAPIVersion(header: $0) } ?? .two
        if care == .checking {
            let flaws = StatementValidator(version).flaws(in: statement)
            chunk.issues += flaws.map { InputIssue(line: lines.number, column: $0.pointer, $0.detail) }
            if !flaws.isEmpty { return }
        }
        let own = statement["id"]?.string.flatMap { ID<Statement>($0) }
        let id = own ?? ID<Statement>(derivedFrom: Array("\(lines.number) ".utf8) + body)
        chunk.entries.append(
            StatementBatch.Entry(
                id: id, isFresh: false, body: body,
                form: care == .reading ? Commitment.form(of: statement, id: id) : [],
                facts: StatementFacts(statement), version: version, pointer: JSONPointer().appending(lines.number),
                attachments: attachments.carried(by: statement)))
    }
}

private func refusal(_ issues: [InputIssue]) -> Problem {
    let first = issues.first.map { " The first: \($0)" } ?? ""
    return Problem(
        .invalid, "import-refused", "Nothing was imported: \(issues.count) places are wrong.\(first)", issues: issues)
}

/// The line that begins an entry's pointer.
private func line(of pointer: String) -> Int {
    pointer.split(separator: "/").first.flatMap { Int($0) } ?? 0
}

/// Turns a problem with a statement into one with a line.
private func asRefusal<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let problem as Problem where !problem.pointers.isEmpty {
        throw refusal(
            problem.pointers.map { pointer in
                let rest = pointer.split(separator: "/").dropFirst().map { "/\($0)" }.joined()
                return InputIssue(line: line(of: pointer), column: rest, problem.detail)
            })
    }
}
