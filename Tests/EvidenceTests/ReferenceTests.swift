import Basis
import Evidence
import JSON
import StorageTesting
import Testing

/// Statements about statements meet the filters that those meet: xAPI 1.0.3, part 3, 2.1.3.
@Suite struct ReferenceTests {
    /// One statement, and the one that it is about.
    private struct Node {
        let value: JSONValue
        let plain: SearchTests.Plain
        let target: Int?
        let isVoiding: Bool
    }

    /// Chance statements of which some are about others: earlier ones, later ones, themselves, ones that never come.
    private func nodes(_ count: Int, about share: Int, _ dice: inout Dice, _ world: World) -> [Node] {
        let ids: [ID<Statement>] = (0...count).map { _ in world.id() }
        var voided: Set<Int> = []
        return (0..<count).map { index in
            var object = chanceStatement(&dice, id: ids[index], stored: index).object ?? JSONObject()
            var target: Int?
            var isVoiding = false
            if Int.random(in: 0..<share, using: &dice) == 0 {
                let chosen = Int.random(in: 0...count, using: &dice)
                target = chosen
                object["object"] = ["objectType": "StatementRef", "id": .string(ids[chosen].description)]
                isVoiding = Int.random(in: 0..<6, using: &dice) == 0 && voided.insert(chosen).inserted
                if isVoiding { object["verb"] = ["id": "http://adlnet.gov/expapi/verbs/voided"] }
            }
            let value = JSONValue.object(object)
            return Node(value: value, plain: SearchTests.Plain(value), target: target, isVoiding: isVoiding)
        }
    }

    /// What a search must find, by brute force, oldest first.
    private func wanted(_ query: StatementQuery, _ nodes: [Node]) -> [String] {
        let voided = Set(nodes.filter(\.isVoiding).compactMap(\.target))
        return nodes.indices.filter { index in
            if voided.contains(index), !nodes[index].isVoiding { return false }
            var seen: Set<Int> = []
            var next: Int? = index
            while let current = next, current < nodes.count, seen.insert(current).inserted {
                if nodes[current].plain.matches(query) { return true }
                next = nodes[current].target
            }
            return false
        }.map { nodes[$0].plain.id }
    }

    /// Few references; many references and few matches; many of both.
    @Test(arguments: Engine.present, [(300, 6), (900, 3), (3_600, 3)]) func `filters follow references`(
        engine: Engine, size: (count: Int, share: Int)
    ) async throws {
        var dice = Dice(seed: UInt64(size.count))
        let bench = try await Bench(engine)
        var nodes = nodes(size.count, about: size.share, &dice, bench.world)
        // A voiding statement cannot be voided: those that would are left out.
        let voiding = Set(nodes.indices.filter { nodes[$0].isVoiding })
        let refused = voiding.filter { index in nodes[index].target.map { voiding.contains($0) } ?? false }
        for index in refused {
            let value = chanceStatement(&dice, id: ID(nodes[index].plain.id) ?? bench.world.id(), stored: index)
            nodes[index] = Node(value: value, plain: .init(value), target: nil, isVoiding: false)
        }
        for start in stride(from: 0, to: nodes.count, by: 300) {
            let batch = nodes[start..<min(start + 300, nodes.count)].map(\.value)
            try await bench.post(JSONValue.array(batch).text)
        }
        let agents = [
            "mbox:mailto:p1@example.org", "account:https://example.org n2", "openid:https://id.example.org/3",
        ]
        for round in 0..<24 {
            var query = StatementQuery()
            if round % 2 == 0 { query.verb = "https://example.org/v/\(Int.random(in: 0..<4, using: &dice))" }
            if round % 3 == 0 { query.agent = agents.randomElement(using: &dice) }
            if round % 4 == 1 { query.activity = "https://example.org/a/\(Int.random(in: 0..<5, using: &dice))" }
            if round % 8 == 5 { query.registration = "6690e6c9-3ef0-4ed3-8b37-7f3964730001" }
            query.withRelatedAgents = Bool.random(using: &dice)
            query.withRelatedActivities = Bool.random(using: &dice)
            query.isAscending = Bool.random(using: &dice)
            query.limit = Int.random(in: 40...400, using: &dice)
            let wanted = wanted(query, nodes)
            var found: [String] = []
            repeat {
                let page = try await bench.log.query(query, of: .first)
                found += page.statements.map(\.id.description)
                query.cursor = page.next
            } while query.cursor != nil
            #expect(found == (query.isAscending ? wanted : wanted.reversed()), "round \(round): \(query)")
        }
    }
}
