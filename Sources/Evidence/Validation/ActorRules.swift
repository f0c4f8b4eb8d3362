import JSON

extension StatementChecker {
    /// An agent or a group.
    mutating func actor(_ value: JSONValue) {
        guard let object = value.object else { return flaw(mistyped(value, "an object")) }
        switch object["objectType"] {
        case nil, .string("Agent"): agent(value)
        case .string("Group"): group(value)
        case .string(let word):
            flaw("“\(word)” is no kind of actor. Use Agent or Group.", at: "objectType")
        case let other?: flaw(mistyped(other, "a text"), at: "objectType")
        }
    }

    mutating func agent(_ value: JSONValue) {
        guard let object = object(value, "An agent", allowing: agentNames) else { return }
        member(object, "objectType") { $0.word($1, "Agent") }
        common(object)
        if identifiers(of: object).isEmpty {
            flaw("An agent has exactly one of mbox, mbox_sha1sum, openid or account. Add one.")
        }
    }

    mutating func group(_ value: JSONValue) {
        guard let object = object(value, "A group", allowing: agentNames + ["member"]) else { return }
        require(object, "objectType") { $0.word($1, "Group") }
        common(object)
        member(object, "member") { $0.each($1) { $0.groupMember($1) } }
        guard identifiers(of: object).isEmpty else { return }
        if object["member"] == nil {
            flaw("A group without an identifier lists its members. Add them.", at: "member")
        } else if object["member"]?.array?.isEmpty == true {
            flaw("A group without an identifier has at least one member. Add them.", at: "member")
        }
    }

    private mutating func groupMember(_ value: JSONValue) {
        if value["objectType"] == "Group" {
            return flaw("A member of a group is an agent, not a group.", at: "objectType")
        }
        agent(value)
    }

    /// The name and the identifier, of which there is at most one.
    private mutating func common(_ object: JSONObject) {
        member(object, "name") { $0.string($1) }
        member(object, "mbox") { $0.mail($1) }
        member(object, "mbox_sha1sum") { checker, value in
            guard let text = value.string else { return checker.flaw(checker.mistyped(value, "a text")) }
            guard text.utf8.count == 40, text.utf8.allSatisfy(ASCII.isHexadecimal) else {
                return checker.flaw("A SHA-1 hash is 40 hexadecimal digits.")
            }
        }
        member(object, "openid") { $0.iri($1) }
        member(object, "account") { $0.account($1) }
        for name in identifiers(of: object).dropFirst() {
            flaw("There is more than one identifier. Keep one of mbox, mbox_sha1sum, openid or account.", at: name)
        }
    }

    private func identifiers(of object: JSONObject) -> [String] {
        object.members.map(\.name).filter(identifierNames.contains)
    }

    private mutating func account(_ value: JSONValue) {
        guard let object = object(value, "An account", allowing: ["homePage", "name"]) else { return }
        require(object, "homePage") { $0.iri($1) }
        require(object, "name") { checker, value in
            guard let name = value.string else { return checker.flaw(checker.mistyped(value, "a text")) }
            if name.isEmpty { return checker.flaw("An account's name is not empty.") }
            if name.utf8.count > Format.accountByteLimit {
                return checker.flaw("An account's name is at most \(Format.accountByteLimit) bytes long.")
            }
            if name.utf8.contains(0) { return checker.flaw("An account's name holds no NUL character.") }
        }
    }

    private mutating func mail(_ value: JSONValue) {
        guard let text = value.string else { return flaw(mistyped(value, "a text")) }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isMail =
            text.hasPrefix("mailto:") && text.utf8.count <= Format.accountByteLimit && parts.count == 2
            && parts[0].utf8.count > 7 && !parts[1].isEmpty
            && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != 0x3C && $0 != 0x3E && $0 != 0x22 && $0 != 0x2C }
            && !parts[1].hasPrefix(".") && !parts[1].hasSuffix(".") && !parts[1].contains("..")
        if !isMail { flaw("“\(text)” is no mail IRI. Write it as mailto:name@host.") }
    }
}

private let identifierNames = ["mbox", "mbox_sha1sum", "openid", "account"]
private let agentNames = ["objectType", "name"] + identifierNames
