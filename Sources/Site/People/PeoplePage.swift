import HTML
import People

/// The list of people.
struct PeopleModel: Sendable {
    struct Entry: Sendable {
        let name, link: String
        let key: String
        let email: String?
        let unit: String
        let roles: String
        let isActive: Bool
    }

    let entries: [Entry]
    let total: Int
    let pageNumber, pageCount: Int
    let address: Address
    let text: String
    let unit: String
    let role: String
    let activity: String
    let units: [Choosable]
    let roles: [Choosable]
    let canAdminister: Bool
}

func peoplePage(_ model: PeopleModel, in frame: Frame) -> Fragment {
    page("People", in: frame) {
        Words.count(model.total, "person", "people") + (isFiltered(model) ? " answer the filter." : " in all.")
    } actions: {
        go("Save as CSV", to: "/people.csv", icon: .download)
        if model.canAdminister { go("Add person", to: "/people/new", .primary, icon: .plus) }
    } content: {
        peopleTabs("/people")
        filters(model)
        if model.entries.isEmpty {
            emptyState(
                .people, isFiltered(model) ? "Nobody answers this filter" : "Nobody is here yet",
                isFiltered(model)
                    ? "Take a filter away, or look for another part of the name."
                    : "People come in by a CSV file from your personnel system, or one by one.",
                example: "a file with the columns id, name, email, unit, manager and roles."
            ) {
                if isFiltered(model) {
                    go("Show everybody", to: "/people")
                } else if model.canAdminister {
                    go("Import people", to: "/imports?kind=people")
                }
            }
        } else {
            dataTable(
                "People, by name", model.entries,
                [
                    Column("Name") { entry in
                        a(.href(entry.link)) { entry.name }
                        small { entry.email ?? entry.key }
                    },
                    Column("Unit") { $0.unit.isEmpty ? "–" : $0.unit },
                    Column("Roles") { $0.roles },
                    Column("State") { badge($0.isActive ? .done("active") : .ended("inactive")) },
                ])
            pages(model.pageNumber, of: model.pageCount, at: model.address)
        }
    }
}

/// The pages about people, for those who keep them.
func peopleTabs(_ here: String) -> Fragment {
    tabs(
        [("People", "/people"), ("Units", "/people/units"), ("Audiences", "/people/audience")].map {
            Tab(words: $0.0, link: $0.1, isCurrent: $0.1 == here)
        }, label: "People")
}

private func isFiltered(_ model: PeopleModel) -> Bool {
    !(model.text + model.unit + model.role + model.activity).isEmpty
}

private func filters(_ model: PeopleModel) -> Fragment {
    let entries = Entries([
        "q": model.text, "unit": model.unit, "role": model.role, "active": model.activity,
    ])
    return form(.class("filters"), .method("get"), .action("/people"), .role("search")) {
        field(Field(name: "q", words: "Name, e-mail or number", kind: .search), entries)
        dropDown("unit", "Unit", [Choosable("", "Any unit")] + model.units, entries)
        dropDown("role", "Role", [Choosable("", "Any role")] + model.roles, entries)
        dropDown(
            "active", "State",
            [Choosable("", "Active and inactive"), Choosable("yes", "Active"), Choosable("no", "Inactive")], entries)
        press("Show people", icon: .filter)
    }
}

/// One person, as an administrator or steward sees them: who they are, never what they practised.
struct PersonModel: Sendable {
    let path: String
    let name, key: String
    let email: String?
    let unit: String
    let manager: String?
    let roles: [String]
    let attributes: [(name: String, value: String)]
    let language: String?
    let isActive: Bool
    let hasPassword: Bool
    let canAdminister: Bool
    /// Minutes a month, the part guaranteed, and by which rule.
    let leeway: String
    /// Shown once, right after a reset.
    var temporaryPassword: String?
    var entries = Entries()
}

func personPage(_ model: PersonModel, in frame: Frame) -> Fragment {
    page(model.name, in: frame, crumbs: [Crumb("People", "/people")]) {
        model.roles.joined(separator: ", ") + (model.unit.isEmpty ? "" : " · \(model.unit)")
    } actions: {
        if model.canAdminister { go("Edit person", to: "\(model.path)/edit", .primary, icon: .edit) }
    } content: {
        if let password = model.temporaryPassword { onceNotice("Temporary password", [("Password", password)]) }
        refusal(model.entries)
        section(.class("card"), .aria("labelledby", "who")) {
            h2(.id("who")) { "Who it is" }
            sheet(
                [
                    ("State", badge(model.isActive ? .done("active") : .ended("inactive"))),
                    ("Number", Fragment(model.key)), ("E-mail", Fragment(model.email ?? "none")),
                    ("Unit", Fragment(model.unit.isEmpty ? "none" : model.unit)),
                    ("Manager", Fragment(model.manager ?? "none")), ("Roles", Fragment(Words.list(model.roles))),
                    ("Language", Fragment(model.language.map(Words.language) ?? "not stated")),
                    ("Learning time", Fragment(model.leeway)),
                    ("Sign-in", Fragment(model.hasPassword ? "by password" : "no password yet")),
                ] + model.attributes.map { (Words.sentence($0.name), Fragment($0.value)) })
        }
        p(.class("muted small")) {
            "What a person practises, answers and chooses is theirs. It is not on this page, for anybody."
        }
        if frame.holdsAny([.administer, .audit]) {
            p { go("See data and privacy", to: model.path.replacing("/people/", with: "/privacy/people/"), icon: .eye) }
        }
        if model.canAdminister { accountPart(model, frame) }
    }
}

private func accountPart(_ model: PersonModel, _ frame: Frame) -> Fragment {
    part("Account", id: "account") {
        div(.class("row")) {
            if model.isActive {
                frame.form(
                    to: "\(model.path)/password",
                    loss: "The password of \(model.name) stops working, and they are signed out everywhere."
                ) { press(model.hasPassword ? "Reset password" : "Give a password", icon: .key) }
                frame.form(
                    to: "\(model.path)/deactivate",
                    loss:
                        "\(model.name) can no longer sign in and is asked for nothing. Evidence stays. You can undo it."
                ) { press("Deactivate person", .danger) }
            } else {
                frame.form(to: "\(model.path)/reactivate") { press("Reactivate person", icon: .undo) }
            }
        }
    }
}

/// Secrets that are shown this one time.
func onceNotice(_ heading: String, _ secrets: [(name: String, value: String)]) -> Fragment {
    div(.class("notice success"), .role("status")) {
        icon(.key)
        div {
            h2 { heading }
            sheet(secrets.map { ($0.name, element("code", [], Fragment($0.value))) })
            p { "Note it now and hand it over safely: it is not shown again." }
        }
    }
}

/// The form for one person.
struct PersonFormModel: Sendable {
    /// Nil for a new person.
    let path: String?
    let name: String
    let entries: Entries
    let units: [Choosable]
    let roles: Set<Role>
}

func personFormPage(_ model: PersonFormModel, in frame: Frame) -> Fragment {
    var crumbs = [Crumb("People", "/people")]
    if let path = model.path { crumbs.append(Crumb(model.name, path)) }
    return page(model.path == nil ? "Add person" : "Edit person", in: frame, width: .narrow, crumbs: crumbs) {
        frame.form(to: model.path.map { "\($0)/edit" } ?? "/people/new", class: "stack") {
            refusal(model.entries)
            field(Field(name: "name", words: "Name", isRequired: true), model.entries)
            field(
                Field(
                    name: "key", words: "Number", hint: "The organisation's own, that stays over the years.",
                    isRequired: true), model.entries)
            field(Field(name: "email", words: "E-mail", hint: "To sign in.", kind: .email), model.entries)
            dropDown("unit", "Unit", [Choosable("", "None")] + model.units, model.entries)
            field(Field(name: "manager", words: "Manager", hint: "Number or e-mail."), model.entries)
            field(
                Field(name: "language", words: "Language", hint: "Such as de or pt-BR.", width: .short), model.entries)
            fieldset(.class("choices"), .id("roles")) {
                legend { "Roles" }
                for role in Role.allCases {
                    label {
                        input(
                            .type("checkbox"), .name("roles"), .value(role.rawValue),
                            .checked(model.roles.contains(role)))
                        span {
                            role.label
                            small { " " + role.purpose }
                        }
                    }
                }
            }
            area(
                "attributes", "Attributes", hint: "One a line, such as: country = DE. Audiences can ask for them.",
                rows: 3, model.entries)
            actions {
                press(model.path == nil ? "Add person" : "Save person", .primary)
                go("Cancel", to: model.path ?? "/people", .quiet)
            }
        }
    }
}

extension Role {
    /// What it is for, in a few words.
    var purpose: String {
        switch self {
        case .learner: "learns"
        case .manager: "sees the team's load"
        case .designer: "builds content and items"
        case .steward: "keeps the register, policies and mandates"
        case .sponsor: "states the strategy and its priorities"
        case .auditor: "reads evidence, changes nothing"
        case .administrator: "people, credentials and settings"
        }
    }
}
