import Basis
import Foundation
import Storage
import StorageTesting
import Testing

@Suite struct SnapshotTests {
    private static func count(_ database: any Database) async throws -> Int {
        try await database.read { try $0.value("SELECT COUNT(*) AS n FROM v") }
    }

    private static func add(_ key: Int, to database: any Database) async throws {
        try await database.write { _ = try $0.run("INSERT INTO v (k) VALUES (\(key))") }
    }

    @Test func `a page's reads see one moment, and its own write`() async throws {
        let database = try await Engine.file.database([DatabaseTests.migration])
        let counts = try await database.snapshot {
            let first = try await Self.count(database)
            // Somebody else, who has no part in this snapshot.
            try await Task.detached { try await Self.add(1, to: database) }.value
            let second = try await Self.count(database)
            try await Self.add(2, to: database)
            let third = try await Self.count(database)
            return [first, second, third]
        }
        #expect(counts == [0, 0, 2])
        #expect(try await Self.count(database) == 2)
    }

    @Test(arguments: Engine.present)
    func `more pages at once than connections each get their turn`(engine: Engine) async throws {
        let database = try await engine.database([DatabaseTests.migration])
        let seen = try await withThrowingTaskGroup(of: Int.self) { group in
            for page in 0..<60 {
                group.addTask {
                    try await database.snapshot {
                        async let one = Self.count(database)
                        async let other = Self.count(database)
                        if page.isMultiple(of: 3) { try await Self.add(page, to: database) }
                        return try await one + other
                    }
                }
            }
            return try await group.reduce(into: 0) { sum, _ in sum += 1 }
        }
        #expect(seen == 60)
        #expect(try await Self.count(database) == 20)
    }

    @Test(arguments: Engine.present)
    func `a page that fails gives its connection back`(engine: Engine) async throws {
        let database = try await engine.database([DatabaseTests.migration])
        for _ in 0..<30 {
            await #expect(throws: Problem.self) {
                try await database.snapshot {
                    _ = try await Self.count(database)
                    throw Problem(.missing, "gone", "It is gone.")
                }
            }
        }
        #expect(try await Self.count(database) == 0)
    }

    @Test(arguments: Engine.present)
    func `a visit may ask the question that is being answered`(engine: Engine) async throws {
        let database = try await engine.database([DatabaseTests.migration])
        try await Self.add(1, to: database)
        try await Self.add(2, to: database)
        let pairs = try await database.read { connection in
            guard connection.dialect == .sqlite else { return 4 }
            var pairs = 0
            try connection.each("SELECT k FROM v") { _ in try connection.each("SELECT k FROM v") { _ in pairs += 1 } }
            return pairs
        }
        #expect(pairs == 4)
    }
}
