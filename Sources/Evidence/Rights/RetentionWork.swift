public import Basis
import JSON
public import Storage

extension RightsDesk {
    /// The kind of the job that runs every rule of a tenant.
    public static let retentionJob = "retention"

    /// Says what a run would do now, and changes nothing.
    ///
    /// - Throws: `Problem` (`retention-missing`); `StorageError`.
    public func forecast(_ id: ID<RetentionRule>, of tenant: TenantID) async throws -> RetentionForecast {
        let now = world.now()
        return try await database.read { connection in
            let rule = try rule(id, of: tenant, on: connection)
            let held = try heldAgents(of: tenant, on: connection)
            let walk = try RetentionWalk(rule: rule, now: now, tenant: tenant, connection: connection)
            let (all, kept) = (try walk.count(), held.isEmpty ? 0 : try walk.count(naming: held))
            return RetentionForecast(
                erased: all - kept, held: kept,
                isStopped: try activeHold(over: nil, of: tenant, on: connection) != nil)
        }
    }

    /// Queues a run of every rule, once a day and tenant whoever asks.
    ///
    /// - Returns: How many tenants' runs were queued.
    @discardableResult
    public func queueDailyRetention() async throws -> Int {
        let today = world.now().day
        let tenants = try await database.read { connection in
            try connection.rows(
                "SELECT DISTINCT tenant FROM retention_rule WHERE ended_at IS NULL ORDER BY tenant"
            ).map { try $0.get("tenant", as: TenantID.self) }
        }
        var count = 0
        for tenant in tenants {
            let isFirst = try await database.write { connection in
                if try connection.holds(
                    "SELECT 1 AS one FROM retention_day WHERE tenant = \(tenant) AND day = \(today)")
                {
                    return false
                }
                try connection.run("DELETE FROM retention_day WHERE tenant = \(tenant)")
                _ = try yielding {
                    try connection.run("INSERT INTO retention_day (tenant, day) VALUES (\(tenant), \(today))")
                }
                return true
            }
            if !isFirst { continue }
            _ = try await queue.add(RightsDesk.retentionJob, payload: "", for: tenant)
            count += 1
        }
        return count
    }

    /// Runs every rule in force, each after the other in bounded transactions. A run that was interrupted goes on.
    ///
    /// - Parameters:
    ///   - tenant: Whose rules.
    ///   - author: Nil for the daily run.
    ///   - progress: Told how many statements were erased so far.
    /// - Returns: The runs.
    /// - Throws: `Problem` (`legal-hold`) while a hold over everybody lasts; `StorageError`.
    public func runRetention(
        of tenant: TenantID, by author: ID<Person>? = nil, progress: (Int) async throws -> Void = { _ in }
    ) async throws -> [RetentionRunRecord] {
        var done: [RetentionRunRecord] = []
        var count = 0
        for rule in try await rules(of: tenant) where rule.endedAt == nil {
            var run = try await open(rule, by: author, of: tenant)
            while run.finishedAt == nil {
                let id = run.id
                run = try await database.write { try step(id, rule, of: tenant, on: $0) }
                try await progress(count + run.erased)
            }
            count += run.erased
            done.append(run)
        }
        return done
    }

    /// The run that was interrupted, or a new one.
    private func open(
        _ rule: RetentionRuleRecord, by author: ID<Person>?, of tenant: TenantID
    ) async throws -> RetentionRunRecord {
        let (now, id) = (world.now(), world.id(RetentionRun.self))
        return try await database.write { connection in
            try checkNoHold(over: nil, of: tenant, on: connection)
            let row = try connection.row(
                """
                SELECT * FROM retention_run WHERE tenant = \(tenant) AND rule = \(rule.id) AND finished_at IS NULL
                ORDER BY started_at LIMIT 1
                """)
            if let row { return try RetentionRunRecord(row) }
            try connection.run(
                """
                INSERT INTO retention_run (tenant, id, rule, before_at, started_at, started_by, place, erased, held)
                VALUES (\(tenant), \(id), \(rule.id), \(now - .days(rule.days)), \(now), \(author), 0, 0, 0)
                """)
            return try runRecord(id, of: tenant, on: connection)
        }
    }

    private func runRecord(
        _ id: ID<RetentionRun>, of tenant: TenantID, on connection: any Connection
    ) throws -> RetentionRunRecord {
        let row = try connection.row("SELECT * FROM retention_run WHERE tenant = \(tenant) AND id = \(id)")
        guard let row else { throw Problem(.missing, "retention-missing", "There is no such run.") }
        return try RetentionRunRecord(row)
    }

    private func step(
        _ id: ID<RetentionRun>, _ rule: RetentionRuleRecord, of tenant: TenantID, on connection: any Connection
    ) throws -> RetentionRunRecord {
        let run = try runRecord(id, of: tenant, on: connection)
        if run.finishedAt != nil { return run }
        try overwriteDeleted(on: connection)
        try checkNoHold(over: nil, of: tenant, on: connection)
        let walk = try RetentionWalk(rule: rule, before: run.before, tenant: tenant, connection: connection)
        let numbers = try walk.next(after: run.place, limit: RightsDesk.batchLimit)
        guard let last = numbers.last else {
            let activity = activity(of: rule.id)
            let leaves = try leaves(of: id.description, tenant, on: connection)
            // What erased nothing is in the table of runs, and need not be in the ledger every day.
            var event: [UInt8]?
            if run.erased > 0 {
                event = try record(
                    .erased, activity, by: run.startedBy, reason: rule.purpose,
                    inputs: [("erased", JSONValue(run.erased)), ("leaves", leaves.json)], for: tenant,
                    on: connection
                ).bytes
            }
            try connection.run(
                """
                UPDATE retention_run SET finished_at = \(world.now()), event = \(event)
                WHERE tenant = \(tenant) AND id = \(id)
                """)
            return try runRecord(id, of: tenant, on: connection)
        }
        let held = try walk.held(numbers, by: try heldAgents(of: tenant, on: connection))
        let eraser = StatementEraser(
            tenant: tenant, run: id.description, now: world.now(), connection: connection)
        let going = try eraser.read(numbers.filter { !held.contains($0) })
        try eraser.erase(going)
        try connection.run(
            """
            UPDATE retention_run SET place = \(last), erased = erased + \(going.count), held = held + \(held.count)
            WHERE tenant = \(tenant) AND id = \(id)
            """)
        return try runRecord(id, of: tenant, on: connection)
    }

    /// The agents of everybody whom a hold protects now.
    private func heldAgents(of tenant: TenantID, on connection: any Connection) throws -> [Int] {
        let people = try connection.rows(
            """
            SELECT DISTINCT person FROM legal_hold WHERE tenant = \(tenant) AND person IS NOT NULL
                AND lifted_at IS NULL AND ends_on >= \(world.now().day)
            """
        ).map { try $0.get("person", as: ID<Person>.self) }
        return try people.flatMap { person -> [Int] in
            guard let identity = try? PersonIdentity(person, of: tenant, on: connection) else { return [] }
            return try PersonAgents(identity, of: tenant, on: connection).numbers
        }
    }

    /// What does the jobs of this desk, by kind, for `JobRunner`.
    public var workers: [String: JobRunner.Worker] {
        [
            RightsDesk.erasureJob: { job, progress in
                guard let id = ID<Erasure>(job.payload) else {
                    throw Problem(.fault, "job-payload", "The job does not say what to erase.")
                }
                let record = try await work(id, of: job.tenant) { done in
                    try await progress(done, of: nil, "Erasing")
                }
                return JobOutcome(message: "Erased.", report: record.id.description)
            },
            RightsDesk.retentionJob: { job, progress in
                let runs = try await runRetention(of: job.tenant, by: job.createdBy) { done in
                    try await progress(done, of: nil, "Erasing what is past its time")
                }
                let count = runs.reduce(0) { $0 + $1.erased }
                return JobOutcome(message: "\(count) statements erased by \(runs.count) rules.", report: "")
            },
        ]
    }

    /// Queues a run of every rule now.
    public func queueRetention(by author: ID<Person>?, of tenant: TenantID) async throws -> ID<Job> {
        try await queue.add(RightsDesk.retentionJob, payload: "", for: tenant, by: author)
    }

    /// Looks after what must happen on every node: queues each day's retention, and forgets the names of people who
    /// are being erased, whoever does it. Runs until it is cancelled.
    public func keepWatch(
        pause: Duration = .seconds(1), fault: @Sendable (any Error) -> Void = { _ in }
    ) async {
        var day: Day?
        while !Task.isCancelled {
            do {
                try await forgetErased()
                if day != world.now().day {
                    try await queueDailyRetention()
                    day = world.now().day
                }
            } catch is CancellationError {
                return
            } catch {
                fault(error)
            }
            try? await Task.sleep(for: pause)
        }
    }

    private func forgetErased() async throws {
        let since = world.now() - RightsDesk.settling - RightsDesk.settling
        let tenants = try await database.read { connection in
            try connection.rows(
                """
                SELECT DISTINCT tenant FROM erasure WHERE ordered_at > \(since)
                    OR (finished_at IS NULL AND phase IN ('statements', 'sweep'))
                """
            ).map { try $0.get("tenant", as: TenantID.self) }
        }
        for tenant in tenants { log.cache.forget(tenant) }
    }
}

/// Finds what a rule is about, in the order of storing.
private struct RetentionWalk {
    private let rule: RetentionRuleRecord
    private let before: Moment
    private let tenant: TenantID
    private let connection: any Connection
    private let verb: Int?
    /// Nil: any object.
    private let activities: [Int]?

    init(rule: RetentionRuleRecord, now: Moment, tenant: TenantID, connection: any Connection) throws {
        try self.init(rule: rule, before: now - .days(rule.days), tenant: tenant, connection: connection)
    }

    init(rule: RetentionRuleRecord, before: Moment, tenant: TenantID, connection: any Connection) throws {
        self.rule = rule
        self.before = before
        self.tenant = tenant
        self.connection = connection
        verb = try rule.verb.map { iri in
            try connection.row("SELECT number FROM verb WHERE tenant = \(tenant) AND iri = \(iri)")?.get("number") ?? 0
        }
        activities = try rule.activityType.map { type in
            var found: [Int] = []
            try connection.each(
                """
                SELECT number, definition FROM activity WHERE tenant = \(tenant) AND definition IS NOT NULL
                    AND \(sqlite: "instr", postgres: "strpos")(definition, \(type)) > 0 ORDER BY number
                """
            ) { row in
                let definition = try? JSONValue(parsing: try row.get("definition", as: String.self))
                if definition?["type"]?.string == type { found.append(try row.get("number")) }
            }
            return found
        }
    }

    /// One condition for each piece of the activities.
    private var conditions: [SQL] {
        var base: SQL = "s.tenant = \(tenant) AND s.stored_at < \(before) AND s.timestamp_at < \(before)"
        if let verb { base += " AND s.verb = \(verb)" }
        guard let activities else { return [base] }
        return chunks(activities).map { base + " AND s.activity IN (\(SQL.list($0)))" }
    }

    func next(after place: Int, limit: Int) throws -> [Int] {
        var found: Set<Int> = []
        for condition in conditions {
            let rows = try connection.rows(
                "SELECT s.seq AS seq FROM statement s WHERE " + condition
                    + " AND s.seq > \(place) ORDER BY s.seq LIMIT \(limit)")
            for row in rows { found.insert(try row.get("seq")) }
        }
        return Array(found.sorted().prefix(limit))
    }

    func count(naming agents: [Int]? = nil) throws -> Int {
        try conditions.reduce(0) { sum, condition in
            var sql: SQL = "SELECT COUNT(*) AS count FROM statement s WHERE " + condition
            if let agents { sql += " AND " + names(agents) }
            return sum + (try connection.value(sql))
        }
    }

    /// Those of some statements that name an agent whom a hold protects.
    func held(_ numbers: [Int], by agents: [Int]) throws -> Set<Int> {
        if agents.isEmpty { return [] }
        var found: Set<Int> = []
        for chunk in chunks(numbers) {
            let rows = try connection.rows(
                "SELECT s.seq AS seq FROM statement s WHERE s.tenant = \(tenant) AND s.seq IN (\(SQL.list(chunk))) AND "
                    + names(agents))
            for row in rows { found.insert(try row.get("seq")) }
        }
        return found
    }

    private func names(_ agents: [Int]) -> SQL {
        """
        (s.actor IN (\(SQL.list(agents))) OR EXISTS (SELECT 1 FROM related_agent r
            WHERE r.tenant = s.tenant AND r.seq = s.seq AND r.agent IN (\(SQL.list(agents)))))
        """
    }
}
