import Authorization
import Basis
import Crypto
import JSON
import Storage

/// One decision as it is kept: once for each day, asker, action, resource, facts and version, with how often.
struct DecisionRecord: Sendable {
    let tenant: TenantID
    let day: Day
    /// SHA-256 over all that makes it this decision, but for the day.
    var digest: [UInt8]
    let action: AccessAction
    let person: ID<Person>?
    let about: ID<Person>?
    /// As a policy names it.
    let resource: String
    let isAllowed: Bool
    let version: Int
    /// A JSON list of ids.
    let determining: String
    /// A JSON list of sentences.
    let failures: String
    let principalFacts: String
    let resourceFacts: String
    let context: String
    var times: Int
    var firstAt: Moment
    var lastAt: Moment

    init(_ decision: AccessDecision, _ facts: AccessFacts, in tenant: TenantID, at now: Moment) {
        self.tenant = tenant
        day = now.day
        action = decision.action
        person = facts.person
        about = facts.about
        resource = facts.request.resource.description
        isAllowed = decision.isAllowed
        version = decision.version
        determining = JSONValue(decision.reasons.map(\.policy)).text
        failures = JSONValue(decision.failures.map { "\($0.id): \($0.error)" }).text
        principalFacts = FactsText.text(of: facts.principal)
        resourceFacts = FactsText.text(of: facts.resource)
        context = FactsText.text(of: facts.context)
        times = 1
        (firstAt, lastAt) = (now, now)
        var hash = SHA256()
        // A line feed never stands within canonical JSON, so the parts cannot run into each other.
        for part in [action.rawValue, "\(version)", principalFacts, resourceFacts, context] {
            hash.update(data: Array(part.utf8))
            hash.update(data: [0x0A])
        }
        digest = Array(hash.finalize())
    }

    struct Key: Hashable, Sendable {
        let tenant: TenantID
        let day: Day
        let digest: [UInt8]
    }

    var key: Key { Key(tenant: tenant, day: day, digest: digest) }

    /// Counts another record of the same decision with this one.
    mutating func add(_ other: DecisionRecord) {
        times += other.times
        firstAt = min(firstAt, other.firstAt)
        lastAt = max(lastAt, other.lastAt)
    }

    /// Writes it, or counts it with what is there.
    ///
    /// Nothing is written of somebody who is being erased, or was.
    ///
    /// - Returns: Whether it is the first of its day.
    func put(on connection: any Connection) throws -> Bool {
        let counted = try connection.run(
            """
            UPDATE policy_decision SET times = times + \(times),
                first_at = CASE WHEN first_at < \(firstAt) THEN first_at ELSE \(firstAt) END,
                last_at = CASE WHEN last_at > \(lastAt) THEN last_at ELSE \(lastAt) END
            WHERE tenant = \(tenant) AND day = \(day) AND digest = \(digest)
            """)
        if counted > 0 { return false }
        if try isErased(on: connection) { return false }
        try connection.run(
            """
            INSERT INTO policy_decision (tenant, day, digest, action, person, about, resource, is_allowed, version,
                determining, failures, principal_facts, resource_facts, context, times, first_at, last_at)
            VALUES (\(tenant), \(day), \(digest), \(action), \(person), \(about), \(resource), \(isAllowed),
                \(version), \(determining), \(failures), \(principalFacts), \(resourceFacts), \(context), \(times),
                \(firstAt), \(lastAt))
            """)
        return true
    }

    private func isErased(on connection: any Connection) throws -> Bool {
        let people = [person, about].compactMap { $0 }
        if people.isEmpty { return false }
        return try connection.holds(
            "SELECT id FROM erasure WHERE tenant = \(tenant) AND person IN (\(SQL.list(people))) LIMIT 1")
    }
}
