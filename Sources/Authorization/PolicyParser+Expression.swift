/// Expressions, from the weakest operator to the strongest.
///
/// - Source: Cedar policy language, “Grammar”: Expr, Or, And, Relation, Add, Mult, Unary.
extension PolicyParser {
    typealias Form = PolicyExpression.Form

    /// Makes an expression, unless it is nested too deep.
    mutating func make(_ form: Form, at token: Token) throws(Halt) -> PolicyExpression {
        let expression = PolicyExpression(form, at: token.position)
        if expression.height > PolicyLimits.nesting { throw tooDeep(at: token) }
        return expression
    }

    private mutating func tooDeep(at token: Token) -> Halt {
        fail("This is nested deeper than \(PolicyLimits.nesting) levels. Split it into several clauses.", at: token)
    }

    mutating func expression() throws(Halt) -> PolicyExpression {
        guard depth < PolicyLimits.nesting else { throw tooDeep(at: here) }
        depth += 1
        defer { depth -= 1 }
        let start = here
        guard take(word: "if") else { return try either() }
        let test = try expression()
        if !take(word: "then") { throw fail("`then` must follow the condition of `if` here, or an operator.") }
        let yes = try expression()
        if !take(word: "else") { throw fail("`else` must follow here: `if … then … else …`, or an operator.") }
        return try make(.choice(test, yes, try expression()), at: start)
    }

    private mutating func either() throws(Halt) -> PolicyExpression {
        let start = here
        var parts = [try both()]
        while take(sign: "||") { parts.append(try both()) }
        return parts.count == 1 ? parts[0] : try make(.or(parts), at: start)
    }

    private mutating func both() throws(Halt) -> PolicyExpression {
        let start = here
        var parts = [try relation()]
        while take(sign: "&&") { parts.append(try relation()) }
        return parts.count == 1 ? parts[0] : try make(.and(parts), at: start)
    }

    private var startsRelation: Bool {
        switch here.kind {
        case .sign: here.text == "=" || PolicyExpression.Comparison(rawValue: here.text) != nil
        case .word: ["in", "has", "like", "is"].contains(here.text)
        case .number, .string, .slot, .unknown, .end: false
        }
    }

    private mutating func relation() throws(Halt) -> PolicyExpression {
        let left = try sum()
        guard startsRelation else { return left }
        let sign = here
        let relation = try relation(of: left)
        if startsRelation {
            throw fail("Two comparisons in a row are not clear. Put parentheses around one of them.")
        }
        return try make(relation, at: sign)
    }

    private mutating func relation(of left: PolicyExpression) throws(Halt) -> Form {
        let sign = here
        step()
        switch sign.text {
        case "=": throw fail("Write `==` for equality.", at: sign)
        case "in": return .membership(left, try sum())
        case "has": return .has(left, try attributePath())
        case "like":
            guard here.kind == .string else {
                throw fail("A pattern between quotes must follow `like`, nothing else.\(unclosed)")
            }
            return .like(left, pattern())
        case "is":
            let type = try entityType()
            return .type(left, type, take(word: "in") ? try sum() : nil)
        default:
            guard let comparison = PolicyExpression.Comparison(rawValue: sign.text) else {
                throw fail("A comparison is expected here.", at: sign)
            }
            return .comparison(comparison, left, try sum())
        }
    }

    private mutating func pattern() -> PolicyPattern {
        defer { step() }
        do { return try PolicyPattern(literal: here.text) } catch {
            noteEscape(error.escape, at: here)
            return PolicyPattern(pieces: [here.text])
        }
    }

    private mutating func attributePath() throws(Halt) -> [String] {
        if here.kind == .string { return [try string("")] }
        var path = [try freeWord("The name of an attribute must follow `has`, such as `has age` or `has \"my age\"`.")]
        while take(sign: ".") {
            if path.count == PolicyLimits.nesting { throw tooDeep(at: here) }
            path.append(try freeWord("The name of an attribute must follow the `.`."))
        }
        if here.isSign("(") || here.isSign("[") {
            throw fail("After `has` stand names joined by `.` or one text, nothing else.")
        }
        return path
    }

    /// A word that may name an attribute.
    mutating func freeWord(_ detail: String) throws(Halt) -> String {
        guard here.kind == .word else { throw fail(detail + unclosed) }
        if !Identifier.isFree(here.text) {
            note("`\(here.text)` is a word of the language. As a name it stands between quotes: `[\"\(here.text)\"]`.")
        }
        defer { step() }
        return here.text
    }

    private mutating func sum() throws(Halt) -> PolicyExpression {
        let start = here
        let first = try product()
        var terms: [PolicyExpression.Term] = []
        while here.isSign("+") || here.isSign("-") {
            let isSubtracted = here.isSign("-")
            step()
            terms.append(PolicyExpression.Term(isSubtracted: isSubtracted, try product()))
        }
        return terms.isEmpty ? first : try make(.sum(first, terms), at: start)
    }

    private mutating func product() throws(Halt) -> PolicyExpression {
        let start = here
        var parts = [try signed()]
        while true {
            if here.isSign("/") || here.isSign("%") {
                throw fail("The language has no division and no remainder. Compare with a product instead.")
            }
            guard take(sign: "*") else { break }
            parts.append(try signed())
        }
        return parts.count == 1 ? parts[0] : try make(.product(parts), at: start)
    }

    private mutating func signed() throws(Halt) -> PolicyExpression {
        let start = here
        guard start.isSign("!") || start.isSign("-") else { return try member() }
        var count = 0
        while take(sign: start.text) { count += 1 }
        if count > PolicyLimits.signs {
            throw fail(
                "There are more than \(PolicyLimits.signs) `\(start.text)` in a row. Leave pairs out.", at: start)
        }
        if here.isSign("!") || here.isSign("-") {
            throw fail("`!` and `-` do not mix. Put parentheses around what the first is for.")
        }
        var value: PolicyExpression
        if start.text == "-", here.kind == .number, !isAccess(next) {
            value = try make(.value(.long(try number(isNegative: true))), at: start)
            count -= 1
        } else {
            value = try member()
        }
        for _ in 0..<count { value = try make(start.text == "!" ? .not(value) : .negative(value), at: start) }
        return value
    }

    private func isAccess(_ token: Token) -> Bool { token.isSign(".") || token.isSign("[") || token.isSign("(") }

    /// The number here. That of -9223372036854775808 fits only with its sign.
    mutating func number(isNegative: Bool) throws(Halt) -> Int64 {
        let digits = here
        guard let number = Int64((isNegative ? "-" : "") + digits.text) else {
            throw fail("The number does not fit into 64 bits: it may be at most 9223372036854775807.")
        }
        step()
        return number
    }
}
