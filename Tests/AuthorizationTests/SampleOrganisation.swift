import Authorization
import Basis

/// An organisation with two hundred policies of the kinds that Leeway's customers write, for tests and measurements.
struct SampleOrganisation {
    static let units = 24
    static let uses = 40
    static let learners = 400
    static let actions = ["ask", "recommend", "publish", "view-practice"]

    let policies: PolicySet
    let entities: Entities

    init(policyCount: Int = 200) throws {
        var text = Self.general
        var number = 0
        while number < policyCount - Self.generalCount {
            text += Self.policy(number)
            number += 1
        }
        policies = try PolicySet(parsing: text)
        entities = try Entities(Self.groups + (0..<Self.uses).map(Self.use) + (0..<Self.learners).map(Self.learner))
    }

    private static let generalCount = 6

    /// Policies without a scope: every request meets them.
    private static let general = """
        @id("suspended")
        forbid (principal, action, resource is AIUse) when { resource.status == "suspended" };
        @id("practice")
        forbid (principal, action == Action::"view-practice", resource is Learner)
        unless { principal == resource || (context has reason && context.reason in [Reason::"appeal", Reason::"court"]) };
        @id("own-practice")
        permit (principal is Learner, action == Action::"view-practice", resource is Learner)
        when { principal == resource };
        @id("night")
        forbid (principal, action in Action::"ai", resource) when { context.hour < 5 && !principal.shift.contains("night") };
        @id("minor")
        forbid (principal, action in Action::"ai", resource is AIUse)
        when { principal.age < 18 && resource has adultsOnly && resource.adultsOnly };
        @id("unowned")
        forbid (principal, action == Action::"publish", resource is AIUse) unless { resource has owner };

        """

    /// One of the policies of single uses and units.
    private static func policy(_ number: Int) -> String {
        let (use, unit) = (number % uses, number % units)
        switch number % 5 {
        case 0:
            return """
                @id("tutor-\(number)")
                permit (principal is Learner in Unit::"u\(unit)", action == Action::"ask", resource == AIUse::"use\(use)")
                when { principal.accepted.contains(resource.policyVersion) && context.purpose == "learning" };

                """
        case 1:
            return """
                @id("recommend-\(number)")
                permit (principal, action in [Action::"recommend", Action::"ask"], resource in Family::"f\(use % 8)")
                when { resource.risk * 10 + principal.level <= 60 && principal.roles.containsAny(["learner", "coach"]) };

                """
        case 2:
            return """
                @id("publish-\(number)")
                permit (principal in Unit::"u\(unit)", action == Action::"publish", resource is AIUse)
                when { resource.owner == principal || principal.roles.contains("editor") }
                unless { context.draft like "*confidential*" };

                """
        case 3:
            return """
                @id("trial-\(number)")
                forbid (principal in Unit::"u\(unit)", action in Action::"ai", resource == AIUse::"use\(use)")
                when { context.day < 20700 && !(principal has trial && principal.trial.group == "b") };

                """
        default:
            return """
                @id("use-\(number)")
                permit (principal is Learner, action == Action::"ask", resource == AIUse::"use\(use)")
                when { if resource.risk > 3 then principal.trained else context.purpose == "learning" };

                """
        }
    }

    private static let groups: [Entity] = {
        let everyone = EntityReference("Unit", "all")
        let units = (0..<Self.units).map { number in
            let parent = number < 4 ? everyone : EntityReference("Unit", "u\(number % 4)")
            return Entity(EntityReference("Unit", "u\(number)"), in: [parent])
        }
        let actions = Self.actions.dropLast().map {
            Entity(EntityReference("Action", $0), in: [EntityReference("Action", "ai")])
        }
        return units + actions + (0..<8).map { Entity(EntityReference("Family", "f\($0)")) }
    }()

    private static func use(_ number: Int) -> Entity {
        var attributes: [(String, PolicyValue)] = [
            ("status", number % 13 == 5 ? "suspended" : "active"), ("risk", .long(Int64(number % 6))),
            ("policyVersion", .string("v\(number % 3)")),
        ]
        if number % 7 != 0 { attributes.append(("owner", .entity(learner(number * 3).reference))) }
        if number % 5 == 0 { attributes.append(("adultsOnly", true)) }
        return Entity(
            EntityReference("AIUse", "use\(number)"), PolicyRecord(attributes),
            in: [EntityReference("Family", "f\(number % 8)")])
    }

    static func learner(_ number: Int) -> Entity {
        var attributes: [(String, PolicyValue)] = [
            ("age", .long(Int64(16 + number % 50))), ("level", .long(Int64(number % 20))),
            ("accepted", .set(["v0", .string("v\(number % 3)")])), ("trained", .bool(number % 3 == 0)),
            ("roles", .set(number % 4 == 0 ? ["learner", "editor"] : ["learner"])), ("shift", .set(["day"])),
        ]
        if number % 6 == 0 { attributes.append(("trial", .record(["group": number % 12 == 0 ? "a" : "b"]))) }
        return Entity(
            EntityReference("Learner", "l\(number)"), PolicyRecord(attributes),
            in: [EntityReference("Unit", "u\(number % units)")])
    }

    /// A request of somebody of the organisation.
    static func request(_ dice: inout Dice) -> AuthorizationRequest {
        let principal = EntityReference("Learner", "l\(Int.random(in: 0..<learners, using: &dice))")
        let action = actions[Int.random(in: 0..<actions.count, using: &dice)]
        let resource =
            action == "view-practice"
            ? EntityReference("Learner", "l\(Int.random(in: 0..<learners, using: &dice))")
            : EntityReference("AIUse", "use\(Int.random(in: 0..<uses, using: &dice))")
        return AuthorizationRequest(
            principal: principal, action: EntityReference("Action", action), resource: resource,
            context: [
                "hour": .long(.random(in: 0..<24, using: &dice)), "purpose": "learning",
                "day": .long(.random(in: 20_690..<20_710, using: &dice)), "draft": "A text about working safely",
            ])
    }
}

/// How long decisions take.
struct DecisionTimes {
    /// In nanoseconds, rising.
    private let times: [Int64]
    let allowed: Int

    /// Asks `count` times, with requests that are made beforehand.
    init(_ organisation: SampleOrganisation, count: Int, seed: UInt64 = 1) {
        let authorizer = Authorizer(organisation.policies)
        var dice = Dice(seed: seed)
        let requests = (0..<count).map { _ in SampleOrganisation.request(&dice) }
        var (times, allowed) = ([Int64](), 0)
        times.reserveCapacity(count)
        let clock = ContinuousClock()
        for request in requests {
            let start = clock.now
            let decision = authorizer.decide(request, organisation.entities)
            times.append((clock.now - start).components.attoseconds / 1_000_000_000)
            allowed += decision.isAllowed ? 1 : 0
        }
        self.times = times.sorted()
        self.allowed = allowed
    }

    /// In microseconds.
    func quantile(_ share: Double) -> Double { Double(times[Int(Double(times.count - 1) * share)]) / 1_000 }
    /// In seconds.
    var total: Double { Double(times.reduce(0, +)) / 1_000_000_000 }
}
