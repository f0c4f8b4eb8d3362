import ArgumentParser
import Basis
import Demo
import Foundation
import People
import Storage

/// `leeway demo`.
struct DemoCommand: ToldCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Make a demonstration organisation and serve it.",
        discussion: """
            200 made-up people in 12 units, with six months of evidence from simulated learners. The database is kept: \
            the next `leeway demo` serves it as it was left. Every page says that it is a demonstration.
            """)

    @OptionGroup var options: SettingsOptions
    @Option(help: "The port. 0 takes any free one. 8080 unless set.") var port: String?
    @Option(help: "A folder with further assets, such as the web font.") var assets: String?
    @Option(help: "Another seed makes another organisation of the same kind.") var seed: UInt64 = 2_026
    @Flag(help: "Make it and end, without serving.") var makeOnly = false

    /// Printed for everybody to see, so it protects nothing; the demonstration listens on this machine only.
    static let password = "room-to-learn"

    func work() async throws {
        var settings = try options.settings(["host": "127.0.0.1", "port": port, "assets": assets])
        if !settings.names("database") { settings.database = "leeway-demo.sqlite" }
        let world = World.live
        LogOutput.start(level: settings.logLevel, world: world)
        try await withDatabase(settings, world: world) { database in
            let greeting = try await prepareDemo(database, world: world)
            if makeOnly {
                print(greeting.joined(separator: "\n"))
            } else {
                try await serve(database, settings, world: world, greeting: greeting)
            }
        }
    }

    /// Makes what is not there yet, and says how to sign in.
    private func prepareDemo(_ database: any Database, world: World) async throws -> [String] {
        let directory = Directory(database: database, world: world)
        if let tenant = try await directory.tenants().first {
            guard tenant.isDemo else {
                throw Problem(
                    .conflict, "demo-not-empty",
                    "This database holds “\(tenant.name)”, which is no demonstration. Name another --database.")
            }
        } else {
            complain(["Making the demonstration organisation …"])
            _ = try await Demonstration(
                database: database, world: world, seed: seed, starter: StarterCurriculum.folder
            ).make(password: DemoCommand.password)
        }
        guard let tenant = try await directory.tenants().first else { return [] }
        let signIns = try await Demonstration.signIns(of: tenant.id, directory: directory)
        let width = signIns.map(\.role.count).max() ?? 0
        return ["", "\(tenant.name): nobody in it exists. Sign in as"]
            + signIns.map { person in
                "  \(person.role.padding(toLength: width, withPad: " ", startingAt: 0))  \(person.email)  "
                    + DemoCommand.password
            } + [""]
    }
}
