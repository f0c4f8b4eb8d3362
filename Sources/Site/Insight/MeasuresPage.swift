import Basis
import HTML

/// The seven measures on one page.
struct MeasuresModel: Sendable {
    struct Row: Sendable {
        let name, what, link: String
        /// The value, such as `62%`; nil when it cannot be reckoned yet.
        let figure: String?
        /// What it is of, with its interval, one sentence a line.
        let counted: [String]
        let dots: Dots?
        /// What is still needed, when there is no value.
        let needs: String
    }

    let rows: [Row]
    let asOf: Moment
    let decisions: [Decision]
    /// What changed lately, one sentence each.
    let changes: [String]
    /// Whether some of the seven are kept from the person who looks.
    let isPartial: Bool
    let canDrill: Bool
}

/// Something that waits for one person's answer.
struct Decision: Sendable {
    let words, link: String
    let more: String
}

func measuresPage(_ model: MeasuresModel, in frame: Frame) -> Fragment {
    page("Measures", in: frame) {
        model.isPartial
            ? "What the organisation promises, counted. "
            : "Seven measures, each with its uncertainty and what it was counted from. "
        "As of "
        time(model.asOf)
        "."
    } actions: {
        if model.canDrill { go("Save as CSV", to: "/insight/measures.csv", icon: .download) }
    } content: {
        div(.class("measures-page")) {
            if model.isPartial {
                notice {
                    "You see the measures of what the organisation owes you: who answers for its AI, how far its "
                    "strategy came, and how its content is made. Those about people's learning are for sponsors, "
                    "stewards and auditors, and never show one person."
                }
            }
            measuresTable(model)
            measuresKey(model)
            if model.canDrill {
                div(.class("cards two")) {
                    decisionsCard(model.decisions)
                    changesCard(model.changes)
                }
            }
        }
    }
}

private func measuresTable(_ model: MeasuresModel) -> Fragment {
    div(.class("box")) {
        table(.class("table measures")) {
            caption(.class("hidden")) { "The measures" }
            thead {
                tr {
                    th(.scope("col")) { "Measure" }
                    th(.scope("col")) { "Now" }
                    th(.scope("col"), .class("drawing")) {
                        spoken("Drawing")
                        dotScale()
                    }
                }
            }
            tbody { for row in model.rows { measureRow(row, canDrill: model.canDrill) } }
        }
    }
}

private func measureRow(_ row: MeasuresModel.Row, canDrill: Bool) -> Fragment {
    tr {
        th(.scope("row")) {
            if canDrill { a(.href(row.link)) { row.name } } else { row.name }
            small { row.what }
        }
        if let figure = row.figure {
            td(.data("label", "Now")) {
                strong(.class("figure")) {
                    if canDrill { a(.href(row.link)) { figure } } else { figure }
                }
                for line in row.counted { small { line } }
            }
            td(.class("drawing")) { if let drawing = row.dots { dots(drawing) } }
        } else {
            td(.init("colspan", "2"), .class("unmeasured")) { "Not measured yet: \(row.needs)" }
        }
    }
}

private func measuresKey(_ model: MeasuresModel) -> Fragment {
    ul(.class("key")) {
        li {
            svg(.class("dots"), .aria("hidden", "true"), .init("width", "12"), .init("height", "12")) {
                g(.class("s1")) { circle(.class("mark"), .init("cx", "6"), .init("cy", "6"), .init("r", "5")) }
            }
            "observed"
        }
        li { "lines with ends: 95% intervals" }
        if model.rows.contains(where: { $0.dots?.benchmark != nil }) {
            li { "dashed: the report (Go1, Keeping Pace, more than 2,000 people asked)" }
        }
    }
}

private func decisionsCard(_ decisions: [Decision]) -> Fragment {
    section(.class("card"), .aria("labelledby", "decisions")) {
        h2(.id("decisions")) { "Decisions asked of you (\(decisions.count))" }
        if decisions.isEmpty {
            p(.class("muted")) { "Nothing waits for you." }
        } else {
            ol(.class("plain")) {
                for decision in decisions.prefix(3) { li { a(.href(decision.link)) { decision.words } } }
            }
            if decisions.count > 3 { p { a(.href("/decisions")) { "All \(decisions.count)" } } }
        }
    }
}

private func changesCard(_ changes: [String]) -> Fragment {
    section(.class("card"), .aria("labelledby", "changed")) {
        h2(.id("changed")) { "What changed, and why" }
        if changes.isEmpty {
            p(.class("muted")) { "Nothing has been decided yet." }
        } else {
            for change in changes { p { change } }
        }
    }
}

/// One measure and all that it was counted from.
struct MeasureModel: Sendable {
    struct Table: Sendable {
        let columns: [String]
        /// The places of columns that hold numbers.
        let numbers: Set<Int>
        let rows: [[String]]
        let total: Int
    }

    /// One figure by month.
    struct OverTime: Sendable {
        struct Point: Sendable {
            let month: String
            let share: Double?
            /// Such as `3 of 5`.
            let counted: String
        }

        let name, of: String
        let points: [Point]
    }

    let row: MeasuresModel.Row
    let asOf: Moment
    /// The formula in words.
    let formula: String
    /// How it is counted, a sentence each.
    let method: [String]
    /// What belongs to it, each with its sentence.
    let parts: [(name: String, words: String)]
    let series: [OverTime]
    /// What the report found, and which report it is.
    let benchmark: String?
    let table: Table
    let pageNumber, pageCount: Int
    let address: Address
}

func measurePage(_ model: MeasureModel, in frame: Frame) -> Fragment {
    page(model.row.name, in: frame, crumbs: [Crumb("Insight", "/insight")]) {
        model.row.what + " As of "
        time(model.asOf)
        "."
    } actions: {
        if model.table.total > 0 { go("Save as CSV", to: "\(model.address.path)/rows.csv", icon: .download) }
    } content: {
        section(.class("card"), .aria("labelledby", "value")) {
            h2(.id("value")) { "Now" }
            if let figure = model.row.figure {
                p(.class("figure")) { figure }
                for line in model.row.counted { p { line } }
                if let drawing = model.row.dots { dots(drawing) }
            } else {
                p { "Not measured yet: \(model.row.needs)" }
            }
        }
        part("How it is reckoned", id: "method") {
            p { model.formula }
            if !model.method.isEmpty { ul(.class("bullets")) { for line in model.method { li { line } } } }
            if let benchmark = model.benchmark { p(.class("muted")) { benchmark } }
        }
        if !model.parts.isEmpty {
            part("What belongs to it", id: "parts") {
                dataTable(
                    "Figures that belong to the measure", model.parts,
                    [Column("Figure") { $0.name }, Column("Counted") { $0.words }])
            }
        }
        if !model.series.isEmpty {
            part("Over time", id: "time") { for series in model.series { overTime(series) } }
        }
        part("What it was counted from", id: "rows") {
            if model.table.rows.isEmpty {
                p(.class("muted")) { "There is nothing to count yet." }
            } else {
                p(.class("muted")) { Words.count(model.table.total, "row", "rows") }
                dataTable("What it was counted from", model.table.rows, columns(of: model.table))
                pages(model.pageNumber, of: model.pageCount, at: model.address)
            }
        }
    }
}

private func overTime(_ series: MeasureModel.OverTime) -> Fragment {
    figure(.class("chart")) {
        figcaption { series.name }
        dataTable(
            series.name, series.points,
            [
                Column("Month") { $0.month },
                Column("Counted", .number) { $0.share == nil ? "none" : "\($0.counted) \(series.of)" },
                Column("Share", .number) { $0.share.map(Words.signedPercent) ?? "–" },
                Column("Drawn") { point in
                    if let share = point.share {
                        bar("\(series.name), \(point.month)", value: Int((share * 100).rounded()), of: 100)
                    } else {
                        "–"
                    }
                },
            ])
    }
}

private func columns(of table: MeasureModel.Table) -> [Column<[String]>] {
    table.columns.enumerated().map { index, heading in
        Column(heading, table.numbers.contains(index) && index > 0 ? .number : .words) { row in
            index < row.count ? Words.prose(row[index]) : ""
        }
    }
}

/// A CSV line, quoted where needed.
///
/// - Source: RFC 4180. What a spreadsheet would take for a formula gets an apostrophe first (OWASP, CSV injection).
func csvLine(_ fields: [String]) -> String {
    fields.map { text in
        let isNumber = Double(text) != nil
        let safe = !isNumber && text.first.map { "=+-@\t\r".contains($0) } == true ? "'" + text : text
        let isOdd = safe.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
        return isOdd ? "\"\(safe.replacing("\"", with: "\"\""))\"" : safe
    }.joined(separator: ",") + "\r\n"
}
