import Basis
import Evidence
import Foundation
import Storage

/// Learning time by person, object and choice, from evidence.
struct LearningHours {
    struct Row {
        let person: ID<Person>
        let content: ID<Content>
        /// Nil when the evidence does not say.
        let choice: Choice?
        let hours: Double

        /// Fixes the order in which hours are summed, so that the last digit of a measure repeats too.
        fileprivate var order: (UInt64, UInt64, String) {
            (LearningHours.low(person.uuid), LearningHours.low(content.uuid), choice?.rawValue ?? "")
        }
    }

    /// The random part of an identifier.
    private static func low(_ id: UUID) -> UInt64 {
        withUnsafeBytes(of: id.uuid) { $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self).bigEndian }
    }

    let rows: [Row]

    /// Evidence about learning objects since a moment, of people of the tenant. Voided statements do not count.
    init(of tenant: TenantID, since: Moment, on connection: any Connection) throws {
        var contents: [Int: ID<Content>] = [:]
        try connection.each(
            "SELECT number, iri FROM activity WHERE tenant = \(tenant) AND iri LIKE 'urn:leeway:content:%'"
        ) { row in contents[try row.get("number")] = Vocabulary.id(Content.self, in: try row.get("iri")) }
        var people: [Int: ID<Person>] = [:]
        try connection.each(
            "SELECT number, person FROM agent WHERE tenant = \(tenant) AND person IS NOT NULL"
        ) { row in people[try row.get("number")] = try row.get("person") }
        var sums: [Key: Int64] = [:]
        // Answered by the index of learning time alone; the words of its condition are the index's own.
        try connection.each(
            """
            SELECT activity, actor, choice, duration_us FROM statement
            WHERE tenant = \(tenant) AND duration_us > 0 AND voided = 0 AND timestamp_at >= \(since)
            """
        ) { row in
            guard let activity = try row.find("activity", as: Int.self), let content = contents[activity],
                let person = people[try row.get("actor")]
            else { return }
            let choice = try row.find("choice", as: String.self).flatMap(Choice.init)
            sums[Key(person: person, content: content, choice: choice), default: 0] += try row.get("duration_us")
        }
        rows = sums.map { key, microseconds in
            Row(
                person: key.person, content: key.content, choice: key.choice,
                hours: Double(microseconds) / 3_600_000_000)
        }
        .sorted { $0.order < $1.order }
    }

    private struct Key: Hashable {
        let person: ID<Person>
        let content: ID<Content>
        let choice: Choice?
    }
}

/// What the catalogue says of each object, as far as measures need it.
struct ContentFacts {
    let skills: [ID<Content>: [ID<Skill>]]
    let origins: [ID<Content>: Origin]

    init(of tenant: TenantID, on connection: any Connection) throws {
        var origins: [ID<Content>: Origin] = [:]
        try connection.each("SELECT id, origin FROM content WHERE tenant = \(tenant)") { row in
            origins[try row.get("id")] = Origin(rawValue: try row.get("origin")) ?? .unknown
        }
        var skills: [ID<Content>: [ID<Skill>]] = [:]
        try connection.each(
            """
            SELECT c.id AS id, k.skill AS skill FROM content_skill k
            JOIN content c ON c.tenant = k.tenant AND c.number = k.content
            WHERE k.tenant = \(tenant)
            """
        ) { row in skills[try row.get("id"), default: []].append(try row.get("skill")) }
        self.origins = origins
        self.skills = skills
    }
}
