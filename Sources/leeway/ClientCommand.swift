import ArgumentParser
import Basis
import People

/// `leeway client …`.
struct ClientCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "Credentials of programs that use the record store.",
        subcommands: [Add.self, List.self, Revoke.self])

    struct Add: ToldCommand {
        static let configuration = CommandConfiguration(abstract: "Make credentials. The secret is shown once.")

        @Argument(help: "What people call the program.") var label: String
        @Option(help: "A scope; may be repeated: \(ClientBook.scopes.joined(separator: ", ")).")
        var scope: [String] = ["statements/write", "statements/read"]
        @Option(help: "The number of the organisation.") var tenant = 1
        @OptionGroup var options: SettingsOptions

        func work() async throws {
            let (settings, world, tenant) = (try options.settings(), World.live, TenantID(tenant))
            try await withDatabase(settings, world: world) { database in
                try await prepare(tenant, in: database, world: world)
                let book = ClientBook(database: database, world: world)
                let (client, secret) = try await book.create(label: label, scopes: scope, for: tenant)
                print("key:    \(client.key)\nsecret: \(secret)\nscopes: \(client.scopes.joined(separator: " "))")
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
                    print("\(client.key)\t\(state)\t\(client.scopes.joined(separator: " "))\t\(client.label)")
                }
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
                guard let client = try await book.list(of: tenant).first(where: { $0.key == key }) else {
                    throw Problem(.missing, "client-missing", "There is no client “\(key)”. See leeway client list.")
                }
                try await book.revoke(client.id, of: tenant)
                print("\(client.label) is refused from now on.")
            }
        }
    }
}
