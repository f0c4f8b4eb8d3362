import Basis
import Demo
import Evidence
import Insight
import People
import Storage
import StorageTesting
import Testing

@Suite struct PersonalTableTests {
    /// Columns that by their names may hold a person, and do not, or whose table is treated by itself.
    static let others: Set<String> = [
        // Who a person is: erasing blinds or removes the row.
        "person.id",
        // Tells agents who they are: erasing parts them from the person.
        "agent.person",
        // The record of the erasure itself.
        "erasure.person",
        // The name of a reviewer as a catalogue states it.
        "content.reviewer", "content_version.reviewer", "item.reviewer",
    ]

    @Test func `every column that holds a person is listed`() async throws {
        let database = try await Engine.memory.database(WholeSchema.migrations)
        let columns = try await database.read { connection in
            try connection.rows(
                """
                SELECT m.name || '.' || c.name AS name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
                WHERE m.type = 'table' AND (c.name IN ('person', 'manager', 'owner', 'asker', 'learner', 'reviewer')
                    OR c.name GLOB '*_by' OR c.name GLOB 'by_*' OR c.name GLOB '*_person')
                ORDER BY 1
                """
            ).map { try $0.get("name", as: String.self) }
        }
        let listed = Set(PersonalTable.all.map { "\($0.table).\($0.column)" })
        for column in columns where !listed.contains(column) && !Self.others.contains(column) {
            Issue.record("not in PersonalTable.all: \(column)")
        }
        #expect(columns.count > 30)
    }

    /// Each table is counted, read and erased, so that its SQL is right on both engines.
    @Test(arguments: Engine.present) func `an account with nothing to its name is removed whole`(
        engine: Engine
    ) async throws {
        let database = try await engine.database(WholeSchema.migrations)
        let world = World.replay(seed: 9)
        let directory = Directory(database: database, world: world)
        let tenant = try await directory.createTenant(name: "Pier", home: "https://pier.example")
        _ = try await directory.save(
            PersonDraft(key: "ada", name: "Ada", email: "ada@pier.example", roles: [.administrator]), of: tenant)
        let lea = try await directory.save(
            PersonDraft(key: "lea", name: "Lea", email: "lea@pier.example", roles: [.learner]), of: tenant)
        let log = StatementLog(database: database, world: world)
        let desk = RightsDesk(database: database, world: world, log: log, tables: PersonalTable.all)
        try await log.append([StatementDraft(.person(lea.id), .completed, ActivityRef("urn:a:1"))], to: tenant)
        let holdings = try await desk.holdings(of: lea.id, in: tenant)
        #expect(holdings.counts.map(\.kind) == ["statements of the person", "roles"])
        var size = 0
        try await desk.archive(of: lea.id, in: tenant) { size += $0.count }
        #expect(size > 1_000)
        let order = try await desk.erase(lea.id, reason: "Asked", by: nil, of: tenant)
        let runner = JobRunner(
            queue: JobQueue(database: database, world: world),
            workers: [
                RightsDesk.erasureJob: { job, _ in
                    _ = try await desk.work(order.id, of: job.tenant, settling: .zero)
                    return JobOutcome(message: "", report: "")
                }
            ]
        ) { Issue.record($0) }
        #expect(try await runner.runOne())
        #expect(try await desk.erasure(order.id, of: tenant).isDone)
        #expect(try await directory.person(lea.id, of: tenant) == nil)
        let ada = try #require(try await directory.person(key: "ada", of: tenant))
        let refused = await #expect(throws: Problem.self) {
            try await desk.erase(ada.id, reason: "Asked", by: nil, of: tenant)
        }
        #expect(refused?.code == "last-administrator")
    }
}
