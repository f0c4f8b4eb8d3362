public import Basis
import JSON
public import Storage

/// Writes statements of one tenant within one transaction, and remembers the numbers of names on the way.
///
/// A pen belongs to its transaction: make it inside the body, since the body may run again.
public struct StatementPen: Sendable {
    /// Rows of one insert.
    static let chunkLimit = 5_000

    public let tenant: TenantID
    private(set) var names: NameNumbers
    private let cache: NameCache
    let world: World
    /// Something was there already, so more probably is.
    private var isRepeating = false

    init(tenant: TenantID, log: StatementLog) {
        self.tenant = tenant
        cache = log.cache
        world = log.world
        names = NameNumbers(tenant: tenant, cache: log.cache)
    }

    /// Writes drafts. Those whose `id` is there already, or was erased, are skipped.
    ///
    /// - Returns: How many were new.
    /// - Throws: `Problem` (`person-missing`), `StorageError`.
    @discardableResult
    public mutating func append(_ drafts: [StatementDraft], on connection: any Connection) throws -> Int {
        var count = 0
        for start in stride(from: 0, to: drafts.count, by: StatementPen.chunkLimit) {
            let chunk = Array(drafts[start..<min(start + StatementPen.chunkLimit, drafts.count)])
            count += try append(chunk: chunk, on: connection)
        }
        return count
    }

    /// Writes drafts that were rendered before. Those whose `id` is there already, or was erased, are skipped.
    ///
    /// - Returns: How many were new.
    /// - Throws: `Problem` (`person-missing`), `StorageError`.
    @discardableResult
    public mutating func append(_ drafts: [RenderedDraft], on connection: any Connection) throws -> Int {
        var count = 0
        for start in stride(from: 0, to: drafts.count, by: StatementPen.chunkLimit) {
            let chunk = drafts[start..<min(start + StatementPen.chunkLimit, drafts.count)]
            count += try append(chunk: Array(chunk), givenIDs: Set(chunk.map(\.id)), on: connection)
        }
        return count
    }

    private mutating func append(chunk drafts: [StatementDraft], on connection: any Connection) throws -> Int {
        try names.learnPeople(Set(drafts.compactMap(\.actor.person)), on: connection)
        let own = try account(of: .own, on: connection)
        let rendered = drafts.map { draft in
            let agent = draft.actor.person.map { number(of: $0).json } ?? own.json
            return draft.rendered(id: draft.id ?? world.id(), agent: agent, world: world)
        }
        return try append(chunk: rendered, givenIDs: Set(drafts.compactMap(\.id)), on: connection)
    }

    private mutating func append(
        chunk drafts: [RenderedDraft], givenIDs: Set<ID<Statement>>, on connection: any Connection
    ) throws -> Int {
        var new = drafts
        if givenIDs.count < drafts.count {
            var seen: Set<ID<Statement>> = []
            new = drafts.filter { seen.insert($0.id).inserted }
        }
        let gone = try ErasedStatements.among(givenIDs, of: tenant, on: connection)
        if !gone.isEmpty {
            new.removeAll { gone.contains($0.id) }
            if new.isEmpty { return 0 }
        }
        if try hopes(thatAreNew: givenIDs, on: connection, { try $0.write(new, on: connection) }) { return new.count }
        let there = try existing(Array(givenIDs), on: connection)
        new.removeAll { there.contains($0.id) }
        if new.isEmpty { return 0 }
        try yielding { try write(new, on: connection) }
        return new.count
    }

    private mutating func write(_ new: [RenderedDraft], on connection: any Connection) throws {
        try learn(new, on: connection)
        let own = try account(of: .own, on: connection)
        let first = try connection.reserve(new.count, of: "statement")
        let storedAt = cache.advance(to: world.now())
        var table = StatementTable(tenant: tenant, authority: own, storedAt: storedAt, capacity: new.count)
        for (offset, draft) in new.enumerated() {
            let writer = draft.actor.person.map { number(of: $0).number } ?? own.number
            table.append(draft, sequence: first + offset, by: writer, names: names)
        }
        try table.insert(on: connection)
        try settle(arrived: new.map(\.id), voided: [:], on: connection)
    }

    /// Writes without a look whether the identifiers are there, if that can be undone and is worth a try.
    ///
    /// On both engines the look costs as much as the insert's own. For PostgreSQL it also counts as reading the page of
    /// the index where all new identifiers go, so that of two transactions that look and then write one must give way:
    /// under load most would. The unique index alone does not.
    ///
    /// - Returns: False when something was there, and nothing is written.
    private mutating func hopes(
        thatAreNew ids: Set<ID<Statement>>, on connection: any Connection, _ write: (inout StatementPen) throws -> Void
    ) throws -> Bool {
        guard !ids.isEmpty, !isRepeating else { return false }
        var pen = self
        try connection.run("SAVEPOINT hope")
        do {
            try write(&pen)
            try connection.run("RELEASE SAVEPOINT hope")
            self = pen
            return true
        } catch StorageError.duplicate {
            try connection.run("ROLLBACK TO SAVEPOINT hope")
            try connection.run("RELEASE SAVEPOINT hope")
            isRepeating = true
            return false
        }
    }

    private mutating func learn(_ drafts: [RenderedDraft], on connection: any Connection) throws {
        try names.learnPeople(Set(drafts.compactMap(\.actor.person)), on: connection)
        try names.learnVerbs(Set(drafts.map(\.verb)), on: connection)
        let open = drafts.filter { draft in
            guard let known = names.activity(draft.activity.iri) else { return true }
            return draft.definition != 0 && draft.definition != known.definition
        }
        let related = Set(drafts.lazy.flatMap(\.related)).filter { names.activity($0) == nil }
        if open.isEmpty, related.isEmpty { return }
        let facts = Set(open.map(\.activity)).sorted { $0.iri < $1.iri }
        try names.learnActivities(
            facts
                + related.sorted().map {
                    ActivityFacts(iri: $0, definition: $0 == OwnProfile.version ? OwnProfile.categoryDefinition : nil)
                }, on: connection)
    }

    private func number(of person: ID<Person>) -> NameCache.Writer {
        guard let writer = names.person(person) else { preconditionFailure("people are learned first") }
        return writer
    }

    /// The agent of an authority.
    mutating func account(of authority: Authority, on connection: any Connection) throws -> NameCache.Writer {
        let agent = AgentName(home: try names.home(on: connection), account: authority.name)
        try names.learnAgents([AgentFacts(agent)], on: connection)
        guard let number = names.agent(agent.canonical) else { preconditionFailure("agents are learned first") }
        return NameCache.Writer(number: number, json: agent.json.canonical)
    }

    /// What of a batch is there already, by identifier.
    ///
    /// - Throws: `Problem` (`statement-conflict`) when something else is there.
    static func unchanged(
        _ entries: [StatementBatch.Entry], of tenant: TenantID, on connection: any Connection
    ) throws -> Set<ID<Statement>> {
        let known = try bodies(of: entries.filter { !$0.isFresh }.map(\.id), of: tenant, on: connection)
        for entry in entries {
            guard let body = known[entry.id], !StatementComparison.isSame(body, entry.body) else { continue }
            throw Problem(
                .conflict, "statement-conflict",
                "There is a statement \(entry.id) already, and it says something else. Give this one a new id.",
                at: [entry.pointer.appending("id").description])
        }
        return Set(known.keys)
    }

    /// What storing a batch did.
    struct Outcome: Sendable {
        /// In the batch's order.
        var ids: [ID<Statement>]
        var created: Int
    }

    /// Stores a batch: all of it, or throws.
    ///
    /// - Throws: `Problem` (`statement-erased`, `statement-conflict`, `void-of-void`); `StorageError`.
    mutating func store(
        _ batch: StatementBatch, by authority: Authority, keepingAuthority: Bool = false,
        on connection: any Connection
    ) throws -> Outcome {
        let entries = batch.entries
        let given = Set(entries.filter { !$0.isFresh }.map(\.id))
        var outcome = Outcome(ids: entries.map(\.id), created: entries.count)
        try ErasedStatements.refuse(entries, of: tenant, on: connection)
        let hoped = try hopes(thatAreNew: given, on: connection) { pen in
            try pen.write(entries, by: authority, keepingAuthority: keepingAuthority, on: connection)
        }
        if hoped { return outcome }
        let known = try StatementPen.unchanged(entries, of: tenant, on: connection)
        let new = entries.filter { !known.contains($0.id) }
        outcome.created = new.count
        if new.isEmpty { return outcome }
        try yielding { try write(new, by: authority, keepingAuthority: keepingAuthority, on: connection) }
        return outcome
    }

    mutating func write(
        _ new: [StatementBatch.Entry], by authority: Authority, keepingAuthority: Bool,
        on connection: any Connection
    ) throws {
        try names.learnAgents(new.flatMap(\.facts.allAgents), on: connection)
        try names.learnVerbs(new.map(\.facts.verb), on: connection)
        try names.learnActivities(new.flatMap(\.facts.allActivities), on: connection)
        let writer = try account(of: authority, on: connection)
        let first = try connection.reserve(new.count, of: "statement")
        let storedAt = cache.advance(to: world.now())
        var table = StatementTable(tenant: tenant, authority: writer, storedAt: storedAt, capacity: new.count)
        for (offset, entry) in new.enumerated() {
            var own: NameCache.Writer?
            if keepingAuthority, let agent = entry.authority {
                try names.learnAgents([AgentFacts(agent)], on: connection)
                own = names.agent(agent.canonical).map {
                    NameCache.Writer(number: $0, json: agent.json.canonical)
                }
            }
            let commitment = Commitment(.statement, entry.form, world: world)
            table.append(entry, commitment, sequence: first + offset, authority: own, names: names)
        }
        try table.insert(on: connection)
        var voided: [ID<Statement>: JSONPointer] = [:]
        for entry in new where entry.facts.isVoiding {
            if let target = entry.facts.target { voided[target] = entry.pointer }
        }
        try settle(arrived: new.map(\.id), voided: voided, on: connection)
    }

    private func existing(
        _ ids: [ID<Statement>], on connection: any Connection
    ) throws -> Set<ID<Statement>> {
        var there: Set<ID<Statement>> = []
        for chunk in chunks(ids.map(\.bytes)) {
            let rows = try connection.rows(
                "SELECT id FROM statement WHERE tenant = \(tenant) AND id IN (\(SQL.list(chunk)))")
            for row in rows { there.insert(ID(bytes: try row.get("id"))) }
        }
        return there
    }

    /// The bodies of the statements that are there, by identifier.
    static func bodies(
        of ids: [ID<Statement>], of tenant: TenantID, on connection: any Connection
    ) throws -> [ID<Statement>: [UInt8]] {
        var bodies: [ID<Statement>: [UInt8]] = [:]
        for chunk in chunks(ids.map(\.bytes)) {
            let rows = try connection.rows(
                "SELECT id, body FROM statement WHERE tenant = \(tenant) AND id IN (\(SQL.list(chunk)))")
            for row in rows { bodies[ID(bytes: try row.get("id"))] = try row.get("body") }
        }
        return bodies
    }

    /// Voids what voiding statements name, whichever of the two came first.
    ///
    /// - Throws: `Problem` (`void-of-void`): a voiding statement cannot itself be voided (xAPI 1.0.3, part 2, 2.3.2).
    private mutating func settle(
        arrived: [ID<Statement>], voided: [ID<Statement>: JSONPointer], on connection: any Connection
    ) throws {
        let isOpen = try connection.holds(
            "SELECT 1 AS one FROM reference WHERE tenant = \(tenant) AND is_open = 1 LIMIT 1")
        if !isOpen { return }
        try names.learnVerbs([Verb.voided.iri], on: connection)
        let verb = names.verb(Verb.voided.iri) ?? 0
        for chunk in chunks((Set(arrived).union(voided.keys)).map(\.bytes)) {
            let rows = try connection.rows(
                """
                SELECT DISTINCT r.target, s.verb FROM reference r
                JOIN statement s ON s.tenant = r.tenant AND s.id = r.target
                WHERE r.tenant = \(tenant) AND r.is_open = 1 AND r.target IN (\(SQL.list(chunk)))
                """)
            for row in rows {
                let target: [UInt8] = try row.get("target")
                if try row.get("verb") == verb {
                    if let pointer = voided[ID(bytes: target)] {
                        throw Problem(
                            .invalid, "void-of-void", "A statement that voids cannot be voided. Send a new statement.",
                            at: [pointer.appending("object").appending("id").description])
                    }
                } else {
                    try connection.run("UPDATE statement SET voided = 1 WHERE tenant = \(tenant) AND id = \(target)")
                }
                try connection.run(
                    """
                    UPDATE reference SET is_open = 0
                    WHERE tenant = \(tenant) AND target = \(target) AND is_open = 1
                    """)
            }
        }
    }
}
