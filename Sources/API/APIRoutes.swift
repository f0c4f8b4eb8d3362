import Evidence
public import Stores
public import Web

/// Every JSON route below `/api/v1` and the record store below `/xapi`, in one table.
///
/// Thin: read, call the module's function, tell the answer.
public func apiRoutes(_ stores: Stores) -> [Route] {
    let routes =
        sessionRoutes(stores) + peopleRoutes(stores) + clientRoutes(stores) + importRoutes(stores)
        + catalogRoutes(stores)
        + strategyRoutes(stores) + strategyCheckRoutes(stores) + weighingRoutes(stores) + registerRoutes(stores)
        + experimentRoutes(stores) + presenceRoutes(stores) + documentRoutes(stores) + mandateRoutes(stores)
        + plannerRoutes(stores) + policyRoutes(stores) + certificationRoutes(stores) + escalationRoutes(stores)
        + learnerRoutes(stores) + testOutRoutes(stores)
        + nextStepRoutes(stores) + measureRoutes(stores) + dossierRoutes(stores)
        + ledgerRoutes(stores.ledger, stores.rights) + rightsRoutes(stores)
        + xapiRoutes(stores.log, world: stores.world, limits: stores.limits)
        + mailRoutes(stores.letters) + exchangeRoutes(stores.exchange) + profileRoutes(ProfileBook(log: stores.log))
        + xapiDocumentRoutes(stores.log, limits: stores.limits)
        + accessRulesRoutes(stores)
    return routes.guarded(by: accessGuards(stores))
}
