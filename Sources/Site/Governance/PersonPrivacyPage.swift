import Basis
import Evidence
import HTML
import Merkle

/// What is held about one person, and what can be done about it.
struct PersonPrivacyModel: Sendable {
    let holdings: Holdings
    let holder: String
    let mayAct: Bool
    var hold = Entries()
    /// What is wrong with an export or an erasure.
    var fault: String?
}

func personPrivacyPage(_ model: PersonPrivacyModel, in frame: Frame) -> Fragment {
    let (holdings, person) = (model.holdings, model.holdings.person)
    return page(
        "Data about \(person.name)", in: frame,
        crumbs: [Crumb("People", "/people"), Crumb(person.name, "/people/\(person.id)")], here: "Privacy"
    ) {
        "What Leeway holds about this person, and what an erasure would do to it. Looking changes nothing."
    } content: {
        if let fault = model.fault { notice(.alert) { fault } }
        if let hold = holdings.hold {
            notice(.alert) {
                "A legal hold by \(model.holder) forbids to erase anything until "
                time(hold.endsOn)
                ": \(hold.reason)"
            }
        }
        if let erasure = holdings.erasure, !erasure.isDone {
            notice {
                "This person is being erased. "
                a(.href("/privacy/erasures/\(erasure.id)")) { "See how far it is" }
                "."
            }
        }
        part("What is held", id: "held") {
            dataTable(
                "What is held about \(person.name)", holdings.counts,
                [
                    Column("What") { Fragment(Words.sentence($0.kind)) },
                    Column("How many", .number) { "\($0.count)" },
                    Column("An erasure") { count in
                        switch count.fate {
                        case .erased: "erases it"
                        case .cleared: "keeps it and no longer says who"
                        case .kept(let ground): "keeps it: \(ground)"
                        }
                    },
                ], isPlain: true)
        }
        if model.mayAct {
            part("Export", id: "export") {
                p { "Everything that is held, as files in one archive. The reason is recorded." }
                frame.form(to: "/privacy/people/\(person.id)/data.zip", class: "stack") {
                    reasonField("export-reason")
                    actions { press("Export all data", icon: .download) }
                }
            }
        }
        part("Legal hold", id: "hold") {
            holdForm(
                to: "/privacy/people/\(person.id)/hold", "Set a hold over \(person.name)", model.hold, frame)
        }
        if model.mayAct, holdings.hold == nil { erasing(person, frame) }
    }
}

private func erasing(_ person: PersonIdentity, _ frame: Frame) -> Fragment {
    part("Erase", id: "erase") {
        p {
            "Signs the person out for good and erases what the list above says. It cannot be undone. Do not name the "
                + "person in the reason: it stays on record."
        }
        frame.form(
            to: "/privacy/people/\(person.id)/erase", class: "stack",
            loss: "Everything about \(person.name) that the list says is erased. It cannot be undone."
        ) {
            reasonField("erase-reason")
            actions { press("Erase \(person.name)", .danger) }
        }
    }
}

/// One erasure: how far it is, or its receipt.
struct ErasureModel: Sendable {
    let receipt: ErasureReceipt
    let author: String
    let mayAct: Bool
}

func erasurePage(_ model: ErasureModel, in frame: Frame) -> Fragment {
    let (receipt, record) = (model.receipt, model.receipt.record)
    return page(
        "Erasure of a person", in: frame, crumbs: [Crumb("Privacy and retention", "/privacy")],
        lead: { record.isDone ? "The receipt: what was erased, and the proof." : "Under way. It goes on by itself." },
        refreshes: !record.isDone
    ) {
        sheet([
            ("State", badge(record.isDone ? .done("done") : .under("under way"))),
            ("Reason", Fragment(record.reason)),
            (
                "Ordered",
                fragment {
                    time(record.orderedAt)
                    " by \(model.author)"
                }
            ),
            ("Finished", record.finishedAt.map { time($0) } ?? Fragment("not yet")),
            ("Leaves of the ledger that open no longer", Fragment(leaves(receipt.leaves))),
            ("Event", record.event.map { event in code { event.description } } ?? Fragment("not yet")),
        ])
        part("What was erased", id: "counts") {
            dataTable(
                "Counts by kind", record.counts,
                [
                    Column("What") { Fragment(Words.sentence($0.kind)) },
                    Column("How many", .number) { "\($0.count)" },
                ], isPlain: true)
        }
        if let evidence = receipt.evidence {
            part("Proof", id: "proof") {
                p {
                    "The event of this erasure is leaf \(evidence.proof.index) of the ledger, in the signed checkpoint "
                        + "of \(evidence.proof.size) leaves. "
                    a(.href("/privacy/erasures/\(record.id)/receipt.json")) { "Save the receipt with its proof" }
                    "."
                }
            }
        } else if record.isDone {
            notice { "The proof is there as soon as a checkpoint covers the event: within some seconds." }
        }
        if !record.isDone, model.mayAct {
            frame.form(to: "/privacy/erasures/\(record.id)/resume") {
                p { "When it was stopped, such as by a hold that was lifted since, let it go on." }
                actions { press("Go on with the erasure") }
            }
        }
    }
}

private func leaves(_ leaves: ErasedLeaves) -> String {
    let ranges = leaves.ranges.prefix(12).map {
        $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)"
    }
    if ranges.isEmpty { return leaves.waiting == 0 ? "none" : "\(leaves.waiting), in no checkpoint yet" }
    let more = leaves.ranges.count > ranges.count ? " and others" : ""
    return "\(leaves.count): \(ranges.joined(separator: ", "))\(more)"
}
