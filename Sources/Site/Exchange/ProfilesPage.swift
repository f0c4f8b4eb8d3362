import Basis
import Evidence
import HTML

/// The xAPI Profiles that statements are checked against.
struct ProfilesModel: Sendable {
    let profiles: [ProfileRecord]
    let findings: [ProfileFinding]
    /// Sequences that failed lately.
    var failures: [SequenceReport] = []
    var form = Entries()
}

func profilesPage(_ model: ProfilesModel, in frame: Frame) -> Fragment {
    page("xAPI Profiles", in: frame, crumbs: [Crumb("Settings", "/settings")]) {
        "Rules for statements that come in, as other organisations publish them."
    } content: {
        p {
            "What Leeway writes itself is described in "
            a(.href("/xapi/profile")) { "its own profile" }
            "."
        }
        if model.profiles.isEmpty {
            emptyState(
                .check, "No profile is loaded",
                "With a profile, statements that declare it are checked as they come in.",
                example: "the cmi5 profile, a JSON-LD file.")
        } else {
            profileTable(model, frame)
        }
        if !model.findings.isEmpty {
            part("What was found", id: "findings") { findingTable(model) }
        }
        if !model.failures.isEmpty {
            part("Registrations that failed lately", id: "sequences") { failureTable(model) }
        }
        part("Load a profile", id: "load") { loading(model, frame) }
    }
}

private func loading(_ model: ProfilesModel, _ frame: Frame) -> Fragment {
    frame.form(to: "/settings/profiles", class: "stack", takesFile: true) {
        refusal(model.form)
        div(.class("field")) {
            label(.for("file")) { "File" }
            p(.class("hint"), .id("file-hint")) { "JSON-LD, at most 4 MiB. A newer one takes the older one’s place." }
            input(
                .id("file"), .name("file"), .type("file"), .required(true), .aria("describedby", "file-hint"))
        }
        radios("mode", "Statements that do not follow it", modes, chosen: "warn")
        radios("reach", "It is for", reaches, chosen: "declared")
        actions { press("Load profile", .primary) }
    }
}

private let modes = [
    Choosable("off", "are not looked at"), Choosable("warn", "are stored", more: "what is found is listed here"),
    Choosable("refuse", "are refused", more: "the sender is told where"),
]

private let reaches = [
    Choosable("declared", "statements that declare it", more: "it stands among their categories"),
    Choosable("described", "every statement that a template describes"),
]

private func profileTable(_ model: ProfilesModel, _ frame: Frame) -> Fragment {
    dataTable(
        "Profiles", model.profiles,
        [
            Column("Profile") { profile in
                profile.name
                small { profile.id }
            },
            Column("Holds") { profile in
                Words.list([
                    Words.count(profile.templateCount, "template", "templates"),
                    Words.count(profile.sequenceCount, "pattern", "patterns"),
                    Words.count(profile.conceptCount, "concept", "concepts"),
                ])
            },
            Column("Mode") { profile in
                badge(profile.mode.badge)
                small { profile.reach == .declared ? "declared" : "described" }
            },
            Column("Found", .number) { Words.count($0.findingCount) },
            Column("Loaded") { time($0.loadedAt) },
            Column("Actions", .actions) { acts(on: $0, frame) },
        ])
}

private func acts(on profile: ProfileRecord, _ frame: Frame) -> Fragment {
    div(.class("stack")) {
        frame.form(to: "/settings/profiles/options") {
            hidden("id", profile.id)
            for mode in ProfileMode.allCases where mode != profile.mode {
                press(mode.verb, .small, name: "mode", value: mode.rawValue, spoken: profile.name)
            }
        }
        if profile.findingCount > 0 {
            frame.form(to: "/settings/profiles/clear") {
                hidden("id", profile.id)
                press("Clear findings", .small, spoken: "of \(profile.name)")
            }
        }
        frame.form(
            to: "/settings/profiles/remove",
            loss: "Statements are no longer checked against \(profile.name). What was found is forgotten."
        ) {
            hidden("id", profile.id)
            press("Remove", .small, spoken: profile.name)
        }
    }
}

private func findingTable(_ model: ProfilesModel) -> Fragment {
    let names = Dictionary(model.profiles.map { ($0.id, $0.name) }, uniquingKeysWith: { one, _ in one })
    return dataTable(
        "What was found, the most frequent first", model.findings,
        [
            Column("Rule of") { finding in
                finding.name
                small { names[finding.profile] ?? finding.profile }
            },
            Column("Where") { finding in code { finding.pointer.isEmpty ? "/" : finding.pointer } },
            Column("What is so") { $0.detail },
            Column("Statements", .number) { Words.count($0.count) },
            Column("Last") { finding in
                time(finding.lastAt)
                small { "\(finding.statement)" }
            },
        ])
}

private func failureTable(_ model: ProfilesModel) -> Fragment {
    let names = Dictionary(model.profiles.map { ($0.id, $0.name) }, uniquingKeysWith: { one, _ in one })
    return dataTable(
        "Registrations whose statements follow no pattern, the latest first", model.failures,
        [
            Column("Registration") { report in
                code { report.registration }
                if let part = report.subregistration { small { "part \(part)" } }
            },
            Column("Pattern") { report in
                report.best?.name ?? ""
                small { names[report.profile] ?? report.profile }
            },
            Column("Fits", .number) { report in
                "\(Words.count(report.best?.matchedCount ?? 0)) of \(Words.count(report.statementCount))"
            },
            Column("First that does not") { report in
                report.best?.detail ?? ""
                if let id = report.best?.failedAt { small { "\(id)" } }
            },
            Column("Last") { time($0.lastAt) },
        ])
}

extension ProfileMode {
    fileprivate var badge: Status {
        switch self {
        case .off: .idle("off")
        case .warn: .under("warns")
        case .refuse: .done("refuses")
        }
    }

    fileprivate var verb: String {
        switch self {
        case .off: "Turn off"
        case .warn: "Warn"
        case .refuse: "Refuse"
        }
    }
}
