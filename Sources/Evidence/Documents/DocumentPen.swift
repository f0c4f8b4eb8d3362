import Basis
import JSON
import Storage

/// Reads and changes documents of one tenant within one transaction.
struct DocumentPen {
    let tenant: TenantID
    let connection: any Connection
    private(set) var names: NameNumbers
    private let cache: NameCache
    private let world: World
    private let limits: XAPILimits

    /// A folder in numbers.
    struct Place: Hashable {
        let kind: DocumentKind
        /// 0 for none.
        var activity = 0
        /// 0 for none.
        var agent = 0
        var registration: String?
    }

    /// A document of a folder, without its body.
    struct Entry {
        let registration: String
        let name: String
    }

    init(tenant: TenantID, book: DocumentBook, connection: any Connection) {
        self.tenant = tenant
        self.connection = connection
        cache = book.cache
        world = book.world
        limits = book.limits
        names = NameNumbers(tenant: tenant, cache: book.cache)
    }

    /// Nil when a name is unknown, so that nothing can lie there.
    func place(of folder: DocumentFolder) throws -> Place? {
        var place = Place(kind: folder.kind)
        switch folder {
        case .state(let activity, let agent, let registration):
            guard let activity = try number(ofActivity: activity), let agent = try number(of: agent) else {
                return nil
            }
            (place.activity, place.agent, place.registration) = (activity, agent, registration)
        case .activityProfile(let activity):
            guard let activity = try number(ofActivity: activity) else { return nil }
            place.activity = activity
        case .agentProfile(let agent):
            guard let agent = try number(of: agent) else { return nil }
            place.agent = agent
        }
        return place
    }

    private func number(of agent: AgentName) throws -> Int? {
        if let number = names.agent(agent.canonical) { return number }
        return try connection.row(
            "SELECT number FROM agent WHERE tenant = \(tenant) AND ifi = \(agent.canonical)")?.get("number")
    }

    private func number(ofActivity iri: String) throws -> Int? {
        if let number = names.activity(iri)?.number { return number }
        return try connection.row("SELECT number FROM activity WHERE tenant = \(tenant) AND iri = \(iri)")?
            .get("number")
    }

    /// Gives numbers to a folder's names.
    private mutating func learn(_ folder: DocumentFolder) throws {
        switch folder {
        case .state(let activity, let agent, _):
            try names.learnActivities([ActivityFacts(iri: activity, definition: nil)], on: connection)
            try names.learnAgents([AgentFacts(agent)], on: connection)
        case .activityProfile(let activity):
            try names.learnActivities([ActivityFacts(iri: activity, definition: nil)], on: connection)
        case .agentProfile(let agent): try names.learnAgents([AgentFacts(agent)], on: connection)
        }
    }

    func document(at place: Place, name: String) throws -> Document? {
        try connection.row(
            "SELECT type, body, hash, updated_at FROM document WHERE " + condition(place)
                + " AND registration = \(place.registration ?? "") AND name = \(name)"
        ).map(Document.init)
    }

    /// The documents of a place, those last changed first; without a registration, those of every registration.
    func entries(of place: Place, since: Moment? = nil) throws -> [Entry] {
        var sql: SQL = "SELECT registration, name FROM document WHERE " + condition(place)
        if let registration = place.registration { sql += " AND registration = \(registration)" }
        if let since { sql += " AND updated_at > \(since)" }
        return try connection.rows(sql + " ORDER BY updated_at DESC, name, registration").map { row in
            Entry(registration: try row.get("registration"), name: try row.get("name"))
        }
    }

    private func condition(_ place: Place) -> SQL {
        """
        tenant = \(tenant) AND kind = \(place.kind.rawValue) AND activity = \(place.activity)
            AND agent = \(place.agent)
        """
    }

    /// - Throws: what `DocumentBook.change` does.
    mutating func change(_ change: DocumentChange, by authority: Authority) throws -> Document? {
        let address = change.address
        var place = try place(of: address.folder)
        let earlier = try place.flatMap { try document(at: $0, name: address.name) }
        try change.condition.check(earlier?.tag)
        let later = try change.result(
            over: earlier, at: cache.advance(to: world.now()), limits: limits)
        if earlier == nil {
            if later == nil { return nil }
            try learn(address.folder)
            place = try self.place(of: address.folder)
        }
        guard let place else { preconditionFailure("names are learned first") }
        if earlier == nil { try checkRoom(at: place) }
        try set(later, over: earlier, name: address.name, at: place, by: authority)
        return later
    }

    mutating func removeAll(in folder: DocumentFolder, by authority: Authority) throws -> Int {
        guard let place = try place(of: folder) else { return 0 }
        let entries = try entries(of: place)
        for entry in entries {
            var own = place
            own.registration = entry.registration
            let earlier = try document(at: own, name: entry.name)
            try set(nil, over: earlier, name: entry.name, at: own, by: authority)
        }
        return entries.count
    }

    /// - Throws: `Problem` (`documents-too-many`).
    private func checkRoom(at place: Place) throws {
        let limit = limits.documentCount
        let some: SQL = "SELECT 1 AS one FROM document WHERE " + condition(place) + " LIMIT \(limit)"
        let count: Int = try connection.value("SELECT COUNT(*) AS count FROM (" + some + ") AS room")
        if count < limit { return }
        throw Problem(
            .oversize, "documents-too-many",
            "There are \(limit) documents here already, which is the most. Delete some, or keep more in each.")
    }

    /// The one way in which a document changes: `nil` for none, before or after.
    private mutating func set(
        _ later: Document?, over earlier: Document?, name: String, at place: Place, by authority: Authority
    ) throws {
        try LedgerPen(tenant: tenant, connection: connection)
            .record(later, named: name, at: place, by: authority, world: world)
        let registration = place.registration ?? ""
        guard let later else {
            try connection.run(
                "DELETE FROM document WHERE " + condition(place)
                    + " AND registration = \(registration) AND name = \(name)")
            return
        }
        let agent = AgentName(home: try names.home(on: connection), account: authority.name)
        try names.learnAgents([AgentFacts(agent)], on: connection)
        let number = names.agent(agent.canonical) ?? 0
        if earlier != nil {
            try connection.run(
                """
                UPDATE document SET type = \(later.type), hash = \(later.hash), updated_at = \(later.updatedAt),
                    authority = \(number), body = \(later.body)
                WHERE
                """ + " " + condition(place) + " AND registration = \(registration) AND name = \(name)")
            return
        }
        _ = try yielding {
            try connection.run(
                """
                INSERT INTO document
                    (tenant, kind, activity, agent, registration, name, type, hash, updated_at, authority, body)
                VALUES (\(tenant), \(place.kind.rawValue), \(place.activity), \(place.agent), \(registration),
                    \(name), \(later.type), \(later.hash), \(later.updatedAt), \(number), \(later.body))
                """)
        }
    }
}
