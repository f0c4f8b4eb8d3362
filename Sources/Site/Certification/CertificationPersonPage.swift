import Basis
import HTML
import Intent

/// One person and one certification, for those who lead.
struct CertificationPersonModel: Sendable {
    struct Told: Sendable {
        let at: Moment
        let what: String
        let who: String?
    }

    let path: String
    let title, certification: String
    let name: String
    let file: CertificationFile
    let told: [Told]
    /// Whether a steward attests it rather than a content.
    let isAttested: Bool
    let canDecide: Bool
    let today: Day
    var entries = Entries()
}

func certificationPersonPage(_ model: CertificationPersonModel, in frame: Frame) -> Fragment {
    page(
        model.name, in: frame,
        crumbs: [Crumb("Certifications", "/certifications"), Crumb(model.title, model.certification)]
    ) {
        "How \(model.name) stands with “\(model.title)”."
    } content: {
        refusal(model.entries)
        p {
            badge(model.file.place.standing.badge)
            if let day = model.file.place.dueOn, model.file.place.cycle != nil {
                " due by "
                time(day, today: model.today)
            }
            if let day = model.file.place.certifiedUntil {
                " certificate until "
                time(day, today: model.today)
            }
        }
        part("Cycles", id: "cycles") { cycleTable(model.file.cycles, of: model.name, model.today) }
        if model.canDecide, model.file.place.standing != .ended { decisions(model, frame) }
        part("What became known", id: "told") {
            dataTable(
                "What became known, the latest first", model.told,
                [
                    Column("When") { time($0.at) }, Column("What") { Words.sentence($0.what) },
                    Column("Decided by") { $0.who ?? "–" },
                ])
        }
    }
}

/// Cycles with their dates, the newest first.
func cycleTable(_ cycles: [CertificationCycle], of name: String, _ today: Day) -> Fragment {
    if cycles.isEmpty { return p(.class("muted")) { "No cycle has opened yet." } }
    return dataTable(
        "Cycles of \(name), the newest first", Array(cycles.reversed()),
        [
            Column("Cycle") { "\($0.number)" },
            Column("State") { cycle in
                badge(cycle.state.badge)
                if let reason = cycle.reason { small { reason } }
            },
            Column("Open from") { time($0.opensOn, today: today) },
            Column("Due by") { time($0.dueOn, today: today) },
            Column("Done") { cycle in
                if let day = cycle.completedOn {
                    time(day, today: today)
                    if let way = cycle.way, way != .completion { small { way.pageWords } }
                    if cycle.lapsedOn != nil { small { "late" } }
                } else {
                    "–"
                }
            },
            Column("Valid until") { cycle in dayCell(cycle.expiresOn, today) },
        ])
}

private func decisions(_ model: CertificationPersonModel, _ frame: Frame) -> Fragment {
    let isExempted = model.file.state.excuses.contains {
        $0.reason != nil && $0.until.map { $0 >= model.today } ?? true
    }
    return part("Decide", id: "decide") {
        p(.class("muted")) { "Each decision is told to the person, and stands in the history with your name." }
        div(.class("cards two")) {
            if let due = model.file.state.current?.dueOn, model.file.state.current?.isLapsed == false {
                frame.form(to: "\(model.path)/extend", class: "card stack") {
                    h3 { "Give more time" }
                    p(.class("muted")) { "Due by \(Words.day(due, today: model.today)) now." }
                    field(
                        Field(name: "until", words: "New due day", kind: .date, width: .short, isRequired: true),
                        model.entries)
                    reason("reason", model)
                    actions { press("Give more time") }
                }
            }
            if let part = model.file.withdrawable { withdrawal(part, model, frame) }
            frame.form(to: "\(model.path)/exempt", class: "card stack") {
                h3 { "Exempt" }
                div(.class("fields")) {
                    field(
                        Field(name: "exemptFrom", words: "First day", kind: .date, isRequired: true), model.entries)
                    field(
                        Field(name: "exemptUntil", words: "Last day", kind: .date, isRequired: true), model.entries)
                }
                reason("exemptReason", model)
                actions { press("Exempt") }
            }
            if isExempted {
                frame.form(to: "\(model.path)/readmit", class: "card stack") {
                    h3 { "End the exemption" }
                    reason("readmitReason", model)
                    actions { press("End exemption") }
                }
            }
            frame.form(to: "\(model.path)/attest", class: "card stack") {
                h3 { model.isAttested ? "Attest" : "Recognise something equivalent" }
                field(
                    Field(name: "day", words: "Earned on", kind: .date, width: .short, isRequired: true),
                    model.entries)
                reason("attestReason", model)
                actions { press(model.isAttested ? "Attest it" : "Recognise it") }
            }
        }
    }
}

/// What was decided last and can be taken back.
private func withdrawal(
    _ part: CertificationState.Withdrawable, _ model: CertificationPersonModel, _ frame: Frame
) -> Fragment {
    switch part {
    case .completion:
        frame.form(to: "\(model.path)/revoke", class: "card stack") {
            h3 { "Take the attestation back" }
            p(.class("muted")) {
                "The certificate no longer holds and the cycle is open again. Both stay in the history and the ledger."
            }
            reason("withdrawReason", model)
            actions { press("Take it back", .danger) }
        }
    case .moreTime:
        frame.form(to: "\(model.path)/unextend", class: "card stack") {
            h3 { "Take the extra time back" }
            p(.class("muted")) {
                "It is due as before, though not sooner than the fewest days from today that everybody has."
            }
            reason("withdrawReason", model)
            actions { press("Take it back", .danger) }
        }
    }
}

private func reason(_ name: String, _ model: CertificationPersonModel) -> Fragment {
    field(Field(name: name, words: "Reason", isRequired: true), model.entries)
}
