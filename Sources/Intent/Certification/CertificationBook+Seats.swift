public import Basis
import Crypto
import Evidence
import Foundation
import JSON
import People
import Storage

// Moving people: their rows are read, moved, and written with all that is new in the same transaction.

extension CertificationBook {
    func course(
        _ record: CertificationRecord, in tenant: TenantID, on connection: any Connection
    ) throws -> CertificationCourse {
        let revisions = try connection.rows(
            """
            SELECT since, rule FROM certification_revision
            WHERE tenant = \(tenant) AND certification = \(record.id) ORDER BY revision
            """
        ).map {
            CertificationRevision(
                since: try $0.get("since"), rule: try CertificationTerms(stored: $0.get("rule")).rule())
        }
        return CertificationCourse(record: record, revisions: revisions)
    }

    func seats(
        of people: [ID<Person>], _ course: CertificationCourse, in tenant: TenantID, on connection: any Connection
    ) throws -> [CertificationSeat] {
        var seats: [CertificationSeat] = []
        for start in stride(from: 0, to: people.count, by: 500) {
            let some = Array(people[start..<min(start + 500, people.count)])
            seats += try connection.rows(
                """
                SELECT person, revision, state, events, lines, seen_at FROM certification_assignment
                WHERE tenant = \(tenant) AND certification = \(course.record.id) AND person IN (\(SQL.list(some)))
                """
            ).map(CertificationSeat.init)
        }
        return seats
    }

    /// What a writing did.
    struct Written {
        var lines = 0
        var notices = 0

        static func += (sum: inout Written, more: Written) {
            sum.lines += more.lines
            sum.notices += more.notices
        }
    }

    /// Writes seats that were moved: events, lines, notices, statements, and where each stands.
    func write(
        _ seats: [CertificationSeat], _ course: CertificationCourse, in tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws -> Written {
        if seats.isEmpty { return Written() }
        try connection.bulk(
            "certification_assignment", CertificationSeat.columns, seats.map { $0.row(course, tenant) },
            on: .replace(key: ["tenant", "certification", "person"]))
        var (events, lines): ([[Value]], [[Value]]) = ([], [])
        var statements: [StatementDraft] = []
        for seat in seats {
            let whose = [tenant.stored, course.record.id.stored, seat.person.stored]
            for (place, event) in seat.events.enumerated() {
                events.append(whose + [(seat.eventCount + place + 1).stored] + event.values)
            }
            for (place, line) in seat.lines.enumerated() {
                lines.append(whose + [(seat.lineCount + place + 1).stored] + line.values)
                if let statement = statement(of: line, seat.person, course.record, at: now) {
                    statements.append(statement)
                }
            }
        }
        try connection.bulk("certification_event", CertificationNews.columns, events, on: .refuse)
        try connection.bulk("certification_line", CertificationEntry.columns, lines, on: .refuse)
        let notices = try notify(seats, course.record, in: tenant, at: now, on: connection)
        if !statements.isEmpty { try spine.log.append(statements, to: tenant, on: connection) }
        return Written(lines: lines.count, notices: notices)
    }

    /// That a cycle was completed, under the registration of that cycle.
    private func statement(
        of line: CertificationEntry, _ person: ID<Person>, _ record: CertificationRecord, at now: Moment
    ) -> StatementDraft? {
        guard case .completed(let day, let way, let expiresOn) = line.what else { return nil }
        let key = CycleKey(mandate: record.id, person: person, number: line.cycle)
        return StatementDraft(
            .person(person), .completed, Change.Subject.mandate(record.id).activity(name: record.title),
            result: Outcome(completion: true), registration: key.registration, choice: .asked,
            extensions: [
                (
                    Vocabulary.detail,
                    .string("cycle \(line.cycle), \(way.words), on \(day), valid until \(expiresOn)")
                )
            ], timestamp: now)
    }
}

extension CertificationWay {
    var words: String {
        switch self {
        case .completion: "by completing it"
        case .equivalence: "by something equivalent"
        case .testOut: "by test"
        }
    }
}

extension CycleKey {
    /// The registration of the cycle's statements.
    ///
    /// - Shape: a version 8 UUID (RFC 9562, section 5.8), made from SHA-256 of the key.
    public var registration: ID<Registration> {
        var bytes = Array(SHA256.hash(data: Data(description.utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let uuid = bytes.withUnsafeBytes { $0.loadUnaligned(as: uuid_t.self) }
        return ID(UUID(uuid: uuid))
    }
}
