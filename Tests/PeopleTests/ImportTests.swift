import Basis
import People
import Storage
import StorageTesting
import Testing

@Suite struct ImportTests {
    static let file = """
        \u{FEFF}id,Name,email,unit,manager,roles,language,active,attr:country,attr:Cost centre
        1,"Lovelace, Ada",ada@example.org,Company / Sales,,manager;learner,en,yes,GB,100
        2,"Say ""hi""\",GRACE@example.org,Company / Sales / North,1,learner,de,,DE,
        3,Émile,,Company,ada@example.org,,,no,,200

        4,=1+1,four@example.org,,2,administrator,pt-BR,true,FR,
        """

    @Test(arguments: Engine.present)
    func `a file goes in once, and again without a change`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        let dry = try await ground.importPeople(Self.file, dryRun: true)
        #expect(dry.created == 4 && dry.updated == 0 && dry.isDryRun)
        #expect(dry.unitsCreated == ["Company", "Company / Sales", "Company / Sales / North"])
        #expect(try await ground.directory.count(of: ground.tenant) == 0)
        #expect(try await ground.directory.units(of: ground.tenant).isEmpty)

        let first = try await ground.importPeople(Self.file)
        #expect(first.created == 4 && first.total == 4 && first.unitsCreated == dry.unitsCreated && !first.isDryRun)
        let ada = try #require(try await ground.directory.person(key: "1", of: ground.tenant))
        let grace = try #require(try await ground.directory.person(email: "grace@example.org", of: ground.tenant))
        let emile = try #require(try await ground.directory.person(key: "3", of: ground.tenant))
        #expect(ada.name == "Lovelace, Ada" && ada.roles == [.manager, .learner] && ada.language == "en")
        #expect(ada.attributes == ["country": "GB", "cost centre": "100"])
        #expect(grace.name == "Say \"hi\"" && grace.manager == ada.id && grace.isActive)
        #expect(emile.manager == ada.id && emile.roles == [.learner] && !emile.isActive && emile.email == nil)
        let tree = try await ground.directory.unitTree(of: ground.tenant)
        #expect(grace.unit.map(tree.path) == "Company / Sales / North")

        let again = try await ground.importPeople(Self.file)
        #expect(again.unchanged == 4 && again.created + again.updated == 0 && again.unitsCreated.isEmpty)
        #expect(try await ground.directory.person(key: "1", of: ground.tenant) == ada)
    }

    @Test(arguments: Engine.present) func `an export reads back without a change`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        _ = try await ground.importPeople(Self.file)
        let lines = try await ground.directory.exportCSV(of: ground.tenant)
        #expect(lines[0] == "id,name,email,unit,manager,roles,language,active,attr:cost centre,attr:country\r\n")
        #expect(lines.count == 5)
        #expect(lines.contains("4,=1+1,four@example.org,,2,administrator,pt-BR,yes,,FR\r\n"))
        #expect(
            lines.contains(
                "1,\"Lovelace, Ada\",ada@example.org,Company / Sales,,\"learner;manager\",en,yes,100,GB\r\n"))
        let back = try await ground.importPeople(lines.joined())
        #expect(back.unchanged == 4 && back.total == 4)
        let fresh = try await Ground(engine)
        #expect(try await fresh.importPeople(lines.joined()).created == 4)
        #expect(try await fresh.directory.exportCSV(of: fresh.tenant) == lines)
    }

    @Test(arguments: Engine.present)
    func `a later file updates by id and leaves others alone`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        _ = try await ground.importPeople(Self.file)
        let before = try #require(try await ground.directory.person(key: "2", of: ground.tenant))
        // Two people swap their addresses; absent columns stay, empty fields clear.
        let report = try await ground.importPeople(
            "id,name,email,attr:country\n1,Ada,four@example.org,\n4,Four,ada@example.org,FR\n5,Five,,\n")
        #expect(report.created == 1 && report.updated == 2 && report.unchanged == 0)
        let ada = try #require(try await ground.directory.person(key: "1", of: ground.tenant))
        #expect(ada.name == "Ada" && ada.email == "four@example.org" && ada.attributes == ["cost centre": "100"])
        #expect(ada.roles == [.manager, .learner] && ada.unit != nil)
        #expect(try await ground.directory.person(email: "ada@example.org", of: ground.tenant)?.key == "4")
        #expect(try await ground.directory.person(key: "2", of: ground.tenant) == before)
        let left = try await ground.importPeople("id;name;active\n2;Grace;no\n")
        #expect(left.updated == 1 && left.deactivated == 1)
    }

    @Test(arguments: Engine.present) func `a unit keeps its people when it was renamed`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        _ = try await ground.importPeople(Self.file)
        let sales = try #require(try await ground.directory.unitTree(of: ground.tenant).named("Sales").first)
        let renamed = UnitDraft(id: sales.id, name: "Vertrieb", parent: sales.parent)
        try await ground.directory.save(renamed, of: ground.tenant)
        let again = try await ground.importPeople(Self.file)
        #expect(again.unchanged == 4 && again.unitsCreated.isEmpty)
        let more = try await ground.importPeople("id,name,unit\n9,Nine,Company / Sales / South\n")
        #expect(more.unitsCreated == ["Company / Sales / South"])
        let tree = try await ground.directory.unitTree(of: ground.tenant)
        #expect(tree.path(of: tree.named("South")[0].id) == "Company / Vertrieb / South")
    }

    static let refusals: [(csv: String, issues: [String])] = [
        (
            "id,name,email\n1,Ada,not an address\n",
            [
                "line 2, column email: “not an address” is not an e-mail address. Write one such as ada@example.org."
            ]
        ),
        (
            "id,name,roles\n1,Ada,learner;boss\n2,Bob,king\n",
            [
                "line 2, column roles: There is no role “boss”. The roles are learner, manager, designer, steward,"
                    + " sponsor, auditor, administrator.",
                "line 3, column roles: There is no role “king”. The roles are learner, manager, designer, steward,"
                    + " sponsor, auditor, administrator.",
            ]
        ),
        (
            "id,name\n1,Ada\n2,Bob\n1,Cy\n",
            [
                "line 4, column id: The id “1” stands on line 2 already. Keep one of them."
            ]
        ),
        (
            "id,name,email\n1,Ada,a@x.org\n2,Bob,A@X.org\n",
            [
                "line 3, column email: The e-mail “A@X.org” stands on line 2 already. Give each its own."
            ]
        ),
        (
            "id,name,email\n1,Ada,there@example.org\n",
            [
                "line 2, column email: Already There (id “old”) has the e-mail “there@example.org” already."
                    + " Give each their own."
            ]
        ),
        (
            "id,name,manager\n1,Ada,7\n2,Bob,x@y.org\n",
            [
                "line 2, column manager: There is no person with the id or e-mail “7”. Add that person, or correct"
                    + " the field.",
                "line 3, column manager: There is no person with the id or e-mail “x@y.org”. Add that person, or correct"
                    + " the field.",
            ]
        ),
        (
            "id,name,manager\n1,Ada,1\n",
            [
                "line 2, column manager: Nobody is their own manager. Name somebody else, or leave it empty."
            ]
        ),
        (
            "id,name,manager\n5,Eve,1\n1,Ada,2\n2,Bob,3\n3,Cy,1\n",
            [
                "line 3, column manager: Managers go round in a circle: Ada → Bob → Cy → Ada. Change one of them."
            ]
        ),
        (
            "id,name,manager\nold,There,new\nnew,New,old\n",
            [
                "line 2, column manager: Managers go round in a circle: There → New → There. Change one of them."
            ]
        ),
        (
            "id,name,unit\n1,Ada,A /  / B\n",
            [
                "line 2, column unit: The path “A /  / B” has an empty name. Write one such as Company / Sales."
            ]
        ),
        (
            "id,name,unit\n1,Ada,/ A\n",
            [
                "line 2, column unit: The path “/ A” has an empty name. Write one such as Company / Sales."
            ]
        ),
        (
            "id,name,active,language\n1,Ada,maybe,??\n",
            [
                "line 2, column active: “maybe” is neither yes nor no. Write one of them.",
                "line 2, column language: “??” is not a language tag. Write one such as de or pt-BR.",
            ]
        ),
        (
            "id,name\n,\"\"\n1,\n,Bob\n",
            [
                "line 3, column name: The name is empty. Write one.",
                "line 4, column id: The id is empty. Write one.",
            ]
        ),
        (
            "name,phone,attr:\nAda,1,2\n",
            [
                "line 1, column id: There is no column “id”. Add it.",
                "line 1, column phone: No column is called “phone”. Call an attribute “attr:phone”, or leave it out.",
                "line 1, column attr:: The attribute's name is empty. Write one.",
            ]
        ),
        (
            "id,name,email\n1,Ada,bad\n2,\"Bob\n",
            [
                "line 2, column email: “bad” is not an e-mail address. Write one such as ada@example.org.",
                "line 3: A quote that opens in the record of line 3 is never closed.",
            ]
        ),
        ("id,name\n1,Ada,extra\n", ["line 2: Line 2 has 3 fields but the header names 2 columns."]),
    ]

    @Test(arguments: Engine.present)
    func `every mistake is named by line and column, and nothing is changed`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        _ = try await ground.importPeople("id,name,email\nold,Already There,there@example.org\n")
        let before = try await ground.directory.exportCSV(of: ground.tenant)
        for (csv, issues) in Self.refusals {
            #expect(try await ground.issues(csv) == issues)
            #expect(await code { try await ground.importPeople(csv, dryRun: true) } == "import-refused")
        }
        #expect(try await ground.directory.exportCSV(of: ground.tenant) == before)
        #expect(try await ground.directory.units(of: ground.tenant).isEmpty)
        #expect(await code { try await ground.importPeople("") } == "csv-header")
        let garbled = await code { try await ground.directory.importPeople([0x69, 0xFF], of: ground.tenant) }
        #expect(garbled == "csv-encoding")
        let strangers = await code { try await ground.directory.importPeople(Array("id,name\n".utf8), of: TenantID(9)) }
        #expect(strangers == "tenant-missing")
    }

    @Test func `at most two hundred mistakes are listed, and all are counted`() async throws {
        let ground = try await Ground(.memory)
        let csv = "id,name,email\n" + (0..<500).map { "\($0),N,bad\($0)\n" }.joined()
        let problem = try await #require(throws: Problem.self) { try await ground.importPeople(csv) }
        #expect(problem.issues.count == InputIssue.limit)
        #expect(
            problem.detail
                == "The file has 500 mistakes, so nobody was imported. The first 200 are listed."
                + " Correct the file and import it again.")
    }

    @Test(arguments: Engine.present) func `ten thousand people go in`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        let csv =
            "id,name,email,unit,manager,roles,attr:country\n"
            + (0..<10_000).map { index in
                "p\(index),Person \(index),p\(index)@example.org,Company / Unit \(index % 50),"
                    + "\(index == 0 ? "" : "p\(index / 10)"),learner;manager,DE\n"
            }.joined()
        #expect(try await ground.importPeople(csv).created == 10_000)
        #expect(try await ground.importPeople(csv).unchanged == 10_000)
        #expect(try await ground.directory.count(of: .role(.manager), ground.tenant) == 10_000)
    }
}
