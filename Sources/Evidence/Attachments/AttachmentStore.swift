import Basis
import Storage

/// An attachment as a reader gets it.
struct StoredAttachment: Hashable, Sendable {
    /// As the statement names it, in lower case.
    let sha2: String
    let type: String
    /// SHA-256 of the bytes.
    let key: [UInt8]
}

/// Bytes that came beside statements, each kept once however many statements carry it.
enum AttachmentStore {
    /// Keeps what a batch carries, in the transaction that stores the batch.
    static func keep(
        _ batch: StatementBatch, of tenant: TenantID, at moment: Moment, on connection: any Connection
    ) throws {
        var bodies: [[UInt8]: [Value]] = [:]
        var links: [[Value]] = []
        for entry in batch.entries {
            for carried in entry.attachments {
                let part = carried.part
                if bodies[part.key] == nil {
                    bodies[part.key] = [
                        tenant.stored, .bytes(part.key), part.bytes.count.stored, moment.stored,
                        .bytes(Array(part.bytes)),
                    ]
                }
                links.append([
                    tenant.stored, .bytes(entry.id.bytes), carried.position.stored, .text(part.sha2),
                    .text(carried.type), .bytes(part.key),
                ])
            }
        }
        if links.isEmpty { return }
        let known = try known(Array(bodies.keys), of: tenant, on: connection)
        let new = bodies.filter { !known.contains($0.key) }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        try connection.bulk(
            "attachment_body", ["tenant", "key", "size", "stored_at", "body"], new.map(\.value), on: .skip)
        try connection.bulk(
            "attachment", ["tenant", "statement", "position", "sha2", "type", "key"], links, on: .skip)
    }

    private static func known(
        _ keys: [[UInt8]], of tenant: TenantID, on connection: any Connection
    ) throws -> Set<[UInt8]> {
        var known: Set<[UInt8]> = []
        for chunk in chunks(keys) {
            let rows = try connection.rows(
                "SELECT key FROM attachment_body WHERE tenant = \(tenant) AND key IN (\(SQL.list(chunk)))")
            for row in rows { known.insert(try row.get("key")) }
        }
        return known
    }

    /// What came with some statements, each hash once, in the statements' order.
    static func list(
        of statements: [ID<Statement>], in tenant: TenantID, on connection: any Connection
    ) throws -> [StoredAttachment] {
        var byStatement: [[UInt8]: [StoredAttachment]] = [:]
        for chunk in chunks(statements.map(\.bytes)) {
            let rows = try connection.rows(
                """
                SELECT statement, sha2, type, key FROM attachment
                WHERE tenant = \(tenant) AND statement IN (\(SQL.list(chunk))) ORDER BY statement, position
                """)
            for row in rows {
                byStatement[try row.get("statement"), default: []].append(
                    StoredAttachment(sha2: try row.get("sha2"), type: try row.get("type"), key: try row.get("key")))
            }
        }
        var seen: Set<String> = []
        return statements.flatMap { byStatement[$0.bytes] ?? [] }.filter { seen.insert($0.sha2).inserted }
    }
}

extension StatementLog {
    /// What came with some statements, each hash once, in the statements' order.
    func attachments(of statements: [ID<Statement>], in tenant: TenantID) async throws -> [StoredAttachment] {
        try await database.read { try AttachmentStore.list(of: statements, in: tenant, on: $0) }
    }

    /// The bytes of one attachment, or nil when it was erased.
    func bytes(of attachment: StoredAttachment, in tenant: TenantID) async throws -> [UInt8]? {
        try await database.read { connection in
            let row = try connection.row(
                "SELECT body FROM attachment_body WHERE tenant = \(tenant) AND key = \(attachment.key)")
            return try row?.get("body")
        }
    }
}
