import ArgumentParser
import Basis
import Evidence
import Foundation
import Insight
import JSON
import Merkle
import People
import Storage

/// `leeway verify`.
struct Verify: ToldCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the whole record against its ledger, or that today's ledger extends an earlier checkpoint.",
        discussion: """
            Changes nothing of the record, and needs no server. Exit codes: 0 all is as it was written; 1 it could not \
            be checked; 2 something is not as it was written, told on standard error; 64 the command line is wrong.
            """)

    @OptionGroup var options: SettingsOptions
    @Option(help: "Only this organisation, by its number. All of them unless set.") var tenant: Int?
    @Option(help: "A file with an earlier signed checkpoint. Only compares that with today's.") var checkpoint: String?
    @Option(help: "The JSON file of a dossier. Checks that it was made out here and that the ledger still holds that.")
    var dossier: String?
    @Option(help: "The verifier key to trust, name+id+key. With --checkpoint; the stored one unless set.")
    var key: String?
    @Flag(help: "Print JSON, one line an organisation.") var json = false

    func validate() throws {
        if key != nil, checkpoint == nil { throw ValidationError("--key goes with --checkpoint.") }
        if dossier != nil, checkpoint != nil { throw ValidationError("Give --dossier or --checkpoint, not both.") }
    }

    func work() async throws {
        let (settings, world) = (try options.settings(), World.live)
        let note = try checkpoint.map(readFile)
        let file = try dossier.map(readFile)
        let key = try key.map { text throws(Problem) in try NoteVerifier(parsing: text) }
        try await withDatabase(settings, world: world) { database in
            let directory = Directory(database: database, world: world)
            var tenants = try await directory.tenants().map(\.id)
            if let tenant {
                try await expect(TenantID(tenant), in: directory)
                tenants = [TenantID(tenant)]
            }
            let audit = LedgerAudit(database: database)
            if let file {
                try await check(file, tenants, database, world)
            } else if let note {
                try await compare(note, key, tenants, audit)
            } else {
                try await check(tenants, audit)
            }
        }
    }

    /// Looks for the organisation that made a dossier out, and checks it there.
    private func check(
        _ file: [UInt8], _ tenants: [TenantID], _ database: any Database, _ world: World
    ) async throws {
        let log = StatementLog(database: database, world: world)
        let rights = rightsDesk(database, world: world)
        let desk = DossierDesk(database: database, world: world, log: log, rights: rights)
        var refusal: Problem?
        for tenant in tenants {
            do {
                let check = try await desk.check(file, of: tenant)
                print(
                    """
                    organisation \(tenant.number): “\(check.dossier.kind.title)” was made out on \
                    \(check.madeOutAt.timestamp), which is leaf \(check.leaf) of the ledger; today's ledger of \
                    \(check.size) leaves begins with the \(check.dossier.anchor.size) of its checkpoint
                    """)
                return
            } catch let problem as Problem where problem.code == "dossier-unknown" {
                refusal = refusal ?? problem
            } catch let problem as Problem where Verify.broken.contains(problem.code) {
                complain(explanation(of: problem))
                throw ExitCode(brokenCode)
            }
        }
        guard let refusal else { throw Problem(.missing, "tenant-missing", "There is no organisation.") }
        complain(explanation(of: refusal))
        throw ExitCode(brokenCode)
    }

    private static let broken = ["dossier-altered", "ledger-shorter", "ledger-rewritten", "note-unsigned"]

    private func readFile(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Problem(.missing, "file-missing", "There is no file \(path).")
        }
        return Array(data)
    }

    private func check(_ tenants: [TenantID], _ audit: LedgerAudit) async throws {
        var isWhole = true
        for tenant in tenants {
            let report = try await audit.check(tenant)
            isWhole = isWhole && report.isWhole
            print(json ? report.json.text : sentence(report))
            complain(report.findings.map { "organisation \(tenant.number), \($0.place): \($0.detail)" })
        }
        if !isWhole { throw ExitCode(brokenCode) }
    }

    private func sentence(_ report: LedgerReport) -> String {
        var parts = [
            "\(report.size) leaves", "\(report.statements) statements", "\(report.documents) changes of documents",
        ]
        if report.waiting > 0 { parts.append("\(report.waiting) waiting for the next checkpoint") }
        if report.backlog > 0 { parts.append("\(report.backlog) from before the ledger, to be committed to") }
        if report.erased > 0 { parts.append("\(report.erased) erased") }
        let verdict = report.isWhole ? "whole" : "BROKEN in \(report.findings.count) places or more"
        return "organisation \(report.tenant.number): \(verdict); \(parts.joined(separator: ", "))"
    }

    private func compare(
        _ note: [UInt8], _ key: NoteVerifier?, _ tenants: [TenantID], _ audit: LedgerAudit
    ) async throws {
        var refusal: Problem?
        for tenant in tenants {
            do {
                let (earlier, today) = try await audit.extends(note, key: key, tenant)
                print(
                    """
                    organisation \(tenant.number): today's ledger of \(today.size) leaves begins with the \
                    \(earlier.size) of the checkpoint
                    """)
                return
            } catch let problem as Problem {
                // With several organisations the checkpoint is of one of them.
                if refusal.map({ Verify.isAboutAnother($0) }) ?? true { refusal = problem }
            }
        }
        guard let refusal else { throw Problem(.missing, "tenant-missing", "There is no organisation.") }
        complain(explanation(of: refusal))
        throw ExitCode(["ledger-shorter", "ledger-rewritten"].contains(refusal.code) ? brokenCode : 1)
    }

    private static func isAboutAnother(_ problem: Problem) -> Bool {
        ["note-unsigned", "checkpoint-foreign", "ledger-empty"].contains(problem.code)
    }
}

/// The exit code for a record that is not as it was written.
private let brokenCode: Int32 = 2
