import Authorization
import Basis
import JSON
import People
import Storage

/// All that the rules may look at for one question: kept with the decision, so that it can be taken again.
struct AccessFacts: Sendable {
    let question: AccessQuestion
    /// The one who asks, with what that one is in.
    let principal: [Entity]
    /// What it is about, with what that is in.
    let resource: [Entity]
    let context: PolicyRecord
    /// The person who asks; nil for a program.
    let person: ID<Person>?
    /// The person whom it is about; nil where it is about nobody.
    let about: ID<Person>?

    var request: AuthorizationRequest {
        AuthorizationRequest(
            principal: principal.first?.reference ?? AccessFacts.nobody, action: question.action.reference,
            resource: resource.first?.reference ?? AccessFacts.nobody, context: context)
    }

    func entities() throws -> Entities {
        try Entities([Entity(request.action, in: [question.action.group.reference])] + principal + resource)
    }

    private static let nobody = EntityReference("System", "")
}

extension Entity {
    /// A person as the rules see one: never by name.
    init(_ person: PersonRecord, in tree: UnitTree) {
        let unit = person.unit.flatMap { tree[$0] }.map { EntityReference("Unit", $0.key) }
        var attributes: [(String, PolicyValue)] = [
            ("roles", .set(Set(person.roles.map { .string($0.rawValue) }))), ("isActive", .bool(person.isActive)),
            ("attributes", .record(PolicyRecord(person.attributes.map { ($0.key, .string($0.value)) }))),
        ]
        if let unit { attributes.append(("unit", .entity(unit))) }
        self.init(
            EntityReference("Person", person.id.description), PolicyRecord(attributes), in: unit.map { [$0] } ?? [])
    }

    init(_ unit: UnitRecord, in tree: UnitTree) {
        self.init(
            EntityReference("Unit", unit.key), ["name": .string(unit.name)],
            in: unit.parent.flatMap { tree[$0] }.map { [EntityReference("Unit", $0.key)] } ?? [])
    }

    init(_ use: AIUseRecord, level: Classification.Level?, hasOwner: Bool) {
        var attributes: [(String, PolicyValue)] = [
            ("name", .string(use.name)), ("status", .string(use.status.rawValue)),
            ("kind", .string(use.kind.rawValue)),
            ("data", .set(Set(use.data.map { .string($0.rawValue) }))), ("provider", .string(use.provider)),
            ("model", .string(use.model)), ("hasOwner", .bool(hasOwner)), ("isRegistered", true),
        ]
        if let level { attributes.append(("level", .string(level.rawValue))) }
        if let governs = use.governs { attributes.append(("governs", .string(governs.rawValue))) }
        self.init(EntityReference("AIUse", use.id.description), PolicyRecord(attributes))
    }

    /// A part of Leeway that no entry of the register governs.
    init(unregistered feature: AIUseRecord.Feature) {
        self.init(
            EntityReference("AIUse", feature.rawValue),
            [
                "name": .string(feature.label), "status": "live", "kind": "feature", "data": [], "provider": "",
                "model": "", "hasOwner": false, "isRegistered": false, "governs": .string(feature.rawValue),
            ])
    }
}

// MARK: - As canonical JSON

/// Facts as they are kept: canonical JSON (RFC 8785) of a list of entities, the one that is meant first.
enum FactsText {
    static func text(of entities: [Entity]) -> String { text(.array(entities.map(\.json))) }

    static func text(of record: PolicyRecord) -> String { text(record.json) }

    static func text(_ json: JSONValue) -> String { String(decoding: json.canonical, as: UTF8.self) }

    /// - Throws: `StorageError.mistyped` for a text that was not written by `text(of:)`.
    static func entities(_ text: String) throws -> [Entity] {
        guard let entities = try JSONValue(parsing: text).array?.map(Entity.init), !entities.isEmpty else {
            throw StorageError.mistyped(column: "facts")
        }
        return entities
    }

    /// - Throws: `StorageError.mistyped` for a text that was not written by `text(of:)`.
    static func record(_ text: String) throws -> PolicyRecord { try PolicyRecord(try JSONValue(parsing: text)) }
}

extension EntityReference {
    fileprivate var json: JSONValue { [.string(type.name), .string(id)] }

    fileprivate init(_ json: JSONValue) throws {
        guard let parts = json.array, parts.count == 2, let type = parts[0].string.flatMap({ EntityType($0) }),
            let id = parts[1].string
        else { throw StorageError.mistyped(column: "facts") }
        self.init(type, id)
    }
}

extension Entity {
    fileprivate var json: JSONValue {
        ["is": reference.json, "has": attributes.json, "in": .array(parents.map(\.json))]
    }

    fileprivate init(_ json: JSONValue) throws {
        guard let reference = json["is"], let attributes = json["has"], let parents = json["in"]?.array else {
            throw StorageError.mistyped(column: "facts")
        }
        self.init(
            try EntityReference(reference), try PolicyRecord(attributes), in: try parents.map(EntityReference.init))
    }
}

extension PolicyRecord {
    fileprivate var json: JSONValue {
        .object(JSONObject(names.map { ($0, (self[$0] ?? false).json) }))
    }

    fileprivate init(_ json: JSONValue) throws {
        guard let object = json.object else { throw StorageError.mistyped(column: "facts") }
        self.init(try object.members.map { ($0.name, try PolicyValue($0.value)) })
    }
}

extension PolicyValue {
    /// Flags, whole numbers and texts as they are; the rest as an object of one member that says which kind it is.
    fileprivate var json: JSONValue {
        switch self {
        case .bool(let value): .bool(value)
        case .long(let value): .number(String(value))
        case .string(let value): .string(value)
        case .entity(let value): ["entity": value.json]
        case .set(let value):
            ["set": .array(value.map(\.json).map { ($0, $0.text) }.sorted { $0.1 < $1.1 }.map(\.0))]
        case .record(let value): ["record": value.json]
        }
    }

    fileprivate init(_ json: JSONValue) throws {
        switch json {
        case .bool(let value): self = .bool(value)
        case .string(let value): self = .string(value)
        case .number:
            guard let value = json.integer else { throw StorageError.mistyped(column: "facts") }
            self = .long(Int64(value))
        case .object(let object):
            if let entity = object["entity"] {
                self = .entity(try EntityReference(entity))
            } else if let elements = object["set"]?.array {
                self = .set(Set(try elements.map(PolicyValue.init)))
            } else if let record = object["record"] {
                self = .record(try PolicyRecord(record))
            } else {
                throw StorageError.mistyped(column: "facts")
            }
        case .array, .null: throw StorageError.mistyped(column: "facts")
        }
    }
}
