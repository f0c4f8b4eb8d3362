import Foundation
import Testing

/// Statements out to a file and in again, and profiles, as somebody at a terminal meets them.
@Suite(.serialized) final class MovingCommandTests {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "leeway-moving-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func leeway(_ arguments: String...) throws -> (code: Int32, out: String, err: String) {
        let (process, out, err) = (Process(), Pipe(), Pipe())
        process.executableURL = Bundle.main.bundleURL.appending(path: "leeway")
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

    private func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }

    private func read(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    private func lines(_ range: ClosedRange<Int>) -> String {
        range.map {
            #"{"actor":{"mbox":"mailto:a@example.org"},"verb":{"id":"https://example.org/v"},"#
                + #""object":{"id":"https://example.org/\#($0)"}}"# + "\n"
        }.joined()
    }

    @Test func `an export that was cut off goes on, and comes in elsewhere`() throws {
        try write("some.jsonl", lines(1...700))
        #expect(try leeway("import", "statements", "some.jsonl").code == 0)
        let first = try leeway("export", "statements", "--to", "out.jsonl")
        #expect(first.code == 0 && first.err.contains("700 statements. To go on from here: --after 700"))
        let whole = try read("out.jsonl")
        #expect(whole.split(separator: "\n").count == 700)
        // Killed in the middle of a piece: what is not whole is cut off.
        try write("out.jsonl", whole + "{\"actor\":{\"mb")
        try write("more.jsonl", lines(701...703))
        #expect(try leeway("import", "statements", "more.jsonl").code == 0)
        #expect(try leeway("export", "statements", "--to", "out.jsonl").err.hasPrefix("3 statements."))
        let both = try read("out.jsonl")
        #expect(both.hasPrefix(whole) && both.split(separator: "\n").count == 703)
        #expect(try leeway("export", "statements", "--after", "700").out.split(separator: "\n").count == 3)
        #expect(try leeway("import", "statements", "out.jsonl", "--database", "other.sqlite").code == 0)
        let again = try leeway("export", "statements", "--database", "other.sqlite")
        #expect(again.out.split(separator: "\n").count == 703)
        try write("strange.jsonl", "mine")
        let strange = try leeway("export", "statements", "--to", "strange.jsonl")
        #expect(strange.code == 1 && strange.err.contains("is there already"))
        #expect(try leeway("export", "people", "--to", "people.csv").code == 64)
    }

    @Test func `a profile is loaded, listed and removed`() throws {
        try write(
            "p.jsonld",
            """
            {"id": "https://example.org/p", "type": "Profile", "prefLabel": {"en": "Example"},
             "versions": [{"id": "https://example.org/p/1", "generatedAtTime": "2026-01-01T00:00:00Z"}]}
            """)
        let loaded = try leeway("profile", "load", "p.jsonld", "--mode", "refuse")
        #expect(loaded.code == 0 && loaded.out == "https://example.org/p\n")
        let list = try leeway("profile", "list").out
        #expect(list.hasPrefix("https://example.org/p\trefuse\tdeclared\t0 templates\t0 found\tExample"))
        #expect(try leeway("profile", "remove", "https://example.org/p").code == 0)
        #expect(try leeway("profile", "list").out.isEmpty)
        let gone = try leeway("profile", "remove", "https://example.org/p")
        #expect(gone.code == 1 && gone.err.hasPrefix("There is no such profile."))
        try write("bad.jsonld", "{}")
        #expect(try leeway("profile", "load", "bad.jsonld").err.hasPrefix("This is no xAPI Profile."))
        #expect(try leeway("profile", "load", "nowhere.jsonld").code == 1)
    }
}
