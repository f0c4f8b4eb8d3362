/// Values, names, attributes and calls.
///
/// - Source: Cedar policy language, “Grammar”: Member, Primary.
extension PolicyParser {
    /// What Cedar has and this subset does not.
    private static let extensionFunctions: Set<String> = ["ip", "decimal", "datetime", "duration"]
    private static let extensionMethods: Set<String> = [
        "isIpv4", "isIpv6", "isLoopback", "isMulticast", "isInRange", "lessThan", "lessThanOrEqual", "greaterThan",
        "greaterThanOrEqual", "offset", "durationSince", "toDate", "toTime", "toMilliseconds", "toSeconds", "toMinutes",
        "toHours", "toDays",
    ]

    /// A value and what is asked of it: `.name`, `["name"]`, `.method(…)`.
    mutating func member() throws(Halt) -> PolicyExpression {
        var value = try primary()
        while true {
            let sign = here
            if take(sign: ".") {
                let name = here
                let word = try freeWord("The name of an attribute or a method must follow the `.`.")
                value = here.isSign("(") ? try call(name, of: value) : try make(.attribute(value, word), at: name)
            } else if take(sign: "[") {
                let name = here
                let text = try string("The name of an attribute between quotes must stand here: there are no indices.")
                try expect("]", "A `]` must close the attribute's name here.")
                value = try make(.attribute(value, text), at: name)
            } else if sign.isSign("(") {
                throw fail("Only methods can be called, such as `.contains(…)`.")
            } else {
                return value
            }
        }
    }

    private mutating func call(_ name: Token, of value: PolicyExpression) throws(Halt) -> PolicyExpression {
        step()
        let arguments = try list(closedBy: ")", of: "arguments")
        guard let method = PolicyExpression.Method(rawValue: name.text) else {
            let methods = PolicyExpression.Method.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            if name.text == "hasTag" || name.text == "getTag" {
                throw fail("Tags are not part of this subset. Use attributes.", at: name)
            }
            if Self.extensionMethods.contains(name.text) {
                throw fail(
                    "Extension types and their functions are not part of this subset. There are \(methods).", at: name)
            }
            throw fail("There is no method `\(name.text)`. There are \(methods).", at: name)
        }
        let wanted = method == .isEmpty ? 0 : 1
        if arguments.count != wanted {
            throw fail("`\(name.text)` takes \(wanted == 0 ? "no argument" : "one argument").", at: name)
        }
        return try make(.call(method, value, arguments.first), at: name)
    }

    /// Expressions with commas between them; a comma may also follow the last.
    private mutating func list(closedBy sign: String, of what: String) throws(Halt) -> [PolicyExpression] {
        var items: [PolicyExpression] = []
        while !here.isSign(sign) {
            items.append(try expression())
            if !take(sign: ",") { break }
        }
        try expect(sign, "A `,`, an operator or the `\(sign)` after the \(what) is expected here.")
        return items
    }

    private mutating func primary() throws(Halt) -> PolicyExpression {
        let start = here
        switch start.kind {
        case .number: return try make(.value(.long(try number(isNegative: false))), at: start)
        case .string: return try make(.value(.string(try string(""))), at: start)
        case .word: return try named()
        case .slot: throw fail("Templates are not part of this subset. Write the entity instead of `\(start.text)`.")
        case .sign: break
        case .unknown: throw fail("This is no part of the language.\(unclosed)")
        case .end: throw fail("The text ends in the middle of an expression.")
        }
        if take(sign: "(") {
            let inner = try expression()
            try expect(")", "A `)` or an operator is expected here.")
            return inner
        }
        if take(sign: "[") { return try make(.set(try list(closedBy: "]", of: "elements")), at: start) }
        if take(sign: "{") { return try make(.record(try members()), at: start) }
        throw fail("A value is expected here, such as `principal`, a number, a text or an entity.")
    }

    private mutating func members() throws(Halt) -> [PolicyExpression.Member] {
        var members: [PolicyExpression.Member] = []
        var names: Set<PolicyValue> = []
        while !here.isSign("}") {
            let start = here
            let name: String
            if here.kind == .string {
                name = try string("")
            } else {
                name = try freeWord("The name of a member must stand here, such as `{ age: 1 }`.")
            }
            try expect(":", "A `:` must follow the name of a member.")
            let value = try expression()
            if !names.insert(.string(name)).inserted {
                note("The record has this name already. Give it once.", at: start)
            }
            members.append(PolicyExpression.Member(name, value))
            if !take(sign: ",") { break }
        }
        try expect("}", "A `,`, an operator or the `}` of the record is expected here.")
        return members
    }

    /// What begins with a word: a variable, `true`, `false`, an entity.
    private mutating func named() throws(Halt) -> PolicyExpression {
        let start = here
        if !next.isSign("::") {
            if let variable = PolicyExpression.Variable(rawValue: start.text) {
                step()
                return try make(.variable(variable), at: start)
            }
            if start.text == "true" || start.text == "false" {
                step()
                return try make(.value(.bool(start.text == "true")), at: start)
            }
            throw unknownWord()
        }
        let type = try entityType()
        guard take(sign: "::"), here.kind == .string else {
            if here.isSign("{") { throw fail("An entity's id stands between quotes, such as `\(type)::\"…\"`.") }
            throw fail("`\(type)` is a type. An entity has an id too, such as `\(type)::\"…\"`.", at: start)
        }
        return try make(.value(.entity(EntityReference(type, try string("")))), at: start)
    }

    private mutating func unknownWord() -> Halt {
        let word = here.text
        if next.isSign("(") {
            if Self.extensionFunctions.contains(word) {
                return fail("Extension types such as `\(word)` are not part of this subset. Use longs or texts.")
            }
            return fail("There is no function `\(word)`. Methods follow a value, such as `[1, 2].contains(…)`.")
        }
        if word == "if" { return fail("`if` needs parentheses around it here: `(if … then … else …)`.") }
        if Identifier.reserved.contains(word) { return fail("A value is expected here, and `\(word)` is none.") }
        return fail(
            "There is no variable `\(word)`, only principal, action, resource and context. A text needs quotes, an "
                + "entity a type: `Type::\"\(word)\"`.")
    }
}
