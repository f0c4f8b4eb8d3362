import Basis
import Hummingbird
import Imports
import People
import Stores
import Testing

@testable import Site

/// Imports over the whole app: looked at first, then run, with the places that are wrong by line and column.
@Suite struct LeadersImportTests {
    @Test func `a file is looked at, then run`() async throws {
        let house = try await LeadersHouse()
        let text = "id,name,email\r\nzoe,Zoe Zed,zoe@pier.example\r\n"
        let sent = try await house.upload("/imports", [("kind", "people")], file: "people.csv", text: text, as: "ada")
        #expect(sent.status == .seeOther)
        let path = sent.location
        let waiting = try await house.get(path, as: "ada").body
        #expect(waiting.contains("data-poll=\"\(path)\"") && waiting.contains("Cancel import"))
        expectWellMade(waiting, path)
        try await house.work()
        let looked = try await house.get(path, as: "ada").body
        #expect(looked.contains("Run import") && !looked.contains("data-poll"))
        #expect(try await house.stores.directory.person(key: "zoe", of: house.tenant) == nil)
        let piece = try await house.get(path, as: "ada", headers: ["X-Fragment": "1"]).body
        #expect(piece.hasPrefix("<section") && piece.contains("Run import"))
        let run = try await house.post(path + "/run", as: "ada")
        #expect(run.status == .seeOther)
        try await house.work()
        #expect(try await house.stores.directory.person(key: "zoe", of: house.tenant) != nil)
        #expect(try await house.get(run.location, as: "ada").body.contains("See people"))
        #expect(try await house.get(path, as: "steward").status == .notFound, "people are for administrators")
    }

    @Test func `what is wrong is named by line and column`() async throws {
        let house = try await LeadersHouse()
        let text = "id,name,email\r\nzoe,Zoe Zed,not-an-address\r\n"
        let sent = try await house.upload("/imports", [("kind", "people")], file: "people.csv", text: text, as: "ada")
        try await house.work()
        let page = try await house.get(sent.location, as: "ada").body
        #expect(page.contains("refused") && page.contains("<th scope=\"row\">2</th>") && page.contains("email"))
        expectWellMade(page, sent.location)
        let lines = try await house.get(sent.location + "/issues.csv", as: "ada").body
        #expect(lines.hasPrefix("line,column,what is so,how to mend it\r\n2,email,"))
        #expect(try await house.get("/imports?state=failed", as: "ada").body.contains("people.csv"))
        #expect(try await house.get("/desk", as: "ada").body.contains("Failed imports"))
        let none = try await house.post("/imports", [("kind", "people")], as: "ada")
        #expect(none.status == .unprocessableContent && none.body.contains("file-error"))
    }

    @Test func `issues are read back from a report`() {
        let rows = issues(in: "line 7, column email: odd: twice\nline 9: short\nno place")
        #expect(rows.map(\.line) == ["7", "9", "–"])
        #expect(rows.map(\.column) == ["email", "–", "–"])
        #expect(rows[0].what == "odd: twice" && rows[0].mend.isEmpty)
        let mended = issues(in: "line 2, column email: “x” is no address. Write name@example.org.")
        #expect(mended[0].what == "“x” is no address." && mended[0].mend == "Write name@example.org.")
    }
}
