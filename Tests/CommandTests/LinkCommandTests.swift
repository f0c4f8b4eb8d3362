import Foundation
import Testing

/// Links, their letters, holds and retention, as somebody at a terminal meets them.
@Suite(.serialized) struct LinkCommandTests {
    let terminal: Terminal

    init() throws { terminal = try Terminal() }

    /// What stands behind a word at the beginning of a line.
    private func value(_ word: String, in text: String) throws -> String {
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(word) }, "\(text)")
        return String(line.dropFirst(word.count).drop { $0 == " " })
    }

    @Test func `links are made, shown, paused, resumed and removed`() throws {
        #expect(try terminal.leeway("link", "list").out.isEmpty)
        let made = try terminal.leeway(
            "link", "add", "forward", "https://lrs.example.org/xapi/", "--label", "Archive", "--username", "key",
            "--verb", "https://example.org/v", "--xapi", "1.0.3", "--from-now", input: "very secret\n")
        #expect(made.code == 0, "\(made)")
        let id = try value("id:", in: made.out)
        let hook = try terminal.leeway(
            "link", "add", "webhook", "https://badges.example.org/hook", "--label", "Badges")
        let secret = try value("secret:", in: hook.out)
        #expect(secret.hasPrefix("whsec_"))
        for words in [["list"], ["list", "--json"], ["show", "Archive"], ["show", "Badges", "--json"]] {
            let ending = try terminal.run(["link"] + words)
            #expect(ending.code == 0 && !ending.out.isEmpty)
            #expect(!ending.out.contains("very secret") && !ending.out.contains(secret))
        }
        let shown = try terminal.leeway("link", "show", id)
        #expect(try value("url:", in: shown.out) == "https://lrs.example.org/xapi")
        #expect(try value("verb:", in: shown.out) == "https://example.org/v")
        #expect(try terminal.leeway("link", "pause", "Archive").code == 0)
        #expect(try terminal.leeway("link", "show", id, "--json").out.contains(#""state":"paused""#))
        #expect(try terminal.leeway("link", "resume", id).code == 0)
        #expect(try terminal.leeway("link", "list").out.contains("\ton\tArchive\t"))
        #expect(try terminal.leeway("link", "remove", "Archive").code == 0)
        let gone = try terminal.leeway("link", "show", id)
        #expect(gone.code == 1 && gone.complaints.count == 1 && gone.err.contains("leeway link list"))
    }

    @Test func `links that cannot work are refused in a sentence, and a secret is no argument`() throws {
        let add = ["link", "add", "pull", "https://lrs.example.org/xapi", "--label", "Course"]
        let empty = try terminal.run(add + ["--username", "key"], input: "")
        #expect(empty.code == 1 && empty.err.hasPrefix("Standard input must hold the secret"))
        let nowhere = try terminal.run(add + ["--username", "key", "--secret-file", "nowhere"])
        #expect(nowhere.code == 1 && nowhere.err.hasPrefix("There is no file nowhere"))
        #expect(try terminal.run(add + ["--secret", "x"]).code == 64)
        #expect(try terminal.run(add + ["--since", "yesterday"]).err.contains("is no moment"))
        #expect(try terminal.run(add + ["--xapi", "3"]).err.contains("is no version"))
        #expect(try terminal.leeway("link", "add", "pull", "ftp://x", "--label", "Course").code == 1)
        #expect(try terminal.leeway("link", "add", "push", "https://x.example", "--label", "Course").code == 64)
        try terminal.write("password", "very secret\n")
        let made = try terminal.run(add + ["--username", "key", "--secret-file", "password"])
        #expect(made.code == 0, "\(made)")
        #expect(try terminal.run(add).code == 0)
        let two = try terminal.leeway("link", "pause", "Course")
        #expect(two.code == 1 && two.err.contains("2 links are called"))
        #expect(try terminal.leeway("link", "list", "--tenant", "9").code == 1)
    }

    @Test func `letters are listed, tried again and dropped`() throws {
        let made = try terminal.leeway(
            "link", "add", "webhook", "https://badges.example.org/hook", "--label", "Badges")
        let id = try value("id:", in: made.out)
        try terminal.python(
            """
            for n in range(3):
                db.execute("INSERT INTO exchange_letter VALUES (1, ?, ?, ?, NULL, 'It said 500.', 'dead', ?)",
                    ('\(id)', 's%d' % n, 's%d t' % n, n))
            """)
        let list = try terminal.leeway("link", "letters")
        #expect(list.out.split(separator: "\n").map { $0.split(separator: "\t")[1] } == ["s2", "s1", "s0"])
        #expect(list.out.contains("\t2\tdead\t") && list.out.contains("It said 500."))
        #expect(try terminal.leeway("link", "retry", "Badges", "s1").out == "Letters to be tried again: 1.\n")
        #expect(try terminal.leeway("link", "letters", id, "--json").out.contains(#""queued":true"#))
        #expect(try terminal.leeway("link", "retry", "Badges").out == "Letters to be tried again: 3.\n")
        #expect(try terminal.leeway("link", "drop", "Badges").code == 64)
        #expect(try terminal.leeway("link", "drop", "Badges", "s0").code == 0)
        let gone = try terminal.leeway("link", "retry", "Badges", "s0")
        #expect(gone.code == 1 && gone.err.hasPrefix("There is no such letter."))
        #expect(try terminal.leeway("link", "drop", "Badges", "--all").out == "Letters forgotten: 2.\n")
        #expect(try terminal.leeway("link", "letters").out.isEmpty)
        #expect(try terminal.leeway("link", "letters", "Nothing").code == 1)
    }

    @Test func `holds are set, listed and lifted`() throws {
        #expect(try terminal.leeway("person", "add", "Ada", "--email", "ada@example.org").code == 0)
        #expect(try terminal.leeway("hold", "set", "--until", "2030-01-01", "--reason", "x").code == 64)
        let far = try terminal.leeway("hold", "set", "--everybody", "--until", "2199-01-01", "--reason", "x")
        #expect(far.code == 1 && far.err.contains("ten years ahead"))
        let odd = try terminal.leeway("hold", "set", "--everybody", "--until", "soon", "--reason", "x")
        #expect(odd.code == 1 && odd.err.contains("is no day"))
        let day = try #require(
            terminal.python("import datetime as d; print(d.date.today() + d.timedelta(90))")
                .split(separator: "\n").first.map(String.init))
        let made = try terminal.leeway("hold", "set", "ada@example.org", "--until", day, "--reason", "A case")
        #expect(made.code == 0 && made.out.contains("holds until \(day)"), "\(made)")
        let id = try #require(made.out.split(separator: " ").first.map(String.init))
        #expect(try terminal.leeway("hold", "list").out == "\(id)\tactive\tuntil \(day)\tada@example.org\tA case\n")
        let erase = try terminal.leeway("person", "erase", "ada@example.org", "--reason", "Asked")
        #expect(erase.code == 1 && erase.err.contains("legal hold"))
        #expect(try terminal.leeway("hold", "lift", id, "--reason", "Over").code == 0)
        #expect(try terminal.leeway("hold", "list", "--active").out.isEmpty)
        #expect(try terminal.leeway("hold", "list", "--json").out.contains(#""liftedReason":"Over""#))
        #expect(try terminal.leeway("hold", "lift", id, "--reason", "Over").err.contains("over already"))
        #expect(try terminal.leeway("hold", "lift", "nothing", "--reason", "Over").code == 1)
    }

    @Test func `retention rules are made, foretold, run and ended`() throws {
        let lines = (1...3).map {
            #"{"actor":{"mbox":"mailto:a@example.org"},"verb":{"id":"https://example.org/v"},"#
                + #""timestamp":"2020-01-01T00:00:00Z","object":{"id":"https://example.org/\#($0)"}}"#
        }
        let file = try terminal.write("some.jsonl", lines.joined(separator: "\n"))
        #expect(try terminal.leeway("import", "statements", file).code == 0)
        // A statement goes when both its own time and that of its storing are long ago.
        try terminal.python("db.execute('UPDATE statement SET stored_at = timestamp_at')")
        let odd = try terminal.leeway("retention", "add", "Clicks", "--days", "30")
        #expect(odd.code == 1 && odd.err.contains("Name a verb"))
        let made = try terminal.leeway(
            "retention", "add", "Clicks", "--days", "30", "--verb", "https://example.org/v")
        #expect(made.code == 0 && made.out.contains("would erase 3 statements"), "\(made)")
        let id = try #require(made.out.split(separator: "\n").first.map(String.init))
        #expect(try terminal.leeway("retention", "list").out.contains("\(id)\tin force\t30 days\t"))
        let dry = try terminal.leeway("retention", "run", "--dry-run")
        #expect(dry.code == 0 && dry.out.contains("would erase 3\theld 0"))
        #expect(try terminal.leeway("retention", "run", "--dry-run", "--json").out.contains(#""erased":3"#))
        #expect(try terminal.leeway("export", "statements").out.split(separator: "\n").count >= 3)
        let run = try terminal.leeway("retention", "run")
        #expect(run.code == 0 && run.out.hasSuffix("Erased: 3.\n"), "\(run)")
        #expect(try terminal.leeway("retention", "list", "--runs", "--json").out.contains(#""erased":3"#))
        #expect(try terminal.leeway("verify").code == 0)
        #expect(try terminal.leeway("retention", "remove", id, "--reason", "Done").code == 0)
        let again = try terminal.leeway("retention", "remove", id, "--reason", "Done")
        #expect(again.code == 1 && again.err.contains("ended already"))
        #expect(try terminal.leeway("retention", "remove", "x", "--reason", "Done").code == 1)
    }
}
