import Basis
import Hummingbird
import Imports
import JSON
import People
import Storage
import Stores
import Web

/// Imports as jobs, and the jobs.
func importRoutes(_ stores: Stores) -> [Route] {
    ImportKind.allCases.map { upload($0, stores) } + jobs(stores)
}

/// Who may bring in what.
private func access(to kind: ImportKind) -> Access {
    switch kind {
    case .people, .statements, .responses: .right(.administer)
    case .catalogue, .texts, .items, .framework: .oneOf([.design, .steward, .administer])
    }
}

private func upload(_ kind: ImportKind, _ stores: Stores) -> Route {
    .api(
        .post, "/api/v1/imports/\(kind.rawValue)", access(to: kind),
        "Takes a file as multipart/form-data, in the field “file”, and queues its import. \(kind.note)",
        queries: [.takes("dryRun", .flag, "true to change nothing.")], takes: .upload
    ) { visit in
        guard let file = try visit.form().file("file") else {
            throw Problem(.invalid, "file-missing", "The field “file” holds no file. Add one.", at: ["/file"])
        }
        let word = visit.query.text("dryRun")
        guard ["", "true", "false"].contains(word) else {
            throw Problem(.invalid, "query", "“dryRun” is true or false.")
        }
        let id = try await stores.desk.submit(
            kind, name: file.name, bytes: file.bytes, dryRun: word == "true", for: visit.tenant, by: visit.me.id)
        var response = Response.json(["job": .init(id)], status: .accepted)
        response.headers[.location] = "/api/v1/jobs/\(id)"
        return response
    }
}

private func jobs(_ stores: Stores) -> [Route] {
    let access = Access.oneOf([.design, .steward, .administer])
    return [
        .api(.get, "/api/v1/jobs", access, "The newest imports first.") { visit in
            .json(.list(try await stores.desk.list(of: visit.tenant).map(view)))
        },
        .api(.get, "/api/v1/jobs/{id}", access, "One job, with its progress and report.") { visit in
            .json(view(try await job(visit, stores)))
        },
        .api(.post, "/api/v1/jobs/{id}/cancel", access, "Cancels a job; what it did so far is put back or kept whole.")
        { visit in
            let job = try await job(visit, stores)
            try await stores.jobs.cancel(job.id, of: visit.tenant)
            return .json(view(try await record(job.id, visit, stores)))
        },
    ]
}

private func job(_ visit: Visit, _ stores: Stores) async throws -> JobRecord {
    try await record(try visit.identifier("id"), visit, stores)
}

private func record(_ id: ID<Job>, _ visit: Visit, _ stores: Stores) async throws -> JobRecord {
    guard let job = try await stores.jobs.find(id, of: visit.tenant) else { throw missing("job") }
    return job
}

private func view(_ job: JobRecord) -> JSONValue {
    let ticket = ImportTicket(job)
    let issues = job.state == .failed ? job.report.split(separator: "\n").map(String.init) : []
    return [
        "id": .init(job.id), "kind": .string(job.kind), "state": .init(job.state), "done": .init(job.done),
        "total": .init(job.total), "message": .string(job.message), "file": .init(ticket?.fileName),
        "dryRun": .bool(ticket?.isDryRun ?? false), "report": ImportReport(job)?.json ?? .null,
        "issues": .init(issues), "createdAt": .init(job.createdAt), "createdBy": .init(job.createdBy),
        "finishedAt": .init(job.finishedAt),
    ]
}
