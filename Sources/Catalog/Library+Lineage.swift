public import Basis
public import Storage

extension Library {
    /// The most levels between an object and the one that holds all of it.
    public static let depthLimit = 8

    /// The object with what holds it, from the inside out: a unit, its module, its path.
    public func lineage(
        of content: ContentRecord, tenant: TenantID, on connection: any Connection
    ) throws -> [ContentRecord] {
        var line = [content]
        while let key = line.last?.parent, line.count < Library.depthLimit, !line.contains(where: { $0.key == key }),
            let parent = try records(where: "c.key = \(key)", tenant, on: connection).first
        {
            line.append(parent)
        }
        return line
    }

    /// What the object holds, in no order, within a transaction.
    public func parts(
        of content: ContentRecord, tenant: TenantID, on connection: any Connection
    ) throws -> [ID<Content>] {
        var found: Set<ID<Content>> = []
        for chunk in chunks(content.children) {
            let rows = try connection.rows(
                "SELECT id FROM content WHERE tenant = \(tenant) AND key IN (\(SQL.list(Array(chunk))))")
            for row in rows { found.insert(try row.get("id")) }
        }
        let rows = try connection.rows("SELECT id FROM content WHERE tenant = \(tenant) AND parent = \(content.key)")
        for row in rows { found.insert(try row.get("id")) }
        return found.sorted { $0.description < $1.description }
    }
}
