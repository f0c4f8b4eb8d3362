import Basis
import HTML
import Paths

/// Load against leeway, by unit and month.
struct LoadModel: Sendable {
    struct Row: Sendable {
        let name: String
        let people: Int
        let cells: [LeewayLoad.Cell]
    }

    let months: [Month]
    let rows: [Row]
    let unitsTogether: Int
    let people: Int
    /// How many months may be chosen, and which is.
    let choices: [Tab]
}

func loadPage(_ model: LoadModel, in frame: Frame) -> Fragment {
    page("Load", in: frame, crumbs: [Crumb("Intent", "/intent"), Crumb("Mandates", "/mandates")]) {
        "What mandates ask of people's learning time, against what they may ask and what is always the learners' own."
    } actions: {
        if !model.rows.isEmpty {
            go("Save as CSV", to: "/mandates/load.csv?months=\(model.months.count)", icon: .download)
        }
    } content: {
        tabs(model.choices, label: "How far ahead")
        if model.rows.isEmpty {
            emptyState(
                .mandate, "Too few people to show",
                "Figures are given of \(LeewayLoad.groupMinimum) people or more, so that nobody's own month can be "
                    + "read from them. There are \(model.people).",
                example: "“Sales, 48 people: 61% of what may be asked in March, 3 people over”.")
        } else {
            heatPart(model)
            part("In minutes", id: "minutes") {
                div(.class("stack")) {
                    for (index, month) in model.months.enumerated() { monthPart(model, index, month) }
                }
            }
            div(.class("section")) { rules(model) }
        }
    }
}

/// Per cent of what may be asked, by unit and month; more than 100 where people are over.
private func heatPart(_ model: LoadModel) -> Fragment {
    part("How full the months are", id: "full") {
        div(.class("stack")) {
            months("Asked, in per cent of what mandates may ask, by unit and month", model, \.percent, full: 100)
            months("People of whom more is due than fits, by unit and month", model, \.peopleOver)
        }
    }
}

private func months(
    _ caption: String, _ model: LoadModel, _ figure: (LeewayLoad.Cell) -> Int, full: Int = 1
) -> Fragment {
    div(.class("scroll"), .role("region"), .init("tabindex", "0"), .aria("label", caption)) {
        heat(
            caption, corner: "Unit", columns: model.months.map(Words.shortMonth),
            rows: model.rows.map { row in (row.name, row.cells.map(figure)) }, now: 0, full: full)
    }
}

private func monthPart(_ model: LoadModel, _ index: Int, _ month: Month) -> Fragment {
    details(.class("data"), .open(index == 0)) {
        summary { "Minutes of \(Words.month(month))" }
        dataTable(
            "Learning time in \(Words.month(month)), all people of a unit together", model.rows,
            [
                Column("Unit") { row in
                    row.name
                    small { Words.count(row.people, "person", "people") }
                },
                Column("Asked", .number) { Words.minutes($0.cells[index].asked) },
                Column("May be asked", .number) { Words.minutes($0.cells[index].ceiling) },
                Column("Always theirs", .number) { Words.minutes($0.cells[index].guaranteed) },
                Column("Beyond what fits", .number) { Words.minutes($0.cells[index].over) },
                Column("People over", .number) { Words.count($0.cells[index].peopleOver) },
            ], isPlain: true)
    }
}

private func rules(_ model: LoadModel) -> Fragment {
    section(.class("card"), .aria("labelledby", "rules")) {
        h2(.id("rules")) { "How this is counted" }
        ul {
            li {
                "Each mandate is placed as early as it can be done, on working days, the earliest deadline first. What "
                "was spent on mandates this month counts as asked."
            }
            li { "A unit is counted without the units below it." }
            li {
                "Figures are given of \(LeewayLoad.groupMinimum) people or more. "
                    + (model.unitsTogether > 0
                        ? "\(Words.count(model.unitsTogether, "unit is", "units are")) told together with people "
                            + "without a unit as “Smaller units”; where those would be too few, the next larger unit "
                            + "is told with them."
                        : "Smaller units would be told together.")
            }
            li { "Nothing here says what anybody practised or chose for themselves." }
        }
    }
}

extension LeewayLoad.Cell {
    /// Asked in per cent of what may be asked; 0 where nothing may be and nothing is.
    var percent: Int { ceiling > 0 ? (asked * 100 + ceiling / 2) / ceiling : asked > 0 ? 100 : 0 }
}
