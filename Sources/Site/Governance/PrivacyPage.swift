import Basis
import Evidence
import HTML

/// What protects and what limits the record of people: holds, erasures, retention.
struct PrivacyModel: Sendable {
    struct Hold: Sendable {
        let record: HoldRecord
        let whom, author: String
        /// Where the person's page is; nil for everybody.
        let link: String?
        let isActive: Bool
    }

    struct Erasing: Sendable {
        let record: ErasureRecord
        let author: String
    }

    struct Rule: Sendable {
        let record: RetentionRuleRecord
        /// What a run would do now; nil for a rule that has ended.
        let forecast: RetentionForecast?
    }

    let holds: [Hold]
    let erasures: [Erasing]
    let rules: [Rule]
    let runs: [RetentionRunRecord]
    /// Whether the one who looks may erase and make rules.
    let mayAct: Bool
    /// What was typed into the form of a hold, and into that of a rule.
    var hold = Entries()
    var rule = Entries(["days": "365"])
    /// What is wrong with an act that has no fields of its own.
    var fault: String?
}

func privacyPage(_ model: PrivacyModel, in frame: Frame) -> Fragment {
    page("Privacy and retention", in: frame) {
        "Legal holds, erasures of people, and for how long which statements are kept."
    } content: {
        if let fault = model.fault { notice(.alert) { fault } }
        part("Legal holds", id: "holds") {
            if model.holds.isEmpty {
                emptyState(
                    .lock, "Nothing is held",
                    "A hold forbids to erase anything of a person, or of anybody, for a time.",
                    example: "A court asks for the record of a course.")
            } else {
                holdTable(model, frame)
            }
            p(.class("muted")) { "A hold over one person is set on the person’s page under People, Privacy." }
            holdForm(to: "/privacy/holds", "Set a hold over everybody", model.hold, frame)
        }
        part("Erasures", id: "erasures") {
            if model.erasures.isEmpty {
                p {
                    "Nobody was erased. An administrator erases a person on the person’s page under People, Privacy."
                }
            } else {
                erasureTable(model)
            }
        }
        part("Retention", id: "retention") { retention(model, frame) }
        if model.mayAct {
            part("Pseudonyms", id: "pseudonyms") {
                p {
                    "Analysts read statements under pseudonyms that a secret key makes. With a new key, pseudonyms "
                        + "given before cannot be joined with those to come."
                }
                frame.form(
                    to: "/privacy/pseudonyms", class: "stack", loss: "The old key is gone. It cannot be undone."
                ) {
                    reasonField("pseudonym-reason")
                    actions { press("Make a new key") }
                }
            }
        }
    }
}

/// The field of a reason, for forms of which a page has several.
func reasonField(_ id: String, _ words: String = "Reason") -> Fragment {
    div(.class("field")) {
        label(.for(id)) { words }
        input(.id(id), .name("reason"), .type("text"), .required(true))
    }
}

/// The form that sets a hold.
func holdForm(to path: String, _ words: String, _ entries: Entries, _ frame: Frame) -> Fragment {
    details(.open(!entries.errors.isEmpty)) {
        summary { words }
        frame.form(to: path, class: "stack") {
            refusal(entries)
            field(Field(name: "reason", words: "Reason", hint: "It stays on record.", isRequired: true), entries)
            field(
                Field(name: "endsOn", words: "Last day", kind: .date, width: .short, isRequired: true), entries)
            actions { press("Set the hold") }
        }
    }
}

private func holdTable(_ model: PrivacyModel, _ frame: Frame) -> Fragment {
    dataTable(
        "Legal holds, the newest first", model.holds,
        [
            Column("Whom") { hold in if let link = hold.link { a(.href(link)) { hold.whom } } else { hold.whom } },
            Column("Reason") { hold in
                hold.record.reason
                small { "set by \(hold.author)" }
            },
            Column("Until") { time($0.record.endsOn) },
            Column("State") { badge($0.isActive ? .alert("holds") : .ended("over")) },
            Column("Actions", .actions) { hold in
                if hold.isActive {
                    details {
                        summary {
                            "Lift"
                            spoken(" the hold over \(hold.whom)")
                        }
                        frame.form(to: "/privacy/holds/\(hold.record.id)/lift", class: "stack") {
                            reasonField("lift-\(hold.record.id)")
                            press("Lift the hold", .small, spoken: "over \(hold.whom)")
                        }
                    }
                }
            },
        ])
}

private func erasureTable(_ model: PrivacyModel) -> Fragment {
    dataTable(
        "Erasures, the newest first", model.erasures,
        [
            Column("Ordered") { erasing in
                a(.href("/privacy/erasures/\(erasing.record.id)")) { time(erasing.record.orderedAt) }
            },
            Column("Reason") { erasing in
                erasing.record.reason
                small { "by \(erasing.author)" }
            },
            Column("State") { badge($0.record.isDone ? .done("done") : .under("under way")) },
        ])
}

private func retention(_ model: PrivacyModel, _ frame: Frame) -> Fragment {
    fragment {
        if model.rules.isEmpty {
            p { "No rule: every statement is kept." }
        } else {
            dataTable(
                "Retention rules, those in force first", model.rules,
                [
                    Column("What for") { rule in
                        rule.record.purpose
                        small {
                            [rule.record.verb, rule.record.activityType].compactMap { $0 }.joined(separator: ", ")
                        }
                    },
                    Column("Kept for", .number) { rule in
                        "\(rule.record.days) days"
                        if rule.record.isHighRisk { small { "high risk" } }
                    },
                    Column("A run now") { rule in
                        if let forecast = rule.forecast {
                            forecast.isStopped
                                ? "erases nothing: a hold over everybody"
                                : "erases \(Words.count(forecast.erased, "statement", "statements"))"
                            if forecast.held > 0 { small { "\(forecast.held) kept by holds" } }
                        } else {
                            badge(.ended("ended"))
                        }
                    },
                    Column("Actions", .actions) { rule in
                        if model.mayAct, rule.record.endedAt == nil {
                            details {
                                summary {
                                    "End"
                                    spoken(" the rule “\(rule.record.purpose)”")
                                }
                                frame.form(to: "/privacy/rules/\(rule.record.id)/end", class: "stack") {
                                    reasonField("end-\(rule.record.id)")
                                    press("End the rule", .small, spoken: "“\(rule.record.purpose)”")
                                }
                            }
                        }
                    },
                ])
        }
        if model.mayAct { ruleForm(model, frame) }
        runs(model, frame)
    }
}

private func ruleForm(_ model: PrivacyModel, _ frame: Frame) -> Fragment {
    details(.open(!model.rule.errors.isEmpty)) {
        summary { "Add a rule" }
        frame.form(to: "/privacy/rules", class: "stack") {
            refusal(model.rule)
            field(
                Field(
                    name: "purpose", words: "What the statements serve", hint: "And why not longer.",
                    isRequired: true), model.rule)
            field(Field(name: "verb", words: "Verb", hint: "An IRI. Empty for any."), model.rule)
            field(Field(name: "activityType", words: "Activity type", hint: "An IRI. Empty for any."), model.rule)
            field(
                Field(name: "days", words: "Days", width: .short, isRequired: true, isNumber: true), model.rule)
            label {
                input(
                    .type("checkbox"), .name("highRisk"), .value("yes"),
                    .checked(!model.rule["highRisk"].isEmpty))
                " Records of a high-risk AI system: kept for \(RetentionRuleRecord.highRiskDays) days at least"
            }
            actions { press("Add the rule") }
        }
    }
}

private func runs(_ model: PrivacyModel, _ frame: Frame) -> Fragment {
    fragment {
        if !model.runs.isEmpty {
            h3 { "Runs" }
            dataTable(
                "Runs of the rules, the newest first", model.runs,
                [
                    Column("Started") { time($0.startedAt) },
                    Column("Rule") { run in
                        model.rules.first { $0.record.id == run.rule }?.record.purpose ?? "a rule of before"
                    },
                    Column("Erased", .number) { "\($0.erased)" },
                    Column("Kept by holds", .number) { "\($0.held)" },
                    Column("State") { badge($0.finishedAt == nil ? .under("under way") : .done("done")) },
                ])
        }
        if model.mayAct, model.rules.contains(where: { $0.record.endedAt == nil }) {
            frame.form(to: "/privacy/run", loss: "What is past its time is erased now, as it is every day.") {
                actions { press("Run the rules now") }
            }
        }
    }
}
