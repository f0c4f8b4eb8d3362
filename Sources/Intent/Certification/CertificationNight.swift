public import Basis
import Evidence
import People
import Storage

/// What a nightly run did.
public struct CertificationNight: Hashable, Sendable {
    /// The day up to which everybody was brought, in UTC.
    public let day: Day
    public var programmes = 0
    /// People who are asked now and were not before.
    public var joined = 0
    /// People who are no longer asked.
    public var ended = 0
    /// People whose day had come.
    public var advanced = 0
    /// Lines added to histories.
    public var lines = 0
    public var notices = 0
}

/// The nightly run: who is asked, who is away, what was completed elsewhere, and what the day brings.
///
/// Each step is a transaction of its own that leaves everything true, so a run that was killed goes on with the next
/// one, and one that runs twice, or on several machines at once, finds nothing to do.
public struct CertificationNightRun: Sendable {
    private let book: CertificationBook

    public init(_ book: CertificationBook) { self.book = book }

    /// Runs for one tenant: brings everybody up to a day, today unless said otherwise. A whole run also looks who
    /// joined, left, is away, and what was completed elsewhere.
    ///
    /// - Returns: What it did.
    /// - Throws: `Problem` (`day-future`), `StorageError`.
    @discardableResult
    public func run(of tenant: TenantID, through day: Day? = nil, isWhole: Bool = true) async throws
        -> CertificationNight
    {
        let (start, database) = (book.world.now(), book.database)
        if let day, day > start.day {
            throw Problem(.invalid, "day-future", "The day, \(day), is still to come. Name today or an earlier one.")
        }
        var night = CertificationNight(day: day ?? start.day)
        let courses = try await database.read { [book] connection in
            try book.list(of: tenant, state: .published, on: connection)
                .map { try book.course($0, in: tenant, on: connection) }
        }
        night.programmes = courses.count
        if isWhole, !courses.isEmpty {
            try await tellLeaves(courses, tenant, &night)
            let population = try await database.read { [book] in try book.population(of: tenant, on: $0) }
            for course in courses {
                try await tellEvidence(course, tenant, &night)
                try await tellAudience(course, population, tenant, &night)
            }
        }
        for course in courses { try await advance(course, through: day, tenant, &night) }
        try await note(night, since: start, tenant)
        return night
    }

    /// Runs for every tenant: a whole run once a day, and what the hour brings in between, for time zones.
    public func keepWatch(
        pause: Duration = .seconds(600), fault: @Sendable (any Error) -> Void = { _ in }
    ) async {
        var day: Day?
        while !Task.isCancelled {
            do {
                let today = book.world.now().day
                for tenant in try await book.spine.directory.tenants() {
                    _ = try await run(of: tenant.id, isWhole: day != today)
                }
                day = today
            } catch is CancellationError {
                return
            } catch {
                fault(error)
            }
            try? await Task.sleep(for: pause)
        }
    }

    private func note(_ night: CertificationNight, since start: Moment, _ tenant: TenantID) async throws {
        if night.joined + night.ended + night.advanced == 0 { return }
        let span = (book.world.now() - start).microseconds
        try await book.database.write { connection in
            try connection.run(
                """
                INSERT INTO certification_night (tenant, at, day, programmes, joined, ended, advanced, lines, notices,
                    duration_us)
                VALUES (\(tenant), \(start), \(night.day), \(night.programmes), \(night.joined), \(night.ended),
                    \(night.advanced), \(night.lines), \(night.notices), \(span))
                ON CONFLICT (tenant, at) DO NOTHING
                """)
        }
    }

    // MARK: What the day brings

    private func advance(
        _ course: CertificationCourse, through day: Day?, _ tenant: TenantID, _ night: inout CertificationNight
    ) async throws {
        while true {
            let now = book.world.now()
            let today = course.rule.day(of: now)
            let last = day.map { min($0, today) } ?? today
            let (count, written) = try await book.database.write { [book] connection in
                guard try book.isCurrent(course, in: tenant, on: connection) else {
                    return (0, CertificationBook.Written())
                }
                var seats = try connection.rows(
                    """
                    SELECT person, revision, state, events, lines, seen_at FROM certification_assignment
                    WHERE tenant = \(tenant) AND certification = \(course.record.id) AND next_day <= \(last)
                    ORDER BY next_day, person LIMIT \(CertificationBook.batch)
                    """
                ).map(CertificationSeat.init)
                for place in seats.indices { seats[place].advance(to: last, course) }
                return (seats.count, try book.write(seats, course, in: tenant, at: now, on: connection))
            }
            if count == 0 { return }
            night.advanced += count
            night.lines += written.lines
            night.notices += written.notices
        }
    }

    // MARK: What became known elsewhere

    private func tellAudience(
        _ course: CertificationCourse, _ population: CertificationPopulation, _ tenant: TenantID,
        _ night: inout CertificationNight
    ) async throws {
        let now = book.world.now()
        let moves = try await book.database.read { [book] connection in
            try book.changes(of: course, among: population, in: tenant, at: now, on: connection)
        }
        night.joined += moves.count { $0.news.contains { $0.fact.asks } }
        night.ended += moves.count { $0.news.contains { $0.fact.ends } }
        try await write(moves, course, tenant, &night)
    }

    /// In parts, each in a transaction of its own.
    private func write(
        _ moves: [CertificationBook.Move], _ course: CertificationCourse, _ tenant: TenantID,
        _ night: inout CertificationNight
    ) async throws {
        for start in stride(from: 0, to: moves.count, by: CertificationBook.batch) {
            let some = Array(moves[start..<min(start + CertificationBook.batch, moves.count)])
            let now = book.world.now()
            let written = try await book.database.write { [book] connection in
                guard try book.isCurrent(course, in: tenant, on: connection) else {
                    return CertificationBook.Written()
                }
                return try book.move(some, course, in: tenant, at: now, on: connection)
            }
            night.lines += written.lines
            night.notices += written.notices
        }
    }

    /// Tells absences that are new, became longer or shorter, or are gone, to those whom they touch.
    private func tellLeaves(
        _ courses: [CertificationCourse], _ tenant: TenantID, _ night: inout CertificationNight
    ) async throws {
        let day = book.world.now().day
        let people = try await book.database.read { [book] connection in
            let known = try book.knownLeaves(from: day, in: tenant, on: connection)
            let present = try book.presentLeaves(from: day, in: tenant, on: connection)
            return Set(known.keys).union(present.keys).filter { person in
                known[person, default: []].map(\.days) != present[person, default: []].map(\.days)
            }.sorted { $0.description < $1.description }
        }
        for start in stride(from: 0, to: people.count, by: 500) {
            let some = Set(people[start..<min(start + 500, people.count)])
            let now = book.world.now()
            let written = try await book.database.write { [book] connection in
                try book.tellLeaves(courses, of: some, from: day, in: tenant, at: now, on: connection)
            }
            night.lines += written.lines
            night.notices += written.notices
        }
    }

    /// Counts what was completed outside of sittings, such as in another system that sends its evidence here.
    private func tellEvidence(
        _ course: CertificationCourse, _ tenant: TenantID, _ night: inout CertificationNight
    ) async throws {
        let now = book.world.now()
        let written = try await book.database.write { [book] connection in
            guard try book.isCurrent(course, in: tenant, on: connection) else { return CertificationBook.Written() }
            return try book.tellEvidence(course, in: tenant, at: now, on: connection)
        }
        night.lines += written.lines
        night.notices += written.notices
    }
}

extension CertificationFact {
    fileprivate var ends: Bool {
        switch self {
        case .left, .released: true
        case .hired, .assigned, .earned, .leave, .returned, .exempted, .readmitted, .extended, .revoked, .unextended:
            false
        }
    }
}

extension CertificationBook {
    /// How late a statement may become visible after it got its number.
    private static let settling = Duration.minutes(10)

    /// Whether a certification is still as it was read before.
    func isCurrent(
        _ course: CertificationCourse, in tenant: TenantID, on connection: any Connection
    ) throws -> Bool {
        try connection.holds(
            """
            SELECT id FROM certification WHERE tenant = \(tenant) AND id = \(course.record.id)
            AND state = 'published' AND revision = \(course.revision)
            """)
    }

    func tellLeaves(
        _ courses: [CertificationCourse], of people: Set<ID<Person>>, from day: Day, in tenant: TenantID,
        at now: Moment, on connection: any Connection
    ) throws -> Written {
        let known = try knownLeaves(from: day, in: tenant, on: connection)
        let present = try presentLeaves(from: day, in: tenant, on: connection)
        let sorted = people.sorted { $0.description < $1.description }
        var written = Written()
        for course in courses {
            guard let least = course.record.draft.leaveDays,
                try isCurrent(course, in: tenant, on: connection)
            else { continue }
            var moved: [CertificationSeat] = []
            for var seat in try seats(of: sorted, course, in: tenant, on: connection) {
                let news = CertificationBook.news(
                    from: known[seat.person, default: []].map(\.days), to: present[seat.person, default: []],
                    atLeast: least, at: now)
                for one in news { seat.take(one, course, at: now) }
                if !news.isEmpty { moved.append(seat) }
            }
            written += try write(moved, course, in: tenant, at: now, on: connection)
        }
        for start in stride(from: 0, to: sorted.count, by: 500) {
            let some = Array(sorted[start..<min(start + 500, sorted.count)])
            try connection.run(
                "DELETE FROM certification_leave WHERE tenant = \(tenant) AND person IN (\(SQL.list(some)))")
        }
        try connection.bulk(
            "certification_leave", ["tenant", "person", "from_day", "until_day"],
            sorted.flatMap { person in
                present[person, default: []].map {
                    [tenant.stored, person.stored, $0.days.lowerBound.stored, $0.days.upperBound.stored]
                }
            }, on: .skip)
        return written
    }

    func tellEvidence(
        _ course: CertificationCourse, in tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws -> Written {
        let id = course.record.id
        let since: Int = try connection.value(
            "SELECT evidence_seq FROM certification WHERE tenant = \(tenant) AND id = \(id)")
        let settled: Int = try connection.value(
            """
            SELECT COALESCE(MAX(seq), 0) AS seq FROM statement
            WHERE tenant = \(tenant) AND seq > \(since) AND stored_at < \(now - CertificationBook.settling)
            """)
        var found: [ID<Person>: [(at: Moment, part: CertificationPart)]] = [:]
        for (content, part) in course.record.draft.parts {
            let rows = try connection.rows(
                evidence(
                    of: content, tenant, "agent.person AS person, statement.timestamp_at AS at",
                    " AND statement.seq > \(since) ORDER BY statement.seq"))
            for row in rows { found[try row.get("person"), default: []].append((try row.get("at"), part)) }
        }
        let people = found.keys.sorted { $0.description < $1.description }
        var moved: [CertificationSeat] = []
        for var seat in try seats(of: people, course, in: tenant, on: connection) where seat.isAsked {
            // Sittings tell it at once; a statement holds whole milliseconds.
            let told = Set(
                try connection.rows(
                    """
                    SELECT earned_at FROM certification_event WHERE tenant = \(tenant) AND certification = \(id)
                    AND person = \(seat.person) AND fact = 'earned'
                    """
                ).map { try $0.get("earned_at", as: Moment.self).microseconds / 1_000 })
            var seen = told
            for (at, part) in found[seat.person] ?? [] where seen.insert(at.microseconds / 1_000).inserted {
                _ = try seat.earn([part], at: at, course, now: now)
            }
            if !seat.events.isEmpty { moved.append(seat) }
        }
        let written = try write(moved, course, in: tenant, at: now, on: connection)
        if settled > since {
            try connection.run(
                "UPDATE certification SET evidence_seq = \(settled) WHERE tenant = \(tenant) AND id = \(id)")
        }
        return written
    }
}
