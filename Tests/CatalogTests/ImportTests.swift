import Basis
import Catalog
import Foundation
import Storage
import StorageTesting
import Testing

@Suite struct ImportTests {
    @Test(arguments: Engine.present) func `an import says what it did, and says it again`(_ engine: Engine) async throws
    {
        let shelf = try await Shelf(engine)
        let first = try await shelf.take(sample)
        #expect((first.created, first.updated, first.unchanged, first.total) == (5, 0, 0, 5))
        #expect(first.subject == .contents)
        let counts = try await shelf.counts()
        let again = try await shelf.take(sample)
        #expect((again.created, again.updated, again.unchanged) == (0, 0, 5))
        #expect(try await shelf.counts() == counts)
    }

    @Test(arguments: Engine.present) func `what a row states is what is kept`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        try await shelf.take(sample)
        let content = try #require(try await shelf.library.content(key: "a", of: shelf.tenant))
        #expect(content.title == "Prompting with sources")
        #expect(content.minutes == 12)
        #expect(content.level == .beginner)
        #expect(content.roles == ["learner", "manager"])
        #expect(content.topics == ["AI"])
        #expect(Set(content.skills) == [Shelf.skill("Prompting"), Shelf.skill("Checking")])
        #expect(content.modified == Day("2018-09-24"))
        #expect(
            content.provenance
                == Provenance(
                    .assisted, model: "a model", reviewer: "R. Reader", reviewed: Day("2026-11-02")))
        #expect(content.version == 1)
        #expect(try await shelf.library.content(content.id, of: shelf.tenant) == content)
        #expect(try await shelf.library.content(content.id, of: TenantID(2)) == nil)
        let other = try #require(try await shelf.library.content(key: "b", of: shelf.tenant))
        #expect(other.provenance.origin == .generated)
        let silent = try #require(try await shelf.library.content(key: "c", of: shelf.tenant))
        #expect(silent.provenance == .unknown)
    }

    @Test(arguments: Engine.present) func `children come in the source's order`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        try await shelf.take(sample)
        let parent = try #require(try await shelf.library.content(key: "m", of: shelf.tenant))
        let children = try await shelf.library.children(of: parent, tenant: shelf.tenant)
        #expect(children.map(\.key) == ["b", "a"])
        #expect(try await shelf.library.parent(of: children[0], tenant: shelf.tenant)?.key == "m")
    }

    @Test(arguments: Engine.present) func `a changed row makes the next version`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        try await shelf.take(sample)
        let before = try #require(try await shelf.library.content(key: "a", of: shelf.tenant))
        let changed = sample.replacing("Prompting with sources", with: "Asking with sources")
            .replacing("\"Prompting\", ", with: "")
        let report = try await shelf.take(changed)
        #expect((report.created, report.updated, report.unchanged) == (0, 1, 4))
        let after = try #require(try await shelf.library.content(key: "a", of: shelf.tenant))
        #expect(
            (after.id, after.number, after.version, after.createdAt) == (before.id, before.number, 2, before.createdAt))
        #expect(after.skills == [Shelf.skill("Checking")])
        let versions = try await shelf.library.versions(of: after.id, tenant: shelf.tenant)
        #expect(versions.map(\.version) == [2, 1])
        #expect(versions.map(\.cause) == [.changed, .made])
        #expect(versions.map(\.title) == ["Asking with sources", "Prompting with sources"])
        let old = try await shelf.library.search(SearchQuery(text: "\"prompting with\""), of: shelf.tenant)
        #expect(old.total == 0)
        let new = try await shelf.library.search(SearchQuery(text: "asking"), of: shelf.tenant)
        #expect(new.hits.map(\.key) == ["a"])
    }

    @Test(arguments: Engine.present) func `one wrong row keeps all out`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        let wrong = sample + #"{"id": "x", "title": "X", "duration_minutes": -4}"#
        let issues = await shelf.issues(of: wrong)
        #expect(issues.map(\.line) == [6])
        #expect(issues.map(\.column) == ["/duration_minutes"])
        #expect(try await shelf.counts() == [0, 0, 0, 0, 0])
    }

    @Test(arguments: Engine.present) func `a failure in the middle leaves nothing`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        await #expect(throws: Problem.self) {
            _ = try await shelf.library.importCatalogue(Array(sample.utf8), tenant: shelf.tenant) { _ in
                { word in
                    if word == "Checking" { throw Problem(.fault, "broken", "The register broke.") }
                    return Shelf.skill(word)
                }
            }
        }
        #expect(try await shelf.counts() == [0, 0, 0, 0, 0])
        #expect(try await shelf.library.search(SearchQuery(text: "prompting"), of: shelf.tenant).total == 0)
    }

    @Test(arguments: Engine.present) func `a dry run leaves nothing`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        let report = try await shelf.take(sample, dryRun: true)
        #expect(report.isDryRun)
        #expect(report.created == 5)
        #expect(try await shelf.counts() == [0, 0, 0, 0, 0])
        #expect(try await shelf.library.search(SearchQuery(text: "prompting"), of: shelf.tenant).total == 0)
        #expect(try await shelf.take(sample).created == 5)
    }

    @Test(arguments: Engine.present) func `texts are attached, changed and searched`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        try await shelf.take(sample)
        let text = """
            {"id": "a", "language": "en", "text": "A walrus explains **grounding**."}
            {"id": "m", "text": "Overview of the module"}
            """
        let report = try await shelf.take(text)
        #expect((report.subject, report.created, report.updated, report.unchanged) == (.texts, 2, 0, 0))
        let content = try #require(try await shelf.library.content(key: "a", of: shelf.tenant))
        #expect(content.hasText)
        #expect(content.version == 1)
        let body = try await shelf.library.text(of: content.id, tenant: shelf.tenant)
        #expect(body?.body == "A walrus explains **grounding**.")
        #expect(body?.words == 4)
        #expect(try await shelf.library.search(SearchQuery(text: "walrus"), of: shelf.tenant).hits.map(\.key) == ["a"])
        #expect(try await shelf.take(text).unchanged == 2)

        let changed = try await shelf.take(text.replacing("walrus", with: "heron"))
        #expect((changed.updated, changed.unchanged) == (1, 1))
        #expect(try await shelf.library.search(SearchQuery(text: "walrus"), of: shelf.tenant).total == 0)
        #expect(try await shelf.library.search(SearchQuery(text: "heron"), of: shelf.tenant).total == 1)
        let versions = try await shelf.library.versions(of: content.id, tenant: shelf.tenant)
        #expect(versions.map(\.cause) == [.text, .made])
        #expect(try await shelf.library.text(of: content.id, tenant: shelf.tenant)?.sinceVersion == 2)
        #expect(try await shelf.library.content(key: "a", of: shelf.tenant)?.version == 2)
        // The objects' rows again: nothing of the text is lost.
        #expect(try await shelf.take(sample.replacing("How to ask.", with: "How.")).updated == 1)
        #expect(try await shelf.library.search(SearchQuery(text: "heron"), of: shelf.tenant).total == 1)
    }

    @Test(arguments: Engine.present) func `a text without its object names line and id`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        try await shelf.take(sample)
        let issues = await shelf.issues(of: #"{"id": "a", "text": "one"}"# + "\n" + #"{"id": "zz", "text": "two"}"#)
        #expect(issues.map(\.description).first?.hasPrefix("line 2, column /id: “zz” is not in the catalogue.") == true)
        #expect(try await shelf.counts()[3] == 0)
    }

    @Test(arguments: Engine.present) func `objects may bring their texts`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        let row = #"{"id": "r", "title": "Reading", "language": "en", "text": "Body one"}"#
        #expect(try await shelf.take(row).created == 1)
        #expect(try await shelf.take(row).unchanged == 1)
        #expect(try await shelf.take(row.replacing("Reading", with: "Read").replacing("one", with: "two")).updated == 1)
        let content = try #require(try await shelf.library.content(key: "r", of: shelf.tenant))
        #expect(content.version == 2)
        #expect(try await shelf.library.text(of: content.id, tenant: shelf.tenant)?.body == "Body two")
    }

    @Test func `CSV reads like JSON Lines`() async throws {
        let shelf = try await Shelf(.memory)
        let csv = """
            id,title,language,duration_minutes,roles,level
            x1,"Hello, world",en,15,learner; manager,beginner
            x2,Second,en,,,
            """
        #expect(try await shelf.take(csv).created == 2)
        let content = try #require(try await shelf.library.content(key: "x1", of: shelf.tenant))
        #expect((content.title, content.minutes, content.roles) == ("Hello, world", 15, ["learner", "manager"]))
        let issues = await shelf.issues(of: "id,title,duration_minutes\nq,Q,soon\n,R,3")
        #expect(issues.map(\.line) == [2, 3])
        #expect(issues.map(\.column) == ["duration_minutes", "id"])
    }

    @Test func `each fault is named with its place`() async throws {
        let shelf = try await Shelf(.memory)
        let faults: [(row: String, column: String?, word: String)] = [
            (#"{"title": "T"}"#, "/id", "no id"),
            (#"{"id": "x", "title": " "}"#, "/title", "no title"),
            (#"{"id": "x", "title": "T", "language": "english language"}"#, "/language", "no language tag"),
            (#"{"id": "x", "title": "T", "duration_minutes": 1.5}"#, "/duration_minutes", "whole number"),
            (#"{"id": "x", "title": "T", "level": "expert"}"#, "/level", "no level"),
            (#"{"id": "x", "title": "T", "provenance": "robot"}"#, "/provenance", "no provenance"),
            (#"{"id": "x", "title": "T", "url": "javascript:alert(1)"}"#, "/url", "no web address"),
            (#"{"id": "x", "title": "T", "roles": "one"}"#, "/roles", "list"),
            (#"{"id": "x", "title": "T", "roles": [1]}"#, "/roles/0", "text"),
            (#"{"id": "x", "title": "T", "last_modified": "31/31/2018"}"#, "/last_modified", "no day"),
            (#"{"id": "x", "title": "T\u0000"}"#, "/title", "NUL"),
            (#"{"id": "x", "title": 7}"#, "/title", "text"),
            (#"["id"]"#, nil, "no JSON object"),
            (#"{"id": "x", "title": "T""#, nil, "Column"),
            (
                #"{"id": "x", "title": "T", "provenance": "human-made", "digital_source_type": "#
                    + #""http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"}"#,
                "/digital_source_type", "Human-made"
            ),
        ]
        for fault in faults {
            let issues = await shelf.issues(of: #"{"id": "fine", "title": "Fine"}"# + "\n" + fault.row)
            #expect(issues.count == 1, "\(fault.row): \(issues)")
            #expect(issues.first?.line == 2)
            #expect(issues.first?.column == fault.column)
            #expect(issues.first?.detail.contains(fault.word) == true, "\(issues)")
        }
        let twice = await shelf.issues(of: #"{"id": "x", "title": "T"}"# + "\n\n" + #"{"id": "x", "title": "U"}"#)
        #expect(
            twice.map(\.description) == [
                "line 3, column /id: The id “x” stands in line 1 already. Keep one of them."
            ])
        #expect(try await shelf.counts() == [0, 0, 0, 0, 0])
    }

    @Test func `a parent that is nowhere is a warning`() async throws {
        let shelf = try await Shelf(.memory)
        let report = try await shelf.take(#"{"id": "x", "title": "T", "parent": "nowhere"}"#)
        #expect(report.created == 1)
        #expect(report.warningCount == 1)
        #expect(report.warnings.first?.detail.contains("nowhere") == true)
    }

    @Test(arguments: Engine.present) func `versions count by provenance`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        try await shelf.take(sample)
        try await shelf.take(sample.replacing("\"How to ask.\"", with: "\"How.\""))
        let now = try await shelf.library.composition(of: shelf.tenant)
        #expect((now.human, now.assisted, now.generated, now.unknown) == (0, 1, 1, 3))
        let all = try await shelf.library.compositionOfVersions(of: shelf.tenant)
        #expect((all.human, all.assisted, all.generated, all.unknown) == (0, 2, 1, 3))
    }

    @Test(arguments: Engine.present) func `what teaches a skill, shortest first`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        try await shelf.take(sample)
        let checking = Shelf.skill("Checking")
        let all = try await shelf.library.contents(teaching: [checking], tenant: shelf.tenant)
        #expect(all.map(\.key) == ["a", "b"])
        #expect(all[0].skills == [checking, Shelf.skill("Prompting")])
        let french = try await shelf.library.contents(teaching: [checking], language: "fr", tenant: shelf.tenant)
        #expect(french.map(\.key) == ["b"])
        let rest = try await shelf.library.contents(
            teaching: [checking], excluding: [all[0].id], limit: 1, tenant: shelf.tenant)
        #expect(rest.map(\.key) == ["b"])
        #expect(try await shelf.library.coverage(of: shelf.tenant)[checking] == 2)
    }

    @Test(arguments: Engine.present) func `tenants do not see each other`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        try await shelf.take(sample)
        let other = TenantID(2)
        let report = try await shelf.library.importCatalogue(Array(sample.utf8), tenant: other, skills: Shelf.skills)
        #expect(report.created == 5)
        let found = try await shelf.library.search(SearchQuery(text: "prompting"), of: other)
        #expect(found.total == 2)
        #expect(try await shelf.library.count(of: other) == 5)
    }
}
