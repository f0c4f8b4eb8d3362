import Basis
import Storage
import StorageTesting
import Testing

@Suite struct DatabaseTests {
    static let migration = Migration(
        "test-0001-values",
        """
        CREATE TABLE v (k \(type: .integer) PRIMARY KEY, i \(type: .integer), r \(type: .real), t TEXT,
            b \(type: .bytes))\(SQL.strict)
        """,
        Migration.sequence("v")
    )

    @Test(arguments: Engine.present) func `no engine takes the character U+0000`(engine: Engine) async throws {
        let database = try await engine.database([Self.migration])
        let text = Value.text("a\0b")
        await #expect(throws: StorageError.unstorable) {
            try await database.write { try $0.run("INSERT INTO v (k, t) VALUES (1, \("a\0b"))") }
        }
        await #expect(throws: StorageError.unstorable) {
            try await database.write { try $0.bulk("v", ["k", "t"], [[.integer(1), text]], on: .refuse) }
        }
        try await database.write { try $0.run("INSERT INTO v (k, t) VALUES (1, 'a')") }
        #expect(try await database.read { try $0.value("SELECT COUNT(*) AS count FROM v", as: Int.self) } == 1)
    }

    @Test func `a full disk refuses every write that shares the commit, and no read`() async throws {
        let database = try await Engine.file.database([Self.migration])
        try await database.write { connection in
            let pages = try connection.value("PRAGMA page_count", as: Int.self)
            _ = try connection.rows(SQL(stringLiteral: "PRAGMA max_page_count = \(pages + 8)"))
        }
        let outcomes = await withTaskGroup(of: StorageError?.self) { group in
            for key in 0..<40 {
                group.addTask {
                    do {
                        try await database.write { connection in
                            try connection.run(
                                "INSERT INTO v VALUES (\(key), 1, 0.5, 't', \([UInt8](repeating: 7, count: 8_000)))")
                        }
                        return nil
                    } catch {
                        return error as? StorageError ?? .absent(column: "\(error)")
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let stored = outcomes.count { $0 == nil }
        #expect(outcomes.allSatisfy { $0 == nil || $0 == .full })
        #expect(stored < 40)
        #expect(try await database.read { try $0.value("SELECT COUNT(*) AS count FROM v", as: Int.self) } == stored)
    }

    @Test(arguments: Engine.present) func `every value comes back as it went`(engine: Engine) async throws {
        let database = try await engine.database([Self.migration])
        for (integer, real, text, bytes) in [
            (Int.max, Double.greatestFiniteMagnitude, "naïve 🦉 'quoted' \"double\"\t\n\\", [UInt8](0...255)),
            (Int.min, Double.leastNonzeroMagnitude, "", []),
            (0, -0.1, "\\N", [0]),
        ] {
            let rows = try await database.write { connection in
                try connection.run("DELETE FROM v")
                try connection.run("INSERT INTO v VALUES (1, \(integer), \(real), \(text), \(bytes))")
                try connection.bulk(
                    "v", ["k", "i", "r", "t", "b"],
                    [[.integer(2), integer.stored, real.stored, text.stored, bytes.stored]], on: .refuse)
                return try connection.rows("SELECT i, r, t, b FROM v ORDER BY k")
            }
            #expect(rows.count == 2)
            for row in rows {
                #expect(try row.get("i") == integer)
                #expect(try row.get("r") == real)
                #expect(try row.get("t") == text)
                #expect(try row.get("b") == bytes)
            }
        }
    }

    @Test(arguments: Engine.present) func `bulk skips or replaces what is there`(engine: Engine) async throws {
        let database = try await engine.database([Self.migration])
        let (skipped, replaced, kept, changed) = try await database.write { connection in
            func row(_ key: Int, _ text: String) -> [Value] { [key.stored, text.stored] }
            try connection.bulk("v", ["k", "t"], [row(1, "one"), row(2, "two")], on: .refuse)
            let skipped = try connection.bulk("v", ["k", "t"], [row(1, "uno"), row(3, "three")], on: .skip)
            let kept: String = try connection.value("SELECT t FROM v WHERE k = 1")
            let replaced = try connection.bulk("v", ["k", "t"], [row(1, "uno")], on: .replace(key: ["k"]))
            let changed: String = try connection.value("SELECT t FROM v WHERE k = 1")
            return (skipped, replaced, kept, changed)
        }
        #expect(skipped == 1)
        #expect(replaced == 1)
        #expect(kept == "one")
        #expect(changed == "uno")
    }

    @Test(arguments: Engine.present) func `a duplicate in bulk refuses all of it`(engine: Engine) async throws {
        let database = try await engine.database([Self.migration])
        await #expect(throws: (any Error).self) {
            try await database.write { connection in
                try connection.bulk("v", ["k"], [[.integer(1)], [.integer(1)]], on: .refuse)
            }
        }
        #expect(try await database.read { try $0.value("SELECT COUNT(*) AS n FROM v", as: Int.self) } == 0)
    }

    @Test(arguments: Engine.present) func `a refusal in a group undoes only itself`(engine: Engine) async throws {
        let database = try await engine.database([Self.migration])
        let refused = await withTaskGroup(of: Bool.self) { group in
            for key in 0..<200 {
                group.addTask {
                    do {
                        try await database.write { connection in
                            try connection.run("INSERT INTO v (k) VALUES (\(key))")
                            if key % 10 == 0 { throw StorageError.violated(constraint: "tens") }
                        }
                        return false
                    } catch { return true }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(refused == 20)
        #expect(try await database.read { try $0.value("SELECT COUNT(*) AS n FROM v", as: Int.self) } == 180)
    }

    @Test(arguments: Engine.present) func `reserved numbers are never given twice`(engine: Engine) async throws {
        let database = try await engine.database([Self.migration])
        let numbers = try await withThrowingTaskGroup(of: [Int].self) { group in
            for count in [1, 5, 1, 7, 3, 1, 9, 2] {
                group.addTask {
                    let first = try await database.write { try $0.reserve(count, of: "v") }
                    return Array(first..<first + count)
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(numbers).count == 29)
    }

    @Test(arguments: Engine.present) func `racing counters lose nothing`(engine: Engine) async throws {
        let database = try await engine.database([Self.migration])
        try await database.write { try $0.run("INSERT INTO v (k, i) VALUES (1, 0)") }
        try await withThrowingTaskGroup { group in
            for _ in 0..<80 {
                group.addTask {
                    try await database.write { connection in
                        let value: Int = try connection.value("SELECT i FROM v WHERE k = 1")
                        try connection.run("UPDATE v SET i = \(value + 1) WHERE k = 1")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await database.read { try $0.value("SELECT i FROM v WHERE k = 1", as: Int.self) } == 80)
    }

    @Test(arguments: Engine.present) func `a long result is walked row by row`(engine: Engine) async throws {
        let database = try await engine.database([Self.migration])
        try await database.write { connection in
            try connection.bulk("v", ["k"], (0..<2_500).map { [.integer($0)] }, on: .refuse)
        }
        let sum = try await database.read { connection in
            var sum = 0
            try connection.each("SELECT k FROM v WHERE k >= \(10)") { sum += try $0.get("k", as: Int.self) }
            return sum
        }
        #expect(sum == (10..<2_500).reduce(0, +))
    }

    @Test(arguments: Engine.present) func `a newer database is refused`(engine: Engine) async throws {
        let database = try await engine.database([Self.migration])
        await #expect(throws: StorageError.self) { try await database.migrate([], at: Moment(microseconds: 0)) }
        #expect(try await database.migrate([Self.migration], at: Moment(microseconds: 0)).isEmpty)
    }

    @Test(arguments: Engine.present) func `a stranger's database is refused`(engine: Engine) async throws {
        let database = try await engine.empty()
        try await database.write { try $0.run("CREATE TABLE elsewhere (x TEXT)") }
        await #expect(throws: StorageError.self) { try await database.migrate([], at: Moment(microseconds: 0)) }
    }
}

@Suite struct JobTests {
    @Test(arguments: Engine.present) func `a job runs once and reports`(engine: Engine) async throws {
        let world = World.replay(seed: 5)
        let queue = JobQueue(database: try await engine.database(JobQueue.migrations), world: world)
        let id = try await queue.add("count", payload: "3", for: .first)
        let runner = JobRunner(
            queue: queue,
            workers: [
                "count": { job, progress in
                    let total = Int(job.payload) ?? 0
                    for step in 1...total { try await progress(step, of: total, "step \(step)") }
                    return JobOutcome(message: "counted", report: "{}")
                }
            ], fault: { Issue.record($0) })
        #expect(try await runner.runOne())
        #expect(try await runner.runOne() == false)
        let job = try #require(try await queue.find(id, of: .first))
        #expect(job.state == .done)
        #expect(job.done == 3)
        #expect(job.message == "counted")
    }

    @Test(arguments: Engine.present) func `a cancelled job stops at its next progress`(engine: Engine) async throws {
        let queue = JobQueue(database: try await engine.database(JobQueue.migrations), world: .replay(seed: 5))
        let id = try await queue.add("slow", payload: "", for: .first)
        let runner = JobRunner(
            queue: queue,
            workers: [
                "slow": { job, progress in
                    try await queue.cancel(job.id, of: .first)
                    try await progress(1, of: 2, "late")
                    return JobOutcome(message: "never", report: "")
                }
            ], fault: { Issue.record($0) })
        #expect(try await runner.runOne())
        #expect(try await queue.find(id, of: .first)?.state == .cancelled)
    }

    @Test(arguments: Engine.present) func `what a job notes is seen before it is written`(engine: Engine) async throws {
        let (database, world, notes) = (
            try await engine.database(JobQueue.migrations), World.replay(seed: 5), JobNotes()
        )
        let queue = JobQueue(database: database, world: world, notes: notes)
        let page = JobQueue(database: database, world: world, notes: notes)
        let elsewhere = JobQueue(database: database, world: world)
        let id = try await queue.add("slow", payload: "", for: .first)
        let runner = JobRunner(
            queue: queue,
            workers: [
                "slow": { job, progress in
                    try await database.write { _ in progress.note(7, of: 9, "in one transaction") }
                    let seen = try await page.find(job.id, of: .first)
                    #expect(seen?.done == 7 && seen?.total == 9 && seen?.message == "in one transaction")
                    #expect(try await page.list(of: .first, kind: "slow").first?.done == 7)
                    #expect(try await elsewhere.find(job.id, of: .first)?.done == 0)
                    return JobOutcome(message: "done", report: "")
                }
            ], fault: { Issue.record($0) })
        #expect(try await runner.runOne())
        #expect(try await page.find(id, of: .first)?.message == "done")
    }

    @Test(arguments: Engine.present) func `a failed job says why`(engine: Engine) async throws {
        let queue = JobQueue(database: try await engine.database(JobQueue.migrations), world: .replay(seed: 5))
        let id = try await queue.add("fail", payload: "", for: .first)
        let runner = JobRunner(
            queue: queue, workers: ["fail": { _, _ in throw Problem(.invalid, "bad", "Line 3 is bad.") }],
            fault: { Issue.record($0) })
        #expect(try await runner.runOne())
        let job = try #require(try await queue.find(id, of: .first))
        #expect(job.state == .failed)
        #expect(job.message == "Line 3 is bad.")
    }
}
