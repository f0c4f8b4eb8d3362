import Basis

/// What a worker may do with its job: say how far it is.
public struct JobProgress: Sendable {
    private let tell: @Sendable (Int, Int?, String) async throws -> Void
    private let jot: @Sendable (JobNotes.Note) -> Void

    init(
        jot: @escaping @Sendable (JobNotes.Note) -> Void,
        tell: @escaping @Sendable (Int, Int?, String) async throws -> Void
    ) {
        self.jot = jot
        self.tell = tell
    }

    /// Says it at once and to this process only, also from within a transaction.
    public func note(_ done: Int, of total: Int?, _ message: String) {
        jot(JobNotes.Note(done: done, total: total, message: message))
    }

    /// - Throws: `CancellationError` when the job was cancelled.
    public func callAsFunction(_ done: Int, of total: Int?, _ message: String) async throws {
        try await tell(done, total, message)
    }
}

/// The outcome of a job: a sentence, and a report as JSON text.
public struct JobOutcome: Sendable {
    public let message: String
    public let report: String

    public init(message: String, report: String) {
        self.message = message
        self.report = report
    }
}

/// Does the jobs of the queue, one after another, until it is cancelled.
public struct JobRunner: Sendable {
    /// Does the work of one kind of job.
    public typealias Worker = @Sendable (JobRecord, JobProgress) async throws -> JobOutcome

    private let queue: JobQueue
    private let workers: [String: Worker]
    private let fault: @Sendable (any Error) -> Void

    /// - Parameters:
    ///   - queue: Where the jobs stand.
    ///   - workers: What does the work, by kind.
    ///   - fault: Told of what went wrong on our side, for the log.
    public init(queue: JobQueue, workers: [String: Worker], fault: @escaping @Sendable (any Error) -> Void) {
        self.queue = queue
        self.workers = workers
        self.fault = fault
    }

    /// Looks for a job each `pause`, and at once again after one is done.
    public func run(pause: Duration = .milliseconds(500)) async throws {
        while !Task.isCancelled {
            do {
                if try await runOne() { continue }
            } catch is CancellationError {
                return
            } catch {
                fault(error)
            }
            try? await Task.sleep(for: pause)
        }
    }

    /// Does one job if one is due. Returns whether there was one.
    public func runOne() async throws -> Bool {
        guard let job = try await queue.take(kinds: workers.keys.sorted()), let worker = workers[job.kind] else {
            return false
        }
        defer { queue.notes.forget(job.id) }
        let progress = JobProgress(jot: { queue.notes.keep($0, of: job.id) }) { done, total, message in
            let goesOn = try await queue.progress(job, done: done, total: total, message: message)
            if !goesOn || Task.isCancelled { throw CancellationError() }
        }
        do {
            guard job.attempts <= JobQueue.attemptLimit else {
                throw Problem(.fault, "job-abandoned", "It was started \(JobQueue.attemptLimit) times and never ended.")
            }
            let outcome = try await worker(job, progress)
            try await queue.finish(job, .done, message: outcome.message, report: outcome.report)
        } catch is CancellationError {
            if Task.isCancelled { throw CancellationError() }
        } catch {
            let problem = (error as? Problem) ?? (error as? any ProblemConvertible)?.problem
            if problem == nil || problem?.kind == .fault { fault(error) }
            let detail = problem?.detail ?? "Something broke on our side."
            let lines = (problem?.issues ?? []).map(\.description).joined(separator: "\n")
            try await queue.finish(job, .failed, message: detail, report: lines)
        }
        return true
    }
}
