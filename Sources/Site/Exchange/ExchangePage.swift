import Basis
import Evidence
import Exchange
import HTML

/// Where evidence goes to and comes from.
struct ExchangeModel: Sendable {
    let links: [LinkRecord]
    let letters: [DeadLetter]
    let kind: LinkKind
    var form = Entries()
    /// The secret of a webhook just made.
    var made: (label: String, secret: String)?
    /// Why secrets of links cannot be read, or are not sealed.
    var trouble: String?
    /// What a webhook answered to a test.
    var tested: String?
}

func exchangePage(_ model: ExchangeModel, in frame: Frame) -> Fragment {
    page("Moving evidence", in: frame, crumbs: [Crumb("Settings", "/settings")]) {
        "Other record stores that statements go to or come from, and programs that are told of new ones."
    } content: {
        if let made = model.made {
            onceNotice("Webhook \(made.label)", [("Signing secret", made.secret)])
        }
        if let tested = model.tested { notice(.success) { tested } }
        if let trouble = model.trouble { notice(.alert) { trouble } }
        if model.links.isEmpty {
            emptyState(
                .swap, "Nothing goes out, nothing comes in",
                "Evidence can be copied to an archive, fetched from a course platform, or told to a program.",
                example: "a target “Archive” for all statements about https://example.org/courses/.")
        } else {
            linkTable(model, frame)
        }
        if !model.letters.isEmpty {
            part("Not delivered", id: "letters") { letterTable(model, frame) }
        }
        part(adding[model.kind]?.heading ?? "", id: "add") { addForm(model, frame) }
    }
}

private let adding: [LinkKind: (heading: String, tab: String, button: String)] = [
    .forward: ("Add a target", "Target", "Add target"), .pull: ("Add a source", "Source", "Add source"),
    .webhook: ("Add a webhook", "Webhook", "Add webhook"),
]

private func addForm(_ model: ExchangeModel, _ frame: Frame) -> Fragment {
    fragment {
        tabs(
            LinkKind.allCases.map { kind in
                Tab(
                    words: adding[kind]?.tab ?? "", link: "/settings/exchange?kind=\(kind.rawValue)#add",
                    isCurrent: kind == model.kind)
            }, label: "What to add")
        frame.form(to: "/settings/exchange", class: "stack") {
            refusal(model.form)
            hidden("kind", model.kind.rawValue)
            field(Field(name: "label", words: "Name", isRequired: true), model.form)
            field(
                Field(
                    name: "url", words: "Address",
                    hint: model.kind == .webhook
                        ? "Statements are posted here, signed." : "The record store’s endpoint, without /statements.",
                    kind: .url, isRequired: true), model.form)
            if model.kind != .webhook {
                field(
                    Field(
                        name: "username", words: "User name", hint: "The key that it gave you.",
                        autocomplete: "off"), model.form)
                field(
                    Field(
                        name: "secret", words: "Password", hint: "It is not shown again.", kind: .password,
                        autocomplete: "new-password"), model.form)
                dropDown("version", "Version of xAPI", versions(model.kind), model.form)
            }
            filterFields(model)
            if model.kind != .pull {
                tick("past", "Send what is there already, too", isOn: model.form["past"] == "yes")
            }
            actions { press(adding[model.kind]?.button ?? "", .primary) }
        }
    }
}

private func versions(_ kind: LinkKind) -> [Choosable] {
    (kind == .forward ? [Choosable("", "that of each statement")] : [])
        + [Choosable("2.0.0", "2.0.0"), Choosable("1.0.3", "1.0.3")]
}

private func filterFields(_ model: ExchangeModel) -> Fragment {
    fragment {
        if model.kind == .pull {
            field(Field(name: "verbs", words: "Only this verb", hint: "Its IRI. Empty for all."), model.form)
        } else {
            area("verbs", "Only these verbs", hint: "One IRI a line. Empty for all.", rows: 2, model.form)
            field(
                Field(
                    name: "activityPrefix", words: "Only these activities",
                    hint: "How their IRIs begin. Empty for all."), model.form)
        }
        field(
            Field(
                name: "agent", words: "Only this actor", hint: "mbox:mailto:… or account:HOME NAME. Empty for all."),
            model.form)
        field(
            Field(
                name: "since", words: "Only what was stored since", hint: "A day. Empty for all.", kind: .date,
                width: .short), model.form)
    }
}

private func linkTable(_ model: ExchangeModel, _ frame: Frame) -> Fragment {
    dataTable(
        "Targets, sources and webhooks", model.links,
        [
            Column("Name") { link in
                link.label
                small { link.url }
            },
            Column("What it does") { link in
                link.kind.words
                for bound in link.filter.bounds { small { bound } }
            },
            Column("Moved", .number) { link in
                Words.count(link.moved)
                if link.erased > 0 { small { "\(Words.count(link.erased)) left out: erased here" } }
                if let last = link.lastMovedAt { small { time(last) } }
            },
            Column("State") { link in
                badge(link.badge)
                if !link.lastError.isEmpty {
                    small { link.lastError }
                    small {
                        "next try "
                        time(link.nextAt)
                    }
                }
            },
            Column("Actions", .actions) { acts(on: $0, frame) },
        ])
}

private func acts(on link: LinkRecord, _ frame: Frame) -> Fragment {
    div(.class("stack")) {
        if link.state == .on {
            frame.form(to: "/settings/exchange/\(link.id)/pause") { press("Pause", .small, spoken: link.label) }
        } else {
            frame.form(to: "/settings/exchange/\(link.id)/resume") { press("Resume", .small, spoken: link.label) }
        }
        if link.kind == .webhook {
            frame.form(to: "/settings/exchange/\(link.id)/test") { press("Test", .small, spoken: link.label) }
        }
        frame.form(
            to: "/settings/exchange/\(link.id)/remove",
            loss: "\(link.label) is forgotten, with how far it came and what was not delivered."
        ) { press("Remove", .small, spoken: link.label) }
    }
}

private func letterTable(_ model: ExchangeModel, _ frame: Frame) -> Fragment {
    dataTable(
        "What could not be delivered or stored, the newest first", model.letters,
        [
            Column("Statement") { letter in
                code { letter.statement }
                if letter.count > 1 { small { "and \(Words.count(letter.count - 1)) more" } }
            },
            Column("For") { $0.label },
            Column("Why") { $0.error },
            Column("When") { letter in
                time(letter.failedAt)
                if letter.isQueued { small { "to be tried again" } }
            },
            Column("Actions", .actions) { letter in
                div(.class("stack")) {
                    frame.form(to: "/settings/exchange/\(letter.link)/letters/retry") {
                        hidden("statement", letter.statement)
                        press("Try again", .small, spoken: letter.statement)
                    }
                    frame.form(
                        to: "/settings/exchange/\(letter.link)/letters/discard",
                        loss: "It is not sent any more. The statements stay where they are."
                    ) {
                        hidden("statement", letter.statement)
                        press("Discard", .small, spoken: letter.statement)
                    }
                }
            },
        ])
}

extension LinkKind {
    fileprivate var words: String {
        switch self {
        case .forward: "sends statements"
        case .pull: "fetches statements"
        case .webhook: "tells of statements"
        }
    }
}

extension LinkRecord {
    fileprivate var badge: Status {
        if state == .paused { return .idle("paused") }
        return failures > 0 ? .alert("fails") : .done("on")
    }
}

extension StatementFilter {
    /// What it lets through, for people.
    fileprivate var bounds: [String] {
        verbs.map { "verb \($0)" }
            + [
                activityPrefix.map { "activities that begin with \($0)" }, agent.map { "actor \($0)" },
                since.map { "stored since \(Words.day($0.day))" },
            ].compactMap { $0 }
    }
}
