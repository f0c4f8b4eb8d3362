public import ArgumentParser
import Basis
import Evidence
public import Exchange
import Foundation
import JSON
import Notices
import Storage

extension LinkKind: ExpressibleByArgument {}

/// `leeway link …`.
struct LinkCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link",
        abstract: "Record stores that statements go to or come from, and webhooks.",
        discussion: "A link is named by its id, or by its name when no other has the same. A server does the work.",
        subcommands: [
            List.self, Show.self, Add.self, Pause.self, Resume.self, Remove.self, Test.self, Letters.self, Retry.self,
            Drop.self, Rekey.self,
        ])

    struct List: ToldCommand {
        static let configuration = CommandConfiguration(abstract: "List the links, without their secrets.")

        @Flag(help: "Print JSON, one line a link.") var json = false
        @OptionGroup var options: LinkOptions

        func work() async throws {
            try await options.open { exchange, tenant in
                for link in try await exchange.book.list(of: tenant) {
                    print(json ? link.json.text : link.line)
                }
            }
        }
    }

    struct Show: ToldCommand {
        static let configuration = CommandConfiguration(abstract: "Show one link, without its secret.")

        @Argument(help: "The link’s id or name.") var link: String
        @Flag(help: "Print JSON.") var json = false
        @OptionGroup var options: LinkOptions

        func work() async throws {
            try await options.open { exchange, tenant in
                let found = try await exchange.book.link(called: link, of: tenant)
                print(json ? found.json.text : found.sheet)
            }
        }
    }

    struct Add: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a link, which works at once.",
            discussion: """
                A webhook’s signing secret is made and printed once, unless --secret-file names another. A password \
                is read from --secret-file, or from standard input: what is typed as an argument stays in histories.
                """)

        @Argument(help: "forward (send statements), pull (fetch them) or webhook (tell a program of them).")
        var kind: LinkKind
        @Argument(help: "The record store’s endpoint without /statements, or the webhook’s address.") var url: String
        @Option(help: "What people call it.") var label: String
        @Option(help: "The user name of Basic credentials.") var username: String?
        @Option(help: "A file with the password or the signing secret; - for standard input.") var secretFile: String?
        @Option(help: "Only statements with this verb, an IRI; may be repeated.") var verb: [String] = []
        @Option(help: "Only statements about activities whose IRI begins so.") var activities: String?
        @Option(help: "Only statements by this actor, as account:HOME NAME or mbox:mailto:….") var actor: String?
        @Option(help: "Only what was stored at or after this moment, such as 2026-11-23T20:14:08Z.") var since: String?
        @Option(help: "1.0.3 or 2.0.0. That of each statement unless set, and 2.0.0 for a source.")
        var xapi: String?
        @Flag(help: "Leave out what is there already.") var fromNow = false
        @OptionGroup var options: LinkOptions

        func work() async throws {
            let draft = try draft()
            try await options.open { exchange, tenant in
                let (link, secret) = try await exchange.book.add(draft, for: tenant)
                print("id:     \(link.id)")
                if link.kind == .webhook, secretFile == nil { print("secret: \(secret)") }
            }
        }

        private func draft() throws -> LinkDraft {
            var draft = LinkDraft(kind, label: label, url: url)
            draft.username = username ?? ""
            if let path = secretFile ?? (username == nil ? nil : "-") { draft.secret = try readSecret(path) }
            draft.filter.verbs = verb
            draft.filter.activityPrefix = activities
            draft.filter.agent = actor
            draft.fromTheBeginning = !fromNow
            if let xapi {
                guard let version = XAPIVersion(header: xapi) else {
                    throw Problem(.invalid, "link-invalid", "“\(xapi)” is no version. Write 1.0.3 or 2.0.0.")
                }
                draft.version = version
            }
            if let since {
                guard let moment = Moment(timestamp: since) else {
                    throw Problem(
                        .invalid, "link-invalid", "“\(since)” is no moment. Write one such as 2026-11-23T20:14:08Z.")
                }
                draft.filter.since = moment
            }
            return draft
        }
    }

    struct Pause: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop a link after the batch that is under way. It keeps its place.")

        @Argument(help: "The link’s id or name.") var link: String
        @OptionGroup var options: LinkOptions

        func work() async throws {
            try await options.open { exchange, tenant in
                let found = try await exchange.book.link(called: link, of: tenant)
                try await exchange.book.pause(found.id, of: tenant)
                print("\(found.label) is paused.")
            }
        }
    }

    struct Resume: ToldCommand {
        static let configuration = CommandConfiguration(abstract: "Let a link go on from its place, at once.")

        @Argument(help: "The link’s id or name.") var link: String
        @OptionGroup var options: LinkOptions

        func work() async throws {
            try await options.open { exchange, tenant in
                let found = try await exchange.book.link(called: link, of: tenant)
                try await exchange.book.resume(found.id, of: tenant)
                print("\(found.label) goes on.")
            }
        }
    }

    struct Remove: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget a link, with how far it came and what was not delivered.")

        @Argument(help: "The link’s id or name.") var link: String
        @OptionGroup var options: LinkOptions

        func work() async throws {
            try await options.open { exchange, tenant in
                let found = try await exchange.book.link(called: link, of: tenant)
                try await exchange.book.remove(found.id, of: tenant)
                print("\(found.label) is removed.")
            }
        }
    }

    struct Rekey: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new key for secrets of every organisation, and seal them with it.",
            discussion: """
                Secrets are those of links, and the passwords of mail servers. The key file holds the former key, too, \
                until the next time. Several nodes need the file to be the same: copy it to them before they are \
                started again. A running server reads it at once.
                """)

        @OptionGroup var options: LinkOptions

        func work() async throws {
            try await options.open { exchange, mail, _ in
                var done = try await exchange.book.rekey(keeping: try await mail.sealingKeys())
                let passwords = try await mail.reseal()
                done.sealed += passwords.sealed
                done.unreadable += passwords.unreadable
                print("Secrets sealed with the new key: \(done.sealed).")
                if done.unreadable > 0 {
                    throw Problem(
                        .unavailable, "secret-key-wrong",
                        "Secrets that no key at hand opens: \(done.unreadable). Put their key back, or make those "
                            + "links anew.")
                }
            }
        }
    }

    struct Test: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a webhook a signed message without statements, and tell what it answered.")

        @Argument(help: "The link’s id or name.") var link: String
        @OptionGroup var options: LinkOptions

        func work() async throws {
            try await options.open { exchange, tenant in
                let found = try await exchange.book.link(called: link, of: tenant)
                print(try await exchange.test(found.id, of: tenant))
            }
        }
    }
}

/// What every command about links takes.
struct LinkOptions: ParsableArguments {
    @Option(help: "The number of the organisation.") var tenant = 1
    @OptionGroup var settings: SettingsOptions

    /// Opens the database for one command.
    func open(_ work: (Exchange, TenantID) async throws -> Void) async throws {
        try await open { exchange, _, tenant in try await work(exchange, tenant) }
    }

    /// The same, with the mail servers.
    func open(_ work: (Exchange, MailBook, TenantID) async throws -> Void) async throws {
        let (settings, world, tenant) = (try settings.settings(), World.live, TenantID(tenant))
        try await withDatabase(settings, world: world) { database in
            try await prepare(tenant, in: database, world: world)
            let log = StatementLog(database: database, world: world)
            let mail = MailBook(database: database, world: world, vault: settings.vault)
            let exchange = Exchange(
                log: log, database: database, world: world, vault: settings.vault, limits: settings.wire,
                sealsElsewhere: { try await mail.holdsSecrets() })
            try await work(exchange, mail, tenant)
        }
    }
}

extension ExchangeBook {
    /// - Throws: `Problem` (`link-missing`, `link-ambiguous`).
    func link(called name: String, of tenant: TenantID) async throws -> LinkRecord {
        let found = try await list(of: tenant).filter { $0.id.description == name || $0.label == name }
        guard let link = found.first else {
            throw Problem(.missing, "link-missing", "There is no link “\(name)”. See leeway link list.")
        }
        if found.count > 1 {
            throw Problem(.conflict, "link-ambiguous", "\(found.count) links are called “\(name)”. Name one by its id.")
        }
        return link
    }
}

/// A secret from a file, or from standard input for `-`; one line feed at its end is no part of it.
///
/// - Throws: `Problem` (`file-missing`, `secret-invalid`).
func readSecret(_ path: String) throws(Problem) -> String {
    let data =
        path == "-" ? try? FileHandle.standardInput.readToEnd() ?? Data() : FileManager.default.contents(atPath: path)
    guard let data else {
        throw Problem(.missing, "file-missing", "There is no file \(path), or it cannot be read.")
    }
    let text = String(validating: data, as: UTF8.self)
    let secret = text.map { $0.hasSuffix("\r\n") || $0.hasSuffix("\n") ? String($0.dropLast()) : $0 } ?? ""
    if secret.isEmpty || secret.utf8.count > 4_096 || secret.contains(where: \.isNewline) {
        let source = path == "-" ? "Standard input" : path
        throw Problem(.invalid, "secret-invalid", "\(source) must hold the secret: one line of at most 4096 bytes.")
    }
    return secret
}

extension LinkRecord {
    fileprivate var line: String {
        let health = failures > 0 ? "fails: \(lastError)" : "\(moved) moved"
        return "\(id)\t\(kind.rawValue)\t\(state.rawValue)\t\(label)\t\(url)\t\(health)"
    }

    fileprivate var sheet: String {
        var lines: [(String, String)] = [
            ("id", id.description), ("kind", kind.rawValue), ("label", label), ("url", url),
            ("state", state.rawValue), ("moved", "\(moved)"),
        ]
        if !username.isEmpty { lines.append(("user name", username)) }
        if let version { lines.append(("xAPI", version.header)) }
        for verb in filter.verbs { lines.append(("verb", verb)) }
        if let prefix = filter.activityPrefix { lines.append(("activities", prefix)) }
        if let agent = filter.agent { lines.append(("actor", agent)) }
        if let since = filter.since { lines.append(("since", since.timestamp)) }
        if let last = lastMovedAt { lines.append(("last moved", last.timestamp)) }
        if failures > 0 {
            lines += [("failed", "\(failures) times"), ("because", lastError), ("next try", nextAt.timestamp)]
        }
        return lines.map { ($0 + ":").padding(to: 12) + $1 }.joined(separator: "\n")
    }
}
