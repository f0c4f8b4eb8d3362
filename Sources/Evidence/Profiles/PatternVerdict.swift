public import Basis
import JSON

/// How far statements follow a pattern.
public enum PatternState: String, CaseIterable, Sendable {
    /// They are the whole pattern.
    case whole
    /// They begin it: more may come.
    case open
    /// One of them cannot come where it does.
    case failed
}

/// What one pattern says of one sequence.
public struct PatternVerdict: Hashable, Sendable {
    /// The pattern's IRI.
    public let pattern: String
    public let name: String
    public let state: PatternState
    /// How many statements matched, from the first one on.
    public let matchedCount: Int
    /// The first statement that does not fit; nil unless it failed.
    public let failedAt: ID<Statement>?
    /// What may come next, or why it failed.
    public let detail: String
}

/// The statements of one registration that follow a profile, in the order of their timestamps, and what its primary
/// patterns say of them.
public struct SequenceReport: Hashable, Sendable {
    /// The profile's IRI.
    public let profile: String
    public let registration: String
    /// Where several sequences share a registration: xAPI Profiles, part two, 9.0.
    public let subregistration: String?
    public let statementCount: Int
    public let lastAt: Moment
    /// One for each primary pattern, in the profile's order.
    public let verdicts: [PatternVerdict]
    /// There are more statements or subregistrations than are judged.
    public let isCut: Bool

    /// The verdict that suits best: a sequence follows a profile when it follows one of its primary patterns.
    public var best: PatternVerdict? {
        let order = PatternState.allCases
        return verdicts.max { one, two in
            let (first, second) = (order.firstIndex(of: one.state) ?? 0, order.firstIndex(of: two.state) ?? 0)
            return first == second ? one.matchedCount < two.matchedCount : first > second
        }
    }

    /// How far it follows the profile.
    public var state: PatternState { best?.state ?? .open }
}

/// Judges the statements of one registration, one after another.
struct SequenceJudge {
    /// Names one sequence among those that share a registration.
    ///
    /// - Source: xAPI Profiles, part two, 9.0: an array of objects with `profile` and `subregistration`.
    static let subregistrations = "https://w3id.org/xapi/profiles/extensions/subregistration"
    /// The most sequences of one registration.
    static let sequenceLimit = 100

    private struct Sequence {
        var runs: [(run: PatternAutomaton.Run, failure: (id: ID<Statement>, detail: String)?)]
        var count = 0
        var lastAt: Moment
    }

    let profile: XAPIProfile
    let reach: ProfileReach
    private var sequences: [String: Sequence] = [:]
    private var isCut = false

    init(_ profile: XAPIProfile, _ reach: ProfileReach) {
        self.profile = profile
        self.reach = reach
    }

    /// Takes the next statement, which has lists as its context activities.
    ///
    /// `targets` gives what it points to, as far as that is here.
    mutating func take(
        _ statement: JSONValue, _ id: ID<Statement>, at moment: Moment, targets: (ID<Statement>) -> JSONValue?
    ) {
        guard profile.isDeclared(by: statement) || reach == .described && profile.describes(statement) else { return }
        let (templates, flaw) = profile.templates(followedBy: statement, targets: targets)
        let named = statement["context"]?["extensions"]?[SequenceJudge.subregistrations]?.array ?? []
        let own = named.filter { $0["profile"]?.string.map(profile.isNamed) ?? false }
        let keys = own.isEmpty ? [""] : Set(own.compactMap { $0["subregistration"]?.string?.lowercased() }).sorted()
        for key in keys {
            if sequences[key] == nil, sequences.count == SequenceJudge.sequenceLimit {
                isCut = true
                continue
            }
            var sequence =
                sequences[key]
                ?? Sequence(runs: profile.primaryPatterns.map { (PatternAutomaton.Run($0), nil) }, lastAt: moment)
            sequence.count += 1
            sequence.lastAt = moment
            for index in sequence.runs.indices where sequence.runs[index].failure == nil {
                let expected = sequence.runs[index].run.expected
                if let flaw {
                    sequence.runs[index].failure = (id, flaw)
                } else if !sequence.runs[index].run.take(templates) {
                    sequence.runs[index].failure = (id, "It cannot come here; \(next(expected))")
                }
            }
            sequences[key] = sequence
        }
    }

    private func next(_ expected: [String]) -> String {
        if expected.isEmpty { return "nothing more may come." }
        let names = expected.prefix(5).map { profile.templateName($0) ?? $0 }.joined(separator: ", ")
        return expected.count > 5 ? "next may come \(names) and others." : "next may come \(names)."
    }

    /// What is found, by subregistration. `isCut` says that not all statements came.
    func reports(of registration: String, isCut: Bool) -> [SequenceReport] {
        sequences.sorted { $0.key < $1.key }.map { key, sequence in
            let verdicts = zip(profile.primaryPatterns, sequence.runs).map { automaton, entry in
                PatternVerdict(
                    pattern: automaton.pattern.id, name: automaton.pattern.name,
                    state: entry.failure != nil ? .failed : entry.run.isWhole ? .whole : .open,
                    matchedCount: entry.run.matchedCount, failedAt: entry.failure?.id,
                    detail: entry.failure?.detail ?? next(entry.run.expected).capitalizedSentence)
            }
            return SequenceReport(
                profile: profile.id, registration: registration, subregistration: key.isEmpty ? nil : key,
                statementCount: sequence.count, lastAt: sequence.lastAt, verdicts: verdicts,
                isCut: isCut || self.isCut)
        }
    }
}

extension String {
    fileprivate var capitalizedSentence: String { prefix(1).uppercased() + dropFirst() }
}
