import Foundation
import Testing

/// A folder of its own in which the program is run as a person at a terminal runs it.
final class Terminal {
    /// What the program printed and how it ended.
    struct Ending {
        let code: Int32
        let out, err: String
        /// Lines on standard error.
        var complaints: [Substring] { err.split(separator: "\n") }
    }

    static let program = Bundle.main.bundleURL.appending(path: "leeway")

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "leeway-command-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A process that is not started yet, with its standard output and error.
    func process(
        _ arguments: [String], with environment: [String: String] = [:], program: URL = Terminal.program
    ) -> (process: Process, out: Pipe, err: Pipe) {
        let (process, out, err) = (Process(), Pipe(), Pipe())
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let own = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("LEEWAY_") }
        process.environment = own.merging(environment) { $1 }
        process.standardOutput = out
        process.standardError = err
        return (process, out, err)
    }

    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - arguments: Of the command line.
    ///   - environment: What is set besides the test's own, in which no variable is Leeway's.
    ///   - input: What it reads on standard input; nil for nothing.
    ///   - program: Leeway unless told.
    /// - Returns: What it printed and how it ended.
    /// - Throws: What starting a process throws.
    func run(
        _ arguments: [String], with environment: [String: String] = [:], input: String? = nil,
        program: URL = Terminal.program
    ) throws -> Ending {
        let (process, out, err) = process(arguments, with: environment, program: program)
        let typed = Pipe()
        process.standardInput = input == nil ? FileHandle.nullDevice : typed
        try process.run()
        if let input {
            typed.fileHandleForWriting.write(Data(input.utf8))
            try typed.fileHandleForWriting.close()
        }
        let words = out.fileHandleForReading.readDataToEndOfFile()
        let complaints = err.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Ending(
            code: process.terminationStatus, out: String(decoding: words, as: UTF8.self),
            err: String(decoding: complaints, as: UTF8.self))
    }

    func leeway(
        _ arguments: String..., with environment: [String: String] = [:], input: String? = nil
    ) throws -> Ending {
        try run(arguments, with: environment, input: input)
    }

    /// Changes the database behind Leeway's back, and hands out what it holds.
    @discardableResult
    func python(_ script: String) throws -> String {
        let text = "import sqlite3, sys\ndb = sqlite3.connect('leeway.sqlite')\n\(script)\ndb.commit()\n"
        let ending = try run(["python3", "-c", text], program: URL(filePath: "/usr/bin/env"))
        #expect(ending.code == 0, "\(ending.err)")
        return ending.out
    }

    /// - Returns: The file's path.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let file = folder.appending(path: name)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    func read(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
}
