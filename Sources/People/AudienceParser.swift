public import Basis

/// What is wrong with the text of an audience rule, and where.
public struct AudienceSyntaxError: Error, Hashable, ProblemConvertible {
    /// The character at which the reader stopped, from 1.
    public let position: Int
    /// What is so, and how to mend it.
    public let detail: String

    /// `invalid`, with the place in words.
    public var problem: Problem {
        Problem(.invalid, "audience-rule", "Character \(position): \(detail)", at: ["/audience"])
    }
}

extension AudienceRule {
    /// Reads what a person typed.
    ///
    /// - Shape: `everyone`, `nobody`, `unit "Company / Sales"`, `role manager`, `attribute country = "DE"`,
    ///   `person "4711"`, joined by `and`, `or`, `not` and brackets; `and` binds closer than `or`. Units stand by
    ///   key, path, name or identifier; people by key, e-mail or identifier.
    ///   `person` finds a person by key or e-mail.
    /// - Throws: `AudienceSyntaxError`, also for a unit that is not among `units` or a name that several have.
    public init(
        parsing text: String, units: UnitTree, person: @escaping (String) -> ID<Person>? = { _ in nil }
    ) throws(AudienceSyntaxError) {
        var parser = try AudienceParser(
            text,
            unit: { text in
                if let id = ID<Unit>(text), units[id] != nil { return .one(id) }
                let found = units.named(text)
                return found.count > 1 ? .several(found.map { units.path(of: $0.id) }) : found.first.map { .one($0.id) }
            },
            person: { ID<Person>($0) ?? person($0) })
        self = try parser.rule().simplified
    }

    /// Reads what a person typed.
    ///
    /// - Throws: `AudienceSyntaxError`.
    public init(parsing text: String, units: [UnitRecord]) throws(AudienceSyntaxError) {
        try self.init(parsing: text, units: UnitTree(units))
    }

    /// Reads the canonical text of a rule kept in the database; a unit that has gone since matches nobody.
    ///
    /// - Throws: `AudienceSyntaxError`.
    public init(stored text: String) throws(AudienceSyntaxError) {
        var parser = try AudienceParser(text, unit: { ID<Unit>($0).map { .one($0) } }, person: { ID<Person>($0) })
        self = try parser.rule().simplified
    }
}

private enum Named { case one(ID<Unit>), several([String]) }

/// A recursive-descent parser: `or` over `and` over `not` over one condition.
private struct AudienceParser {
    private enum Token: Equatable { case word(String), string(String), open, close, equals, end }

    private var tokens: [(token: Token, position: Int)] = []
    private var index = 0
    private var depth = 0
    private let unit: (String) -> Named?
    private let person: (String) -> ID<Person>?

    init(
        _ text: String, unit: @escaping (String) -> Named?, person: @escaping (String) -> ID<Person>?
    ) throws(AudienceSyntaxError) {
        self.unit = unit
        self.person = person
        guard text.utf8.count <= AudienceRule.textByteLimit else {
            throw AudienceSyntaxError(
                position: 1, detail: "The rule is longer than \(AudienceRule.textByteLimit) bytes. Use an attribute.")
        }
        tokens = try AudienceParser.tokens(of: Array(text.unicodeScalars))
    }

    mutating func rule() throws(AudienceSyntaxError) -> AudienceRule {
        if current == .end { throw refusal("The rule is empty. Write “everyone” if all are meant.") }
        let rule = try alternatives()
        guard current == .end else {
            throw refusal("“and” or “or” should stand before \(shown(current)).")
        }
        return rule
    }

    private mutating func alternatives() throws(AudienceSyntaxError) -> AudienceRule {
        var parts = [try conjunction()]
        while take(keyword: "or") { parts.append(try conjunction()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conjunction() throws(AudienceSyntaxError) -> AudienceRule {
        var parts = [try condition()]
        while take(keyword: "and") { parts.append(try condition()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func condition() throws(AudienceSyntaxError) -> AudienceRule {
        depth += 1
        defer { depth -= 1 }
        guard depth <= AudienceRule.depthLimit else {
            throw refusal("Brackets go deeper than \(AudienceRule.depthLimit) levels. Make the rule simpler.")
        }
        if take(keyword: "not") { return .not(try condition()) }
        if current == .open {
            let opened = position
            index += 1
            let rule = try alternatives()
            guard current == .close else {
                throw refusal("\(shown(current)) stands where the bracket of character \(opened) should close.")
            }
            index += 1
            return rule
        }
        return try single()
    }

    private mutating func single() throws(AudienceSyntaxError) -> AudienceRule {
        guard case .word(let word) = current else { throw unexpected() }
        switch word.lowercased() {
        case "everyone":
            index += 1
            return .everyone
        case "nobody":
            index += 1
            return .not(.everyone)
        case "unit":
            index += 1
            return .unit(try unitName())
        case "role":
            index += 1
            let (name, start) = try name(of: "a role, such as manager")
            guard let role = Role(rawValue: name.lowercased()) else {
                let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw AudienceSyntaxError(
                    position: start, detail: "There is no role “\(name)”. The roles are \(known).")
            }
            return .role(role)
        case "attribute":
            index += 1
            let (name, _) = try name(of: "an attribute, such as country")
            guard current == .equals else { throw refusal("“=” should stand before \(shown(current)).") }
            index += 1
            let (value, _) = try self.name(of: "a value in quotes, such as \"DE\"")
            return .attribute(composed(name.lowercased()), value)
        case "person":
            index += 1
            let (name, start) = try name(of: "a person's key or e-mail in quotes")
            guard let id = person(name) else {
                throw AudienceSyntaxError(
                    position: start, detail: "There is no person “\(name)”. Write a key or an e-mail in quotes.")
            }
            return .person(id)
        default: throw unexpected()
        }
    }

    private mutating func unitName() throws(AudienceSyntaxError) -> ID<Unit> {
        let (name, start) = try name(of: "a unit in quotes, such as \"Company / Sales\"")
        switch unit(name) {
        case .one(let id): return id
        case .several(let paths):
            let choices = paths.prefix(5).map { "“\($0)”" }.joined(separator: ", ")
            throw AudienceSyntaxError(
                position: start, detail: "Several units are called “\(name)”: \(choices). Write the whole path.")
        case nil:
            throw AudienceSyntaxError(
                position: start, detail: "There is no unit “\(name)”. Write its path in quotes, or make it first.")
        }
    }

    private mutating func name(of wanted: String) throws(AudienceSyntaxError) -> (text: String, start: Int) {
        let start = position
        switch current {
        case .word(let text), .string(let text):
            index += 1
            return (text, start)
        case .open, .close, .equals, .end: throw refusal("\(shown(current)) stands where \(wanted) should.")
        }
    }

    private var current: Token { tokens[index].token }
    private var position: Int { tokens[index].position }

    private mutating func take(keyword: String) -> Bool {
        guard case .word(let word) = current, word.lowercased() == keyword else { return false }
        index += 1
        return true
    }

    private func refusal(_ detail: String) -> AudienceSyntaxError {
        AudienceSyntaxError(position: position, detail: detail)
    }

    private func unexpected() -> AudienceSyntaxError {
        refusal("\(shown(current)) stands where everyone, nobody, unit, role, attribute, person, not or “(” should.")
    }

    private func shown(_ token: Token) -> String {
        switch token {
        case .word(let text): "“\(text)”"
        case .string(let text): "the text “\(text)”"
        case .open: "“(”"
        case .close: "“)”"
        case .equals: "“=”"
        case .end: "the end"
        }
    }

    private static func tokens(
        of scalars: [Unicode.Scalar]
    ) throws(AudienceSyntaxError) -> [(token: Token, position: Int)] {
        var tokens: [(token: Token, position: Int)] = []
        var index = 0
        while index < scalars.count {
            let (start, scalar) = (index, scalars[index])
            index += 1
            if scalar.properties.isWhitespace { continue }
            switch scalar {
            case "(": tokens.append((.open, start + 1))
            case ")": tokens.append((.close, start + 1))
            case "=": tokens.append((.equals, start + 1))
            case "\"", "“":
                tokens.append((.string(try string(in: scalars, at: &index, from: start)), start + 1))
            case _ where isWordScalar(scalar):
                while index < scalars.count, isWordScalar(scalars[index]) { index += 1 }
                tokens.append((.word(String(String.UnicodeScalarView(scalars[start..<index]))), start + 1))
            default:
                throw AudienceSyntaxError(
                    position: start + 1, detail: "“\(Character(scalar))” has no meaning here. Put names in quotes.")
            }
        }
        return tokens + [(.end, scalars.count + 1)]
    }

    /// Reads up to the closing quote. Curly quotes are read as well: word processors make them.
    private static func string(
        in scalars: [Unicode.Scalar], at index: inout Int, from start: Int
    ) throws(AudienceSyntaxError) -> String {
        let closing: Unicode.Scalar = scalars[start] == "“" ? "”" : "\""
        var text = String.UnicodeScalarView()
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            if scalar == closing { return String(text) }
            if scalar == "\\", index < scalars.count {
                text.append(scalars[index])
                index += 1
            } else {
                text.append(scalar)
            }
        }
        throw AudienceSyntaxError(position: start + 1, detail: "A quote opens here and is never closed.")
    }
}
