import Basis
import HTML

/// The programs that may use the record store.
struct ClientsModel: Sendable {
    struct Entry: Sendable {
        let id, label, key: String
        let scopes: [String]
        /// What the scopes reach, as sentences; empty for everything.
        let bounds: [String]
        let createdAt: Moment
        let rotatedAt: Moment?
        /// While it is to come, the secret before the present one is valid, too.
        let graceEndsAt: Moment?
        let lastUsedAt: Moment?
        let isRevoked: Bool
    }

    let entries: [Entry]
    let scopes: [String]
    let chosen: Set<String>
    /// Shown once, right after it was made or given a new secret.
    var made: Made?
    var form = Entries()

    struct Made: Sendable {
        let label, key, secret: String
        /// Of the secret before, after a rotation.
        let graceEndsAt: Moment?
    }
}

func clientsPage(_ model: ClientsModel, in frame: Frame) -> Fragment {
    page("Record store clients", in: frame, crumbs: [Crumb("Settings", "/settings")]) {
        "Programs that send evidence to Leeway or read it, each with its own key, secret, scopes and reach."
    } content: {
        if let made = model.made {
            onceNotice(
                "Credentials of \(made.label)", [("Key (user name)", made.key), ("Secret (password)", made.secret)])
            if let until = made.graceEndsAt {
                p {
                    "The old secret is valid until "
                    time(until)
                    ", too."
                }
            }
        }
        if model.entries.isEmpty {
            emptyState(
                .key, "No program has access yet",
                "A learning system sends xAPI statements to /xapi with Basic credentials. Each gets its own, so that "
                    + "one can be revoked alone.", example: "“Course platform” with the scope statements/write.")
        } else {
            clientTable(model, frame)
        }
        part("Add a client", id: "add") { adding(model, frame) }
    }
}

private func adding(_ model: ClientsModel, _ frame: Frame) -> Fragment {
    frame.form(to: "/settings/clients", class: "stack") {
        refusal(model.form)
        field(Field(name: "label", words: "Name", hint: "What the program is.", isRequired: true), model.form)
        fieldset(.class("choices"), .id("scopes")) {
            legend { "Scopes" }
            p(.class("hint")) { "Give the least that it needs." }
            for scope in model.scopes {
                label {
                    input(.type("checkbox"), .name("scopes"), .value(scope), .checked(model.chosen.contains(scope)))
                    span {
                        scope
                        small { " " + meaning(ofScope: scope) }
                    }
                }
            }
        }
        field(
            Field(
                name: "activities", words: "Only these activities",
                hint: "How their IRIs begin, such as https://example.org/courses/. Empty for all.", kind: .url),
            model.form)
        field(
            Field(
                name: "learner", words: "Only this person",
                hint: "The person’s id, as in the list of people. Empty for everybody."), model.form)
        actions { press("Add client", .primary) }
    }
}

/// What a scope allows, in a few words.
private func meaning(ofScope scope: String) -> String {
    switch scope {
    case "ai-uses/decide": "ask whether an AI may be used, for itself or for a person"
    case "all": "everything that the record store does"
    case "all/read": "read everything"
    case "define": "change what is known of activities"
    case "metrics": "read the server’s counters"
    case "profile": "read and change profiles of activities and agents"
    case "state": "read and change what courses keep for a learner"
    case "statements/read": "read every statement"
    case "statements/read/mine": "read the statements that it sent itself"
    case "statements/read/pseudonymised": "read statements without learning who is in them"
    case "statements/write": "send statements"
    default: ""
    }
}

private func clientTable(_ model: ClientsModel, _ frame: Frame) -> Fragment {
    dataTable(
        "Clients, the newest first", model.entries,
        [
            Column("Client") { entry in
                entry.label
                small { entry.key }
            },
            Column("Scopes and reach") { entry in
                entry.scopes.joined(separator: ", ")
                for bound in entry.bounds { small { bound } }
            },
            Column("Last used") { $0.lastUsedAt.map { time($0) } ?? Fragment("never") },
            Column("Secret") { entry in
                if let rotated = entry.rotatedAt { time(rotated) } else { time(entry.createdAt) }
                if let until = entry.graceEndsAt {
                    small {
                        "old one valid until "
                        time(until)
                    }
                }
            },
            Column("State") { badge($0.isRevoked ? .ended("revoked") : .done("on")) },
            Column("Actions", .actions) { entry in
                if !entry.isRevoked { acts(on: entry, frame) }
            },
        ])
}

private func acts(on entry: ClientsModel.Entry, _ frame: Frame) -> Fragment {
    div(.class("stack")) {
        details {
            summary {
                "New secret"
                spoken(" for \(entry.label)")
            }
            frame.form(to: "/settings/clients/\(entry.id)/rotate", class: "stack") {
                div(.class("field short")) {
                    label(.for("grace-\(entry.id)")) { "Old secret stays valid" }
                    p(.class("hint"), .id("grace-\(entry.id)-hint")) { "Hours, 0 to 720." }
                    input(
                        .id("grace-\(entry.id)"), .name("graceHours"), .type("text"), .init("inputmode", "numeric"),
                        .value("24"), .aria("describedby", "grace-\(entry.id)-hint"))
                }
                press("Make a new secret", .small, spoken: "for \(entry.label)")
            }
        }
        frame.form(
            to: "/settings/clients/\(entry.id)/revoke",
            loss: "\(entry.label) is refused from now on. It cannot be undone; make new credentials."
        ) { press("Revoke", .small, spoken: entry.label) }
    }
}
