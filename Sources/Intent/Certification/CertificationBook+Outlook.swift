public import Basis
import People
public import Storage

/// What one person would have before them once a certification is in force as a draft says.
public struct CertificationOutlook: Hashable, Sendable {
    public let person: ID<Person>
    public let dueOn: Day
    /// The minutes asked without what was spent on the cycle already.
    public let minutesLeft: Int
}

extension CertificationBook {
    /// Whose cycle would be open, due when, once a certification is published as a draft says: everybody is moved as
    /// publishing moves them, and nothing is written. `id` is the certification that the draft changes; nil for a new
    /// one.
    ///
    /// - Throws: `Problem` when the rule cannot be read or the draft has no audience.
    public func outlook(
        _ draft: CertificationDraft, of id: ID<Mandate>?, at now: Moment, in tenant: TenantID,
        on connection: any Connection
    ) throws -> [CertificationOutlook] {
        let course = try planned(draft, of: id, at: now, in: tenant, on: connection)
        var seats: [ID<Person>: CertificationSeat] = [:]
        if let id {
            try connection.each(
                """
                SELECT person, revision, state, events, lines, seen_at FROM certification_assignment
                WHERE tenant = \(tenant) AND certification = \(id)
                """
            ) { row in
                var seat = try CertificationSeat(row)
                seat.advance(to: course.rule.day(of: now), course)
                seats[seat.person] = seat
            }
        }
        let population = try population(of: tenant, on: connection)
        let moves = try changes(of: course, among: population, in: tenant, at: now, on: connection)
        for start in stride(from: 0, to: moves.count, by: CertificationBook.batch) {
            let some = Array(moves[start..<min(start + CertificationBook.batch, moves.count)])
            for seat in try moved(some, course, in: tenant, at: now, on: connection) { seats[seat.person] = seat }
        }
        let spent = try id.map { try spending(on: [$0], by: nil, tenant, on: connection) } ?? [:]
        return seats.values.compactMap { seat in
            guard seat.isAsked, seat.isEmployed, let current = seat.state.current,
                !seat.state.isExcused(on: current.dueOn)
            else { return nil }
            let renews = seat.state.certificateUntil != nil && !current.isLapsed
            let whose = Spender(person: IDKey(seat.person.uuid), certification: course.record.id)
            let minutes = renews ? draft.renewalMinutes : draft.minutes
            return CertificationOutlook(
                person: seat.person, dueOn: current.dueOn,
                minutesLeft: max(0, minutes - (spent[whose]?.minutes(since: current.opensOn) ?? 0)))
        }.sorted { IDKey($0.person.uuid) < IDKey($1.person.uuid) }
    }

    /// The certification as it would be, with the revision that the draft would make.
    private func planned(
        _ draft: CertificationDraft, of id: ID<Mandate>?, at now: Moment, in tenant: TenantID,
        on connection: any Connection
    ) throws -> CertificationCourse {
        let rule = try draft.terms.rule()
        guard let audience = draft.audience else {
            throw Problem(
                .invalid, "audience-missing", "The certification has no audience. Say who is asked.", at: ["/audience"])
        }
        let old = try id.flatMap { try records("c.id = \($0)", tenant, on: connection).first }
        let revisions = try old.map { try course($0, in: tenant, on: connection).revisions } ?? []
        let name = old?.id ?? world.id(Mandate.self)
        let record = CertificationRecord(
            id: name, state: .published, revision: revisions.count + 1, draft: draft,
            asker: draft.asker ?? ID(name.uuid), audience: audience, rule: rule, override: nil, createdAt: now,
            createdBy: draft.asker ?? ID(name.uuid), publishedAt: now, retiredAt: nil)
        return CertificationCourse(
            record: record, revisions: revisions + [CertificationRevision(since: now, rule: rule)])
    }
}
