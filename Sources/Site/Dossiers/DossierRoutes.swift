import Basis
import Hummingbird
import Insight
import PDF
import People
import Stores
import Web

/// Dossiers: looked at, made out, downloaded.
func dossierRoutes(_ stores: Stores) -> [Route] {
    let readers = Access.oneOf([.steward, .sponsor, .audit])
    let desk = stores.dossiers
    return [
        .get("/dossiers", readers, "What can be made out, and what was.") { visit in
            try await list(stores, visit, check: nil)
        },
        .post("/dossiers", readers, "Makes a dossier out.") { visit in
            guard let kind = Dossier.Kind(rawValue: try visit.form().text("kind")) else {
                throw nothingHere("kind of dossier")
            }
            let issued = try await desk.issue(kind, by: visit.me.id, of: visit.tenant)
            return .redirect(to: "/dossiers/\(issued.id)?said=added")
        },
        .post("/dossiers/check", readers, takes: .upload, "Checks the file of a dossier against the ledger.") { visit in
            guard let file = try visit.form().file("file"), !file.bytes.isEmpty else {
                return try await list(stores, visit, check: .refused("Choose a file."))
            }
            do {
                return try await list(stores, visit, check: .whole(try await desk.check(file.bytes, of: visit.tenant)))
            } catch let problem as Problem where problem.kind != .fault {
                return try await list(stores, visit, check: .refused(problem.detail))
            }
        },
        .get("/dossiers/draft/{kind}", readers, "A dossier as it would be made out now.") { visit in
            guard let kind = Dossier.Kind(rawValue: visit.parameter("kind")) else {
                throw nothingHere("kind of dossier")
            }
            let dossier = try await desk.draft(kind, of: visit.tenant)
            let model = DossierModel(dossier: dossier, link: nil, digest: dossier.digest, made: nil)
            return .page(dossierPage(model, in: try await stores.framed(visit)))
        },
        .get("/dossiers/{id}", readers, "A dossier that was made out.") { visit in
            let found = try await desk.found(visit.identifier("id"), of: visit.tenant)
            var by = "the server"
            if let person = found.issued.by {
                by = try await stores.directory.names(of: [person], visit.tenant)[person] ?? "somebody who has left"
            }
            let model = DossierModel(
                dossier: found.dossier, link: "/dossiers/\(found.issued.id)", digest: found.issued.digest,
                made: (by, found.issued.at))
            return .page(dossierPage(model, in: try await stores.framed(visit)))
        },
        .get("/dossiers/{id}/file.json", readers, "The file of a dossier.") { visit in
            let found = try await desk.found(visit.identifier("id"), of: visit.tenant)
            return .file(found.file, type: "application/json", fileName: fileName(found.issued, "json"))
        },
        .get("/dossiers/{id}/file.pdf", readers, "A dossier as PDF.") { visit in
            let found = try await desk.found(visit.identifier("id"), of: visit.tenant)
            return .file(
                try found.dossier.printed(), type: "application/pdf", fileName: fileName(found.issued, "pdf"))
        },
    ]
}

private func list(_ stores: Stores, _ visit: Visit, check: DossiersModel.Check?) async throws -> Response {
    let issued = try await stores.dossiers.issued(of: visit.tenant)
    let names = try await stores.directory.names(of: Array(Set(issued.compactMap(\.by))), visit.tenant)
    let model = DossiersModel(
        entries: issued.map { one in
            DossiersModel.Entry(
                title: one.kind.title, link: "/dossiers/\(one.id)", by: one.by.flatMap { names[$0] } ?? "the server",
                digest: one.digest, at: one.at, size: one.size)
        }, check: check)
    var status = HTTPResponse.Status.ok
    if case .refused = check { status = .unprocessableContent }
    return .page(dossiersPage(model, in: try await stores.framed(visit)), status: status)
}

private func fileName(_ issued: DossierDesk.Issued, _ ending: String) -> String {
    "\(issued.kind.rawValue)-\(issued.at.day).\(ending)"
}
