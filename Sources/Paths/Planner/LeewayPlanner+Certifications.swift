public import Basis
public import Intent
import People
import Storage

// Certifications draw on the same learning time as mandates, so the same is asked of them before they are published.

extension LeewayPlanner {
    /// What a certification would do, as it stands in a form: to everybody who would have a cycle open at once. `id` is
    /// the certification that the draft would change; nil for a new one.
    ///
    /// - Returns: As for a mandate. `minutes` and `deadline` are the most and the latest of anybody; `held` are people
    ///   with nothing open, such as those with a certificate.
    /// - Throws: `Problem` of kind `invalid` naming every place.
    public func preview(
        _ draft: CertificationDraft, changing id: ID<Mandate>? = nil, of tenant: TenantID
    ) async throws -> MandatePreview {
        let now = world.now()
        return try await database.read { try preview(draft, changing: id, in: tenant, at: now, $0) }
    }

    /// What publishing a kept draft or restoring a retired certification would do, and whom retiring a published one
    /// would free.
    ///
    /// - Throws: `Problem` (`certification-missing`).
    public func preview(certification id: ID<Mandate>, of tenant: TenantID) async throws -> MandatePreview {
        let now = world.now()
        return try await database.read { connection in
            let record = try found(certification: id, in: tenant, on: connection)
            return try preview(record.draft, changing: id, in: tenant, at: now, connection)
        }
    }

    /// Publishes a certification when it fits everybody's budget, or when a reason to override is given.
    ///
    /// - Throws: `Problem` (`over-budget`) naming how many are over and by how much; all that `CertificationBook`
    ///   throws.
    public func publish(
        certification id: ID<Mandate>, override: String? = nil, by person: ID<Person>, of tenant: TenantID
    ) async throws -> CertificationRecord {
        try await ask(for: id, override, in: tenant) { verdict, now, connection in
            try certifications.publish(id, verdict, by: person, of: tenant, at: now, on: connection)
        }
    }

    /// Changes a published certification when the change fits, or when a reason to override is given.
    ///
    /// - Throws: as `publish`; `Problem` (`certification-changed`).
    public func revise(
        certification id: ID<Mandate>, to draft: CertificationDraft, since revision: Int? = nil,
        override: String? = nil, by person: ID<Person>, of tenant: TenantID
    ) async throws -> CertificationRecord {
        let now = world.now()
        return try await database.write { connection in
            let old = try found(certification: id, in: tenant, on: connection)
            try draft.check(on: now.day, keeping: old.draft.terms)
            let preview = try preview(draft, changing: id, in: tenant, at: now, connection)
            let record = try certifications.revise(
                id, to: draft, since: revision, preview.verdict(override), by: person, of: tenant, at: now,
                on: connection)
            try keep(preview, of: id, record.revision, in: tenant, on: connection)
            return record
        }
    }

    /// Undoes a retirement when there is room, or when a reason to override is given.
    ///
    /// - Throws: as `publish`.
    public func restore(
        certification id: ID<Mandate>, override: String? = nil, by person: ID<Person>, of tenant: TenantID
    ) async throws -> CertificationRecord {
        try await ask(for: id, override, in: tenant) { verdict, now, connection in
            try certifications.restore(id, verdict, by: person, of: tenant, at: now, on: connection)
        }
    }

    /// Asks for a certification as it stands when it fits, or when a reason to override is given.
    private func ask(
        for id: ID<Mandate>, _ override: String?, in tenant: TenantID,
        _ change: @escaping @Sendable (MandateVerdict, Moment, any Connection) throws -> CertificationRecord
    ) async throws -> CertificationRecord {
        let now = world.now()
        return try await database.write { connection in
            let draft = try found(certification: id, in: tenant, on: connection).draft
            let preview = try preview(draft, changing: id, in: tenant, at: now, connection)
            let record = try change(preview.verdict(override), now, connection)
            try keep(preview, of: id, record.revision, in: tenant, on: connection)
            return record
        }
    }

    private func found(
        certification id: ID<Mandate>, in tenant: TenantID, on connection: any Connection
    ) throws -> CertificationRecord {
        if let record = try certifications.find(id, in: tenant, on: connection) { return record }
        throw Problem(.missing, "certification-missing", "There is no such certification.")
    }

    /// What is asked of some people alike.
    private struct Alike: Hashable {
        let minutes: Int
        let dueOn: Day
    }

    /// Within the caller's transaction. People with the same minutes and due day are looked at together.
    func preview(
        _ draft: CertificationDraft, changing id: ID<Mandate>?, in tenant: TenantID, at now: Moment,
        _ connection: any Connection
    ) throws -> MandatePreview {
        let outlook = try certifications.outlook(draft, of: id, at: now, in: tenant, on: connection)
        guard let audience = draft.audience else {
            throw Problem(.invalid, "audience-missing", "The certification has no audience.", at: ["/audience"])
        }
        let reading = try AudienceReading(
            of: audience, changing: id, .openAndScheduled, tenant: tenant, on: now.day, self, connection)
        var alike: [Alike?] = Array(repeating: nil, count: reading.roll.count)
        var kinds: Set<Alike> = []
        for one in outlook {
            guard let place = reading.roll.place(of: one.person) else { continue }
            let kind = Alike(minutes: one.minutesLeft, dueOn: one.dueOn)
            (alike[place], kinds) = (kind, kinds.union([kind]))
        }
        let last = ([now.day] + kinds.map(\.dueOn) + [reading.lastDue].compactMap(\.self)).max() ?? now.day
        let months = Month(last).index - Month(now.day).index + 1
        let ordered = kinds.sorted { ($0.dueOn, $0.minutes) < ($1.dueOn, $1.minutes) }
        let parts = ordered.map { kind in
            MandatePreview(
                minutes: kind.minutes, deadline: kind.dueOn, bearers: reading.bearers { alike[$0] != kind }, held: 0,
                months: months)
        }
        return MandatePreview(
            joining: parts, audience: reading.roll.count, minutes: kinds.map(\.minutes).max() ?? 0,
            deadline: ordered.last?.dueOn ?? now.day, on: now.day)
    }
}

extension AudienceReading {
    /// The latest day on which anything is due.
    fileprivate var lastDue: Day? {
        (open.mandates.map(\.deadline) + [cycles.lastDue].compactMap(\.self)).max()
    }
}

extension MandatePreview {
    /// Previews of people with different minutes and due days as one. `parts` tell the same months.
    init(joining parts: [MandatePreview], audience: Int, minutes: Int, deadline: Day, on today: Day) {
        let asked = parts.reduce(0) { $0 + $1.asked }
        let over = parts.flatMap(\.over).sorted {
            ($1.minutes, $0.person.description) < ($0.minutes, $1.person.description)
        }
        let count = parts.map(\.months.count).max() ?? 0
        let loads = (0..<count).map { place in
            let all = parts.compactMap { $0.months.indices.contains(place) ? $0.months[place] : nil }
            return MonthLoad(
                month: Month(today) + place, peopleOver: all.reduce(0) { $0 + $1.peopleOver },
                minutesOver: all.reduce(0) { $0 + $1.minutesOver },
                minutesPlanned: all.reduce(0) { $0 + $1.minutesPlanned },
                minutesCeiling: all.reduce(0) { $0 + $1.minutesCeiling })
        }
        self.init(
            minutes: minutes, deadline: deadline, audience: audience, held: audience - asked, over: over,
            withoutDay: parts.flatMap(\.withoutDay), months: loads,
            alternatives: Alternatives(joining: parts.filter { !$0.fits }.map(\.alternatives)))
    }
}

extension MandatePreview.Alternatives {
    /// What makes room for the people of each part.
    init(joining parts: [MandatePreview.Alternatives]) {
        let (deadlines, minutes) = (parts.compactMap(\.deadline), parts.compactMap(\.minutes))
        let all = parts.first.map { first in
            first.retiring.filter { id in parts.allSatisfy { $0.retiring.contains(id) } }
        }
        let helped = parts.flatMap(\.relief).reduce(into: [ID<Mandate>: Int]()) {
            $0[$1.mandate, default: 0] += $1.people
        }
        let relief = helped.map { MandatePreview.Relief(mandate: $0, people: $1) }.sorted {
            ($1.people, $0.mandate.description) < ($0.people, $1.mandate.description)
        }
        self.init(
            deadline: deadlines.count == parts.count ? deadlines.max() : nil,
            minutes: minutes.count == parts.count ? minutes.min() : nil, retiring: all ?? [],
            options: parts.count == 1 ? parts.first?.options ?? [] : [],
            relief: Array(relief.prefix(MandatePreview.Alternatives.reliefLimit)))
    }
}
