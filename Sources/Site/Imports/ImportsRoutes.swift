import Basis
import HTML
import Hummingbird
import Imports
import People
import Storage
import Stores
import Web

/// Imports: a file is looked at, then run, and one sees how far it is.
func importRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/imports", keepers, "Imports: choose a file, and what came in before.") { visit in
            let model = try await imports(stores, visit, Entries())
            return .page(importsPage(model, in: try await stores.framed(visit)))
        },
        .post("/imports", keepers, takes: .upload, "Takes a file and looks at it without changing anything.") { visit in
            let form = try visit.form()
            do {
                guard let kind = ImportKind(rawValue: form.text("kind")), mayImport(kind, visit) else {
                    throw Problem(.invalid, "kind", "Choose what the file holds.", at: ["/kind"])
                }
                guard let file = form.file("file") else {
                    throw Problem(.invalid, "file-missing", "Choose a file.", at: ["/file"])
                }
                let id = try await stores.desk.submit(
                    kind, name: file.name, bytes: file.bytes, dryRun: true, for: visit.tenant, by: visit.me.id)
                return .redirect(to: "/imports/\(id)")
            } catch {
                let entries = Entries(form).refused(try refusal(of: error))
                let model = try await imports(stores, visit, entries)
                return .page(importsPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
        .get("/imports/{id}", keepers, "One import: how far it is, or what came of it.") { visit in
            let model = try await shown(stores, visit)
            let frame = try await stores.framed(visit)
            return visit.wantsPiece ? .piece(importFragment(model, frame)) : .page(importPage(model, in: frame))
        },
        .get("/imports/{id}/issues.csv", keepers, "What is wrong in a refused file, as CSV.") { visit in
            let job = try await found(stores, visit)
            let rows = job.state == .failed ? issues(in: job.report) : []
            guard !rows.isEmpty else { throw nothingHere("list of issues") }
            let lines = rows.map { csvLine([$0.line, $0.column, $0.what, $0.mend]) }
            return .csv(
                csvLine(["line", "column", "what is so", "how to mend it"]) + lines.joined(), fileName: "issues.csv")
        },
        .post("/imports/{id}/run", keepers, "Runs an import after its dry run.") { visit in
            let job = try await found(stores, visit)
            let id = try await stores.desk.run(after: job, by: visit.me.id)
            return .redirect(to: "/imports/\(id)")
        },
        .post("/imports/{id}/cancel", keepers, "Cancels an import.") { visit in
            let job = try await found(stores, visit)
            try await stores.jobs.cancel(job.id, of: visit.tenant)
            return .redirect(to: "/imports/\(job.id)?said=cancelled")
        },
    ]
}

private let keepers = Access.oneOf([.administer, .steward])

/// People come in by administrators only, because with them come roles.
private func mayImport(_ kind: ImportKind, _ visit: Visit) -> Bool { kind != .people || visit.holds(.administer) }

private func found(_ stores: Stores, _ visit: Visit) async throws -> JobRecord {
    let id = try visit.identifier("id", of: Job.self)
    guard let job = try await stores.jobs.find(id, of: visit.tenant), let ticket = ImportTicket(job),
        mayImport(ticket.kind, visit)
    else { throw nothingHere("import") }
    return job
}

// MARK: Models

private func imports(_ stores: Stores, _ visit: Visit, _ entries: Entries) async throws -> ImportsModel {
    let only = visit.query.text("state") == "failed" ? "failed" : ""
    let jobs = try await stores.desk.list(of: visit.tenant).filter { job in
        (only.isEmpty || job.state == .failed) && ImportTicket(job).map { mayImport($0.kind, visit) } == true
    }
    let names = try await stores.directory.names(of: Array(Set(jobs.compactMap(\.createdBy))), visit.tenant)
    let kinds = ImportKind.allCases.filter { mayImport($0, visit) }
    let asked = entries["kind"].isEmpty ? visit.query.text("kind") : entries["kind"]
    return ImportsModel(
        kinds: kinds.map { Choosable($0.rawValue, $0.label, more: $0.note) },
        chosen: kinds.contains { $0.rawValue == asked } ? asked : kinds.first?.rawValue ?? "",
        history: jobs.compactMap { job in
            ImportTicket(job).flatMap { ticket in
                guard mayImport(ticket.kind, visit) else { return nil }
                return ImportsModel.Entry(
                    kind: ticket.kind.label, link: "/imports/\(job.id)", fileName: ticket.fileName, at: job.createdAt,
                    who: job.createdBy.flatMap { names[$0] } ?? "the system", status: job.badge, message: job.message,
                    isDryRun: ticket.isDryRun)
            }
        }, only: only, entries: entries)
}

private func shown(_ stores: Stores, _ visit: Visit) async throws -> ImportModel {
    let job = try await found(stores, visit)
    guard let ticket = ImportTicket(job) else { throw nothingHere("import") }
    let isOver = job.state != .queued && job.state != .running
    let path = "/imports/\(job.id)"
    let report = ImportReport(job)
    let heading = ticket.isDryRun ? "Looking at \(ticket.fileName)" : "Importing \(ticket.fileName)"
    return ImportModel(
        path: path, kind: ticket.kind.label, fileName: ticket.fileName,
        job: JobView(
            title: isOver ? "What came of it" : heading, poll: isOver ? nil : path, done: job.done, total: job.total,
            noun: "rows", message: job.state == .queued ? "Waiting for its turn." : job.message),
        isOver: isOver, isDryRun: ticket.isDryRun, status: job.badge, message: job.message,
        counts: report?.counts.map { ($0.name, $0.count) } ?? [], warnings: report?.warnings ?? [],
        issues: job.state == .failed ? issues(in: job.report) : [],
        canRun: job.state == .done && ticket.isDryRun ? try await stores.desk.isKept(job) : false,
        result: job.state == .done && !ticket.isDryRun ? ticket.kind.result : nil)
}

/// The places that a refused import names, from lines such as `line 7, column email: …`.
func issues(in report: String) -> [ImportModel.IssueRow] {
    report.split(whereSeparator: \.isNewline).map { line in
        guard line.hasPrefix("line "), let colon = line.firstRange(of: ": ") else {
            return ImportModel.IssueRow(line: "–", column: "–", said: line)
        }
        let place = line[..<colon.lowerBound].dropFirst("line ".count)
        let parts = place.split(separator: ",", maxSplits: 1)
        let column = parts.count > 1 ? parts[1].drop(while: \.isWhitespace).dropFirst("column ".count) : "–"
        return ImportModel.IssueRow(
            line: String(parts.first ?? "–"), column: String(column), said: line[colon.upperBound...])
    }
}

extension ImportModel.IssueRow {
    /// The first sentence says what is so, the others how to mend it.
    fileprivate init(line: String, column: String, said: Substring) {
        let end = said.firstRange(of: /[.?!]”?(?=\s+\p{Lu})/)?.upperBound ?? said.endIndex
        self.init(
            line: line, column: column, what: String(said[..<end]),
            mend: String(said[end...].drop(while: \.isWhitespace)))
    }
}

extension JobRecord {
    fileprivate var badge: Status {
        switch state {
        case .queued: .idle("waiting")
        case .running: .under("running")
        case .done: .done("done")
        case .failed: .alert("refused")
        case .cancelled: .ended("cancelled")
        }
    }
}

extension ImportKind {
    /// Where one sees what came in.
    fileprivate var result: (words: String, link: String) {
        switch self {
        case .people: ("See people", "/people")
        case .catalogue, .texts, .items: ("See catalogue", "/learn")
        case .framework: ("See catalogue", "/learn")
        case .statements, .responses: ("See measures", "/insight")
        }
    }
}
