/// Ends the reading of one policy; what is wrong with it has been noted.
struct Halt: Error {}

/// Reads policies from a text: one after the other, and on after each that is wrong.
struct PolicyParser {
    var tokens: [Token]
    var index = 0
    /// The first of them, at most `PolicyLimits.errors`.
    private(set) var issues: [PolicyIssue] = []
    /// All, those beyond the limit too.
    private(set) var issueCount = 0
    /// How many expressions are being read within each other.
    var depth = 0
    private var comments: ArraySlice<Comment>

    init(_ text: String) {
        let lexer = Lexer(text)
        tokens = lexer.tokens
        comments = lexer.comments[...]
    }

    var here: Token { tokens[index] }
    var next: Token { tokens[min(index + 1, tokens.count - 1)] }
    var isAtEnd: Bool { here.kind == .end }

    mutating func step() { if index + 1 < tokens.count { index += 1 } }

    mutating func take(sign: String) -> Bool {
        guard here.isSign(sign) else { return false }
        step()
        return true
    }

    mutating func take(word: String) -> Bool {
        guard here.isWord(word) else { return false }
        step()
        return true
    }

    mutating func note(_ detail: String, at token: Token? = nil) {
        let token = token ?? here
        issueCount += 1
        guard issues.count < PolicyLimits.errors else { return }
        issues.append(PolicyIssue(token.position, found: token.found, detail))
    }

    mutating func fail(_ detail: String, at token: Token? = nil) -> Halt {
        note(detail, at: token)
        return Halt()
    }

    mutating func expect(_ sign: String, _ detail: String) throws(Halt) {
        if !take(sign: sign) { throw fail(detail) }
    }

    /// All policies, in their order; notes what is wrong.
    mutating func policies() -> [Policy] {
        var policies: [Policy] = []
        var places: [String: TextPosition] = [:]
        // Policies that are wrong have a number too.
        var number = 0
        while !isAtEnd {
            let start = here
            if number == PolicyLimits.policies {
                note("A set takes at most \(PolicyLimits.policies) policies. Leave some out.")
                break
            }
            do {
                defer { number += 1 }
                let policy = try policy(number: number)
                if places.updateValue(start.position, forKey: policy.id) != nil {
                    note(
                        "The id \(StringLiteral.text(of: policy.id)) is taken by an earlier policy. "
                            + "Give this one another with @id(\"…\").", at: start)
                }
                policies.append(policy)
            } catch {
                skipPolicy(from: start)
            }
        }
        return policies
    }

    /// The comments that no policy has taken.
    mutating func remainingComments() -> [String] {
        defer { comments = [] }
        return comments.map(\.text)
    }

    /// Goes behind the next `;`, or before what looks like the next policy.
    private mutating func skipPolicy(from start: Token) {
        while !isAtEnd {
            if take(sign: ";") { return }
            if here.position > start.position, startsPolicy || here.isSign("@") { return }
            step()
        }
    }

    private var startsPolicy: Bool { (here.isWord("permit") || here.isWord("forbid")) && next.isSign("(") }

    private mutating func policy(number: Int) throws(Halt) -> Policy {
        let start = here.position
        let (id, annotations) = try annotations()
        let effect = try effect()
        try expect("(", "A `(` and the scope `principal, action, resource` must follow here.")
        let principalPosition = here.position
        let principal = try entityScope("principal")
        try expect(",", "A `,` and `action` must follow here.")
        let actionPosition = here.position
        let action = try actionScope()
        try expect(",", "A `,` and `resource` must follow here.")
        let resourcePosition = here.position
        let resource = try entityScope("resource")
        _ = take(sign: ",")
        try expect(")", "A `)` must close the scope here, which has `principal`, `action` and `resource`, no more.")
        let clauses = try clauses()
        if !take(sign: ";") {
            guard startsPolicy || here.isSign("@") else {
                throw fail("A `;` must end the policy here, or `when` or `unless` follow.")
            }
            note("The policy before this one has no `;` at its end. Write it.")
        }
        let end = tokens[index - 1].position
        let comments = comments.prefix { $0.position < end }
        self.comments = self.comments.dropFirst(comments.count)
        return Policy(
            id: id ?? "policy\(number)", effect, principal: principal, action: action, resource: resource,
            clauses: clauses, annotations: annotations, comments: comments.map(\.text), position: start,
            scopePositions: Policy.ScopePositions(
                principal: principalPosition, action: actionPosition, resource: resourcePosition))
    }

    private mutating func annotations() throws(Halt) -> (id: String?, [Policy.Annotation]) {
        var id: String?
        var annotations: [Policy.Annotation] = []
        var names: Set<String> = []
        while here.isSign("@") {
            step()
            let name = here
            guard name.kind == .word else { throw fail("A name must follow `@`, such as `@id(\"…\")`.") }
            step()
            var value = ""
            if take(sign: "(") {
                value = try string("A text between quotes must stand here.")
                try expect(")", "A `)` must close the annotation here.")
            }
            let isNew = names.insert(name.text).inserted
            if !isNew { note("The annotation @\(name.text) is there already. Write it once.", at: name) }
            if name.text == "id" {
                if value.isEmpty { note("An id needs a text: `@id(\"…\")`.", at: name) }
                id = value
            } else if isNew, let annotation = Policy.Annotation(name.text, value) {
                annotations.append(annotation)
            }
        }
        return (id, annotations)
    }

    private mutating func effect() throws(Halt) -> Policy.Effect {
        let word = here
        guard word.kind == .word, let effect = Policy.Effect(rawValue: word.text) else {
            throw fail("A policy begins with `permit` or `forbid`, after its annotations.")
        }
        step()
        return effect
    }

    private mutating func clauses() throws(Halt) -> [Policy.Clause] {
        var clauses: [Policy.Clause] = []
        while here.kind == .word, !startsPolicy {
            guard let word = Policy.Clause.Word(rawValue: here.text) else {
                throw fail("`when`, `unless` or the `;` at the policy's end is expected here.")
            }
            step()
            try expect("{", "A `{` must follow `\(word.rawValue)`.")
            if here.isSign("}") { throw fail("The condition is empty. Write one, or take the clause away.") }
            let condition = try expression()
            try expect("}", "A `}` must close the condition here, or an operator follow.")
            clauses.append(Policy.Clause(word, condition))
        }
        return clauses
    }

    /// A text between quotes, unescaped.
    mutating func string(_ detail: String) throws(Halt) -> String {
        guard here.kind == .string else { throw fail(detail + unclosed) }
        defer { step() }
        return value(of: here)
    }

    /// What helps where a quote has no partner.
    var unclosed: String { here.kind == .unknown && here.text.hasPrefix("\"") ? " This one is never closed." : "" }

    /// The text of a string; a wrong escape is noted and reading goes on.
    mutating func value(of token: Token) -> String {
        do { return try StringLiteral.value(of: token.text) } catch {
            noteEscape(error.escape, at: token)
            return token.text
        }
    }

    mutating func noteEscape(_ escape: String, at token: Token) {
        note(
            "\(escape) means nothing in a text. There are \\n, \\r, \\t, \\0, \\\\, \\\", \\', \\x00 to \\x7F and "
                + "\\u{…} with up to six digits; a pattern of `like` knows \\* too.", at: token)
    }
}
