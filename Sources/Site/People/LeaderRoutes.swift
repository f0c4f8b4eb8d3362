import Stores
import Web

/// The pages of those who lead, and what everybody may read of them.
func leaderRoutes(_ stores: Stores) -> [Route] {
    strategyRoutes(stores) + registerRoutes(stores) + classifyRoutes(stores)
        + experimentRoutes(stores) + certificationRoutes(stores) + escalationRoutes(stores) + whoDecidesRoutes(stores)
        + mandateRoutes(stores) + testOutRoutes(stores) + loadRoutes(stores)
        + policyRoutes(stores)
        + peopleRoutes(stores) + clientRoutes(stores) + importRoutes(stores) + deskRoutes(stores)
        + insightRoutes(stores) + dossierRoutes(stores) + documentRoutes(stores)
}
