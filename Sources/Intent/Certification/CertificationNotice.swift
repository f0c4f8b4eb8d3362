public import Basis
public import Storage

/// Something that somebody is to be told about a certification. Written once; whatever sends it elsewhere reads it
/// here.
public struct CertificationNotice: Hashable, Sendable {
    /// What it tells.
    public enum Kind: String, CaseIterable, Storable, Sendable {
        /// A cycle opened: it can be completed from now on.
        case asked
        /// It is due soon, or today.
        case reminder
        /// The due day is over. To the person.
        case overdue
        /// The due day is over. To the manager, or to who asks.
        case escalated
        /// Nothing is due for a time: an exemption.
        case excused
        /// It is due later than it was.
        case extended
    }

    public let id: ID<CertificationNotice>
    public let certification: ID<Mandate>
    /// Whom it is about.
    public let person: ID<Person>
    /// Whom it tells.
    public let recipient: ID<Person>
    public let kind: Kind
    /// The number of the cycle; 0 when none was open.
    public let cycle: Int
    /// Since when it is so.
    public let day: Day
    public let dueOn: Day?
    public let writtenAt: Moment
    public let seenAt: Moment?
}

extension CertificationBook {
    /// What a person was told, the newest first; of what concerns others, too, for managers and owners.
    public func notices(
        to recipient: ID<Person>, of tenant: TenantID, unseenOnly: Bool = false, limit: Int = 100
    ) async throws -> [CertificationNotice] {
        try await database.read { connection in
            let unseen: SQL = unseenOnly ? " AND seen_at IS NULL" : ""
            return try connection.rows(
                """
                SELECT * FROM certification_notice WHERE tenant = \(tenant) AND recipient = \(recipient)\(unseen)
                ORDER BY day DESC, id DESC LIMIT \(limit)
                """
            ).map(CertificationNotice.init)
        }
    }

    /// Everything written after a moment, the earliest first: what a sender of messages asks.
    public func notices(
        since moment: Moment, of tenant: TenantID, limit: Int = 1_000
    ) async throws -> [CertificationNotice] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT * FROM certification_notice WHERE tenant = \(tenant) AND written_at > \(moment)
                ORDER BY written_at, id LIMIT \(limit)
                """
            ).map(CertificationNotice.init)
        }
    }

    /// The recipient has seen it. Seeing it twice changes nothing.
    ///
    /// - Throws: `Problem` (`notice-missing`, also for somebody else's).
    public func see(
        _ id: ID<CertificationNotice>, by recipient: ID<Person>, of tenant: TenantID
    ) async throws {
        let now = world.now()
        let count = try await database.write { connection in
            try connection.run(
                """
                UPDATE certification_notice SET seen_at = COALESCE(seen_at, \(now))
                WHERE tenant = \(tenant) AND id = \(id) AND recipient = \(recipient)
                """)
        }
        if count == 0 { throw Problem(.missing, "notice-missing", "There is no such notice of yours.") }
    }

    /// The recipient has seen all of it.
    ///
    /// - Returns: How many they had not seen before.
    @discardableResult
    public func seeAll(by recipient: ID<Person>, of tenant: TenantID) async throws -> Int {
        let now = world.now()
        return try await database.write { connection in
            try connection.run(
                """
                UPDATE certification_notice SET seen_at = \(now)
                WHERE tenant = \(tenant) AND recipient = \(recipient) AND seen_at IS NULL
                """)
        }
    }

    /// Writes what the new lines and events have somebody told, each at most once.
    func notify(
        _ seats: [CertificationSeat], _ record: CertificationRecord, in tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws -> Int {
        var drafts: [NoticeDraft] = []
        for seat in seats {
            for line in seat.lines { if let one = NoticeDraft(seat, line) { drafts.append(one) } }
            for event in seat.events { if let one = NoticeDraft(seat, event, record.rule) { drafts.append(one) } }
        }
        if drafts.isEmpty { return 0 }
        let managers = try managers(
            of: drafts.filter { $0.to == .manager }.map(\.person), in: tenant, on: connection)
        return try connection.bulk(
            "certification_notice",
            [
                "tenant", "id", "certification", "person", "recipient", "kind", "cycle", "day", "due_on",
                "written_at",
            ],
            drafts.map { one in
                let recipient =
                    switch one.to {
                    case .person: one.person
                    case .manager: managers[one.person] ?? record.asker
                    case .owner: record.asker
                    }
                return [
                    tenant.stored, world.id(CertificationNotice.self).stored, record.id.stored, one.person.stored,
                    recipient.stored, one.kind.stored, one.cycle.stored, one.day.stored, one.dueOn?.stored ?? .null,
                    now.stored,
                ]
            }, on: .skip)
    }

    /// Active managers by the person who reports to them.
    private func managers(
        of people: [ID<Person>], in tenant: TenantID, on connection: any Connection
    ) throws -> [ID<Person>: ID<Person>] {
        var found: [ID<Person>: ID<Person>] = [:]
        for start in stride(from: 0, to: people.count, by: 500) {
            let some = Array(people[start..<min(start + 500, people.count)])
            let rows = try connection.rows(
                """
                SELECT p.id AS id, m.id AS manager FROM person p
                JOIN person m ON m.tenant = p.tenant AND m.id = p.manager
                WHERE p.tenant = \(tenant) AND p.id IN (\(SQL.list(some))) AND m.is_active = 1
                """)
            for row in rows { found[try row.get("id")] = try row.get("manager") }
        }
        return found
    }
}

/// A notice about to be written.
private struct NoticeDraft {
    let person: ID<Person>
    let to: ReminderRule.Recipient
    let kind: CertificationNotice.Kind
    let cycle: Int
    let day: Day
    let dueOn: Day?

    init?(_ seat: CertificationSeat, _ line: CertificationEntry) {
        switch line.what {
        case .opened(let dueOn): (to, kind, self.dueOn) = (.person, .asked, dueOn)
        case .notice(let step):
            // The opening is told already.
            let isOpening = seat.lines.contains { other in
                guard case .opened = other.what else { return false }
                return other.cycle == line.cycle && other.day == line.day
            }
            if isOpening, step.recipient == .person { return nil }
            to = step.recipient
            kind = step.recipient != .person ? .escalated : step.days <= 0 ? .reminder : .overdue
            dueOn = line.day + -step.days
        case .dueMoved, .lapsed, .completed, .excused, .reopened, .ended: return nil
        }
        (person, cycle, day) = (seat.person, line.cycle, line.day)
    }

    init?(_ seat: CertificationSeat, _ event: CertificationNews, _ rule: CertificationRule) {
        switch event.fact {
        case .exempted(_, let until, _): (kind, dueOn) = (.excused, until)
        case .extended(let until): (kind, dueOn) = (.extended, until)
        case .revoked: (kind, dueOn) = (.asked, seat.state.current?.dueOn)
        case .unextended: (kind, dueOn) = (.reminder, seat.state.current?.dueOn)
        case .hired, .left, .assigned, .released, .earned, .leave, .returned, .readmitted: return nil
        }
        to = .person
        (person, cycle, day) = (seat.person, seat.state.current?.number ?? 0, rule.day(of: event.at))
    }
}

extension CertificationNotice {
    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), certification: try row.get("certification"), person: try row.get("person"),
            recipient: try row.get("recipient"), kind: try row.get("kind"), cycle: try row.get("cycle"),
            day: try row.get("day"), dueOn: try row.find("due_on"), writtenAt: try row.get("written_at"),
            seenAt: try row.find("seen_at"))
    }
}
