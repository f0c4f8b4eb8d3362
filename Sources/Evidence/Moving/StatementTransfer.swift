public import Basis
import Input
import JSON
public import Storage

/// Statements as another record store takes them, in one request.
public struct TransferBody: Sendable {
    public let type: String
    public let bytes: [UInt8]
}

/// One page of what another record store answered.
public struct TransferPage: Sendable {
    /// A statement that cannot be stored, with the reason.
    public struct Refused: Sendable {
        public let id: String
        public let body: [UInt8]
        public let detail: String
    }

    let entries: [StatementBatch.Entry]
    public internal(set) var refused: [Refused]
    /// Where the next page is; nil on the last one.
    public let more: String?
    /// When the last of them was stored there.
    public let lastStoredAt: Moment?
    public var count: Int { entries.count + refused.count }
}

/// What became of a page.
public struct ReceiptReport: Sendable {
    /// Statements that were not there.
    public var created = 0
    /// Statements that were there already.
    public var unchanged = 0
    /// Statements that were erased here and are left out.
    public var erased = 0
    /// Those that clash with what is here, besides the invalid ones.
    public var refused: [TransferPage.Refused] = []
}

extension StatementLog {
    /// Statements with their attachments: JSON, or `multipart/mixed` when there are any.
    ///
    /// - Source: xAPI 1.0.3, part 3, 1.5.2.
    public func transfer(_ statements: [StoredStatement], of tenant: TenantID) async throws -> TransferBody {
        var list: [UInt8] = [0x5B]
        for (index, statement) in statements.enumerated() {
            if index > 0 { list.append(0x2C) }
            list.append(contentsOf: statement.filled)
        }
        list.append(0x5D)
        let attachments = try await attachments(of: statements.map(\.id), in: tenant)
        if attachments.isEmpty { return TransferBody(type: "application/json", bytes: list) }
        let boundary = "leeway-" + hexadecimal(world.bytes(16))
        let reply = MixedReply(attachments, boundary: boundary).reply(list) { try await self.bytes(of: $0, in: tenant) }
        let whole = Gathered(reply.body)
        try await reply.rest? { whole.append($0) }
        return TransferBody(type: "multipart/mixed; boundary=\"\(boundary)\"", bytes: whole.bytes)
    }

    /// Reads the answer to `GET statements`: each statement is checked by the version that it names.
    ///
    /// - Throws: `Problem` (`page-invalid`) for what is no such answer.
    public func read(page bytes: [UInt8], type: String, version: XAPIVersion) throws -> TransferPage {
        var (body, parts): ([UInt8], [AttachmentPart]) = (bytes, [])
        if mediaType(type) == "multipart/mixed" {
            var limits = XAPILimits()
            limits.attachmentBytes = bytes.count
            let mixed = try MixedBody(bytes, type: type, limits: limits)
            (body, parts) = (mixed.statements, mixed.parts)
        }
        let document: JSONValue
        do {
            document = try JSONValue(parsing: body)
        } catch {
            throw Problem(.invalid, "page-invalid", "The answer is no JSON: \(error.detail)", cause: error)
        }
        let members = JSONSpan.members(of: body, in: JSONSpan.document(of: body))
        guard let list = document["statements"]?.array,
            let span = members.last(where: { $0.name == "statements" })?.value
        else { throw Problem(.invalid, "page-invalid", "The answer has no “statements”.") }
        var entries: [StatementBatch.Entry] = []
        var refused: [TransferPage.Refused] = []
        var seen: Set<ID<Statement>> = []
        for (statement, range) in zip(list, JSONSpan.elements(of: body, in: span)) {
            let own = statement["version"]?.string.flatMap { XAPIVersion(header: $0) } ?? version
            do {
                let entry = try entry(Array(body[range]), statement, parts, own)
                if seen.insert(entry.id).inserted { entries.append(entry) }
            } catch let problem as Problem {
                refused.append(
                    TransferPage.Refused(
                        id: statement["id"]?.string ?? "", body: Array(body[range]), detail: problem.detail))
            }
        }
        let more = document["more"]?.string ?? ""
        return TransferPage(
            entries: entries, refused: refused, more: more.isEmpty ? nil : more,
            lastStoredAt: list.compactMap { $0["stored"]?.string.flatMap { Moment(timestamp: $0) } }.max())
    }

    private func entry(
        _ body: [UInt8], _ statement: JSONValue, _ parts: [AttachmentPart], _ version: XAPIVersion
    ) throws -> StatementBatch.Entry {
        let named = Set((statement["attachments"]?.array ?? []).compactMap { $0["sha2"]?.string?.lowercased() })
        let own = parts.filter { named.contains($0.sha2) }
        let batch = try StatementBatch(posted: body, with: own, version: version, world: world, limits: XAPILimits())
        guard let entry = batch.entries.first, batch.count == 1, !entry.isFresh else {
            throw Problem(.invalid, "statement-invalid", "It has no id, so it would come again and again.")
        }
        return entry
    }

    /// Stores a page with the authorities that its statements name, and what is to be noted beside it, in one
    /// transaction. What is there already stays as it is; what was erased here stays away.
    ///
    /// - Parameters:
    ///   - page: The page.
    ///   - authority: Vouches for statements that name nobody.
    ///   - tenant: Whose statements they become.
    ///   - note: Written in the same transaction, such as how far one came.
    /// - Returns: What became of it.
    /// - Throws: `StorageError`, and what the note throws.
    public func receive(
        _ page: TransferPage, by authority: Authority, to tenant: TenantID,
        noting note: @escaping @Sendable (any Connection, ReceiptReport) throws -> Void
    ) async throws -> ReceiptReport {
        do {
            return try await receive(page.entries, by: authority, to: tenant, noting: note)
        } catch let problem as Problem where problem.kind == .conflict || problem.kind == .invalid {
            // One of them clashes: find out which, one by one, and note what came of all at the end.
            var report = ReceiptReport()
            for entry in page.entries {
                do {
                    let one = try await receive([entry], by: authority, to: tenant) { _, _ in }
                    report.created += one.created
                    report.unchanged += one.unchanged
                    report.erased += one.erased
                } catch let problem as Problem where problem.kind == .conflict || problem.kind == .invalid {
                    report.refused.append(
                        TransferPage.Refused(id: "\(entry.id)", body: entry.body, detail: problem.detail))
                }
            }
            let final = report
            try await database.write { try note($0, final) }
            return report
        }
    }

    private func receive(
        _ entries: [StatementBatch.Entry], by authority: Authority, to tenant: TenantID,
        noting note: @escaping @Sendable (any Connection, ReceiptReport) throws -> Void
    ) async throws -> ReceiptReport {
        let batch = StatementBatch(version: .two, entries: entries)
        let findings = try await findings(in: batch, of: tenant)
        let start = flights.begin(at: cache.advance(to: world.now()))
        defer { flights.end(start) }
        let (report, pen) = try await database.write { connection in
            var pen = StatementPen(tenant: tenant, log: self)
            let gone = try ErasedStatements.among(entries.map(\.id), of: tenant, on: connection)
            let kept = gone.isEmpty ? batch : batch.without(gone)
            let outcome = try pen.store(kept, by: authority, keepingAuthority: true, on: connection)
            try AttachmentStore.keep(kept, of: tenant, at: world.now(), on: connection)
            try findings.keep(leavingOut: gone, on: connection)
            let report = ReceiptReport(
                created: outcome.created, unchanged: kept.count - outcome.created, erased: batch.count - kept.count)
            try note(connection, report)
            return (report, pen)
        }
        keep(pen)
        return report
    }
}

/// Bytes that come piece by piece.
private final class Gathered {
    private(set) var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func append(_ more: [UInt8]) { bytes += more }
}
