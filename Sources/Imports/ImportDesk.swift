public import Basis
import Foundation
import Input
import JSON
public import Storage
import Synchronization

/// A file that waits for its import.
public enum SpooledFile {}

/// Takes files that were uploaded and imports them as jobs, with progress that pages and the API show.
///
/// The files wait in the database, so that any node may import them and a restart loses none.
public struct ImportDesk: Sendable {
    /// A file that nobody imports is kept this long.
    public static let keeping = Duration.days(7)

    private let database: any Database
    private let world: World
    private let queue: JobQueue

    /// - Parameters:
    ///   - database: Migrated.
    ///   - world: The clock and chance.
    ///   - notes: Those of the queue that pages and the API read.
    public init(database: any Database, world: World, notes: JobNotes = JobNotes()) {
        self.database = database
        self.world = world
        queue = JobQueue(database: database, world: world, notes: notes)
    }

    /// Takes a file in and queues its import.
    ///
    /// - Returns: The job: see `JobQueue.find`. Its report is `ImportReport.json`, or issues line by line.
    /// - Throws: `Problem` (`file-empty`).
    public func submit(
        _ kind: ImportKind, name: String, bytes: [UInt8], dryRun: Bool, for tenant: TenantID, by person: ID<Person>?
    ) async throws -> ID<Job> {
        guard !bytes.isEmpty else {
            throw Problem(.invalid, "file-empty", "The file is empty. Choose another.", at: ["/file"])
        }
        let (id, now) = (world.id(SpooledFile.self), world.now())
        try await database.write { connection in
            try connection.run("DELETE FROM import_file WHERE created_at < \(now - ImportDesk.keeping)")
            try connection.run(
                """
                INSERT INTO import_file (tenant, id, name, bytes, created_at)
                VALUES (\(tenant), \(id), \(name), \(bytes), \(now))
                """)
        }
        let ticket = ImportTicket(kind: kind, file: id, fileName: name, isDryRun: dryRun)
        return try await queue.add(kind.jobKind, payload: ticket.payload, for: tenant, by: person)
    }

    /// Queues the import of a file that a dry run looked at.
    ///
    /// - Throws: `Problem` (`file-gone`) when it is no longer kept.
    public func run(after rehearsal: JobRecord, by person: ID<Person>?) async throws -> ID<Job> {
        guard let ticket = ImportTicket(rehearsal), try await isKept(rehearsal) else { throw ImportDesk.gone }
        let payload = ImportTicket(kind: ticket.kind, file: ticket.file, fileName: ticket.fileName, isDryRun: false)
        return try await queue.add(
            ticket.kind.jobKind, payload: payload.payload, for: rehearsal.tenant, by: person)
    }

    /// Whether the file of an import is still kept: after a dry run, and until it was imported.
    public func isKept(_ job: JobRecord) async throws -> Bool {
        guard let ticket = ImportTicket(job) else { return false }
        return try await database.read { connection in
            try connection.holds(
                "SELECT 1 AS one FROM import_file WHERE tenant = \(job.tenant) AND id = \(ticket.file)")
        }
    }

    /// The imports of a tenant, the newest first.
    public func list(of tenant: TenantID, limit: Int = 50) async throws -> [JobRecord] {
        try await queue.list(of: tenant, kind: "import-", limit: limit)
    }

    /// What does the jobs, by kind, for `JobRunner`.
    public var workers: [String: JobRunner.Worker] {
        let pairs = ImportKind.allCases.map { kind -> (String, JobRunner.Worker) in
            (kind.jobKind, { job, progress in try await work(kind, job, progress) })
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    private func work(_ kind: ImportKind, _ job: JobRecord, _ progress: JobProgress) async throws -> JobOutcome {
        guard let ticket = ImportTicket(job) else {
            throw Problem(.fault, "job-payload", "The job does not say what to import.")
        }
        let folder = try ImportDesk.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = try await unpack(ticket.file, of: job.tenant, into: folder)
        do {
            let report = try await following(progress) { tell in
                try await Importer(database: database, world: world).run(
                    kind, path: path, name: ticket.fileName, tenant: job.tenant, dryRun: ticket.isDryRun,
                    progress: tell)
            }
            if !ticket.isDryRun { try await remove(ticket.file, of: job.tenant) }
            return JobOutcome(message: report.sentence, report: report.json.text)
        } catch let error as CancellationError {
            throw error
        } catch {
            try await remove(ticket.file, of: job.tenant)
            throw error
        }
    }

    private func unpack(_ id: ID<SpooledFile>, of tenant: TenantID, into folder: String) async throws -> String {
        let bytes = try await database.read { connection in
            try connection.row("SELECT bytes FROM import_file WHERE tenant = \(tenant) AND id = \(id)")
                .map { try $0.get("bytes", as: [UInt8].self) }
        }
        guard let bytes else { throw ImportDesk.gone }
        let path = folder + "/upload"
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
            throw Problem(.unavailable, "spool", "There is no room for the file in \(NSTemporaryDirectory()).")
        }
        return path
    }

    /// A folder that nobody else has, also not another program that does a job of the same name.
    private static func makeFolder() throws -> String {
        var template = Array((NSTemporaryDirectory() + folderPrefix + "XXXXXX").utf8CString)
        guard let path = mkdtemp(&template) else {
            throw Problem(.unavailable, "spool", "There is no room for a file in \(NSTemporaryDirectory()).")
        }
        return String(cString: path)
    }

    /// How the names of folders begin in which uploaded files are read.
    static let folderPrefix = "leeway-import-"
    /// No import takes this long.
    public static let folderAge = Duration.days(1)

    /// Removes folders that imports left behind because their server was killed. Call it when a server starts.
    ///
    /// A folder is left behind when nothing of it changed for `folderAge`. Others' folders, which this user may not
    /// remove, stay.
    ///
    /// - Parameter parent: Where they lie; nil for where imports make them.
    /// - Returns: How many were removed.
    @discardableResult
    public func sweep(_ parent: String? = nil) -> Int {
        let parent = parent ?? NSTemporaryDirectory()
        let (files, limit) = (FileManager.default, world.now() - ImportDesk.folderAge)
        let names = (try? files.contentsOfDirectory(atPath: parent)) ?? []
        var count = 0
        for name in names where name.hasPrefix(ImportDesk.folderPrefix) {
            let folder = URL(filePath: parent).appending(path: name).path
            let parts = ["", "/upload"].compactMap { part in
                (try? files.attributesOfItem(atPath: folder + part))?[.modificationDate] as? Date
            }
            guard let last = parts.max(), Int64(last.timeIntervalSince1970 * 1_000_000) < limit.microseconds else {
                continue
            }
            if (try? files.removeItem(atPath: folder)) != nil { count += 1 }
        }
        return count
    }

    private static var gone: Problem {
        Problem(.missing, "file-gone", "The uploaded file is no longer there. Upload it again.")
    }

    private func remove(_ id: ID<SpooledFile>, of tenant: TenantID) async throws {
        try await database.write { connection in
            try connection.run("DELETE FROM import_file WHERE tenant = \(tenant) AND id = \(id)")
        }
    }

    /// Runs an import and tells the job meanwhile how far it is. Ends it when the job is cancelled.
    private func following(
        _ progress: JobProgress, _ run: @escaping @Sendable (@escaping ImportProgress) async throws -> ImportReport
    ) async throws -> ImportReport {
        let latest = Latest()
        return try await withThrowingTaskGroup(of: ImportReport?.self) { group in
            group.addTask {
                try await run { done, total, message in
                    latest.keep(done, total, message)
                    progress.note(done, of: total, message)
                }
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: .milliseconds(400))
                    if let (done, total, message) = latest.take() { try await progress(done, of: total, message) }
                }
            }
            defer { group.cancelAll() }
            while let outcome = try await group.next() {
                if let report = outcome { return report }
            }
            throw CancellationError()
        }
    }
}

/// The last that an import said of itself.
private final class Latest: Sendable {
    private let told = Mutex<(Int, Int?, String)?>(nil)

    func keep(_ done: Int, _ total: Int?, _ message: String) { told.withLock { $0 = (done, total, message) } }

    func take() -> (Int, Int?, String)? {
        told.withLock { told in
            defer { told = nil }
            return told
        }
    }
}
