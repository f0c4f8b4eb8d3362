import Basis
import People
import Storage

/// The first organisation, made when the database has none, so that files can come in before anybody opened a page.
func prepare(_ tenant: TenantID, in database: any Database, world: World) async throws {
    let directory = Directory(database: database, world: world)
    if tenant == .first, try await directory.tenants().isEmpty {
        _ = try await directory.createTenant(name: "Leeway", home: "https://leeway.localhost")
    }
    try await expect(tenant, in: directory)
}

/// - Throws: `Problem` (`tenant-missing`).
func expect(_ tenant: TenantID, in directory: Directory) async throws {
    if try await directory.tenant(tenant) == nil {
        throw Problem(.missing, "tenant-missing", "There is no organisation \(tenant.number) in this database.")
    }
}
