public import Basis
import People
import Storage
import Synchronization

/// Decisions that are written together.
final class WaitingDecisions: Sendable {
    /// The most decisions that wait, each counted once. Beyond, the newest are lost, and counted.
    static let limit = 10_000

    private struct State {
        var records: [DecisionRecord.Key: DecisionRecord] = [:]
        var lost: [TenantID: Int] = [:]
    }

    private let state = Mutex(State())

    func add(_ record: DecisionRecord) {
        state.withLock { state in
            let key = record.key
            if state.records[key] != nil {
                state.records[key]?.add(record)
            } else if state.records.count < WaitingDecisions.limit {
                state.records[key] = record
            } else {
                state.lost[record.tenant, default: 0] += record.times
            }
        }
    }

    /// All that wait, in the order of their keys, so that writers meet in one order.
    func take() -> [DecisionRecord] {
        let taken = state.withLock { state in
            defer { state.records = [:] }
            return Array(state.records.values)
        }
        return taken.sorted {
            ($0.tenant, $0.day, $0.digest.hexadecimal) < ($1.tenant, $1.day, $1.digest.hexadecimal)
        }
    }

    func lost(of tenant: TenantID) -> Int { state.withLock { $0.lost[tenant] ?? 0 } }
}

extension [UInt8] {
    fileprivate var hexadecimal: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension AccessDesk {
    /// The most decisions that one transaction writes.
    static let groupLimit = 500
    /// Between two writings of what waits.
    public static let pause = Duration.milliseconds(500)

    /// Writes what waits. What cannot be written waits on.
    ///
    /// - Throws: `StorageError` of the first group that could not be written.
    public func writeWaiting() async throws {
        var rest = waiting.take()[...]
        while !rest.isEmpty {
            let group = Array(rest.prefix(AccessDesk.groupLimit))
            do {
                try await database.write { connection in
                    for record in group { _ = try record.put(on: connection) }
                }
            } catch {
                for record in rest { waiting.add(record) }
                throw error
            }
            rest = rest.dropFirst(group.count)
        }
    }

    /// Writes what waits again and again, and each day takes away what is past its time, until the task is cancelled;
    /// then once more.
    public func keep(fault: @Sendable (any Error) -> Void = { _ in }) async {
        var day: Day?
        while !Task.isCancelled {
            do {
                try await writeWaiting()
                if day != world.now().day {
                    try await removeOld()
                    day = world.now().day
                }
            } catch {
                if !Task.isCancelled { fault(error) }
            }
            try? await Task.sleep(for: AccessDesk.pause)
        }
    }

    /// How many decisions of this process were lost because they could not be written for too long.
    public func lost(of tenant: TenantID) -> Int { waiting.lost(of: tenant) }

    /// For how many days decisions are kept.
    public static let retentionDays = 400

    /// Takes away decisions past their time, in bounded transactions. What a legal hold covers stays.
    ///
    /// - Returns: How many were taken away.
    @discardableResult
    public func removeOld() async throws -> Int {
        let (today, last) = (world.now().day, world.now().day + -AccessDesk.retentionDays)
        var count = 0
        for tenant in try await directory.tenants() {
            while true {
                let removed = try await database.write { connection in
                    try removeOld(of: tenant.id, before: last, today, on: connection)
                }
                if removed == 0 { break }
                count += removed
            }
        }
        return count
    }

    private func removeOld(
        of tenant: TenantID, before last: Day, _ today: Day, on connection: any Connection
    ) throws -> Int {
        let rows = try connection.rows(
            """
            SELECT d.day AS day, d.digest AS digest FROM policy_decision d
            WHERE d.tenant = \(tenant) AND d.day < \(last) AND NOT EXISTS (
                SELECT 1 FROM legal_hold h WHERE h.tenant = d.tenant AND h.lifted_at IS NULL
                    AND h.ends_on >= \(today) AND (h.person IS NULL OR h.person = d.person OR h.person = d.about))
            ORDER BY d.day, d.digest LIMIT 1000
            """)
        for row in rows {
            let (day, digest): (Day, [UInt8]) = (try row.get("day"), try row.get("digest"))
            try connection.run(
                "DELETE FROM policy_decision WHERE tenant = \(tenant) AND day = \(day) AND digest = \(digest)")
        }
        return rows.count
    }
}
