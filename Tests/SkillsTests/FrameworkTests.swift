import Basis
import Foundation
import Input
import Skills
import Storage
import StorageTesting
import Testing

@Suite struct FrameworkTests {
    typealias Desk = RegisterTests.Desk

    static let digComp = """
        {"@context": {}, "@graph": [
          {"@type": "CompetenceArea", "@id": "CompetenceArea/1", "name": "Searching", "description": "Area."},
          {"@type": "Competence", "@id": "Competence/1.1", "name": "Browsing", "description": "About.",
           "competence_area_id": "CompetenceArea/1"},
          {"@type": "CompetenceStatement", "@id": "CompetenceStatement/CS1.1.01", "description": "Asks well.",
           "competence_id": "Competence/1.1"},
          {"@type": "Glossary", "@id": "Glossary/X", "explanation": "…"}]}
        """
    static let casePackage = """
        {"CFDocument": {"identifier": "d", "title": "What standards could be"},
         "CFItems": [
          {"identifier": "i1", "fullStatement": "Understand ratios.", "humanCodingScheme": "6.RP"},
          {"identifier": "i2", "fullStatement": "Use unit rates to solve problems.", "abbreviatedStatement": "Unit rates"}],
         "CFAssociations": [
          {"associationType": "isChildOf", "originNodeURI": {"identifier": "i2"},
           "destinationNodeURI": {"identifier": "i1"}},
          {"associationType": "isChildOf", "originNodeURI": {"identifier": "i1"},
           "destinationNodeURI": {"identifier": "d"}},
          {"associationType": "exactMatchOf", "originNodeURI": {"identifier": "i1"},
           "destinationNodeURI": {"identifier": "z"}}]}
        """
    static let escoPortal = """
        conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,status,description
        KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/1,skill,x,manage musical staff,"a
        b",released,Assign tasks.
        KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/2,skill,x,old skill,,obsolete,Gone.
        """
    static let escoRun = """
        id,description
        http://data.europa.eu/esco/skill/1,design enterprise architecture Analyse the business structure.
        http://data.europa.eu/esco/skill/2,manage musical staff manage staff of music coordinate duties of musical staff \
        manage music staff Assign and manage.
        """
    static let own = """
        key,name,description,parent
        ai,AI literacy,All of it,
        ai.ask,Asking well,,ai
        """

    static let samples: [(text: String, format: FrameworkFormat, framework: String, count: Int)] = [
        (digComp, .digComp, "DigComp 3.0", 3), (casePackage, .casePackage, "What standards could be", 2),
        (escoPortal, .esco, "ESCO", 1), (escoRun, .esco, "ESCO", 2), (own, .own, "skills", 2),
    ]

    private func take(
        _ desk: Desk, _ text: String, _ name: String = "skills.csv", dryRun: Bool = false
    ) async throws -> FrameworkReport {
        try await desk.register.importFramework(
            Array(text.utf8), fileName: name, tenant: desk.tenant, dryRun: dryRun)
    }

    private func issues(_ desk: Desk, _ text: String) async -> [String] {
        do {
            _ = try await take(desk, text)
            return []
        } catch let problem as Problem {
            return problem.issues.isEmpty ? [problem.detail] : problem.issues.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    @Test(arguments: Engine.present) func `each form is recognised, once`(_ engine: Engine) async throws {
        for sample in FrameworkTests.samples {
            let desk = try await Desk(engine)
            let dry = try await take(desk, sample.text, dryRun: true)
            #expect(dry.isDryRun && dry.created == sample.count)
            #expect(try await desk.register.count(of: desk.tenant) == 0)
            let report = try await take(desk, sample.text)
            #expect((report.format, report.framework) == (sample.format, sample.framework))
            #expect((report.created, report.updated, report.unchanged) == (sample.count, 0, 0))
            let again = try await take(desk, sample.text)
            #expect((again.created, again.updated, again.unchanged) == (0, 0, sample.count))
            let numbers = try await desk.register.list(of: desk.tenant).skills.map(\.number).sorted()
            #expect(numbers == Array(1...sample.count))
        }
    }

    @Test(arguments: Engine.present) func `the tree is kept`(_ engine: Engine) async throws {
        let desk = try await Desk(engine)
        _ = try await take(desk, FrameworkTests.digComp)
        let statement = try #require(
            try await desk.register.find(key: "digcomp-3.0:CompetenceStatement/CS1.1.01", of: desk.tenant))
        #expect(statement.name == "Asks well.")
        let competence = try #require(try await desk.register.find(key: "digcomp-3.0:Competence/1.1", of: desk.tenant))
        #expect(statement.parent == competence.id)
        let below = try await desk.register.list(SkillFilter(parent: competence.id), of: desk.tenant)
        #expect(below.skills == [statement])
        _ = try await take(desk, FrameworkTests.casePackage)
        let unit = try #require(try await desk.register.find(key: "case:i2", of: desk.tenant))
        let ratio = try #require(try await desk.register.find(key: "case:i1", of: desk.tenant))
        #expect(unit.name == "Unit rates" && unit.parent == ratio.id && ratio.parent == nil)
        #expect(try await desk.register.frameworks(of: desk.tenant).map(\.count) == [3, 2])
    }

    @Test(arguments: Engine.present) func `a changed skill keeps its number`(_ engine: Engine) async throws {
        let desk = try await Desk(engine)
        _ = try await take(desk, FrameworkTests.own)
        let before = try #require(try await desk.register.find(key: "ai.ask", of: desk.tenant))
        let report = try await take(
            desk, FrameworkTests.own.replacing("Asking well", with: "Asking") + "\nai.check,Checking,,ai")
        #expect((report.created, report.updated, report.unchanged) == (1, 1, 1))
        let after = try #require(try await desk.register.find(key: "ai.ask", of: desk.tenant))
        #expect(after.name == "Asking" && after.id == before.id && after.number == before.number)
    }

    @Test func `labels that run together give their first words`() async throws {
        let desk = try await Desk(.memory)
        let report = try await take(desk, FrameworkTests.escoRun)
        let names = try await desk.register.list(of: desk.tenant).skills.map(\.name)
        #expect(names.contains("design enterprise architecture"))
        #expect(names.contains { $0.hasPrefix("manage musical staff") && $0.hasSuffix("…") && $0.count <= 61 })
        #expect(report.notes.count == 1)
    }

    @Test func `each fault is named with its place`() async throws {
        let desk = try await Desk(.memory)
        let faults: [(text: String, found: String)] = [
            ("key,name\na,A\na,B", "line 3, column key: The key “a” stands in line 2 already."),
            ("key,name\n,A", "line 2, column key: There is no key."),
            ("key,name\na,", "line 2, column name: There is no name."),
            ("key,name,parent\na,A,b", "line 2, column parent: The parent “b” is not in the file."),
            ("key,name,parent\na,A,b\nb,B,a", "line 2, column parent: “a” stands below itself."),
            ("key,name\na,A,extra", "line 2"),
            ("what,ever\n1,2", "“skills.csv” is no framework that Leeway knows."),
            ("{\"a\": 1}", "“skills.csv” is no framework that Leeway knows."),
            ("{\"a\": ", "line 1"),
            ("key,name\n", "The framework did not go in: the file holds no skill."),
            (
                FrameworkTests.casePackage.replacing("\"identifier\": \"i1\", \"full", with: "\"full"),
                "line 1, column /CFItems/0/identifier: There is no key."
            ),
            (
                FrameworkTests.digComp.replacing("\"name\": \"Browsing\", \"description\": \"About.\",", with: ""),
                "line 1, column /@graph/1/name: There is no name."
            ),
            ("id,description\n17,about things", "line 2, column id: “17” is no ESCO address."),
        ]
        for fault in faults {
            let issues = await issues(desk, fault.text)
            #expect(issues.first?.contains(fault.found) == true, "\(issues)")
        }
        #expect(try await desk.register.count(of: desk.tenant) == 0)
    }
}

/// The real files, which stand beside the project on some machines.
enum Shared {
    static let folder =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/../shared/data/frameworks"
    static var isPresent: Bool { FileManager.default.fileExists(atPath: folder + "/esco_skills_1.2.0.csv.gz") }
}

@Suite(.enabled(if: Shared.isPresent, "the real frameworks are not on this machine"))
struct RealFrameworkTests {
    @Test(arguments: Engine.present) func `the real frameworks go in`(_ engine: Engine) async throws {
        let desk = try await RegisterTests.Desk(engine)
        for (name, format, count) in [
            ("digcomp-3.0-en.jsonld.gz", FrameworkFormat.digComp, 388), ("esco_skills_1.2.0.csv.gz", .esco, 13_939),
            ("case/opensalt-framework-20c5134f-423d-4097-a971-3dd5152bf507.json", .casePackage, 16),
        ] {
            let bytes = try ByteReader.contents(of: "\(Shared.folder)/\(name)")
            var report = try await desk.register.importFramework(bytes, fileName: name, tenant: desk.tenant)
            #expect(report.format == format)
            #expect(report.created == count)
            report = try await desk.register.importFramework(bytes, fileName: name, tenant: desk.tenant)
            #expect(report.unchanged == count)
        }
        #expect(try await desk.register.count(of: desk.tenant) == 388 + 13_939 + 16)
    }
}
