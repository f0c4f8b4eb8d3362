import Basis
import Evidence
import JSON
import Storage
import StorageTesting
import Testing

/// Batches of many callers at once: written together, refused alone.
@Suite struct StoreQueueTests {
    private enum Caller: Int, CaseIterable {
        case single, batch, again, conflict, conflictInBatch, voidOfVoid

        var refusal: String? {
            switch self {
            case .single, .batch, .again: nil
            case .conflict, .conflictInBatch: "statement-conflict"
            case .voidOfVoid: "void-of-void"
            }
        }

        var newStatements: Int { self == .single ? 1 : self == .batch ? 3 : 0 }
    }

    private func text(id: ID<Statement>, verb: String = "https://e.org/did", object: String) -> String {
        """
        {"id": "\(id)", "actor": {"mbox": "mailto:a@e.org"}, "verb": {"id": "\(verb)"}, "object": \(object)}
        """
    }

    @Test(arguments: Engine.present) func `one caller's refusal undoes only its own`(engine: Engine) async throws {
        let bench = try await Bench(engine)
        let thing = #"{"id": "https://e.org/o"}"#, other = #"{"id": "https://e.org/other"}"#
        let (known, voider): (ID<Statement>, ID<Statement>) = (bench.world.id(), bench.world.id())
        let voids = "http://adlnet.gov/expapi/verbs/voided"
        func reference(_ id: ID<Statement>) -> String { #"{"objectType": "StatementRef", "id": "\#(id)"}"# }
        try await bench.post(text(id: known, object: thing))
        try await bench.post(text(id: voider, verb: voids, object: reference(bench.world.id())))
        let callers = (0..<60).map { Caller.allCases[$0 % Caller.allCases.count] }
        let bodies = callers.map { caller -> String in
            switch caller {
            case .single: text(id: bench.world.id(), object: thing)
            case .batch:
                "[" + (0..<3).map { _ in text(id: bench.world.id(), object: other) }.joined(separator: ",") + "]"
            case .again: text(id: known, object: thing)
            case .conflict: text(id: known, object: other)
            case .conflictInBatch:
                "[\(text(id: bench.world.id(), object: thing)), \(text(id: known, object: other))]"
            case .voidOfVoid: text(id: bench.world.id(), verb: voids, object: reference(voider))
            }
        }
        let codes = await withTaskGroup(of: (Int, String?).self) { group in
            for (index, body) in bodies.enumerated() {
                group.addTask {
                    do {
                        try await bench.post(body)
                        return (index, nil)
                    } catch {
                        return (index, (error as? Problem)?.code ?? "\(error)")
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for (index, caller) in callers.enumerated() { #expect(codes[index] == caller.refusal, "\(caller)") }
        let new = callers.map(\.newStatements).reduce(0, +)
        #expect(try await bench.log.count(of: .first) == 2 + new)
        try await LedgerKeeper(database: bench.database, world: bench.world).integrate()
        #expect(try await LedgerAudit(database: bench.database).check(.first).findings == [])
    }

    @Test(arguments: Engine.present) func `many callers with one statement store it once`(engine: Engine) async throws {
        let bench = try await Bench(engine)
        let body = text(id: bench.world.id(), object: #"{"id": "https://e.org/o"}"#)
        try await withThrowingTaskGroup(of: [ID<Statement>].self) { group in
            for _ in 0..<40 { group.addTask { try await bench.post(body) } }
            for try await ids in group { #expect(ids.count == 1) }
        }
        #expect(try await bench.log.count(of: .first) == 1)
    }
}
