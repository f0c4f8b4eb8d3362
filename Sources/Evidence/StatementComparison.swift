import Basis
import JSON

/// Whether two statements with one identifier say the same.
///
/// What a record store assigns (`id`, `stored`, `authority`, `version`, an absent `timestamp`) and what is no part of
/// the claim (how verbs and activities are described, where attachments lie) does not count; numbers, timestamps and
/// durations are compared by value.
///
/// - Source: xAPI 1.0.3, part 2, 2.1.3 and 2.3.1; durations to 0.01 s: part 2, 4.6.
struct StatementComparison {
    static func isSame(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        if one == other { return true }
        guard let first = try? JSONValue(parsing: one), let second = try? JSONValue(parsing: other) else {
            return false
        }
        return isSame(first, second)
    }

    static func isSame(_ one: JSONValue, _ other: JSONValue) -> Bool {
        guard var first = one.object, var second = other.object else { return false }
        for name in ["id", "stored", "authority", "version", "attachments"] {
            first[name] = nil
            second[name] = nil
        }
        if first["timestamp"] == nil || second["timestamp"] == nil {
            first["timestamp"] = nil
            second["timestamp"] = nil
        }
        return isEqual(.object(first), .object(second), named: "")
    }

    private static func isEqual(_ one: JSONValue, _ other: JSONValue, named name: String) -> Bool {
        switch (one, other) {
        case (.number, .number): return one == other || (one.double != nil && one.double == other.double)
        case (.array(let first), .array(let second)):
            if name == "member" { return Set(first) == Set(second) }
            return first.count == second.count && zip(first, second).allSatisfy { isEqual($0, $1, named: "") }
        case (.object(let first), .object(let second)):
            let (mine, theirs) = (claims(first, named: name), claims(second, named: name))
            guard mine.count == theirs.count else { return false }
            let values = theirs.values
            return mine.members.allSatisfy { member in
                values[member.name].map { isEqual(member.value, $0, named: member.name) } ?? false
            }
        case (.string(let first), .string(let second)):
            if first == second { return true }
            if name == "timestamp" {
                return Moment(timestamp: first).map { $0 == Moment(timestamp: second) } ?? false
            }
            if name == "duration", let first = ISODuration(first), let second = ISODuration(second) {
                return first.microseconds / 10_000 == second.microseconds / 10_000
            }
            let isIdentifier = ["id", "registration"].contains(name)
            return isIdentifier && Format.isUUID(first) && first.lowercased() == second.lowercased()
        default: return one == other
        }
    }

    /// The object without its descriptions.
    private static func claims(_ object: JSONObject, named name: String) -> JSONObject {
        var object = object
        if name == "verb" { object["display"] = nil }
        if object["id"] != nil, name == "object" || name.isEmpty { object["definition"] = nil }
        if name == "object", object["objectType"] == "Activity" { object["objectType"] = nil }
        return object
    }
}
