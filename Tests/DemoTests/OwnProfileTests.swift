import Basis
import Demo
import Foundation
import JSON
import Paths
import Storage
import StorageTesting
import Testing

@testable import Evidence
@testable import Intent

/// Leeway's own profile against what the program writes.
@Suite struct OwnProfileTests {
    @Test func `every statement of the demonstration follows a template`() async throws {
        let database = try await Engine.memory.database(WholeSchema.migrations)
        let world = World.replay(from: try #require(Moment(timestamp: "2026-11-23T09:00:00Z")), seed: 3)
        let demo = try Demonstration(
            database: database, world: world, starter: SchemaTests.root.appending(path: "Sources/Demo/Starter"))
        _ = try await demo.make(password: "a room of one's own")
        // One of each kind of statement is checked: verb, type of the object, and which members it has.
        let bodies = try await database.read { connection in
            try connection.rows(
                """
                SELECT MIN(seq) AS seq FROM statement s JOIN activity a ON a.tenant = s.tenant AND a.number = s.activity
                GROUP BY s.verb, SUBSTR(a.iri, 1, 18), s.choice, s.success, s.completion, s.duration_us IS NULL
                """
            ).flatMap { row in
                try connection.rows("SELECT body FROM statement WHERE seq = \(try row.get("seq", as: Int.self))")
            }.map { try JSONValue(parsing: try $0.get("body", as: [UInt8].self)) }
        }
        #expect(bodies.count > 10)
        let profile = try OwnProfile.parsed()
        for statement in bodies {
            #expect(profile.describes(statement), "no template for \(statement.text)")
            let flaws = profile.flaws(in: statement.withContextLists)
            #expect(flaws.isEmpty, "\(flaws) in \(statement.text)")
            #expect(profile.isDeclared(by: statement), "\(statement.text)")
        }
    }

    @Test func `every word of ours in the sources is a concept`() throws {
        let sources = SchemaTests.root.appending(path: "Sources")
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        var words: Set<String> = []
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            for found in text.matches(of: /urn:leeway:(?:verb|type|extension):[a-z][a-z-]*/) {
                words.insert(String(found.output))
            }
        }
        #expect(words.count > 15)
        for word in words.sorted() { #expect(OwnProfile.describe(word) != nil, "\(word)") }
    }

    @Test func `every change of what is governed has a template`() {
        let verbs = Set(OwnProfile.events.map(\.verb))
        for what in Change.What.allCases { #expect(verbs.contains(what.verb), "\(what)") }
    }
}
