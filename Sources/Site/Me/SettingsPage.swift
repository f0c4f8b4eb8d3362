import Basis
import HTML
import People

/// A place where the person is signed in.
struct SessionView: Sendable {
    let id: String
    let since: Moment
    let until: Moment
    let isThis: Bool
}

struct SettingsModel: Sendable {
    let languages: [Choosable]
    let isPersonalised: Bool
    let sessions: [SessionView]
    var entries = Entries()
}

func settingsPage(_ model: SettingsModel, in frame: Frame) -> Fragment {
    page("Settings", in: frame, width: .narrow) {
        "Yours alone."
    } content: {
        refusal(
            model.entries,
            labels: ["language": "Language", "current": "The password you have now", "password": "New password"])
        part("Language of what you learn", id: "language-part") {
            frame.form(to: "/settings/language", class: "stack") {
                dropDown(
                    "language", "Language", model.languages,
                    hint:
                        "Suggestions come in this language; in English without one. Leeway's own pages are in English.",
                    model.entries)
                actions { press("Save language") }
            }
        }
        part("Days away", id: "away-part") {
            p(.class("muted")) { "Days off lower what may be asked of you, and somebody can stand in." }
            actions { go("When I am away", to: "/me/away") }
        }
        part("Letters", id: "letters-part") {
            p(.class("muted")) { "What Leeway writes to your mailbox, and how often." }
            actions { go("How letters reach me", to: "/me/letters") }
        }
        part("Theme", id: "theme-part") {
            div(.class("stack")) {
                themeSwitch()
                p(.class("muted")) {
                    "Kept in this browser. Without script, the pages follow your system's light or dark theme."
                }
            }
        }
        part("Personalisation", id: "personalisation-part") {
            p { model.isPersonalised ? "Suggestions use your answers." : "Suggestions do not use your answers." }
            frame.form(to: "/me/personalisation") {
                hidden("on", model.isPersonalised ? "no" : "yes")
                hidden("back", "/settings")
                press(model.isPersonalised ? "Switch personalisation off" : "Switch personalisation on")
            }
        }
        part("Password", id: "password-part") {
            frame.form(to: "/settings/password", class: "stack") {
                field(
                    Field(
                        name: "current", words: "The password you have now", kind: .password, isRequired: true,
                        autocomplete: "current-password"), model.entries)
                field(EntryFields.newPassword, model.entries)
                p(.class("muted small")) { "You are then signed out everywhere else." }
                actions { press("Change password") }
            }
        }
        if frame.holdsAny([.administer]) {
            part("For the organisation", id: "organisation-part") {
                ul {
                    for place in Destination.hidden where place.link.hasPrefix("/settings/") {
                        li { a(.href(place.link)) { place.words } }
                    }
                }
            }
        }
        part("Where you are signed in", id: "sessions-part") {
            dataTable(
                "Where you are signed in", model.sessions,
                [
                    Column("Since") { time($0.since) },
                    Column("Until") { time($0.until) },
                    Column("Actions", .actions) { session in
                        if session.isThis {
                            badge(.done("this one"))
                        } else {
                            frame.form(to: "/settings/sessions/\(session.id)/end") {
                                press("Sign out there", .small)
                            }
                        }
                    },
                ])
        }
    }
}
