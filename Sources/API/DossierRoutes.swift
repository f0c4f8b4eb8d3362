import Basis
import Hummingbird
import Insight
import JSON
import PDF
import People
import Stores
import Web

/// Who has dossiers made out and reads them.
let dossierReaders = Access.oneOf([.steward, .sponsor, .audit])

/// Dossiers: made out, read as JSON and as PDF, and checked against the ledger.
func dossierRoutes(_ stores: Stores) -> [Route] {
    let desk = stores.dossiers
    return [
        .api(.get, "/api/v1/dossiers", dossierReaders, "The dossiers that were made out, the newest first.") { visit in
            .json(.list(try await desk.issued(of: visit.tenant).map(view)))
        },
        .api(
            .post, "/api/v1/dossiers", dossierReaders, "Makes a dossier out, as of now.",
            members: [.needs("kind", .text, "literacy, deployer, iso-42001 or nist-ai-rmf.")]
        ) { visit in
            let kind: Dossier.Kind = try word("kind", visit.members().text("kind"))
            let issued = try await desk.issue(kind, by: visit.me.id, of: visit.tenant)
            return .json(view(issued), status: .created)
        },
        .api(.get, "/api/v1/dossiers/{id}", dossierReaders, "The file of a dossier: canonical JSON.") { visit in
            let found = try await desk.found(visit.identifier("id"), of: visit.tenant)
            return .bytes(found.file, type: "application/json")
        },
        .api(.get, "/api/v1/dossiers/{id}/pdf", dossierReaders, "A dossier as PDF.") { visit in
            let found = try await desk.found(visit.identifier("id"), of: visit.tenant)
            return .bytes(try found.dossier.printed(), type: "application/pdf")
        },
        .api(
            .post, "/api/v1/dossiers/check", dossierReaders,
            "Checks the JSON file of a dossier, in the field “file” of multipart/form-data, against the ledger.",
            takes: .upload
        ) { visit in
            guard let file = try visit.form().file("file") else {
                throw Problem(.invalid, "file-missing", "The field “file” holds no file. Add one.", at: ["/file"])
            }
            let check = try await desk.check(file.bytes, of: visit.tenant)
            return .json([
                "kind": .string(check.dossier.kind.rawValue), "sha256": .string(check.digest),
                "statement": .init(check.statement), "leaf": .init(check.leaf), "madeOutAt": .init(check.madeOutAt),
                "ledgerSize": .init(check.size),
            ])
        },
    ]
}

private func view(_ issued: DossierDesk.Issued) -> JSONValue {
    [
        "id": .init(issued.id), "kind": .string(issued.kind.rawValue), "title": .string(issued.kind.title),
        "sha256": .string(issued.digest), "checkpointSize": .init(issued.size), "madeOutAt": .init(issued.at),
        "by": .init(issued.by),
    ]
}
