public import Basis
public import Storage

/// The items of a tenant in memory, for imports that name items many times.
///
/// A value: copy it into each transaction and keep the copy that the transaction returns, then an undone transaction
/// leaves nothing behind. What `ensure` makes is written by `flush`, in one piece.
///
///     cache = try await database.write { [cache] connection in
///         var cache = cache
///         …
///         try cache.flush(on: connection)
///         return cache
///     }
public struct ItemCache: Sendable {
    /// What a response needs to know of its item.
    public struct Entry: Hashable, Sendable {
        public let id: ID<Item>
        /// Dense within the tenant, from 1.
        public let number: Int
    }

    private let bank: ItemBank
    private let tenant: TenantID
    private var entries: [String: Entry] = [:]
    private var new: [ItemRecord] = []
    private var last = 0

    /// Reads all items of the tenant.
    public init(_ bank: ItemBank, _ tenant: TenantID, on connection: any Connection) throws {
        self.bank = bank
        self.tenant = tenant
        try connection.each("SELECT key, id, number FROM item WHERE tenant = \(tenant)") { row in
            let entry = Entry(id: try row.get("id"), number: try row.get("number"))
            entries[try row.get("key")] = entry
            last = max(last, entry.number)
        }
    }

    /// Items that are known, those not yet flushed too.
    public var count: Int { entries.count }

    /// The item of that key, nil when there is none.
    public subscript(key: String) -> Entry? { entries[key] }

    /// The item of that key; a new one is opaque and practises `skills`.
    public mutating func ensure(key: String, skills: @autoclosure () -> [ID<Skill>] = []) -> Entry {
        if let entry = entries[key] { return entry }
        last += 1
        let item = ItemRecord(id: bank.world.id(), number: last, key: key, kind: .opaque, skills: skills())
        new.append(item)
        let entry = Entry(id: item.id, number: item.number)
        entries[key] = entry
        return entry
    }

    /// Writes the items made since the last flush.
    public mutating func flush(on connection: any Connection) throws {
        if new.isEmpty { return }
        try bank.insertOpaque(new, tenant, on: connection)
        new = []
    }
}
