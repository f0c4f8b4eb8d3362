public import Basis

/// Who is meant: a rule over people, as a value.
///
/// Rules name people by what they are now, so an audience changes as the organisation does.
/// Whoever counts an audience counts active people only; the rule itself does not ask.
public indirect enum AudienceRule: Hashable, Sendable {
    case everyone
    /// The unit with everything below it.
    case unit(ID<Unit>)
    /// The attribute of this lower-case name has exactly this value.
    case attribute(String, String)
    case role(Role)
    case person(ID<Person>)
    /// Every part holds; without parts, everyone.
    case all([AudienceRule])
    /// At least one part holds; without parts, nobody.
    case any([AudienceRule])
    case not(AudienceRule)

    /// The most rules within rules.
    public static let depthLimit = 32
    /// The longest text that is read.
    public static let textByteLimit = 16_384

    /// Whether the person is meant. Pure.
    public func contains(_ facts: PersonFacts) -> Bool {
        switch self {
        case .everyone: true
        case .unit(let unit): facts.units.contains(unit)
        case .attribute(let name, let value): facts.attributes[name] == value
        case .role(let role): facts.roles.contains(role)
        case .person(let person): facts.id == person
        case .all(let parts): parts.allSatisfy { $0.contains(facts) }
        case .any(let parts): parts.contains { $0.contains(facts) }
        case .not(let part): !part.contains(facts)
        }
    }

    /// The same audience with nested lists of one kind joined, single parts freed, and double negation gone.
    ///
    /// What is printed and parsed is always in this form.
    public var simplified: AudienceRule {
        switch self {
        case .everyone, .unit, .attribute, .role, .person: return self
        case .all(let parts):
            let flat = parts.map(\.simplified).flatMap { part in
                if case .all(let inner) = part { inner } else { [part] }
            }
            if flat.isEmpty { return .everyone }
            return flat.count == 1 ? flat[0] : .all(flat)
        case .any(let parts):
            let flat = parts.map(\.simplified).flatMap { part in
                if case .any(let inner) = part { inner } else { [part] }
            }
            if flat.isEmpty { return .not(.everyone) }
            return flat.count == 1 ? flat[0] : .any(flat)
        case .not(let part):
            let inner = part.simplified
            if case .not(let twice) = inner { return twice }
            return .not(inner)
        }
    }

    /// The units that the rule names.
    public var units: Set<ID<Unit>> {
        switch self {
        case .unit(let unit): [unit]
        case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.units) }
        case .not(let part): part.units
        case .everyone, .attribute, .role, .person: []
        }
    }

    /// The people that the rule names one by one.
    public var people: Set<ID<Person>> {
        switch self {
        case .person(let person): [person]
        case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.people) }
        case .not(let part): part.people
        case .everyone, .unit, .attribute, .role: []
        }
    }
}

/// What an audience rule may ask of a person.
public struct PersonFacts: Hashable, Sendable {
    public let id: ID<Person>
    public let key: String
    public let name: String
    public let unit: ID<Unit>?
    /// The person's unit and every unit above it.
    public let units: Set<ID<Unit>>
    public let roles: Set<Role>
    public let attributes: [String: String]
    public let isActive: Bool

    /// The facts of one person; `units` holds the person's unit and all above it.
    public init(
        id: ID<Person>, key: String, name: String, unit: ID<Unit>?, units: Set<ID<Unit>>, roles: Set<Role>,
        attributes: [String: String], isActive: Bool
    ) {
        self.id = id
        self.key = key
        self.name = name
        self.unit = unit
        self.units = units
        self.roles = roles
        self.attributes = attributes
        self.isActive = isActive
    }
}
