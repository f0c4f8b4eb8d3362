import Basis
import Evidence
import JSON
import StorageTesting
import Testing

@Suite struct SearchTests {
    /// What xAPI says of filters, without any index.
    struct Plain {
        let id: String
        let agents: Set<String>
        let relatedAgents: Set<String>
        let verb: String
        let activity: String?
        let relatedActivities: Set<String>
        let registration: String?

        init(_ value: JSONValue) {
            func names(_ agent: JSONValue?) -> Set<String> {
                let own = agent.flatMap { AgentName($0)?.canonical }.map { [$0] } ?? []
                return Set(own + (agent?["member"]?.array ?? []).compactMap { AgentName($0)?.canonical })
            }
            id = value["id"]?.string ?? ""
            let object = value["object"]
            let isAgent = object?["objectType"] == "Agent"
            agents = names(value["actor"]).union(isAgent ? names(object) : [])
            relatedAgents = agents.union(names(object?["actor"])).union(names(value["context"]?["instructor"]))
            verb = value["verb"]?["id"]?.string ?? ""
            activity = object?["objectType"] == nil ? object?["id"]?.string : nil
            let around = value["context"]?["contextActivities"]?["grouping"]?.array ?? []
            relatedActivities = Set(
                ([object?["id"]?.string, object?["object"]?["id"]?.string] + around.map { $0["id"]?.string })
                    .compactMap { $0 })
            registration = value["context"]?["registration"]?.string
        }

        func matches(_ query: StatementQuery) -> Bool {
            if let agent = query.agent {
                guard (query.withRelatedAgents ? relatedAgents : agents).contains(agent) else { return false }
            }
            if let iri = query.activity {
                guard query.withRelatedActivities ? relatedActivities.contains(iri) : activity == iri else {
                    return false
                }
            }
            return (query.verb ?? verb) == verb && (query.registration == nil || query.registration == registration)
        }
    }

    @Test(arguments: Engine.present) func `filters find what brute force finds`(engine: Engine) async throws {
        var dice = Dice(seed: 5)
        let bench = try await Bench(engine)
        let statements = (0..<300).map { chanceStatement(&dice, id: bench.world.id(), stored: $0) }
        for start in stride(from: 0, to: 300, by: 30) {
            try await bench.post(JSONValue.array(Array(statements[start..<start + 30])).text)
        }
        let plain = statements.map(Plain.init)
        for round in 0..<60 {
            var query = StatementQuery()
            let agents = [
                "mbox:mailto:p1@example.org", "account:https://example.org n2", "openid:https://id.example.org/3",
            ]
            if Bool.random(using: &dice) { query.agent = agents.randomElement(using: &dice) }
            if Bool.random(using: &dice) { query.verb = "https://example.org/v/\(Int.random(in: 0..<4, using: &dice))" }
            if Bool.random(using: &dice) {
                query.activity = "https://example.org/a/\(Int.random(in: 0..<5, using: &dice))"
            }
            if round % 3 == 0 { query.registration = "6690e6c9-3ef0-4ed3-8b37-7f3964730001" }
            query.withRelatedAgents = Bool.random(using: &dice)
            query.withRelatedActivities = Bool.random(using: &dice)
            query.isAscending = Bool.random(using: &dice)
            query.limit = Int.random(in: 1...40, using: &dice)
            let wanted = plain.filter { $0.matches(query) }.map(\.id)
            let found = try await all(query, bench)
            #expect(found == (query.isAscending ? wanted : wanted.reversed()), "round \(round): \(query)")
        }
    }

    /// The identifiers of every page.
    private func all(_ query: StatementQuery, _ bench: Bench) async throws -> [String] {
        var query = query
        var ids: [String] = []
        repeat {
            let page = try await bench.log.query(query, of: .first)
            ids += page.statements.map(\.id.description)
            query.cursor = page.next
        } while query.cursor != nil
        return ids
    }

    @Test(arguments: Engine.present) func `pages visit each statement once while more arrive`(
        engine: Engine
    ) async throws {
        let bench = try await Bench(engine)
        let text = JSONValue.array(Array(repeating: try statement(), count: 50)).text
        let first = try await bench.post(text).map(\.description)
        for isAscending in [false, true] {
            let before = Set(try await all(StatementQuery(), bench))
            var query = StatementQuery()
            query.limit = 7
            query.isAscending = isAscending
            var seen: [String] = []
            repeat {
                let page = try await bench.log.query(query, of: .first)
                seen += page.statements.map(\.id.description)
                query.cursor = page.next
                if seen.count < 30 { try await bench.post(try statement().text) }
            } while query.cursor != nil
            #expect(Set(seen).count == seen.count)
            #expect(Set(seen).isSuperset(of: before))
            #expect(Set(seen).isSuperset(of: first))
        }
    }

    @Test(arguments: Engine.present) func `since and until bound the time of storing`(engine: Engine) async throws {
        // A clock that jumps by minutes, so that halving has something to halve.
        let bench = try await Bench(engine, world: .replay(step: .seconds(70)))
        for _ in 0..<40 { try await bench.post(try statement().text) }
        let all = try await bench.log.query(StatementQuery(), of: .first).statements
        for (low, high) in [(0, 39), (5, 20), (12, 12), (30, 31)] {
            var query = StatementQuery()
            query.since = all[high].storedAt
            query.until = all[low].storedAt
            let found = try await bench.log.query(query, of: .first).statements
            #expect(found.map(\.id) == all[low..<high].map(\.id))
        }
        var query = StatementQuery()
        query.since = all[0].storedAt
        #expect(try await bench.log.query(query, of: .first).statements.isEmpty)
        query.since = all[0].storedAt + .days(2)
        #expect(try await bench.log.query(query, of: .first).statements.isEmpty)
    }

    @Test func `another organisation sees nothing`() async throws {
        let bench = try await Bench(.memory)
        let ids = try await bench.post(try statement().text)
        #expect(try await bench.log.query(StatementQuery(), of: TenantID(2)).statements.isEmpty)
        #expect(try await bench.log.find(ids[0], of: TenantID(2)) == nil)
    }
}
