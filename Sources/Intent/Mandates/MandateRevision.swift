public import Basis
public import People
import Storage

/// One publication or published change of a mandate, as it was decided.
public struct MandateRevision: Hashable, Sendable {
    /// From 1.
    public let number: Int
    public let minutes: Int
    public let deadline: Day
    public let audience: AudienceRule
    /// Everybody whom it was asked of.
    public let people: Int
    public let peopleOver: Int
    public let minutesOver: Int
    /// Why it was published over budget; nil when all of it fitted.
    public let overrideReason: String?
    public let at: Moment
    public let by: ID<Person>
}

extension MandateBook {
    /// Every revision of a mandate, the newest first.
    public func revisions(of id: ID<Mandate>, in tenant: TenantID) async throws -> [MandateRevision] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT * FROM mandate_revision WHERE tenant = \(tenant) AND mandate = \(id) ORDER BY revision DESC
                """
            ).map(MandateRevision.init)
        }
    }
}

extension MandateRevision {
    fileprivate init(_ row: Row) throws {
        self.init(
            number: try row.get("revision"), minutes: try row.get("minutes"), deadline: try row.get("deadline"),
            audience: try AudienceRule(stored: try row.get("audience", as: String.self)),
            people: try row.get("people"), peopleOver: try row.get("people_over"),
            minutesOver: try row.get("minutes_over"), overrideReason: try row.find("override_reason"),
            at: try row.get("at"), by: try row.get("by_person"))
    }
}
