import Foundation
import Hummingbird
import JSON
import StorageTesting
import Testing
import Web

/// Agents, Activities and About: xAPI 1.0.3, part 3, 2.4, 2.5 and 2.8.
@Suite struct NamesTests {
    private func store(
        _ engine: Engine, _ body: @escaping @Sendable (DocumentClient) async throws -> Void
    ) async throws {
        let site = try await TestSite(engine)
        let credentials = try await DocumentClient.credentials(["all"], of: site)
        try await site.run { try await body(DocumentClient(caller: $0, credentials: credentials)) }
    }

    private func post(_ client: DocumentClient, _ actor: String, _ object: String) async throws {
        let statement = #"{"actor":\#(actor),"verb":{"id":"https://example.org/did"},"object":\#(object)}"#
        let answer = try await client.send(
            .post, "/xapi/statements", "1.0.3", bytes: Array(statement.utf8), ["Content-Type": "application/json"])
        #expect(answer.status == .ok)
    }

    @Test(arguments: Engine.present) func `2.4: a person is all that an agent is known by`(engine: Engine) async throws
    {
        try await store(engine) { client in
            let agents: [(agent: String, person: JSONValue)] = [
                (
                    #"{"name":"Ada","mbox":"mailto:ada@example.org"}"#,
                    ["objectType": "Person", "name": ["Ada"], "mbox": ["mailto:ada@example.org"]]
                ),
                (
                    #"{"mbox_sha1sum":"ebd31e95054c018b10727ccffd2ef2ec3a016ee9"}"#,
                    ["objectType": "Person", "mbox_sha1sum": ["ebd31e95054c018b10727ccffd2ef2ec3a016ee9"]]
                ),
                (
                    #"{"openid":"https://id.example.org/ada"}"#,
                    ["objectType": "Person", "openid": ["https://id.example.org/ada"]]
                ),
                (
                    #"{"name":"Lea","account":{"homePage":"https://example.org","name":"learner"}}"#,
                    [
                        "objectType": "Person", "name": ["Lea"],
                        "account": [["homePage": "https://example.org", "name": "learner"]],
                    ]
                ),
            ]
            for (agent, person) in agents {
                try await post(client, agent, #"{"id":"https://example.org/a"}"#)
                for version in ["1.0.3", "2.0.0"] {
                    let answer = try await client.get([("agent", agent)], at: "/xapi/agents", version)
                    #expect(answer.status == .ok)
                    #expect(try answer.json == person)
                    #expect(answer.headers[named: "X-Experience-API-Version"] == version)
                }
            }
            // Nobody knows this one, and it is a person all the same.
            let stranger = #"{"mbox":"mailto:nobody@example.org"}"#
            let answer = try await client.get([("agent", stranger)], at: "/xapi/agents", "2.0.0")
            #expect(try answer.json == ["objectType": "Person", "mbox": ["mailto:nobody@example.org"]])
            let head = try await client.send(
                .head, "/xapi/agents?" + DocumentClient.encoded([("agent", stranger)]), "2.0.0")
            #expect(head.status == .ok && head.bytes.isEmpty)
        }
    }

    @Test(arguments: Engine.present) func `2.5: an activity is what all statements say of it`(engine: Engine)
        async throws
    {
        try await store(engine) { client in
            let iri = "https://example.org/a?b=c&d#e"
            func activity() async throws -> JSONValue {
                try await client.get([("activityId", iri)], at: "/xapi/activities", "2.0.0").json
            }
            #expect(try await activity() == ["objectType": "Activity", "id": .string(iri)])
            for definition in [
                #"{"name":{"en":"One"}}"#, #"{"name":{"de":"Eins"},"type":"https://example.org/t"}"#,
                #"{"description":{"en":"The first"}}"#,
            ] {
                try await post(client, DocumentClient.agent, #"{"id":"\#(iri)","definition":\#(definition)}"#)
            }
            let definition: JSONValue = [
                "name": ["en": "One", "de": "Eins"], "type": "https://example.org/t",
                "description": ["en": "The first"],
            ]
            let expected: JSONValue = ["objectType": "Activity", "id": .string(iri), "definition": definition]
            #expect(try await activity() == expected)
        }
    }

    @Test func `2.8: anybody is told the versions`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            for version in [nil, "1.0.3", "2.0.0", "7"] {
                var headers: [String: String] = [:]
                headers["X-Experience-API-Version"] = version
                let answer = try await caller.send(.get, "/xapi/about", headers: headers)
                #expect(answer.status == .ok)
                let about = try answer.json
                #expect(about["version"] == ["2.0.0", "1.0.3"])
                #expect(about["extensions"]?.object != nil)
                #expect(answer.headers[named: "X-Experience-API-Version"] != nil)
            }
        }
    }

    @Test func `4.0: who sends no credentials, or wrong ones, is asked for them`() async throws {
        let site = try await TestSite()
        let good = try await DocumentClient.credentials(["all"], of: site)
        try await site.run { caller in
            let places = [
                "/xapi/activities/state", "/xapi/activities/profile", "/xapi/agents/profile", "/xapi/agents",
                "/xapi/activities", "/xapi/statements",
            ]
            for path in places {
                for credentials in ["", "Basic eDp5", "Bearer x", good + "x"] {
                    var headers = ["X-Experience-API-Version": "2.0.0"]
                    if !credentials.isEmpty { headers["Authorization"] = credentials }
                    let answer = try await caller.send(.get, path, headers: headers)
                    #expect(answer.status == .unauthorized, "\(path)")
                    #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Basic realm=") == true)
                    #expect(try answer.problem() == "credentials")
                }
            }
        }
    }
}
