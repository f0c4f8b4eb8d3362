import Basis
import Crypto
import Demo
import Foundation
import Storage
import StorageTesting
import Testing

@Suite struct SchemaTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The hash of what a step says on both engines.
    static func hash(_ migration: Migration) -> String {
        var text = ""
        for dialect in Dialect.allCases {
            for step in migration.steps { text += step.rendered(for: dialect).text + "\u{0}" }
        }
        return SHA256.hash(data: Data(text.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
            .joined()
    }

    /// A step that was released is never edited: the next change is the next step. To add a step, append the line
    /// that this test prints to `migrations.lock`.
    @Test func `no step was edited`() throws {
        let lock = try String(contentsOf: Self.root.appending(path: "migrations.lock"), encoding: .utf8)
        let locked = lock.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
        let present = WholeSchema.migrations.map { "\($0.name) \(Self.hash($0))" }
        for line in present where !locked.contains(line) { Issue.record("not in migrations.lock: \(line)") }
        for line in locked where !present.contains(line) { Issue.record("locked, but gone or edited: \(line)") }
    }

    @Test func `names are used once`() {
        let names = WholeSchema.migrations.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.contains(/^[a-z]+-\d{4}-[a-z-]+$/) })
    }

    @Test(arguments: Engine.present) func `a second run changes nothing`(engine: Engine) async throws {
        let database = try await engine.empty()
        let moment = Moment(microseconds: 0)
        #expect(try await database.migrate(WholeSchema.migrations, at: moment).count == WholeSchema.migrations.count)
        #expect(try await database.migrate(WholeSchema.migrations, at: moment).isEmpty)
    }

    /// Each table leads its primary key with the tenant, so that none can be read across tenants by mistake.
    @Test func `the tenant leads every primary key`() async throws {
        let database = try await Engine.memory.database(WholeSchema.migrations)
        let strangers = try await database.read { connection in
            try connection.rows(
                """
                SELECT m.name AS name FROM sqlite_schema m
                WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT IN ('migration', 'sequence')
                AND m.sql NOT LIKE 'CREATE VIRTUAL%'
                AND NOT EXISTS (SELECT 1 FROM sqlite_schema v
                    WHERE v.sql LIKE 'CREATE VIRTUAL%' AND m.name LIKE v.name || '_%')
                AND NOT EXISTS (SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name = 'tenant' AND c.pk = 1)
                ORDER BY m.name
                """
            ).map { try $0.get("name", as: String.self) }
        }
        #expect(strangers == [])
    }
}
