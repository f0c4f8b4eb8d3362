public import Basis
import Crypto
import JSON
import Storage

/// The documents that clients keep: states, activity profiles and agent profiles of every tenant.
///
/// Every change of a document goes through `DocumentPen.set`.
public struct DocumentBook: Sendable {
    let database: any Database
    let world: World
    let cache: NameCache
    let limits: XAPILimits

    /// Shares the log's memory of names.
    public init(log: StatementLog, limits: XAPILimits = XAPILimits()) {
        self.limits = limits
        database = log.database
        world = log.world
        cache = log.cache
    }

    /// One document, or nil.
    public func find(_ address: DocumentAddress, of tenant: TenantID) async throws -> Document? {
        try await database.read { connection in
            let pen = DocumentPen(tenant: tenant, book: self, connection: connection)
            guard let place = try pen.place(of: address.folder) else { return nil }
            return try pen.document(at: place, name: address.name)
        }
    }

    /// The names of a folder's documents, those last changed first. With `since`, only what was stored after it.
    public func names(
        in folder: DocumentFolder, since: Moment? = nil, of tenant: TenantID
    ) async throws -> [String] {
        try await database.read { connection in
            let pen = DocumentPen(tenant: tenant, book: self, connection: connection)
            guard let place = try pen.place(of: folder) else { return [] }
            var seen: Set<String> = []
            return try pen.entries(of: place, since: since).map(\.name).filter { seen.insert($0).inserted }
        }
    }

    /// Does what a change says, if its condition holds.
    ///
    /// - Returns: What lies there now; nil when nothing does.
    /// - Throws: `Problem` (`document-changed`, `document-exists`, `document-unguarded`, `document-json`,
    ///   `document-type`, `document-too-large`, `documents-too-many`); `StorageError`.
    @discardableResult
    public func change(
        _ change: DocumentChange, by authority: Authority, of tenant: TenantID
    ) async throws -> Document? {
        let (document, fresh) = try await database.write { connection in
            var pen = DocumentPen(tenant: tenant, book: self, connection: connection)
            return (try pen.change(change, by: authority), pen.names.fresh)
        }
        cache.keep(fresh, of: tenant)
        return document
    }

    /// Removes every document of a folder. Without a registration, those of every registration.
    ///
    /// - Returns: How many there were.
    @discardableResult
    public func removeAll(
        in folder: DocumentFolder, by authority: Authority, of tenant: TenantID
    ) async throws -> Int {
        let (count, fresh) = try await database.write { connection in
            var pen = DocumentPen(tenant: tenant, book: self, connection: connection)
            return (try pen.removeAll(in: folder, by: authority), pen.names.fresh)
        }
        cache.keep(fresh, of: tenant)
        return count
    }
}

extension DocumentChange {
    /// What the action makes of what is there.
    ///
    /// - Throws: `Problem` (`document-json`, `document-type`, `document-too-large`).
    /// - Source: xAPI 1.0.3, part 3, 2.2, "JSON procedure with requirements".
    func result(over earlier: Document?, at moment: Moment, limits: XAPILimits) throws(Problem) -> Document? {
        let limit = limits.documentBytes
        switch action {
        case .remove: return nil
        case .put(let type, let body): return try Document(type: type, body: body, at: moment, limit: limit)
        case .merge(let type, let body):
            guard let earlier else {
                if DocumentChange.isJSON(type) { _ = try DocumentChange.object(body, "The document sent") }
                return try Document(type: type, body: body, at: moment, limit: limit)
            }
            guard DocumentChange.isJSON(type) else {
                throw Problem(
                    .invalid, "document-type",
                    """
                    Only JSON can be merged into the document that is there, and this is “\(type)”. Send it with \
                    Content-Type application/json, or replace the document by PUT.
                    """)
            }
            guard earlier.isJSON else {
                throw Problem(
                    .invalid, "document-type",
                    """
                    The document that is there is “\(earlier.type)”, so nothing can be merged into it. Replace it by \
                    PUT.
                    """)
            }
            let new = try DocumentChange.object(body, "The document sent")
            var sum = try DocumentChange.object(earlier.body, "The document that is there")
            sum.set(new.members)
            return try Document(type: earlier.type, body: JSONValue.object(sum).bytes, at: moment, limit: limit)
        }
    }

    private static func object(_ body: [UInt8], _ which: String) throws(Problem) -> JSONObject {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: body)
        } catch {
            throw Problem(
                .invalid, "document-json",
                "\(which) is not JSON: line \(error.line), column \(error.column): \(error.detail)")
        }
        guard let object = value.object else {
            throw Problem(.invalid, "document-json", "\(which) is no JSON object, so nothing can be merged.", at: [""])
        }
        return object
    }
}

extension Document {
    /// - Throws: `Problem` (`document-too-large`).
    init(type: String, body: [UInt8], at moment: Moment, limit: Int) throws(Problem) {
        guard body.count <= limit else {
            throw Problem(
                .oversize, "document-too-large",
                "The document has \(body.count) bytes, which is more than \(limit). Keep less in it.")
        }
        self.type = type
        self.body = body
        hash = Array(Insecure.SHA1.hash(data: body))
        updatedAt = moment
    }

    init(_ row: Row) throws {
        type = try row.get("type")
        body = try row.get("body")
        hash = try row.get("hash")
        updatedAt = try row.get("updated_at")
    }
}
