import Foundation
import Testing

/// Letters, as somebody at a terminal meets them.
@Suite(.serialized) struct MailCommandTests {
    let terminal: Terminal

    init() throws { terminal = try Terminal() }

    @Test func `a mail server is set without its password as an argument, shown, kept and switched off`() throws {
        #expect(try terminal.leeway("mail", "status").out.contains("Letters are off: no mail server is set."))
        let server = ["--host", "smtp.example.org", "--user", "leeway"]
        let rest = ["--mailbox", "leeway@example.org", "--address", "https://learn.example.org"]
        let bare = try terminal.run(["mail", "set"] + server + rest)
        #expect(bare.code == 1 && bare.err.hasPrefix("Write the user’s password."))
        #expect(try terminal.run(["mail", "set"] + server + rest + ["--password", "x"]).code == 64)
        let bad = try terminal.run(["mail", "set", "--host", "https://x", "--mailbox", "x", "--address", "y"])
        #expect(bad.code == 1 && bad.err.contains("mail server’s name alone") && bad.err.contains("one mailbox"))
        let made = try terminal.run(
            ["mail", "set"] + server + rest + ["--password-file", "-"], input: "very secret\n")
        #expect(made.code == 0 && made.out.contains("smtp.example.org:587"), "\(made)")
        for words in [["status"], ["status", "--json"]] {
            let shown = try terminal.run(["mail"] + words)
            #expect(shown.code == 0 && !shown.out.contains("very secret") && shown.out.contains("smtp.example.org"))
        }
        #expect(try terminal.leeway("mail", "set", "--sender-name", "Pier").out.contains("Pier <leeway@example.org>"))
        let moved = try terminal.leeway("mail", "set", "--host", "elsewhere.example.org")
        #expect(moved.code == 1 && moved.err.hasPrefix("Write the password again"))
        let rekeyed = try terminal.leeway("link", "rekey")
        #expect(rekeyed.code == 0 && rekeyed.out.contains("Secrets sealed with the new key: 1."), "\(rekeyed)")
        let nobody = try terminal.leeway("mail", "test", "nobody")
        #expect(nobody.code == 1 && nobody.err.contains("no person with the key"))
        #expect(try terminal.leeway("mail", "retry").out.contains("Letters to be tried again: 0."))
        #expect(try terminal.leeway("mail", "off").code == 0)
        #expect(try terminal.leeway("mail", "status").out.contains("off"))
    }
}
