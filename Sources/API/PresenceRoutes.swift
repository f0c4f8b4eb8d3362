import Basis
import Hummingbird
import Intent
import JSON
import People
import Stores
import Web

/// When people are there, and who stands in for an owner.
func presenceRoutes(_ stores: Stores) -> [Route] {
    ownRoutes(stores) + workingTimeRoutes(stores.presence) + delegationRoutes(stores.register)
}

private func ownRoutes(_ stores: Stores) -> [Route] {
    let presence = stores.presence
    return [
        .api(.get, "/api/v1/me/absences", .right(.learn), "The caller's days away, from today on.") { visit in
            let list = try await presence.absences(
                of: visit.me.id, from: stores.world.now().day, in: visit.tenant)
            return .json(.list(list.map(view)))
        },
        .api(
            .post, "/api/v1/me/absences", .right(.learn), "Notes days on which the caller is away.",
            members: absenceMembers
        ) { visit in
            let (from, until) = try days(try visit.members())
            let me = try visit.me.id
            let made = try await presence.note(me, awayFrom: from, until: until, by: me, in: visit.tenant)
            return .json(view(made), status: .created)
        },
        .api(.delete, "/api/v1/me/absences/{id}", .right(.learn), "Takes the caller's days away back.") { visit in
            let id = try visit.identifier("id", of: Absence.self)
            guard try await presence.absence(id, in: visit.tenant)?.person == visit.me.id else {
                throw missing("absence")
            }
            try await presence.remove(id, in: visit.tenant)
            return .noContent
        },
    ]
}

private func workingTimeRoutes(_ presence: PresenceBook) -> [Route] {
    [
        .api(
            .post, "/api/v1/people/{id}/absences", .right(.administer), "Notes days on which a person is away.",
            members: absenceMembers
        ) { visit in
            let id = try visit.identifier("id", of: Person.self)
            let (from, until) = try days(try visit.members())
            let made = try await presence.note(id, awayFrom: from, until: until, by: visit.me.id, in: visit.tenant)
            return .json(view(made), status: .created)
        },
        .api(.get, "/api/v1/people/{id}/working-time", .right(.administer), "How a person works.") { visit in
            let id = try visit.identifier("id", of: Person.self)
            return .json(view(try await presence.terms(of: id, in: visit.tenant)))
        },
        .api(
            .put, "/api/v1/people/{id}/working-time", .right(.administer), "Says how a person works.",
            members: [
                .takes("share", .number, "Of full time, 0 to 1; 1 unless told."),
                .takes("weekdays", .list, "1 for Monday to 7 for Sunday; Monday to Friday unless told."),
                .takes("timeZone", .text, "Such as Europe/Berlin; UTC unless told."),
                .takes("hiredOn", .text, "A day."), .takes("leftOn", .text, "A day."),
            ]
        ) { visit in
            let id = try visit.identifier("id", of: Person.self)
            let members = try visit.members()
            let share = members.number("share") ?? 1
            guard (0...1).contains(share) else {
                throw Problem(.invalid, "working-time", "The share of full time is between 0 and 1.", at: ["/share"])
            }
            var terms = WorkingTerms(
                shareBasisPoints: Int((share * 10_000).rounded()), timeZone: members.textIfAny("timeZone"),
                hiredOn: try members.day("hiredOn"), leftOn: try members.day("leftOn"))
            if let weekdays = members.value("weekdays")?.array {
                // What is no whole number is no weekday and is refused as such.
                terms.weekdays = Set(weekdays.map { $0.integer ?? 0 })
            }
            try await presence.set(terms, for: id, in: visit.tenant)
            return .json(view(try await presence.terms(of: id, in: visit.tenant)))
        },
        .api(.get, "/api/v1/holidays", .right(.learn), "The days on which nobody works.") { visit in
            .json(.list(try await presence.holidays(of: visit.tenant).map(view)))
        },
        .api(
            .put, "/api/v1/holidays", .right(.administer), "Puts these holidays in place of those of before.",
            members: [.needs("holidays", .list, "Objects with a day and a name.")]
        ) { visit in
            let list = try visit.members().list(
                "holidays", taking: [.needs("day", .text), .needs("name", .text)])
            let holidays = try list.compactMap { one in
                try one.day("day").map { Holiday(day: $0, name: one.text("name")) }
            }
            try await presence.set(holidays, of: visit.tenant)
            return .json(.list(try await presence.holidays(of: visit.tenant).map(view)))
        },
    ]
}

private func delegationRoutes(_ register: AIRegister) -> [Route] {
    [
        .api(.get, "/api/v1/me/delegations", .right(.learn), "Whom the caller asked, and who asked the caller.") {
            visit in
            .json(.list(try await register.delegations(of: visit.me.id, in: visit.tenant).map(view)))
        },
        .api(
            .post, "/api/v1/me/delegations", .right(.learn), "Asks somebody to stand in for the caller.",
            members: [
                .needs("delegate", .text, "A person's identity."),
                .takes("use", .text, "An AI use's identity; everything unless told."), .needs("from", .text),
                .needs("until", .text), .needs("reason", .text),
            ]
        ) { visit in
            let members = try visit.members()
            let (from, until) = try days(members)
            guard let delegate = try members.identifier("delegate", of: Person.self) else { throw missing("person") }
            guard until >= from else {
                throw Problem(
                    .invalid, "delegation-days", "The last day is before the first. Swap them.", at: ["/until"])
            }
            let made = try await register.delegate(
                from: visit.me.id, to: delegate, for: try members.identifier("use"), on: from...until,
                reason: members.text("reason"), of: visit.tenant)
            return .json(view(made), status: .created)
        },
        .api(
            .post, "/api/v1/delegations/{id}/answer", .right(.learn), "Takes on to stand in, or does not.",
            members: [.needs("accept", .flag)]
        ) { visit in
            let isAccepting = try visit.members().flag("accept") ?? false
            let one = try await register.answer(
                visit.identifier("id"), accepting: isAccepting, by: visit.me.id, of: visit.tenant)
            return .json(view(one))
        },
        .api(.post, "/api/v1/delegations/{id}/end", .right(.learn), "Ends standing in before its time.") { visit in
            let one = try await register.endDelegation(visit.identifier("id"), by: visit.me.id, of: visit.tenant)
            return .json(view(one))
        },
    ]
}

private let absenceMembers: [Member] = [
    .needs("from", .text, "The first day."), .needs("until", .text, "The last day."),
]

private func days(_ members: Members) throws -> (from: Day, until: Day) {
    guard let from = try members.day("from"), let until = try members.day("until") else {
        throw Problem(.invalid, "day", "Name the first and the last day.", at: ["/from"])
    }
    return (from, until)
}

private func view(_ one: Absence) -> JSONValue {
    [
        "id": .init(one.id), "from": .init(one.days.lowerBound), "until": .init(one.days.upperBound),
        "notedAt": .init(one.notedAt),
    ]
}

private func view(_ holiday: Holiday) -> JSONValue {
    ["day": .init(holiday.day), "name": .string(holiday.name)]
}

private func view(_ terms: WorkingTerms) -> JSONValue {
    [
        "share": .init(Double(terms.shareBasisPoints) / 10_000),
        "weekdays": .array(terms.weekdays.sorted().map { .init($0) }),
        "timeZone": terms.timeZone.map { .string($0) } ?? .null, "hiredOn": .init(terms.hiredOn),
        "leftOn": .init(terms.leftOn),
    ]
}

private func view(_ one: Delegation) -> JSONValue {
    [
        "id": .init(one.id), "person": .init(one.person), "delegate": .init(one.delegate), "use": .init(one.use),
        "from": .init(one.days.lowerBound), "until": .init(one.days.upperBound), "reason": .string(one.reason),
        "state": .init(one.state), "proposedAt": .init(one.proposedAt), "answeredAt": .init(one.answeredAt),
        "endedAt": .init(one.endedAt),
    ]
}
