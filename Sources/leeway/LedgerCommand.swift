import ArgumentParser
import Basis
import Evidence
import Foundation
import JSON
import People

/// `leeway ledger …`.
struct LedgerCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "The ledger’s keys and checkpoints. To check the record: leeway verify.",
        subcommands: [Keys.self, Checkpoints.self, Rotate.self])

    struct Keys: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the keys to check with, the present one first, and for which checkpoints each vouches.")

        @Flag(help: "Print JSON, one line a key.") var json = false
        @OptionGroup var options: LedgerOptions

        func work() async throws {
            try await options.open { ledger, _, tenant in
                for key in try await ledger.head(of: tenant).keys { print(json ? key.json.text : key.line) }
            }
        }
    }

    struct Checkpoints: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the checkpoints that are kept, or print one.",
            discussion: "The last of each hour is kept for a week, the last of each day for ever.")

        @Option(help: "Print the signed checkpoint of so many leaves.") var size: Int?
        @Flag(help: "Print JSON, one line a checkpoint.") var json = false
        @OptionGroup var options: LedgerOptions

        func work() async throws {
            try await options.open { ledger, _, tenant in
                if let size {
                    let note = try await ledger.checkpoint(ofSize: size, of: tenant)
                    try FileHandle.standardOutput.write(contentsOf: Data(note))
                    return
                }
                for kept in try await ledger.checkpoints(of: tenant) {
                    let line: JSONValue = ["size": .init(kept.size), "signedAt": .string(kept.signedAt.timestamp)]
                    print(json ? line.text : "\(kept.size)\t\(kept.signedAt.timestamp)")
                }
            }
        }
    }

    struct Rotate: ToldCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-key", abstract: "Make a new key for the ledger’s checkpoints.",
            discussion: """
                The former key signs beside the new one for a time; then its private half is destroyed, and it vouches \
                for the checkpoints that it signed and for no others. The change is a leaf of the ledger.
                """)

        @Option(help: "Why. It stays on record.") var reason: String
        @Option(help: "For how many days the former key signs on: 0 to \(RightsDesk.keyOverlapDayLimit).")
        var overlapDays = RightsDesk.keyOverlapDays
        @OptionGroup var options: LedgerOptions

        func work() async throws {
            try await options.open { _, desk, tenant in
                let keys = try await desk.rotateLedgerKey(
                    overlapDays: overlapDays, reason: reason, by: nil, of: tenant)
                for key in keys { print(key.line) }
            }
        }
    }
}

/// What every command about the ledger takes.
struct LedgerOptions: ParsableArguments {
    @Option(help: "The number of the organisation.") var tenant = 1
    @OptionGroup var settings: SettingsOptions

    /// Opens the database for one command.
    func open(_ work: (Ledger, RightsDesk, TenantID) async throws -> Void) async throws {
        let (settings, world, tenant) = (try settings.settings(), World.live, TenantID(tenant))
        try await withDatabase(settings, world: world) { database in
            try await expect(tenant, in: Directory(database: database, world: world))
            try await work(
                Ledger(database: database, world: world), rightsDesk(database, world: world), tenant)
        }
    }
}

extension LedgerKey {
    fileprivate var line: String {
        let last = lastSize.map { "to \($0)" } ?? "on"
        let state =
            replacedAt == nil ? "present" : lastSize == nil ? "signs until \(signsUntil?.timestamp ?? "")" : "ended"
        return "\(verifier)\t\(state)\tcheckpoints of \(firstSize) leaves \(last)"
    }
}
