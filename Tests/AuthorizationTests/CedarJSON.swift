import Authorization
import JSON

/// Values in Cedar's JSON form, as text: names may look the same and differ, which a `JSONObject` does not take.
enum CedarJSON {
    static func text(_ string: String) -> String {
        var bytes: [UInt8] = []
        JSONValue.write(string, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func list(_ items: [String]) -> String { "[\(items.joined(separator: ","))]" }

    static func object(_ members: [(String, String)]) -> String {
        "{\(members.map { "\(text($0.0)):\($0.1)" }.joined(separator: ","))}"
    }

    static func text(_ reference: EntityReference) -> String {
        object([("type", text(reference.type.name)), ("id", text(reference.id))])
    }

    static func text(_ record: PolicyRecord) -> String {
        object(record.names.compactMap { name in record[name].map { (name, text($0)) } })
    }

    static func text(_ value: PolicyValue) -> String {
        switch value {
        case .bool(let value): "\(value)"
        case .long(let value): "\(value)"
        case .string(let value): text(value)
        case .entity(let value): object([("__entity", text(value))])
        case .set(let value): list(value.map { text($0) }.sorted())
        case .record(let value): text(value)
        }
    }

    static func text(_ entity: Entity) -> String {
        object([
            ("uid", text(entity.reference)), ("attrs", text(entity.attributes)),
            ("parents", list(entity.parents.map { text($0) })),
        ])
    }

    static func text(_ request: AuthorizationRequest) -> String {
        object([
            ("principal", text(request.principal)), ("action", text(request.action)),
            ("resource", text(request.resource)), ("context", text(request.context)),
        ])
    }

    static func text(_ decision: AuthorizationDecision) -> String {
        object([
            ("allowed", "\(decision.isAllowed)"), ("determining", list(decision.determining.map { text($0) })),
            ("failed", list(decision.failures.map { text($0.id) })),
        ])
    }
}
