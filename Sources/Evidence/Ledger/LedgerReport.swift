public import Basis
public import JSON

/// What a check of a tenant's whole record found.
public struct LedgerReport: Sendable {
    /// Something that is not as it was written.
    public struct Finding: Hashable, Sendable {
        /// What it is about, such as `tile/0/017`, `statement 12` or `checkpoint`.
        public let place: String
        /// What is wrong there.
        public let detail: String
    }

    /// The most findings that are told.
    public static let findingLimit = 100

    public let tenant: TenantID
    /// Leaves of the signed checkpoint.
    public internal(set) var size = 0
    /// Statements that are there and were compared with their leaves.
    public internal(set) var statements = 0
    /// Changes of documents that were compared with their leaves.
    public internal(set) var documents = 0
    /// Leaves in the queue: durable, and in no checkpoint yet.
    public internal(set) var waiting = 0
    /// Leaves whose content was erased on purpose.
    public internal(set) var erased = 0
    /// Statements from before the ledger that have no leaf yet.
    public internal(set) var backlog = 0
    /// In the order in which they were found; at most `findingLimit`.
    public internal(set) var findings: [Finding] = []

    init(tenant: TenantID) { self.tenant = tenant }

    /// Whether all is as it was written.
    public var isWhole: Bool { findings.isEmpty }

    var isFull: Bool { findings.count >= LedgerReport.findingLimit }

    mutating func add(_ place: String, _ detail: String) {
        if !isFull { findings.append(Finding(place: place, detail: detail)) }
    }

    /// For programs.
    public var json: JSONValue {
        [
            "tenant": .init(tenant.number), "whole": .bool(isWhole), "size": .init(size),
            "statements": .init(statements), "documents": .init(documents), "waiting": .init(waiting),
            "erased": .init(erased), "backlog": .init(backlog),
            "findings": .array(findings.map { ["place": .string($0.place), "detail": .string($0.detail)] }),
        ]
    }
}
