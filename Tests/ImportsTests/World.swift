import Assess
import Basis
import Catalog
import Evidence
import Foundation
import Imports
import Mastery
import People
import Skills
import Storage
import StorageTesting
import Testing

let migrations =
    JobQueue.migrations + PeopleSchema.migrations + EvidenceSchema.migrations + SkillsSchema.migrations
    + CatalogSchema.migrations + AssessSchema.migrations + MasterySchema.migrations + ImportsSchema.migrations

/// A database with one tenant, and an importer over it.
struct Bench: Sendable {
    let database: any Database
    let world = World.replay(seed: 7)
    var importer: Importer { Importer(database: database, world: world) }

    init(_ engine: Engine) async throws {
        database = try await engine.database(migrations)
        _ = try await Directory(database: database, world: world).createTenant(
            name: "Example", home: "https://example.org")
    }

    func count(_ sql: SQL) async throws -> Int {
        try await database.read { try $0.value(sql) }
    }

    /// What the learner model knows, by the people's and items' own names, and how many statements there are.
    func knowledge() async throws -> [String] {
        try await database.read { connection in
            let states = try connection.rows(
                """
                SELECT p.key AS key, s.state AS state, s.answers AS answers FROM mastery_state s
                JOIN person p ON p.tenant = s.tenant AND p.id = s.person ORDER BY p.key
                """
            ).map { row in
                let state: [UInt8] = try row.get("state")
                return "\(try row.get("key", as: String.self)) \(try row.get("answers", as: Int.self)) \(state)"
            }
            let items = try connection.rows(
                """
                SELECT i.key AS key, m.difficulty AS difficulty, m.answers AS answers FROM mastery_item m
                JOIN item i ON i.tenant = m.tenant AND i.number = m.item ORDER BY i.key
                """
            ).map { row in
                let difficulty: Double = try row.get("difficulty")
                return "\(try row.get("key", as: String.self)) \(difficulty) \(try row.get("answers", as: Int.self))"
            }
            let statements: Int = try connection.value("SELECT COUNT(*) AS count FROM statement")
            return states + items + ["\(statements) statements"]
        }
    }
}

/// A file of its own.
func file(_ name: String, _ text: String) throws -> String { try Scratch.file(name, text) }

/// Answers of made-up learners, the same for the same numbers.
func answers(_ count: Int, learners: Int, items: Int) -> String {
    var dice = Dice(seed: 11)
    var text = "learner\titem\tskills\tcorrect\tts\n"
    for line in 0..<count {
        let item = Int.random(in: 0..<items, using: &dice)
        let learner = line * learners / count
        let time = line.isMultiple(of: 3) ? 0 : 1_200_000_000 + line
        text += "\(learner)\t\(item)\t\(item % 5)~\(item % 7 + 10)\t\(Int.random(in: 0...1, using: &dice))\t\(time)\n"
    }
    return text
}
