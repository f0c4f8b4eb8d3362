/// What policies may speak of: types of entities with their attributes, and actions with what they are for.
///
/// The checks against it find typing errors and conditions that cannot hold or would fail. They are not Cedar's
/// validator: they may overlook things, and a policy that passes can still fail for a request.
public struct PolicyVocabulary: Hashable, Sendable {
    /// What an attribute holds.
    public indirect enum Kind: Hashable, Sendable {
        case bool, long, string
        case entity(EntityType)
        case set(Kind)
        case record([Attribute])
    }

    /// One attribute of an entity, a context or a record.
    public struct Attribute: Hashable, Sendable {
        public let name: String
        public let kind: Kind
        /// Whether it is always there. Of one that is not a policy asks with `has` before it reads it.
        public let isRequired: Bool

        public init(_ name: String, _ kind: Kind, isRequired: Bool = true) {
            self.name = name
            self.kind = kind
            self.isRequired = isRequired
        }
    }

    /// A type of entities.
    public struct EntityKind: Hashable, Sendable {
        public let type: EntityType
        public let attributes: [Attribute]
        /// The types that such an entity can be in directly.
        public let parents: [EntityType]

        public init(_ type: EntityType, _ attributes: [Attribute] = [], in parents: [EntityType] = []) {
            self.type = type
            self.attributes = attributes
            self.parents = parents
        }
    }

    /// An action, or a group of actions, which is for nothing itself.
    public struct ActionKind: Hashable, Sendable {
        public let reference: EntityReference
        /// The types of principals that can do it.
        public let principals: [EntityType]
        /// The types of resources that it can be done to.
        public let resources: [EntityType]
        public let context: [Attribute]
        /// The groups that it is in directly.
        public let groups: [EntityReference]

        public init(
            _ reference: EntityReference, principals: [EntityType] = [], resources: [EntityType] = [],
            context: [Attribute] = [], in groups: [EntityReference] = []
        ) {
            self.reference = reference
            self.principals = principals
            self.resources = resources
            self.context = context
            self.groups = groups
        }
    }

    public let entities: [EntityKind]
    public let actions: [ActionKind]
    private let kinds: [EntityType: EntityKind]

    /// Of a type or an action given twice the first counts.
    public init(entities: [EntityKind], actions: [ActionKind]) {
        self.entities = entities
        self.actions = actions
        kinds = Dictionary(entities.map { ($0.type, $0) }) { first, _ in first }
    }

    /// What is wrong with the policies, in the order of the text.
    ///
    /// Places are those in the text that the policies were read from; 1, 1 for others.
    public func issues(in policies: PolicySet) -> [PolicyIssue] { policies.policies.flatMap { issues(in: $0) } }

    /// What is wrong with one policy, in the order of the text.
    public func issues(in policy: Policy) -> [PolicyIssue] {
        var check = VocabularyCheck(self, policy)
        check.run()
        return check.issues.sorted { $0.position < $1.position }
    }

    func kind(of type: EntityType) -> EntityKind? { kinds[type] }
    func action(_ reference: EntityReference) -> ActionKind? { actions.first { $0.reference == reference } }

    /// The type and all that its entities can be in, over any number of steps.
    func reach(of type: EntityType) -> Set<EntityType> {
        var found: Set<EntityType> = [type]
        var rest = [type]
        while let next = rest.popLast() {
            for parent in kinds[next]?.parents ?? [] where found.insert(parent).inserted { rest.append(parent) }
        }
        return found
    }

    /// The action and all groups that it is in, over any number of steps.
    func reach(of action: ActionKind) -> Set<EntityReference> {
        var found: Set<EntityReference> = [action.reference]
        var rest = [action]
        while let next = rest.popLast() {
            for group in next.groups where found.insert(group).inserted {
                if let group = self.action(group) { rest.append(group) }
            }
        }
        return found
    }

    /// The known name that is most like one, if any is.
    static func suggestion(for name: String, among names: [String]) -> String {
        let close = names.map { (name: $0, distance: distance(name.lowercased(), $0.lowercased())) }
            .filter { $0.distance <= max(1, name.count / 3) }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
        return close.map { " Do you mean `\($0.name)`?" } ?? ""
    }

    /// How many letters must be put in, taken out, changed or swapped with the next.
    ///
    /// - Source: Damerau, “A technique for computer detection and correction of spelling errors”, Communications of the
    ///   ACM 1964; Wagner and Fischer, “The string-to-string correction problem”, Journal of the ACM 1974.
    private static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.prefix(60)), Array(right.prefix(60)))
        var rows = [Array(0...right.count)]
        for (number, letter) in left.enumerated() {
            let above = rows[number]
            var row = [number + 1]
            for (column, other) in right.enumerated() {
                var least = min(above[column + 1] + 1, row[column] + 1, above[column] + (letter == other ? 0 : 1))
                if number > 0, column > 0, letter == right[column - 1], left[number - 1] == other {
                    least = min(least, rows[number - 1][column - 1] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
