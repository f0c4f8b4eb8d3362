import Basis
import HTML
import Insight

/// What can be made out, and what was.
struct DossiersModel: Sendable {
    struct Entry: Sendable {
        let title, link, by, digest: String
        let at: Moment
        let size: Int
    }

    /// What checking a file showed.
    enum Check: Sendable {
        case whole(DossierDesk.Check)
        case refused(String)
    }

    let entries: [Entry]
    let check: Check?
}

func dossiersPage(_ model: DossiersModel, in frame: Frame) -> Fragment {
    page("Dossiers", in: frame, crumbs: [Crumb("Insight", "/insight")]) {
        "What the organisation shows to auditors, works councils and authorities, tied to a checkpoint of the ledger."
    } content: {
        div(.class("cards two")) {
            for kind in Dossier.Kind.allCases {
                article(.class("card")) {
                    h2 { kind.title }
                    p(.class("muted")) { kind.purpose }
                    div(.class("actions")) {
                        frame.form(to: "/dossiers") {
                            hidden("kind", kind.rawValue)
                            press("Make out", .primary, spoken: kind.title)
                        }
                        go("Look at it first", to: "/dossiers/draft/\(kind.rawValue)", spoken: kind.title)
                    }
                }
            }
        }
        part("Made out", id: "made") {
            if model.entries.isEmpty {
                p(.class("muted")) { "None yet. What is made out stays here, as it was on that day." }
            } else {
                dataTable(
                    "Dossiers that were made out, the newest first", model.entries,
                    [
                        Column("Dossier") { entry in a(.href(entry.link)) { entry.title } },
                        Column("When") { time($0.at) }, Column("By") { $0.by },
                        Column("Leaves", .number) { Words.count($0.size) },
                        Column("SHA-256") { entry in code { String(entry.digest.prefix(16)) + "…" } },
                        Column("Actions", .actions) { entry in
                            go(
                                "PDF", to: "\(entry.link)/file.pdf", icon: .download,
                                spoken: "of \(entry.title), \(Words.day(entry.at.day))")
                            go(
                                "JSON", to: "\(entry.link)/file.json", icon: .download,
                                spoken: "of \(entry.title), \(Words.day(entry.at.day))")
                        },
                    ])
            }
        }
        part("Check a file", id: "check") {
            switch model.check {
            case .whole(let check):
                notice(.success) {
                    "This is the \(check.dossier.kind.title) made out on \(Words.day(check.madeOutAt.day)): leaf "
                    "\(Words.count(check.leaf)) of the ledger, which still begins with its checkpoint of "
                    "\(Words.count(check.dossier.anchor.size)) leaves."
                }
            case .refused(let why): notice(.alert) { why }
            case nil: Fragment.empty
            }
            p(.class("muted")) {
                "Whether a JSON file was made out here, and the ledger still begins with its checkpoint. On the "
                    + "server, “leeway verify --dossier FILE” says the same without a running server."
            }
            frame.form(to: "/dossiers/check", class: "stack", takesFile: true) {
                div(.class("field")) {
                    label(.for("file")) { "JSON file of a dossier" }
                    input(.id("file"), .type("file"), .name("file"), .required(true))
                }
                actions { press("Check file") }
            }
        }
    }
}

/// One dossier as a page: a draft, or one that was made out.
struct DossierModel: Sendable {
    let dossier: Dossier
    /// Nil for a draft.
    let link: String?
    let digest: String
    /// Who made it out, and when.
    let made: (by: String, at: Moment)?
}

func dossierPage(_ model: DossierModel, in frame: Frame) -> Fragment {
    let dossier = model.dossier
    let crumbs = [Crumb("Insight", "/insight"), Crumb("Dossiers", "/dossiers")]
    return page(dossier.kind.title, in: frame, crumbs: crumbs) {
        dossier.kind.purpose
    } actions: {
        if let link = model.link {
            go("PDF", to: "\(link)/file.pdf", icon: .download)
            go("JSON", to: "\(link)/file.json", icon: .download)
        } else {
            frame.form(to: "/dossiers") {
                hidden("kind", dossier.kind.rawValue)
                press("Make out", .primary)
            }
        }
    } content: {
        if model.link == nil { notice(.plain) { "A look at it as of now. Nothing is kept until you make it out." } }
        sheet([
            ("Organisation", Fragment(dossier.organisation)),
            (
                "Period",
                fragment {
                    time(dossier.period.lowerBound)
                    " to "
                    time(dossier.period.upperBound)
                }
            ),
            ("Checkpoint", fragment { "\(Words.count(dossier.anchor.size)) leaves of \(dossier.anchor.origin)" }),
            (
                "Made out",
                model.made.map { made in
                    fragment {
                        "by \(made.by), "; time(made.at)
                    }
                } ?? Fragment("not yet")
            ),
            ("SHA-256 of the JSON file", code { model.digest }),
        ])
        for section in dossier.sections { sectionPart(section) }
        part("Checkpoint", id: "checkpoint") {
            pre(.init("tabindex", "0"), .aria("label", "Signed checkpoint")) { dossier.anchor.note }
        }
    }
}

private func sectionPart(_ section: Dossier.Section) -> Fragment {
    part(section.heading, id: section.id) {
        p(.class("muted")) { section.note }
        if !section.facts.isEmpty { sheet(section.facts.map { ($0.name, Fragment($0.value)) }) }
        for table in section.tables {
            if table.rows.isEmpty {
                p(.class("muted")) { "\(table.caption): none." }
            } else {
                dataTable(
                    table.caption, table.rows,
                    table.columns.enumerated().map { place, column in
                        Column(column.heading, column.isNumber ? .number : .words) { row in Fragment(row[place]) }
                    })
            }
        }
    }
}
