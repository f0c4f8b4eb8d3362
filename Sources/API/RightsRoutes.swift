import Basis
import Evidence
import Hummingbird
import JSON
import People
import Stores
import Web

/// Who sees what is held, erased and kept: those who run it and those who audit it.
private let overseers = Access.oneOf([.administer, .audit])
private let administrators = Access.right(.administer)

/// What people can ask for about themselves, legal holds, retention and pseudonyms. See docs/privacy.md.
func rightsRoutes(_ stores: Stores) -> [Route] {
    exportRoutes(stores.rights) + erasureRoutes(stores.rights) + holdRoutes(stores.rights)
        + retentionRoutes(stores.rights) + pseudonymRoutes(stores.rights)
}

private func exportRoutes(_ desk: RightsDesk) -> [Route] {
    [
        .api(.get, "/api/v1/me/data.zip", .right(.learn), "Everything that is held about me.") { visit in
            archive(of: try visit.me.id, desk, visit)
        },
        .api(
            .get, "/api/v1/people/{id}/holdings", overseers,
            "What is held about a person, by kind, and what erasing the person would do: a dry run."
        ) { visit in
            let id = try visit.identifier("id", of: Person.self)
            return .json(view(try await desk.holdings(of: id, in: visit.tenant)))
        },
        .api(
            .post, "/api/v1/people/{id}/data.zip", administrators,
            "Everything that is held about a person; the reason is recorded.", members: [.needs("reason", .text)]
        ) { visit in
            let id = try visit.identifier("id", of: Person.self)
            try await desk.noteExport(
                of: id, reason: try visit.members().text("reason"), by: visit.me.id, in: visit.tenant)
            return archive(of: id, desk, visit)
        },
    ]
}

private func archive(of person: ID<Person>, _ desk: RightsDesk, _ visit: Visit) -> Response {
    let tenant = visit.tenant
    return .stream(type: "application/zip", fileName: "data.zip") { send in
        try await desk.archive(of: person, in: tenant, into: send)
    }
}

private func erasureRoutes(_ desk: RightsDesk) -> [Route] {
    [
        .api(
            .post, "/api/v1/people/{id}/erasure", administrators,
            "Erases a person: ends sign-in at once; a job does the rest.", members: [.needs("reason", .text)]
        ) { visit in
            let id = try visit.identifier("id", of: Person.self)
            let record = try await desk.erase(
                id, reason: try visit.members().text("reason"), by: visit.me.id, of: visit.tenant)
            return .json(try await desk.receipt(record.id, of: visit.tenant).json, status: .accepted)
        },
        .api(.get, "/api/v1/erasures", overseers, "Every erasure, the newest first.") { visit in
            .json(
                .list(
                    try await desk.erasures(of: visit.tenant).map { record in
                        [
                            "id": .init(record.id), "person": .init(record.person), "reason": .string(record.reason),
                            "orderedAt": .init(record.orderedAt), "orderedBy": .init(record.orderedBy),
                            "phase": .init(record.phase), "finishedAt": .init(record.finishedAt),
                        ]
                    }))
        },
        .api(
            .get, "/api/v1/erasures/{id}", overseers,
            "The receipt of an erasure: counts, leaves, and once a checkpoint covers it the proof of its event."
        ) { visit in
            .json(try await desk.receipt(try visit.identifier("id", of: Erasure.self), of: visit.tenant).json)
        },
        .api(.post, "/api/v1/erasures/{id}/resume", administrators, "Goes on with an erasure that stopped.") {
            visit in
            let id = try visit.identifier("id", of: Erasure.self)
            try await desk.resume(id, by: visit.me.id, of: visit.tenant)
            return .json(try await desk.receipt(id, of: visit.tenant).json, status: .accepted)
        },
    ]
}

private func holdRoutes(_ desk: RightsDesk) -> [Route] {
    [
        .api(.get, "/api/v1/holds", overseers, "Every legal hold, the newest first.") { visit in
            .json(.list(try await desk.holds(of: visit.tenant).map(\.json)))
        },
        .api(
            .post, "/api/v1/holds", overseers, "Forbids to erase anything of a person, or of anybody, for a time.",
            members: [
                .takes("person", .text, "An identity; nobody's for everybody."), .needs("reason", .text),
                .needs("endsOn", .text, "The last day, such as 2027-03-31."),
            ]
        ) { visit in
            let members = try visit.members()
            guard let day = try members.day("endsOn") else { throw missing("day") }
            let hold = try await desk.hold(
                try members.identifier("person", of: Person.self), until: day, reason: members.text("reason"),
                by: visit.me.id, of: visit.tenant)
            return .json(hold.json, status: .created)
        },
        .api(
            .post, "/api/v1/holds/{id}/lift", overseers, "Ends a hold before its day.",
            members: [.needs("reason", .text)]
        ) { visit in
            let id = try visit.identifier("id", of: LegalHold.self)
            let reason = try visit.members().text("reason")
            return .json(try await desk.lift(id, reason: reason, by: visit.me.id, of: visit.tenant).json)
        },
    ]
}

private func retentionRoutes(_ desk: RightsDesk) -> [Route] {
    [
        .api(.get, "/api/v1/retention/rules", overseers, "Every retention rule, those in force first.") { visit in
            .json(.list(try await desk.rules(of: visit.tenant).map(\.json)))
        },
        .api(
            .post, "/api/v1/retention/rules", administrators, "Says for how long which statements are kept.",
            members: [
                .needs("purpose", .text), .takes("verb", .text, "An IRI."), .takes("activityType", .text, "An IRI."),
                .needs("days", .integer, "1 to 36525; at least 183 for records of a high-risk AI system."),
                .takes("highRisk", .flag),
            ]
        ) { visit in
            let members = try visit.members()
            let draft = RetentionDraft(
                purpose: members.text("purpose"), verb: members.textIfAny("verb"),
                activityType: members.textIfAny("activityType"), days: members.integer("days") ?? 0,
                isHighRisk: members.flag("highRisk") ?? false)
            let rule = try await desk.makeRule(draft, by: visit.me.id, of: visit.tenant)
            return .json(rule.json, status: .created)
        },
        .api(
            .get, "/api/v1/retention/rules/{id}/forecast", overseers, "What a run of the rule would erase now."
        ) { visit in
            let id = try visit.identifier("id", of: RetentionRule.self)
            return .json(try await desk.forecast(id, of: visit.tenant).json)
        },
        .api(
            .post, "/api/v1/retention/rules/{id}/end", administrators, "Ends a rule: it erases nothing any longer.",
            members: [.needs("reason", .text)]
        ) { visit in
            let id = try visit.identifier("id", of: RetentionRule.self)
            try await desk.endRule(
                id, reason: try visit.members().text("reason"), by: visit.me.id, of: visit.tenant)
            return .noContent
        },
        .api(.post, "/api/v1/retention/run", administrators, "Runs every rule now instead of in the night.") { visit in
            let job = try await desk.queueRetention(by: visit.me.id, of: visit.tenant)
            return .json(["job": .init(job)], status: .accepted)
        },
        .api(.get, "/api/v1/retention/runs", overseers, "The latest runs, the newest first.") { visit in
            .json(.list(try await desk.runs(of: visit.tenant).map(\.json)))
        },
    ]
}

private func pseudonymRoutes(_ desk: RightsDesk) -> [Route] {
    [
        .api(
            .get, "/api/v1/statements/pseudonymised",
            .reader([.audit, .steward], scope: "statements/read/pseudonymised"),
            "Statements for analysts as JSON Lines: agents by pseudonym, no names, no free text.",
            queries: [
                .takes("after", .integer, "The place that the header X-Leeway-Place of an earlier answer told."),
                .takes("limit", .integer, "1 to 10000; 1000 unless told."),
            ]
        ) { visit in
            if let client = visit.client, client.activities != nil || client.learner != nil {
                throw Problem(
                    .forbidden, "scope", "This credential reaches only some statements. Ask for one without bounds.")
            }
            let after = try visit.query.integer("after", in: 0...Int.max) ?? 0
            let limit = try visit.query.integer("limit", in: 1...10_000) ?? 1_000
            var (bytes, place): ([UInt8], Int) = ([], after)
            try await desk.readPseudonymised(of: visit.tenant, after: after, limit: limit) { lines, end in
                bytes += lines
                place = end
            }
            var response = Response.bytes(bytes, type: "application/x-ndjson")
            response.headers[named: "X-Leeway-Place"] = "\(place)"
            return response
        },
        .api(
            .post, "/api/v1/pseudonyms/rotate", administrators,
            "Makes a new key: pseudonyms given before cannot be joined with those to come.",
            members: [.needs("reason", .text)]
        ) { visit in
            try await desk.rotatePseudonyms(
                reason: try visit.members().text("reason"), by: visit.me.id, of: visit.tenant)
            return .noContent
        },
    ]
}

// MARK: Views

private func view(_ holdings: Holdings) -> JSONValue {
    [
        "person": .init(holdings.person.id), "key": .string(holdings.person.key),
        "counts": .array(
            holdings.counts.map { count in
                var object = JSONObject([
                    ("kind", .string(count.kind)), ("count", .init(count.count)),
                    ("fate", .string(count.fate.word)),
                ])
                if case .kept(let ground) = count.fate { object["ground"] = .string(ground) }
                return .object(object)
            }),
        "hold": holdings.hold.map(\.json) ?? .null, "erasure": .init(holdings.erasure?.id),
    ]
}
