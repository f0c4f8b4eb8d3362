import Authorization
public import Basis
import Evidence
import JSON
import People
public import Storage

/// Asks the access rules before each AI action, recommendation, publication and view of personal data, and keeps what
/// they said.
///
/// One for a whole process: decisions that are written together wait in it.
public struct AccessDesk: Sendable {
    let database: any Database
    let world: World
    let directory: Directory
    let register: AIRegister
    let log: StatementLog
    let cache = RulesCache()
    let waiting = WaitingDecisions()

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
        directory = Directory(database: database, world: world)
        register = AIRegister(database: database, world: world)
        log = StatementLog(database: database, world: world)
    }

    /// Decides, and keeps the decision with its facts: before it returns for what is durable, else within a second.
    ///
    /// - Throws: `Problem` (`person-missing`, `ai-use-missing`, `strategy-missing`, `mandate-missing`);
    ///   `StorageError`.
    /// - Cost: a few reads by key; less than a millisecond without those that wait for the disk.
    public func decide(_ question: AccessQuestion, of tenant: TenantID) async throws -> AccessDecision {
        let now = world.now()
        if question.action.isDurable {
            return try await database.write { connection -> AccessDecision in
                let (rules, tree) = try cache.look(tenant, .now, at: now, directory, on: connection)
                let facts = try self.facts(for: question, in: tenant, tree, at: now, on: connection)
                let decision = try self.decision(on: facts, by: rules, in: tenant, on: connection)
                let record = DecisionRecord(decision, facts, in: tenant, at: now)
                let isFirst = try record.put(on: connection)
                if isFirst, !decision.isAllowed, question.action.isTold {
                    try tell(decision, facts, record, in: tenant, at: now, on: connection)
                }
                return decision
            }
        }
        let (decision, record) = try await database.read { connection -> (AccessDecision, DecisionRecord) in
            let (rules, tree) = try cache.look(tenant, .withinTrust, at: now, directory, on: connection)
            let facts = try self.facts(for: question, in: tenant, tree, at: now, on: connection)
            let decision = try self.decision(on: facts, by: rules, in: tenant, on: connection)
            return (decision, DecisionRecord(decision, facts, in: tenant, at: now))
        }
        waiting.add(record)
        return decision
    }

    /// Decides within the caller's snapshot. For what is not durable only.
    ///
    /// - Throws: as `decide`.
    public func decide(
        _ question: AccessQuestion, of tenant: TenantID, on connection: any Connection
    ) throws -> AccessDecision {
        precondition(!question.action.isDurable, "what is durable is written, not only read")
        let now = world.now()
        let (rules, tree) = try cache.look(tenant, .withinTrust, at: now, directory, on: connection)
        let facts = try self.facts(for: question, in: tenant, tree, at: now, on: connection)
        let decision = try self.decision(on: facts, by: rules, in: tenant, on: connection)
        waiting.add(DecisionRecord(decision, facts, in: tenant, at: now))
        return decision
    }

    /// Refuses what the rules do not allow.
    ///
    /// - Throws: `Problem` (`policy-denied`) with the reasons and whom to ask; as `decide`.
    public func expect(_ question: AccessQuestion, of tenant: TenantID) async throws {
        if let denial = try await decide(question, of: tenant).denial { throw denial }
    }

    private func decision(
        on facts: AccessFacts, by rules: RulesInForce, in tenant: TenantID, on connection: any Connection
    ) throws -> AccessDecision {
        let answer = rules.authorizer.decide(facts.request, try facts.entities())
        let asked = answer.determining.compactMap { rules.words[$0]?.ask }.first { !$0.isEmpty }
        return AccessDecision(
            action: facts.question.action, isAllowed: answer.isAllowed, version: rules.version,
            reasons: answer.determining.map { .init(policy: $0, text: rules.words[$0]?.reason ?? "") },
            failures: answer.failures,
            ask: answer.isAllowed
                ? "" : try asked ?? whomToAsk(about: facts.question.resource, in: tenant, on: connection))
    }

    private func whomToAsk(
        about resource: AccessResource, in tenant: TenantID, on connection: any Connection
    ) throws -> String {
        guard case .use(let use) = resource else { return "Ask a steward." }
        let row = try connection.row(
            """
            SELECT p.name AS name FROM responsibility r JOIN person p ON p.tenant = r.tenant AND p.id = r.person
            WHERE r.tenant = \(tenant) AND r.ai_use = \(use) AND r.part = 'accountable' AND r.state = 'accepted'
            ORDER BY r.proposed_at DESC LIMIT 1
            """)
        guard let name = try row?.get("name", as: String.self) else { return "Ask a steward." }
        return "Ask \(name), who answers for this AI use."
    }

    /// A refusal as evidence, in the transaction of the decision.
    private func tell(
        _ decision: AccessDecision, _ facts: AccessFacts, _ record: DecisionRecord, in tenant: TenantID,
        at now: Moment, on connection: any Connection
    ) throws {
        var extensions: [(iri: String, value: JSONValue)] = [
            (Vocabulary.reason, .string(decision.refusal ?? "")),
            (
                Vocabulary.inputs,
                [
                    "action": .string(decision.action.rawValue), "resource": .string(record.resource),
                    "policies": .init(decision.reasons.map(\.policy)),
                ]
            ), (Vocabulary.version, .string("\(decision.version)")),
        ]
        if let person = facts.person { extensions.append((Vocabulary.person, .string(person.description))) }
        try log.append(
            [
                StatementDraft(
                    .system, .decided, Change.Subject.rules.activity(name: "Access rules"), extensions: extensions,
                    timestamp: now)
            ], to: tenant, on: connection)
    }
}
