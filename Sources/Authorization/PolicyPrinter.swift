/// Policies as canonical text: one layout for what means the same to a reader, so that a difference of two texts is one
/// of meaning. Reading it and printing it again gives the same text.
extension PolicySet {
    /// The policies with an empty line between them; ends with a line break unless it is empty.
    public var text: String {
        var parts = policies.map(\.text)
        if !trailingComments.isEmpty { parts.append(PolicyPrinter.comments(trailingComments).joined(separator: "\n")) }
        return parts.isEmpty ? "" : parts.joined(separator: "\n\n") + "\n"
    }
}

extension Policy {
    /// Its canonical text with its comments and annotations; always with its id, so that it keeps it elsewhere.
    public var text: String { PolicyPrinter.lines(of: self).joined(separator: "\n") }

    /// The lines of `text`.
    public var lines: [String] { PolicyPrinter.lines(of: self) }
}

extension PolicyExpression: CustomStringConvertible {
    /// As it stands in a canonical text, on one line.
    public var description: String { PolicyPrinter.text(of: self, .choice) }
}

enum PolicyPrinter {
    /// What is longer is broken where it can be.
    private static let columns = 100

    /// How strongly an expression holds together; what is weaker than its place needs parentheses.
    enum Strength: Int, Comparable {
        case choice, or, and, relation, sum, product, sign, member

        static func < (left: Strength, right: Strength) -> Bool { left.rawValue < right.rawValue }
    }

    /// A line each: what follows a line break within one would be read as a policy.
    static func comments(_ comments: [String]) -> [String] {
        comments.flatMap { $0.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r" } }
            .map { $0.isEmpty ? "//" : "// \(String($0))" }
    }

    static func lines(of policy: Policy) -> [String] {
        var lines = comments(policy.comments)
        lines.append("@id(\(StringLiteral.text(of: policy.id)))")
        for annotation in policy.annotations {
            lines.append("@\(annotation.name)(\(StringLiteral.text(of: annotation.value)))")
        }
        let scopes = [text("principal", policy.principal), text(policy.action), text("resource", policy.resource)]
        let head = "\(policy.effect.rawValue) (\(scopes.joined(separator: ", ")))"
        if head.count <= columns {
            lines.append(head)
        } else {
            lines.append("\(policy.effect.rawValue) (")
            lines += scopes.enumerated().map { "    \($1)\($0 < 2 ? "," : "")" }
            lines.append(")")
        }
        for clause in policy.clauses { lines += self.lines(of: clause) }
        lines[lines.count - 1] += ";"
        return lines
    }

    private static func text(_ name: String, _ scope: Policy.EntityScope) -> String {
        switch scope {
        case .any: name
        case .equal(let reference): "\(name) == \(reference)"
        case .within(let group): "\(name) in \(group)"
        case .type(let type): "\(name) is \(type)"
        case .typeWithin(let type, let group): "\(name) is \(type) in \(group)"
        }
    }

    private static func text(_ scope: Policy.ActionScope) -> String {
        switch scope {
        case .any: "action"
        case .equal(let reference): "action == \(reference)"
        case .within(let groups) where groups.count == 1: "action in \(groups[0])"
        case .within(let groups): "action in [\(groups.map(\.description).joined(separator: ", "))]"
        }
    }

    private static func lines(of clause: Policy.Clause) -> [String] {
        let line = "\(clause.word.rawValue) { \(text(of: clause.condition, .choice)) }"
        let (parts, sign, strength): ([PolicyExpression], String, Strength)
        switch clause.condition.form {
        case .and(let all): (parts, sign, strength) = (all, " &&", .relation)
        case .or(let all): (parts, sign, strength) = (all, " ||", .and)
        default: return [line]
        }
        if line.count <= columns { return [line] }
        let last = parts.count - 1
        return ["\(clause.word.rawValue) {"]
            + parts.enumerated().map { "    \(text(of: $1, strength))\($0 < last ? sign : "")" } + ["}"]
    }

    static func text(of expression: PolicyExpression, _ place: Strength) -> String {
        let (text, strength) = parts(of: expression.form)
        return strength < place ? "(\(text))" : text
    }

    private static func list(_ parts: [PolicyExpression], _ strength: Strength, _ sign: String) -> String {
        parts.map { text(of: $0, strength) }.joined(separator: sign)
    }

    private static func parts(of form: PolicyExpression.Form) -> (String, Strength) {
        switch form {
        case .value(.long(let number)): ("\(number)", number < 0 ? .sign : .member)
        case .value(let value): (value.description, .member)
        case .variable(let variable): (variable.rawValue, .member)
        case .and(let parts): (list(parts, .relation, " && "), .and)
        case .or(let parts): (list(parts, .and, " || "), .or)
        case .not(let part): ("!\(text(of: part, .member))", .sign)
        case .negative(let part):
            // Without parentheses the sign would be the number's own.
            (part.constant == nil ? "-\(text(of: part, .member))" : "-(\(text(of: part, .choice)))", .sign)
        case .comparison(let comparison, let left, let right):
            ("\(text(of: left, .sum)) \(comparison.rawValue) \(text(of: right, .sum))", .relation)
        case .sum(let first, let terms):
            (
                terms.reduce(text(of: first, .product)) {
                    "\($0) \($1.isSubtracted ? "-" : "+") \(text(of: $1.expression, .product))"
                }, .sum
            )
        case .product(let parts): (list(parts, .sign, " * "), .product)
        case .membership(let left, let right): ("\(text(of: left, .sum)) in \(text(of: right, .sum))", .relation)
        case .has(let part, let path) where path.count == 1:
            ("\(text(of: part, .sum)) has \(StringLiteral.name(of: path[0]))", .relation)
        case .has(let part, let path) where path.allSatisfy(Identifier.isFree):
            ("\(text(of: part, .sum)) has \(path.joined(separator: "."))", .relation)
        case .has(let part, let path): parts(of: .and(part.presence(of: path)))
        case .like(let part, let pattern): ("\(text(of: part, .sum)) like \(pattern)", .relation)
        case .type(let part, let type, let group):
            ("\(text(of: part, .sum)) is \(type)\(group.map { " in \(text(of: $0, .sum))" } ?? "")", .relation)
        case .choice(let test, let yes, let no):
            ("if \(text(of: test, .choice)) then \(text(of: yes, .choice)) else \(text(of: no, .choice))", .choice)
        case .attribute(let part, let name):
            (
                text(of: part, .member)
                    + (Identifier.isFree(name) ? ".\(name)" : "[\(StringLiteral.text(of: name))]"), .member
            )
        case .call(let method, let part, let argument):
            ("\(text(of: part, .member)).\(method.rawValue)(\(argument.map { text(of: $0, .choice) } ?? ""))", .member)
        case .set(let parts): ("[\(list(parts, .choice, ", "))]", .member)
        case .record(let members):
            ("{\(members.map(text).joined(separator: ", "))}", .member)
        }
    }

    private static func text(_ member: PolicyExpression.Member) -> String {
        "\(StringLiteral.name(of: member.name)): \(text(of: member.expression, .choice))"
    }
}

extension PolicyExpression {
    /// `self has a.b` step by step: `self has a`, `self.a has b`.
    func presence(of path: [String]) -> [PolicyExpression] {
        path.indices.map { index in
            let outer = path[..<index].reduce(self) { PolicyExpression(.attribute($0, $1)) }
            return PolicyExpression(.has(outer, [path[index]]))
        }
    }
}
