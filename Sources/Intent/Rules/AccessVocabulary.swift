import Authorization

/// What access rules may speak of: see `docs/access-rules.md`.
enum AccessVocabulary {
    /// The words of an organisation whose people have attributes of these names.
    static func vocabulary(attributes: [String]) -> PolicyVocabulary {
        PolicyVocabulary(
            entities: entities(attributes),
            actions: AccessAction.Group.allCases.map { PolicyVocabulary.ActionKind($0.reference) }
                + AccessAction.allCases.map(action))
    }

    private static func entities(_ attributes: [String]) -> [PolicyVocabulary.EntityKind] {
        let own = PolicyVocabulary.Kind.record(attributes.sorted().map { .init($0, .string, isRequired: false) })
        return [
            .init("Unit", [.init("name", .string)], in: ["Unit"]),
            .init(
                "Person",
                [
                    .init("roles", .set(.string)), .init("isActive", .bool), .init("attributes", own),
                    .init("unit", .entity("Unit"), isRequired: false),
                ], in: ["Unit"]),
            .init("System"),
            .init(
                "AIUse",
                [
                    .init("name", .string), .init("status", .string), .init("kind", .string),
                    .init("level", .string, isRequired: false), .init("data", .set(.string)),
                    .init("governs", .string, isRequired: false), .init("provider", .string),
                    .init("model", .string), .init("hasOwner", .bool), .init("isRegistered", .bool),
                ]),
            .init("Content", [.init("kind", .string)]),
            .init("Strategy", [.init("title", .string)]),
            .init("Mandate", [.init("title", .string), .init("minutes", .long)]),
            .init("Document", [.init("title", .string)]), .init("Policy"), .init("Rules"), .init("Statements"),
            .init("People"), .init("Team"),
        ]
    }

    private static func action(_ action: AccessAction) -> PolicyVocabulary.ActionKind {
        PolicyVocabulary.ActionKind(
            action.reference, principals: action == .recommend ? ["Person"] : ["Person", "System"],
            resources: resources(of: action), context: context(of: action), in: [action.group.reference])
    }

    private static func resources(of action: AccessAction) -> [EntityType] {
        switch action {
        case .recommend, .useAI: ["AIUse"]
        case .publishContent: ["Content"]
        case .publishStrategy: ["Strategy"]
        case .publishMandate: ["Mandate"]
        case .publishPolicy: ["Policy"]
        case .publishDocument: ["Document"]
        case .publishRules: ["Rules"]
        case .viewPerson, .exportPerson, .erasePerson: ["Person"]
        case .viewTeam: ["Team"]
        case .viewPeople: ["People"]
        case .viewAsked: ["Mandate", "Document"]
        case .viewStatements: ["Statements"]
        }
    }

    private static func context(of action: AccessAction) -> [PolicyVocabulary.Attribute] {
        var attributes: [PolicyVocabulary.Attribute] = [
            .init("weekday", .long), .init("isOwn", .bool), .init("purpose", .string, isRequired: false),
            .init("point", .string, isRequired: false),
        ]
        if action.isDurable { attributes.append(.init("hour", .long)) }
        switch action.group {
        case .ai: attributes.append(.init("inAudience", .bool))
        case .personalData: attributes.append(.init("isManager", .bool))
        case .publish: break
        }
        return attributes
    }
}
