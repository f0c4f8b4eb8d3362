public import Basis

/// A piece of slow or timed work, as it stands.
public struct JobRecord: Sendable {
    /// Where a job stands.
    public enum State: String, Storable, Sendable {
        case queued, running, done, failed, cancelled
    }

    public let id: ID<Job>
    public let tenant: TenantID
    /// Which worker it is for, such as `import-catalogue`.
    public let kind: String
    /// What the worker needs, as JSON text.
    public let payload: String
    public let state: State
    /// Steps done, and in all; `total` is nil while unknown.
    public private(set) var done: Int
    public private(set) var total: Int?
    /// What it is doing, or what came of it. For people.
    public private(set) var message: String
    /// The report of the finished work as JSON text; empty before.
    public let report: String
    public let attempts: Int
    public let createdAt: Moment
    public let createdBy: ID<Person>?
    public let finishedAt: Moment?

    init(_ row: Row) throws {
        id = try row.get("id")
        tenant = try row.get("tenant")
        kind = try row.get("kind")
        payload = try row.get("payload")
        state = try row.get("state")
        done = try row.get("done")
        total = try row.find("total")
        message = try row.get("message")
        report = try row.get("report")
        attempts = try row.get("attempts")
        createdAt = try row.get("created_at")
        createdBy = try row.find("created_by")
        finishedAt = try row.find("finished_at")
    }

    /// The record with what the running job noted since.
    func noting(_ note: JobNotes.Note?) -> JobRecord {
        guard let note, state == .running else { return self }
        var record = self
        (record.done, record.total, record.message) = (note.done, note.total, note.message)
        return record
    }
}
