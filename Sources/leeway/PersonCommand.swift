public import ArgumentParser
import Basis
import Foundation
public import People

extension Role: ExpressibleByArgument {}

/// `leeway person …`.
struct PersonCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person", abstract: "People, from the command line.",
        subcommands: [Add.self, ResetPassword.self, ErasePerson.self])

    struct Add: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a person and print a one-time password.")

        @Argument(help: "The name.") var name: String
        @Option(help: "The e-mail address to sign in with.") var email: String
        @Option(help: "The organisation's own id of the person. The e-mail address unless set.") var key: String?
        @Option(help: "A role; may be repeated.") var role: [Role] = [.learner]
        @Option(help: "The number of the organisation.") var tenant = 1
        @OptionGroup var options: SettingsOptions

        func work() async throws {
            let (settings, world, tenant) = (try options.settings(), World.live, TenantID(tenant))
            try await withDatabase(settings, world: world) { database in
                try await prepare(tenant, in: database, world: world)
                let directory = Directory(database: database, world: world)
                let draft = PersonDraft(key: key ?? email, name: name, email: email, roles: Set(role))
                let person = try await directory.save(draft, of: tenant)
                let sessions = Sessions(database: database, world: world)
                let password = try await sessions.resetPassword(of: person.id, tenant)
                print("\(person.name) can sign in as \(email) with the one-time password \(password)")
            }
        }
    }

    struct ResetPassword: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a person a one-time password, and end the person's sessions.")

        @Argument(help: "The e-mail address, or the organisation's own id.") var person: String
        @Option(help: "The number of the organisation.") var tenant = 1
        @OptionGroup var options: SettingsOptions

        func work() async throws {
            let (settings, world, tenant) = (try options.settings(), World.live, TenantID(tenant))
            try await withDatabase(settings, world: world) { database in
                let directory = Directory(database: database, world: world)
                var found = try await directory.person(email: person, of: tenant)
                if found == nil { found = try await directory.person(key: person, of: tenant) }
                guard let found else {
                    throw Problem(.missing, "person-missing", "There is nobody called “\(person)”. Check the address.")
                }
                let sessions = Sessions(database: database, world: world)
                let password = try await sessions.resetPassword(of: found.id, tenant)
                print("\(found.name) can sign in with the one-time password \(password)")
            }
        }
    }
}
