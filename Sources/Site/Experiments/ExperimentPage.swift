import Basis
import HTML
import Intent

/// One experiment with what peers say of it.
struct ExperimentModel: Sendable {
    struct Remark: Sendable {
        let id: String
        let who: String
        let body: String
        let at: Moment
        /// Whether the one who looks wrote it.
        let isOwn: Bool
    }

    let path: String
    let record: ExperimentRecord
    let by: String
    let settledBy: String?
    let use: (name: String, link: String)?
    let remarks: [Remark]
    let isFollowing: Bool
    let isOwn: Bool
    let canSettle: Bool
    let today: Day
    var entries = Entries()
}

func experimentPage(_ model: ExperimentModel, in frame: Frame) -> Fragment {
    let record = model.record
    let crumbs = [Crumb("AI register", "/register"), Crumb("Experiments", "/experiments")]
    return page(record.title, in: frame, crumbs: crumbs) {
        record.idea
    } actions: {
        if model.isOwn, record.state == .running { go("Change experiment", to: "\(model.path)/edit", icon: .edit) }
        frame.form(to: "\(model.path)/follow") {
            hidden("on", model.isFollowing ? "no" : "yes")
            press(model.isFollowing ? "Stop following" : "Follow")
        }
    } content: {
        experimentFacts(model)
        if model.isOwn, record.state == .running { finishPart(model, frame) }
        remarksPart(model, frame)
        if model.canSettle, record.state == .running || record.state == .finished { settlePart(model, frame) }
    }
}

private func experimentFacts(_ model: ExperimentModel) -> Fragment {
    let record = model.record
    return section(.class("label-sheet"), .aria("labelledby", "experiment")) {
        header {
            h2(.id("experiment")) { "What is tried" }
            badge(record.state.badge)
        }
        sheet([
            ("Idea of", person(model.by)), ("Tool", Fragment(record.tool)),
            (
                "It is given",
                Fragment(
                    record.data.isEmpty ? "no data of ours" : Words.list(record.data.map { $0.label.lowercased() }))
            ),
            ("Began", time(record.createdAt.day)), ("Until", time(record.until, today: model.today)),
            ("Followers", Fragment("\(record.followers)")),
            ("What came of it", Fragment(record.learned.isEmpty ? "not said yet" : record.learned)),
        ])
        if let settledBy = model.settledBy, record.state != .finished {
            p {
                "\(Words.sentence(record.state.rawValue)) by \(settledBy): \(record.reason) "
                if let use = model.use {
                    "It is the AI use "
                    a(.href(use.link)) { use.name }
                    "."
                }
            }
        }
    }
}

private func finishPart(_ model: ExperimentModel, _ frame: Frame) -> Fragment {
    part("Finish it", id: "finish") {
        frame.form(to: "\(model.path)/finish", class: "stack") {
            area(
                "learned", "What came of it", hint: "What worked, what did not, and for whom it may be worth a try.",
                rows: 3, model.entries, isRequired: true)
            actions { press("Finish experiment") }
        }
    }
}

private func remarksPart(_ model: ExperimentModel, _ frame: Frame) -> Fragment {
    part("Remarks (\(model.remarks.count))", id: "remarks") {
        if model.remarks.isEmpty { p(.class("muted")) { "Nobody has said anything yet." } }
        ol(.class("plain")) {
            for remark in model.remarks {
                li(.class("card")) {
                    div(.class("spread")) {
                        person(remark.who)
                        span(.class("muted small")) { time(remark.at) }
                    }
                    p { remark.body }
                    if remark.isOwn {
                        frame.form(to: "\(model.path)/remarks/\(remark.id)/remove") {
                            press("Take back", .small, spoken: "remark")
                        }
                    }
                }
            }
        }
        frame.form(to: "\(model.path)/remarks", class: "stack") {
            area("body", "Your remark", rows: 2, model.entries, isRequired: true)
            actions { press("Add remark") }
        }
    }
}

private func settlePart(_ model: ExperimentModel, _ frame: Frame) -> Fragment {
    part("Make something of it", id: "settle") {
        frame.form(to: "\(model.path)/settle", class: "card stack") {
            refusal(model.entries)
            field(
                Field(
                    name: "reason", words: "Why", hint: "Its author and all who follow read it.", isRequired: true),
                model.entries)
            field(Field(name: "name", words: "Name of the AI use", isRequired: true), model.entries)
            area("purpose", "Purpose", rows: 2, model.entries, isRequired: true)
            div(.class("fields")) {
                dropDown(
                    "status", "Status",
                    [AIUseRecord.Status.pilot, .sandbox, .idea, .live].map { Choosable($0.rawValue, $0.words) },
                    model.entries)
                field(
                    Field(name: "reviewOn", words: "Review by", hint: "A pilot or live use needs it.", kind: .date),
                    model.entries)
            }
            actions {
                press("Promote experiment", .primary, name: "do", value: "promoted")
                press("Adapt experiment", name: "do", value: "adapted")
            }
        }
        if model.record.state == .running {
            frame.form(
                to: "\(model.path)/settle", class: "card stack",
                loss: "Its author may not go on with it. What was said stays readable."
            ) {
                hidden("do", "stopped")
                field(Field(name: "stopReason", words: "Why it has to stop", isRequired: true), model.entries)
                actions { press("Stop experiment", .danger) }
            }
        }
    }
}
