public import Basis

/// The queue of jobs, kept in the same database as the work.
///
/// A worker holds a job by a lease; when it dies, the lease runs out and another worker takes the job up again.
public struct JobQueue: Sendable {
    public static let lease = Duration.seconds(60)
    /// Starts in all before a job counts as failed.
    public static let attemptLimit = 3

    private let database: any Database
    private let world: World
    let notes: JobNotes

    /// - Parameters:
    ///   - database: Migrated.
    ///   - world: The clock and chance.
    ///   - notes: What the jobs of this process say of themselves; shared by all queues that are to see it.
    public init(database: any Database, world: World, notes: JobNotes = JobNotes()) {
        self.database = database
        self.world = world
        self.notes = notes
    }

    /// Adds a job and returns its identity. It starts at `runAt`, at once when nil.
    public func add(
        _ kind: String, payload: String, for tenant: TenantID, by person: ID<Person>? = nil, runAt: Moment? = nil
    ) async throws -> ID<Job> {
        let (id, now) = (world.id(Job.self), world.now())
        try await database.write { connection in
            try connection.run(
                """
                INSERT INTO job (tenant, id, kind, payload, state, done, message, report, attempts, run_at, created_at,
                    created_by)
                VALUES (\(tenant), \(id), \(kind), \(payload), 'queued', 0, '', '', 0, \(runAt ?? now), \(now),
                    \(person))
                """)
        }
        return id
    }

    /// Adds a job that starts at once, unless the tenant has one of its kind since a moment already.
    ///
    /// - Returns: Nil when there was one.
    public func addOnce(
        _ kind: String, payload: String, for tenant: TenantID, since moment: Moment
    ) async throws -> ID<Job>? {
        let (id, now) = (world.id(Job.self), world.now())
        return try await database.write { connection in
            let isThere = try connection.holds(
                """
                SELECT 1 AS one FROM job WHERE tenant = \(tenant) AND kind = \(kind) AND created_at >= \(moment)
                """)
            if isThere { return nil }
            try connection.run(
                """
                INSERT INTO job (tenant, id, kind, payload, state, done, message, report, attempts, run_at, created_at)
                VALUES (\(tenant), \(id), \(kind), \(payload), 'queued', 0, '', '', 0, \(now), \(now))
                """)
            return id
        }
    }

    /// The job, or nil when the tenant has none of that identity.
    public func find(_ id: ID<Job>, of tenant: TenantID) async throws -> JobRecord? {
        try await database.read { connection in
            try connection.row("SELECT * FROM job WHERE tenant = \(tenant) AND id = \(id)").map(JobRecord.init)
        }?.noting(notes[id])
    }

    /// The newest jobs first, those whose kind begins with `prefix`.
    public func list(of tenant: TenantID, kind prefix: String, limit: Int = 50) async throws -> [JobRecord] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT * FROM job WHERE tenant = \(tenant) AND kind LIKE \(prefix + "%")
                ORDER BY created_at DESC, id DESC LIMIT \(limit)
                """
            ).map(JobRecord.init)
        }.map { $0.noting(notes[$0.id]) }
    }

    /// Takes the oldest job that is due, or whose worker's lease ran out.
    public func take(kinds: [String]) async throws -> JobRecord? {
        let now = world.now()
        return try await database.write { connection in
            let row = try connection.row(
                """
                SELECT tenant, id FROM job
                WHERE kind IN (\(SQL.list(kinds))) AND run_at <= \(now)
                AND (state = 'queued' OR (state = 'running' AND leased_until < \(now)))
                ORDER BY run_at, id LIMIT 1 \(sqlite: "", postgres: "FOR UPDATE SKIP LOCKED")
                """)
            guard let row else { return nil }
            let (tenant, id): (TenantID, ID<Job>) = (try row.get("tenant"), try row.get("id"))
            try connection.run(
                """
                UPDATE job SET state = 'running', leased_until = \(now + JobQueue.lease), attempts = attempts + 1
                WHERE tenant = \(tenant) AND id = \(id)
                """)
            return try connection.row("SELECT * FROM job WHERE tenant = \(tenant) AND id = \(id)").map(JobRecord.init)
        }
    }

    /// Says how far a running job is, and holds on to it. False when it was cancelled meanwhile.
    public func progress(_ job: JobRecord, done: Int, total: Int?, message: String) async throws -> Bool {
        let until = world.now() + JobQueue.lease
        return try await database.write { connection in
            try connection.run(
                """
                UPDATE job SET done = \(done), total = \(total), message = \(message), leased_until = \(until)
                WHERE tenant = \(job.tenant) AND id = \(job.id) AND state = 'running'
                """) == 1
        }
    }

    /// Ends a running job with what came of it; a job that was cancelled meanwhile stays so.
    public func finish(_ job: JobRecord, _ state: JobRecord.State, message: String, report: String) async throws {
        let now = world.now()
        try await database.write { connection in
            try connection.run(
                """
                UPDATE job SET state = \(state), message = \(message), report = \(report), finished_at = \(now)
                WHERE tenant = \(job.tenant) AND id = \(job.id) AND state = 'running'
                """)
        }
    }

    /// Cancels a job that has not ended; a running one stops at its next progress.
    public func cancel(_ id: ID<Job>, of tenant: TenantID) async throws {
        let now = world.now()
        try await database.write { connection in
            try connection.run(
                """
                UPDATE job SET state = 'cancelled', message = 'Cancelled.', finished_at = \(now)
                WHERE tenant = \(tenant) AND id = \(id) AND state IN ('queued', 'running')
                """)
        }
    }

    public static let migrations = [
        Migration(
            "storage-0001-jobs",
            """
            CREATE TABLE job (
                tenant \(type: .integer) NOT NULL,
                id TEXT NOT NULL,
                kind TEXT NOT NULL,
                payload TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
                done \(type: .integer) NOT NULL,
                total \(type: .integer),
                message TEXT NOT NULL,
                report TEXT NOT NULL,
                attempts \(type: .integer) NOT NULL,
                run_at \(type: .integer) NOT NULL,
                leased_until \(type: .integer),
                created_at \(type: .integer) NOT NULL,
                created_by TEXT,
                finished_at \(type: .integer),
                PRIMARY KEY (tenant, id)
            )\(SQL.strict)
            """,
            "CREATE INDEX job_due ON job (state, run_at)"
        )
    ]
}
