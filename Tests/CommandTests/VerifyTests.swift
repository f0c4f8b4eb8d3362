import Foundation
import Testing

/// `leeway verify` as an auditor meets it.
@Suite(.serialized) struct VerifyTests {
    let terminal: Terminal

    init() throws { terminal = try Terminal() }

    /// Integrates what waits: the server does it as long as it runs.
    private func serveUntilIntegrated() throws {
        let (server, out, _) = terminal.process(["serve", "--port", "0"])
        server.standardError = FileHandle.nullDevice
        try server.run()
        defer {
            server.terminate()
            server.waitUntilExit()
        }
        _ = out.fileHandleForReading.availableData
        for _ in 0..<100 {
            let waiting = try terminal.python("print(db.execute('SELECT COUNT(*) FROM ledger_queue').fetchone()[0])")
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
        let file = try terminal.write("statements.jsonl", lines.joined(separator: "\n"))
        #expect(try terminal.leeway("import", "statements", file).code == 0)
        let waiting = try terminal.leeway("verify")
        #expect(waiting.code == 0, "\(waiting)")
        #expect(waiting.out.contains("0 leaves, 5 statements") && waiting.out.contains("5 waiting"))

        try serveUntilIntegrated()
        let whole = try terminal.leeway("verify")
        #expect(whole.code == 0 && whole.out.contains("whole; 5 leaves, 5 statements"), "\(whole)")
        let note = try terminal.python("sys.stdout.write(db.execute('SELECT note FROM ledger').fetchone()[0].decode())")
        let checkpoint = try terminal.write("checkpoint", note)
        #expect(try terminal.leeway("verify", "--checkpoint", checkpoint).code == 0)
        #expect(try terminal.leeway("verify", "--checkpoint", "nowhere").code == 1)
        #expect(try terminal.leeway("verify", "--key", "x").code == 64)
        #expect(try terminal.leeway("verify", "--tenant", "9").code == 1)

        let before = try terminal.leeway("ledger", "keys").out
        #expect(before.contains("\tpresent\t"))
        let rotated = try terminal.leeway("ledger", "rotate-key", "--reason", "Yearly", "--overlap-days", "0")
        #expect(rotated.code == 0 && rotated.out.split(separator: "\n").count == 2, "\(rotated)")
        #expect(try terminal.leeway("ledger", "rotate-key", "--reason", " ").code == 1)
        try serveUntilIntegrated()
        #expect(try terminal.leeway("ledger", "keys", "--json").out.contains("\"lastSize\":5"))
        #expect(try terminal.leeway("ledger", "checkpoints").out.hasPrefix("6\t"))
        #expect(try terminal.leeway("ledger", "checkpoints", "--size", "6").out.contains("\n6\n"))
        #expect(try terminal.leeway("ledger", "checkpoints", "--size", "4").code == 1)
        #expect(try terminal.leeway("verify").code == 0)

        let more = try terminal.write("more.jsonl", lines[0].replacingOccurrences(of: "urn:verb:0", with: "urn:verb:9"))
        #expect(try terminal.leeway("import", "statements", more).code == 0)
        try serveUntilIntegrated()
        let extended = try terminal.leeway("verify", "--checkpoint", checkpoint)
        #expect(extended.code == 0 && extended.out.contains("of 7 leaves begins with the 5"), "\(extended)")

        _ = try terminal.python(
            """
            db.execute("UPDATE statement SET body = CAST(replace(CAST(body AS TEXT), 'verb:2', 'verb:3') AS BLOB)")
            """)
        let broken = try terminal.leeway("verify", "--json")
        #expect(broken.code == 2, "\(broken)")
        #expect(broken.err == "organisation 1, statement 3: It is not what its leaf commits to.\n")
        #expect(broken.out.contains("\"whole\":false"))

        _ = try terminal.python("db.execute('UPDATE ledger_tile SET content = zeroblob(224) WHERE level = 0')")
        #expect(try terminal.leeway("verify", "--checkpoint", checkpoint).code == 2)
    }
}
