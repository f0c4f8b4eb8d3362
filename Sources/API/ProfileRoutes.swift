import Basis
import Evidence
import Hummingbird
import JSON
import People
import Web

/// The xAPI Profiles that statements are checked against, for administrators.
func profileRoutes(_ book: ProfileBook) -> [Route] {
    [
        .api(.get, "/api/v1/profiles", .right(.administer), "The loaded xAPI Profiles, with what each found.") {
            visit in
            .json(.list(try await book.list(of: visit.tenant).map(view)))
        },
        .api(
            .post, "/api/v1/profiles", .right(.administer),
            "Loads an xAPI Profile, or a newer document of one that is loaded.",
            members: [.needs("profile", .object, "The profile, JSON-LD.")] + options
        ) { visit in
            let members = try visit.members()
            let id = try await book.load(
                (members.value("profile") ?? .null).bytes, mode: try mode(members) ?? .warn,
                reach: try reach(members) ?? .declared, for: visit.tenant)
            return .json(["id": .string(id)], status: .created)
        },
        .api(
            .post, "/api/v1/profiles/options", .right(.administer),
            "Says how strict a profile is, and which statements it is for.",
            members: [.needs("id", .text, "The profile’s IRI.")] + options
        ) { visit in
            let members = try visit.members()
            try await book.set(
                mode: try mode(members), reach: try reach(members), of: members.text("id"), visit.tenant)
            return .noContent
        },
        .api(
            .post, "/api/v1/profiles/remove", .right(.administer),
            "Removes a profile with what it found. Statements stay as they are.",
            members: [.needs("id", .text, "The profile’s IRI.")]
        ) { visit in
            try await book.remove(try visit.members().text("id"), of: visit.tenant)
            return .noContent
        },
        .api(
            .get, "/api/v1/profiles/findings", .right(.administer),
            "What stored statements do otherwise than the profiles say, the most frequent first."
        ) { visit in
            .json(.list(try await book.findings(of: visit.tenant).map(view)))
        },
        .api(
            .get, "/api/v1/profiles/sequences", .right(.administer),
            "What a profile’s primary patterns say of the statements of one registration, or of the latest ones.",
            queries: [
                .needs("profile", .text, "The profile’s IRI; urn:leeway:profile for Leeway’s own."),
                .takes("registration", .text, "A UUID."),
            ]
        ) { visit in
            let profile = visit.query.text("profile")
            let reports =
                if let registration = visit.query.textIfAny("registration") {
                    try await book.sequences(of: registration, following: profile, of: visit.tenant)
                } else { try await book.recentSequences(following: profile, of: visit.tenant) }
            return .json(.list(reports.map(view)))
        },
    ]
}

private let options: [Member] = [
    .takes("mode", .text, "off, warn (stored, and listed) or refuse."),
    .takes("reach", .text, "declared (statements that name the profile) or described (all that a template describes)."),
]

private func mode(_ members: Members) throws -> ProfileMode? {
    try members.textIfAny("mode").map { text in
        guard let mode = ProfileMode(rawValue: text) else {
            throw members.refusal("mode", "profile-mode", "Write off, warn or refuse.")
        }
        return mode
    }
}

private func reach(_ members: Members) throws -> ProfileReach? {
    try members.textIfAny("reach").map { text in
        guard let reach = ProfileReach(rawValue: text) else {
            throw members.refusal("reach", "profile-reach", "Write declared or described.")
        }
        return reach
    }
}

private func view(_ profile: ProfileRecord) -> JSONValue {
    [
        "id": .string(profile.id), "name": .string(profile.name), "mode": .init(profile.mode),
        "reach": .init(profile.reach), "templates": .init(profile.templateCount),
        "concepts": .init(profile.conceptCount), "patterns": .init(profile.patternCount),
        "findings": .init(profile.findingCount), "loadedAt": .init(profile.loadedAt),
    ]
}

private func view(_ finding: ProfileFinding) -> JSONValue {
    [
        "profile": .string(finding.profile), "place": .string(finding.place), "name": .string(finding.name),
        "pointer": .string(finding.pointer), "detail": .string(finding.detail), "count": .init(finding.count),
        "lastAt": .init(finding.lastAt), "statement": .init(finding.statement),
    ]
}

private func view(_ report: SequenceReport) -> JSONValue {
    [
        "profile": .string(report.profile), "registration": .string(report.registration),
        "subregistration": .init(report.subregistration), "state": .init(report.state),
        "statements": .init(report.statementCount), "isCut": .bool(report.isCut), "lastAt": .init(report.lastAt),
        "patterns": .array(report.verdicts.map(view)),
    ]
}

private func view(_ verdict: PatternVerdict) -> JSONValue {
    [
        "pattern": .string(verdict.pattern), "name": .string(verdict.name), "state": .init(verdict.state),
        "matched": .init(verdict.matchedCount), "failedAt": .init(verdict.failedAt),
        "detail": .string(verdict.detail),
    ]
}
