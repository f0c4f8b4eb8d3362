public import Basis

extension AudienceRule {
    /// The canonical text: units and people by identifier, so it means the same after a renaming.
    ///
    /// `AudienceRule(stored:)` reads it back as `simplified`.
    public var text: String { simplified.printed { _ in nil } }

    /// The text for editing: a unit by its path in quotes, where that names one unit only.
    ///
    /// `AudienceRule(parsing:units:)` with the same units reads it back as `simplified`.
    public func text(units: UnitTree) -> String {
        simplified.printed { id in
            let path = units.path(of: id)
            return !path.isEmpty && units.named(path).map(\.id) == [id] ? path : nil
        }
    }

    private func printed(_ name: (ID<Unit>) -> String?) -> String {
        switch self {
        case .everyone: "everyone"
        case .not(.everyone): "nobody"
        case .unit(let unit): "unit \(name(unit).map(quoted) ?? unit.description)"
        case .attribute(let name, let value): "attribute \(isWord(name) ? name : quoted(name)) = \(quoted(value))"
        case .role(let role): "role \(role.rawValue)"
        case .person(let person): "person \(person)"
        case .all(let parts): parts.map { $0.enclosed(name) }.joined(separator: " and ")
        case .any(let parts): parts.map { $0.enclosed(name) }.joined(separator: " or ")
        case .not(let part): "not \(part.enclosed(name))"
        }
    }

    /// In brackets when it is a list. `and` binds closer than `or`, but readers should not need to know.
    private func enclosed(_ name: (ID<Unit>) -> String?) -> String {
        switch self {
        case .all, .any: "(\(printed(name)))"
        case .everyone, .unit, .attribute, .role, .person, .not: printed(name)
        }
    }
}

extension AudienceRule {
    /// The rule in plain words, such as `People who are in Sales or below it and are not managers.`
    ///
    /// `names` are those of the people that the rule names one by one, where known.
    public func sentence(units: UnitTree, names: [ID<Person>: String] = [:]) -> String {
        let rule = simplified
        if rule == .everyone { return "Everyone." }
        if rule == .not(.everyone) { return "Nobody." }
        return "People who \(Wording(units: units, names: names).clause(rule, isNegated: false, within: nil))."
    }
}

/// Turns rules into clauses that follow “people who”. Negation moves inwards, as people say it.
private struct Wording {
    enum Link: String { case and, or }

    let units: UnitTree
    let names: [ID<Person>: String]

    func clause(_ rule: AudienceRule, isNegated: Bool, within outer: Link?) -> String {
        let be = isNegated ? "are not" : "are"
        switch rule {
        case .everyone: return isNegated ? "are nobody" : "are anyone"
        case .unit(let unit):
            let path = units.path(of: unit)
            return path.isEmpty ? "\(be) in a unit that is no longer there" : "\(be) in \(path) or below it"
        case .attribute(let name, let value):
            return "\(isNegated ? "do not have" : "have") \(name) “\(value)”"
        case .role(let role): return "\(be) \(role.label.lowercased())s"
        case .person(let person): return "\(be) \(names[person] ?? "one named person")"
        case .not(let part): return clause(part, isNegated: !isNegated, within: outer)
        case .all(let parts): return list(parts, isNegated ? .or : .and, isNegated: isNegated, within: outer)
        case .any(let parts): return list(parts, isNegated ? .and : .or, isNegated: isNegated, within: outer)
        }
    }

    private func list(_ parts: [AudienceRule], _ link: Link, isNegated: Bool, within outer: Link?) -> String {
        let clauses = parts.map { clause($0, isNegated: isNegated, within: link) }
        let text = clauses.joined(separator: " \(link.rawValue) ")
        if outer == nil || outer == link { return text }
        return link == .and ? "(all of: \(text))" : "(either \(text))"
    }
}

func quoted(_ text: String) -> String {
    var result = "\""
    // By scalar: a combining mark after a quote would otherwise hide the quote.
    for scalar in text.unicodeScalars {
        if scalar == "\"" || scalar == "\\" { result.unicodeScalars.append("\\") }
        result.unicodeScalars.append(scalar)
    }
    result.unicodeScalars.append("\"")
    return result
}

/// Whether the text may stand without quotes.
func isWord(_ text: String) -> Bool {
    !text.isEmpty && text.unicodeScalars.allSatisfy(isWordScalar)
}

func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "-" || scalar == "_" || scalar == "."
}
