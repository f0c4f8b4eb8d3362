import Foundation
import Testing

/// The program as a person at a terminal meets it: what it prints and how it ends.
@Suite(.serialized) struct CommandTests {
    let terminal: Terminal

    init() throws { terminal = try Terminal() }

    @Test func `a wrong command line ends with 64`() throws {
        #expect(try terminal.leeway("import", "nonsense", "x").code == 64)
        #expect(try terminal.leeway("serve", "--colour", "blue").code == 64)
    }

    @Test func `a file that is no database, or another program's, gets one sentence`() throws {
        let text = try terminal.write("text.sqlite", String(repeating: "this is no database ", count: 100))
        let ending = try terminal.leeway("serve", "--database", text)
        #expect(ending.code == 1)
        #expect(ending.err == "The file is not an SQLite database. Name another one.\n")
        let nowhere = try terminal.leeway("migrate", "--database", "/nonexistent/x.sqlite")
        #expect(nowhere.code == 1)
        #expect(nowhere.complaints.count == 1)
    }

    @Test func `an unreachable PostgreSQL gets one sentence, without the password`() throws {
        let url = "postgresql://somebody:secret@127.0.0.1:1/x?connect_timeout=2"
        let ending = try terminal.leeway("serve", with: ["LEEWAY_DATABASE": url])
        #expect(ending.code == 1)
        #expect(ending.complaints.count == 1)
        #expect(ending.err.hasPrefix("The database cannot be reached: "))
        #expect(!ending.err.contains("secret"))
    }

    @Test func `settings tell where they came from and hide passwords`() throws {
        let file = try terminal.write("c.json", #"{"port": 9000, "trustsProxy": true}"#)
        let url = "postgresql://somebody:secret@host/x"
        let ending = try terminal.leeway(
            "config", "check", "--config", file, with: ["LEEWAY_DATABASE": url, "LEEWAY_LOG_LEVEL": "debug"])
        #expect(ending.code == 0)
        #expect(!ending.out.contains(":secret"))
        let lines = ending.out.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines.contains { $0.first == "port" && $0[1] == "9000" && $0.contains("file") })
        #expect(lines.contains { $0.first == "logLevel" && $0[1] == "debug" && $0.last == "environment" })
        #expect(lines.contains { $0.first == "host" && $0.last == "default" })
        let odd = try terminal.write("odd.json", #"{"prot": 9000}"#)
        #expect(try terminal.leeway("config", "check", "--config", odd).err.contains("“prot” is no setting"))
    }

    @Test func `a faulty import names its places and changes nothing, a good one can be exported`() throws {
        let bad = try terminal.write("bad.csv", "id,name,email\n1,Ada,ada@example.org\n2,,x\n")
        let ending = try terminal.leeway("import", "people", bad)
        #expect(ending.code == 1)
        #expect(ending.complaints.dropFirst().allSatisfy { $0.hasPrefix("line 3, column ") })
        #expect(try terminal.leeway("export", "people").out.split(separator: "\r\n").count == 1)
        let good = try terminal.write("good.csv", "id,name,email\n1,Ada,ada@example.org\n")
        #expect(try terminal.leeway("import", "people", good, "--dry-run").out.hasPrefix("A dry run"))
        #expect(try terminal.leeway("export", "people").out.split(separator: "\r\n").count == 1)
        #expect(try terminal.leeway("import", "people", good).code == 0)
        #expect(try terminal.leeway("export", "people").out.contains("1,Ada,ada@example.org"))
        let doctor = try terminal.leeway("doctor")
        #expect(doctor.code == 0)
        #expect(doctor.out.contains("up to date"))
    }

    @Test func `it serves on a free port, refuses a busy one, and ends in order`() async throws {
        let (server, out, _) = terminal.process(["serve", "--port", "0"])
        try server.run()
        defer { if server.isRunning { server.terminate() } }
        let line = String(decoding: out.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(line.split(separator: ":").last?.split(separator: "\n").first.map(String.init))
        #expect(line.hasPrefix("Leeway is at http://127.0.0.1:"))
        let second = try terminal.leeway("serve", "--port", port)
        #expect(second.code == 1)
        #expect(
            second.err == "Something else listens at 127.0.0.1:\(port). Name another --port, or 0 for any free one.\n")
        server.terminate()
        server.waitUntilExit()
        #expect(server.terminationStatus == 0)
        #expect(server.terminationReason == .exit)
    }
}
