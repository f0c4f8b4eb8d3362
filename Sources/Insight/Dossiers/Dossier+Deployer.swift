import Basis
import Evidence
import Intent
import People

extension DossierFacts {
    /// Article 26, paragraph by paragraph, for each high-risk use; and what is not classified yet.
    var deployer: [Dossier.Section] {
        let high = history.entries.filter { $0.classification?.result.level == .high && $0.use.status != .retired }
        let unclear = history.entries.filter { $0.classification == nil && $0.use.status.mayRun }
        return [
            Dossier.Section(
                "scope", "Which uses this is about",
                note: "Uses that an assessor classified as high-risk and that are not retired. "
                    + Classification.LawState.present.words,
                facts: [
                    Dossier.Fact("High-risk", "\(high.count) of \(history.entries.count) entries"),
                    Dossier.Fact(
                        "Running and not classified",
                        unclear.isEmpty ? "none" : unclear.map(\.use.name).joined(separator: ", ")),
                ])
        ] + high.map(file) + [record]
    }

    private func file(_ entry: OwnershipHistory.Entry) -> Dossier.Section {
        let use = entry.use
        let parts = responsibilities.filter { $0.use == use.id && $0.holds(on: period.upperBound) }
        let overseers = parts.filter { $0.part == .responsible || $0.part == .accountable }
        let group = people.filter { use.audience.contains($0) }
        let stops = latest.filter { change in
            change.subject == .use(use.id) && change.what == .moved && change.detail.contains("suspended")
        }
        let rules = retention.filter(\.isHighRisk)
        let none = "Leeway holds no record of it."
        let rows: [[String]] = [
            [
                "26(1)", "Used as the instructions say, for its purpose",
                "Purpose: \(use.purpose) What it may see: "
                    + (use.data.isEmpty
                        ? "not stated." : use.data.map { $0.label.lowercased() }.joined(separator: ", ") + "."),
            ],
            [
                "26(2)", "Overseen by competent people who can stop it",
                overseers.isEmpty
                    ? "Nobody is named."
                    : overseers.map { one in
                        let learned = completed[one.person] ?? 0
                        return "\(name(one.person)) (\(one.part.rawValue)), \(learned) learning objects in the period"
                    }.joined(separator: "; ") + ".",
            ],
            ["26(4)", "Input relevant and representative", none],
            [
                "26(5)", "Watched, and incidents acted on",
                "Review by \(use.reviewOn.map { "\($0)" } ?? "no day set"). "
                    + (stops.isEmpty
                        ? "It was not suspended in the period."
                        : stops.map { "Suspended on \($0.at.day): \($0.reason)" }.joined(separator: " ")),
            ],
            [
                "26(6)", "Logs kept for six months at least",
                rules.isEmpty
                    ? "No rule erases them, so they are kept."
                    : rules.map { "“\($0.purpose)” keeps them for \($0.days) days" }.joined(separator: "; ") + ".",
            ],
            [
                "26(7)", "Workers told before it starts",
                "In the register, which every employee reads, since \(use.createdAt.day). "
                    + (parts.contains { $0.part == .informed }
                        ? "Informed: "
                            + parts.filter { $0.part == .informed }.map { name($0.person) }.joined(separator: ", ")
                            + "."
                        : "Nobody else is named as informed."),
            ],
            ["26(9)", "Data protection assessment", none],
            [
                "26(11)", "Persons told that it helps to decide about them",
                (use.effect.isEmpty ? "What it does to people is not stated." : "What it does to people: \(use.effect)")
                    + (use.optOut.isEmpty ? "" : " How to do without it: \(use.optOut)"),
            ],
            [
                "4", "Those who work with it understand it",
                group.count < DossierFacts.groupMinimum
                    ? "It reaches fewer than \(DossierFacts.groupMinimum) people: not shown."
                    : "Learned in the period: \(share(learned(group), of: group.count)) of the people it reaches.",
            ],
        ]
        return Dossier.Section(
            "use-\(use.id)", use.name,
            note: entry.classification.map {
                "High-risk, as \(name($0.assessor)) assessed on \($0.at.day): \($0.note)"
            } ?? "",
            facts: [
                Dossier.Fact("Status", use.status.rawValue),
                Dossier.Fact("Owner", name(entry.ownership.owner)),
                Dossier.Fact(
                    "Provider and model",
                    [use.provider, use.model].filter { !$0.isEmpty }.joined(separator: ", ")),
                Dossier.Fact("Runs on", use.hosting.isEmpty ? "not stated" : use.hosting),
                Dossier.Fact(
                    "Reasons",
                    (entry.classification?.result.reasons ?? []).map { "\($0.provision): \($0.sentence)" }
                        .joined(separator: " ")),
            ],
            tables: [
                Dossier.Table(
                    caption: "Article 26",
                    columns: [
                        Dossier.Column("Paragraph", 0.6), Dossier.Column("What it asks", 1.4),
                        Dossier.Column("What is on record", 3.2),
                    ], rows: rows)
            ])
    }
}
