import Basis
import Evidence
import JSON
import People
import Storage

/// What Intent asks of the spine inside its own transactions: who somebody is, and that it be put on record.
struct Spine: Sendable {
    let directory: Directory
    let presence: PresenceBook
    let log: StatementLog
    let world: World

    init(database: any Database, world: World) {
        directory = Directory(database: database, world: world)
        presence = PresenceBook(database: database, world: world)
        log = StatementLog(database: database, world: world)
        self.world = world
    }

    /// The active people whom a rule means, in the order of their identifiers.
    func members(of rule: AudienceRule, in tenant: TenantID, on connection: any Connection) throws -> [ID<Person>] {
        var keys: [IDKey] = []
        try directory.visit(activeOf: tenant, asking: [rule], on: connection) { person in
            if rule.contains(person) { keys.append(IDKey(person.id.uuid)) }
        }
        return keys.sorted().map { ID($0.uuid) }
    }

    func isActive(_ person: ID<Person>, in tenant: TenantID, on connection: any Connection) throws -> Bool {
        try connection.holds(
            "SELECT id FROM person WHERE tenant = \(tenant) AND id = \(person) AND is_active = 1")
    }

    /// Refuses to name somebody who is not there.
    ///
    /// - Throws: `Problem` of kind `invalid` at `pointer`.
    func expectActive(
        _ person: ID<Person>, in tenant: TenantID, at pointer: String, on connection: any Connection
    ) throws {
        if try isActive(person, in: tenant, on: connection) { return }
        throw Problem(
            .invalid, "person-inactive", "That person is not an active person here. Name somebody who is.",
            at: [pointer])
    }

    /// Books time on a mandate or certification, in the month of `moment` in UTC.
    func spend(
        _ duration: Duration, on mandate: ID<Mandate>, by person: ID<Person>, of tenant: TenantID, at moment: Moment,
        on connection: any Connection
    ) throws {
        let (month, microseconds) = (Month(moment.day).index, max(0, duration.microseconds))
        try connection.run(
            """
            INSERT INTO mandate_spending (tenant, person, month, mandate, duration_us)
            VALUES (\(tenant), \(person), \(month), \(mandate), \(microseconds))
            ON CONFLICT (tenant, person, month, mandate)
            DO UPDATE SET duration_us = mandate_spending.duration_us + excluded.duration_us
            """)
    }

    /// A governance change about to be put on record.
    struct Note {
        let what: Change.What
        let subject: Change.Subject
        /// What the subject is called now.
        let name: String
        let by: ID<Person>
        var reason = ""
        var detail = ""
        /// What further to say in the statement, by IRI.
        var extensions: [(iri: String, value: JSONValue)] = []
    }

    /// Writes the history's row and the statement, in the transaction of the change itself.
    func put(_ note: Note, in tenant: TenantID, at now: Moment, on connection: any Connection) throws {
        let id = world.id(Change.self)
        try connection.run(
            """
            INSERT INTO intent_change (tenant, id, subject_kind, subject, what, person, at, reason, detail)
            VALUES (\(tenant), \(id), \(note.subject.kind), \(note.subject.key), \(note.what), \(note.by), \(now),
                \(note.reason), \(note.detail))
            """)
        var extensions = note.extensions
        if !note.reason.isEmpty { extensions.append((Vocabulary.reason, .string(note.reason))) }
        if !note.detail.isEmpty { extensions.append((Vocabulary.detail, .string(note.detail))) }
        try log.append(
            [
                StatementDraft(
                    .person(note.by), note.what.verb, note.subject.activity(name: note.name), extensions: extensions,
                    timestamp: now)
            ], to: tenant, on: connection)
    }
}

extension Change.What {
    /// The verb that evidence uses for it.
    var verb: Verb {
        switch self {
        case .registered: .registered
        case .revised: .revised
        case .published: .published
        case .retired: .retired
        case .overridden: .overridden
        case .proposed: .asked
        case .accepted: .accepted
        case .declined: .declined
        case .drafted: .drafted
        case .superseded: .superseded
        case .withdrawn: .withdrawn
        case .discarded: .discarded
        case .restored: .restored
        case .moved: .moved
        case .ended: .ended
        case .refreshed: .refreshed
        case .classified: .classified
        case .delegated: .delegated
        case .promoted: .promoted
        case .adapted: .adapted
        case .stopped: .stopped
        case .escalated: .escalated
        case .decided: .decided
        case .excused: .excused
        case .extended: .extended
        }
    }
}

extension Change.Subject {
    func activity(name: String) -> ActivityRef {
        switch self {
        case .strategy(let id):
            ActivityRef(Vocabulary.strategyIRI(id), name: name, type: Vocabulary.strategyType)
        case .use(let id): ActivityRef(Vocabulary.aiUseIRI(id), name: name, type: Vocabulary.aiUseType)
        case .mandate(let id): ActivityRef(Vocabulary.mandateIRI(id), name: name, type: Vocabulary.mandateType)
        case .policy: ActivityRef("urn:leeway:policy:leeway", name: name, type: Vocabulary.policyType)
        case .experiment(let id):
            ActivityRef(Vocabulary.experimentIRI(id), name: name, type: Vocabulary.experimentType)
        case .document(let id):
            ActivityRef("urn:leeway:document:\(id)", name: name, type: Vocabulary.policyType)
        case .rules: ActivityRef("urn:leeway:policy:access-rules", name: name, type: Vocabulary.policyType)
        case .escalation(let id):
            ActivityRef(Vocabulary.escalationIRI(id), name: name, type: Vocabulary.escalationType)
        }
    }
}
