import Basis
import HTML
import Intent

/// The certifications of one state.
struct CertificationsModel: Sendable {
    struct Entry: Sendable {
        let title, link, who, why: String
        let valid: String
        let asked, certified, late: Int
        let state: CertificationRecord.State
    }

    let entries: [Entry]
    let tabs: [Tab]
    let canWrite: Bool
    /// When a run last changed something, and what.
    let lastRun: (at: Moment, words: String)?
}

func certificationsPage(_ model: CertificationsModel, in frame: Frame) -> Fragment {
    page("Certifications", in: frame, crumbs: [Crumb("Intent", "/intent"), Crumb("Mandates", "/mandates")]) {
        "What people must hold and renew: who asks, why, until when, and how many do."
    } actions: {
        if model.canWrite { go("Write certification", to: "/certifications/new", .primary, icon: .plus) }
    } content: {
        tabs(model.tabs, label: "Certifications by state")
        if model.entries.isEmpty {
            emptyState(
                .mandate, "No certifications here",
                "A certification is a mandate that recurs: it is earned, it ends, and it is renewed in a window before "
                    + "it ends. Each time has its own dates and its own evidence.",
                example: "everyone on the shop floor holds “First aid”, valid for two years."
            ) {
                if model.canWrite { go("Write certification", to: "/certifications/new") }
            }
        } else {
            dataTable(
                "Certifications, by title", model.entries,
                [
                    Column("Certification") { entry in
                        a(.href(entry.link)) { entry.title }
                        small { entry.why }
                    },
                    Column("Asked of") { $0.who },
                    Column("Valid for") { $0.valid },
                    Column("Certified", .number) { entry in
                        entry.state == .draft ? "–" : Words.share(entry.certified, of: entry.asked, "people")
                    },
                    Column("Late", .number) { entry in entry.state == .draft ? "–" : Words.count(entry.late) },
                ])
        }
        if let run = model.lastRun {
            p(.class("muted small")) {
                "The last nightly run that changed something was on "
                time(run.at)
                ": \(run.words)."
            }
        }
    }
}

/// One certification, for those who lead.
struct CertificationModel: Sendable {
    /// Counts of one unit; nil where so few people are that counts would tell of single ones.
    struct UnitRow: Sendable {
        let name: String
        let people: Int
        let counts: CertificationCounts?
    }

    struct Row: Sendable {
        let name, link: String
        let place: CertificationPlace
    }

    let path: String
    let record: CertificationRecord
    let asker, audience, ground: String
    let contents: [(name: String, words: String, link: String?)]
    let counts: CertificationCounts
    let units: [UnitRow]
    var rows: [Row] = []
    var total = 0
    var pageNumber = 1
    var pageCount = 1
    var standing: CertificationStanding?
    var search = ""
    let changes: [ChangeView]
    let revisions: [(since: Moment, words: String, people: Int)]
    let canWrite: Bool
    let today: Day
    var entries = Entries()
    /// What publishing or restoring it would do.
    var effect: MandateEffect?
    /// Whom retiring it would free, when that was asked for.
    var freed: MandateEffect?
    /// Who published it over budget.
    var overriddenBy = ""

    /// The fewest people of a unit whose counts are shown.
    static let unitMinimum = 10

    /// The units by name. One that is hidden alone could be reckoned from the whole, so the next smallest is hidden
    /// with it.
    static func hiding(_ units: [(name: String, counts: CertificationCounts)]) -> [UnitRow] {
        let bySize = units.filter { $0.counts.asked > 0 }.sorted {
            ($0.counts.asked, $0.name) < ($1.counts.asked, $1.name)
        }
        let small = bySize.prefix { $0.counts.asked < unitMinimum }.count
        let hidden = small == 1 ? 2 : small
        return bySize.enumerated().map { place, unit in
            UnitRow(
                name: unit.name, people: unit.counts.asked, counts: place < hidden ? nil : unit.counts)
        }.sorted { $0.name < $1.name }
    }
}

func certificationPage(_ model: CertificationModel, in frame: Frame) -> Fragment {
    let steps = MandateSteps(
        noun: "certification", path: model.path, state: model.record.state,
        publishing: "Once it is published, everybody of its audience is asked, and told.",
        retiring: "Nobody is asked any longer. Certificates and history stay. You can undo it.",
        restoring: "Everybody of its audience is asked again, and goes on with the certificate they hold.")
    return page(
        model.record.title, in: frame,
        crumbs: [Crumb("Intent", "/intent"), Crumb("Certifications", "/certifications")]
    ) {
        "Asked by \(model.asker). Valid for \(model.record.rule.activePeriod.words)."
    } actions: {
        if model.canWrite, model.record.state != .retired {
            go(
                model.record.state == .draft ? "Edit draft" : "Change certification", to: "\(model.path)/edit",
                icon: .edit)
        }
        if model.record.state != .draft { go("Save as CSV", to: "\(model.path)/people.csv", icon: .download) }
    } content: {
        if let override = model.record.override {
            overrideNotice((override.reason, model.overriddenBy, override.peopleOver, override.minutesOver))
        }
        refusal(model.entries)
        if model.canWrite, model.record.state != .published { steps.form(model.freed, model.entries, frame) }
        div(.class("split even")) {
            factsCard(model)
            if let effect = model.effect {
                preview { mandateEffect(effect, form: nil) }
            } else if model.record.state != .draft {
                countsCard(model)
            }
        }
        if model.record.state != .draft {
            unitsPart(model)
            peoplePart(model)
        }
        if model.revisions.count > 1 { revisionsPart(model) }
        history(model.changes, of: model.record.title)
        if model.canWrite, model.record.state == .published { steps.form(model.freed, model.entries, frame) }
    }
}

private func factsCard(_ model: CertificationModel) -> Fragment {
    var facts: [(String, Fragment)] = [
        ("Asked of", Fragment(model.audience)), ("Asked by", person(model.asker)), ("Because", Fragment(model.ground)),
        ("Why", Fragment(model.record.draft.why)),
    ]
    for content in model.contents {
        facts.append(
            (
                content.name,
                content.link.map { link in a(.href(link)) { content.words } } ?? Fragment(content.words)
            ))
    }
    facts += model.record.rule.facts.map { ($0.name, Fragment($0.words)) }
    facts.append(
        (
            "Leave",
            Fragment(
                model.record.draft.leaveDays.map { "absences of \(Words.count($0, "day", "days")) or more excuse" }
                    ?? "absences excuse nothing")
        ))
    return section(.class("card"), .aria("labelledby", "facts")) {
        h2(.id("facts")) { "What is asked" }
        sheet(facts)
    }
}

private func countsCard(_ model: CertificationModel) -> Fragment {
    let counts = model.counts
    return section(.class("card"), .aria("labelledby", "counts")) {
        h2(.id("counts")) { "How it stands" }
        p { strong(.class("figure")) { Words.share(counts.certified, of: counts.asked, "people") } }
        p(.class("muted")) { "hold a valid certificate." }
        bar("Certified", value: counts.certified, of: counts.asked)
        ul {
            for standing in CertificationStanding.allCases where standing != .ended {
                li {
                    a(.href("\(model.path)?standing=\(standing.rawValue)#people")) {
                        "\(Words.count(counts[standing])) \(standing.words)"
                    }
                }
            }
        }
        p(.class("muted small")) {
            "Of \(Words.count(counts.asked, "person", "people")) asked; \(Words.count(counts[.ended])) are no longer."
        }
    }
}

private func unitsPart(_ model: CertificationModel) -> Fragment {
    part("By unit", id: "units") {
        if model.units.isEmpty {
            p(.class("muted")) { "Nobody is asked yet." }
        } else {
            dataTable(
                "How each unit stands", model.units,
                [
                    Column("Unit") { $0.name },
                    Column("Certified", .number) { unit in
                        unit.counts.map { Words.share($0.certified, of: $0.asked, "people") } ?? "–"
                    },
                    Column("Due", .number) { unit in
                        unit.counts.map { Words.count($0[.due] + $0[.window]) } ?? "–"
                    },
                    Column("Late", .number) { unit in
                        unit.counts.map { Words.count($0[.overdue] + $0[.lapsed]) } ?? "–"
                    },
                    Column("Excused", .number) { unit in unit.counts.map { Words.count($0[.excused]) } ?? "–" },
                ])
            p(.class("muted small")) {
                "Units with fewer than \(CertificationModel.unitMinimum) people asked are not counted by themselves."
            }
        }
    }
}

private func peoplePart(_ model: CertificationModel) -> Fragment {
    let address = Address(model.path).with("standing", model.standing?.rawValue).with("q", model.search)
    return part("People", id: "people") {
        form(.class("row"), .method("get"), .action(model.path), .role("search")) {
            if let standing = model.standing { hidden("standing", standing.rawValue) }
            field(Field(name: "q", words: "Find a person", kind: .search), Entries(["q": model.search]))
            press("Find people")
        }
        if let standing = model.standing {
            chips([
                Chip(words: standing.words, link: address.without("standing").text + "#people", removes: true)
            ])
        }
        if model.rows.isEmpty {
            p(.class("muted")) { "Nobody of these." }
        } else {
            dataTable(
                "People of this certification", model.rows,
                [
                    Column("Person") { row in a(.href(row.link)) { row.name } },
                    Column("Stands") { badge($0.place.standing.badge) },
                    Column("Cycle", .number) { $0.place.cycle.map { Words.count($0) } ?? "–" },
                    Column("Due by") { row in dayCell(row.place.dueOn, model.today) },
                    Column("Certificate until") { row in dayCell(row.place.certifiedUntil, model.today) },
                ])
            pages(model.pageNumber, of: model.pageCount, at: address)
        }
    }
}

private func revisionsPart(_ model: CertificationModel) -> Fragment {
    part("Revisions", id: "revisions") {
        dataTable(
            "Revisions, the newest first", model.revisions,
            [
                Column("Since") { time($0.since) }, Column("Rule") { $0.words },
                Column("People", .number) { Words.count($0.people) },
            ])
    }
}
