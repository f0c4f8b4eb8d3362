import HTML
import Intent

/// What those who ask may do with a mandate or a certification as it stands: publish or discard, retire, restore.
struct MandateSteps {
    /// Such as `mandate`.
    let noun: String
    let path: String
    let state: MandateRecord.State
    /// What each step comes to, in a sentence; empty where there is nothing to say.
    let publishing, retiring, restoring: String

    /// `freed` is whom retiring would free, when that was asked for.
    func form(_ freed: MandateEffect?, _ entries: Entries, _ frame: Frame) -> Fragment {
        switch state {
        case .draft:
            part("Publish or discard", id: "publish") {
                if !publishing.isEmpty { p { publishing } }
                frame.form(to: "\(path)/publish", class: "stack") {
                    overrideField(entries)
                    actions {
                        press("Publish \(noun)", .primary)
                        press("Discard draft", .danger, formaction: "\(path)/discard")
                    }
                }
            }
        case .published:
            part("Retire", id: "retire") {
                if let freed {
                    freedBy(freed)
                } else {
                    p { go("Show what retiring frees", to: "\(path)?effect=retire#retire", .small, icon: .eye) }
                }
                frame.form(to: "\(path)/retire", class: "stack", loss: retiring) {
                    field(
                        Field(name: "reason", words: "Reason", hint: "Shown in the history.", isRequired: true), entries
                    )
                    actions { press("Retire \(noun)", .danger) }
                }
            }
        case .retired:
            part("Undo", id: "restore") {
                p { restoring }
                frame.form(to: "\(path)/restore", class: "stack") {
                    overrideField(entries)
                    actions { press("Restore \(noun)", icon: .undo) }
                }
            }
        }
    }
}

/// Whom retiring would free.
func freedBy(_ effect: MandateEffect) -> Fragment {
    fragment {
        if let missing = effect.missing {
            p { missing }
        } else if effect.peopleOver == 0 {
            p { "Nobody is over budget because of it. Retiring it frees time, and no one's plan is too full with it." }
        } else {
            p {
                badge(.done("frees"))
                " \(Words.count(effect.peopleOver, "person", "people")) of \(Words.count(effect.asked)) would no "
                "longer be over budget, by \(Words.minutes(effect.minutesOver)) in all."
            }
            dataTable(
                "People whom retiring it frees, the most first", effect.over,
                [
                    Column("Person") { over in
                        over.name
                        if !over.unit.isEmpty { small { over.unit } }
                    },
                    Column("Freed", .number) { Words.minutes($0.minutes) },
                    Column("When") { $0.when },
                ], isPlain: true)
        }
    }
}

/// Opens in place: publishing although it does not fit needs a reason that everybody sees whom it touches.
func overrideField(_ entries: Entries) -> Fragment {
    details(.open(!entries["override"].isEmpty || entries.errors["override"] != nil)) {
        summary { "Publish although it does not fit" }
        area(
            "override", "Reason for going over budget",
            hint: "At least 10 characters. It is recorded with your name and shown to everybody whom it touches.",
            rows: 3, entries)
    }
}
