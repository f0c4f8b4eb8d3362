import Basis
import JSON

/// Reads a profile's document and gathers what is wrong with it.
struct ProfileReader {
    private(set) var flaws: [StatementFlaw] = []

    var problem: Problem {
        let first = flaws.first.map { "\($0.pointer): \($0.detail)" } ?? ""
        let more = flaws.count > 1 ? " There are \(flaws.count - 1) more flaws: see the pointers." : ""
        return Problem(
            .invalid, "profile-invalid", "This is no xAPI Profile. \(first)\(more)", at: flaws.map(\.pointer),
            details: flaws.map(\.detail))
    }

    mutating func flaw(_ pointer: String, _ detail: String) {
        if flaws.count < StatementValidator.flawLimit { flaws.append(StatementFlaw(pointer: pointer, detail: detail)) }
    }

    mutating func iri(_ object: JSONValue, _ name: String, at place: String) -> String {
        guard let text = object[name]?.string, Format.isIRI(text) else {
            flaw("\(place)/\(name)", "It must be an absolute IRI.")
            return ""
        }
        return text
    }

    /// The English text of a language map, or the first one.
    mutating func words(_ object: JSONValue, _ name: String, at place: String) -> String {
        let map = object[name]?.object?.members ?? []
        let best = map.first { $0.name.hasPrefix("en") } ?? map.first
        guard let text = best?.value.string else {
            flaw("\(place)/\(name)", "It must be an object with a text for each language.")
            return ""
        }
        return text
    }

    private mutating func texts(_ object: JSONValue, _ name: String, at place: String) -> [String] {
        guard let value = object[name] else { return [] }
        let texts = value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
        if texts.isEmpty { flaw("\(place)/\(name)", "It must be a list of IRIs.") }
        return texts
    }

    mutating func template(_ value: JSONValue, at place: String) -> StatementTemplate {
        var template = StatementTemplate(
            id: iri(value, "id", at: place), name: words(value, "prefLabel", at: place))
        template.verb = value["verb"]?.string
        template.objectActivityType = value["objectActivityType"]?.string
        for list in ["parent", "grouping", "category", "other"] {
            let types = texts(value, "context\(list.prefix(1).uppercased())\(list.dropFirst())ActivityType", at: place)
            if !types.isEmpty { template.contextActivityTypes[list] = types }
        }
        template.objectReferences = texts(value, "objectStatementRefTemplate", at: place)
        template.contextReferences = texts(value, "contextStatementRefTemplate", at: place)
        if !template.objectReferences.isEmpty, template.objectActivityType != nil {
            flaw(
                "\(place)/objectStatementRefTemplate",
                "A template with “objectActivityType” cannot have it: its object is no statement. Remove one.")
        }
        template.attachmentUsageTypes = texts(value, "attachmentUsageType", at: place)
        for (index, rule) in (value["rules"]?.array ?? []).enumerated() {
            if let rule = self.rule(rule, at: "\(place)/rules/\(index)") { template.rules.append(rule) }
        }
        return template
    }

    /// The primary patterns, ready for matching. Those whose parts stand in other profiles are left out.
    mutating func primaryPatterns(_ list: [JSONValue], over templates: Set<String>) -> [PatternAutomaton] {
        if list.count > XAPIProfile.patternLimit {
            flaw("/patterns", "There are more than \(XAPIProfile.patternLimit).")
            return []
        }
        var patterns: [String: ProfilePattern] = [:]
        var primary: [(ProfilePattern, String)] = []
        for (index, value) in list.enumerated() {
            guard let pattern = pattern(value, at: "/patterns/\(index)") else { continue }
            patterns[pattern.id] = pattern
            if pattern.isPrimary { primary.append((pattern, "/patterns/\(index)")) }
        }
        return primary.compactMap { pattern, place in
            do throws(PatternAutomaton.Flaw) {
                return try PatternAutomaton(pattern, patterns: patterns, templates: templates)
            } catch {
                switch error {
                case .holdsItself(let id): flaw(place, "It holds the pattern \(id) within itself. Patterns may not.")
                case .tooLarge:
                    flaw(
                        place,
                        "With all its parts it has more than \(PatternAutomaton.stateLimit) steps, "
                            + "or stands more than \(PatternAutomaton.depthLimit) deep.")
                case .foreign: break
                }
                return nil
            }
        }
    }

    private mutating func pattern(_ value: JSONValue, at place: String) -> ProfilePattern? {
        let id = iri(value, "id", at: place)
        let isPrimary = value["primary"]?.bool ?? false
        let name = isPrimary ? words(value, "prefLabel", at: place) : id
        let names = ["sequence", "alternates", "optional", "oneOrMore", "zeroOrMore"]
        let given = names.filter { value[$0] != nil }
        guard given.count == 1, let kind = given.first else {
            flaw(place, "A pattern has exactly one of \(names.map { "“\($0)”" }.joined(separator: ", ")).")
            return nil
        }
        let parts = texts(value, kind, at: place)
        guard let part = parts.first else { return nil }
        if !["sequence", "alternates"].contains(kind), parts.count > 1 {
            flaw("\(place)/\(kind)", "It is one template or pattern.")
            return nil
        }
        let rule: ProfilePattern.Rule =
            switch kind {
            case "sequence": .sequence(parts)
            case "alternates": .alternates(parts)
            case "optional": .optional(part)
            case "oneOrMore": .oneOrMore(part)
            default: .zeroOrMore(part)
            }
        return ProfilePattern(id: id, name: name, isPrimary: isPrimary, rule: rule)
    }

    private mutating func rule(_ value: JSONValue, at place: String) -> TemplateRule? {
        guard let location = path(value, "location", at: place) else {
            if value["location"]?.string == nil { flaw("\(place)/location", "It is missing. Add a JSONPath.") }
            return nil
        }
        var rule = TemplateRule(location: location)
        rule.selector = path(value, "selector", at: place)
        if let presence = value["presence"]?.string {
            rule.presence = TemplateRule.Presence(rawValue: presence)
            if rule.presence == nil {
                flaw("\(place)/presence", "It must be “included”, “excluded” or “recommended”.")
            }
        }
        (rule.any, rule.all, rule.none) = (value["any"]?.array, value["all"]?.array, value["none"]?.array)
        if rule.presence == nil, rule.any == nil, rule.all == nil, rule.none == nil {
            flaw(place, "A rule says at least one of “presence”, “any”, “all” and “none”.")
        }
        return rule
    }

    private mutating func path(_ value: JSONValue, _ name: String, at place: String) -> JSONPath? {
        guard let text = value[name]?.string else { return nil }
        do {
            return try JSONPath(text)
        } catch {
            flaw("\(place)/\(name)", error.detail)
            return nil
        }
    }
}
