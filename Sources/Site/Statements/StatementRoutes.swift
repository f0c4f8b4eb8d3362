import Basis
import Evidence
import HTML
import Hummingbird
import JSON
import People
import Stores
import Web

/// The statements: all of them for stewards and auditors, their own for everybody.
func statementRoutes(_ stores: Stores) -> [Route] {
    let keepers = Access.oneOf([.steward, .audit])
    return [
        .get("/statements", keepers, "The statements that match.") { visit in
            let model = try await statements(stores, visit)
            if model.isLive, visit.wantsPiece { return .piece(liveList(model)) }
            let status: HTTPResponse.Status = model.filter.errors.isEmpty ? .ok : .unprocessableContent
            return .page(statementsPage(model, in: try await stores.framed(visit)), status: status)
        },
        .get("/statements/{id}", keepers, "One statement, or its JSON below “.json”.") { visit in
            let found = try await statement(stores, visit)
            if visit.wantsJSON { return json(found) }
            let model = try await model(of: found, stores, visit, isOwn: false)
            return .page(statementPage(model, in: try await stores.framed(visit)))
        },
        .get("/evidence/{id}", .right(.learn), "One statement about me, or its JSON below “.json”.") { visit in
            let found = try await statement(stores, visit)
            // Where it is about somebody else, even its existence is private.
            guard found.concerns(try await stores.agent(of: visit)) else { throw nothingHere("statement") }
            if visit.wantsJSON { return json(found) }
            let model = try await model(of: found, stores, visit, isOwn: true)
            return .page(statementPage(model, in: try await stores.framed(visit)))
        },
    ]
}

/// Statements on one page.
private let pageSize = 50

private func statements(_ stores: Stores, _ visit: Visit) async throws -> StatementsModel {
    let home = try await stores.directory.tenant(visit.tenant)?.home ?? ""
    let filter = StatementSieve(visit.query, home: home)
    var query = filter.query
    query.limit = pageSize
    let page = filter.hasFaults ? nil : try await stores.log.query(query, of: visit.tenant)
    let next = filter.isLive ? nil : page?.next
    return StatementsModel(
        rows: page?.statements.map(StatementRow.init) ?? [], filter: filter.entries,
        verbs: try await stores.log.verbs(of: visit.tenant).map { ($0, StatementRow.word(ofVerb: $0)) },
        address: filter.address, next: next.map { filter.address.with("after", "\($0)").text },
        isLive: filter.isLive, isFirst: query.cursor == nil)
}

private func statement(_ stores: Stores, _ visit: Visit) async throws -> StoredStatement {
    let text = visit.parameter("id")
    guard let id = ID<Statement>(text.hasSuffix(".json") ? String(text.dropLast(5)) : text) else {
        throw nothingHere("statement")
    }
    if let found = try await stores.log.find(id, of: visit.tenant) { return found }
    guard let found = try await stores.log.find(voided: id, of: visit.tenant) else { throw nothingHere("statement") }
    return found
}

private func json(_ found: StoredStatement) -> Response {
    var response = Response.bytes(found.filled, type: "application/json")
    response.headers[.contentDisposition] = "attachment; filename=\"statement-\(found.id).json\""
    return response
}

private func model(
    of found: StoredStatement, _ stores: Stores, _ visit: Visit, isOwn: Bool
) async throws -> StatementModel {
    let body = try? JSONValue(parsing: found.filled)
    let object = body?["object"]
    let kind = object?["objectType"]?.string ?? "Activity"
    var references = try await stores.log.references(to: found.id, of: visit.tenant)
    if isOwn {
        let me = try await stores.agent(of: visit)
        references.removeAll { !$0.concerns(me) }
    }
    return StatementModel(
        row: StatementRow(found), happenedAt: found.timestamp, verbIRI: body?["verb"]?["id"]?.string ?? "",
        activity: kind == "Activity" ? object?["id"]?.string : nil,
        registration: body?["context"]?["registration"]?.string,
        authority: body?["authority"].flatMap { AgentName($0)?.canonical } ?? "Leeway",
        version: body?["version"]?.string ?? "", isVoided: found.isVoided,
        target: kind == "StatementRef" ? object?["id"]?.string : nil, references: references.map(StatementRow.init),
        raw: body.map { $0.indented() } ?? String(decoding: found.filled, as: UTF8.self), isOwn: isOwn,
        mayProve: !isOwn && visit.holdsAny([.steward, .audit]))
}

extension Stores {
    /// The person who looks, as evidence names them.
    func agent(of visit: Visit) async throws -> AgentName {
        let home = try await directory.tenant(visit.tenant)?.home ?? ""
        return AgentName(home: home, account: try visit.me.key)
    }
}

extension Visit {
    fileprivate var wantsJSON: Bool { parameter("id").hasSuffix(".json") }
}

extension StoredStatement {
    /// Whether an agent is its actor, its object, or a member of either.
    fileprivate func concerns(_ agent: AgentName) -> Bool {
        guard let body = try? JSONValue(parsing: body) else { return false }
        let parties = [body["actor"], body["object"]].compactMap { $0 }
        return (parties + parties.flatMap { $0["member"]?.array ?? [] }).contains { AgentName($0) == agent }
    }
}

extension StatementRow {
    init(_ stored: StoredStatement) {
        let body = try? JSONValue(parsing: stored.body)
        let actor = body?["actor"]
        let agent = actor.flatMap { AgentName($0) }
        let words = EvidenceRow(stored)
        let object = body?["object"]
        let party = object.flatMap { AgentName($0) }.map { object?["name"]?.string ?? StatementRow.plain($0) }
        self.init(
            id: stored.id.description, storedAt: stored.storedAt,
            actor: actor?["name"]?.string ?? agent.map(StatementRow.plain) ?? "A group", agent: agent?.canonical,
            verb: StatementRow.word(ofVerb: body?["verb"]?["id"]?.string ?? ""),
            thing: party ?? words?.thing.nonEmpty ?? "another statement", result: words?.result ?? "")
    }

    /// The last word of a verb's IRI: `completed`.
    static func word(ofVerb iri: String) -> String {
        let word = iri.split { "/#:".contains($0) }.last.map { String($0.replacing("-", with: " ")) } ?? iri
        return word.isEmpty ? iri : word
    }

    /// The name of an account, the address of a mailbox, else the whole identifier.
    private static func plain(_ name: AgentName) -> String {
        name.form == .account ? name.value : String(name.value.trimmingPrefix("mailto:"))
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
