/// The scope of a policy: `principal`, `action` and `resource`, and which of them.
extension PolicyParser {
    private static let orders = "The scope is `principal`, `action`, `resource`, in this order."

    private mutating func variable(_ name: String) throws(Halt) {
        guard take(word: name) else { throw fail("`\(name)` must stand here. \(Self.orders)") }
        if here.isSign(":") { throw fail("A type is not written with `:`. Write `\(name) is` and the type.") }
    }

    /// Notes what is no operator of a scope.
    private mutating func refuseOperator(_ name: String) throws(Halt) {
        if here.isSign("=") { throw fail("Write `==` for equality.") }
        let isEnd = here.isSign(",") || here.isSign(")") || isAtEnd || here.isSign(";")
        if !isEnd {
            let words = name == "action" ? "`==` or `in`" : "`==`, `in` or `is`"
            throw fail("The scope of \(name) takes \(words), or nothing. Put other conditions into `when`.")
        }
    }

    mutating func entityScope(_ name: String) throws(Halt) -> Policy.EntityScope {
        try variable(name)
        if take(sign: "==") { return .equal(try scopeReference(name)) }
        if take(word: "in") {
            let group = try scopeReference(name)
            if here.isWord("is") { throw fail("Write `is` before `in`: `\(name) is Type in \(group)`.") }
            return .within(group)
        }
        if take(word: "is") {
            let type = try entityType()
            if take(word: "in") { return .typeWithin(type, try scopeReference(name)) }
            if here.isSign("==") {
                throw fail("`is` and `==` do not go together in a scope: an entity's type is known. Leave `is` out.")
            }
            try refuseOperator(name)
            return .type(type)
        }
        try refuseOperator(name)
        return .any
    }

    mutating func actionScope() throws(Halt) -> Policy.ActionScope {
        try variable("action")
        if take(sign: "==") { return .equal(try actionReference()) }
        if take(word: "in") {
            let opened = openParentheses()
            guard take(sign: "[") else {
                let action = try actionReference()
                try closeParentheses(opened)
                return .within([action])
            }
            var actions: [EntityReference] = []
            while !here.isSign("]") {
                actions.append(try actionReference())
                if !take(sign: ",") { break }
            }
            try expect("]", "A `,` and a further action or a `]` is expected here.")
            try closeParentheses(opened)
            return .within(actions)
        }
        if here.isWord("is") {
            throw fail("An action's scope takes no `is`. Name the actions: `action in [Action::\"…\", …]`.")
        }
        try refuseOperator("action")
        return .any
    }

    private mutating func actionReference() throws(Halt) -> EntityReference {
        let start = here
        let action = try scopeReference("action")
        if action.type.base != "Action" {
            note("An action is of the type Action, such as `Action::\"view\"`, or of one in a namespace.", at: start)
        }
        return action
    }

    /// Cedar takes parentheses around a reference; the printer leaves them out.
    private mutating func openParentheses() -> Int {
        var count = 0
        while count < PolicyLimits.nesting, take(sign: "(") { count += 1 }
        return count
    }

    private mutating func closeParentheses(_ count: Int) throws(Halt) {
        for _ in 0..<count { try expect(")", "A `)` is missing here.") }
    }

    private mutating func scopeReference(_ name: String) throws(Halt) -> EntityReference {
        let opened = openParentheses()
        if here.isSign("[") {
            throw fail("One entity must stand here: only `action in` takes a list. Write a policy each, or use `when`.")
        }
        if here.kind == .slot {
            throw fail("Templates are not part of this subset. Write the entity instead of `\(here.text)`.")
        }
        guard here.kind == .word else {
            throw fail("An entity must stand here, such as `Unit::\"sales\"`.\(unclosed)")
        }
        let start = here
        let type = try entityType()
        guard take(sign: "::") else {
            throw fail("An entity is a type and an id, such as `\(type)::\"…\"`. Its id is missing.", at: start)
        }
        let id = try string("An id between quotes must stand here.")
        try closeParentheses(opened)
        return EntityReference(type, id)
    }

    /// A type's name: words joined by `::`; the `::` before an id is left.
    mutating func entityType() throws(Halt) -> EntityType {
        guard here.kind == .word else {
            throw fail("The name of an entity type must stand here, without quotes.\(unclosed)")
        }
        var name = ""
        while true {
            if !Identifier.isFree(here.text) {
                throw fail("`\(here.text)` is a word of the language and cannot be part of a type's name.")
            }
            name += here.text
            step()
            guard here.isSign("::"), next.kind == .word else { return EntityType(checked: name) }
            step()
            name += "::"
        }
    }
}
