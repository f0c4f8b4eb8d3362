import Foundation
import Storage
public import Stores
public import Web

/// Every page, in one table.
public func siteRoutes(_ stores: Stores) -> [Route] {
    let routes =
        entryRoutes(stores) + homeRoutes(stores) + learnRoutes(stores) + meRoutes(stores) + awayRoutes(stores)
        + leaderRoutes(stores)
        + ledgerRoutes(stores) + statementRoutes(stores) + privacyRoutes(stores)
        + mailRoutes(stores) + lettersRoutes(stores)
        + exchangeRoutes(stores) + profileRoutes(stores) + ownProfileRoutes() + accessRulesRoutes(stores)
    return routes.guarded(by: accessGuards(stores)).map { $0.readingWithin { try await stores.database.snapshot($0) } }
}

/// The style sheet, scripts, icons and font, to be served beside the pages.
///
/// - Parameter folder: A folder with further ones, such as the web font that set-up makes; empty for none.
/// - Returns: The assets with their route.
/// - Throws: `Problem` when the program was installed without them.
public func siteAssets(beside folder: String = "") throws -> Assets {
    let more = folder.isEmpty ? [] : [URL(filePath: folder)]
    return try Assets(folders: [Bundle.module.bundleURL.appending(path: "Assets")] + more)
}
