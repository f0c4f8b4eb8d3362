public import Basis
import JSON
import Storage

extension Library {
    /// Takes a file of learning objects or of body texts in, JSON Lines or CSV (unpacked): all of it or none of it.
    ///
    /// Rows are known by their `id`. A row that says what is known already is passed over; one that says something
    /// else makes the next version. So an import that was cut off is simply run again.
    ///
    /// - Shape: `skills` turns words into skills. `progress` is told the rows done and the rows in all; it may be told
    ///   the same again when the transaction is tried again.
    /// - Throws: `Problem`: `import-empty`, or `import-refused` with an issue a place.
    public func importCatalogue(
        _ bytes: [UInt8], tenant: TenantID, dryRun: Bool = false, skills: @escaping SkillResolver,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> CatalogueReport {
        let file = try CatalogueFile(bytes: bytes)
        do {
            let report = try await database.write { connection in
                var report = CatalogueReport(
                    subject: file.subject, warnings: file.warnings.list, warningCount: file.warnings.count)
                var intake = Intake(library: self, tenant: tenant, now: world.now(), progress: progress)
                intake.total = file.drafts.count + file.texts.count
                let bumped = try intake.take(file.drafts, skills: skills, into: &report, on: connection)
                try intake.take(file.texts, bumped: bumped, into: &report, on: connection)
                if !dryRun { return report }
                report.isDryRun = true
                throw Rehearsal(report: report)
            }
            if report.created + report.updated >= Library.settleThreshold {
                // The import is whole already: a server that refuses this is only slower for a while.
                _ = try? await database.write { try searchIndex(of: $0.dialect).settle(on: $0) }
            }
            return report
        } catch let rehearsal as Rehearsal {
            return rehearsal.report
        }
    }

    /// Changed rows from which on the search index is tidied at once rather than in the server's own time.
    private static let settleThreshold = 200

    /// Undoes a dry run.
    private struct Rehearsal: Error { let report: CatalogueReport }
}

/// One try of one import.
struct Intake {
    let library: Library
    let tenant: TenantID
    let now: Moment
    let progress: @Sendable (Int, Int) -> Void
    var total = 0
    private var done = 0

    init(
        library: Library, tenant: TenantID, now: Moment, progress: @escaping @Sendable (Int, Int) -> Void
    ) {
        self.library = library
        self.tenant = tenant
        self.now = now
        self.progress = progress
    }

    mutating func advance(_ count: Int) {
        done += count
        progress(done, total)
    }

    /// An object that is there already.
    struct Known {
        let id: ID<Content>
        let number: Int
        let version: Int
        let hash: [UInt8]
        let language: String
        let hasText: Bool
        let createdAt: Moment
    }

    func known(_ keys: [String], on connection: any Connection) throws -> [String: Known] {
        var known: [String: Known] = [:]
        for chunk in chunks(keys) {
            let rows = try connection.rows(
                """
                SELECT key, id, number, version, hash, language, has_text, created_at FROM content
                WHERE tenant = \(tenant) AND key IN (\(SQL.list(chunk)))
                """)
            for row in rows {
                known[try row.get("key")] = Known(
                    id: try row.get("id"), number: try row.get("number"), version: try row.get("version"),
                    hash: try row.get("hash"), language: try row.get("language"), hasText: try row.get("has_text"),
                    createdAt: try row.get("created_at"))
            }
        }
        return known
    }

    /// What the search index holds, or should hold, of some objects.
    func documents(of numbers: [Int], on connection: any Connection) throws -> [SearchDocument] {
        var bodies: [Int: [String: String]] = [:]
        let list = SQL.list(numbers)
        let texts = try connection.rows(
            """
            SELECT content, language, body FROM content_text
            WHERE tenant = \(tenant) AND content IN (\(list)) ORDER BY content, since_version
            """)
        for row in texts { bodies[try row.get("content"), default: [:]][try row.get("language")] = try row.get("body") }
        let rows = try connection.rows(
            "SELECT number, title, description FROM content WHERE tenant = \(tenant) AND number IN (\(list))")
        return try rows.map { row in
            let number: Int = try row.get("number")
            return SearchDocument(
                number: number, title: try row.get("title"), description: try row.get("description"),
                body: (bodies[number] ?? [:]).sorted { $0.key < $1.key }.map(\.value).joined(separator: "\n\n"))
        }
    }

    /// Runs a change of some objects, of which `before` were there already, and then brings the search index to what
    /// they are afterwards.
    func reindexing(
        _ numbers: [Int], before: Set<Int>, on connection: any Connection, _ change: () throws -> Void
    ) throws {
        let index = searchIndex(of: connection.dialect)
        let old = try documents(of: numbers.filter(before.contains), on: connection)
        try change()
        try index.replace(old, by: try documents(of: numbers, on: connection), tenant, on: connection)
    }
}
