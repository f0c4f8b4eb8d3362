import Basis
import Evidence
import JSON
import Testing

/// One place of a sound statement, what is put there, and where the flaw must be found.
struct Case: Sendable, CustomTestStringConvertible {
    let pointer: String
    let json: String?
    let flaw: String
    let more: [(pointer: String, json: String?)]

    /// The flaw is expected at `pointer` itself unless another is given.
    init(_ pointer: String, _ json: String?, _ flaw: String? = nil, with more: [(pointer: String, json: String?)] = [])
    {
        self.pointer = pointer
        self.json = json
        self.flaw = flaw ?? pointer
        self.more = more
    }

    var testDescription: String { "\(pointer) = \(json ?? "absent")" }

    func statement() throws -> JSONValue { try EvidenceTests.statement(more + [(pointer, json)]) }
}

private let group = #"{"objectType": "Group", "name": "Team", "member": [{"mbox": "mailto:b@example.org"}]}"#
private let attachment = """
    {"usageType": "https://example.org/u", "display": {"en": "File"}, "contentType": "text/plain; charset=utf-8", \
    "length": 3, "sha2": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", \
    "fileUrl": "https://example.org/f"}
    """
private let subStatement = """
    {"objectType": "SubStatement", "actor": {"mbox": "mailto:b@example.org"}, "verb": {"id": "https://example.org/v"}, \
    "object": {"objectType": "Activity", "id": "https://example.org/x"}}
    """

@Suite struct ValidatorTests {
    static let sound: [Case] = [
        Case("/id", "\"\(uuid)\""),
        Case("/id", "\"\(uuid.uppercased())\""),
        Case("/actor", #"{"objectType": "Agent", "name": "A", "mbox": "mailto:a.b+c@sub.example.org"}"#),
        Case("/actor", #"{"mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9"}"#),
        Case("/actor", #"{"openid": "https://id.example.org/a"}"#),
        Case("/actor", #"{"account": {"homePage": "https://example.org", "name": "a b"}}"#),
        Case("/actor", group),
        Case("/actor", #"{"objectType": "Group", "mbox": "mailto:g@example.org"}"#),
        Case("/actor", #"{"objectType": "Group", "mbox": "mailto:g@example.org", "member": []}"#),
        Case("/verb/display", #"{"en": "did", "pt-BR": "fez", "zh-Hant-TW": "", "x-own": "y"}"#),
        Case("/verb/display", "{}"),
        Case("/verb/id", "\"urn:leeway:verb:x\""),
        Case("/object/objectType", "\"Activity\""),
        Case("/object/definition", "{}"),
        Case(
            "/object/definition", #"{"name": {"en": "N"}, "description": {"en": "D"}, "type": "https://example.org/t"}"#
        ),
        Case("/object/definition", #"{"moreInfo": "https://example.org/m", "extensions": {"https://e.org/x": null}}"#),
        Case("/object/definition", #"{"interactionType": "true-false", "correctResponsesPattern": ["true"]}"#),
        Case(
            "/object/definition",
            #"{"interactionType": "choice", "choices": [{"id": "a"}, {"id": "b", "description": {"en": "B"}}]}"#),
        Case("/object/definition", #"{"interactionType": "likert", "scale": [{"id": "1"}]}"#),
        Case(
            "/object/definition", #"{"interactionType": "matching", "source": [{"id": "1"}], "target": [{"id": "1"}]}"#),
        Case("/object/definition", #"{"interactionType": "performance", "steps": [{"id": "1"}]}"#),
        Case("/object/definition", #"{"interactionType": "sequencing", "choices": []}"#),
        Case("/object", #"{"objectType": "Agent", "mbox": "mailto:b@example.org"}"#),
        Case("/object", group),
        Case("/object", "{\"objectType\": \"StatementRef\", \"id\": \"\(uuid)\"}"),
        Case("/object", subStatement),
        Case(
            "/object/context", #"{"revision": "1", "platform": "P", "language": "de-AT"}"#,
            with: [("/object", subStatement)]),
        Case("/result", "{}"),
        Case("/result", #"{"score": {}, "success": false, "completion": true, "response": "", "duration": "PT0S"}"#),
        Case("/result/score", #"{"scaled": -1}"#),
        Case("/result/score", #"{"scaled": 1.0, "raw": 5, "min": 0, "max": 10}"#),
        Case("/result/score", #"{"raw": 0, "min": 0, "max": 1e3}"#),
        Case("/result/score", #"{"raw": -3.5}"#),
        Case("/result/duration", "\"P1Y2M3DT4H5M6.78S\""),
        Case("/result/duration", "\"P3W\""),
        Case("/result/duration", "\"PT1,5H\""),
        Case("/result/extensions", #"{"https://example.org/x": {"a": [null, {"b": ""}]}, "urn:x:y": null}"#),
        Case("/context", "{}"),
        Case("/context/registration", "\"\(uuid)\""),
        Case("/context/instructor", group),
        Case("/context/instructor", #"{"mbox": "mailto:i@example.org"}"#),
        Case("/context/team", group),
        Case(
            "/context/contextActivities",
            #"{"parent": {"id": "https://e.org/p"}, "other": [{"id": "https://e.org/o"}]}"#),
        Case("/context/contextActivities", #"{"category": [], "grouping": [{"id": "urn:g:1", "definition": {}}]}"#),
        Case("/context", #"{"revision": "1", "platform": "P", "language": "en"}"#),
        Case("/context/statement", "{\"objectType\": \"StatementRef\", \"id\": \"\(uuid)\"}"),
        Case("/context/extensions", #"{"https://example.org/x": 1}"#),
        Case("/timestamp", "\"2026-11-23T20:14:08Z\""),
        Case("/timestamp", "\"2026-11-23T20:14:08.123456+02:00\""),
        Case("/timestamp", "\"2024-02-29T23:59:59\""),
        Case("/stored", "\"2026-11-23T20:14:08.1Z\""),
        Case("/version", "\"1.0.0\""),
        Case("/version", "\"1.0\""),
        Case("/authority", #"{"account": {"homePage": "https://example.org", "name": "x"}}"#),
        Case(
            "/authority",
            #"{"objectType": "Group", "member": [{"mbox": "mailto:a@e.org"}, {"mbox": "mailto:b@e.org"}]}"#),
        Case("/attachments", "[]"),
        Case("/attachments", "[\(attachment)]"),
        Case(
            "/verb/id", "\"http://adlnet.gov/expapi/verbs/voided\"",
            with: [("/object", "{\"objectType\": \"StatementRef\", \"id\": \"\(uuid)\"}")]),
    ]

    static let flawed: [Case] = [
        // The statement itself.
        Case("/actor", nil), Case("/verb", nil), Case("/object", nil),
        Case("/actor", "null"), Case("/verb", "null"), Case("/object", "null"), Case("/result", "null"),
        Case("/extra", "1"), Case("/Actor", "{}"), Case("/objectType", "\"Statement\""),
        Case("/id", "\"x\""), Case("/id", "null"), Case("/id", "7"), Case("/id", "\"\(uuid)0\""),
        Case("/id", "\"6690e6c93ef04ed38b377f3964730bee\""), Case("/id", "\"{\(uuid)}\""),
        Case("/id", "\"g690e6c9-3ef0-4ed3-8b37-7f3964730bee\""),
        Case("/version", "\"0.9\""), Case("/version", "\"2.0.0\""), Case("/version", "\"1.1.0\""),
        Case("/version", "1"),
        Case("/stored", "\"yesterday\""), Case("/timestamp", "\"2026-11-23\""),
        Case("/timestamp", "\"2026-11-23T20:14:08-00:00\""), Case("/timestamp", "\"2026-11-23T20:14:08-0000\""),
        Case("/timestamp", "\"2026-11-23T20:14:08-00\""), Case("/timestamp", "\"2026-02-30T20:14:08Z\""),
        Case("/timestamp", "\"2026-11-23 20:14:08Z\""), Case("/timestamp", "\"2026-13-01T00:00:00Z\""),
        Case("/timestamp", "1732390448"), Case("/timestamp", "null"),
        // Agents.
        Case("/actor", "\"alice\""), Case("/actor", "{}"), Case("/actor", #"{"name": "A"}"#),
        Case("/actor/mbox", "\"a@example.org\""), Case("/actor/mbox", "\"mailto:a\""), Case("/actor/mbox", "null"),
        Case("/actor/mbox", "\"mailto:a@b@c\""), Case("/actor/mbox", "\"mailto:a b@example.org\""),
        Case("/actor/mbox", "\"MAILTO\""), Case("/actor/mbox", "\"mailto:@example.org\""),
        Case("/actor/name", "1"), Case("/actor/name", "null"), Case("/actor/age", "1"),
        Case("/actor/objectType", "\"Person\""), Case("/actor/objectType", "\"agent\""), Case("/actor/objectType", "1"),
        Case("/actor/openid", "\"https://id.example.org\""), Case("/actor/member", "[]"),
        Case("/actor/mbox_sha1sum", "\"ebd3\"", with: [("/actor", "{}")]),
        Case("/actor/mbox_sha1sum", "\"zbd31e95054c018b10727ccffd2ef2ec3a016ee9\"", with: [("/actor", "{}")]),
        Case("/actor/openid", "\"not an iri\"", with: [("/actor", "{}")]),
        Case("/actor/account", "\"x\"", with: [("/actor", "{}")]),
        Case("/actor/account", #"{"name": "x"}"#, "/actor/account/homePage", with: [("/actor", "{}")]),
        Case("/actor/account", #"{"homePage": "https://e.org"}"#, "/actor/account/name", with: [("/actor", "{}")]),
        Case(
            "/actor/account", #"{"homePage": "e.org", "name": "x"}"#, "/actor/account/homePage",
            with: [("/actor", "{}")]),
        Case(
            "/actor/account", #"{"homePage": "https://e.org", "name": ""}"#, "/actor/account/name",
            with: [("/actor", "{}")]),
        Case(
            "/actor/account", #"{"homePage": "https://e.org", "name": "x", "id": 1}"#, "/actor/account/id",
            with: [("/actor", "{}")]),
        // Groups.
        Case("/actor", #"{"objectType": "Group"}"#, "/actor/member"),
        Case("/actor", #"{"objectType": "Group", "member": []}"#, "/actor/member"),
        Case("/actor", #"{"objectType": "Group", "member": {}}"#, "/actor/member"),
        Case("/actor/member/0", "{}", with: [("/actor", group)]),
        Case("/actor/member/0/mbox", "\"b\"", with: [("/actor", group)]),
        Case("/actor/member/0", group, "/actor/member/0/objectType", with: [("/actor", group)]),
        Case(
            "/actor", #"{"objectType": "Group", "mbox": "mailto:g@e.org", "openid": "https://e.org/g"}"#,
            "/actor/openid"),
        // Verbs.
        Case("/verb", "{}", "/verb/id"), Case("/verb", "\"completed\""), Case("/verb/id", "\"completed\""),
        Case("/verb/id", "\"\""), Case("/verb/id", "\"http://e.org/a b\""), Case("/verb/id", "1"),
        Case("/verb/id", "null"),
        Case("/verb/display", "\"did\""), Case("/verb/display", "null"), Case("/verb/display/en_US", "\"did\""),
        Case("/verb/display/a12345678", "\"did\""), Case("/verb/display/en", "1"), Case("/verb/display/en", "null"),
        Case("/verb/name", "\"did\""),
        Case("/verb/id", "\"http://adlnet.gov/expapi/verbs/voided\"", "/object"),
        // Activities.
        Case("/object", "{}", "/object/id"), Case("/object", "\"x\""), Case("/object/id", "\"course\""),
        Case("/object/id", "\"//example.org/course\""), Case("/object/id", "\"1a:b\""), Case("/object/id", "\"a:\""),
        Case("/object/objectType", "\"Course\""), Case("/object/objectType", "null"), Case("/object/name", "{}"),
        Case("/object/definition", "null"), Case("/object/definition/title", "{}"),
        Case("/object/definition/name", "\"N\""), Case("/object/definition/name/en", "{}"),
        Case("/object/definition/description", "[]"), Case("/object/definition/type", "\"course\""),
        Case("/object/definition/moreInfo", "\"more\""), Case("/object/definition/extensions", "[]"),
        Case("/object/definition/extensions/x", "1"),
        Case("/object/definition/interactionType", "\"guess\""), Case("/object/definition/interactionType", "1"),
        Case("/object/definition/choices", "[]", "/object/definition/interactionType"),
        Case("/object/definition/correctResponsesPattern", "[]", "/object/definition/interactionType"),
        Case(
            "/object/definition/correctResponsesPattern", "\"true\"",
            with: [("/object/definition/interactionType", "\"true-false\"")]),
        Case(
            "/object/definition/correctResponsesPattern", "[1]", "/object/definition/correctResponsesPattern/0",
            with: [("/object/definition/interactionType", "\"numeric\"")]),
        Case(
            "/object/definition/choices", "[{}]", "/object/definition/choices/0/id",
            with: [("/object/definition/interactionType", "\"choice\"")]),
        Case(
            "/object/definition/choices", #"[{"id": "a"}, {"id": "a"}]"#, "/object/definition/choices/1/id",
            with: [("/object/definition/interactionType", "\"choice\"")]),
        Case(
            "/object/definition/scale", #"[{"id": "a", "description": "A"}]"#, "/object/definition/scale/0/description",
            with: [("/object/definition/interactionType", "\"likert\"")]),
        Case(
            "/object/definition/steps", #"[{"id": 1}]"#, "/object/definition/steps/0/id",
            with: [("/object/definition/interactionType", "\"performance\"")]),
        Case(
            "/object/definition/source", #"[{"id": ""}]"#, "/object/definition/source/0/id",
            with: [("/object/definition/interactionType", "\"matching\"")]),
        Case(
            "/object/definition/target", #"[{"id": "a", "x": 1}]"#, "/object/definition/target/0/x",
            with: [("/object/definition/interactionType", "\"matching\"")]),
        // Other objects.
        Case("/object", #"{"objectType": "Agent"}"#), Case("/object", #"{"objectType": "Group"}"#, "/object/member"),
        Case("/object", #"{"objectType": "StatementRef"}"#, "/object/id"),
        Case("/object", #"{"objectType": "StatementRef", "id": "x"}"#, "/object/id"),
        Case(
            "/object/definition", "{}", with: [("/object", "{\"objectType\": \"StatementRef\", \"id\": \"\(uuid)\"}")]),
        Case("/object/id", "\"\(uuid)\"", with: [("/object", subStatement)]),
        Case("/object/stored", "\"2026-11-23T20:14:08Z\"", with: [("/object", subStatement)]),
        Case("/object/version", "\"1.0.0\"", with: [("/object", subStatement)]),
        Case("/object/authority", "{}", with: [("/object", subStatement)]),
        Case("/object/actor", nil, with: [("/object", subStatement)]),
        Case("/object/verb/id", "\"x\"", with: [("/object", subStatement)]),
        Case("/object/object", subStatement, "/object/object/objectType", with: [("/object", subStatement)]),
        // Results.
        Case("/result", "[]"), Case("/result/grade", "1"), Case("/result/success", "\"true\""),
        Case("/result/success", "null"), Case("/result/completion", "1"), Case("/result/response", "1"),
        Case("/result/score", "1"), Case("/result/score/percent", "1"), Case("/result/score/raw", "\"1\""),
        Case("/result/score/scaled", "1.01"), Case("/result/score/scaled", "-2"), Case("/result/score/scaled", "null"),
        Case("/result/score", #"{"min": 1, "max": 1}"#, "/result/score/min"),
        Case("/result/score", #"{"raw": 11, "max": 10}"#, "/result/score/raw"),
        Case("/result/score", #"{"raw": -1, "min": 0}"#, "/result/score/raw"),
        Case("/result/score/max", "1e999"),
        Case("/result/duration", "\"1h\""), Case("/result/duration", "\"P\""), Case("/result/duration", "\"PT\""),
        Case("/result/duration", "\"PT1M1H\""), Case("/result/duration", "\"P1H\""),
        Case("/result/duration", "\"PT1.5M3S\""),
        Case("/result/duration", "\"P1W2D\""), Case("/result/duration", "90"), Case("/result/duration", "\"PT-1S\""),
        Case("/result/extensions/x", "1"), Case("/result/extensions", "null"), Case("/result/extensions/a b:c", "1"),
        // Contexts.
        Case("/context", "\"x\""), Case("/context/room", "1"), Case("/context/registration", "\"x\""),
        Case("/context/instructor", "{}"), Case("/context/instructor/mbox", "\"x\""),
        Case("/context/team", #"{"mbox": "mailto:a@e.org"}"#, "/context/team/objectType"),
        Case("/context/team", #"{"objectType": "Agent", "mbox": "mailto:a@e.org"}"#, "/context/team/objectType"),
        Case("/context/contextActivities", "[]"), Case("/context/contextActivities/child", "[]"),
        Case("/context/contextActivities/parent", "{}", "/context/contextActivities/parent/id"),
        Case("/context/contextActivities/other", #"[{"id": "x"}]"#, "/context/contextActivities/other/0/id"),
        Case("/context/contextActivities/category", "\"x\""), Case("/context/contextActivities/grouping", "null"),
        Case("/context/revision", "1"), Case("/context/platform", "{}"),
        Case("/context/language", "\"english language\""),
        Case("/context/language", "\"e\""), Case("/context/language", "1"),
        Case("/context/revision", "\"1\"", with: [("/object", #"{"objectType": "Agent", "mbox": "mailto:b@e.org"}"#)]),
        Case(
            "/context/platform", "\"P\"", with: [("/object", "{\"objectType\": \"StatementRef\", \"id\": \"\(uuid)\"}")]
        ),
        Case("/context/statement", "\"\(uuid)\""),
        Case("/context/statement", #"{"objectType": "StatementRef"}"#, "/context/statement/id"),
        Case("/context/statement", "{\"id\": \"\(uuid)\"}", "/context/statement/objectType"),
        Case("/context/extensions/~0~1", "1"), Case("/context/contextAgents", "[]"),
        Case("/context/contextGroups", "[]"),
        // Authority.
        Case("/authority", "{}"), Case("/authority", "\"x\""),
        Case("/authority", group, "/authority/member"),
        // Attachments.
        Case("/attachments", "{}"), Case("/attachments", "[{}]", "/attachments/0/usageType"),
        Case("/attachments/0/usageType", "\"x\"", with: [("/attachments", "[\(attachment)]")]),
        Case("/attachments/0/display", nil, with: [("/attachments", "[\(attachment)]")]),
        Case("/attachments/0/display/1", "\"x\"", with: [("/attachments", "[\(attachment)]")]),
        Case("/attachments/0/description", "\"x\"", with: [("/attachments", "[\(attachment)]")]),
        Case("/attachments/0/contentType", "\"text\"", with: [("/attachments", "[\(attachment)]")]),
        Case("/attachments/0/length", "-1", with: [("/attachments", "[\(attachment)]")]),
        Case("/attachments/0/length", "1.5", with: [("/attachments", "[\(attachment)]")]),
        Case("/attachments/0/length", "\"3\"", with: [("/attachments", "[\(attachment)]")]),
        Case("/attachments/0/sha2", "\"abc\"", with: [("/attachments", "[\(attachment)]")]),
        Case("/attachments/0/sha2", nil, with: [("/attachments", "[\(attachment)]")]),
        Case("/attachments/0/fileUrl", "\"f\"", with: [("/attachments", "[\(attachment)]")]),
        Case("/attachments/0/size", "1", with: [("/attachments", "[\(attachment)]")]),
    ]

    /// Only version 2.0 knows these.
    static let soundInTwo: [Case] = [
        Case("/context/contextAgents", #"[{"objectType": "contextAgent", "agent": {"mbox": "mailto:c@e.org"}}]"#),
        Case(
            "/context/contextAgents",
            #"[{"objectType": "contextAgent", "agent": {"mbox": "mailto:c@e.org"}, "relevantTypes": ["https://e.org/t"]}]"#
        ),
        Case("/context/contextGroups", "[{\"objectType\": \"contextGroup\", \"group\": \(group)}]"),
        Case("/version", "\"2.0.0\""),
    ]
    static let flawedInTwo: [Case] = [
        Case("/context/contextAgents", "{}"),
        Case(
            "/context/contextAgents", #"[{"agent": {"mbox": "mailto:c@e.org"}}]"#, "/context/contextAgents/0/objectType"
        ),
        Case("/context/contextAgents", #"[{"objectType": "contextAgent"}]"#, "/context/contextAgents/0/agent"),
        Case(
            "/context/contextAgents", "[{\"objectType\": \"contextAgent\", \"agent\": \(group)}]",
            "/context/contextAgents/0/agent/objectType"),
        Case(
            "/context/contextAgents",
            #"[{"objectType": "contextAgent", "agent": {"mbox": "mailto:c@e.org"}, "relevantTypes": []}]"#,
            "/context/contextAgents/0/relevantTypes"),
        Case(
            "/context/contextAgents",
            #"[{"objectType": "contextAgent", "agent": {"mbox": "mailto:c@e.org"}, "relevantTypes": ["t"]}]"#,
            "/context/contextAgents/0/relevantTypes/0"),
        Case("/context/contextGroups", #"[{"objectType": "contextGroup"}]"#, "/context/contextGroups/0/group"),
        Case(
            "/context/contextGroups", #"[{"objectType": "contextGroup", "group": {"mbox": "mailto:c@e.org"}}]"#,
            "/context/contextGroups/0/group/objectType"),
        Case("/context/contextGroups", #"[{"objectType": "contextGroup", "x": 1}]"#, "/context/contextGroups/0/x"),
        Case("/version", "\"3.0.0\""),
    ]

    @Test(arguments: sound) func `a sound statement is taken in both versions`(sound: Case) throws {
        for version in XAPIVersion.allCases {
            #expect(StatementValidator(version).flaws(in: try sound.statement()).isEmpty)
        }
    }

    @Test(arguments: flawed) func `a flaw is named by its pointer`(flawed: Case) throws {
        let flaws = StatementValidator(.one).flaws(in: try flawed.statement())
        #expect(flaws.contains { $0.pointer == flawed.flaw }, "\(flaws)")
    }

    @Test(arguments: soundInTwo) func `version 2 takes more`(sound: Case) throws {
        #expect(StatementValidator(.two).flaws(in: try sound.statement()).isEmpty)
        #expect(!StatementValidator(.one).flaws(in: try sound.statement()).isEmpty)
    }

    @Test(arguments: flawedInTwo) func `version 2 refuses what is its own`(flawed: Case) throws {
        let flaws = StatementValidator(.two).flaws(in: try flawed.statement())
        #expect(flaws.contains { $0.pointer == flawed.flaw }, "\(flaws)")
    }

    @Test func `all flaws are named, up to the limit, from where the statement stands`() throws {
        let broken = try statement([("/actor/mbox", "1"), ("/verb/id", "2"), ("/x", "3")])
        let pointers = StatementValidator(.one).flaws(in: broken, at: JSONPointer().appending(7)).map(\.pointer)
        #expect(Set(pointers) == ["/7/actor/mbox", "/7/verb/id", "/7/x"])
        let many = try statement([
            ("/object/definition/interactionType", "\"choice\""),
            ("/object/definition/choices", .some(JSONValue.array(Array(repeating: 1, count: 500)).text)),
        ])
        #expect(StatementValidator(.one).flaws(in: many).count == StatementValidator.flawLimit)
    }

    @Test func `what is no object is no statement`() {
        for value: JSONValue in [nil, 1, "x", [], true] {
            #expect(StatementValidator(.one).flaws(in: value).map(\.pointer) == [""])
        }
    }
}
