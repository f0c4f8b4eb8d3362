import HTML

/// The tree of units.
struct UnitsModel: Sendable {
    struct Entry: Sendable {
        let id, name, path: String
        let depth: Int
        /// Active people in the unit itself, and with everything below.
        let own, all: Int
    }

    let entries: [Entry]
    let canAdminister: Bool
    /// The unit that is being changed, if any; empty for a new one.
    var editing: String?
    var entriesOfForm = Entries()
}

func unitsPage(_ model: UnitsModel, in frame: Frame) -> Fragment {
    page("Units", in: frame, crumbs: [Crumb("People", "/people")]) {
        "The organisation as a tree. A unit in an audience means everything below it too."
    } content: {
        peopleTabs("/people/units")
        if model.entries.isEmpty {
            emptyState(
                .people, "No units yet",
                "Units let you say “everyone in Sales”. A people import makes them as it goes.",
                example: "the unit “North” below “Sales”, written “Sales / North” in the file.")
        } else {
            dataTable("Units, as a tree", model.entries, columns(model))
        }
        if model.canAdminister { unitForm(model, frame) }
    }
}

private func columns(_ model: UnitsModel) -> [Column<UnitsModel.Entry>] {
    let columns: [Column<UnitsModel.Entry>] = [
        Column("Unit") { entry in
            span(.class("deep d\(min(entry.depth, 6))")) {
                spoken(String(entry.path.dropLast(entry.name.count)))
                entry.name
            }
        },
        Column("People in it", .number) { Words.count($0.own) },
        Column("With all below", .number) { entry in
            a(.href("/people?unit=\(entry.id)")) { Words.count(entry.all) }
        },
    ]
    let change = Column<UnitsModel.Entry>("Actions", .actions) { entry in
        go("Change", to: "/people/units?change=\(entry.id)#change", .small, spoken: entry.path)
    }
    return model.canAdminister ? columns + [change] : columns
}

private func unitForm(_ model: UnitsModel, _ frame: Frame) -> Fragment {
    let editing = model.editing ?? ""
    let parents = model.entries.filter { $0.id != editing }.map { Choosable($0.id, $0.path) }
    return part(editing.isEmpty ? "Add a unit" : "Rename or move", id: "change") {
        frame.form(to: "/people/units", class: "stack") {
            refusal(model.entriesOfForm)
            hidden("id", editing)
            div(.class("fields")) {
                field(Field(name: "name", words: "Name", isRequired: true), model.entriesOfForm)
                dropDown("parent", "Below", [Choosable("", "At the top")] + parents, model.entriesOfForm)
            }
            actions {
                press(editing.isEmpty ? "Add unit" : "Save unit", .primary, name: "do", value: "save")
                if !editing.isEmpty {
                    press("Remove unit", .danger, name: "do", value: "remove")
                    go("Cancel", to: "/people/units", .quiet)
                }
            }
        }
    }
}

/// The audience builder: a rule, what it says, and whom it means.
struct AudienceModel: Sendable {
    let entries: Entries
    let effect: AudienceEffect
    let units: [String]
}

func audiencePage(_ model: AudienceModel, in frame: Frame) -> Fragment {
    page("Audiences", in: frame, crumbs: [Crumb("People", "/people")]) {
        "Try a rule here, then use it in a strategy, a mandate, an AI use or the leeway policy."
    } content: {
        peopleTabs("/people/audience")
        div(.class("split even")) {
            frame.form(to: "/people/audience", class: "stack", preview: "/people/audience/preview") {
                audienceField("audience", "Rule", model.entries, examples: model.units)
                actions {
                    press("Show who is meant", .primary, icon: .eye)
                    if model.effect.fault == nil, model.effect.count > 0 {
                        go(
                            "See them in the list",
                            to: Address("/people", [("audience", model.entries["audience"])]).text)
                    }
                }
            }
            preview { audienceEffect(model.effect) }
        }
    }
}
