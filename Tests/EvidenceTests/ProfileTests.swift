import Basis
import JSON
import People
import Storage
import StorageTesting
import Testing

@testable import Evidence

@Suite struct ProfileTests {
    // MARK: Paths

    @Test(arguments: [
        ("$.verb.id", ["/verb/id"]), ("verb.id", ["/verb/id"]), ("$['verb']['id']", ["/verb/id"]),
        ("$.object.definition.name.*", ["/object/definition/name/de", "/object/definition/name/en"]),
        ("$.context.contextActivities.parent[*].id", ["/context/contextActivities/parent/0/id"]),
        ("$.context.contextActivities.parent[0].id", ["/context/contextActivities/parent/0/id"]),
        ("$.context.contextActivities.parent[1].id", []),
        (
            "$.context.contextActivities.parent[0, 1].id",
            ["/context/contextActivities/parent/0/id"]
        ),
        ("$.context.extensions['https://example.org/x.y']", ["/context/extensions/https:~1~1example.org~1x.y"]),
        ("$.actor['mbox', \"name\"]", ["/actor/mbox", "/actor/name"]),
        (
            "$.verb.id | $.actor.mbox",
            ["/verb/id", "/actor/mbox"]
        ),
        ("$.result.score.scaled", []),
    ]) func `a path leads to values with their places`(path: String, places: [String]) throws {
        let statement = try JSONValue(
            parsing: """
                {"actor": {"mbox": "mailto:a@example.org", "name": "A"}, "verb": {"id": "https://example.org/v"},
                 "object": {"id": "https://example.org/a", "definition": {"name": {"de": "Kurs", "en": "Course"}}},
                 "context": {"contextActivities": {"parent": {"id": "https://example.org/p"}},
                    "extensions": {"https://example.org/x.y": 1}}}
                """
        ).withContextLists
        #expect(try JSONPath(path).find(in: statement).map(\.pointer.description) == places)
    }

    @Test(arguments: [
        "", "$", "$..id", "$.a[?(@.b)]", "$.a[0:2]", "$.a[", "$.a['b", "$.a[0,'b']", "$.a |", "$.a b", "$.",
    ])
    func `what is no such path is refused`(path: String) {
        #expect(throws: Problem.self) { try JSONPath(path) }
    }

    // MARK: Rules

    /// From the truth table of part two, 8.1: presence, any, all and none at a place that is there or not.
    @Test(arguments: [
        (#"{"presence": "included"}"#, true, false), (#"{"presence": "excluded"}"#, false, true),
        (#"{"presence": "recommended"}"#, true, true), (#"{"any": ["x", "y"]}"#, true, false),
        (#"{"any": ["y"]}"#, false, false), (#"{"all": ["x"]}"#, true, true), (#"{"all": ["y"]}"#, false, true),
        (#"{"none": ["y"]}"#, true, true), (#"{"none": ["x"]}"#, false, true),
        (#"{"presence": "recommended", "any": ["y"]}"#, false, true),
        (#"{"presence": "recommended", "any": ["x"]}"#, true, true),
        (#"{"presence": "included", "all": ["x"], "none": ["z"]}"#, true, false),
    ]) func `rules hold as the specification says`(rule: String, whenThere: Bool, whenAbsent: Bool) throws {
        var object = try #require(try JSONValue(parsing: rule).object)
        object["location"] = "$.result.response"
        let profile = try XAPIProfile(try profile(rules: [.object(object)]))
        #expect(profile.flaws(in: try statement([("/result", #"{"response": "x"}"#)])).isEmpty == whenThere)
        #expect(profile.flaws(in: try statement()).isEmpty == whenAbsent)
    }

    @Test func `a selector that finds nothing is a value that nothing matches`() throws {
        let rule: JSONValue = [
            "location": "$.context.contextActivities.other[*]", "selector": "$.definition.type",
            "presence": "included", "any": ["https://example.org/t"],
        ]
        let profile = try XAPIProfile(try profile(rules: [rule]))
        func flaws(_ other: String) throws -> [String] {
            let statement = try statement([("/context", #"{"contextActivities": {"other": \#(other)}}"#)])
            return profile.flaws(in: statement).map(\.pointer)
        }
        let typed = #"{"id": "https://example.org/1", "definition": {"type": "https://example.org/t"}}"#
        let bare = #"{"id": "https://example.org/2"}"#
        #expect(try flaws("[\(typed)]") == [])
        #expect(try flaws("[\(typed), \(bare)]") == ["/context/contextActivities/other/1"])
        #expect(try flaws("[\(bare)]").count == 2)
    }

    @Test func `determining properties say which template is meant`() throws {
        let profile = try XAPIProfile(
            try profile(
                rules: [["location": "$.result", "presence": "included"]],
                more: [
                    ("objectActivityType", "https://example.org/t"),
                    ("contextParentActivityType", ["https://example.org/pt"]),
                ]))
        let typed = #"{"id": "https://example.org/course", "definition": {"type": "https://example.org/t"}}"#
        let parent = #"{"id": "https://example.org/p", "definition": {"type": "https://example.org/pt"}}"#
        #expect(profile.flaws(in: try statement()).isEmpty)
        #expect(profile.flaws(in: try statement([("/object", typed)])).isEmpty)
        let whole = try statement([
            ("/object", typed), ("/context", #"{"contextActivities": {"parent": [\#(parent)]}}"#),
        ])
        #expect(profile.flaws(in: whole).map(\.pointer) == ["/result"])
    }

    @Test func `an extension stands only where its kind says`() throws {
        var document = try #require(try profile(rules: []).object)
        document["concepts"] = [
            ["id": "https://example.org/x", "type": "ResultExtension", "inScheme": "https://example.org/profile/1"]
        ]
        let profile = try XAPIProfile(.object(document))
        let extensions = #"{"extensions": {"https://example.org/x": 1}}"#
        #expect(profile.flaws(in: try statement([("/result", extensions)])).isEmpty)
        let flaw = try #require(profile.flaws(in: try statement([("/context", extensions)])).first)
        #expect(flaw.pointer == "/context/extensions/https:~1~1example.org~1x")
    }

    @Test func `a broken profile is refused with every place`() throws {
        let document = try JSONValue(
            parsing: """
                {"id": "no iri", "type": "Other", "prefLabel": {}, "concepts": [{"id": "https://example.org/c"}],
                 "templates": [{"id": "https://example.org/t", "prefLabel": {"en": "T"},
                    "rules": [{"location": "$..x", "presence": "included"}, {"location": "$.a"}, {"any": [1]},
                        {"location": "$.a", "presence": "maybe"}]}]}
                """)
        let problem = #expect(throws: Problem.self) { try XAPIProfile(document) }
        #expect(
            Set(problem?.pointers ?? []) == [
                "/id", "/type", "/prefLabel", "/versions", "/concepts/0/type", "/templates/0/rules/0/location",
                "/templates/0/rules/1", "/templates/0/rules/2/location", "/templates/0/rules/3/presence",
                "/templates/0/rules/3",
            ])
    }

    // MARK: The store

    @Test(arguments: Engine.present) func `statements are warned of, refused or left alone`(
        engine: Engine
    ) async throws {
        let bench = try await Bench(engine)
        let book = ProfileBook(log: bench.log)
        let rules: [JSONValue] = [["location": "$.result.success", "presence": "included"]]
        let id = try await book.load(try profile(rules: rules).bytes, mode: .warn, reach: .declared, for: .first)
        let category = #"{"contextActivities": {"category": {"id": "https://example.org/profile/1"}}}"#
        let declared = try statement([("/context", category)]).text
        try await bench.post(sound)
        #expect(try await book.findings(of: .first).isEmpty, "it declares nothing")
        try await bench.post("[\(declared), \(declared)]")
        let finding = try #require(try await book.findings(of: .first).first)
        #expect(finding.count == 2 && finding.pointer == "/result/success" && finding.profile == id)
        #expect(try await book.list(of: .first)[0].findingCount == 2)
        try await book.set(mode: .refuse, of: id, .first)
        let refused = await #expect(throws: Problem.self) { try await bench.post("[\(sound), \(declared)]") }
        #expect(refused?.code == "profile-refused" && refused?.pointers == ["/1/result/success"])
        #expect(try await bench.log.count(of: .first) == 3, "all or none")
        try await book.set(reach: .described, of: id, .first)
        await #expect(throws: Problem.self) { try await bench.post(sound) }
        try await book.set(mode: .off, of: id, .first)
        try await bench.post(declared)
        try await book.clearFindings(of: id, .first)
        #expect(try await book.findings(of: .first).isEmpty)
        try await book.remove(id, of: .first)
        #expect(try await book.list(of: .first).isEmpty)
        await #expect(throws: Problem.self) { try await book.remove(id, of: .first) }
    }

    @Test func `another node's change is seen within a second`() async throws {
        let bench = try await Bench(.memory)
        let other = ProfileBook(log: StatementLog(database: bench.database, world: bench.world))
        try await bench.post(sound)
        let rules: [JSONValue] = [["location": "$.result.success", "presence": "included"]]
        try await other.load(try profile(rules: rules).bytes, mode: .refuse, reach: .described, for: .first)
        for _ in 0..<1_000 { _ = bench.world.now() }
        await #expect(throws: Problem.self) { try await bench.post(sound) }
    }

    // MARK: Leeway's own

    @Test func `our own profile is one, and every concept in it is found by its IRI`() throws {
        let profile = try OwnProfile.parsed()
        #expect(profile.templateCount == OwnProfile.events.count && profile.patternCount == OwnProfile.patterns.count)
        var seen: Set<String> = []
        for name in ["concepts", "templates", "patterns"] {
            for concept in OwnProfile.document[name]?.array ?? [] {
                let iri = try #require(concept["id"]?.string)
                #expect(seen.insert(iri).inserted, "\(iri) is there twice")
                #expect(OwnProfile.describe(iri) == concept)
                #expect(concept["inScheme"]?.string == OwnProfile.version)
            }
        }
        for pattern in OwnProfile.patterns {
            for name in ["sequence", "alternates", "zeroOrMore"] {
                let parts = pattern[name].map { $0.array ?? [$0] } ?? []
                for part in parts { #expect(seen.contains(part.string ?? ""), "\(part.text)") }
            }
        }
        #expect(OwnProfile.describe("urn:leeway:verb:nothing") == nil)
    }

    @Test func `every verb and word of ours is in the profile`() throws {
        let templates = Set(OwnProfile.events.map(\.verb))
        for verb in Verb.all { #expect(templates.contains(verb), "\(verb.iri) has no template") }
        for verb in Verb.all where verb.isOwn { #expect(OwnProfile.describe(verb.iri) != nil, "\(verb.iri)") }
        for (verb, _) in OwnProfile.ownVerbs { #expect(Verb.all.contains(verb), "\(verb.iri)") }
    }

    private func profile(rules: [JSONValue], more: [(String, JSONValue)] = []) throws -> JSONValue {
        var template = JSONObject([
            ("id", "https://example.org/template"), ("type", "StatementTemplate"), ("prefLabel", ["en": "Done"]),
            ("verb", "http://adlnet.gov/expapi/verbs/completed"),
        ])
        if !rules.isEmpty { template["rules"] = .array(rules) }
        for (name, value) in more { template[name] = value }
        return [
            "@context": "https://w3id.org/xapi/profiles/context", "id": "https://example.org/profile",
            "type": "Profile", "prefLabel": ["en": "Example"],
            "versions": [["id": "https://example.org/profile/1", "generatedAtTime": "2026-01-01T00:00:00Z"]],
            "templates": [.object(template)],
        ]
    }
}
