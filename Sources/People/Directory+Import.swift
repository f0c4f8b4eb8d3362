public import Basis
import Storage

extension Directory {
    /// Imports a file of people: all of it or, when anything is wrong, nothing.
    ///
    /// Importing the same file again changes nothing. See `PeopleImport` for the columns.
    ///
    /// - Parameters:
    ///   - bytes: A CSV file in UTF-8.
    ///   - tenant: Whose people they are.
    ///   - dryRun: Says what would be done and leaves the database untouched.
    /// - Returns: How many people and which units were made or changed.
    /// - Throws: `Problem`: `import-refused` with an issue for each mistake; `csv-encoding`, `csv-header`;
    ///   `last-administrator`.
    public func importPeople(
        _ bytes: [UInt8], of tenant: TenantID, dryRun: Bool = false
    ) async throws -> PeopleImport.Report {
        var issues = PeopleImport.Issues()
        let entries = try PeopleImport.entries(bytes, &issues)
        let found = issues
        if dryRun {
            return try await database.read { connection in
                let plan = try self.plan(entries, tenant, found, on: connection)
                try checkAdministrator(plan, tenant, on: connection)
                return plan.report(isDryRun: true)
            }
        }
        return try await database.write { connection in
            let plan = try self.plan(entries, tenant, found, on: connection)
            try connection.bulk(
                "unit", ["tenant", "id", "key", "name", "parent"],
                plan.units.map { unit in
                    [
                        tenant.stored, unit.id.stored, unit.key.stored, unit.name.stored,
                        unit.parent?.stored ?? .null,
                    ]
                }, on: .refuse)
            try keepingAdministrator(of: tenant, on: connection) {
                try write(plan.updated + plan.created, replacing: plan.replaced, on: connection)
            }
            return plan.report(isDryRun: false)
        }
    }

    /// The people of a tenant as the lines of a CSV file that `importPeople` reads back without a change.
    ///
    /// - Returns: Rows that each end in CR LF, the header first.
    public func exportCSV(of tenant: TenantID) async throws -> [String] {
        try await database.read { connection in
            PeopleExport.lines(
                try everyone(of: tenant, on: connection), units: try unitTree(of: tenant, on: connection))
        }
    }

    private func plan(
        _ entries: [PeopleImport.Entry], _ tenant: TenantID, _ issues: PeopleImport.Issues,
        on connection: any Connection
    ) throws -> PeopleImport.Plan {
        guard try self.tenant(tenant, on: connection) != nil else {
            throw Problem(.missing, "tenant-missing", "There is no such organisation. Set Leeway up first.")
        }
        return try PeopleImport.plan(
            entries, stored: try everyone(of: tenant, on: connection),
            tree: try unitTree(of: tenant, on: connection), tenant: tenant, world: world, issues: issues)
    }

    /// A dry run says beforehand what `keepingAdministrator` would say after the change.
    private func checkAdministrator(
        _ plan: PeopleImport.Plan, _ tenant: TenantID, on connection: any Connection
    ) throws {
        func administers(_ record: PersonRecord) -> Bool { record.rights.contains(.administer) }
        let changed = Set(plan.updated.map(\.id))
        let before = try everyone(of: tenant, on: connection)
        let after = before.filter { !changed.contains($0.id) } + plan.updated + plan.created
        if before.contains(where: administers), !after.contains(where: administers) {
            let detail = "This would leave nobody to administer Leeway. Make somebody else administrator first."
            throw Problem(.conflict, "last-administrator", detail)
        }
    }
}
