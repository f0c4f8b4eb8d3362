/// How the statements of one registration follow one another, as a profile says it.
///
/// - Source: xAPI Profiles, part two, 9.0.
struct ProfilePattern: Hashable, Sendable {
    /// Parts are IRIs of templates and of other patterns.
    enum Rule: Hashable, Sendable {
        case sequence([String])
        case alternates([String])
        case optional(String)
        case oneOrMore(String)
        case zeroOrMore(String)

        var parts: [String] {
            switch self {
            case .sequence(let parts), .alternates(let parts): parts
            case .optional(let part), .oneOrMore(let part), .zeroOrMore(let part): [part]
            }
        }
    }

    let id: String
    let name: String
    /// Whether a registration must follow it, rather than another pattern name it as a part.
    let isPrimary: Bool
    let rule: Rule
}

/// A primary pattern made ready for matching: a finite automaton whose letters are the templates that a statement
/// follows. It takes every way of matching at once, so that it never goes back.
struct PatternAutomaton: Hashable, Sendable {
    /// The most states of one pattern, with all its parts.
    static let stateLimit = 2_000
    /// How deep patterns may stand in patterns.
    static let depthLimit = 50

    /// Why a pattern cannot be made ready.
    enum Flaw: Error, Equatable {
        case holdsItself(String)
        case tooLarge
        /// Its parts stand in other profiles.
        case foreign(String)
    }

    private struct State: Hashable {
        /// The template that leads on; nil where nothing must come first.
        var template: String?
        var next: [Int]
    }

    let pattern: ProfilePattern
    private var states: [State] = [State(template: nil, next: [])]
    private var first = 0
    /// The state in which the pattern is matched as a whole.
    private static let end = 0

    init(_ pattern: ProfilePattern, patterns: [String: ProfilePattern], templates: Set<String>) throws(Flaw) {
        self.pattern = pattern
        var path: [String] = []
        first = try add(pattern.id, before: PatternAutomaton.end, patterns, templates, &path)
    }

    /// Adds a template or pattern in front of a state.
    ///
    /// - Returns: Where it begins.
    private mutating func add(
        _ id: String, before next: Int, _ patterns: [String: ProfilePattern], _ templates: Set<String>,
        _ path: inout [String]
    ) throws(Flaw) -> Int {
        if templates.contains(id) { return try add(State(template: id, next: [next])) }
        guard let pattern = patterns[id] else { throw .foreign(id) }
        if path.contains(id) { throw .holdsItself(id) }
        if path.count == PatternAutomaton.depthLimit { throw .tooLarge }
        path.append(id)
        defer { path.removeLast() }
        switch pattern.rule {
        case .sequence(let parts):
            var place = next
            for part in parts.reversed() { place = try add(part, before: place, patterns, templates, &path) }
            return place
        case .alternates(let parts):
            var starts: [Int] = []
            for part in parts { starts.append(try add(part, before: next, patterns, templates, &path)) }
            return try add(State(template: nil, next: starts))
        case .optional(let part):
            let start = try add(part, before: next, patterns, templates, &path)
            return try add(State(template: nil, next: [start, next]))
        case .oneOrMore(let part), .zeroOrMore(let part):
            let loop = try add(State(template: nil, next: []))
            let start = try add(part, before: loop, patterns, templates, &path)
            states[loop].next = [start, next]
            if case .oneOrMore = pattern.rule { return start }
            return loop
        }
    }

    private mutating func add(_ state: State) throws(Flaw) -> Int {
        if states.count > PatternAutomaton.stateLimit { throw .tooLarge }
        states.append(state)
        return states.count - 1
    }

    /// One matching under way.
    ///
    /// - Cost: at most `stateLimit` looks a statement.
    struct Run: Sendable {
        private let automaton: PatternAutomaton
        /// Where it may stand, each once: states that wait for a template, and the end.
        private var places: [Int] = []
        private(set) var matchedCount = 0

        init(_ automaton: PatternAutomaton) {
            self.automaton = automaton
            places = automaton.places(from: [automaton.first])
        }

        /// Whether what came so far is the whole pattern.
        var isWhole: Bool { places.contains(PatternAutomaton.end) }

        /// The templates one of which may come next, each once, sorted.
        var expected: [String] { Set(places.compactMap { automaton.states[$0].template }).sorted() }

        /// Takes one statement, by the templates that it follows.
        ///
        /// - Returns: False when it cannot come here; the run then stays as it was.
        mutating func take(_ templates: Set<String>) -> Bool {
            let next = places.flatMap { place -> [Int] in
                guard let template = automaton.states[place].template, templates.contains(template) else { return [] }
                return automaton.states[place].next
            }
            if next.isEmpty { return false }
            places = automaton.places(from: next)
            matchedCount += 1
            return true
        }
    }

    private func places(from starts: [Int]) -> [Int] {
        var seen = [Bool](repeating: false, count: states.count)
        var open = starts
        var found: [Int] = []
        while let place = open.popLast() {
            if seen[place] { continue }
            seen[place] = true
            if states[place].template == nil, place != PatternAutomaton.end {
                open += states[place].next
            } else {
                found.append(place)
            }
        }
        return found
    }
}
