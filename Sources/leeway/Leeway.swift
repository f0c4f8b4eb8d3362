import ArgumentParser
import Basis
import Foundation
import Storage

/// The one executable.
@main
struct Leeway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leeway",
        abstract: "Room to learn inside a clear intent.",
        discussion: "Exit codes: 0 it worked, 1 it was refused or failed, 64 the command line is wrong.",
        version: Leeway.version,
        subcommands: [
            Serve.self, DemoCommand.self, Import.self, Export.self, PersonCommands.self, ClientCommands.self,
            ProfileCommands.self, LinkCommands.self, MailCommands.self, HoldCommands.self, RulesCommands.self,
            RetentionCommands.self,
            LedgerCommands.self, DossierCommands.self, PlannerCommands.self, CertificationCommands.self,
            Config.self, Doctor.self, Migrate.self, Verify.self,
        ])

    static let version = "0.1.0"
}

/// A command whose failures are told in one sentence on standard error, with exit code 1.
protocol ToldCommand: AsyncParsableCommand {
    func work() async throws
}

extension ToldCommand {
    func run() async throws {
        do {
            try await work()
        } catch let code as ExitCode {
            throw code
        } catch {
            complain(explanation(of: error))
            throw ExitCode(1)
        }
    }
}

/// Lines on standard error.
func complain(_ lines: [String]) {
    FileHandle.standardError.write(Data((lines.joined(separator: "\n") + "\n").utf8))
}

/// What went wrong, for the person at the terminal: a sentence, then the places of the input.
func explanation(of error: any Error) -> [String] {
    switch error {
    case StorageError.unreachable(let why):
        let reason = hidingSecrets(why).trimmingCharacters(in: CharacterSet(charactersIn: ". \n"))
        return ["The database cannot be reached: \(reason). Check --database, and that the server runs."]
    case StorageError.foreign(let why):
        return [why]
    case let error as any ProblemConvertible:
        return explanation(of: error.problem)
    case let problem as Problem:
        let shown = problem.issues.prefix(issueLimit).map(\.description)
        let rest = problem.issues.count - shown.count
        return [problem.detail] + shown + (rest > 0 ? ["and \(rest) more"] : [])
            + (problem.kind == .fault ? problem.cause.map { ["Cause: \(hidingSecrets("\($0)"))"] } ?? [] : [])
    default:
        return ["It failed: \(hidingSecrets("\(error)"))"]
    }
}

/// Places of a file that are printed.
private let issueLimit = 50
