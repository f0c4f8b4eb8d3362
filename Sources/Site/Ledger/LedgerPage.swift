import Basis
import Evidence
import HTML
import Merkle

/// How the ledger stands, and the proof of one statement if it was asked for.
struct LedgerModel: Sendable {
    struct Proof: Sendable {
        let statement: String
        let index, size: Int
        /// How many hashes the proof has.
        let hashes: Int
        let isValid: Bool
        /// Canonical JSON.
        let content: String
    }

    let size, waiting: Int
    let signedAt: Moment
    let origin, checkpoint: String
    /// The present one first.
    let keys: [LedgerKey]
    /// Those of hours that are over, the newest first.
    let kept: [KeptCheckpoint]
    var entries = Entries()
    var proof: Proof?
    /// Whether the one who looks may make a new key, and what was refused of that.
    var canRotate = false
    var rotation = Entries(["overlapDays": "\(RightsDesk.keyOverlapDays)"])
}

func ledgerPage(_ model: LedgerModel, in frame: Frame) -> Fragment {
    page("Ledger", in: frame) {
        "Every statement and every change of a document is a leaf of an append-only log. What was altered, removed or "
            + "put in later no longer fits to the signed checkpoint, and anybody who kept an older one can show it."
    } content: {
        sheet([
            ("Leaves in the checkpoint", fragment { Words.count(model.size) }),
            ("Waiting for the next one", fragment { Words.count(model.waiting) }), ("Signed", time(model.signedAt)),
            ("Name of the log", code { model.origin }),
            ("Key to check with", code { model.keys.first?.verifier.description ?? "" }),
        ])
        part("The checkpoint", id: "checkpoint") {
            p {
                "Keep a copy outside, such as in the minutes of an audit. Later, “leeway verify --checkpoint FILE” "
                    + "shows whether the log of that day still stands unaltered."
            }
            pre(.init("tabindex", "0"), .aria("label", "Signed checkpoint")) { model.checkpoint }
            actions { go("Download checkpoint", to: "/ledger/checkpoint", icon: .download) }
        }
        if model.keys.count > 1 { part("Keys", id: "keys") { keyTable(model.keys) } }
        if model.canRotate { part("Make a new key", id: "rotate") { rotationForm(model, frame) } }
        if !model.kept.isEmpty { part("Earlier checkpoints", id: "checkpoints") { keptTable(model.kept) } }
        part("Is a statement in it?", id: "proof") { proofPart(model) }
        part("Check it yourself", id: "yourself") {
            ol(.class("plain")) {
                li { "Take the checkpoint, and the key from somebody you trust. Check the signature." }
                li { "Ask for the proof of a statement: it has the leaf, the salt and the content." }
                li { "Hash them as docs/ledger.md says, climb to the root, and compare with the checkpoint." }
                li { "On the server, “leeway verify” compares all that is stored with all leaves." }
            }
            p(.class("muted")) {
                "The formats are public: RFC 9162 for the tree, C2SP tlog-tiles, tlog-checkpoint and signed-note for "
                    + "what is served. Any program that knows them can follow this log."
            }
        }
    }
}

private func rotationForm(_ model: LedgerModel, _ frame: Frame) -> Fragment {
    frame.form(
        to: "/ledger/key", class: "stack",
        loss: "The former key signs beside the new one for the days given; then its private half is destroyed."
    ) {
        refusal(model.rotation)
        p {
            "Once a year, or when somebody may have read the database. Give the new key to those who check the log, "
            "while the former one still vouches for it."
        }
        field(
            Field(name: "reason", words: "Reason", hint: "Goes on record in the ledger.", isRequired: true),
            model.rotation)
        field(
            Field(
                name: "overlapDays", words: "Days that the former key signs on",
                hint: "0 to \(RightsDesk.keyOverlapDayLimit).", width: .short, isRequired: true, isNumber: true),
            model.rotation)
        actions { press("Make a new key", .danger) }
    }
}

private func keyTable(_ keys: [LedgerKey]) -> Fragment {
    dataTable(
        "Keys that signed checkpoints, the present one first", keys,
        [
            Column("Key") { key in code { key.verifier.description } },
            Column("Vouches for") { key in
                key.lastSize.map { "\(Words.count(key.firstSize)) to \(Words.count($0)) leaves" }
                    ?? "\(Words.count(key.firstSize)) leaves and more"
            },
            Column("State") { key in
                if key.replacedAt == nil {
                    badge(.done("present"))
                } else if let until = key.signsUntil, key.lastSize == nil {
                    badge(.idle("signs beside the present one"))
                    small {
                        "until "
                        time(until)
                    }
                } else {
                    badge(.idle("ended"))
                }
            },
        ])
}

private func keptTable(_ kept: [KeptCheckpoint]) -> Fragment {
    fragment {
        p(.class("muted")) { "The last of each hour is kept for a week, the last of each day for ever." }
        dataTable(
            "Checkpoints that are kept, the newest first", kept,
            [
                Column("Signed") { time($0.signedAt) }, Column("Leaves", .number) { Words.count($0.size) },
                Column("Actions", .actions) { one in
                    go(
                        "Download", to: "/ledger/checkpoints/\(one.size)", icon: .download,
                        spoken: "of \(one.size) leaves")
                },
            ])
        actions { go("All of them as JSON", to: "/ledger/checkpoints") }
    }
}

private func proofPart(_ model: LedgerModel) -> Fragment {
    fragment {
        form(.class("stack"), .method("get"), .action("/ledger")) {
            field(
                Field(
                    name: "statement", words: "Statement",
                    hint: "Its id, such as 6690e6c9-3ef0-4ed3-8b37-7f3964730bee.", isRequired: true),
                model.entries)
            actions { press("Prove statement", .primary) }
        }
        if let proof = model.proof {
            notice(proof.isValid ? .success : .alert) {
                proof.isValid
                    ? "It is leaf \(Words.count(proof.index)) of \(Words.count(proof.size)), shown by "
                        + Words.count(proof.hashes, "hash", "hashes") + "."
                    : "It does not fit to its leaf: it was altered. Run “leeway verify” on the server."
            }
            details(.class("why")) {
                summary { "What the leaf commits to" }
                pre(.init("tabindex", "0"), .aria("label", "Content as canonical JSON")) { proof.content }
            }
            actions {
                go("Download proof", to: "/ledger/proof/inclusion?statement=\(proof.statement)", icon: .download)
            }
        }
    }
}
