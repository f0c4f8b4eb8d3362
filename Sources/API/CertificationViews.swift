import Basis
import Intent
import JSON
import People

// Certifications as every answer tells them.

func view(_ one: CertificationRecord, _ counts: CertificationCounts?) -> JSONValue {
    let draft = one.draft
    var json = JSONObject([
        ("id", .init(one.id)), ("state", .init(one.state)), ("revision", .init(one.revision)),
        ("title", .string(one.title)), ("why", .string(draft.why)), ("asker", .init(one.asker)),
        ("priority", .init(draft.priority)), ("basis", .string(draft.basis)),
        ("audience", .string(one.audience.text)), ("content", .init(draft.content)),
        ("minutes", .init(draft.minutes)), ("renewalContent", .init(draft.renewalContent)),
        ("renewalMinutes", .init(draft.renewalMinutes)), ("equivalents", .init(draft.equivalents)),
        ("testOut", .init(draft.testOut)), ("leaveDays", draft.leaveDays.map { .init($0) } ?? .null),
        ("rule", draft.terms.json), ("createdAt", .init(one.createdAt)), ("publishedAt", .init(one.publishedAt)),
        ("retiredAt", .init(one.retiredAt)),
    ])
    json["override"] = view(one.override)
    if let counts {
        var object = JSONObject([("asked", .init(counts.asked)), ("certified", .init(counts.certified))])
        for standing in CertificationStanding.allCases where standing != .certified {
            object[standing.rawValue] = .init(counts[standing])
        }
        object["certifiedWithNothingOpen"] = .init(counts[.certified])
        json["counts"] = .object(object)
    }
    return .object(json)
}

func view(_ place: CertificationPlace) -> JSONValue {
    [
        "certification": .init(place.certification), "person": .init(place.person), "standing": .init(place.standing),
        "cycle": place.cycle.map { .init($0) } ?? .null, "opensOn": .init(place.opensOn),
        "dueOn": .init(place.dueOn), "certifiedUntil": .init(place.certifiedUntil),
        "excusedUntil": .init(place.excusedUntil),
    ]
}

func view(_ file: CertificationFile) -> JSONValue {
    guard var json = view(file.place).object else { return .null }
    json["cycles"] = .array(
        file.cycles.map { cycle in
            let key = CycleKey(mandate: file.place.certification, person: file.place.person, number: cycle.number)
            return [
                "number": .init(cycle.number), "registration": .init(key.registration), "state": .init(cycle.state),
                "opensOn": .init(cycle.opensOn), "dueOn": .init(cycle.dueOn), "completedOn": .init(cycle.completedOn),
                "way": cycle.way.map { .init($0) } ?? .null, "expiresOn": .init(cycle.expiresOn),
                "lapsedOn": .init(cycle.lapsedOn), "closedOn": .init(cycle.closedOn), "reason": .init(cycle.reason),
            ]
        })
    json["told"] = .array(
        file.told.map {
            ["at": .init($0.event.at), "what": .string($0.event.fact.words), "by": .init($0.by)]
        })
    return .object(json)
}

func view(_ notice: CertificationNotice) -> JSONValue {
    [
        "id": .init(notice.id), "certification": .init(notice.certification), "person": .init(notice.person),
        "kind": .init(notice.kind), "cycle": .init(notice.cycle), "day": .init(notice.day),
        "dueOn": .init(notice.dueOn), "writtenAt": .init(notice.writtenAt), "seenAt": .init(notice.seenAt),
    ]
}
