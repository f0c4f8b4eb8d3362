import Foundation
import Testing

/// Statements out to a file and in again, and profiles, as somebody at a terminal meets them.
@Suite(.serialized) struct MovingCommandTests {
    let terminal: Terminal

    init() throws { terminal = try Terminal() }

    private func lines(_ range: ClosedRange<Int>) -> String {
        range.map {
            #"{"actor":{"mbox":"mailto:a@example.org"},"verb":{"id":"https://example.org/v"},"#
                + #""object":{"id":"https://example.org/\#($0)"}}"# + "\n"
        }.joined()
    }

    @Test func `an export that was cut off goes on, and comes in elsewhere`() throws {
        try terminal.write("some.jsonl", lines(1...700))
        #expect(try terminal.leeway("import", "statements", "some.jsonl").code == 0)
        let first = try terminal.leeway("export", "statements", "--to", "out.jsonl")
        #expect(first.code == 0 && first.err.contains("700 statements. To go on from here: --after 700"))
        let whole = try terminal.read("out.jsonl")
        #expect(whole.split(separator: "\n").count == 700)
        // Killed in the middle of a piece: what is not whole is cut off.
        try terminal.write("out.jsonl", whole + "{\"actor\":{\"mb")
        try terminal.write("more.jsonl", lines(701...703))
        #expect(try terminal.leeway("import", "statements", "more.jsonl").code == 0)
        #expect(try terminal.leeway("export", "statements", "--to", "out.jsonl").err.hasPrefix("3 statements."))
        let both = try terminal.read("out.jsonl")
        #expect(both.hasPrefix(whole) && both.split(separator: "\n").count == 703)
        #expect(try terminal.leeway("export", "statements", "--after", "700").out.split(separator: "\n").count == 3)
        #expect(try terminal.leeway("import", "statements", "out.jsonl", "--database", "other.sqlite").code == 0)
        let again = try terminal.leeway("export", "statements", "--database", "other.sqlite")
        #expect(again.out.split(separator: "\n").count == 703)
        try terminal.write("strange.jsonl", "mine")
        let strange = try terminal.leeway("export", "statements", "--to", "strange.jsonl")
        #expect(strange.code == 1 && strange.err.contains("is there already"))
        #expect(try terminal.leeway("export", "people", "--to", "people.csv").code == 64)
    }

    @Test func `a profile is loaded, listed and removed`() throws {
        try terminal.write(
            "p.jsonld",
            """
            {"id": "https://example.org/p", "type": "Profile", "prefLabel": {"en": "Example"},
             "versions": [{"id": "https://example.org/p/1", "generatedAtTime": "2026-01-01T00:00:00Z"}]}
            """)
        let loaded = try terminal.leeway("profile", "load", "p.jsonld", "--mode", "refuse")
        #expect(loaded.code == 0 && loaded.out == "https://example.org/p\n")
        let list = try terminal.leeway("profile", "list").out
        #expect(list.hasPrefix("https://example.org/p\trefuse\tdeclared\t0 templates\t0 found\tExample"))
        #expect(try terminal.leeway("profile", "remove", "https://example.org/p").code == 0)
        #expect(try terminal.leeway("profile", "list").out.isEmpty)
        let gone = try terminal.leeway("profile", "remove", "https://example.org/p")
        #expect(gone.code == 1 && gone.err.hasPrefix("There is no such profile."))
        try terminal.write("bad.jsonld", "{}")
        #expect(try terminal.leeway("profile", "load", "bad.jsonld").err.hasPrefix("This is no xAPI Profile."))
        #expect(try terminal.leeway("profile", "load", "nowhere.jsonld").code == 1)
    }
}
