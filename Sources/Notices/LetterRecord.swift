public import Basis
public import JSON
public import Storage

/// A letter to one person, as it stands. What it says is read from its causes when it goes.
public struct Letter: Hashable, Sendable {
    /// Where it stands.
    public enum State: String, CaseIterable, Storable, Sendable {
        case waiting, sent
        /// The server will never take it, or did not for a day.
        case failed
        /// Nothing was left to say, or it was too old.
        case dropped
    }

    public let id: ID<Letter>
    public let person: ID<Person>
    /// Whether it gathers what came in a day.
    public let isDigest: Bool
    public let state: State
    /// What it tells, by kind, each once.
    public let kinds: [NoticeKind]
    public let writtenAt: Moment
    /// When it is tried next, while it waits.
    public let nextAt: Moment
    public let tries: Int
    /// What the server said last, or why it was not sent; empty before.
    public let answer: String
    public let settledAt: Moment?

    init(_ row: Row, kinds: [NoticeKind]) throws {
        id = try row.get("id")
        person = try row.get("person")
        isDigest = try row.find("digest_day", as: Day.self) != nil
        state = try row.get("state")
        self.kinds = kinds
        writtenAt = try row.get("written_at")
        nextAt = try row.get("next_at")
        tries = try row.get("tries")
        answer = try row.get("answer")
        settledAt = try row.find("settled_at")
    }

    /// For programs.
    public var json: JSONValue {
        [
            "id": .string(id.description), "person": .string(person.description), "digest": .bool(isDigest),
            "state": .string(state.rawValue), "tells": .array(kinds.map { .string($0.rawValue) }),
            "writtenAt": .string(writtenAt.timestamp), "tries": .init(tries), "answer": .string(answer),
            "nextAt": state == .waiting ? .string(nextAt.timestamp) : .null,
            "settledAt": settledAt.map { .string($0.timestamp) } ?? .null,
        ]
    }
}

/// How many letters stand where.
public struct LetterCounts: Hashable, Sendable {
    /// Things noted that no letter tells yet: for the next digest.
    public var gathering = 0
    public var states: [Letter.State: Int] = [:]

    /// Whether nothing waits and nothing is on record.
    public var isEmpty: Bool { gathering == 0 && states.values.allSatisfy { $0 == 0 } }

    public subscript(state: Letter.State) -> Int { states[state] ?? 0 }
}

/// One page of letters.
public struct LetterPage: Sendable {
    /// - Unit: letters a page.
    public static let size = 20

    public let letters: [Letter]
    /// From 1 on.
    public let number: Int
    public let count: Int
    /// Letters in all.
    public let total: Int
}
