public import Basis
import Intent
public import Storage

/// What a refresh of all published mandates did.
public struct AudienceRefresh: Hashable, Sendable {
    /// Assignments made and ended.
    public var joined = 0
    public var released = 0
    /// People who joined and cannot do it beside what else is asked of them.
    public var peopleOver = 0
}

/// People who joined a mandate's audience after it was published and cannot fit it. Nobody decided so: it is told to
/// whoever asks, and is no override.
public struct JoinersOver: Hashable, Sendable {
    public let people: Int
    /// By how much, in all.
    /// - Unit: minutes.
    public let minutes: Int
}

extension LeewayPlanner {
    static let refreshJob = "planner-refresh"
    /// People looked at in one transaction.
    private static let batch = 200

    /// Brings every published mandate up to its audience and notes whom that takes over budget.
    ///
    /// `progress` is told how many mandates are done, of how many; what it throws ends the work between two of them.
    @discardableResult
    public func refreshAudiences(
        of tenant: TenantID, progress: (Int, Int) async throws -> Void = { _, _ in }
    ) async throws -> AudienceRefresh {
        let records = try await mandates.list(of: tenant, state: .published)
        var sum = AudienceRefresh()
        for (place, record) in records.enumerated() {
            try await progress(place, records.count)
            let one = try await mandates.refresh(record.id, of: tenant)
            sum.joined += one.joined
            sum.released += one.released
            for start in stride(from: 0, to: one.newcomers.count, by: LeewayPlanner.batch) {
                let part = Array(one.newcomers[start..<min(start + LeewayPlanner.batch, one.newcomers.count)])
                sum.peopleOver += try await note(part, joining: record.id, in: tenant)
            }
        }
        return sum
    }

    /// Notes who of those who joined is over by it: what does not fit with it and would fit without it.
    private func note(_ people: [ID<Person>], joining mandate: ID<Mandate>, in tenant: TenantID) async throws -> Int {
        let now = world.now()
        return try await database.write { connection in
            var rows: [[Value]] = []
            var over = 0
            for person in people {
                let scene = try scene(of: person, in: tenant, on: now.day, connection)
                let without = scene.planner.plan(scene.asks.filter { $0.mandate != mandate })
                let parts = overload(scene.planner.plan(scene.asks), beyond: without)
                if parts.isEmpty { continue }
                over += 1
                rows += parts.map { part in
                    [
                        tenant.stored, mandate.stored, person.stored, part.month.index.stored, part.minutes.stored,
                        now.stored,
                    ]
                }
            }
            try connection.bulk(
                "mandate_joiner", ["tenant", "mandate", "person", "month", "minutes", "noted_at"], rows,
                on: .replace(key: ["tenant", "mandate", "person", "month"]))
            return over
        }
    }

    private func overload(_ plan: Plan, beyond other: Plan) -> [MandatePreview.MonthMinutes] {
        Set(plan.overloads.map(\.month)).sorted().compactMap { month in
            let minutes = plan.minutesOver(in: month) - other.minutesOver(in: month)
            return minutes > 0 ? MandatePreview.MonthMinutes(month: month, minutes: minutes) : nil
        }
    }

    /// Who joined each published mandate after it was published, has it before them still, and could not fit it.
    public func joinersOver(of tenant: TenantID) async throws -> [ID<Mandate>: JoinersOver] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT j.mandate AS mandate, COUNT(DISTINCT j.person) AS people,
                    CAST(SUM(j.minutes) AS \(type: .integer)) AS minutes
                FROM mandate_joiner j
                JOIN mandate m ON m.tenant = j.tenant AND m.id = j.mandate
                JOIN assignment a ON a.tenant = j.tenant AND a.mandate = j.mandate AND a.person = j.person
                WHERE j.tenant = \(tenant) AND m.state = 'published' AND a.state = 'open'
                GROUP BY j.mandate
                """
            ).reduce(into: [:]) {
                $0[try $1.get("mandate")] = JoinersOver(people: try $1.get("people"), minutes: try $1.get("minutes"))
            }
        }
    }
}

extension LeewayPlanner {
    /// What does the jobs of `keepWatch`.
    public var workers: [String: JobRunner.Worker] {
        [
            LeewayPlanner.refreshJob: { job, progress in
                let done = try await refreshAudiences(of: job.tenant) { count, total in
                    try await progress(count, of: total, "Looking at who is in each audience now.")
                }
                return JobOutcome(
                    message: "\(done.joined) joined, \(done.released) left, \(done.peopleOver) of them over budget.",
                    report: "")
            }
        ]
    }

    /// Queues a refresh for each tenant with a published mandate that had none today.
    ///
    /// - Returns: How many were queued.
    @discardableResult
    public func queueDailyRefresh(in queue: JobQueue) async throws -> Int {
        let tenants = try await database.read { connection in
            try connection.rows("SELECT DISTINCT tenant FROM mandate WHERE state = 'published' ORDER BY tenant")
                .map { try $0.get("tenant", as: TenantID.self) }
        }
        var count = 0
        for tenant in tenants {
            let job = try await queue.addOnce(
                LeewayPlanner.refreshJob, payload: "", for: tenant, since: world.now().day.start)
            if job != nil { count += 1 }
        }
        return count
    }

    /// Queues each day's refresh until it is cancelled. A day begins at midnight UTC.
    public func keepWatch(
        queue: JobQueue, pause: Duration = .seconds(60), fault: @Sendable (any Error) -> Void = { _ in }
    ) async {
        var day: Day?
        while !Task.isCancelled {
            do {
                if day != world.now().day {
                    try await queueDailyRefresh(in: queue)
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
}
