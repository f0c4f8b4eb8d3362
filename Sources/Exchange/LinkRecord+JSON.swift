import Basis
import Evidence
public import JSON

extension LinkRecord {
    /// For programs, as the API and the command line tell it. Never with the secret.
    public var json: JSONValue {
        [
            "id": .string(id.description), "kind": .string(kind.rawValue), "label": .string(label),
            "url": .string(url), "username": .string(username), "version": .init(version?.header),
            "filter": filter.json, "state": .string(state.rawValue), "moved": .init(moved), "erased": .init(erased),
            "lastMovedAt": .init(lastMovedAt?.timestamp), "failures": .init(failures),
            "failingSince": .init(failingSince?.timestamp), "lastError": .string(lastError),
            "nextAt": .string(nextAt.timestamp), "createdAt": .string(createdAt.timestamp),
        ]
    }
}

extension DeadLetter {
    /// For programs, as the API and the command line tell it.
    public var json: JSONValue {
        [
            "link": .string(link.description), "label": .string(label), "statement": .string(statement),
            "statements": .init(count), "error": .string(error), "queued": .init(isQueued),
            "failedAt": .string(failedAt.timestamp),
        ]
    }
}
