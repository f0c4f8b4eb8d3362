public import Basis
import Foundation
import JSON

/// The resource `statements` of the record store: requests in, replies out, no wire.
///
/// - Source: xAPI 1.0.3, part 3, 2.1; IEEE 9274.1.1-2023, 4.1.6.1.
public struct StatementResource: Sendable {
    private let log: StatementLog
    private let world: World
    private let path: String

    /// The path is where the resource is mounted, such as `/xapi/statements`; `more` begins with it.
    public init(log: StatementLog, world: World, path: String) {
        self.log = log
        self.world = world
        self.path = path
    }

    /// Answers a request.
    ///
    /// - Throws: `Problem`, to be shown as a problem document with `XAPIVersion.replyHeader`.
    public func answer(_ request: XAPIRequest, for caller: XAPICaller) async throws -> XAPIReply {
        let version = try XAPIVersion(of: request)
        var reply: XAPIReply
        switch request.method {
        case "POST": reply = try await post(request, version, caller)
        case "PUT": reply = try await put(request, version, caller)
        default: reply = try await get(request, version, caller)
        }
        reply.headers += [
            ("X-Experience-API-Version", version.header),
            ("X-Experience-API-Consistent-Through", world.now().timestamp),
        ]
        return reply
    }

    private func post(_ request: XAPIRequest, _ version: XAPIVersion, _ caller: XAPICaller) async throws -> XAPIReply {
        try checkWrite(request, caller)
        if let extra = request.query.first {
            throw ParameterReader.refusal(extra.name, "POST takes no parameters. Remove it.")
        }
        let batch = try StatementBatch(posted: request.body, version: version, world: world)
        let ids = try await log.store(batch, by: caller.authority, to: caller.tenant)
        return json(JSONValue(ids.map(\.description)).bytes)
    }

    private func put(_ request: XAPIRequest, _ version: XAPIVersion, _ caller: XAPICaller) async throws -> XAPIReply {
        try checkWrite(request, caller)
        let reader = try ParameterReader(request.query, known: ["statementId"])
        guard let id = try reader.identifier("statementId") else {
            throw ParameterReader.refusal("statementId", "It is missing. Send the statement's id.")
        }
        let batch = try StatementBatch(put: request.body, id: id, version: version)
        try await log.store(batch, by: caller.authority, to: caller.tenant)
        return XAPIReply(status: 204)
    }

    private func checkWrite(_ request: XAPIRequest, _ caller: XAPICaller) throws {
        guard caller.mayWrite else {
            throw Problem(
                .forbidden, "scope", "This credential may not write statements. Ask for the scope statements/write.")
        }
        let type = (request.headers["content-type"] ?? "").prefix { $0 != ";" }.lowercased()
        guard type.filter({ $0 != " " }) == "application/json" else {
            throw Problem(.invalid, "content-type", "Send statements as JSON, with Content-Type application/json.")
        }
    }

    private func get(_ request: XAPIRequest, _ version: XAPIVersion, _ caller: XAPICaller) async throws -> XAPIReply {
        guard caller.mayReadMine else {
            throw Problem(
                .forbidden, "scope", "This credential may not read statements. Ask for the scope statements/read.")
        }
        let parameters = try StatementParameters(request.query, version: version)
        let languages = languages(request.headers["accept-language"] ?? "")
        switch parameters.wanted {
        case .one(let id):
            let found = try await log.find(id, of: caller.tenant)
            return try await one(found, parameters.form, languages, caller)
        case .voided(let id):
            let found = try await log.find(voided: id, of: caller.tenant)
            return try await one(found, parameters.form, languages, caller)
        case .many(var query):
            if !caller.mayReadAll { query.authority = caller.authority }
            let page = try await log.query(query, of: caller.tenant)
            return try await many(page, request, parameters.form, languages, caller)
        }
    }

    private func one(
        _ found: StoredStatement?, _ form: StatementForm, _ languages: [String], _ caller: XAPICaller
    ) async throws -> XAPIReply {
        guard let found, caller.mayReadAll || found.authority?.value == caller.authority.name else {
            throw Problem(.missing, "statement-missing", "There is no such statement, or it is voided.")
        }
        let definitions = try await definitions(for: [found], form, caller)
        var reply = json(found.bytes(as: form, languages: languages, definitions: definitions))
        reply.headers.append(("Last-Modified", found.storedAt.httpDate))
        return reply
    }

    private func many(
        _ page: StatementPage, _ request: XAPIRequest, _ form: StatementForm, _ languages: [String],
        _ caller: XAPICaller
    ) async throws -> XAPIReply {
        let definitions = try await definitions(for: page.statements, form, caller)
        var body: [UInt8] = []
        body.reserveCapacity(page.statements.reduce(64) { $0 + $1.body.count + 320 })
        body.write("{\"statements\":[")
        for (index, statement) in page.statements.enumerated() {
            if index > 0 { body.append(0x2C) }
            body.append(contentsOf: statement.bytes(as: form, languages: languages, definitions: definitions))
        }
        body.write("],\"more\":")
        JSONValue.write(page.next.map { more(request, $0) } ?? "", into: &body)
        body.write("}")
        var reply = json(body)
        if let latest = page.statements.map(\.storedAt).max() {
            reply.headers.append(("Last-Modified", latest.httpDate))
        }
        return reply
    }

    private func definitions(
        for statements: [StoredStatement], _ form: StatementForm, _ caller: XAPICaller
    ) async throws -> [String: JSONValue] {
        if form != .canonical { return [:] }
        let iris = statements.compactMap { (try? JSONValue(parsing: $0.body))?["object"]?["id"]?.string }
        return try await log.definitions(of: iris, in: caller.tenant)
    }

    /// The same search, from where this page ended. Relative to the server, as xAPI asks.
    private func more(_ request: XAPIRequest, _ next: Int) -> String {
        let pairs = request.query.filter { $0.name != "cursor" } + [(name: "cursor", value: Cursor.text(next))]
        let query = pairs.map { "\(encode($0.name))=\(encode($0.value))" }.joined(separator: "&")
        return "\(path)?\(query)"
    }

    private func encode(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private func json(_ body: [UInt8]) -> XAPIReply {
        XAPIReply(status: 200, headers: [("Content-Type", "application/json")], body: body)
    }

    /// Tags of Accept-Language, best first (RFC 9110, section 12.5.4).
    private func languages(_ header: String) -> [String] {
        let ranked = header.split(separator: ",").map { item -> (tag: String, weight: Double) in
            let parts = item.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            return (parts.first ?? "", weight)
        }
        return ranked.enumerated().filter { $0.element.weight > 0 && $0.element.tag != "*" }
            .sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }.map(\.element.tag)
    }
}

/// - Source: RFC 3986, section 2.3.
private let unreserved = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
