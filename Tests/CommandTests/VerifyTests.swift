import Foundation
import Testing

/// `leeway verify` as an auditor meets it.
@Suite(.serialized) final class VerifyTests {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "leeway-verify-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func run(_ program: URL, _ arguments: [String]) throws -> (code: Int32, out: String, err: String) {
        let (process, out, err) = (Process(), Pipe(), Pipe())
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("LEEWAY_") }
        process.standardOutput = out
        process.standardError = err
        try process.run()
        let words = out.fileHandleForReading.readDataToEndOfFile()
        let complaints = err.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: words, as: UTF8.self),
            String(decoding: complaints, as: UTF8.self)
        )
    }

    private func leeway(_ arguments: String...) throws -> (code: Int32, out: String, err: String) {
        try run(Bundle.main.bundleURL.appending(path: "leeway"), arguments)
    }

    /// Changes the database behind Leeway's back, and hands out what it holds.
    private func python(_ script: String) throws -> String {
        let text = "import sqlite3, sys\ndb = sqlite3.connect('leeway.sqlite')\n\(script)\ndb.commit()\n"
        let ending = try run(URL(filePath: "/usr/bin/env"), ["python3", "-c", text])
        #expect(ending.code == 0, "\(ending.err)")
        return ending.out
    }

    private func write(_ name: String, _ text: String) throws -> String {
        let file = folder.appending(path: name)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    /// Integrates what waits: the server does it as long as it runs.
    private func serveUntilIntegrated() throws {
        let (server, out) = (Process(), Pipe())
        server.executableURL = Bundle.main.bundleURL.appending(path: "leeway")
        server.arguments = ["serve", "--port", "0"]
        server.currentDirectoryURL = folder
        server.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("LEEWAY_") }
        server.standardOutput = out
        server.standardError = FileHandle.nullDevice
        try server.run()
        defer {
            server.terminate()
            server.waitUntilExit()
        }
        _ = out.fileHandleForReading.availableData
        for _ in 0..<100 {
            let waiting = try python("print(db.execute('SELECT COUNT(*) FROM ledger_queue').fetchone()[0])")
            if waiting.hasPrefix("0") { return }
            Thread.sleep(forTimeInterval: 0.1)
        }
        Issue.record("nothing was integrated within ten seconds")
    }

    @Test func `it passes what is whole, finds what was changed, and compares checkpoints`() throws {
        let lines = (0..<5).map { index in
            """
            {"actor": {"mbox": "mailto:a@example.org"}, "verb": {"id": "urn:verb:\(index)"}, \
            "object": {"id": "urn:activity:1"}}
            """
        }
        let file = try write("statements.jsonl", lines.joined(separator: "\n"))
        #expect(try leeway("import", "statements", file).code == 0)
        let waiting = try leeway("verify")
        #expect(waiting.code == 0, "\(waiting)")
        #expect(waiting.out.contains("0 leaves, 5 statements") && waiting.out.contains("5 waiting"))

        try serveUntilIntegrated()
        let whole = try leeway("verify")
        #expect(whole.code == 0 && whole.out.contains("whole; 5 leaves, 5 statements"), "\(whole)")
        let note = try python("sys.stdout.write(db.execute('SELECT note FROM ledger').fetchone()[0].decode())")
        let checkpoint = try write("checkpoint", note)
        #expect(try leeway("verify", "--checkpoint", checkpoint).code == 0)
        #expect(try leeway("verify", "--checkpoint", "nowhere").code == 1)
        #expect(try leeway("verify", "--key", "x").code == 64)
        #expect(try leeway("verify", "--tenant", "9").code == 1)

        let more = try write("more.jsonl", lines[0].replacingOccurrences(of: "urn:verb:0", with: "urn:verb:9"))
        #expect(try leeway("import", "statements", more).code == 0)
        try serveUntilIntegrated()
        let extended = try leeway("verify", "--checkpoint", checkpoint)
        #expect(extended.code == 0 && extended.out.contains("of 6 leaves begins with the 5"), "\(extended)")

        _ = try python(
            """
            db.execute("UPDATE statement SET body = CAST(replace(CAST(body AS TEXT), 'verb:2', 'verb:3') AS BLOB)")
            """)
        let broken = try leeway("verify", "--json")
        #expect(broken.code == 2, "\(broken)")
        #expect(broken.err == "organisation 1, statement 3: It is not what its leaf commits to.\n")
        #expect(broken.out.contains("\"whole\":false"))

        _ = try python("db.execute('UPDATE ledger_tile SET content = zeroblob(192) WHERE level = 0')")
        #expect(try leeway("verify", "--checkpoint", checkpoint).code == 2)
    }
}
