import Basis
public import JSON

/// How a statement is shown.
public enum StatementForm: String, CaseIterable, Sendable {
    /// As received.
    case exact
    /// Only what identifies agents, verbs and activities.
    case ids
    /// Descriptions in one language.
    case canonical
}

extension StoredStatement {
    /// The statement as received, with what the store assigns: `id`, `stored`, `authority`, `timestamp`, `version`.
    ///
    /// Every other byte stays as it came, but that activities of the context stand in arrays (xAPI 1.0.3, part 2,
    /// 2.4.6.2) and that version 2 timestamps are in UTC.
    public var filled: [UInt8] {
        let span = 0..<body.count
        let members = JSONSpan.members(of: body, in: span)
        var edits: [(range: Range<Int>, text: [UInt8])] = []
        var missing = Set(["id", "stored", "authority", "timestamp", "version"])
        for member in members {
            missing.remove(member.name)
            switch member.name {
            case "stored": edits.append((member.value, assigned("stored")))
            case "authority": if authority != nil { edits.append((member.value, assigned("authority"))) }
            case "timestamp":
                if version == .two, body[member.value].dropLast().last != 0x5A {
                    edits.append((member.value, assigned("timestamp")))
                }
            case "context": edits += listing(in: member.value)
            case "object":
                let inner = JSONSpan.members(of: body, in: member.value)
                if let context = inner.first(where: { $0.name == "context" }) { edits += listing(in: context.value) }
            default: break
            }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(body.count + 320)
        var index = 0
        for edit in edits {
            bytes.append(contentsOf: body[index..<edit.range.lowerBound])
            bytes.append(contentsOf: edit.text)
            index = edit.range.upperBound
        }
        let end = members.last?.whole.upperBound ?? 1
        bytes.append(contentsOf: body[index..<max(index, end)])
        for name in ["id", "stored", "authority", "timestamp", "version"] where missing.contains(name) {
            if name == "authority", authority == nil { continue }
            bytes.write(",\"\(name)\":")
            bytes.append(contentsOf: assigned(name))
        }
        bytes.append(contentsOf: body[max(index, end)...])
        return bytes
    }

    private func assigned(_ name: String) -> [UInt8] {
        switch name {
        case "id": JSONValue(id.description).bytes
        case "stored": JSONValue(storedAt.timestamp).bytes
        case "timestamp": JSONValue(timestamp.timestamp).bytes
        case "version": JSONValue(version.ofStatement).bytes
        default: (authority?.json ?? .null).bytes
        }
    }

    /// Brackets around each context activity that came alone.
    private func listing(in context: Range<Int>) -> [(range: Range<Int>, text: [UInt8])] {
        let members = JSONSpan.members(of: body, in: context)
        guard let around = members.first(where: { $0.name == "contextActivities" }) else { return [] }
        return JSONSpan.members(of: body, in: around.value).filter { body[$0.value.lowerBound] == 0x7B }.flatMap {
            let (start, end) = ($0.value.lowerBound, $0.value.upperBound)
            return [(range: start..<start, text: [0x5B]), (range: end..<end, text: [0x5D])] as [(Range<Int>, [UInt8])]
        }
    }

    /// The statement in a form.
    ///
    /// The canonical form shows one language, the first of `languages` (tags, best first) that there is, and
    /// `definitions` (by activity IRI) in place of what the statement says of activities.
    public func bytes(
        as form: StatementForm, languages: [String] = [], definitions: [String: JSONValue] = [:]
    ) -> [UInt8] {
        let filled = filled
        guard form != .exact, let value = try? JSONValue(parsing: filled) else { return filled }
        return StatementReduction(form: form, languages: languages, definitions: definitions).statement(value).bytes
    }
}

/// Leaves out what a form does not show.
///
/// - Source: xAPI 1.0.3, part 3, 2.1.3, parameter `format`.
struct StatementReduction {
    let form: StatementForm
    let languages: [String]
    let definitions: [String: JSONValue]

    func statement(_ value: JSONValue) -> JSONValue {
        guard var object = value.object else { return value }
        for member in object.members {
            switch member.name {
            case "actor", "authority": object[member.name] = agent(member.value)
            case "verb": object["verb"] = verb(member.value)
            case "object": object["object"] = target(member.value)
            case "context": object["context"] = context(member.value)
            default: break
            }
        }
        return .object(object)
    }

    /// The IRIs of all activities that a statement shows.
    static func activities(in statement: JSONValue) -> [String] {
        var found: [String] = []
        if let object = statement["object"] {
            switch object["objectType"]?.string {
            case "Agent", "Group", "StatementRef": break
            case "SubStatement": found += activities(in: object)
            default: if let iri = object["id"]?.string { found.append(iri) }
            }
        }
        for member in statement["context"]?["contextActivities"]?.object?.members ?? [] {
            found += (member.value.array ?? [member.value]).compactMap { $0["id"]?.string }
        }
        return found
    }

    private func target(_ value: JSONValue) -> JSONValue {
        switch value["objectType"]?.string {
        case "Agent", "Group": agent(value)
        case "StatementRef": value
        case "SubStatement": statement(value)
        default: activity(value)
        }
    }

    private func agent(_ value: JSONValue) -> JSONValue {
        guard form == .ids, var object = value.object else { return value }
        let isAnonymous = AgentName(value) == nil
        for name in object.names where name == "name" || (name == "member" && !isAnonymous) { object[name] = nil }
        if isAnonymous, let members = object["member"]?.array { object["member"] = .array(members.map(agent)) }
        return .object(object)
    }

    private func verb(_ value: JSONValue) -> JSONValue {
        guard var object = value.object else { return value }
        object["display"] = form == .ids ? nil : object["display"].map(oneLanguage)
        return .object(object)
    }

    private func activity(_ value: JSONValue) -> JSONValue {
        guard var object = value.object else { return value }
        if form == .ids {
            // What has no object type is an activity.
            object["definition"] = nil
            object["objectType"] = nil
            return .object(object)
        }
        let known = object["id"]?.string.flatMap { definitions[$0] } ?? object["definition"]
        guard var definition = known?.object else { return value }
        for name in ["name", "description"] { definition[name] = definition[name].map(oneLanguage) }
        object["definition"] = .object(definition)
        return .object(object)
    }

    private func context(_ value: JSONValue) -> JSONValue {
        guard var object = value.object else { return value }
        object.changeContextAgents(agent)
        if var around = object["contextActivities"]?.object {
            for member in around.members {
                around[member.name] = .array((member.value.array ?? [member.value]).map(activity))
            }
            object["contextActivities"] = .object(around)
        }
        return .object(object)
    }

    /// The one entry of a language map that suits best: an exact tag, then the same language, then the first.
    private func oneLanguage(_ value: JSONValue) -> JSONValue {
        guard let map = value.object, let first = map.members.first else { return value }
        func language(_ tag: String) -> Substring { tag.lowercased().prefix { $0 != "-" } }
        for wanted in languages {
            let match =
                map.members.first { $0.name.lowercased() == wanted.lowercased() }
                ?? map.members.first { language($0.name) == language(wanted) }
            if let match { return .object(JSONObject([(match.name, match.value)])) }
        }
        return .object(JSONObject([(first.name, first.value)]))
    }
}
