import Basis
import HTML

/// Bringing data in: what, which file, and what came in before.
struct ImportsModel: Sendable {
    struct Entry: Sendable {
        let kind, link: String
        let fileName: String
        let at: Moment
        let who: String
        let status: Status
        let message: String
        let isDryRun: Bool
    }

    let kinds: [Choosable]
    let chosen: String
    let history: [Entry]
    let only: String
    var entries = Entries()
}

func importsPage(_ model: ImportsModel, in frame: Frame) -> Fragment {
    page("Imports", in: frame) {
        "A file is looked at first and changes nothing. You see what it would do, then run it."
    } content: {
        refusal(model.entries, labels: ["file": "File", "kind": "What the file holds"])
        frame.form(to: "/imports", class: "stack", takesFile: true) {
            radios("kind", "What the file holds", model.kinds, chosen: model.chosen)
            div(.class(model.entries.errors["file"] == nil ? "field" : "field invalid")) {
                label(.for("file")) { "File" }
                p(.class("hint"), .id("file-hint")) {
                    "At most 64 MiB, also gzipped. Larger files: the command “leeway import” on the server."
                }
                if let error = model.entries.errors["file"] {
                    p(.class("error"), .id("file-error")) {
                        icon(.warning)
                        error
                    }
                }
                input(
                    .id("file"), .name("file"), .type("file"), .aria("describedby", "file-hint"), .required(true),
                    .aria("invalid", model.entries.errors["file"] == nil ? nil : "true"))
            }
            actions { press("Look at file", .primary, icon: .upload) }
        }
        historyPart(model)
    }
}

private func historyPart(_ model: ImportsModel) -> Fragment {
    part("What came in before", id: "history") {
        chips([
            Chip(words: "All", link: "/imports", isChosen: model.only.isEmpty),
            Chip(words: "Failed", link: "/imports?state=failed", isChosen: model.only == "failed"),
        ])
        if model.history.isEmpty {
            p(.class("muted")) {
                model.only.isEmpty
                    ? "Nothing came in yet. Each file, and what became of it, is listed here." : "No import has failed."
            }
        } else {
            dataTable(
                "Imports, the newest first", model.history,
                [
                    Column("Import") { entry in
                        a(.href(entry.link)) { entry.isDryRun ? "\(entry.kind), dry run" : entry.kind }
                        small { entry.fileName }
                    },
                    Column("When") { time($0.at) },
                    Column("Who") { $0.who },
                    Column("State") { badge($0.status) },
                    Column("What came of it") { $0.message },
                ])
        }
    }
}

/// One import as a job: under way, or what came of it.
struct ImportModel: Sendable {
    /// One place of the file that is wrong: what is so there, and how to mend it, if the file's reader said so.
    struct IssueRow: Sendable {
        let line, column, what, mend: String
    }

    let path: String
    let kind, fileName: String
    let job: JobView
    let isOver: Bool
    let isDryRun: Bool
    let status: Status
    let message: String
    let counts: [(name: String, count: Int)]
    let warnings: [String]
    let issues: [IssueRow]
    /// Whether the file is still kept, so that it can be run.
    let canRun: Bool
    /// Where one sees what came in.
    let result: (words: String, link: String)?
}

func importPage(_ model: ImportModel, in frame: Frame) -> Fragment {
    page(
        model.isDryRun ? "\(model.kind): dry run" : model.kind, in: frame, width: .narrow,
        crumbs: [Crumb("Imports", "/imports")], lead: { model.fileName }, refreshes: !model.isOver
    ) {
        importFragment(model, frame)
        if !model.isOver {
            frame.form(
                to: "\(model.path)/cancel", class: "actions",
                loss: "What was read so far is put back. Nothing is changed."
            ) { press("Cancel import", .danger) }
        }
    }
}

/// What the page asks for while the job runs; at its end it carries the result.
func importFragment(_ model: ImportModel, _ frame: Frame) -> Fragment {
    guard model.isOver else { return job(model.job) }
    return section(.class("job"), .aria("labelledby", "job-title")) {
        h2(.id("job-title")) { model.job.title }
        p {
            badge(model.status)
            " " + model.message
        }
        if !model.counts.isEmpty {
            sheet(model.counts.map { (Words.sentence($0.name), Fragment(Words.count($0.count))) })
        }
        if !model.issues.isEmpty {
            issuesPart(model)
        }
        if !model.warnings.isEmpty {
            details {
                summary { Words.count(model.warnings.count, "remark", "remarks") }
                ul { for warning in model.warnings { li { warning } } }
            }
        }
        div(.class("actions")) {
            if model.isDryRun, model.canRun {
                frame.form(to: "\(model.path)/run") { press("Run import", .primary) }
            } else if let result = model.result {
                go(result.words, to: result.link, .primary)
            }
            go("Import another file", to: "/imports", .quiet)
        }
    }
}

private func issuesPart(_ model: ImportModel) -> Fragment {
    fragment {
        p { "The database is as it was. Mend these places in the file and send it again." }
        p { go("Save as CSV", to: "\(model.path)/issues.csv", .small, icon: .download) }
        dataTable(
            "What is wrong in the file", model.issues,
            [
                Column("Line") { $0.line },
                Column("Column") { $0.column },
                Column("What is so") { $0.what },
                Column("How to mend it") { $0.mend.isEmpty ? "–" : $0.mend },
            ])
    }
}
