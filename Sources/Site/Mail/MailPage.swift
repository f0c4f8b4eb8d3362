import Basis
import HTML
import Mail
import Notices

/// Where letters are handed in, and how they fare.
struct MailModel: Sendable {
    let settings: MailSettings?
    let counts: LetterCounts
    let page: LetterPage
    let state: Letter.State?
    let names: [ID<Person>: String]
    var form = Entries()
    /// Why the password cannot be read.
    var trouble: String?
    /// What the server answered to a test letter.
    var answer: String?
    /// Why a test letter did not go.
    var fault: String?
}

func mailPage(_ model: MailModel, in frame: Frame) -> Fragment {
    page("Letters", in: frame, crumbs: [Crumb("Settings", "/settings")]) {
        "What Leeway writes to people’s mailboxes: where it is handed in, and how each letter fared."
    } content: {
        if let answer = model.answer { notice(.success) { "The server took the test letter. It said: \(answer)" } }
        if let fault = model.fault { notice(.alert) { fault } }
        if let trouble = model.trouble { notice(.alert) { trouble } }
        standing(model, frame)
        // Once letters go, how they fare is what one comes for.
        let isSet = model.settings?.isOn == true && model.form.errors.isEmpty
        if isSet { part("What was written", id: "letters") { letters(model, frame) } }
        part("Mail server", id: "server") { serverForm(model, frame) }
        if !isSet, !model.counts.isEmpty {
            part("What was written", id: "letters") { letters(model, frame) }
        }
    }
}

private func standing(_ model: MailModel, _ frame: Frame) -> Fragment {
    guard let settings = model.settings, settings.isOn else {
        return notice {
            "Letters are off: "
            model.settings == nil ? "no mail server is set. " : "they were switched off. "
            "Nothing is written until they are on, and what happened before is not told. "
            "All of it stands in Leeway itself."
        }
    }
    return fragment {
        if settings.failures > 0 {
            notice(.alert) {
                "The mail server cannot be used: \(settings.lastError). "
                "It is asked again at "
                time(settings.nextAt)
                ". Letters wait for up to a week."
            }
        } else {
            notice {
                "Letters go by \(settings.host), since "
                time(settings.since.day)
                ". Digests go after 6:00 UTC, at most one a day and person."
            }
        }
        div(.class("actions")) {
            frame.form(to: "/settings/mail/test") { press("Send a test letter to me") }
            frame.form(
                to: "/settings/mail/off",
                loss: "Nobody gets letters from then on. What waits is not sent after a week."
            ) { press("Switch letters off", .quiet) }
        }
    }
}

private func serverForm(_ model: MailModel, _ frame: Frame) -> Fragment {
    frame.form(to: "/settings/mail", class: "stack") {
        refusal(model.form, labels: labels)
        div(.class("fields")) {
            field(
                Field(name: "host", words: "Server", hint: "Such as smtp.example.org.", isRequired: true), model.form)
            field(
                Field(
                    name: "port", words: "Port", hint: "Mostly 587.", width: .short, isRequired: true, isNumber: true),
                model.form)
        }
        dropDown("security", "Protection", protections, model.form)
        div(.class("fields")) {
            field(
                Field(name: "user", words: "User name", hint: "Empty when it asks for none.", autocomplete: "off"),
                model.form)
            field(
                Field(
                    name: "password", words: "Password",
                    hint: model.settings?.hasPassword == true
                        ? "One is kept. Empty leaves it." : "It is kept sealed and not shown again.",
                    kind: .password, autocomplete: "new-password"), model.form)
        }
        div(.class("fields")) {
            field(Field(name: "senderName", words: "Sender’s name"), model.form)
            field(Field(name: "mailbox", words: "Sender’s mailbox", kind: .email, isRequired: true), model.form)
        }
        field(
            Field(
                name: "address", words: "Where people reach Leeway",
                hint: "Links in letters begin with it, such as https://learn.example.org.", kind: .url,
                isRequired: true), model.form)
        actions { press(model.settings?.isOn == true ? "Save mail server" : "Switch letters on", .primary) }
    }
}

private let labels = [
    "host": "Server", "port": "Port", "security": "Protection", "user": "User name", "password": "Password",
    "senderName": "Sender’s name", "mailbox": "Sender’s mailbox", "address": "Where people reach Leeway",
]

private let protections = [
    Choosable("starttls", "STARTTLS (mostly port 587)"), Choosable("tls", "TLS from the start (mostly port 465)"),
    Choosable("none", "None: a server on this machine"),
]

private func letters(_ model: MailModel, _ frame: Frame) -> Fragment {
    let address = Address("/settings/mail").with("state", model.state?.rawValue)
    return fragment {
        p(.class("muted")) {
            "Texts are written when a letter goes and are not kept. What is settled is forgotten after 30 days. "
            "Whether a letter was opened is not recorded."
        }
        if model.counts.gathering > 0 {
            p { "\(Words.count(model.counts.gathering, "thing waits", "things wait")) for the next digest." }
        }
        chips(
            [Chip(words: "All", link: "/settings/mail#letters", isChosen: model.state == nil)]
                + Letter.State.allCases.map { state in
                    Chip(
                        words: "\(state.badge.words) \(Words.count(model.counts[state]))",
                        link: "/settings/mail?state=\(state.rawValue)#letters", isChosen: model.state == state)
                })
        if model.page.letters.isEmpty {
            p(.class("muted")) { "There are none." }
        } else {
            letterTable(model, frame)
            pages(model.page.number, of: model.page.count, at: address)
        }
        if model.counts[.failed] > 0 {
            frame.form(to: "/settings/mail/retry") {
                press("Try \(Words.count(model.counts[.failed], "failed letter", "failed letters")) again")
            }
        }
    }
}

private func letterTable(_ model: MailModel, _ frame: Frame) -> Fragment {
    dataTable(
        "Letters, the newest first", model.page.letters,
        [
            Column("To") { letter in
                person(model.names[letter.person] ?? "Somebody who has left")
                small { letter.isDigest ? "digest of the day" : "at once" }
            },
            Column("About") { letter in
                letter.kinds.map(\.label).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
                    .joined(separator: ", ")
            },
            Column("State") { letter in
                badge(letter.state.badge)
                if !letter.answer.isEmpty { small { letter.answer } }
            },
            Column("Tries", .number) { letter in
                Words.count(letter.tries)
                if letter.state == .waiting, letter.tries > 0 {
                    small {
                        "next "
                        time(letter.nextAt)
                    }
                }
            },
            Column("Written") { time($0.writtenAt) },
            Column("Actions", .actions) { letter in
                if letter.state == .failed || (letter.state == .waiting && letter.tries > 0) {
                    frame.form(to: "/settings/mail/letters/\(letter.id)/retry") {
                        press("Try again", .small, spoken: "to \(model.names[letter.person] ?? "this person")")
                    }
                }
            },
        ])
}

extension Letter.State {
    fileprivate var badge: Status {
        switch self {
        case .waiting: .under("waiting")
        case .sent: .done("sent")
        case .failed: .alert("failed")
        case .dropped: .ended("not sent")
        }
    }
}
