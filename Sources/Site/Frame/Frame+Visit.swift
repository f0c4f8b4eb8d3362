import HTML
import Hummingbird
import People
import Stores
import Web

extension Stores {
    /// What every page within the frame needs to know of this visit.
    func frame(_ visit: Visit, notice: Fragment? = nil) async throws -> Frame {
        let me = try visit.me
        let tenant = try await directory.tenant(visit.tenant)
        return Frame(
            organisation: tenant?.name ?? "Leeway", isDemo: tenant?.isDemo ?? false, name: me.name,
            rights: me.rights, path: visit.request.uri.path, csrf: visit.csrf, notice: notice)
    }
}
