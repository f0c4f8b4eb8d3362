import Basis
import Evidence
import Intent
import People

/// One control or outcome of a framework, and what of Leeway is evidence for it.
private struct Control {
    let number: String
    /// In our own words: the frameworks' texts are their owners'.
    let words: String
    let evidence: [Source]

    /// A kind of record.
    enum Source {
        case register, owners, classifications, policy, sandbox, strategy, mandates, learning, reviews, suspensions
        case experiments, ledger, retention, decisions, optOuts, providers, provenance
    }

    init(_ number: String, _ words: String, _ evidence: Source...) {
        self.number = number
        self.words = words
        self.evidence = evidence
    }
}

extension DossierFacts {
    /// - Source: ISO/IEC 42001:2023, Annex A: 38 controls, A.2 to A.10, by number.
    var iso42001: [Dossier.Section] {
        mapping(
            iso, "controls",
            note: "All 38 controls by number, in our words. “None” says that Leeway holds no evidence for it, not that "
                + "nothing is done. Leeway uses AI and develops little, so A.6.1, A.6.2.2 to A.6.2.5 and A.7.2 to "
                + "A.7.4 are mostly answered elsewhere.")
    }

    /// - Source: NIST AI 100-1, January 2023, categories of GOVERN, MAP, MEASURE and MANAGE by number.
    var nist: [Dossier.Section] {
        mapping(
            rmf, "outcomes",
            note: "The categories, and GOVERN 2's outcomes one by one, in our words. “None” says that Leeway holds no "
                + "evidence for it, not that nothing is done.")
    }

    private func mapping(_ controls: [Control], _ noun: String, note: String) -> [Dossier.Section] {
        let covered = controls.count { !$0.evidence.isEmpty }
        return [
            Dossier.Section(
                "mapping", "Evidence by number", note: note,
                facts: [Dossier.Fact("With evidence", "\(covered) of \(controls.count) \(noun)")],
                tables: [
                    Dossier.Table(
                        caption: "Evidence",
                        columns: [
                            Dossier.Column("Number", 0.7), Dossier.Column("What it is about", 1.6),
                            Dossier.Column("Evidence on record", 3),
                        ],
                        rows: controls.map { control in
                            [
                                control.number, control.words,
                                control.evidence.isEmpty
                                    ? "None." : control.evidence.map(words).joined(separator: " "),
                            ]
                        })
                ]),
            inventory, roles, timeline, record,
        ]
    }

    private func count(_ subject: String, _ what: [Change.What]) -> Int {
        let words = Set(what.map(\.rawValue))
        return changes.reduce(0) { $0 + ($1.subject == subject && words.contains($1.what) ? $1.count : 0) }
    }

    /// What there is of one kind of record, with its number.
    private func words(_ source: Control.Source) -> String {
        let active = history.entries.filter(\.use.status.isActive)
        switch source {
        case .register: return "The register of AI uses: \(history.entries.count) entries, \(active.count) in use."
        case .owners:
            return
                "Owners who accepted: \(share(active.count(where: \.ownership.isClear), of: active.count)) of the uses."
        case .classifications:
            return
                "Classified: \(history.entries.count { $0.classification != nil }) of \(history.entries.count) entries."
        case .policy: return "The leeway policy, version \(policies.first?.version ?? 0)."
        case .sandbox: return "The sandbox policy for experiments."
        case .strategy:
            return "Strategies: \(strategies.count) published versions, the latest acknowledged by "
                + (strategies.last?.reach.map { share($0.acknowledged, of: $0.published) } ?? "nobody") + "."
        case .mandates: return "Mandates published in the period: \(mandates.count)."
        case .learning: return "People who learned in the period: \(share(learned(people), of: people.count))."
        case .reviews:
            let overdue = active.count { $0.use.reviewOn.map { $0 < period.upperBound } ?? false }
            return "Review days: \(overdue) of \(active.count) uses are overdue."
        case .suspensions:
            return
                "Suspended in the period: \(latest.count { $0.what == .moved && $0.detail.contains("“suspended”") })."
        case .experiments: return "Experiments: \(experiments.count), each with author, data and outcome."
        case .ledger: return "The ledger: \(anchor.size) leaves, signed \(anchor.signedAt.day)."
        case .retention: return "Retention rules in force: \(retention.count); legal holds: \(holds)."
        case .decisions: return "Decisions in the period: \(changes.reduce(0) { $0 + $1.count })."
        case .optOuts:
            return "Entries that say how to do without it: \(history.entries.count { !$0.use.optOut.isEmpty }) of "
                + "\(history.entries.count)."
        case .providers:
            return "Entries that name their provider: \(history.entries.count { !$0.use.provider.isEmpty }) of "
                + "\(history.entries.count)."
        case .provenance: return "Every learning object's version says how it was made, or that it is unknown."
        }
    }

    private var iso: [Control] {
        [
            Control("A.2.2", "An AI policy", .policy, .sandbox, .strategy),
            Control("A.2.3", "It fits the other policies"), Control("A.2.4", "It is reviewed", .policy, .reviews),
            Control("A.3.2", "Roles and responsibilities", .owners, .register),
            Control("A.3.3", "Reporting concerns"), Control("A.4.2", "Resources are documented", .register, .providers),
            Control("A.4.3", "Data resources", .register), Control("A.4.4", "Tooling", .register, .providers),
            Control("A.4.5", "Systems and computing", .register),
            Control("A.4.6", "People and their skills", .learning, .mandates),
            Control("A.5.2", "A process to assess impacts", .classifications),
            Control("A.5.3", "Assessments are documented", .classifications),
            Control("A.5.4", "Impact on people and groups", .classifications, .optOuts),
            Control("A.5.5", "Impact on society"), Control("A.6.1.2", "Objectives of responsible development"),
            Control("A.6.1.3", "Processes of responsible development"), Control("A.6.2.2", "Requirements"),
            Control("A.6.2.3", "Design documents"), Control("A.6.2.4", "Verification and validation"),
            Control("A.6.2.5", "Deployment"), Control("A.6.2.6", "Operation and monitoring", .reviews, .suspensions),
            Control("A.6.2.7", "Technical documents"), Control("A.6.2.8", "Event logs", .ledger, .retention),
            Control("A.7.2", "Data for development"), Control("A.7.3", "Where data come from"),
            Control("A.7.4", "Quality of data"), Control("A.7.5", "Provenance", .provenance),
            Control("A.7.6", "Preparation of data"), Control("A.8.2", "What users are told", .register, .optOuts),
            Control("A.8.3", "Outside reports"), Control("A.8.4", "Telling about incidents", .suspensions),
            Control("A.8.5", "What interested parties are told", .register),
            Control("A.9.2", "Processes of responsible use", .policy, .sandbox, .mandates),
            Control("A.9.3", "Objectives of responsible use", .strategy),
            Control("A.9.4", "Use as intended", .register, .classifications),
            Control("A.10.2", "Who is responsible for what", .owners), Control("A.10.3", "Suppliers", .providers),
            Control("A.10.4", "Customers"),
        ]
    }

    private var rmf: [Control] {
        [
            Control("GOVERN 1", "Policies, inventory, decommissioning", .policy, .register, .suspensions),
            Control("GOVERN 2.1", "Roles are documented and clear to people", .owners),
            Control("GOVERN 2.2", "People are trained", .learning, .mandates),
            Control("GOVERN 2.3", "Leaders take responsibility", .strategy, .owners),
            Control("GOVERN 3", "Diverse teams; people and AI"), Control("GOVERN 4", "A culture of care", .experiments),
            Control("GOVERN 5", "Engagement of those concerned", .experiments, .optOuts),
            Control("GOVERN 6", "Third parties", .providers), Control("MAP 1", "Context", .register),
            Control("MAP 2", "Categories", .classifications),
            Control("MAP 3", "Benefits, costs, oversight", .owners, .learning),
            Control("MAP 4", "Components and third parties", .providers),
            Control("MAP 5", "Impacts", .classifications, .optOuts), Control("MEASURE 1", "Metrics"),
            Control("MEASURE 2", "Trustworthy in use"), Control("MEASURE 3", "Tracked over time", .reviews),
            Control("MEASURE 4", "Feedback on measuring"),
            Control("MANAGE 1", "Risks are ranked and answered", .classifications, .decisions),
            Control("MANAGE 2", "Benefits kept, use ended where need be", .suspensions),
            Control("MANAGE 3", "Third parties are managed", .providers),
            Control("MANAGE 4", "Monitoring, incidents, changes", .reviews, .suspensions, .ledger),
        ]
    }
}
