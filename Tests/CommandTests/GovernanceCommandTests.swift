import Foundation
import Testing

/// `leeway rules`, `leeway certification` and `leeway dossier` over the demonstration.
@Suite(.serialized) struct GovernanceCommandTests {
    let terminal: Terminal

    init() throws {
        terminal = try Terminal()
        let made = try terminal.leeway("demo", "--make-only", "--database", "leeway.sqlite")
        #expect(made.code == 0, "\(made.err)")
    }

    private func fields(_ line: some StringProtocol) -> [String] {
        String(line).components(separatedBy: "\t")
    }

    @Test func `certifications are listed, shown for a person, and moved once`() throws {
        let list = try terminal.leeway("certification", "list")
        #expect(list.code == 0, "\(list)")
        let lines = list.out.split(separator: "\n")
        #expect(lines.count == 2)
        let data = try #require(lines.first { $0.contains("Handling customer data") })
        let (id, parts) = (fields(data)[0], fields(data))
        #expect(parts[1] == "published" && parts[3].hasPrefix("asked ") && parts[5] != "lapsed 0", "\(data)")
        let json = try terminal.leeway("certification", "list", "--json").out
        #expect(json.split(separator: "\n").count == 2 && json.contains("\"id\":\"\(id)\""))

        let shown = try terminal.leeway("certification", "show", id)
        #expect(shown.code == 0 && shown.out.contains("\nlapsed\t") && shown.out.contains("\nlast run\t"))
        let key = try terminal.python(
            """
            sys.stdout.write(db.execute("SELECT p.key FROM person p JOIN certification_assignment a ON a.person = p.id "
                "WHERE a.certification = '\(id)' AND a.certified_until IS NOT NULL LIMIT 1").fetchone()[0])
            """)
        let person = try terminal.leeway("certification", "show", id, "--person", key)
        #expect(person.code == 0 && person.out.hasPrefix("Handling customer data\t"), "\(person)")
        #expect(person.out.contains("\n1\tcompleted\topened "))

        #expect(try terminal.leeway("certification", "run").code == 0)
        let again = try terminal.leeway("certification", "run", "--json")
        #expect(again.code == 0 && again.out.contains("\"advanced\":0") && again.out.contains("\"lines\":0"))
        for wrong in [
            ["show", "nobody"], ["show", id, "--person", "nobody"], ["run", "--day", "soon"],
            ["run", "--day", "2999-01-01"], ["list", "--tenant", "9"],
        ] {
            let refused = try terminal.run(["certification"] + wrong)
            #expect(refused.code == 1 && refused.complaints.count == 1, "\(wrong): \(refused)")
        }
        #expect(try terminal.leeway("certification", "show").code == 64)
    }

    @Test func `rules are printed, checked, tested, replayed and published`() throws {
        let shown = try terminal.leeway("rules", "show")
        #expect(shown.code == 0 && shown.out.contains("permit"), "\(shown)")
        #expect(try terminal.leeway("rules", "show", "--version", "0").out == shown.out)
        #expect(try terminal.leeway("rules", "show", "--version", "99").code == 1)
        let rules = try terminal.write("rules.cedar", shown.out)
        let tests = try terminal.write("tests", try terminal.leeway("rules", "show", "--tests").out)
        let checked = try terminal.leeway("rules", "check", rules)
        #expect(checked.code == 0 && checked.out.hasSuffix("rules can be read and use known words.\n"), "\(checked)")
        let tested = try terminal.leeway("rules", "test", rules, "--tests", tests)
        #expect(tested.code == 0 && tested.out.hasSuffix("tests pass.\n"), "\(tested)")
        let replayed = try terminal.leeway("rules", "replay", rules, "--days", "7")
        #expect(replayed.code == 0 && replayed.out.contains("All would be the same."), "\(replayed)")

        let bad = try terminal.write("bad.cedar", "permit (principal, action, resource) when { nonsense };")
        let refused = try terminal.leeway("rules", "check", bad)
        #expect(refused.code == 1 && !refused.complaints.isEmpty && refused.out.isEmpty, "\(refused)")
        #expect(try terminal.leeway("rules", "check", "nowhere.cedar").err.contains("cannot be read"))

        let steward = "karim.maes@alder-finch.example"
        let stranger = try terminal.leeway(
            "rules", "publish", rules, "--tests", tests, "--reason", "Yearly", "--by", "hanna.koch@alder-finch.example")
        #expect(stranger.code == 1 && stranger.err.contains("is no active steward"), "\(stranger)")
        let made = try terminal.leeway(
            "rules", "publish", rules, "--tests", tests, "--reason", "Looked through", "--by", steward)
        #expect(made.code == 0 && made.out == "Version 1 is in force.\n", "\(made)")
        #expect(try terminal.leeway("rules", "show").out == shown.out)
        let broken = try terminal.leeway(
            "rules", "publish", bad, "--reason", "Looked through", "--by", steward)
        #expect(broken.code != 0)
        #expect(try terminal.leeway("rules", "show").out == shown.out)
    }

    @Test func `a dossier is made, listed, fetched and verified`() throws {
        let made = try terminal.leeway("dossier", "make", "literacy", "--out", "literacy.json")
        #expect(made.code == 0, "\(made)")
        let parts = fields(made.out.dropLast())
        #expect(parts.count == 3 && parts[1].count == 64 && parts[2].hasSuffix(" leaves"))
        let file = try terminal.read("literacy.json")
        #expect(file.contains("\"literacy\""))
        let list = try terminal.leeway("dossier", "list").out
        #expect(list.hasPrefix("\(parts[0])\tliteracy\t") && list.contains(parts[1]))
        #expect(try terminal.leeway("dossier", "fetch", parts[0], "--out", "again.json").code == 0)
        #expect(try terminal.read("again.json") == file)
        #expect(try terminal.leeway("dossier", "fetch", parts[0], "--out", "paper.pdf").code == 0)
        let paper = try Data(contentsOf: terminal.folder.appending(path: "paper.pdf"))
        #expect(paper.starts(with: Data("%PDF-".utf8)))
        for wrong in [
            ["make", "poem", "--out", "x.json"], ["fetch", "nobody", "--out", "x.json"],
            ["make", "literacy", "--out", "nowhere/x.json"], ["list", "--tenant", "9"],
        ] {
            let refused = try terminal.run(["dossier"] + wrong)
            #expect(refused.code == 1 && refused.complaints.count == 1, "\(wrong): \(refused)")
        }
        #expect(try terminal.leeway("dossier", "make", "literacy").code == 64)
        try terminal.write("forged.json", file.replacing("Writing assistant", with: "Writing assistent"))
        #expect(try terminal.leeway("verify", "--dossier", "forged.json").code == 2)
    }
}
