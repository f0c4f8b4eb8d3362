public import Basis
import JSON
import Storage

/// A retention rule's identifier.
public enum RetentionRule {}
/// The identifier of one run of a retention rule.
public enum RetentionRun {}

/// For how long which statements are kept.
public struct RetentionRuleRecord: Sendable {
    public let id: ID<RetentionRule>
    /// What the statements serve, and why they are not needed longer.
    public let purpose: String
    /// An IRI. Nil: any verb.
    public let verb: String?
    /// The IRI of the type of the activity that is the object. Nil: any object.
    public let activityType: String?
    /// How old a statement becomes, both since it happened and since it was stored.
    public let days: Int
    /// They are records of a high-risk AI system, which must be kept for six months at least.
    public let isHighRisk: Bool
    public let madeAt: Moment
    public let madeBy: ID<Person>?
    public let endedAt: Moment?

    /// - Source: Regulation (EU) 2024/1689, Articles 19(1) and 26(6): at least six months.
    public static let highRiskDays = 183
    public static let dayLimit = 36_525

    init(_ row: Row) throws {
        id = try row.get("id")
        purpose = try row.get("purpose")
        verb = try row.find("verb")
        activityType = try row.find("activity_type")
        days = try row.get("days")
        isHighRisk = try row.get("is_high_risk")
        madeAt = try row.get("made_at")
        madeBy = try row.find("made_by")
        endedAt = try row.find("ended_at")
    }
}

/// A retention rule before it is kept.
public struct RetentionDraft: Hashable, Sendable {
    public var purpose: String
    public var verb: String?
    public var activityType: String?
    public var days: Int
    public var isHighRisk: Bool

    public init(purpose: String, verb: String?, activityType: String?, days: Int, isHighRisk: Bool) {
        self.purpose = purpose
        self.verb = verb
        self.activityType = activityType
        self.days = days
        self.isHighRisk = isHighRisk
    }

    /// - Throws: `Problem` (`retention-rule`) with a pointer.
    func check() throws(Problem) {
        func refuse(_ detail: String, _ pointer: String) -> Problem {
            Problem(.invalid, "retention-rule", detail, at: [pointer])
        }
        if verb == nil, activityType == nil { throw refuse("Name a verb, an activity type, or both.", "/verb") }
        if let verb, !Format.isIRI(verb) { throw refuse("“\(verb)” is no absolute IRI.", "/verb") }
        if let activityType, !Format.isIRI(activityType) {
            throw refuse("“\(activityType)” is no absolute IRI.", "/activityType")
        }
        if let verb, [Verb.voided.iri, Verb.erased.iri].contains(verb) {
            throw refuse("The record itself rests on these statements. Name another verb.", "/verb")
        }
        if !(1...RetentionRuleRecord.dayLimit).contains(days) {
            throw refuse("Keep them for 1 to \(RetentionRuleRecord.dayLimit) days.", "/days")
        }
        if isHighRisk, days < RetentionRuleRecord.highRiskDays {
            throw refuse(
                "Records of a high-risk AI system are kept for at least \(RetentionRuleRecord.highRiskDays) days.",
                "/days")
        }
    }
}

/// One run of a retention rule.
public struct RetentionRunRecord: Sendable {
    public let id: ID<RetentionRun>
    public let rule: ID<RetentionRule>
    /// What is older than this went.
    public let before: Moment
    public let startedAt: Moment
    /// Nil: the daily run.
    public let startedBy: ID<Person>?
    public let erased: Int
    /// Kept because of a legal hold over somebody in them.
    public let held: Int
    public let finishedAt: Moment?
    public let event: ID<Statement>?
    let place: Int

    init(_ row: Row) throws {
        id = try row.get("id")
        rule = try row.get("rule")
        before = try row.get("before_at")
        startedAt = try row.get("started_at")
        startedBy = try row.find("started_by")
        erased = try row.get("erased")
        held = try row.get("held")
        finishedAt = try row.find("finished_at")
        event = try row.find("event", as: [UInt8].self).map { ID(bytes: $0) }
        place = try row.get("place")
    }
}

/// What a run would do now.
public struct RetentionForecast: Hashable, Sendable {
    public let erased: Int
    public let held: Int
    /// A hold over everybody stops every run.
    public let isStopped: Bool
}

extension RightsDesk {
    /// - Throws: `Problem` (`retention-rule`, `reason`); `StorageError`.
    public func makeRule(
        _ draft: RetentionDraft, by author: ID<Person>?, of tenant: TenantID
    ) async throws -> RetentionRuleRecord {
        let purpose = try checked(draft.purpose, at: "/purpose")
        try draft.check()
        let (id, now) = (world.id(RetentionRule.self), world.now())
        return try await database.write { connection in
            try connection.run(
                """
                INSERT INTO retention_rule
                    (tenant, id, purpose, verb, activity_type, days, is_high_risk, made_at, made_by)
                VALUES (\(tenant), \(id), \(purpose), \(draft.verb), \(draft.activityType), \(draft.days),
                    \(draft.isHighRisk), \(now), \(author))
                """)
            _ = try record(
                .published, activity(of: id), by: author, reason: purpose,
                inputs: [
                    ("verb", JSONValue(draft.verb)), ("activityType", JSONValue(draft.activityType)),
                    ("days", JSONValue(draft.days)), ("highRisk", JSONValue(draft.isHighRisk)),
                ], for: tenant, on: connection)
            return try rule(id, of: tenant, on: connection)
        }
    }

    /// Ends a rule: from now on it erases nothing.
    ///
    /// - Throws: `Problem` (`retention-missing`, `retention-ended`, `reason`); `StorageError`.
    public func endRule(
        _ id: ID<RetentionRule>, reason: String, by author: ID<Person>?, of tenant: TenantID
    ) async throws {
        let reason = try checked(reason)
        let now = world.now()
        try await database.write { connection in
            if try rule(id, of: tenant, on: connection).endedAt != nil {
                throw Problem(.conflict, "retention-ended", "This rule has ended already.")
            }
            try connection.run(
                """
                UPDATE retention_rule SET ended_at = \(now), ended_by = \(author)
                WHERE tenant = \(tenant) AND id = \(id)
                """)
            _ = try record(.retired, activity(of: id), by: author, reason: reason, for: tenant, on: connection)
        }
    }

    func activity(of id: ID<RetentionRule>) -> ActivityRef {
        ActivityRef("urn:leeway:retention-rule:\(id)", name: "Retention rule", type: Vocabulary.retentionType)
    }

    /// Every rule, those in force first.
    public func rules(of tenant: TenantID) async throws -> [RetentionRuleRecord] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT * FROM retention_rule WHERE tenant = \(tenant)
                ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, made_at DESC, id DESC
                """
            ).map(RetentionRuleRecord.init)
        }
    }

    func rule(
        _ id: ID<RetentionRule>, of tenant: TenantID, on connection: any Connection
    ) throws -> RetentionRuleRecord {
        let row = try connection.row("SELECT * FROM retention_rule WHERE tenant = \(tenant) AND id = \(id)")
        guard let row else { throw Problem(.missing, "retention-missing", "There is no such retention rule.") }
        return try RetentionRuleRecord(row)
    }

    /// The latest runs, the newest first.
    public func runs(of tenant: TenantID, limit: Int = 100) async throws -> [RetentionRunRecord] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT * FROM retention_run WHERE tenant = \(tenant) ORDER BY started_at DESC, id DESC LIMIT \(limit)
                """
            ).map(RetentionRunRecord.init)
        }
    }
}
