import Basis
import Catalog
import Foundation
import Input
import JSON
import Storage
import StorageTesting
import Synchronization

/// A library on one engine, with a stand-in for the register of skills.
struct Shelf {
    let database: any Database
    let library: Library
    let tenant = TenantID.first
    let world = World.replay()

    init(_ engine: Engine) async throws {
        database = try await engine.database(CatalogSchema.migrations)
        library = Library(database: database, world: world)
    }

    /// Skills by word: the same word is the same skill.
    static let skills: SkillResolver = { _ in { skill($0) } }

    static func skill(_ word: String) -> ID<Skill> {
        var hash: UInt64 = 14_695_981_039_346_656_037
        for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        var dice = Dice(seed: hash)
        return ID(at: Moment(microseconds: 0), using: &dice)
    }

    @discardableResult
    func take(_ text: String, dryRun: Bool = false) async throws -> CatalogueReport {
        try await library.importCatalogue(Array(text.utf8), tenant: tenant, dryRun: dryRun, skills: Shelf.skills)
    }

    /// The number of rows of each table of the module.
    func counts() async throws -> [Int] {
        try await database.read { connection in
            [
                try connection.value("SELECT COUNT(*) AS n FROM content"),
                try connection.value("SELECT COUNT(*) AS n FROM content_label"),
                try connection.value("SELECT COUNT(*) AS n FROM content_skill"),
                try connection.value("SELECT COUNT(*) AS n FROM content_text"),
                try connection.value("SELECT COUNT(*) AS n FROM content_version"),
            ]
        }
    }

    func issues(of text: String) async -> [InputIssue] {
        do {
            try await take(text)
            return []
        } catch let problem as Problem {
            return problem.issues
        } catch {
            return [InputIssue(line: 0, "\(error)")]
        }
    }
}

/// The real files, which stand beside the project on some machines.
enum Shared {
    static let folder =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/../shared"

    static var isPresent: Bool { FileManager.default.fileExists(atPath: folder + "/data/catalogue/catalogue.jsonl.gz") }

    static func bytes(_ path: String) throws -> [UInt8] { try ByteReader.contents(of: "\(folder)/\(path)") }
}

let sample = """
    {"id": "a", "source": "ours", "kind": "unit", "title": "Prompting with sources", "description": "How to ask.", \
    "language": "en", "duration_minutes": 12, "level": "beginner", "roles": ["learner", "manager"], \
    "topics": ["AI"], "skills": ["Prompting", "Checking"], "parent": "m", "last_modified": "09/24/2018", \
    "provenance": "ai-assisted", "model": "a model", "reviewer": "R. Reader", "reviewed": "2026-11-02"}
    {"id": "b", "source": "ours", "kind": "unit", "title": "Vérifier les réponses", "description": "Prompting too.", \
    "language": "fr-FR", "duration_minutes": 30, "level": "advanced", "roles": ["manager"], "skills": ["Checking"], \
    "parent": "m", "digital_source_type": \
    "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"}
    {"id": "m", "source": "ours", "kind": "module", "title": "Working with AI", "language": "en", \
    "children": ["b", "a", "gone"]}
    {"id": "j", "source": "theirs", "kind": "unit", "title": "クラウドの概念", "language": "ja-JP"}
    {"id": "c", "source": "theirs", "kind": "course", "title": "C++ and C# for beginners", "language": "en-US", \
    "url": "https://example.org/c", "duration_minutes": 600}

    """
