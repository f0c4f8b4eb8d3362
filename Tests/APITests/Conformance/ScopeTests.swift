import API
import Basis
import Evidence
import Foundation
import Hummingbird
import JSON
import People
import StorageTesting
import Stores
import Testing
import Web

/// What each credential may do: xAPI 1.0.3, part 3, 4.2, scope by scope.
@Suite struct ScopeTests {
    static let activity = "https://example.org/course/one"
    static let statement = """
        {"actor":{"mbox":"mailto:alice@example.org"},"verb":{"id":"https://example.org/did"},\
        "object":{"id":"\(activity)","definition":{"name":{"en":"One"}}}}
        """

    /// A request of each kind, with the scopes that allow it.
    static let deeds: [(deed: XAPIDeed, method: HTTPRequest.Method, path: String, query: [(String, String)])] = {
        let state = DocumentClient.Documents.state
        let profile = DocumentClient.Documents.agentProfile
        return [
            (.writeStatements, .post, "/xapi/statements", []),
            (.readOwnStatements, .get, "/xapi/statements", []),
            (.readState, .get, state.path, state.all), (.writeState, .put, state.path, state.all + [("stateId", "s")]),
            (.writeState, .post, state.path, state.all + [("stateId", "s")]),
            (.writeState, .delete, state.path, state.all),
            (.readProfile, .get, profile.path, profile.all),
            (.writeProfile, .put, profile.path, profile.all + [("profileId", "p")]),
            (.writeProfile, .post, profile.path, profile.all + [("profileId", "p")]),
            (.writeProfile, .delete, profile.path, profile.all + [("profileId", "p")]),
            (.readProfile, .get, "/xapi/activities/profile", [("activityId", activity)]),
            (.writeProfile, .post, "/xapi/activities/profile", [("activityId", activity), ("profileId", "p")]),
            (.readAgents, .get, "/xapi/agents", [("agent", DocumentClient.agent)]),
            (.readActivities, .get, "/xapi/activities", [("activityId", activity)]),
        ]
    }()

    @Test(arguments: Engine.present) func `a scope allows what it names and nothing else`(engine: Engine) async throws {
        let site = try await TestSite(engine)
        var clients: [(scope: XAPIScope, credentials: String)] = []
        for scope in XAPIScope.allCases {
            clients.append((scope, try await DocumentClient.credentials([scope.rawValue], of: site)))
        }
        let known = clients
        try await site.run { caller in
            for (scope, credentials) in known {
                let client = DocumentClient(caller: caller, credentials: credentials)
                for (deed, method, path, query) in Self.deeds {
                    let bytes = method == .get || method == .delete ? [] : Array(Self.statement.utf8)
                    let answer = try await client.send(
                        method, path + "?" + DocumentClient.encoded(query), "2.0.0", bytes: bytes,
                        ["Content-Type": "application/json", "If-Match": method == .put ? "*" : ""])
                    if deed.scopes.contains(scope) {
                        #expect(answer.status != .forbidden, "\(scope) may \(deed)")
                        #expect(answer.status.code < 500)
                    } else {
                        #expect(answer.status == .forbidden, "\(scope) may not \(deed)")
                        #expect(try ["scope", "scope-needed"].contains(answer.problem()))
                    }
                }
                let about = try await client.send(.get, "/xapi/about", nil)
                #expect(about.status == .ok)
            }
        }
    }

    @Test(arguments: Engine.present) func `only who may define changes what is known of activities`(engine: Engine)
        async throws
    {
        let site = try await TestSite(engine)
        let writer = try await DocumentClient.credentials(["statements/write"], of: site)
        let definer = try await DocumentClient.credentials(["statements/write", "define"], of: site)
        try await site.run { caller in
            let (writer, definer) = (
                DocumentClient(caller: caller, credentials: writer),
                DocumentClient(caller: caller, credentials: definer)
            )
            func known() async throws -> JSONValue? {
                try await definer.get([("activityId", Self.activity)], at: "/xapi/activities", "1.0.3").json[
                    "definition"]
            }
            func post(_ client: DocumentClient) async throws {
                let answer = try await client.send(
                    .post, "/xapi/statements", "1.0.3", bytes: Array(Self.statement.utf8),
                    ["Content-Type": "application/json"])
                #expect(answer.status == .ok)
            }
            #expect(try await known() == nil)
            try await post(writer)
            #expect(try await known() == nil)
            try await post(definer)
            #expect(try await known() == ["name": ["en": "One"]])
        }
    }

    @Test(arguments: Engine.present) func `a bound credential stays within its reach`(engine: Engine) async throws {
        let site = try await TestSite(engine)
        let learner = try #require(site.people[.learner])
        let (mine, other) = (
            #"{"account":{"homePage":"https://example.org","name":"\#(learner.key)"}}"#, DocumentClient.agent
        )
        let clients = site.stores.clients
        func credentials(_ activities: String?, _ learner: String?) async throws -> String {
            let (client, secret) = try await clients.create(
                label: "x", scopes: ["all"], activities: activities, learner: learner, for: .first)
            return DocumentClient.basic(client.key, secret)
        }
        let all = try await credentials(nil, nil)
        let course = try await credentials("https://example.org/course/", nil)
        let person = try await credentials(nil, learner.key)
        let both = try await credentials("https://example.org/course/", learner.key)
        let (near, far) = (Self.activity, "https://example.org/other")
        let rows: [(agent: String, activity: String, allowed: [Bool])] = [
            (mine, near, [true, true, true, true]), (mine, far, [true, false, true, false]),
            (other, near, [true, true, false, false]), (other, far, [true, false, false, false]),
        ]
        try await site.run { caller in
            let bound = [all, course, person, both].map { DocumentClient(caller: caller, credentials: $0) }
            for (agent, activity, allowed) in rows {
                let statement = """
                    {"actor":\(agent),"verb":{"id":"https://example.org/did"},"object":{"id":"\(activity)"}}
                    """
                let json = ["Content-Type": "application/json"]
                let stored = try await bound[0].send(
                    .post, "/xapi/statements", "2.0.0", bytes: Array(statement.utf8), json)
                let id = try stored.json.array?.first?.string ?? ""
                for (client, isAllowed) in zip(bound, allowed) {
                    let query = [("activityId", activity), ("agent", agent)]
                    let uri = "/xapi/activities/state?" + DocumentClient.encoded(query + [("stateId", "s")])
                    let states = [
                        try await client.send(.post, uri, "2.0.0", bytes: Array("{}".utf8), json),
                        try await client.get(query, "2.0.0"),
                        try await client.send(.delete, uri, "2.0.0"),
                        try await client.get(
                            [("activity", activity), ("agent", agent)], at: "/xapi/statements", "2.0.0"),
                        try await client.send(.post, "/xapi/statements", "2.0.0", bytes: Array(statement.utf8), json),
                    ]
                    for answer in states {
                        #expect((answer.status != .forbidden) == isAllowed, "\(agent) \(activity)")
                        if !isAllowed { #expect(try answer.problem() == "reach") }
                    }
                    let one = try await client.get([("statementId", id)], at: "/xapi/statements", "2.0.0")
                    #expect(one.status == (isAllowed ? .ok : .notFound))
                }
            }
            // A learner's credential finds the learner's statements without naming the learner.
            let found = try await bound[2].get([], at: "/xapi/statements", "2.0.0").json["statements"]?.array ?? []
            #expect(!found.isEmpty && found.allSatisfy { $0["actor"]?["account"] != nil })
            let related = [("related_agents", "true")]
            #expect(try await bound[2].get(related, at: "/xapi/statements", "2.0.0").problem() == "reach")
            // Profiles of agents are beyond a credential of activities, shared ones not for a learner's to change.
            let profile = [("agent", mine), ("profileId", "p")]
            #expect(try await bound[1].get(profile, at: "/xapi/agents/profile", "2.0.0").problem() == "reach")
            #expect(try await bound[2].get(profile, at: "/xapi/agents/profile", "2.0.0").status == .notFound)
            #expect(try await bound[1].get([("agent", mine)], at: "/xapi/agents", "2.0.0").problem() == "reach")
            #expect(try await bound[2].get([("agent", other)], at: "/xapi/agents", "2.0.0").problem() == "reach")
            let shared =
                "/xapi/activities/profile?" + DocumentClient.encoded([("activityId", near), ("profileId", "p")])
            #expect(try await bound[2].send(.post, shared, "2.0.0", bytes: [1]).problem() == "reach")
            #expect(try await bound[2].send(.get, shared, "2.0.0").status == .notFound)
            // Nobody bound may void.
            let voiding = """
                {"actor":\(mine),"verb":{"id":"http://adlnet.gov/expapi/verbs/voided"},\
                "object":{"objectType":"StatementRef","id":"6690e6c9-3ef0-4ed3-8b37-7f3964730bee"}}
                """
            for client in bound.dropFirst() {
                let answer = try await client.send(
                    .post, "/xapi/statements", "2.0.0", bytes: Array(voiding.utf8),
                    ["Content-Type": "application/json"])
                #expect(try answer.problem() == "reach")
            }
        }
    }
}
