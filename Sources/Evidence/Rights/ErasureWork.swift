public import Basis
import JSON
import Storage

extension RightsDesk {
    /// How long after the order other nodes may still know the person: they forget within a second.
    public static let settling = Duration.seconds(5)
    /// Statements of one transaction.
    static let batchLimit = 200

    /// Does an erasure, or goes on with it where it stopped: each step is a transaction that notes how far it came.
    ///
    /// - Parameters:
    ///   - id: The order.
    ///   - tenant: Whose.
    ///   - settling: How long to wait before the second look at the statements.
    ///   - progress: Told the number of things done so far after each step.
    /// - Returns: The finished record.
    /// - Throws: `Problem` (`erasure-missing`, `legal-hold`); `StorageError`.
    public func work(
        _ id: ID<Erasure>, of tenant: TenantID, settling: Duration = RightsDesk.settling,
        progress: (Int) async throws -> Void = { _ in }
    ) async throws -> ErasureRecord {
        while true {
            let record = try await database.write { connection in
                var step = try ErasureStep(desk: self, id: id, tenant: tenant, connection: connection)
                if !step.record.isDone { try step.run() }
                return try erasureRecord(id, of: tenant, on: connection)
            }
            if record.isDone { return record }
            try await progress(record.counts.reduce(0) { $0 + $1.count })
            if record.phase == .sweep, record.place == 0 {
                log.cache.forget(tenant)
                let rest = record.orderedAt + settling - world.now()
                if rest > .zero { try await Task.sleep(for: rest) }
            }
        }
    }
}

/// One step of an erasure, within one transaction.
private struct ErasureStep {
    let desk: RightsDesk
    let tenant: TenantID
    let connection: any Connection
    let record: ErasureRecord
    private let agents: PersonAgents
    private let blinding: Blinding
    private var counts: JSONObject

    init(desk: RightsDesk, id: ID<Erasure>, tenant: TenantID, connection: any Connection) throws {
        self.desk = desk
        self.tenant = tenant
        self.connection = connection
        record = try desk.erasureRecord(id, of: tenant, on: connection)
        let rows = try connection.rows(
            "SELECT agent, ifi, pseudonym FROM erasure_agent WHERE tenant = \(tenant) AND erasure = \(id)")
        var pseudonyms: [String: AgentName] = [:]
        agents = PersonAgents(
            try rows.map { row in
                let ifi: String = try row.find("ifi") ?? ""
                pseudonyms[ifi] = AgentName(canonical: try row.get("pseudonym"))
                return PersonAgents.Agent(number: try row.get("agent"), ifi: ifi)
            })
        var words: Set<String> = [record.person.description]
        if let identity = try? PersonIdentity(record.person, of: tenant, on: connection), let email = identity.email {
            words.formUnion([email, "mailto:" + email])
        }
        blinding = Blinding(pseudonyms: pseudonyms, words: words)
        counts = JSONObject(record.counts.map { ($0.kind, JSONValue($0.count)) })
    }

    mutating func run() throws {
        try desk.overwriteDeleted(on: connection)
        try desk.checkNoHold(over: record.person, of: tenant, on: connection)
        switch record.phase {
        case .statements: try statements(next: .sweep)
        case .sweep: try statements(next: .documents)
        case .documents: try documents()
        case .tables: try tables()
        case .account: try account()
        case .done: break
        }
    }

    private mutating func count(_ kind: String, _ more: Int) {
        if more > 0 { counts[kind] = JSONValue((counts[kind]?.integer ?? 0) + more) }
    }

    private func keep(_ phase: ErasureRecord.Phase, place: Int) throws {
        try connection.run(
            """
            UPDATE erasure SET phase = \(phase), place = \(place), counts = \(JSONValue.object(counts).text)
            WHERE tenant = \(tenant) AND id = \(record.id)
            """)
    }

    private mutating func statements(next: ErasureRecord.Phase) throws {
        var eraser = StatementEraser(
            tenant: tenant, run: record.id.description, now: desk.world.now(), connection: connection)
        for agent in agents.agents { eraser.renamed[agent.ifi] = agent.number }
        let numbers = try agents.statements(
            after: record.place, limit: RightsDesk.batchLimit, of: tenant, on: connection)
        guard let last = numbers.last else { return try keep(next, place: 0) }
        let done = Set(
            try connection.rows(
                """
                SELECT seq FROM erased_leaf WHERE tenant = \(tenant) AND run = \(record.id)
                    AND kind = \(LeafKind.statement) AND seq BETWEEN \(numbers[0]) AND \(last)
                """
            ).map { try $0.get("seq", as: Int.self) })
        let own = Set(agents.numbers)
        let kept = Set(try desk.verbs(Verb.decisions + [.voided], of: tenant, on: connection))
        var going: [StatementEraser.Stored] = []
        for statement in try eraser.read(numbers.filter { !done.contains($0) }) {
            if own.contains(statement.actor), !kept.contains(statement.verb) {
                going.append(statement)
            } else {
                try eraser.blind(statement, as: blinding.value(statement.body))
                count("statements blinded", 1)
            }
        }
        try eraser.erase(going)
        count("statements", going.count)
        try keep(record.phase, place: last)
    }

    private mutating func documents() throws {
        let (numbers, limit) = (SQL.list(agents.numbers), RightsDesk.batchLimit)
        let changes = try connection.rows(
            """
            SELECT seq FROM document_change
            WHERE tenant = \(tenant) AND agent IN (\(numbers)) AND agent <> 0 AND salt IS NOT NULL
            ORDER BY seq LIMIT \(limit)
            """
        ).map { try $0.get("seq", as: Int.self) }
        for chunk in chunks(changes) {
            try connection.run(
                """
                UPDATE document_change SET salt = NULL, detail = NULL
                WHERE tenant = \(tenant) AND seq IN (\(SQL.list(chunk)))
                """)
        }
        let rows: [[Value]] = changes.map { number in
            [
                tenant.stored, record.id.stored, LeafKind.document.stored, number.stored, .null,
                LeafFate.blinded.stored,
            ]
        }
        try connection.bulk("erased_leaf", ["tenant", "run", "kind", "seq", "id", "fate"], rows, on: .skip)
        try LedgerPen(tenant: tenant, connection: connection)
            .noteErasure(of: .document, changes, at: desk.world.now())
        let key: SQL = "kind, activity, agent, registration, name"
        let removed = try connection.run(
            "DELETE FROM document WHERE tenant = \(tenant) AND (" + key + ") IN (SELECT " + key
                + " FROM document WHERE tenant = \(tenant) AND agent IN (\(numbers)) AND agent <> 0 LIMIT \(limit))")
        count("documents", removed)
        count("changes of documents", changes.count)
        let isOver = removed < limit && changes.count < limit
        try keep(isOver ? .tables : .documents, place: 0)
    }

    private mutating func tables() throws {
        guard desk.tables.indices.contains(record.place) else { return try papers() }
        let table = desk.tables[record.place]
        let touched = try table.settle(record.person, tenant, on: connection)
        if case .kept = table.fate {
            count("kept: " + table.kind, touched)
        } else {
            count(table.kind, touched)
        }
        try keep(.tables, place: record.place + 1)
    }

    /// Comes behind the tables, in the same phase.
    private mutating func papers() throws {
        let place = record.place - desk.tables.count
        guard desk.papers.indices.contains(place) else { return try keep(.account, place: 0) }
        let identity = try? PersonIdentity(record.person, of: tenant, on: connection)
        let kind = desk.papers[place]
        count(
            kind.kind,
            try kind.settle(
                PersonMarks(identity, agents), run: record.id.description, tenant, on: connection))
        try keep(.tables, place: record.place + 1)
    }

    private mutating func account() throws {
        let (person, now) = (record.person, desk.world.now())
        try connection.run(
            """
            UPDATE client SET revoked_at = COALESCE(revoked_at, \(now))
            WHERE tenant = \(tenant) AND learner = \(person)
            """)
        var isNamed = false
        for table in desk.tables {
            if case .kept = table.fate, try table.count(of: person, tenant, on: connection) > 0 { isNamed = true }
        }
        if isNamed {
            let token = "erased-" + hexadecimal(desk.world.bytes(8))
            try connection.run(
                """
                UPDATE person SET key = \(token), name = \(RightsDesk.erasedName), email = NULL, email_key = NULL,
                    unit = NULL, manager = NULL, is_active = 0, language = NULL, search_text = ''
                WHERE tenant = \(tenant) AND id = \(person)
                """)
        } else {
            try connection.run("DELETE FROM person WHERE tenant = \(tenant) AND id = \(person)")
        }
        count("accounts", 1)
        try connection.run(
            "UPDATE erasure_agent SET ifi = NULL WHERE tenant = \(tenant) AND erasure = \(record.id)")
        let activity = ActivityRef(
            "urn:leeway:erasure:\(record.id)", name: "Erasure of a person", type: Vocabulary.erasureType)
        let leaves = try desk.leaves(of: record.id.description, tenant, on: connection)
        let author = try record.orderedBy.flatMap { author in
            try connection.holds("SELECT 1 AS one FROM person WHERE tenant = \(tenant) AND id = \(author)")
                ? author : nil
        }
        let event = try desk.record(
            .erased, activity, by: author, reason: record.reason,
            inputs: [("counts", .object(counts)), ("leaves", leaves.json)], for: tenant, on: connection)
        try keep(.account, place: 0)
        try connection.run(
            """
            UPDATE erasure SET phase = \(ErasureRecord.Phase.done), finished_at = \(now), event = \(event.bytes)
            WHERE tenant = \(tenant) AND id = \(record.id)
            """)
    }
}

extension RightsDesk {
    /// What the directory shows in place of somebody who was erased and whom a decision still points at.
    static let erasedName = "Erased person"
}
