public import ArgumentParser
import Basis
import JSON
public import Mail
import Notices
import People
import Storage

extension MailServer.Security: ExpressibleByArgument {}

/// `leeway mail …`.
struct MailCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mail", abstract: "Letters: where they are handed in, and how they fare.",
        discussion: "A server does the sending.",
        subcommands: [Status.self, Test.self, Set.self, Off.self, Retry.self])

    struct Status: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show where letters are handed in, without the password, and how many stand where.")

        @Flag(help: "Print JSON.") var json = false
        @OptionGroup var options: MailOptions

        func work() async throws {
            try await options.open { postman, _, tenant in
                let settings = try await postman.book.settings(of: tenant)
                let counts = try await postman.outbox.counts(of: tenant)
                if json { return print((settings?.json ?? .null).text) }
                print(settings?.sheet ?? "Letters are off: no mail server is set.")
                for state in Letter.State.allCases { print("\(state.rawValue):".padding(to: 12) + "\(counts[state])") }
            }
        }
    }

    struct Test: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a test letter, and tell what the server answered.")

        @Argument(help: "The key of the person who gets it.") var person: String
        @OptionGroup var options: MailOptions

        func work() async throws {
            try await options.open { postman, directory, tenant in
                guard let found = try await directory.person(key: person, of: tenant) else {
                    throw Problem(.missing, "person-missing", "There is no person with the key “\(person)”.")
                }
                print(try await postman.test(to: found.id, of: tenant))
            }
        }
    }

    struct Set: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set where letters are handed in, and switch them on.",
            discussion: """
                What is not named stays as it is. The password is read from --password-file, or from standard input \
                for -: what is typed as an argument stays in histories.
                """)

        @Option(help: "The mail server’s name or address.") var host: String?
        @Option(help: "Its port. 587 unless set.") var port: Int?
        @Option(help: "starttls, tls or none. starttls unless set.") var security: MailServer.Security?
        @Option(help: "Whom to sign in as; empty for nobody.") var user: String?
        @Option(help: "A file with the password; - for standard input.") var passwordFile: String?
        @Option(help: "The sender’s name. Leeway unless set.") var senderName: String?
        @Option(help: "The sender’s mailbox.") var mailbox: String?
        @Option(help: "Where people reach Leeway, such as https://learn.example.org. publicURL unless set.")
        var address: String?
        @OptionGroup var options: MailOptions

        func work() async throws {
            let password = try passwordFile.map { try readSecret($0) }
            let publicURL = try options.settings.settings().publicURL
            try await options.open { postman, _, tenant in
                let former = try await postman.book.settings(of: tenant)
                var draft = former.map(MailDraft.init) ?? MailDraft()
                if former == nil { draft.address = publicURL }
                if let host { draft.host = host }
                if let port { draft.port = port }
                if let security { draft.security = security }
                if let user { draft.user = user }
                if let senderName { draft.senderName = senderName }
                if let mailbox { draft.mailbox = mailbox }
                if let address { draft.address = address }
                draft.password = password
                print(try await postman.book.set(draft, by: nil, of: tenant).sheet)
            }
        }
    }

    struct Off: ToldCommand {
        static let configuration = CommandConfiguration(abstract: "Switch letters off.")

        @OptionGroup var options: MailOptions

        func work() async throws {
            try await options.open { postman, _, tenant in
                try await postman.book.switchOff(by: nil, of: tenant)
                print("Letters are off.")
            }
        }
    }

    struct Retry: ToldCommand {
        static let configuration = CommandConfiguration(abstract: "Try all letters again that failed.")

        @OptionGroup var options: MailOptions

        func work() async throws {
            try await options.open { postman, _, tenant in
                print("Letters to be tried again: \(try await postman.outbox.retryAll(of: tenant)).")
            }
        }
    }
}

/// What every command about letters takes.
struct MailOptions: ParsableArguments {
    @Option(help: "The number of the organisation.") var tenant = 1
    @OptionGroup var settings: SettingsOptions

    /// Opens the database for one command.
    func open(_ work: (Postman, Directory, TenantID) async throws -> Void) async throws {
        let (settings, world, tenant) = (try settings.settings(), World.live, TenantID(tenant))
        try await withDatabase(settings, world: world) { database in
            try await prepare(tenant, in: database, world: world)
            let postman = Postman(
                database: database, world: world, vault: settings.vault,
                sealsElsewhere: {
                    try await database.read {
                        try $0.holds("SELECT 1 AS one FROM exchange_link WHERE sealed IS NOT NULL LIMIT 1")
                    }
                })
            try await work(postman, Directory(database: database, world: world), tenant)
        }
    }
}

extension MailSettings {
    fileprivate var sheet: String {
        var lines: [(String, String)] = [
            ("letters", isOn ? "on" : "off"), ("server", "\(host):\(port)"), ("protection", security.rawValue),
            ("user", user.isEmpty ? "none" : user), ("password", hasPassword ? "set" : "none"),
            ("sender", sender.name.isEmpty ? sender.mailbox : "\(sender.name) <\(sender.mailbox)>"),
            ("address", address),
        ]
        if failures > 0 { lines += [("fails", lastError), ("next try", nextAt.timestamp)] }
        return lines.map { ($0 + ":").padding(to: 12) + $1 }.joined(separator: "\n")
    }
}
