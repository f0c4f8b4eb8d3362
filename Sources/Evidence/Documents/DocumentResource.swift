import Basis
import JSON

/// The resources State, Activity Profile and Agent Profile: requests in, replies out, no wire.
///
/// - Source: xAPI 1.0.3, part 3, 2.2, 2.3, 2.6, 2.7 and 3.1; IEEE 9274.1.1-2023, 4.1.4, 4.1.6.2, 4.1.6.5, 4.1.6.6.
public struct DocumentResource: Sendable {
    public let kind: DocumentKind
    private let book: DocumentBook

    /// The most bytes of a document.
    public var byteLimit: Int { book.limits.documentBytes }

    public init(_ kind: DocumentKind, book: DocumentBook) {
        self.kind = kind
        self.book = book
    }

    /// Answers a request.
    ///
    /// - Throws: `Problem`, to be shown as a problem document with `XAPIVersion.replyHeader`.
    public func answer(_ request: XAPIRequest, for caller: XAPICaller) async throws -> XAPIReply {
        let version = try XAPIVersion(of: request)
        let deed: XAPIDeed = request.method == "GET" ? kind.reading : kind.writing
        try caller.check(deed)
        let parameters = try DocumentParameters(request, of: kind, version: version)
        try caller.check(parameters.folder, isChange: request.method != "GET")
        var reply: XAPIReply
        switch request.method {
        case "PUT", "POST": reply = try await keep(request, parameters, version, caller)
        case "DELETE": reply = try await remove(request, parameters, caller)
        default: reply = try await get(request, parameters, caller)
        }
        reply.headers.append(("X-Experience-API-Version", version.header))
        return reply
    }

    private func get(
        _ request: XAPIRequest, _ parameters: DocumentParameters, _ caller: XAPICaller
    ) async throws -> XAPIReply {
        guard let address = parameters.address else {
            let names = try await book.names(in: parameters.folder, since: parameters.since, of: caller.tenant)
            return XAPIReply(
                status: 200, headers: [("Content-Type", "application/json")], body: JSONValue(names).bytes)
        }
        guard let document = try await book.find(address, of: caller.tenant) else { throw missing(address) }
        let headers = [("ETag", document.tag), ("Last-Modified", document.updatedAt.httpDate)]
        if DocumentCondition.isKnown(document.tag, to: request.headers["if-none-match"]) {
            return XAPIReply(status: 304, headers: headers)
        }
        // A browser must not show as a page of ours what a client left here.
        return XAPIReply(
            status: 200, headers: headers + [("Content-Type", document.type), ("Content-Disposition", "attachment")],
            body: document.body)
    }

    private func keep(
        _ request: XAPIRequest, _ parameters: DocumentParameters, _ version: XAPIVersion, _ caller: XAPICaller
    ) async throws -> XAPIReply {
        guard let address = parameters.address else { preconditionFailure("PUT and POST name a document") }
        let type = try type(of: request)
        let isPut = request.method == "PUT"
        let action: DocumentChange.Action =
            isPut ? .put(type: type, body: request.body) : .merge(type: type, body: request.body)
        let condition = DocumentCondition(
            match: request.headers["if-match"], noneMatch: request.headers["if-none-match"],
            otherwise: isPut ? freedom(in: version) : .any)
        let document = try await book.change(
            DocumentChange(address, action, if: condition), by: caller.authority, of: caller.tenant)
        return XAPIReply(status: 204, headers: document.map { [("ETag", $0.tag)] } ?? [])
    }

    /// What a PUT may do that names no tag: in 1.0.x a state is overwritten and a profile is not even made; in 2.0
    /// either is made, and neither overwritten.
    private func freedom(in version: XAPIVersion) -> DocumentCondition.Freedom {
        switch (version, kind) {
        case (.two, _): .creating
        case (.one, .state): .any
        case (.one, .activityProfile), (.one, .agentProfile): .none
        }
    }

    private func remove(
        _ request: XAPIRequest, _ parameters: DocumentParameters, _ caller: XAPICaller
    ) async throws -> XAPIReply {
        let (match, noneMatch) = (request.headers["if-match"], request.headers["if-none-match"])
        if let address = parameters.address {
            let condition = DocumentCondition(match: match, noneMatch: noneMatch)
            try await book.change(
                DocumentChange(address, .remove, if: condition), by: caller.authority, of: caller.tenant)
        } else {
            guard match == nil, noneMatch == nil else {
                throw Problem(
                    .invalid, "document-condition",
                    "If-Match and If-None-Match speak of one document. Name it with \(kind.nameParameter).")
            }
            try await book.removeAll(in: parameters.folder, by: caller.authority, of: caller.tenant)
        }
        return XAPIReply(status: 204)
    }

    /// - Throws: `Problem` (`content-type`).
    private func type(of request: XAPIRequest) throws(Problem) -> String {
        guard let type = request.headers["content-type"], !type.isEmpty else { return Document.plainType }
        guard type.utf8.count <= Document.typeByteLimit, type.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw Problem(
                .invalid, "content-type",
                "Content-Type is at most \(Document.typeByteLimit) printable ASCII characters. Send a shorter one.")
        }
        return type
    }

    private func missing(_ address: DocumentAddress) -> Problem {
        Problem(
            .missing, "document-missing",
            "There is no document “\(address.name)” here. GET without \(kind.nameParameter) lists what there is.")
    }
}

extension DocumentKind {
    var reading: XAPIDeed { self == .state ? .readState : .readProfile }
    var writing: XAPIDeed { self == .state ? .writeState : .writeProfile }
}
