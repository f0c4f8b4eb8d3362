import Basis
import Demo
import Evidence
import Foundation
import Intent
import JSON
import People
import Storage
import StorageTesting
import Testing

@Suite struct DemonstrationTests {
    static let starter = SchemaTests.root.appending(path: "Sources/Demo/Starter")

    @Test func `the starter curriculum is whole`() throws {
        let curriculum = try StarterCurriculum(folder: Self.starter)
        func rows(_ bytes: [UInt8]) throws -> [JSONValue] {
            try bytes.split(separator: 0x0A).map { try JSONValue(parsing: Array($0)) }
        }
        let readings = try rows(curriculum.catalogue)
        let items = try rows(curriculum.items)
        #expect(readings.count >= 24)
        #expect(items.count >= 80)
        let keys = Set(readings.compactMap { $0["id"]?.string })
        #expect(keys.count == readings.count)
        for reading in readings {
            #expect((reading["text"]?.string ?? "").count > 2_000, "\(reading["id"]?.string ?? "")")
            #expect(reading["provenance"]?.string == "ai-generated")
            #expect(reading["model"]?.string?.isEmpty == false)
        }
        for item in items {
            let name = item["id"]?.string ?? ""
            let choices = item["choices"]?.array ?? []
            let correct = (item["correct"]?.array ?? []).compactMap(\.integer)
            #expect(keys.contains(item["learning_object"]?.string ?? ""), "\(name)")
            #expect(choices.count >= 3 && !correct.isEmpty && correct.allSatisfy(choices.indices.contains), "\(name)")
            #expect(item["explanations"]?.array?.count == choices.count, "\(name)")
            #expect(item["level"]?.string != nil && item["skills"]?.array?.isEmpty == false, "\(name)")
            #expect(item["provenance"]?.string == "ai-generated", "\(name)")
        }
    }

    @Test func `the demonstration is plausible and marked`() async throws {
        let database = try await Engine.memory.database(WholeSchema.migrations)
        let world = World.replay(from: try #require(Moment(timestamp: "2026-11-23T09:00:00Z")), seed: 1)
        let demo = try Demonstration(database: database, world: world, starter: Self.starter)
        let report = try await demo.make(password: "a room of one's own")
        #expect(report.people == 200)
        #expect(report.statements > 10_000)
        #expect(Set(report.signIns.map(\.role)).count == 7)
        let directory = Directory(database: database, world: world)
        #expect(try await directory.tenant(report.tenant)?.isDemo == true)
        #expect(try await directory.units(of: report.tenant).count == 12)
        let clarity = try await AIRegister(database: database, world: world).clarity(of: report.tenant)
        #expect(clarity.share.map { $0 > 0 && $0 < 1 } == true)
        let mandates = try await MandateBook(database: database, world: world).progress(of: report.tenant)
        #expect(mandates.count == 5)
        await #expect(throws: Problem.self) { try await demo.make(password: "twice") }
    }

    @Test func `the same seed makes the same history`() async throws {
        func bodies() async throws -> [[UInt8]] {
            let database = try await Engine.memory.database(WholeSchema.migrations)
            let world = World.replay(from: Moment(microseconds: 1_790_000_000_000_000), seed: 1)
            _ = try await Demonstration(database: database, world: world, starter: Self.starter)
                .make(password: "a room of one's own")
            return try await database.read { connection in
                try connection.rows("SELECT body FROM statement ORDER BY seq LIMIT 3000").map { try $0.get("body") }
            }
        }
        #expect(try await bodies() == bodies())
    }
}
