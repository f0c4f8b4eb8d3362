import Basis
import Intent
import People
import Statistics

extension DossierFacts {
    /// Article 4: measures, for whom, when, by whom, and what came of them.
    var literacy: [Dossier.Section] {
        [inventory, roles, measures, results, strategy, timeline, record]
    }

    // MARK: Parts that several dossiers have

    /// The uses of AI.
    var inventory: Dossier.Section {
        let active = history.entries.filter(\.use.status.isActive)
        let clear = active.count(where: \.ownership.isClear)
        return Dossier.Section(
            "inventory", "Uses of AI",
            note:
                "Counted from the register: every entry, whatever its status. People reached are active people in the "
                + "audience of the entry on the day of the checkpoint.",
            facts: [
                Dossier.Fact("Entries", "\(history.entries.count)"),
                Dossier.Fact("In pilot or live", "\(active.count)"),
                Dossier.Fact("Of these with a clear owner", share(clear, of: active.count)),
                Dossier.Fact(
                    "Of these classified under the AI Act",
                    share(active.count { $0.classification != nil }, of: active.count)),
            ],
            tables: [
                Dossier.Table(
                    caption: "Uses of AI by name",
                    columns: [
                        Dossier.Column("Name", 1.6), Dossier.Column("Purpose", 2.4), Dossier.Column("Status", 0.8),
                        Dossier.Column("Owner", 1.2), Dossier.Column("AI Act", 1), Dossier.Column("Review by", 0.9),
                        Dossier.Column("People", 0.6, isNumber: true),
                    ],
                    rows: history.entries.map { entry in
                        [
                            entry.use.name, entry.use.purpose, entry.use.status.rawValue, name(entry.ownership.owner),
                            entry.classification?.result.level.rawValue ?? "not classified",
                            entry.use.reviewOn.map { "\($0)" } ?? "not set", "\(entry.learners)",
                        ]
                    })
            ])
    }

    /// Who has which part in which use.
    var roles: Dossier.Section {
        let uses = Dictionary(history.entries.map { ($0.use.id, $0.use.name) }) { first, _ in first }
        let held = responsibilities.filter { $0.holds(on: period.upperBound) }
        return Dossier.Section(
            "roles", "Roles",
            note: "Who accepted which part, and holds it on the day of the checkpoint. Questions that nobody answered "
                + "yet are not among them.",
            tables: [
                Dossier.Table(
                    caption: "Parts that people hold",
                    columns: [
                        Dossier.Column("AI use", 1.6), Dossier.Column("Part"), Dossier.Column("Person", 1.2),
                        Dossier.Column("Accepted on", 0.9), Dossier.Column("Until", 0.9),
                    ],
                    rows: held.map { one in
                        [
                            uses[one.use] ?? "", one.part.rawValue, name(one.person),
                            one.answeredAt.map { "\($0.day)" } ?? "",
                            one.until.map { "\($0)" } ?? "further notice",
                        ]
                    }.sorted { ($0[0], $0[1], $0[2]) < ($1[0], $1[1], $1[2]) })
            ])
    }

    /// What people were asked to learn.
    private var measures: Dossier.Section {
        Dossier.Section(
            "measures", "Measures",
            note:
                "Every mandate that was published in the period. Done counts those who completed it when asked or held "
                + "it before; people who left its audience are not counted. The interval is Wilson's, 95%.",
            tables: [
                Dossier.Table(
                    caption: "Mandates",
                    columns: [
                        Dossier.Column("Mandate", 1.6), Dossier.Column("Why", 2), Dossier.Column("Asked by", 1.1),
                        Dossier.Column("Published", 0.9), Dossier.Column("Due", 0.9),
                        Dossier.Column("Minutes", 0.7, isNumber: true), Dossier.Column("Done", 1.4),
                    ],
                    rows: mandates.map { mandate in
                        let progress = progress[mandate.id]
                        return [
                            mandate.title, mandate.why, name(mandate.asker),
                            mandate.publishedAt.map { "\($0.day)" } ?? "", "\(mandate.deadline)",
                            "\(mandate.minutes)",
                            share((progress?.completed ?? 0) + (progress?.held ?? 0), of: progress?.asked ?? 0),
                        ]
                    }.sorted { ($0[3], $0[0]) < ($1[3], $1[0]) })
            ])
    }

    /// What came of it, for each use and unit.
    private var results: Dossier.Section {
        let minimum = DossierFacts.groupMinimum
        let byUse = history.entries.filter(\.use.status.mayRun).map { entry in
            let group = people.filter { entry.use.audience.contains($0) }
            return [
                entry.use.name, "\(group.count)",
                group.count < minimum ? "fewer than \(minimum) people" : share(learned(group), of: group.count),
            ]
        }
        let byUnit = units.units.map { unit in
            let group = people.filter { $0.units.contains(unit.id) }
            return [
                units.path(of: unit.id), "\(group.count)",
                group.count < minimum ? "fewer than \(minimum) people" : share(learned(group), of: group.count),
            ]
        }.sorted { $0[0] < $1[0] }
        let columns = [
            Dossier.Column("Group", 2), Dossier.Column("People", 0.6, isNumber: true), Dossier.Column("Learned", 1.4),
        ]
        return Dossier.Section(
            "results", "Results",
            note:
                "Learned: completed or passed at least one learning object in the period. Article 4 asks for measures "
                + "and for no level of any one person. Groups of fewer than \(minimum) people are not shown.",
            facts: [
                Dossier.Fact("Active people", "\(people.count)"),
                Dossier.Fact("Of these learned", share(learned(people), of: people.count)),
                Dossier.Fact(
                    "Learning objects completed or passed", "\(completed.values.reduce(0, +))"),
            ],
            tables: [
                Dossier.Table(caption: "By use of AI: people whom it reaches", columns: columns, rows: byUse),
                Dossier.Table(caption: "By unit, with those below it", columns: columns, rows: byUnit),
            ])
    }

    /// What leaders said, and whom it reached.
    var strategy: Dossier.Section {
        Dossier.Section(
            "strategy", "Strategy and its reach",
            note:
                "Every published version. Acknowledged is a person's own confirmation and never taken for understood.",
            facts: [
                Dossier.Fact(
                    "Guaranteed learning time",
                    policies.first.map {
                        "version \($0.version): \($0.fallback.minutes) minutes a month, "
                            + "\($0.fallback.guaranteed) of them the learner's own, unless a rule says otherwise"
                    } ?? "as Leeway ships it: \(LeewayTerms.initial.minutes) minutes a month")
            ],
            tables: [
                Dossier.Table(
                    caption: "Strategies",
                    columns: [
                        Dossier.Column("Strategy", 1.6), Dossier.Column("Version", 0.6, isNumber: true),
                        Dossier.Column("Owner", 1.2), Dossier.Column("Published", 0.9),
                        Dossier.Column("Opened", 1.2), Dossier.Column("Acknowledged", 1.2),
                    ],
                    rows: strategies.map { one in
                        [
                            one.record.title, "\(one.record.version)", name(one.record.owner),
                            one.record.publishedAt.map { "\($0.day)" } ?? "",
                            share(one.reach?.opened ?? 0, of: one.reach?.published ?? 0),
                            share(one.reach?.acknowledged ?? 0, of: one.reach?.published ?? 0),
                        ]
                    })
            ])
    }

    /// What was decided, when and by whom.
    var timeline: Dossier.Section {
        Dossier.Section(
            "decisions", "Decisions",
            note:
                "Changes of what is governed in the period: the latest \(DossierFacts.changeLimit) by line, all "
                + "of them in the counts. Each is a statement and a leaf of the ledger.",
            tables: [
                Dossier.Table(
                    caption: "By what was done",
                    columns: [
                        Dossier.Column("Subject"), Dossier.Column("What"), Dossier.Column("Times", 0.5, isNumber: true),
                    ], rows: changes.map { [$0.subject, $0.what, "\($0.count)"] }),
                Dossier.Table(
                    caption: "The latest",
                    columns: [
                        Dossier.Column("When", 0.9), Dossier.Column("Who", 1.1), Dossier.Column("What", 0.8),
                        Dossier.Column("Detail", 2.4), Dossier.Column("Reason", 1.8),
                    ],
                    rows: latest.map { [$0.at.day.description, name($0.by), $0.what.rawValue, $0.detail, $0.reason] }),
            ])
    }

    /// The record that it was counted from.
    var record: Dossier.Section {
        Dossier.Section(
            "record", "The record behind it",
            note:
                "Statements are xAPI; every one is a leaf of an append-only log. “leeway verify --dossier FILE” checks "
                + "that this file was made out here, and that the log still begins with the checkpoint below.",
            facts: [
                Dossier.Fact("Statements in the period", "\(statements)"),
                Dossier.Fact("Leaves in the checkpoint", "\(anchor.size)"),
                Dossier.Fact("Waiting for the next one", "\(anchor.waiting)"),
                Dossier.Fact("Signed", anchor.signedAt.timestamp),
            ])
    }

    // MARK: Words

    /// Such as “3 of 12, 25% (9% to 53%)”.
    func share(_ part: Int, of whole: Int) -> String {
        guard let interval = Proportion.wilson(part, of: whole) else { return "0 of 0" }
        func percent(_ share: Double) -> String { "\(Int((share * 100).rounded()))%" }
        return
            "\(part) of \(whole), \(percent(interval.estimate)) (\(percent(interval.low)) to \(percent(interval.high)))"
    }
}
