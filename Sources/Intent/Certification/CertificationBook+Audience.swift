import Basis
import Evidence
import People
import Storage

// Who is asked, and who is away. Both follow from what the directory keeps.

/// Everybody who may be asked now, and what of them matters here.
struct CertificationPopulation {
    let facts: [PersonFacts]
    let terms: [ID<Person>: WorkingTerms]

    func isEmployed(_ person: ID<Person>, on day: Day) -> Bool {
        guard let terms = terms[person] else { return true }
        return terms.hiredOn.map { $0 <= day } ?? true && terms.leftOn.map { day <= $0 } ?? true
    }
}

extension CertificationBook {
    /// Somebody and what becomes known of them, in order.
    typealias Move = (person: ID<Person>, news: [CertificationNews])

    func population(of tenant: TenantID, on connection: any Connection) throws -> CertificationPopulation {
        let terms = try spine.presence.table(of: tenant, from: world.now().day, on: connection).terms
        return CertificationPopulation(facts: try spine.directory.facts(of: tenant, on: connection), terms: terms)
    }

    /// What is to become known for everybody to be asked who should be, and nobody else. Nothing when all are.
    func changes(
        of course: CertificationCourse, among population: CertificationPopulation, in tenant: TenantID,
        at now: Moment, on connection: any Connection
    ) throws -> [Move] {
        let today = course.rule.day(of: now)
        var open = Set(population.facts.filter(course.record.audience.contains).map(\.id))
        let active = Set(population.facts.map(\.id))
        var moves: [Move] = []
        try connection.each(
            """
            SELECT person, is_asked, is_employed FROM certification_assignment
            WHERE tenant = \(tenant) AND certification = \(course.record.id) ORDER BY person
            """
        ) { row in
            let person: ID<Person> = try row.get("person")
            let (wasAsked, wasEmployed): (Bool, Bool) = (try row.get("is_asked"), try row.get("is_employed"))
            let isMember = open.remove(person) != nil
            let isActive = active.contains(person)
            let isEmployed = isActive && population.isEmployed(person, on: today)
            var news: [CertificationNews] = []
            if wasEmployed != isEmployed {
                news.append(employment(of: person, isEmployed, population, today, at: now))
            }
            // Somebody who left stays meant, should they come back.
            if isActive, wasAsked != isMember {
                news.append(
                    CertificationNews(isMember ? .assigned(on: today) : .released(on: today), at: now))
            }
            if !news.isEmpty { moves.append((person, news)) }
        }
        let joining = open.filter { population.isEmployed($0, on: today) }
            .sorted { $0.description < $1.description }
        moves += joining.map { person in
            let hiredOn = population.terms[person]?.hiredOn ?? today
            return (
                person,
                [CertificationNews(.hired(on: hiredOn), at: now), CertificationNews(.assigned(on: today), at: now)]
            )
        }
        return moves
    }

    /// That somebody begins or ends employment. A day that was stated counts from that day, however late the run is.
    private func employment(
        of person: ID<Person>, _ isEmployed: Bool, _ population: CertificationPopulation, _ today: Day, at now: Moment
    ) -> CertificationNews {
        let terms = population.terms[person]
        if isEmployed {
            let stated = terms?.hiredOn.flatMap { $0 <= today ? $0 : nil }
            return CertificationNews(.hired(on: stated ?? today), at: now)
        }
        guard let last = terms?.leftOn, last < today else { return CertificationNews(.left(on: today), at: now) }
        return CertificationNews(.left(on: last + 1), at: min(now, (last + 1).start))
    }

    /// Moves people, within the caller's transaction. What holds already is passed over, so that doing it twice
    /// changes nothing.
    func move(
        _ moves: [Move], _ course: CertificationCourse, in tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws -> Written {
        var written = Written()
        for start in stride(from: 0, to: moves.count, by: CertificationBook.batch) {
            let some = Array(moves[start..<min(start + CertificationBook.batch, moves.count)])
            let moved = try moved(some, course, in: tenant, at: now, on: connection)
            written += try write(moved, course, in: tenant, at: now, on: connection)
        }
        return written
    }

    /// People as the moves leave them, without those of whom nothing is new. Nothing is written.
    func moved(
        _ moves: [Move], _ course: CertificationCourse, in tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws -> [CertificationSeat] {
        let people = moves.map(\.person)
        let known = Dictionary(
            uniqueKeysWithValues: try seats(of: people, course, in: tenant, on: connection).map { ($0.person, $0) })
        let asked = moves.filter { $0.news.contains { $0.fact.asks } }.map(\.person)
        let held = try completions(course.record, by: asked, in: tenant, on: connection)
        let away = try leaves(course.record, of: asked, from: course.rule.day(of: now), in: tenant, on: connection)
        return moves.compactMap { person, news in
            var seat = known[person] ?? CertificationSeat(person, revision: course.revision)
            for one in news where !seat.holds(one.fact) {
                if one.fact.asks {
                    for days in away[person] ?? [] {
                        seat.take(
                            CertificationNews(.leave(from: days.lowerBound, until: days.upperBound), at: now), course,
                            at: now)
                    }
                }
                seat.take(one, course, at: now)
                if one.fact.asks, let (moment, way) = held[person] {
                    seat.take(CertificationNews(.earned(moment, way), at: now), course, at: now)
                }
            }
            return seat.events.isEmpty && seat.lines.isEmpty ? nil : seat
        }
    }

    // MARK: Leave

    /// The absences that count as leave for a certification, by person, as certification was told of them.
    private func leaves(
        _ record: CertificationRecord, of people: [ID<Person>], from day: Day, in tenant: TenantID,
        on connection: any Connection
    ) throws -> [ID<Person>: [ClosedRange<Day>]] {
        guard let least = record.draft.leaveDays, !people.isEmpty else { return [:] }
        let wanted = Set(people)
        return try knownLeaves(from: day, in: tenant, on: connection).filter { wanted.contains($0.key) }
            .mapValues { $0.map(\.days).filter { $0.count >= least } }
    }

    /// Absences as certification knows them, or as they are now.
    struct Leave: Hashable {
        let days: ClosedRange<Day>
        let at: Moment
    }

    func knownLeaves(
        from day: Day, in tenant: TenantID, on connection: any Connection
    ) throws -> [ID<Person>: [Leave]] {
        try read("SELECT person, from_day, until_day, 0 AS at FROM certification_leave", day, tenant, connection)
    }

    func presentLeaves(
        from day: Day, in tenant: TenantID, on connection: any Connection
    ) throws -> [ID<Person>: [Leave]] {
        try read("SELECT person, from_day, until_day, noted_at AS at FROM absence", day, tenant, connection)
    }

    private func read(
        _ select: SQL, _ day: Day, _ tenant: TenantID, _ connection: any Connection
    ) throws -> [ID<Person>: [Leave]] {
        let condition: SQL = " WHERE tenant = \(tenant) AND until_day >= \(day) ORDER BY person, from_day"
        return try connection.rows(select + condition).reduce(into: [:]) { found, row in
            let (from, until): (Day, Day) = (try row.get("from_day"), try row.get("until_day"))
            found[try row.get("person"), default: []].append(
                Leave(days: from...max(from, until), at: try row.get("at")))
        }
    }

    /// What a certification is to be told so that it knows the present absences.
    ///
    /// A leave that became shorter is cut at the first day that it lost; what is left of it after that day is told
    /// anew.
    static func news(
        from known: [ClosedRange<Day>], to present: [Leave], atLeast least: Int, at now: Moment
    ) -> [CertificationNews] {
        let before = known.filter { $0.count >= least }
        let after = present.filter { $0.days.count >= least }
        var news: [CertificationNews] = []
        var again: Set<Leave> = []
        for span in before {
            var day = span.lowerBound
            while day <= span.upperBound, let one = after.first(where: { $0.days.contains(day) }) {
                day = one.days.upperBound + 1
            }
            if day > span.upperBound { continue }
            news.append(CertificationNews(.returned(on: day), at: now))
            again.formUnion(after.filter { $0.days.upperBound > day && $0.days.overlaps(span) })
        }
        for one in after {
            let isKnown = before.contains {
                $0.lowerBound <= one.days.lowerBound && one.days.upperBound <= $0.upperBound
            }
            if isKnown, !again.contains(one) { continue }
            let at = isKnown ? now : one.at
            news.append(CertificationNews(.leave(from: one.days.lowerBound, until: one.days.upperBound), at: at))
        }
        return news
    }
}

extension ClosedRange<Day> {
    /// How many days.
    var count: Int { upperBound - lowerBound + 1 }
}

extension CertificationFact {
    var asks: Bool { if case .assigned = self { true } else { false } }
}

extension CertificationSeat {
    /// Whether a fact says nothing new, because of a run before.
    fileprivate func holds(_ fact: CertificationFact) -> Bool {
        switch fact {
        case .hired: isEmployed
        case .left: !isEmployed
        case .assigned: isAsked
        case .released: !isAsked
        case .earned, .leave, .returned, .exempted, .readmitted, .extended, .revoked, .unextended: false
        }
    }
}
