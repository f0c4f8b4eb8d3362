import Basis
import JSON
import Storage

/// The numbers of names within one transaction: from memory, from the tables, or newly given.
struct NameNumbers: Sendable {
    private let known: NameCache.Known
    private(set) var fresh = NameCache.Known()
    private let tenant: TenantID

    init(tenant: TenantID, cache: NameCache) {
        self.tenant = tenant
        known = cache.known(of: tenant)
    }

    func agent(_ name: String) -> Int? { fresh.agents[name] ?? known.agents[name] }
    func verb(_ iri: String) -> Int? { fresh.verbs[iri] ?? known.verbs[iri] }
    func activity(_ iri: String) -> NameCache.Activity? { fresh.activities[iri] ?? known.activities[iri] }
    func person(_ id: ID<Person>) -> NameCache.Writer? { fresh.people[id] ?? known.people[id] }

    /// The tenant's home page.
    ///
    /// - Throws: `Problem` (`tenant-missing`).
    mutating func home(on connection: any Connection) throws -> String {
        if let home = fresh.home ?? known.home { return home }
        guard let row = try connection.row("SELECT home FROM tenant WHERE tenant = \(tenant)") else {
            throw Problem(.missing, "tenant-missing", "There is no such organisation.")
        }
        let home: String = try row.get("home")
        fresh.home = home
        return home
    }

    mutating func learnAgents(_ wanted: some Sequence<AgentFacts>, on connection: any Connection) throws {
        var missing: [String: AgentFacts] = [:]
        for facts in wanted {
            let name = facts.agent.canonical
            if agent(name) == nil, missing[name]?.name == nil { missing[name] = facts }
        }
        for names in chunks(missing.keys.sorted()) {
            let rows = try connection.rows(
                "SELECT number, ifi FROM agent WHERE tenant = \(tenant) AND ifi IN (\(SQL.list(names)))")
            for row in rows {
                let name: String = try row.get("ifi")
                fresh.agents[name] = try row.get("number")
                missing[name] = nil
            }
        }
        if missing.isEmpty { return }
        let people = try people(named: missing.values.map(\.agent), on: connection)
        let first = try connection.reserve(missing.count, of: "agent")
        var rows: [[Value]] = []
        for (offset, (name, facts)) in missing.sorted(by: { $0.key < $1.key }).enumerated() {
            let label = facts.name.flatMap { $0.utf8.contains(0) ? nil : $0 }
            rows.append([
                tenant.stored, (first + offset).stored, name.stored, label?.stored ?? .null,
                people[name]?.stored ?? .null,
            ])
            fresh.agents[name] = first + offset
        }
        try insert("agent", ["tenant", "number", "ifi", "name", "person"], rows, on: connection)
    }

    mutating func learnVerbs(_ wanted: some Sequence<String>, on connection: any Connection) throws {
        let missing = Set(wanted).filter { verb($0) == nil }.sorted()
        for names in chunks(missing) {
            let rows = try connection.rows(
                "SELECT number, iri FROM verb WHERE tenant = \(tenant) AND iri IN (\(SQL.list(names)))")
            for row in rows { fresh.verbs[try row.get("iri")] = try row.get("number") }
        }
        let open = missing.filter { fresh.verbs[$0] == nil }
        if open.isEmpty { return }
        let first = try connection.reserve(open.count, of: "verb")
        let rows = open.enumerated().map { [tenant.stored, (first + $0.offset).stored, $0.element.stored] }
        for (offset, iri) in open.enumerated() { fresh.verbs[iri] = first + offset }
        try insert("verb", ["tenant", "number", "iri"], rows, on: connection)
    }

    /// Also keeps the definitions up to date: what a statement says last of an activity is added to what is known.
    mutating func learnActivities(_ wanted: some Sequence<ActivityFacts>, on connection: any Connection) throws {
        var missing: [String: JSONValue?] = [:]
        var changed: [(iri: String, definition: JSONValue)] = []
        for facts in wanted {
            if let entry = activity(facts.iri) {
                if let definition = facts.definition, facts.fingerprint != entry.definition {
                    changed.append((facts.iri, definition))
                }
            } else if let earlier = missing[facts.iri], facts.definition != nil {
                missing[facts.iri] = merged(earlier, facts.definition)
            } else if missing[facts.iri] == nil {
                missing.updateValue(facts.definition, forKey: facts.iri)
            }
        }
        for names in chunks(missing.keys.sorted()) {
            let rows = try connection.rows(
                "SELECT number, iri FROM activity WHERE tenant = \(tenant) AND iri IN (\(SQL.list(names)))")
            for row in rows {
                let iri: String = try row.get("iri")
                fresh.activities[iri] = NameCache.Activity(number: try row.get("number"), definition: 0)
                if let definition = missing.removeValue(forKey: iri) ?? nil { changed.append((iri, definition)) }
            }
        }
        if !missing.isEmpty { try insertActivities(missing, on: connection) }
        for (iri, definition) in changed { try define(iri, definition, on: connection) }
    }

    private mutating func insertActivities(
        _ missing: [String: JSONValue?], on connection: any Connection
    ) throws {
        let first = try connection.reserve(missing.count, of: "activity")
        var rows: [[Value]] = []
        for (offset, (iri, definition)) in missing.sorted(by: { $0.key < $1.key }).enumerated() {
            rows.append([
                tenant.stored, (first + offset).stored, iri.stored, definition?.text.stored ?? .null,
            ])
            fresh.activities[iri] = NameCache.Activity(
                number: first + offset, definition: ActivityFacts(iri: iri, definition: definition).fingerprint)
        }
        try insert("activity", ["tenant", "number", "iri", "definition"], rows, on: connection)
    }

    private mutating func define(_ iri: String, _ definition: JSONValue, on connection: any Connection) throws {
        guard var entry = activity(iri) else { return }
        let row = try connection.row(
            "SELECT definition FROM activity WHERE tenant = \(tenant) AND number = \(entry.number)")
        let text = try row?.find("definition", as: String.self)
        let earlier = text.flatMap { try? JSONValue(parsing: $0) }
        if let sum = merged(earlier, definition), sum.text != text {
            try connection.run(
                "UPDATE activity SET definition = \(sum.text) WHERE tenant = \(tenant) AND number = \(entry.number)")
        }
        entry.definition = ActivityFacts(iri: iri, definition: definition).fingerprint
        fresh.activities[iri] = entry
    }

    /// - Throws: `Problem` (`person-missing`).
    mutating func learnPeople(_ wanted: some Sequence<ID<Person>>, on connection: any Connection) throws {
        let missing = Set(wanted).filter { person($0) == nil }
        if missing.isEmpty { return }
        let home = try home(on: connection)
        var found: [(id: ID<Person>, agent: AgentName)] = []
        for ids in chunks(missing.map(\.description).sorted()) {
            let rows = try connection.rows(
                "SELECT id, key FROM person WHERE tenant = \(tenant) AND id IN (\(SQL.list(ids)))")
            for row in rows { found.append((try row.get("id"), AgentName(home: home, account: try row.get("key")))) }
        }
        if let stranger = missing.subtracting(found.map(\.id)).min(by: { $0.description < $1.description }) {
            throw Problem(.missing, "person-missing", "There is no person \(stranger) in this organisation.")
        }
        try learnAgents(found.map { AgentFacts($0.agent) }, on: connection)
        for (id, name) in found {
            guard let number = agent(name.canonical) else { continue }
            fresh.people[id] = NameCache.Writer(number: number, json: name.json.canonical)
        }
    }

    /// People by the canonical names of their accounts.
    private mutating func people(
        named agents: [AgentName], on connection: any Connection
    ) throws -> [String: String] {
        let accounts = agents.filter { $0.form == .account }
        if accounts.isEmpty { return [:] }
        let home = try home(on: connection)
        var people: [String: String] = [:]
        for keys in chunks(accounts.filter { $0.home == home }.map(\.value).sorted()) {
            let rows = try connection.rows(
                "SELECT id, key FROM person WHERE tenant = \(tenant) AND key IN (\(SQL.list(keys)))")
            for row in rows {
                people[AgentName(home: home, account: try row.get("key")).canonical] = try row.get("id")
            }
        }
        return people
    }
}

/// Inserts rows that were not there a moment ago.
func insert(_ table: StaticString, _ columns: [String], _ rows: [[Value]], on connection: any Connection) throws {
    _ = try yielding { try connection.bulk(table, columns, rows, on: .refuse) }
}

/// What was not there a moment ago and now is, another transaction wrote: then all is tried again.
func yielding<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch StorageError.duplicate {
        throw StorageError.contended
    }
}

/// Pieces for `IN (…)`, each filled up to a power of two with its last value, so that there are few distinct texts of
/// SQL and the engines' statement caches stay small.
func chunks<Element>(_ values: [Element]) -> [[Element]] {
    let size = 256
    return stride(from: 0, to: values.count, by: size).map { start in
        var chunk = Array(values[start..<min(start + size, values.count)])
        guard let last = chunk.last else { return chunk }
        while chunk.count & (chunk.count - 1) != 0 { chunk.append(last) }
        return chunk
    }
}

/// What is known of an activity, with what is now said of it: languages are added, all else is replaced.
private func merged(_ earlier: JSONValue?, _ later: JSONValue?) -> JSONValue? {
    guard var sum = earlier?.object else { return later ?? earlier }
    guard var more = later?.object else { return .object(sum) }
    for name in ["name", "description"] {
        guard var map = sum[name]?.object, let said = more[name]?.object else { continue }
        map.set(said.members)
        more[name] = .object(map)
    }
    sum.set(more.members)
    return .object(sum)
}
