public import Basis
import Storage

extension StatementLog {
    /// Writes every statement, voided ones included, oldest first, one a line, each as `GET statements` shows it, and
    /// before it the attachments that came with it: see `AttachmentLine`.
    ///
    /// The sink takes whole lines, some hundred at a time, and the place to go on from once they are kept: `after` of
    /// another call. Where several nodes write, that place lies a minute back, because what was numbered earlier may be
    /// stored later; some statements then come again, which an import notices.
    ///
    /// - Parameters:
    ///   - tenant: Whose statements.
    ///   - start: Where an earlier export stopped; 0 for all.
    ///   - sink: Takes the lines and the place behind them.
    /// - Returns: How many statements there were.
    /// - Throws: `StorageError`, and what the sink throws.
    @discardableResult
    public func exportLines(
        of tenant: TenantID, after start: Int = 0,
        into sink: (_ lines: ArraySlice<UInt8>, _ place: Int) async throws -> Void
    ) async throws -> Int {
        var (last, place, count) = (start, start, 0)
        var written: Set<[UInt8]> = []
        while true {
            let page = try await page(after: last, of: tenant)
            guard let end = page.last else { return count }
            var bytes = try await attachmentLines(of: page, in: tenant, without: &written)
            for statement in page {
                // A line break can only stand between tokens, where a space says the same.
                bytes.append(contentsOf: statement.filled.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 })
                bytes.append(0x0A)
            }
            place = settled(page) ?? place
            try await sink(bytes[...], place)
            last = end.sequence
            count += page.count
        }
    }

    /// The same, for whoever begins at the beginning and keeps no place.
    @discardableResult
    public func exportLines(
        of tenant: TenantID, into sink: (ArraySlice<UInt8>) async throws -> Void
    ) async throws -> Int {
        try await exportLines(of: tenant) { lines, _ in try await sink(lines) }
    }

    private func page(after last: Int, of tenant: TenantID) async throws -> [StoredStatement] {
        try await database.read { connection in
            try walkInOrder(on: connection)
            let rows = try connection.rows(
                selection + """
                    FROM (SELECT * FROM statement WHERE tenant = \(tenant) AND seq > \(last)
                        ORDER BY seq LIMIT 500) s
                    LEFT JOIN agent a ON a.tenant = s.tenant AND a.number = s.authority
                    """)
            return try rows.map(StoredStatement.init).sorted { $0.sequence < $1.sequence }
        }
    }

    /// The last number before which nothing new can appear.
    private func settled(_ page: [StoredStatement]) -> Int? {
        if database.dialect == .sqlite { return page.last?.sequence }
        let horizon = world.now() - .seconds(60)
        return page.prefix { $0.storedAt <= horizon }.last?.sequence
    }

    private func attachmentLines(
        of page: [StoredStatement], in tenant: TenantID, without written: inout Set<[UInt8]>
    ) async throws -> [UInt8] {
        // What was written long ago may come again, so that the memory stays bounded.
        if written.count > 100_000 { written = [] }
        var lines: [UInt8] = []
        for attachment in try await attachments(of: page.map(\.id), in: tenant) {
            let name = attachment.key + Array(attachment.sha2.utf8)
            guard !written.contains(name), let bytes = try await bytes(of: attachment, in: tenant) else { continue }
            written.insert(name)
            lines += AttachmentLine(sha2: attachment.sha2, type: attachment.type).lines(of: bytes)
        }
        return lines
    }
}
