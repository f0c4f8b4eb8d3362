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
    private let limits: XAPILimits

    /// The path is where the resource is mounted, such as `/xapi/statements`; `more` begins with it.
    public init(log: StatementLog, world: World, path: String, limits: XAPILimits = XAPILimits()) {
        self.log = log
        self.world = world
        self.path = path
        self.limits = limits
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
            ("X-Experience-API-Consistent-Through", log.consistentThrough.timestamp),
        ]
        return reply
    }

    private func post(_ request: XAPIRequest, _ version: XAPIVersion, _ caller: XAPICaller) async throws -> XAPIReply {
        try caller.check(.writeStatements)
        if let extra = request.query.first {
            throw ParameterReader.refusal(extra.name, "POST takes no parameters. Remove it.")
        }
        let (statements, parts) = try parts(of: request)
        let batch = try StatementBatch(
            posted: statements, with: parts, version: version, world: world, limits: limits)
        let ids = try await log.store(try caller.admitted(batch), by: caller.authority, to: caller.tenant)
        return XAPIReply(json: JSONValue(ids.map(\.description)).bytes)
    }

    private func put(_ request: XAPIRequest, _ version: XAPIVersion, _ caller: XAPICaller) async throws -> XAPIReply {
        try caller.check(.writeStatements)
        let reader = try ParameterReader(request.query, known: ["statementId"])
        guard let id = try reader.identifier("statementId") else {
            throw ParameterReader.refusal("statementId", "It is missing. Send the statement's id.")
        }
        let (statements, parts) = try parts(of: request)
        let batch = try StatementBatch(put: statements, with: parts, id: id, version: version, limits: limits)
        try await log.store(try caller.admitted(batch), by: caller.authority, to: caller.tenant)
        return XAPIReply(status: 204)
    }

    /// The statements as they came, and the attachments that came beside them.
    private func parts(of request: XAPIRequest) throws -> (statements: [UInt8], parts: [AttachmentPart]) {
        let type = request.headers["content-type"] ?? ""
        switch mediaType(type) {
        case "application/json": return (request.body, [])
        case "multipart/mixed":
            let body = try MixedBody(request.body, type: type, limits: limits)
            return (body.statements, body.parts)
        default:
            throw Problem(
                .invalid, "content-type",
                "Send statements with Content-Type application/json, or with their attachments as multipart/mixed.")
        }
    }

    private func get(_ request: XAPIRequest, _ version: XAPIVersion, _ caller: XAPICaller) async throws -> XAPIReply {
        try caller.check(.readOwnStatements)
        let parameters = try StatementParameters(request.query, version: version)
        let view = View(
            parameters, languages: languages(request.headers["accept-language"] ?? ""), tenant: caller.tenant)
        switch parameters.wanted {
        case .one(let id): return try await one(try await log.find(id, of: caller.tenant), view, caller)
        case .voided(let id): return try await one(try await log.find(voided: id, of: caller.tenant), view, caller)
        case .many(let wanted):
            var query = try caller.admitted(wanted)
            query.pageBytes = limits.pageBytes
            return try await many(try await log.query(query, of: caller.tenant), request, view)
        }
    }

    /// How statements are shown.
    private struct View {
        let form: StatementForm
        let withAttachments: Bool
        /// Best first.
        let languages: [String]
        let tenant: TenantID

        init(_ parameters: StatementParameters, languages: [String], tenant: TenantID) {
            form = parameters.form
            withAttachments = parameters.withAttachments
            self.languages = languages
            self.tenant = tenant
        }
    }

    private func one(_ found: StoredStatement?, _ view: View, _ caller: XAPICaller) async throws -> XAPIReply {
        guard let found, caller.maySee(found) else {
            throw Problem(.missing, "statement-missing", "There is no such statement, or it is voided.")
        }
        let definitions = try await definitions(for: [found], view)
        let body = found.bytes(as: view.form, languages: view.languages, definitions: definitions)
        var reply = try await reply(body, showing: [found], view)
        reply.headers.append(("Last-Modified", found.storedAt.httpDate))
        return reply
    }

    private func many(_ page: StatementPage, _ request: XAPIRequest, _ view: View) async throws -> XAPIReply {
        let definitions = try await definitions(for: page.statements, view)
        var body: [UInt8] = []
        body.reserveCapacity(page.statements.reduce(64) { $0 + $1.body.count + 320 })
        body.write("{\"statements\":[")
        for (index, statement) in page.statements.enumerated() {
            if index > 0 { body.append(0x2C) }
            body.append(
                contentsOf: statement.bytes(as: view.form, languages: view.languages, definitions: definitions))
        }
        body.write("],\"more\":")
        JSONValue.write(page.next.map { more(request, $0) } ?? "", into: &body)
        body.write("}")
        var reply = try await reply(body, showing: page.statements, view)
        if let latest = page.statements.map(\.storedAt).max() {
            reply.headers.append(("Last-Modified", latest.httpDate))
        }
        return reply
    }

    private func reply(
        _ body: [UInt8], showing statements: [StoredStatement], _ view: View
    ) async throws -> XAPIReply {
        if !view.withAttachments { return XAPIReply(json: body) }
        let attachments = try await log.attachments(of: statements.map(\.id), in: view.tenant)
        return MixedReply(attachments, boundary: "leeway-" + hexadecimal(world.bytes(16))).reply(body) {
            try await log.bytes(of: $0, in: view.tenant)
        }
    }

    private func definitions(
        for statements: [StoredStatement], _ view: View
    ) async throws -> [String: JSONValue] {
        if view.form != .canonical { return [:] }
        let iris = statements.compactMap { try? JSONValue(parsing: $0.body) }.flatMap(StatementReduction.activities)
        return try await log.definitions(of: Array(Set(iris)).sorted(), in: view.tenant)
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

extension XAPIReply {
    init(json body: [UInt8]) {
        self.init(status: 200, headers: [("Content-Type", "application/json")], body: body)
    }
}
