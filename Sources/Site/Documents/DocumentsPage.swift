import Basis
import HTML
import Intent
import Markdown

/// Policies in prose: those of the person who looks, and for stewards all of them.
struct DocumentsModel: Sendable {
    struct Entry: Sendable {
        let title, summary, link: String
        let state: Status
        /// What is to be said below it, such as when it was accepted.
        let line: String
        let needsMe: Bool
    }

    let entries: [Entry]
    let canWrite: Bool
}

func documentsPage(_ model: DocumentsModel, in frame: Frame) -> Fragment {
    page("Policies to accept", in: frame, crumbs: [Crumb("Intent", "/intent")]) {
        "What is agreed for working and learning with AI, in plain words. What changes in substance is asked again."
    } actions: {
        if model.canWrite { go("Write policy", to: "/documents/new", .primary, icon: .plus) }
    } content: {
        if model.entries.isEmpty {
            emptyState(
                .check, "No policy is in force",
                "A policy says what is agreed, and everybody whom it is for accepts it. When it changes in "
                    + "substance, people see what changed and accept again.",
                example: "“Using AI with customers' data”, for Sales, accepted by 41 of 52 people."
            ) {
                if model.canWrite { go("Write the first policy", to: "/documents/new") }
            }
        } else {
            div(.class("cards two")) {
                for entry in model.entries {
                    article(.class(entry.needsMe ? "card asked" : "card")) {
                        p { badge(entry.state) }
                        h2 { a(.href(entry.link)) { entry.title } }
                        if !entry.summary.isEmpty { p(.class("muted")) { entry.summary } }
                        p(.class("muted small")) { entry.line }
                    }
                }
            }
        }
    }
}

/// One policy: its text, what changed since it was accepted, and for stewards who did not accept yet.
struct DocumentModel: Sendable {
    struct Version: Sendable {
        let number: Int
        let state: DocumentRecord.State
        let isMaterial: Bool
        let published: Moment?
    }

    let path: String
    let record: DocumentRecord
    let owner: String
    let audience: String
    let use: (name: String, link: String)?
    /// Nil for somebody it is not for, or when nothing is in force.
    let notice: DocumentNotice?
    /// What changed since the version that the person accepted.
    let changes: [TextLine]
    let versions: [Version]
    let canWrite: Bool
    /// Only for those who keep policies.
    let coverage: (accepted: String, missing: [String], more: Int)?
    var entries = Entries()
}

func documentPage(_ model: DocumentModel, in frame: Frame) -> Fragment {
    let record = model.record
    let crumbs = [Crumb("Intent", "/intent"), Crumb("Policies to accept", "/documents")]
    return page(record.title, in: frame, crumbs: crumbs) {
        record.summary
    } actions: {
        if model.canWrite { go("Change policy", to: "\(model.path)/edit", icon: .edit) }
    } content: {
        refusal(model.entries)
        if model.canWrite, record.state == .draft { draftActions(model, frame) }
        if let notice = model.notice { acceptance(notice, model, frame) }
        if model.changes.contains(where: { $0.fate != .kept }) { changesPart(model) }
        section(.class("reading"), .aria("labelledby", "text")) {
            h2(.id("text"), .class("hidden")) { "Text" }
            div(.class("text")) { Fragment.trusted(CommonMark.html(record.body)) }
        }
        sheet([
            ("For", Fragment(model.audience)), ("Answers for it", person(model.owner)),
            ("Version", fragment { "\(record.version), \(record.state.rawValue)" }),
            (
                "Before using",
                model.use.map { use in a(.href(use.link)) { use.name } } ?? Fragment("nothing in particular")
            ),
        ])
        if let coverage = model.coverage { coveragePart(coverage) }
        if model.versions.count > 1 { versionsPart(model) }
        if model.canWrite, record.state == .published { withdrawPart(model, frame) }
    }
}

private func draftActions(_ model: DocumentModel, _ frame: Frame) -> Fragment {
    section(.class("card"), .aria("labelledby", "draft")) {
        h2(.id("draft")) { "This is a draft" }
        p {
            model.record.isMaterial
                ? "Once published, everybody it is for is asked to accept it."
                : "A minor change: whoever accepted the version before need not accept again."
        }
        div(.class("actions")) {
            frame.form(to: "\(model.path)/publish") { press("Publish policy", .primary) }
            frame.form(to: "\(model.path)/discard") { press("Discard draft") }
        }
    }
}

private func acceptance(_ notice: DocumentNotice, _ model: DocumentModel, _ frame: Frame) -> Fragment {
    guard notice.isNeeded else {
        return p(.class("muted")) {
            "You accepted version \(notice.accepted ?? 0)"
            if let at = notice.acceptedAt {
                " on "
                time(at.day)
            }
            "."
        }
    }
    return section(.class("card asked"), .aria("labelledby", "accept")) {
        h2(.id("accept")) { notice.accepted == nil ? "Please accept it" : "It changed: please accept again" }
        p {
            notice.accepted == nil
                ? "Read the text below. Accepting says that you read it and will follow it."
                : "You accepted version \(notice.accepted ?? 0). What changed since is marked below."
        }
        frame.form(to: "\(model.path)/accept", class: "actions") {
            hidden("version", "\(notice.document.version)")
            press("Accept policy", .primary, icon: .check)
        }
    }
}

private func changesPart(_ model: DocumentModel) -> Fragment {
    part("What changed since you accepted", id: "changes") {
        ul(.class("plain")) {
            for line in model.changes where line.fate != .kept && !line.text.isEmpty {
                li {
                    if line.fate == .added {
                        badge(.done("added"))
                        " "
                        ins { line.text }
                    } else {
                        badge(.ended("removed"))
                        " "
                        del { line.text }
                    }
                }
            }
        }
    }
}

private func coveragePart(_ coverage: (accepted: String, missing: [String], more: Int)) -> Fragment {
    part("Who accepted", id: "coverage") {
        p { coverage.accepted }
        if !coverage.missing.isEmpty {
            details {
                summary { "Not yet" }
                ul(.class("plain")) { for name in coverage.missing { li { name } } }
                if coverage.more > 0 { p(.class("muted")) { "and \(coverage.more) more" } }
            }
        }
    }
}

private func versionsPart(_ model: DocumentModel) -> Fragment {
    part("Versions", id: "versions") {
        dataTable(
            "Versions, the newest first", model.versions,
            [
                Column("Version", .number) { "\($0.number)" }, Column("State") { $0.state.rawValue },
                Column("Change") { $0.isMaterial ? "in substance" : "minor" },
                Column("Published") { $0.published.map { time($0.day) } ?? Fragment("–") },
                Column("Actions", .actions) { one in
                    go("Read", to: "\(model.path)?version=\(one.number)", spoken: "version \(one.number)")
                },
            ])
    }
}

private func withdrawPart(_ model: DocumentModel, _ frame: Frame) -> Fragment {
    part("Withdraw", id: "withdraw") {
        frame.form(
            to: "\(model.path)/withdraw", class: "stack",
            loss: "Nobody is asked to accept it any longer. What was accepted stays on record."
        ) {
            field(Field(name: "reason", words: "Reason", isRequired: true), model.entries)
            actions { press("Withdraw policy", .danger) }
        }
    }
}

/// The form for a policy.
struct DocumentFormModel: Sendable {
    /// Nil for a new one.
    let path: String?
    let entries: Entries
    let people: [Choosable]
    let uses: [Choosable]
    let units: [String]
    let effect: AudienceEffect
    /// Whether there is an earlier version that people accepted.
    let hasEarlier: Bool
}

func documentFormPage(_ model: DocumentFormModel, in frame: Frame) -> Fragment {
    page(
        model.path == nil ? "Write policy" : "Change policy", in: frame,
        crumbs: [Crumb("Intent", "/intent"), Crumb("Policies to accept", "/documents")]
    ) {
        "Short and plain: people accept what they understand."
    } content: {
        div(.class("split")) {
            frame.form(
                to: model.path.map { "\($0)/edit" } ?? "/documents/new", class: "stack",
                preview: "/people/audience/preview"
            ) {
                refusal(model.entries)
                field(Field(name: "title", words: "Title", isRequired: true), model.entries)
                area("summary", "In a sentence or two", rows: 2, model.entries)
                area("body", "Text", hint: "Markdown.", rows: 14, model.entries, isRequired: true)
                audienceField("audience", "For whom", model.entries, examples: model.units)
                dropDown("owner", "Who answers for it", model.people, model.entries)
                dropDown(
                    "use", "Accepted before using", [Choosable("", "Nothing in particular")] + model.uses, model.entries
                )
                if model.hasEarlier {
                    radios(
                        "material", "The change",
                        [
                            Choosable("yes", "In substance", more: "Everybody accepts again."),
                            Choosable("no", "Minor", more: "Nobody is asked again."),
                        ], chosen: model.entries["material"].isEmpty ? "yes" : model.entries["material"])
                }
                actions {
                    press("Save draft", .primary, name: "do", value: "save")
                    press("Show who is meant", icon: .eye, name: "do", value: "preview")
                    go("Cancel", to: model.path ?? "/documents", .quiet)
                }
            }
            preview { audienceEffect(model.effect, heading: "Who is meant") }
        }
    }
}
