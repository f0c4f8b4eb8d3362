import Basis
import Evidence
import HTML
import Hummingbird
import Merkle
import People
import Stores
import Web

/// The ledger for those who keep and audit the record.
func ledgerRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/ledger", .oneOf([.steward, .audit, .administer]), "The ledger: how it stands, and what it proves.") {
            visit in
            let (model, status) = try await ledger(stores, visit)
            return .page(ledgerPage(model, in: try await stores.framed(visit)), status: status)
        },
        .post("/ledger/key", .right(.administer), "Makes a new key for the ledger.") { visit in
            let form = try visit.form()
            do {
                try await stores.rights.rotateLedgerKey(
                    overlapDays: Int(form.text("overlapDays")) ?? -1, reason: form.text("reason"), by: visit.me.id,
                    of: visit.tenant)
                return .redirect(to: "/ledger?said=saved#keys")
            } catch {
                var (model, _) = try await ledger(stores, visit)
                model.rotation = Entries(form).refused(try refusal(of: error))
                return .page(ledgerPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
    ]
}

private func ledger(
    _ stores: Stores, _ visit: Visit
) async throws -> (model: LedgerModel, status: HTTPResponse.Status) {
    let head = try await stores.ledger.head(of: visit.tenant)
    var model = LedgerModel(
        size: head.size, waiting: head.waiting, signedAt: head.signedAt, origin: head.verifier.name,
        checkpoint: String(decoding: head.note, as: UTF8.self), keys: head.keys,
        kept: try await stores.ledger.checkpoints(of: visit.tenant, limit: 49).filter { !$0.isOpen })
    model.canRotate = visit.holds(.administer)
    guard let wanted = visit.query.textIfAny("statement") else { return (model, .ok) }
    model.entries = Entries(["statement": wanted])
    do {
        guard let id = ID<Statement>(wanted) else {
            throw Problem(.invalid, "statement-id", "This is no statement's id.", at: ["/statement"])
        }
        let evidence = try await stores.ledger.evidence(of: id, size: nil, of: visit.tenant)
        model.proof = LedgerModel.Proof(
            statement: id.description, index: evidence.proof.index, size: evidence.proof.size,
            hashes: evidence.proof.hashes.count,
            isValid: evidence.proof.proves(.leaf(evidence.entry), in: evidence.root)
                && evidence.opening?.version != nil,
            content: evidence.opening.map { String(decoding: $0.content, as: UTF8.self) } ?? "")
        return (model, .ok)
    } catch let problem as Problem where problem.kind != .fault {
        model.entries = Entries(["statement": wanted], errors: ["statement": problem.detail])
        return (model, problem.kind == .missing ? .notFound : problem.formStatus)
    }
}
