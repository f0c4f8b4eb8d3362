import ArgumentParser
import Basis
import Demo
import Evidence
import Exchange
import Foundation
import Notices
import Site
import Storage
import Vault
import Web

/// `leeway migrate`.
struct Migrate: ToldCommand {
    static let configuration = CommandConfiguration(abstract: "Bring the database up to date.")

    @OptionGroup var options: SettingsOptions

    func work() async throws {
        let (settings, world) = (try options.settings(), World.live)
        let database = try openEngine(settings)
        let applied = try await database.migrate(WholeSchema.migrations, at: world.now())
        try await database.close()
        print(applied.isEmpty ? "The database is up to date." : "Applied: \(applied.joined(separator: ", "))")
    }
}

/// `leeway doctor`.
struct Doctor: ToldCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look whether everything that Leeway needs is there. Changes nothing.",
        discussion: "Exit code 1 when something is missing.")

    @OptionGroup var options: SettingsOptions

    func work() async throws {
        let settings = try options.settings()
        var findings: [Finding] = [
            Finding("leeway", "\(Leeway.version), \(swiftVersion)", isGood: true),
            assets(),
            disk(settings),
        ]
        findings += await database(settings)
        for finding in findings {
            print((finding.isGood ? "ok    " : "WRONG ") + finding.name.padding(to: 12) + finding.text)
        }
        if findings.contains(where: { !$0.isGood }) { throw ExitCode(1) }
    }

    private struct Finding {
        let name, text: String
        let isGood: Bool

        init(_ name: String, _ text: String, isGood: Bool) {
            self.name = name
            self.text = text
            self.isGood = isGood
        }
    }

    private func assets() -> Finding {
        do {
            let assets = try siteAssets()
            return Finding("assets", "\(assets.names.count) files", isGood: true)
        } catch {
            return Finding("assets", explanation(of: error).joined(separator: " "), isGood: false)
        }
    }

    private func disk(_ settings: Settings) -> Finding {
        let path = settings.isPostgres ? NSTemporaryDirectory() : folder(of: settings.database)
        guard let facts = try? FileManager.default.attributesOfFileSystem(forPath: path),
            let free = facts[.systemFreeSize] as? NSNumber
        else { return Finding("disk", "The folder \(path) cannot be looked at.", isGood: false) }
        let mebibytes = free.int64Value >> 20
        return Finding("disk", "\(mebibytes) MiB free in \(path)", isGood: mebibytes >= 256)
    }

    private func folder(of file: String) -> String {
        let folder = (file as NSString).deletingLastPathComponent
        return folder.isEmpty ? FileManager.default.currentDirectoryPath : folder
    }

    private func database(_ settings: Settings) async -> [Finding] {
        let name = hidingSecrets(settings.database)
        if !settings.isPostgres, !FileManager.default.fileExists(atPath: settings.database) {
            return [Finding("database", "\(name) is not there yet; it is made at the first start.", isGood: true)]
        }
        do {
            let database = try openEngine(settings)
            let version = try await database.read { connection in
                try connection.value(
                    """
                    \(sqlite: "SELECT 'SQLite ' || sqlite_version() AS version",
                    postgres: "SELECT 'PostgreSQL ' || current_setting('server_version') AS version")
                    """, as: String.self)
            }
            let ledger = try await ledger(of: database)
            let secrets = try await secrets(in: database, settings)
            try await database.close()
            return [Finding("database", "\(name), \(version)", isGood: true), ledger] + secrets
        } catch {
            return [Finding("database", explanation(of: error).joined(separator: " "), isGood: false)]
        }
    }

    /// Whether the passwords and signing keys of links can be read; nothing while the database is older than them.
    private func secrets(in database: any Database, _ settings: Settings) async throws -> [Finding] {
        let isNew = try? await database.read { connection in
            try connection.holds("SELECT 1 AS one FROM migration WHERE name = 'exchange-0003-sealed'")
        }
        guard isNew == true else { return [] }
        let (vault, world) = (settings.vault, World.live)
        let log = StatementLog(database: database, world: world)
        let book = ExchangeBook(log: log, database: database, world: world, vault: vault)
        let hasMail = try await database.read { connection in
            try connection.holds("SELECT 1 AS one FROM migration WHERE name = 'notices-0001-letters'")
        }
        if hasMail, let trouble = try await MailBook(database: database, world: world, vault: vault).secretTrouble() {
            return [Finding("secrets", "The mail server’s password: \(trouble.detail)", isGood: false)]
        }
        if let trouble = try await book.secretTrouble() { return [Finding("secrets", trouble.detail, isGood: false)] }
        let path = vault.path ?? "no key file is named"
        if vault.isExposed {
            return [Finding("secrets", "Others can read \(path). Allow only its owner: chmod 600.", isGood: false)]
        }
        let isThere = try vault.presentKeyID() != nil
        let words = isThere || vault.path == nil ? path : "\(path) is not there yet; it is made with the first secret."
        return [Finding("secrets", words, isGood: true)]
    }

    private func ledger(of database: any Database) async throws -> Finding {
        let tables = try await database.read { connection in
            try connection.rows(
                """
                \(sqlite: "SELECT name AS name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
                postgres: "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()")
                """
            ).map { try $0.get("name", as: String.self) }
        }
        guard tables.contains("migration") else {
            return tables.isEmpty
                ? Finding("schema", "The database is empty; it is filled at the first start.", isGood: true)
                : Finding("schema", "This is not a Leeway database: it has other tables. Name another.", isGood: false)
        }
        let applied = try await database.read { connection in
            Set(try connection.rows("SELECT name FROM migration").map { try $0.get("name", as: String.self) })
        }
        let known = Set(WholeSchema.migrations.map(\.name))
        if let newer = applied.subtracting(known).min() {
            return Finding(
                "schema", "This database is newer than this program: it holds “\(newer)”. Use a newer Leeway.",
                isGood: false)
        }
        let open = known.subtracting(applied).count
        return Finding(
            "schema", open == 0 ? "\(applied.count) steps, up to date" : "\(open) steps to apply: leeway migrate",
            isGood: true)
    }

    private var swiftVersion: String {
        #if compiler(>=6.4)
            "Swift 6.4 or newer"
        #elseif compiler(>=6.3)
            "Swift 6.3"
        #else
            "Swift 6.2"
        #endif
    }
}
