import Basis
import Evidence
import Foundation
import Hummingbird
import JSON
import Merkle
import People
import Web

/// Who reads the ledger: those who keep and audit the record, and programs that may read every statement.
private let ledgerReaders = Access.reader([.steward, .audit, .administer], scope: "statements/read")

/// The tamper-evident ledger as C2SP tlog-tiles serves it, and proofs as JSON. See docs/ledger.md.
func ledgerRoutes(_ ledger: Ledger, _ desk: RightsDesk) -> [Route] {
    [
        .get("/ledger/keys", ledgerReaders, "Every key that signed checkpoints, and for which of them it vouches.") {
            visit in
            .json(.list(try await ledger.head(of: visit.tenant).keys.map(\.json)))
        },
        .get("/ledger/checkpoints", ledgerReaders, "The checkpoints that are kept, the newest first.") { visit in
            .json(
                .list(
                    try await ledger.checkpoints(of: visit.tenant).map { kept in
                        [
                            "size": .init(kept.size), "signedAt": .init(kept.signedAt),
                            "path": .string(kept.isOpen ? "/ledger/checkpoint" : "/ledger/checkpoints/\(kept.size)"),
                        ]
                    }))
        },
        .get("/ledger/checkpoints/{size}", ledgerReaders, "A signed checkpoint that is kept, by its size.") { visit in
            guard let size = Int(visit.parameter("size")) else { throw missing("checkpoint") }
            let note = try await ledger.checkpoint(ofSize: size, of: visit.tenant)
            return .bytes(note, type: "text/plain; charset=utf-8")
        },
        .api(
            .post, "/api/v1/ledger/key/rotate", .right(.administer),
            "Makes a new key for the ledger; the former one signs beside it for a time.",
            members: [
                .needs("reason", .text), .takes("overlapDays", .integer, "0 to 365; 30 unless told."),
            ]
        ) { visit in
            let members = try visit.members()
            let keys = try await desk.rotateLedgerKey(
                overlapDays: members.integer("overlapDays") ?? RightsDesk.keyOverlapDays,
                reason: members.text("reason"), by: visit.me.id, of: visit.tenant)
            return .json(.list(keys.map(\.json)))
        },
        .get("/ledger/checkpoint", ledgerReaders, "The signed checkpoint.") { visit in
            let head = try await ledger.head(of: visit.tenant)
            return .bytes(head.note, type: "text/plain; charset=utf-8")
        },
        .get("/ledger/key", ledgerReaders, "The key that checkpoints are verified with.") { visit in
            .text(try await ledger.head(of: visit.tenant).verifier.description + "\n")
        },
        .get("/ledger/tile/{path...}", ledgerReaders, "A tile of hashes, or a bundle of entries.") { visit in
            guard let tile = Tile(path: "tile/" + visit.parameter("path")) else { throw missing("tile") }
            return .bytes(try await ledger.tile(tile, of: visit.tenant), type: "application/octet-stream")
        },
        .get("/ledger/proof/inclusion", ledgerReaders, "That a statement or a leaf is in the ledger.") { visit in
            let evidence = try await evidence(ledger, visit)
            return .json(view(evidence))
        },
        .get("/ledger/proof/consistency", ledgerReaders, "That the ledger extends an earlier one.") { visit in
            guard let from = try visit.query.integer("from", in: sizes) else {
                throw Problem(.invalid, "number", "Say from which size on: “from”.", at: ["/from"])
            }
            let to = try visit.query.integer("to", in: sizes)
            let answer = try await ledger.consistency(from: from, to: to, of: visit.tenant)
            return .json([
                "from": .init(answer.proof.from), "to": .init(answer.proof.to), "fromRoot": text(answer.earlier),
                "toRoot": text(answer.later), "hashes": .array(answer.proof.hashes.map(text)),
            ])
        },
    ]
}

private let sizes = 0...Int.max

private func evidence(_ ledger: Ledger, _ visit: Visit) async throws -> LeafEvidence {
    let size = try visit.query.integer("size", in: sizes)
    if let text = visit.query.textIfAny("statement") {
        guard let id = ID<Statement>(text) else {
            throw Problem(.invalid, "statement-id", "“\(text)” is no statement's id.", at: ["/statement"])
        }
        return try await ledger.evidence(of: id, size: size, of: visit.tenant)
    }
    guard let index = try visit.query.integer("index", in: sizes) else {
        throw Problem(.invalid, "number", "Say of what: “statement” or “index”.", at: ["/statement", "/index"])
    }
    return try await ledger.evidence(of: index, size: size, of: visit.tenant)
}

private func view(_ evidence: LeafEvidence) -> JSONValue {
    var object = JSONObject([
        ("index", .init(evidence.proof.index)), ("size", .init(evidence.proof.size)),
        ("entry", base64(evidence.entry)), ("leafHash", text(.leaf(evidence.entry))),
        ("root", text(evidence.root)), ("hashes", .array(evidence.proof.hashes.map(text))),
    ])
    if let opening = evidence.opening {
        object["kind"] = .string(opening.kind.rawValue)
        object["salt"] = base64(opening.salt)
        object["content"] = .string(String(decoding: opening.content, as: UTF8.self))
        object["leafVersion"] = .init(opening.version)
        if let stored = opening.stored { object["stored"] = .string(stored) }
        if let authority = opening.authority {
            object["authority"] = .string(String(decoding: authority, as: UTF8.self))
        }
    }
    return .object(object)
}

private func text(_ hash: MerkleHash) -> JSONValue { base64(hash.bytes) }

private func base64(_ bytes: [UInt8]) -> JSONValue { .string(Data(bytes).base64EncodedString()) }
