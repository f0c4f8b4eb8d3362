import ArgumentParser
import Authorization
import Basis
import Foundation
import Intent
import JSON
import People

/// `leeway rules …`.
struct RulesCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Access rules: who may do what with AI, publications and people's data.",
        subcommands: [Show.self, Check.self, Test.self, Replay.self, Publish.self])

    struct Show: ToldCommand {
        static let configuration = CommandConfiguration(abstract: "Print the rules in force, or another version.")

        @Option(help: "A version; 0 is what Leeway ships with.") var version: Int?
        @Flag(help: "Print the tests instead.") var tests = false
        @OptionGroup var options: RulesOptions

        func work() async throws {
            try await options.open { desk, tenant in
                let found =
                    if let version { try await desk.book.version(version, of: tenant) } else {
                        try await desk.book.current(of: tenant)
                    }
                print(tests ? found.tests : found.rules, terminator: "")
            }
        }
    }

    struct Check: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what is wrong with rules, with line and column.",
            discussion: "Ends with 1 where anything must be mended.")

        @OptionGroup var files: RulesFiles
        @OptionGroup var options: RulesOptions

        func work() async throws {
            try await options.open { desk, tenant in
                let (rules, tests) = try files.texts()
                let check = try await desk.book.check(rules: rules, tests: tests, of: tenant)
                try tell(check.findings.filter { $0.kind != .test }.map(\.sentence))
                print("\(check.policies) rules can be read and use known words.")
            }
        }
    }

    struct Test: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the tests beside rules.", discussion: "Ends with 1 where a test fails.")

        @OptionGroup var files: RulesFiles
        @OptionGroup var options: RulesOptions

        func work() async throws {
            try await options.open { desk, tenant in
                let (rules, tests) = try files.texts()
                let check = try await desk.book.check(rules: rules, tests: tests, of: tenant)
                try tell(check.findings.map(\.sentence))
                print("\(check.tests) tests pass.")
            }
        }
    }

    struct Replay: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what rules would have decided on the decisions of the last days.")

        @Argument(help: "The file with the rules.") var file: String
        @Option(help: "How many days back, 1 to 400.") var days = 30
        @Flag(help: "Name the people concerned by their identities.") var people = false
        @OptionGroup var options: RulesOptions

        func work() async throws {
            let rules = try PolicySet(parsing: try RulesFiles.text(of: file))
            try await options.open { desk, tenant in
                let what = try await desk.decisions.replay(
                    rules, of: tenant, days: days, for: people ? .seesPeople : .seesNumbers)
                print("\(what.decisions) decisions of \(what.days) days, \(what.records) different ones.")
                if what.isSame { print("All would be the same.") }
                for group in what.byAction { print(line("action", group)) }
                for group in what.byPolicy { print(line("rule", group)) }
                for change in what.changes {
                    let who = change.person?.description ?? "a program"
                    print("\(change.turn.rawValue)\t\(change.action.rawValue)\t\(who)\t\(change.resource)")
                }
            }
        }

        private func line(_ kind: String, _ group: WhatIf.Group) -> String {
            let few = "fewer than \(WhatIf.smallGroup) people"
            let count = group.decisions.map { "\($0) decisions of \(group.people ?? 0) people" } ?? few
            let name = group.name.isEmpty ? "(no rule permits it)" : group.name
            return "\(kind)\t\(name)\twould be \(group.turn.rawValue)\t\(count)"
        }
    }

    struct Publish: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put rules in force as the next version.",
            discussion: "The way back when nobody can use the pages. It is refused where the rules or tests are wrong.")

        @OptionGroup var files: RulesFiles
        @Option(help: "Why. Everybody reads it.") var reason: String
        @Option(help: "The e-mail address, or the organisation's own id, of the steward who decided it.") var by: String
        @OptionGroup var options: RulesOptions

        func work() async throws {
            try await options.open { desk, tenant in
                let (rules, tests) = try files.texts()
                let author = try await leeway.person(called: by, in: desk.directory, of: tenant)
                guard author.rights.contains(.steward) else {
                    throw Problem(.forbidden, "right", "\(author.name) is no active steward. Name one with --by.")
                }
                let made = try await desk.book.publish(
                    rules: rules, tests: tests, reason: reason, by: author.id, of: tenant)
                print("Version \(made.version) is in force.")
            }
        }
    }
}

/// Every sentence on standard error, and the end.
private func tell(_ sentences: [String]) throws {
    if sentences.isEmpty { return }
    complain(sentences)
    throw ExitCode(1)
}

/// The files that a command reads.
struct RulesFiles: ParsableArguments {
    @Argument(help: "The file with the rules.") var file: String
    @Option(help: "The file with the tests beside them.") var tests: String?

    func texts() throws -> (rules: String, tests: String) {
        (try Self.text(of: file), try tests.map(Self.text) ?? "")
    }

    static func text(of path: String) throws -> String {
        do { return try String(contentsOf: URL(filePath: path), encoding: .utf8) } catch {
            throw Problem(.missing, "file", "“\(path)” cannot be read as UTF-8. Check the name.", cause: error)
        }
    }
}

/// What every command about rules takes.
struct RulesOptions: ParsableArguments {
    @Option(help: "The number of the organisation.") var tenant = 1
    @OptionGroup var settings: SettingsOptions

    /// What the commands ask.
    struct Desk {
        let book: AccessRulesBook
        let decisions: DecisionLog
        let directory: Directory
    }

    /// Opens the database for one command.
    func open(_ work: (Desk, TenantID) async throws -> Void) async throws {
        let (settings, world, tenant) = (try settings.settings(), World.live, TenantID(tenant))
        try await withDatabase(settings, world: world) { database in
            let directory = Directory(database: database, world: world)
            try await expect(tenant, in: directory)
            let access = AccessDesk(database: database, world: world)
            try await work(
                Desk(
                    book: AccessRulesBook(database: database, world: world, desk: access),
                    decisions: DecisionLog(database: database, world: world), directory: directory), tenant)
        }
    }
}
