import Basis
import HTML

/// The programs that may use the record store.
struct ClientsModel: Sendable {
    struct Entry: Sendable {
        let id, label, key: String
        let scopes: [String]
        let createdAt: Moment
        let lastUsedAt: Moment?
        let isRevoked: Bool
    }

    let entries: [Entry]
    let scopes: [String]
    let chosen: Set<String>
    /// Shown once, right after it was made.
    var made: (label: String, key: String, secret: String)?
    var form = Entries()
}

func clientsPage(_ model: ClientsModel, in frame: Frame) -> Fragment {
    page("Record store clients", in: frame, crumbs: [Crumb("Settings", "/settings")]) {
        "Programs that send evidence to Leeway or read it, each with its own key, secret and scopes."
    } content: {
        if let made = model.made {
            onceNotice(
                "Credentials of \(made.label)", [("Key (user name)", made.key), ("Secret (password)", made.secret)])
        }
        if model.entries.isEmpty {
            emptyState(
                .key, "No program has access yet",
                "A learning system sends xAPI statements to /xapi with Basic credentials. Each gets its own, so that "
                    + "one can be revoked alone.", example: "“Course platform” with the scope statements/write.")
        } else {
            clientTable(model, frame)
        }
        part("Add a client", id: "add") {
            frame.form(to: "/settings/clients", class: "stack") {
                refusal(model.form)
                field(Field(name: "label", words: "Name", hint: "What the program is.", isRequired: true), model.form)
                fieldset(.class("choices"), .id("scopes")) {
                    legend { "Scopes" }
                    p(.class("hint")) { "Give the least that it needs." }
                    for scope in model.scopes {
                        label {
                            input(
                                .type("checkbox"), .name("scopes"), .value(scope),
                                .checked(model.chosen.contains(scope)))
                            span { scope }
                        }
                    }
                }
                actions { press("Add client", .primary) }
            }
        }
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
            Column("Scopes") { $0.scopes.joined(separator: ", ") },
            Column("Last used") { $0.lastUsedAt.map { time($0) } ?? Fragment("never") },
            Column("State") { badge($0.isRevoked ? .ended("revoked") : .done("on")) },
            Column("Actions", .actions) { entry in
                if !entry.isRevoked {
                    frame.form(
                        to: "/settings/clients/\(entry.id)/revoke",
                        loss:
                            "\(entry.label) is refused from now on. It cannot be undone; make new credentials."
                    ) { press("Revoke", .small, spoken: entry.label) }
                }
            },
        ])
}
