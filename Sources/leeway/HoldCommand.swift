import ArgumentParser
import Basis
import Evidence
import JSON
import People

/// `leeway hold …`.
struct HoldCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Legal holds: for a time nothing of a person, or of anybody, may be erased.",
        subcommands: [List.self, Set.self, Lift.self])

    struct List: ToldCommand {
        static let configuration = CommandConfiguration(abstract: "List the holds, the newest first.")

        @Flag(help: "Only those that forbid to erase now.") var active = false
        @Flag(help: "Print JSON, one line a hold.") var json = false
        @OptionGroup var options: RightsOptions

        func work() async throws {
            try await options.open { desk, directory, tenant in
                let now = World.live.now()
                for hold in try await desk.holds(of: tenant) where !active || hold.isActive(at: now) {
                    if json {
                        print(hold.json.text)
                        continue
                    }
                    var whom = "everybody"
                    if let person = hold.person {
                        whom = try await directory.person(person, of: tenant)?.key ?? person.description
                    }
                    let state = hold.liftedAt != nil ? "lifted" : hold.isActive(at: now) ? "active" : "over"
                    print("\(hold.id)\t\(state)\tuntil \(hold.endsOn)\t\(whom)\t\(hold.reason)")
                }
            }
        }
    }

    struct Set: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forbid to erase anything of a person, or of anybody, up to and with a day.")

        @Argument(help: "The e-mail address, or the organisation's own id.") var person: String?
        @Flag(help: "Everybody, rather than one person.") var everybody = false
        @Option(help: "The last day, such as 2027-03-31.") var until: String
        @Option(help: "Why. It stays on record.") var reason: String
        @OptionGroup var options: RightsOptions

        func validate() throws {
            if (person == nil) != everybody { throw ValidationError("Name a person, or --everybody.") }
        }

        func work() async throws {
            guard let day = Day(until) else {
                throw Problem(.invalid, "hold-end", "“\(until)” is no day. Write one such as 2027-03-31.")
            }
            try await options.open { desk, directory, tenant in
                var found: ID<Person>?
                if let name = person {
                    found = try await leeway.person(called: name, in: directory, of: tenant).id
                }
                let hold = try await desk.hold(found, until: day, reason: reason, by: nil, of: tenant)
                print("\(hold.id) holds until \(hold.endsOn).")
            }
        }
    }

    struct Lift: ToldCommand {
        static let configuration = CommandConfiguration(abstract: "End a hold before its day.")

        @Argument(help: "The hold’s id.") var id: String
        @Option(help: "Why. It stays on record.") var reason: String
        @OptionGroup var options: RightsOptions

        func work() async throws {
            guard let hold = ID<LegalHold>(id) else {
                throw Problem(.missing, "hold-missing", "There is no such legal hold. See leeway hold list.")
            }
            try await options.open { desk, _, tenant in
                _ = try await desk.lift(hold, reason: reason, by: nil, of: tenant)
                print("The hold is lifted.")
            }
        }
    }
}

/// What every command about people's rights takes.
struct RightsOptions: ParsableArguments {
    @Option(help: "The number of the organisation.") var tenant = 1
    @OptionGroup var settings: SettingsOptions

    /// Opens the database for one command.
    func open(_ work: (RightsDesk, Directory, TenantID) async throws -> Void) async throws {
        let (settings, world, tenant) = (try settings.settings(), World.live, TenantID(tenant))
        try await withDatabase(settings, world: world) { database in
            let directory = Directory(database: database, world: world)
            try await expect(tenant, in: directory)
            try await work(rightsDesk(database, world: world), directory, tenant)
        }
    }
}
