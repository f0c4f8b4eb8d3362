public import Basis
public import Storage

extension Directory {
    /// Makes many people at once, for imports that meet people in passing: none of them may be there, and none names
    /// a manager or an e-mail address.
    ///
    /// - Returns: The people as stored, in the order of the drafts.
    /// - Throws: `Problem` (`person-invalid`); `StorageError.duplicate` when a key is taken.
    @discardableResult
    public func add(
        _ drafts: [PersonDraft], of tenant: TenantID, on connection: any Connection
    ) throws -> [PersonRecord] {
        let now = world.now()
        let records = try drafts.map { draft in
            let draft = PersonRules.tidied(draft)
            precondition(draft.manager == nil && draft.email == nil, "people met in passing have a key and a name")
            if let fault = PersonRules.faults(in: draft).first {
                throw Problem(.invalid, "person-invalid", fault.detail, at: ["/\(fault.field)"])
            }
            return PersonRecord(draft, id: world.id(), tenant: tenant, createdAt: now)
        }
        try write(records, replacing: [], on: connection)
        return records
    }
}
