import ArgumentParser
import Basis
import People

/// `leeway client …`.
struct ClientCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "Credentials of programs that use the record store.",
        subcommands: [Add.self, List.self, Rotate.self, Revoke.self])

    struct Add: ToldCommand {
        static let configuration = CommandConfiguration(abstract: "Make credentials. The secret is shown once.")

        @Argument(help: "What people call the program.") var label: String
        @Option(help: "A scope; may be repeated: \(ClientBook.scopes.joined(separator: ", ")).")
        var scope: [String] = ["define", "statements/read", "statements/write"]
        @Option(help: "Only activities whose IRI begins with this.") var activities: String?
        @Option(help: "Only what is about this person: the person's id.") var learner: String?
        @Option(help: "The number of the organisation.") var tenant = 1
        @OptionGroup var options: SettingsOptions

        func work() async throws {
            let (settings, world, tenant) = (try options.settings(), World.live, TenantID(tenant))
            try await withDatabase(settings, world: world) { database in
                try await prepare(tenant, in: database, world: world)
                let book = ClientBook(database: database, world: world)
                let (client, secret) = try await book.create(
                    label: label, scopes: scope, activities: activities, learner: learner, for: tenant)
                print("key:    \(client.key)\nsecret: \(secret)\nscopes: \(client.scopes.joined(separator: " "))")
                if let reach = reach(of: client) { print("reach:  \(reach)") }
            }
        }
    }

    struct List: ToldCommand {
        static let configuration = CommandConfiguration(abstract: "List the credentials, without their secrets.")

        @Option(help: "The number of the organisation.") var tenant = 1
        @OptionGroup var options: SettingsOptions

        func work() async throws {
            let (settings, world, tenant) = (try options.settings(), World.live, TenantID(tenant))
            try await withDatabase(settings, world: world) { database in
                for client in try await ClientBook(database: database, world: world).list(of: tenant) {
                    let state = client.isRevoked ? "revoked" : "active"
                    let used = client.lastUsedAt?.timestamp ?? "never used"
                    let scopes = client.scopes.joined(separator: " ")
                    let reach = reach(of: client) ?? "everything"
                    print("\(client.key)\t\(state)\t\(scopes)\t\(client.label)\t\(reach)\t\(used)")
                }
            }
        }
    }

    struct Rotate: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a program a new secret. The old one stays valid for a while.")

        @Argument(help: "The key.") var key: String
        @Option(help: "How many hours the old secret stays valid: 0 to \(ClientBook.graceHourLimit).")
        var graceHours = 24
        @Option(help: "The number of the organisation.") var tenant = 1
        @OptionGroup var options: SettingsOptions

        func work() async throws {
            let (settings, world, tenant) = (try options.settings(), World.live, TenantID(tenant))
            let grace = try ClientBook.grace(hours: graceHours)
            try await withDatabase(settings, world: world) { database in
                let book = ClientBook(database: database, world: world)
                let old = try await client(withKey: key, in: book, of: tenant)
                let (client, secret) = try await book.rotate(old.id, keepingOldFor: grace, of: tenant)
                print("key:    \(client.key)\nsecret: \(secret)")
                if let until = client.graceEndsAt { print("old secret valid until: \(until.timestamp)") }
            }
        }
    }

    struct Revoke: ToldCommand {
        static let configuration = CommandConfiguration(abstract: "Refuse a program from now on.")

        @Argument(help: "The key.") var key: String
        @Option(help: "The number of the organisation.") var tenant = 1
        @OptionGroup var options: SettingsOptions

        func work() async throws {
            let (settings, world, tenant) = (try options.settings(), World.live, TenantID(tenant))
            try await withDatabase(settings, world: world) { database in
                let book = ClientBook(database: database, world: world)
                let client = try await client(withKey: key, in: book, of: tenant)
                try await book.revoke(client.id, of: tenant)
                print("\(client.label) is refused from now on.")
            }
        }
    }
}

/// - Throws: `Problem` (`client-missing`).
private func client(withKey key: String, in book: ClientBook, of tenant: TenantID) async throws -> Client {
    guard let client = try await book.list(of: tenant).first(where: { $0.key == key }) else {
        throw Problem(.missing, "client-missing", "There is no client “\(key)”. See leeway client list.")
    }
    return client
}

/// What the scopes of a client reach; nil for everything.
private func reach(of client: Client) -> String? {
    let parts = [client.activities.map { "activities \($0)…" }, client.learner.map { "learner \($0.key)" }]
    let words = parts.compactMap { $0 }.joined(separator: ", ")
    return words.isEmpty ? nil : words
}
