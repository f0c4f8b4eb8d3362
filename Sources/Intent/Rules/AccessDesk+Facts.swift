import Authorization
import Basis
import People
import Storage

extension AccessDesk {
    static let rulesReference = EntityReference("Rules", "access")

    /// A person and the units that the person is in.
    static func entities(of person: PersonRecord, in tree: UnitTree) -> [Entity] {
        [Entity(person, in: tree)] + (person.unit.map { tree.line(from: $0) } ?? []).map { Entity($0, in: tree) }
    }

    /// Gathers what the rules may look at.
    func facts(
        for question: AccessQuestion, in tenant: TenantID, _ tree: UnitTree, at now: Moment,
        on connection: any Connection
    ) throws -> AccessFacts {
        try question.check()
        let asker = try self.asker(question.principal, in: tenant, on: connection)
        let target = try self.target(of: question.resource, in: tenant, tree, on: connection)
        var context: [(String, PolicyValue)] = [
            ("weekday", .long(Int64(now.day.weekday))), ("isOwn", .bool(asker.map { target.isOwn($0.id) } ?? false)),
        ]
        if question.action.isDurable {
            context.append(("hour", .long((now - now.day.start).microseconds / 3_600_000_000)))
        }
        switch question.action.group {
        case .ai: context.append(("inAudience", .bool(isMeant(asker, by: target, tree))))
        case .personalData: context.append(("isManager", .bool(asker.map { $0.id == target.manager } ?? false)))
        case .publish: break
        }
        if let purpose = question.purpose { context.append(("purpose", .string(purpose))) }
        if let point = question.point { context.append(("point", .string(point))) }
        let principal =
            if let asker { AccessDesk.entities(of: asker, in: tree) } else {
                [Entity(EntityReference("System", question.principal.program))]
            }
        return AccessFacts(
            question: question, principal: principal, resource: target.entities, context: PolicyRecord(context),
            person: asker?.id, about: target.person)
    }

    /// What something is done to, as far as the rules and their context ask.
    private struct Target {
        var entities: [Entity]
        var person: ID<Person>?
        /// Who leads the person, or the team.
        var manager: ID<Person>?
        /// Whose it is.
        var owners: Set<ID<Person>> = []
        /// Whom an AI use is meant for; nil for what is for nobody in particular.
        var audience: AudienceRule?

        func isOwn(_ id: ID<Person>) -> Bool { person == id || owners.contains(id) }
    }

    /// Nil for a program.
    private func asker(
        _ principal: AccessPrincipal, in tenant: TenantID, on connection: any Connection
    ) throws -> PersonRecord? {
        switch principal {
        case .known(let record): record
        case .person(let id): try person(id, in: tenant, on: connection)
        case .program: nil
        }
    }

    private func person(
        _ id: ID<Person>, in tenant: TenantID, on connection: any Connection
    ) throws -> PersonRecord {
        guard let record = try directory.person(id, of: tenant, on: connection) else {
            throw Problem(.missing, "person-missing", "There is no such person.")
        }
        return record
    }

    private func isMeant(_ asker: PersonRecord?, by target: Target, _ tree: UnitTree) -> Bool {
        guard let asker, let audience = target.audience else { return true }
        let units = asker.unit.map { Set(tree.line(from: $0).map(\.id)) } ?? []
        return audience.contains(
            PersonFacts(
                id: asker.id, key: asker.key, name: asker.name, unit: asker.unit, units: units, roles: asker.roles,
                attributes: asker.attributes, isActive: asker.isActive))
    }

    private func target(
        of resource: AccessResource, in tenant: TenantID, _ tree: UnitTree, on connection: any Connection
    ) throws -> Target {
        switch resource {
        case .use(let id): return try target(try register.found(id, in: tenant, on: connection), tenant, connection)
        case .feature(let feature):
            if let use = try register.governing(feature, in: tenant, on: connection) {
                return try target(use, tenant, connection)
            }
            return Target(entities: [Entity(unregistered: feature)])
        case .person(let id):
            let record = try person(id, in: tenant, on: connection)
            return Target(
                entities: AccessDesk.entities(of: record, in: tree), person: id, manager: record.manager)
        case .strategy(let id):
            guard
                let row = try connection.row(
                    """
                    SELECT title, owner, created_by FROM strategy WHERE tenant = \(tenant) AND id = \(id)
                    ORDER BY version DESC LIMIT 1
                    """)
            else { throw Problem(.missing, "strategy-missing", "There is no such strategy.") }
            let entity = Entity(
                EntityReference("Strategy", id.description), ["title": .string(try row.get("title"))])
            return Target(
                entities: [entity],
                owners: Set([try row.find("owner"), try row.find("created_by")].compactMap { $0 }))
        case .mandate(let id):
            guard
                let row = try connection.row(
                    "SELECT title, minutes, asker FROM mandate WHERE tenant = \(tenant) AND id = \(id)")
            else { throw Problem(.missing, "mandate-missing", "There is no such mandate.") }
            let entity = Entity(
                EntityReference("Mandate", id.description),
                ["title": .string(try row.get("title")), "minutes": .long(try row.get("minutes"))])
            return Target(entities: [entity], owners: [try row.get("asker")])
        case .newMandate:
            return Target(entities: [Entity(EntityReference("Mandate", "new"), ["title": "", "minutes": 0])])
        case .certification(let id):
            let row = try connection.row(
                "SELECT title, minutes, asker FROM certification WHERE tenant = \(tenant) AND id = \(id)")
            guard let row else { throw Problem(.missing, "certification-missing", "There is no such certification.") }
            let entity = Entity(
                EntityReference("Mandate", id.description),
                ["title": .string(try row.get("title")), "minutes": .long(try row.get("minutes"))])
            return Target(entities: [entity], owners: [try row.get("asker")])
        case .document(let id):
            let row = try connection.row(
                """
                SELECT title, owner FROM policy_document WHERE tenant = \(tenant) AND id = \(id)
                ORDER BY version DESC LIMIT 1
                """)
            guard let row else { throw Problem(.missing, "document-missing", "There is no such policy.") }
            let entity = Entity(EntityReference("Document", id.description), ["title": .string(try row.get("title"))])
            return Target(entities: [entity], owners: [try row.get("owner")])
        case .content(let kind):
            return Target(entities: [Entity(EntityReference("Content", kind), ["kind": .string(kind)])])
        case .policy: return Target(entities: [Entity(EntityReference("Policy", "leeway"))])
        case .rules: return Target(entities: [Entity(AccessDesk.rulesReference)])
        case .statements: return Target(entities: [Entity(EntityReference("Statements", "all"))])
        case .people: return Target(entities: [Entity(EntityReference("People", "all"))])
        case .team(let manager):
            return Target(
                entities: [Entity(EntityReference("Team", manager.description))], manager: manager, owners: [manager])
        }
    }

    private func target(_ use: AIUseRecord, _ tenant: TenantID, _ connection: any Connection) throws -> Target {
        let level = try connection.row(
            """
            SELECT level FROM ai_use_classification WHERE tenant = \(tenant) AND ai_use = \(use.id)
            ORDER BY at DESC, id DESC LIMIT 1
            """
        )?.get("level", as: Classification.Level.self)
        let owners = try connection.rows(
            """
            SELECT person FROM responsibility
            WHERE tenant = \(tenant) AND ai_use = \(use.id) AND part = 'accountable' AND state = 'accepted'
            """
        ).map { try $0.get("person", as: ID<Person>.self) }
        return Target(
            entities: [Entity(use, level: level, hasOwner: !owners.isEmpty)], owners: Set(owners),
            audience: use.audience)
    }
}

extension AccessPrincipal {
    fileprivate var program: String { if case .program(let name) = self { name } else { "" } }
}
