public import Basis
import JSON
public import Storage

/// What people can ask for about themselves, and what limits it: export, erasure, legal hold, retention, pseudonyms.
///
/// Its parts lie in extensions, one a file.
public struct RightsDesk: Sendable {
    let database: any Database
    let world: World
    let log: StatementLog
    /// Every table that says something about people.
    let tables: [PersonalTable]
    /// Every table that holds statements outside the record.
    let papers: [PersonalPapers]
    let queue: JobQueue

    /// The longest reason or purpose.
    public static let reasonByteLimit = 2_000

    /// - Parameters:
    ///   - database: Where all of it lies.
    ///   - world: The clock and chance.
    ///   - log: The one log of the program, because it remembers who agents are.
    ///   - tables: Those of every module.
    ///   - papers: Those of every module.
    public init(
        database: any Database, world: World, log: StatementLog, tables: [PersonalTable], papers: [PersonalPapers] = []
    ) {
        self.database = database
        self.world = world
        self.log = log
        self.tables = tables
        self.papers = papers
        queue = JobQueue(database: database, world: world)
    }

    /// - Throws: `Problem` (`reason`).
    func checked(_ reason: String, at pointer: String = "/reason") throws(Problem) -> String {
        let text = reason.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
        if text.isEmpty {
            throw Problem(.invalid, "reason", "Say why. The reason stays on record.", at: [pointer])
        }
        if text.count > RightsDesk.reasonByteLimit || String(text).utf8.count > RightsDesk.reasonByteLimit {
            throw Problem(
                .invalid, "reason", "This is longer than \(RightsDesk.reasonByteLimit) bytes. Shorten it.",
                at: [pointer])
        }
        return String(text)
    }

    /// Makes SQLite overwrite what is deleted from now on, so that the file keeps no trace of it.
    ///
    /// It holds for the one connection that writes. PostgreSQL lets go of deleted rows as it vacuums.
    func overwriteDeleted(on connection: any Connection) throws {
        if connection.dialect == .sqlite { _ = try connection.rows("PRAGMA secure_delete = 1") }
    }

    /// Records what somebody did under this desk, as a statement within the transaction that does it.
    ///
    /// - Returns: The statement's identifier.
    func record(
        _ verb: Verb, _ activity: ActivityRef, by person: ID<Person>?, reason: String,
        inputs: [(String, JSONValue)] = [], for tenant: TenantID, on connection: any Connection
    ) throws -> ID<Statement> {
        let id = world.id(Statement.self)
        var extensions: [(iri: String, value: JSONValue)] = [(Vocabulary.reason, .string(reason))]
        if !inputs.isEmpty { extensions.append((Vocabulary.inputs, .object(JSONObject(inputs)))) }
        try log.append(
            [
                StatementDraft(
                    person.map { .person($0) } ?? .system, verb, activity, id: id, extensions: extensions,
                    timestamp: world.now())
            ], to: tenant, on: connection)
        return id
    }
}

extension Verb {
    /// A person's data, or data past its time, was erased.
    public static let erased = Verb(iri: "urn:leeway:verb:erased", name: "erased")
    /// Everything held about a person was handed out.
    public static let exported = Verb(iri: "urn:leeway:verb:exported", name: "exported")
    /// Erasing was forbidden for a time.
    public static let held = Verb(iri: "urn:leeway:verb:held", name: "held")
    /// A hold was lifted.
    public static let released = Verb(iri: "urn:leeway:verb:released", name: "released")

    /// What people decide for the organisation: who did it stays accountable when the person is erased.
    static let decisions: [Verb] = [
        published, revised, retired, asked, accepted, declined, overridden, decided, drafted, superseded, withdrawn,
        discarded, restored, moved, ended, refreshed, erased, exported, held, released,
    ]
}

extension Vocabulary {
    // Activity types of the rights desk.
    public static let personType = "urn:leeway:type:person"
    public static let erasureType = "urn:leeway:type:erasure"
    public static let holdType = "urn:leeway:type:legal-hold"
    public static let retentionType = "urn:leeway:type:retention-rule"
}
