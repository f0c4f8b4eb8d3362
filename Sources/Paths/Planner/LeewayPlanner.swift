public import Basis
public import Intent
import People
public import Storage

/// The planner over the database: what a mandate would do to everybody, and publishing it in full knowledge of that.
///
/// Preview and publication share one transaction, so what was previewed is still true when it is published.
public struct LeewayPlanner: Sendable {
    let database: any Database
    let world: World
    let mandates: MandateBook
    let certifications: CertificationBook
    let policies: LeewayPolicyBook
    let directory: Directory
    let presence: PresenceBook

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
        mandates = MandateBook(database: database, world: world)
        certifications = CertificationBook(database: database, world: world)
        policies = LeewayPolicyBook(database: database, world: world)
        directory = Directory(database: database, world: world)
        presence = PresenceBook(database: database, world: world)
    }

    /// What a mandate would do, as it stands in a form. Only its minutes, audience and deadline need be there. `id` is
    /// the mandate that the draft would change; nil for a new one.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place. An audience of nobody is previewed as such.
    public func preview(
        _ draft: MandateDraft, changing id: ID<Mandate>? = nil, of tenant: TenantID
    ) async throws -> MandatePreview {
        let today = world.now().day
        return try await database.read { try preview(draft, changing: id, in: tenant, on: today, $0) }
    }

    /// What publishing a kept draft, changing nothing of a published mandate, or restoring a retired one would do.
    public func preview(_ id: ID<Mandate>, of tenant: TenantID) async throws -> MandatePreview {
        let today = world.now().day
        return try await database.read { connection in
            let record = try found(id, in: tenant, on: connection)
            return try survey(MandateDraft(record), changing: id, in: tenant, on: today, connection)
        }
    }

    /// Publishes a draft when it fits everybody's budget, or when a reason to override is given.
    ///
    /// `override` says why it shall be asked although some are over budget: at least `Override.reasonMinimum`
    /// characters, kept, and shown to those whom it touches. Ignored when it fits.
    ///
    /// - Throws: `Problem` (`over-budget`) naming how many are over and by how much; all that `MandateBook.draft`
    ///   throws; `mandate-not-draft`.
    public func publish(
        _ id: ID<Mandate>, override: String? = nil, by person: ID<Person>, of tenant: TenantID
    ) async throws -> MandateRecord {
        let now = world.now()
        return try await database.write { connection in
            let draft = MandateDraft(try found(id, in: tenant, on: connection))
            let preview = try preview(draft, changing: id, in: tenant, on: now.day, connection)
            let record = try mandates.publish(
                id, preview.verdict(override), by: person, of: tenant, at: now, on: connection)
            try keep(preview, of: record.id, record.revision, in: tenant, on: connection)
            return record
        }
    }

    /// Changes a published mandate, when the change fits or a reason to override is given. Makes a new revision.
    ///
    /// - Throws: as `publish`; `mandate-not-published`.
    public func revise(
        _ id: ID<Mandate>, to draft: MandateDraft, override: String? = nil, by person: ID<Person>,
        of tenant: TenantID
    ) async throws -> MandateRecord {
        let now = world.now()
        return try await database.write { connection in
            try draft.check(on: now.day)
            let preview = try preview(draft, changing: id, in: tenant, on: now.day, connection)
            let record = try mandates.revise(
                id, to: draft, preview.verdict(override), by: person, of: tenant, at: now, on: connection)
            try keep(preview, of: record.id, record.revision, in: tenant, on: connection)
            return record
        }
    }

    /// Undoes a retirement, when there is still room for it or a reason to override is given.
    ///
    /// - Throws: as `publish`; `mandate-not-retired`.
    public func restore(
        _ id: ID<Mandate>, override: String? = nil, by person: ID<Person>, of tenant: TenantID
    ) async throws -> MandateRecord {
        let now = world.now()
        return try await database.write { connection in
            let draft = MandateDraft(try found(id, in: tenant, on: connection))
            let preview = try survey(draft, changing: id, in: tenant, on: now.day, connection)
            let record = try mandates.restore(
                id, preview.verdict(override), by: person, of: tenant, at: now, on: connection)
            try keep(preview, of: record.id, record.revision, in: tenant, on: connection)
            return record
        }
    }

    /// Within the caller's transaction.
    public func preview(
        _ draft: MandateDraft, changing id: ID<Mandate>?, in tenant: TenantID, on today: Day,
        _ connection: any Connection
    ) throws -> MandatePreview {
        try draft.checkPlannable(on: today)
        return try survey(draft, changing: id, in: tenant, on: today, connection)
    }

    /// A retired mandate may have its deadline behind it and be restored all the same: it is overdue then.
    private func survey(
        _ draft: MandateDraft, changing id: ID<Mandate>?, in tenant: TenantID, on today: Day,
        _ connection: any Connection
    ) throws -> MandatePreview {
        guard let audience = draft.audience, let deadline = draft.deadline else {
            throw Problem(.invalid, "mandate-invalid", "The mandate has no audience or no deadline. Choose both.")
        }
        let reading = try AudienceReading(
            of: audience, changing: id, .openAndScheduled, tenant: tenant, on: today, self, connection)
        let done = try doneAlready(draft.content, id, among: reading.roll, in: tenant, on: connection)
        let bearers = reading.bearers { done[$0] }
        return MandatePreview(
            minutes: draft.minutes, deadline: deadline, bearers: bearers, held: reading.roll.count - bearers.count)
    }

    /// Who completed the content by evidence, or the mandate itself before.
    private func doneAlready(
        _ content: ID<Content>?, _ id: ID<Mandate>?, among roll: PersonRoll, in tenant: TenantID,
        on connection: any Connection
    ) throws -> [Bool] {
        var done = [Bool](repeating: false, count: roll.count)
        if let content {
            for person in try mandates.holders(of: content, in: tenant, on: connection).keys {
                if let place = roll.place(of: person) { done[place] = true }
            }
        }
        if let id {
            try mandates.finished(id, in: tenant, on: connection) { person in
                if let place = roll.place(of: person) { done[place] = true }
            }
        }
        return done
    }

    /// Keeps whom an override touches.
    func keep(
        _ preview: MandatePreview, of id: ID<Mandate>, _ revision: Int, in tenant: TenantID,
        on connection: any Connection
    ) throws {
        try connection.bulk(
            "mandate_overload", ["tenant", "mandate", "revision", "person", "month", "minutes"],
            preview.over.flatMap { over in
                over.months.map { part in
                    [
                        tenant.stored, id.stored, revision.stored, over.person.stored,
                        part.month.index.stored, part.minutes.stored,
                    ]
                }
            }, on: .refuse)
    }

    func found(_ id: ID<Mandate>, in tenant: TenantID, on connection: any Connection) throws -> MandateRecord {
        guard let record = try mandates.find(id, in: tenant, on: connection) else {
            throw Problem(.missing, "mandate-missing", "There is no such mandate.")
        }
        return record
    }
}

extension MandatePreview {
    /// What it says to whoever publishes.
    func verdict(_ override: String?) -> MandateVerdict {
        MandateVerdict(peopleOver: peopleOver, minutesOver: minutesOver, override: override)
    }
}
