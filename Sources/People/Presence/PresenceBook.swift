public import Basis
import Foundation
public import Storage

/// When people are there: working time, absences, holidays.
public struct PresenceBook: Sendable {
    /// The longest absence that is noted at once.
    /// - Unit: days.
    public static let absenceDayLimit = 1_100
    /// The most holidays that a tenant keeps.
    public static let holidayLimit = 2_000

    let database: any Database
    let world: World

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
    }

    /// How a person works; the usual terms until somebody said otherwise.
    public func terms(of person: ID<Person>, in tenant: TenantID) async throws -> WorkingTerms {
        try await database.read { connection in
            try connection.row("SELECT * FROM working_time WHERE tenant = \(tenant) AND person = \(person)")
                .map(WorkingTerms.init) ?? .usual
        }
    }

    /// Says how a person works.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place; `person-missing`.
    public func set(_ terms: WorkingTerms, for person: ID<Person>, in tenant: TenantID) async throws {
        try terms.check()
        try await database.write { connection in
            try expectPerson(person, tenant, on: connection)
            try connection.run(
                """
                INSERT INTO working_time (tenant, person, share_bp, weekdays, time_zone, hired_on, left_on)
                VALUES (\(tenant), \(person), \(terms.shareBasisPoints), \(terms.mask), \(terms.timeZone),
                    \(terms.hiredOn), \(terms.leftOn))
                ON CONFLICT (tenant, person) DO UPDATE SET share_bp = excluded.share_bp, weekdays = excluded.weekdays,
                    time_zone = excluded.time_zone, hired_on = excluded.hired_on, left_on = excluded.left_on
                """)
        }
    }

    /// Notes an absence. One that touches or overlaps earlier ones of the person is joined with them.
    ///
    /// - Returns: The absence as it stands then.
    /// - Throws: `Problem` (`absence-order`, `absence-long`, `person-missing`).
    @discardableResult
    public func note(
        _ person: ID<Person>, awayFrom first: Day, until last: Day, by author: ID<Person>, in tenant: TenantID
    ) async throws -> Absence {
        guard last >= first else {
            throw Problem(
                .invalid, "absence-order", "The last day, \(last), is before the first, \(first). Swap them.",
                at: ["/until"])
        }
        guard last - first < PresenceBook.absenceDayLimit else {
            throw Problem(
                .invalid, "absence-long",
                "That is \(last - first + 1) days. Note at most \(PresenceBook.absenceDayLimit) at once.",
                at: ["/until"])
        }
        let (id, now) = (world.id(Absence.self), world.now())
        return try await database.write { connection in
            try expectPerson(person, tenant, on: connection)
            let near = try connection.rows(
                """
                SELECT * FROM absence WHERE tenant = \(tenant) AND person = \(person)
                AND from_day <= \(last + 1) AND until_day >= \(first + -1)
                """
            ).map(Absence.init)
            let from = near.map(\.days.lowerBound).reduce(first, min)
            let until = near.map(\.days.upperBound).reduce(last, max)
            for old in near {
                try connection.run("DELETE FROM absence WHERE tenant = \(tenant) AND id = \(old.id)")
            }
            try connection.run(
                """
                INSERT INTO absence (tenant, id, person, from_day, until_day, noted_by, noted_at)
                VALUES (\(tenant), \(id), \(person), \(from), \(until), \(author), \(now))
                """)
            return Absence(id: id, person: person, days: from...until, notedBy: author, notedAt: now)
        }
    }

    /// Takes an absence back.
    ///
    /// - Throws: `Problem` (`absence-missing`).
    public func remove(_ id: ID<Absence>, in tenant: TenantID) async throws {
        try await database.write { connection in
            if try connection.run("DELETE FROM absence WHERE tenant = \(tenant) AND id = \(id)") == 0 {
                throw Problem(.missing, "absence-missing", "There is no such absence.")
            }
        }
    }

    /// One absence; nil when there is none.
    public func absence(_ id: ID<Absence>, in tenant: TenantID) async throws -> Absence? {
        try await database.read { connection in
            try connection.row("SELECT * FROM absence WHERE tenant = \(tenant) AND id = \(id)").map(Absence.init)
        }
    }

    /// A person's absences that end on or after a day, the earliest first.
    public func absences(
        of person: ID<Person>, from day: Day, in tenant: TenantID
    ) async throws -> [Absence] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT * FROM absence WHERE tenant = \(tenant) AND person = \(person) AND until_day >= \(day)
                ORDER BY from_day
                """
            ).map(Absence.init)
        }
    }

    /// The days on which nobody works, the earliest first.
    public func holidays(of tenant: TenantID) async throws -> [Holiday] {
        try await database.read { connection in
            try connection.rows("SELECT day, name FROM holiday WHERE tenant = \(tenant) ORDER BY day")
                .map { Holiday(day: try $0.get("day"), name: try $0.get("name")) }
        }
    }

    /// Puts these holidays in place of those of before.
    ///
    /// - Throws: `Problem` (`holidays-too-many`, `holiday-name`).
    public func set(_ holidays: [Holiday], of tenant: TenantID) async throws {
        guard holidays.count <= PresenceBook.holidayLimit else {
            throw Problem(
                .invalid, "holidays-too-many",
                "There are \(holidays.count) days. Keep at most \(PresenceBook.holidayLimit).", at: ["/holidays"])
        }
        for (place, one) in holidays.enumerated() where one.name.isEmpty || one.name.count > 200 {
            throw Problem(
                .invalid, "holiday-name", "The holiday of \(one.day) needs a name of 1 to 200 characters.",
                at: ["/holidays/\(place)/name"])
        }
        let byDay = Dictionary(holidays.map { ($0.day, $0) }) { _, last in last }
        try await database.write { connection in
            try connection.run("DELETE FROM holiday WHERE tenant = \(tenant)")
            try connection.bulk(
                "holiday", ["tenant", "day", "name"],
                byDay.values.sorted { $0.day < $1.day }.map { [tenant.stored, $0.day.stored, $0.name.stored] },
                on: .refuse)
        }
    }

    /// When everybody is there, or one person, from a day on, within the caller's transaction.
    public func table(
        of tenant: TenantID, from day: Day, person: ID<Person>? = nil, on connection: any Connection
    ) throws -> PresenceTable {
        let own: SQL = person.map { " AND person = \($0)" } ?? ""
        var terms: [ID<Person>: WorkingTerms] = [:]
        try connection.each("SELECT * FROM working_time WHERE tenant = \(tenant)\(own)") { row in
            let one = try WorkingTerms(row)
            if one != .usual { terms[try row.get("person")] = one }
        }
        var absences: [ID<Person>: [ClosedRange<Day>]] = [:]
        try connection.each(
            """
            SELECT person, from_day, until_day FROM absence WHERE tenant = \(tenant) AND until_day >= \(day)\(own)
            ORDER BY person, from_day
            """
        ) { row in
            let first: Day = try row.get("from_day")
            absences[try row.get("person"), default: []].append(first...max(first, try row.get("until_day")))
        }
        let holidays = try connection.rows("SELECT day FROM holiday WHERE tenant = \(tenant) AND day >= \(day)")
            .map { try $0.get("day", as: Day.self) }
        return PresenceTable(terms: terms, absences: absences, holidays: Set(holidays))
    }

    private func expectPerson(_ person: ID<Person>, _ tenant: TenantID, on connection: any Connection) throws {
        if try connection.holds("SELECT id FROM person WHERE tenant = \(tenant) AND id = \(person)") { return }
        throw Problem(.missing, "person-missing", "There is no such person.", at: ["/person"])
    }
}

extension WorkingTerms {
    /// Bit 0 is Monday.
    var mask: Int { weekdays.reduce(0) { $0 | 1 << ($1 - 1) } }

    /// - Throws: `Problem` of kind `invalid` naming every place.
    func check() throws(Problem) {
        var faults: [(pointer: String, sentence: String)] = []
        if !(0...10_000).contains(shareBasisPoints) {
            faults.append(("/share", "The share of full time is between 0 and 100 per cent."))
        }
        if weekdays.isEmpty || !weekdays.isSubset(of: 1...7) {
            faults.append(("/weekdays", "Name at least one weekday, 1 for Monday to 7 for Sunday."))
        }
        if let timeZone, TimeZone(identifier: timeZone) == nil {
            faults.append(("/timeZone", "“\(timeZone)” is no time zone. Write one such as Europe/Berlin."))
        }
        if let hiredOn, let leftOn, leftOn < hiredOn {
            faults.append(("/leftOn", "The last day, \(leftOn), is before the first, \(hiredOn)."))
        }
        if faults.isEmpty { return }
        throw Problem(
            .invalid, "working-time", faults.map(\.sentence).joined(separator: " "), at: faults.map(\.pointer),
            details: faults.map(\.sentence))
    }

    init(_ row: Row) throws {
        let mask: Int = try row.get("weekdays")
        self.init(
            shareBasisPoints: try row.get("share_bp"), weekdays: Set((1...7).filter { mask & 1 << ($0 - 1) != 0 }),
            timeZone: try row.find("time_zone"), hiredOn: try row.find("hired_on"), leftOn: try row.find("left_on"))
    }
}

extension Absence {
    init(_ row: Row) throws {
        let (from, until): (Day, Day) = (try row.get("from_day"), try row.get("until_day"))
        self.init(
            id: try row.get("id"), person: try row.get("person"), days: from...max(from, until),
            notedBy: try row.get("noted_by"), notedAt: try row.get("noted_at"))
    }
}
