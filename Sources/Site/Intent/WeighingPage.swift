import Basis
import HTML
import Intent
import Statistics

/// How leaders weigh a draft, for those who write it.
struct WeighingModel: Sendable {
    struct Leader: Sendable {
        let id: ID<Person>
        let name: String
        let asked: Day
        let hasAnswered: Bool
    }

    struct Row: Sendable {
        let name: String
        /// The draft's weight.
        /// - Unit: whole percent.
        let share: Int
        /// The leaders' mean with its interval, such as `38%, 27% to 50%`.
        let mean: String
    }

    let path: String
    let title: String
    let version: Int
    let isDraft: Bool
    let weighing: Weighing
    let leaders: [Leader]
    let rows: [Row]
    /// How far they agree, beside what the rules want.
    let agreement: StrategyAgreement
    /// Who could be asked.
    let choices: [Choosable]
    let entries: Entries
}

func weighingPage(_ model: WeighingModel, in frame: Frame) -> Fragment {
    let crumbs = [Crumb("Intent", "/intent"), Crumb("Strategy", "/strategy"), Crumb(model.title, model.path)]
    return page("What leaders weigh most", in: frame, crumbs: crumbs) {
        "Each leader shares out \(Weighing.points) points over the priorities of version \(model.version)."
    } content: {
        refusal(model.entries)
        p(.class("muted")) { weighingRule }
        leadersPart(model, frame)
        if model.weighing.allocation != nil {
            resultPart(model, frame)
        } else if model.weighing.isComplete {
            notice {
                "Everybody has answered, and fewer than \(Weighing.leadersNeeded) were asked: their mean would tell "
                "what one of them gave. Ask more leaders to see it."
            }
        }
        if model.isDraft, model.weighing.allocation == nil { askingPart(model, frame) }
        if model.isDraft, model.weighing.leaders.contains(where: { $0.allottedAt != nil }) { againPart(model, frame) }
    }
}

/// What leaders and those who ask them are told.
let weighingRule =
    "Nobody sees what one leader gave. The mean and how far leaders agree are shown once everybody who was asked has "
    + "answered, from \(Weighing.leadersNeeded) leaders on; from then on nothing is changed any more."

private func leadersPart(_ model: WeighingModel, _ frame: Frame) -> Fragment {
    part("Leaders", id: "leaders") {
        if model.leaders.isEmpty {
            p(.class("muted")) {
                model.isDraft
                    ? "Nobody is asked yet. A strategy can be published without; asking shows whether those who lead "
                        + "mean the same."
                    : "Nobody was asked to weigh this version."
            }
        } else {
            p {
                "\(Words.share(model.leaders.count(where: \.hasAnswered), of: model.leaders.count, "leaders")) have "
                "answered."
            }
            dataTable(
                "Leaders who weigh the priorities", model.leaders,
                [
                    Column("Leader") { person($0.name) }, Column("Asked on") { time($0.asked) },
                    Column("State") { badge($0.hasAnswered ? .done("answered") : .open("not yet")) },
                    Column("Actions", .actions) { leader in
                        if model.isDraft, !leader.hasAnswered {
                            frame.form(to: "\(model.path)/weighing/excuse") {
                                hidden("person", "\(leader.id)")
                                press("No longer ask", .small, spoken: leader.name)
                            }
                        }
                    },
                ])
        }
    }
}

private func resultPart(_ model: WeighingModel, _ frame: Frame) -> Fragment {
    part("What they gave together", id: "result") {
        p { agreementWords(model.agreement) }
        dataTable(
            "Mean of \(model.leaders.count) leaders beside the draft’s weights", model.rows,
            [
                Column("Priority") { $0.name },
                Column("Leaders’ mean, 95% interval") { $0.mean },
                Column("Draft’s weight", .number) { "\($0.share)%" },
            ])
        if model.isDraft {
            frame.form(to: "\(model.path)/weighing/take", class: "actions") {
                press("Take the mean as the draft’s weights", .primary)
            }
        }
    }
}

/// How far leaders agree, in plain words with the figures.
func agreementWords(_ agreement: StrategyAgreement) -> String {
    guard let concordance = agreement.concordance else {
        return agreement.needed == nil
            ? "How far they agree cannot be told: nobody put one priority above another." : agreement.sentence
    }
    let w = Words.hundredths(concordance.coefficient)
    let interval = concordance.interval.map {
        ", 95% interval \(Words.hundredths($0.low)) to \(Words.hundredths($0.high))"
    }
    let word: String =
        switch concordance.coefficient {
        case ..<0.3: "little"
        case ..<0.5: "somewhat"
        case ..<0.7: "well"
        default: "strongly"
        }
    return "\(concordance.leaders) leaders agree \(word) on the order of \(concordance.things) priorities: Kendall’s W "
        + "\(w)\(interval ?? ""), where 0 is no agreement and 1 the same order. By chance alone it would be "
        + "\(Words.hundredths(1 / Double(concordance.leaders))) on average."
        + (agreement.needed.map { " The rules want at least \(Words.hundredths($0))." } ?? "")
}

private func askingPart(_ model: WeighingModel, _ frame: Frame) -> Fragment {
    part(model.leaders.isEmpty ? "Ask leaders" : "Ask more leaders", id: "ask") {
        if model.rows.count < 2 {
            p(.class("muted")) { "The draft needs two priorities before they can be weighed." }
        } else if model.choices.isEmpty {
            p(.class("muted")) { "Everybody who leads is asked already." }
        } else {
            frame.form(to: "\(model.path)/weighing", class: "stack") {
                fieldset(.class("choices")) {
                    legend { "Who weighs the priorities" }
                    p(.class("hint")) { "Sponsors, stewards and managers. They see the draft’s priorities and texts." }
                    for choice in model.choices {
                        tick(
                            "leader-\(choice.value)", choice.words,
                            isOn: model.entries["leader-\(choice.value)"] == "yes")
                    }
                }
                actions { press("Ask them", .primary) }
            }
        }
    }
}

private func againPart(_ model: WeighingModel, _ frame: Frame) -> Fragment {
    part("Ask everybody again", id: "again") {
        frame.form(
            to: "\(model.path)/weighing/again", class: "stack",
            loss: "What leaders gave is forgotten; all are asked again."
        ) {
            field(
                Field(name: "reason", words: "Reason", hint: "Shown in the history.", isRequired: true), model.entries)
            actions { press("Ask everybody again", .danger) }
        }
    }
}

// MARK: A leader's points

/// The points that one leader gives.
struct PointsModel: Sendable {
    let path: String
    let request: WeighingRequest
    let invitedBy: String?
    let entries: Entries
}

func pointsPage(_ model: PointsModel, in frame: Frame) -> Fragment {
    let strategy = model.request.strategy
    return page("Weigh “\(strategy.title)”", in: frame, width: .narrow, crumbs: [Crumb("Decisions", "/decisions")]) {
        "\(model.invitedBy ?? "Somebody who has left") asks what you would put most weight on, before it is published."
    } content: {
        div(.class("stack")) {
            refusal(model.entries)
            p(.class("muted")) { weighingRule }
            if !strategy.summary.isEmpty { notice { strategy.summary } }
        }
        if model.request.isComplete {
            p { "Everybody has answered, so your points stay as they are." }
            dataTable(
                "Your points", strategy.priorities,
                [
                    Column("Priority") { $0.name },
                    Column("Points", .number) { "\(model.request.points[$0.id] ?? 0)" },
                ])
        } else {
            frame.form(to: "\(model.path)/points", class: "stack") {
                hidden("version", "\(strategy.version)")
                p { "Share out exactly \(Weighing.points) points. More points: more of everybody’s learning time." }
                for (place, priority) in strategy.priorities.enumerated() {
                    field(
                        Field(
                            name: "points-\(place)", words: priority.name,
                            hint: priority.text.isEmpty ? nil : priority.text,
                            width: .short, isNumber: true), model.entries)
                    hidden("priority-\(place)", "\(priority.id)")
                }
                actions {
                    press(model.request.allottedAt == nil ? "Give points" : "Change my points", .primary)
                    go("Not now", to: "/decisions", .quiet)
                }
            }
        }
    }
}
