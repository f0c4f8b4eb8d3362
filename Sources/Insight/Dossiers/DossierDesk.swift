public import Basis
public import Evidence
import Intent
import JSON
import Merkle
import People
public import Storage

/// Makes dossiers out, and keeps what was made out.
///
/// A dossier is made from what is stored, kept as the file that it became, and its digest is put on record: so that
/// anybody who got the file can have it checked against the ledger later.
public struct DossierDesk: Sendable {
    /// What is counted over time is counted over so long.
    /// - Unit: days.
    public static let periodDays = 365
    /// How often it is tried to read everything at one moment.
    static let readLimit = 5

    let database: any Database
    let world: World
    let directory: Directory
    let register: AIRegister
    let strategies: StrategyBook
    let mandates: MandateBook
    let policies: LeewayPolicyBook
    let experiments: ExperimentBook
    let changes: ChangeLog
    let ledger: Ledger
    let rights: RightsDesk
    let log: StatementLog

    public init(database: any Database, world: World, log: StatementLog, rights: RightsDesk) {
        self.database = database
        self.world = world
        self.log = log
        self.rights = rights
        directory = Directory(database: database, world: world)
        register = AIRegister(database: database, world: world)
        strategies = StrategyBook(database: database, world: world)
        mandates = MandateBook(database: database, world: world)
        policies = LeewayPolicyBook(database: database, world: world)
        experiments = ExperimentBook(database: database, world: world)
        changes = ChangeLog(database: database, world: world)
        ledger = Ledger(database: database, world: world)
    }

    /// A dossier as it would be made out now. The same record and checkpoint make the same bytes.
    ///
    /// - Throws: `Problem` (`tenant-missing`, `dossier-busy`); `StorageError`.
    public func draft(_ kind: Dossier.Kind, of tenant: TenantID) async throws -> Dossier {
        let facts = try await facts(of: tenant)
        let sections =
            switch kind {
            case .literacy: facts.literacy
            case .deployer: facts.deployer
            case .iso42001: facts.iso42001
            case .nist: facts.nist
            }
        return Dossier(
            kind: kind, organisation: facts.organisation, period: facts.period, anchor: facts.anchor,
            sections: sections)
    }

    /// One that was made out.
    public struct Issued: Hashable, Sendable {
        public let id: ID<Dossier>
        public let kind: Dossier.Kind
        /// SHA-256 of its file.
        public let digest: String
        /// Leaves of the checkpoint that it is tied to.
        public let size: Int
        public let at: Moment
        public let by: ID<Person>?
    }

    /// Makes a dossier out: keeps its file, and puts its digest on record.
    ///
    /// - Throws: as `draft`.
    public func issue(_ kind: Dossier.Kind, by person: ID<Person>?, of tenant: TenantID) async throws -> Issued {
        let dossier = try await draft(kind, of: tenant)
        let (bytes, digest) = (dossier.bytes, dossier.digest)
        let (id, now) = (world.id(Dossier.self), world.now())
        let issued = Issued(id: id, kind: kind, digest: digest, size: dossier.anchor.size, at: now, by: person)
        try await database.write { connection in
            try connection.run(
                """
                INSERT INTO dossier (tenant, id, kind, digest, size, body, at, by_person)
                VALUES (\(tenant), \(id), \(kind.rawValue), \(digest), \(dossier.anchor.size), \(bytes), \(now),
                    \(person))
                """)
            try log.append(
                [
                    StatementDraft(
                        person.map { .person($0) } ?? .system, .issued,
                        ActivityRef(
                            "urn:leeway:dossier:\(id)", name: kind.title, type: Vocabulary.dossierType),
                        extensions: [
                            (
                                Vocabulary.inputs,
                                [
                                    "sha256": .string(digest), "kind": .string(kind.rawValue),
                                    "size": JSONValue(dossier.anchor.size),
                                ]
                            )
                        ], timestamp: now)
                ], to: tenant, on: connection)
        }
        return issued
    }

    /// What was made out, the newest first.
    public func issued(of tenant: TenantID, limit: Int = 200) async throws -> [Issued] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT id, kind, digest, size, at, by_person FROM dossier WHERE tenant = \(tenant)
                ORDER BY at DESC, id DESC LIMIT \(limit)
                """
            ).map(Issued.init)
        }
    }

    /// One that was made out, with its file.
    ///
    /// - Throws: `Problem` (`dossier-missing`, `dossier-unreadable`).
    public func found(
        _ id: ID<Dossier>, of tenant: TenantID
    ) async throws -> (issued: Issued, dossier: Dossier, file: [UInt8]) {
        let row = try await database.read { connection in
            try connection.row("SELECT * FROM dossier WHERE tenant = \(tenant) AND id = \(id)")
        }
        guard let row else { throw Problem(.missing, "dossier-missing", "There is no such dossier.") }
        let file: [UInt8] = try row.get("body")
        return (try Issued(row), try Dossier(file: file), file)
    }

    /// What checking a file showed.
    public struct Check: Sendable {
        public let dossier: Dossier
        public let digest: String
        /// The statement that says it was made out, and its place in the ledger.
        public let statement: ID<Statement>
        public let leaf: Int
        public let madeOutAt: Moment
        /// Leaves of today's ledger, which begins with those of the dossier's checkpoint.
        public let size: Int
    }

    /// Checks a file against the ledger: that this very file was made out here, that its making is a leaf, and that
    /// today's ledger still begins with the checkpoint that it names.
    ///
    /// - Throws: `Problem` (`dossier-unreadable`, `dossier-unknown` for a file that was changed or never made out
    ///   here, `dossier-waiting` when its leaf is not in a checkpoint yet, `dossier-altered` when the record no longer
    ///   fits; all that `LedgerAudit.extends` throws).
    public func check(_ file: [UInt8], of tenant: TenantID) async throws -> Check {
        let dossier = try Dossier(file: file)
        let digest = Dossier.digest(of: file)
        let row = try await database.read { connection in
            try connection.row(
                "SELECT id, at FROM dossier WHERE tenant = \(tenant) AND digest = \(digest) ORDER BY at, id")
        }
        guard let row else {
            throw Problem(
                .missing, "dossier-unknown",
                "No dossier with the digest \(digest) was made out here. The file was changed, or it is another's.")
        }
        let id: ID<Dossier> = try row.get("id")
        let iri = "urn:leeway:dossier:\(id)"
        var query = StatementQuery()
        query.activity = iri
        guard let statement = try await log.query(query, of: tenant).statements.first(where: { Self.names($0, digest) })
        else {
            throw Problem(
                .conflict, "dossier-altered", "The statement that says it was made out is gone or says otherwise.")
        }
        let audit = LedgerAudit(database: database)
        let today = try await audit.extends(Array(dossier.anchor.note.utf8), key: nil, tenant).today
        let proof: LeafEvidence
        do {
            proof = try await ledger.evidence(of: statement.id, size: nil, of: tenant)
        } catch let problem as Problem where problem.kind == .conflict {
            throw Problem(
                .conflict, "dossier-waiting", "Its making is not in a checkpoint yet. Start the server for a moment.")
        }
        guard proof.proof.proves(.leaf(proof.entry), in: proof.root), proof.opening?.version != nil else {
            throw Problem(.conflict, "dossier-altered", "Its statement does not fit to its leaf: it was altered.")
        }
        return Check(
            dossier: dossier, digest: digest, statement: statement.id, leaf: proof.proof.index,
            madeOutAt: try row.get("at"), size: today.size)
    }

    private static func names(_ statement: StoredStatement, _ digest: String) -> Bool {
        guard let json = try? JSONValue(parsing: statement.body), json["verb"]?["id"]?.string == Verb.issued.iri else {
            return false
        }
        return json["context"]?["extensions"]?[Vocabulary.inputs]?["sha256"]?.string == digest
    }
}

extension DossierDesk.Issued {
    fileprivate init(_ row: Row) throws {
        guard let kind = Dossier.Kind(rawValue: try row.get("kind")) else {
            throw StorageError.mistyped(column: "kind")
        }
        self.init(
            id: try row.get("id"), kind: kind, digest: try row.get("digest"), size: try row.get("size"),
            at: try row.get("at"), by: try row.find("by_person"))
    }
}
