import API
import Basis
import Evidence
import Foundation
import Hummingbird
import JSON
import People
import Storage
import StorageTesting
import Testing
import Web

/// One rule for the form of statements: what is put where, and where the refusal must point.
struct DataRule: Sendable {
    /// The section of xAPI 1.0.3, part 2, and of IEEE 9274.1.1-2023.
    let section: String
    let pointer: String
    let json: String?
    let flaw: String
    /// The versions that refuse it.
    let versions: [String]

    init(_ section: String, _ pointer: String, _ json: String?, _ flaw: String? = nil, only version: String? = nil) {
        self.section = section
        self.pointer = pointer
        self.json = json
        self.flaw = flaw ?? pointer
        versions = version.map { [$0] } ?? ["1.0.3", "2.0.0"]
    }
}

private let longHash = String(repeating: "a", count: 64)
private let attachment = """
    {"usageType": "https://example.org/u", "display": {"en": "File"}, "contentType": "text/plain", "length": 3, \
    "sha2": "\(longHash)", "fileUrl": "https://example.org/f"}
    """
private let group = #"{"objectType": "Group", "member": [{"mbox": "mailto:b@example.org"}]}"#

@Suite struct StatementDataTests {
    /// What every version, or one of them, refuses.
    static let refused: [DataRule] = [
        // 2.2 | 4.2.7: formatting.
        DataRule("2.2 | 4.2.7 null", "/result", #"{"response": null}"#, "/result/response"),
        DataRule("2.2 | 4.2.7 type", "/result", #"{"success": "true"}"#, "/result/success"),
        DataRule("2.2 | 4.2.7 unknown member", "/extra", "1"),
        DataRule("2.2 | 4.2.7 case", "/Actor", #"{"mbox": "mailto:b@example.org"}"#),
        DataRule(
            "2.2 | 4.2.7 case of a value", "/object", #"{"id": "https://e.org/a", "objectType": "activity"}"#,
            "/object/objectType"),
        DataRule("2.2 | 4.2.7 required", "/verb", nil),
        DataRule("2.2 | 4.2.7 required", "/actor", nil),
        DataRule("2.2 | 4.2.7 required", "/object", nil),
        // 2.4.1 | 4.2.4.2: id.
        DataRule("2.4.1 | 4.2.4.2", "/id", "\"not-a-uuid\""),
        DataRule("2.4.1 | 4.2.4.2", "/id", "7"),
        // 2.4.2 | 4.2.2.1: actor.
        DataRule("2.4.2.1 | 4.2.2.1", "/actor", "{}"),
        DataRule(
            "2.4.2.1 | 4.2.2.1", "/actor", #"{"objectType": "Person", "mbox": "mailto:b@example.org"}"#,
            "/actor/objectType"),
        DataRule("2.4.2.2 | 4.2.2.1", "/actor", #"{"objectType": "Group"}"#, "/actor/member"),
        DataRule(
            "2.4.2.2 | 4.2.2.1", "/actor", #"{"objectType": "Group", "member": [\#(group)]}"#,
            "/actor/member/0/objectType"),
        DataRule("2.4.2.3 | 4.2.2.1", "/actor/mbox", "\"b@example.org\""),
        DataRule("2.4.2.3 | 4.2.2.1", "/actor/openid", "\"https://id.example.org\""),
        DataRule("2.4.2.3 | 4.2.2.1", "/actor", #"{"mbox_sha1sum": "abc"}"#, "/actor/mbox_sha1sum"),
        DataRule("2.4.2.4 | 4.2.2.1", "/actor", #"{"account": {"name": "b"}}"#, "/actor/account/homePage"),
        DataRule(
            "2.4.2.4 | 4.2.2.1", "/actor", #"{"account": {"homePage": "example", "name": "b"}}"#,
            "/actor/account/homePage"),
        // 2.4.3 | 4.2.2.2: verb.
        DataRule("2.4.3 | 4.2.2.2", "/verb", "{}", "/verb/id"),
        DataRule("2.4.3 | 4.2.2.2", "/verb/id", "\"completed\""),
        DataRule("2.4.3 | 4.2.2.2", "/verb/display", #"{"not a tag": "x"}"#, "/verb/display/not a tag"),
        // 2.4.4 | 4.2.2.3: object.
        DataRule("2.4.4.1 | 4.2.2.3", "/object", "{}", "/object/id"),
        DataRule("2.4.4.1 | 4.2.2.3", "/object/definition", #"{"type": "course"}"#, "/object/definition/type"),
        DataRule(
            "2.4.4.1 | 4.2.2.3", "/object/definition", #"{"interactionType": "guess"}"#,
            "/object/definition/interactionType"),
        DataRule(
            "2.4.4.1 | 4.2.2.3", "/object/definition",
            #"{"interactionType": "choice", "choices": [{"id": "a"}, {"id": "a"}]}"#,
            "/object/definition/choices/1/id"),
        DataRule(
            "2.4.4.1 | 4.2.2.3", "/object/definition", #"{"extensions": {"plain": 1}}"#,
            "/object/definition/extensions/plain"),
        DataRule("2.4.4.3 | 4.2.2.3", "/object", #"{"objectType": "StatementRef", "id": "x"}"#, "/object/id"),
        DataRule("2.4.4.3 | 4.2.2.3", "/object", #"{"objectType": "SubStatement", "id": "x"}"#, "/object/id"),
        // 2.4.5 | 4.2.2.4: result.
        DataRule("2.4.5 | 4.2.2.4", "/result/duration", "\"1 hour\""),
        DataRule("2.4.5.1 | 4.2.2.4", "/result/score", #"{"scaled": 1.01}"#, "/result/score/scaled"),
        DataRule("2.4.5.1 | 4.2.2.4", "/result/score", #"{"raw": 11, "max": 10}"#, "/result/score/raw"),
        DataRule("2.4.5.1 | 4.2.2.4", "/result/score", #"{"min": 10, "max": 10}"#, "/result/score/min"),
        // 2.4.6 | 4.2.2.5: context.
        DataRule("2.4.6 | 4.2.2.5", "/context/registration", "\"1\""),
        DataRule("2.4.6 | 4.2.2.5", "/context/team", #"{"mbox": "mailto:b@example.org"}"#, "/context/team/objectType"),
        DataRule("2.4.6 | 4.2.2.5", "/context/language", "\"not a tag\""),
        DataRule(
            "2.4.6.2 | 4.2.2.5", "/context/contextActivities", #"{"sibling": []}"#, "/context/contextActivities/sibling"
        ),
        DataRule("2.4.6 only", "/context/contextAgents", "[]", only: "1.0.3"),
        DataRule(
            "4.2.2.5 only", "/context/contextAgents", #"[{"objectType": "contextAgent"}]"#,
            "/context/contextAgents/0/agent", only: "2.0.0"),
        DataRule(
            "4.2.2.5 only", "/context/contextGroups",
            #"[{"objectType": "contextGroup", "group": \#(group), "relevantTypes": []}]"#,
            "/context/contextGroups/0/relevantTypes", only: "2.0.0"),
        // 2.4.7, 4.5 | 4.2.7: timestamps.
        DataRule("4.5 | 4.2.7", "/timestamp", "\"2026-13-01T00:00:00Z\""),
        DataRule("4.5 | 4.2.7", "/timestamp", "\"2026-11-23T20:14:08-00:00\""),
        DataRule("4.5 | 4.2.7", "/timestamp", "\"2026-11-23T20:14:08-0000\""),
        DataRule("4.5 | 4.2.7", "/stored", "\"yesterday\""),
        // 2.4.9 | 4.2.4.2: authority.
        DataRule(
            "2.4.9 | 4.2.4.2", "/authority", #"{"objectType": "Group", "member": [{"mbox": "mailto:a@e.org"}]}"#,
            "/authority/member"),
        // 2.4.10 | 4.2.4.3: version.
        DataRule("2.4.10 | 4.2.4.3", "/version", "\"3.0.0\""),
        DataRule("2.4.10 only", "/version", "\"2.0.0\"", only: "1.0.3"),
        // 2.4.11 | 4.2.2.6: attachments.
        DataRule("2.4.11 | 4.2.2.6", "/attachments", "{}"),
        DataRule(
            "2.4.11 | 4.2.2.6", "/attachments", #"[{"usageType": "https://example.org/u"}]"#, "/attachments/0/display"),
        DataRule(
            "2.4.11 | 4.2.2.6", "/attachments", "[\(attachment.replacing("\"length\": 3", with: "\"length\": 3.5"))]",
            "/attachments/0/length"),
        DataRule(
            "2.4.11 | 4.2.2.6", "/attachments", "[\(attachment.replacing(longHash, with: "abc"))]",
            "/attachments/0/sha2"),
        DataRule("2.3.2 | 4.2.5", "/verb/id", "\"http://adlnet.gov/expapi/verbs/voided\"", "/object"),
    ]

    @Test(arguments: Engine.present) func `what breaks a rule is refused with its place`(engine: Engine) async throws {
        try await RecordStore.serve(engine) { store in
            for rule in Self.refused {
                for version in rule.versions {
                    let bad = try statement([(rule.pointer, rule.json)])
                    let answer = try await store.ask(.post, [], bad.text, version: version)
                    #expect(answer.status == .badRequest, "\(rule.section) \(version): \(bad.text)")
                    #expect(try answer.problem() == "statement-invalid")
                    let pointers = try answer.json["pointers"]?.array?.compactMap(\.string) ?? []
                    #expect(pointers.contains(rule.flaw), "\(rule.section) \(version): \(pointers), not \(rule.flaw)")
                    #expect(answer.headers[named: "X-Experience-API-Version"] == version)
                }
            }
            #expect(try await store.identifiers([]).isEmpty)
        }
    }

    /// What every version, or one of them, takes.
    static let taken: [DataRule] = [
        DataRule("2.4.1 | 4.2.4.2", "/id", "\"6690E6C9-3EF0-4ED3-8B37-7F3964730BEE\""),
        DataRule("2.4.2.2 | 4.2.2.1", "/actor", group),
        DataRule("2.4.2.4 | 4.2.2.1", "/actor", #"{"account": {"homePage": "https://example.org", "name": "b"}}"#),
        DataRule("2.4.3 | 4.2.2.2", "/verb/display", #"{"zh-Hant-TW": "完成", "en": ""}"#),
        DataRule("2.4.4.1 | 4.2.2.3", "/object/definition", #"{"extensions": {"https://e.org/x": null}}"#),
        DataRule("2.4.4.3 | 4.2.2.3", "/object", reference(to: identifier(1))),
        DataRule("2.4.5 | 4.2.2.4", "/result", #"{"duration": "P1Y2M3DT4H5M6.789S", "score": {"scaled": -1.0}}"#),
        DataRule("2.4.6.2 | 4.2.2.5", "/context/contextActivities", #"{"parent": {"id": "https://example.org/p"}}"#),
        DataRule(
            "4.2.2.5 only", "/context", #"{"contextGroups": [{"objectType": "contextGroup", "group": \#(group)}]}"#,
            only: "2.0.0"),
        DataRule("4.5 | 4.2.7", "/timestamp", "\"2026-11-23T20:14:08.123456+05:30\""),
        DataRule("2.4.11 | 4.2.2.6", "/attachments", "[\(attachment)]"),
        DataRule("4.1 | 4.2.7", "/result/extensions", #"{"https://e.org/x": {"deep": [1, 2.50, "3", {"y": false}]}}"#),
    ]

    @Test(arguments: Engine.present) func `what keeps the rules is stored as it came`(engine: Engine) async throws {
        try await RecordStore.serve(engine) { store in
            for rule in Self.taken {
                // One identifier is one statement, in whichever version it came first.
                for version in rule.versions.prefix(rule.pointer == "/id" ? 1 : 2) {
                    let sound = try statement([(rule.pointer, rule.json)])
                    let ids = try await store.post([sound], version: version)
                    let id = try #require(ids.first)
                    let got = try await store.find(id, version: version).json
                    for member in sound.object?.members ?? [] where member.name != "id" {
                        if member.name == "timestamp", version == "2.0.0" {
                            // IEEE 9274.1.1-2023, 4.2.4.2: the same instant in UTC.
                            #expect(got["timestamp"] == "2026-11-23T14:44:08.123456Z")
                        } else if member.name == "context", member.value["contextActivities"] != nil {
                            // 2.4.6.2: a lone activity comes back in an array.
                            #expect(got["context"]?["contextActivities"]?["parent"]?.array?.count == 1)
                        } else {
                            #expect(got[member.name] == member.value, "\(rule.section) \(version)")
                        }
                    }
                    #expect(got["id"]?.string?.lowercased() == id.lowercased())
                    #expect(got["version"] == (version == "2.0.0" ? "2.0.0" : "1.0.0"))
                    #expect(got["stored"]?.string.flatMap { Moment(timestamp: $0) } != nil)
                    #expect(got["timestamp"] != nil)
                    #expect(got["authority"]?["account"]?["name"]?.string?.isEmpty == false)
                }
            }
        }
    }
}
