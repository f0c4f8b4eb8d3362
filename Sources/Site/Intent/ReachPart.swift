import Basis
import HTML
import Insight
import Intent
import Statistics

/// How far a version came, as those who lead see it.
struct ReachModel: Sendable {
    struct Step: Sendable {
        let name: String
        /// Such as `45 of 61 people (74%)`, or what it still needs.
        let counted: String
        let interval: String
        /// Of the step before.
        let conversion: String
        /// Nil while it cannot be counted.
        let share: Int?
    }

    struct Group: Sendable {
        let name: String
        let people: Int
        /// By step, from Opened on, such as `12 (60%)`.
        let cells: [String]
        let opening: String
    }

    let version: Int
    let people: Int
    let steps: [Step]
    /// Name and words of each further figure.
    let figures: [(name: String, words: String)]
    let columns: [String]
    let groups: [Group]
    let csv: String
    /// Texts that wait to be matched; nil without recall.
    var waiting: Int?
    let recallLink: String
}

extension ReachModel {
    init(_ funnel: StrategyFunnel, path: String, words: (Figure) -> String) {
        version = funnel.version
        people = funnel.people
        steps = funnel.steps.map { step in
            guard let count = step.count else {
                return Step(
                    name: step.name, counted: "Needs \(step.needs ?? "evidence").", interval: "", conversion: "",
                    share: nil)
            }
            return Step(
                name: step.name, counted: Words.share(count, of: funnel.people, "people"),
                interval: step.reach.map(intervalWords) ?? "", conversion: step.conversion.map(shareWords) ?? "",
                share: step.reach.map { Words.wholePercent($0.estimate) })
        }
        figures = (funnel.beside + funnel.times + funnel.understanding).map { ($0.name, words($0)) }
        columns = funnel.steps.dropFirst(3).map(\.name)
        groups = (funnel.units + [funnel.rest].compactMap(\.self)).map { group in
            Group(
                name: group.name, people: group.people,
                cells: group.steps.dropFirst(3).map { step in
                    guard let count = step.count else { return "–" }
                    return "\(count)" + (step.reach.map { " (\(shareWords($0)))" } ?? "")
                }, opening: group.opening.map(shareWords) ?? "not watched for 30 days yet")
        }
        csv = "\(path)/reach.csv?version=\(funnel.version)"
        recallLink = "\(path)/recall?version=\(funnel.version)"
    }
}

/// Such as `38%, 27 to 50`.
func shareWords(_ interval: Interval) -> String {
    "\(Words.percent(interval.estimate)), \(intervalWords(interval))"
}

func intervalWords(_ interval: Interval) -> String {
    "\(Words.wholePercent(interval.low)) to \(Words.percent(interval.high))"
}

func reachPart(_ model: ReachModel) -> Fragment {
    part("Reach", id: "reach") {
        go("Save as CSV", to: model.csv, icon: .download)
    } content: {
        p(.class("muted")) {
            "How far version \(model.version) came among the \(Words.count(model.people, "person", "people")) it is "
            "meant for; each step among those of the step before. Intervals are 95% (Wilson). "
            "Opened means that the page was before somebody for as long as it takes to read it. " + StrategyCheck.rule
        }
        div(.class("stack")) {
            dataTable(
                "Reach of version \(model.version)", model.steps,
                [
                    Column("Step") { $0.name }, Column("People") { $0.counted }, Column("95% interval") { $0.interval },
                    Column("Of the step before") { $0.conversion },
                    Column("Share") { step in
                        if let share = step.share { bar(step.name, value: share, of: 100) } else { "–" }
                    },
                ])
            dataTable(
                "What belongs to it", model.figures, [Column("Figure") { $0.name }, Column("Counted") { $0.words }])
        }
        if let waiting = model.waiting {
            p {
                a(.href(model.recallLink)) { "What people named in their own words" }
                waiting > 0 ? ": \(Words.count(waiting, "text waits", "texts wait")) for a person." : ": all matched."
            }
        }
        if !model.groups.isEmpty {
            h3 { "By unit" }
            p(.class("muted")) {
                "Units of fewer than \(Measures.unitMinimum) people are shown together, with others where one could be "
                "told from the rest."
            }
            dataTable("Reach by unit", model.groups, groupColumns(model))
        }
    }
}

private func groupColumns(_ model: ReachModel) -> [Column<ReachModel.Group>] {
    let steps = model.columns.enumerated().map { place, name in
        Column<ReachModel.Group>(name) { place < $0.cells.count ? $0.cells[place] : "–" }
    }
    return [Column("Unit") { $0.name }, Column("People", .number) { "\($0.people)" }] + steps
        + [Column("Opened within 30 days") { $0.opening }]
}
