public import Basis
import Storage

/// Who has which part in an AI use, all at once: a responsibility chart as a steward writes it down.
public struct ResponsibilityChart: Hashable, Sendable {
    /// Exactly one.
    public var accountable: [ID<Person>]
    public var responsible: [ID<Person>]
    /// Empty with `consultsNobody` set says that nobody has to be.
    public var consulted: [ID<Person>]
    public var informed: [ID<Person>]
    public var consultsNobody: Bool
    public var informsNobody: Bool

    /// The most people of one part.
    public static let peopleLimit = 50

    public init(
        accountable: [ID<Person>] = [], responsible: [ID<Person>] = [], consulted: [ID<Person>] = [],
        informed: [ID<Person>] = [], consultsNobody: Bool = false, informsNobody: Bool = false
    ) {
        self.accountable = accountable
        self.responsible = responsible
        self.consulted = consulted
        self.informed = informed
        self.consultsNobody = consultsNobody
        self.informsNobody = informsNobody
    }

    func people(_ part: Responsibility.Part) -> [ID<Person>] {
        switch part {
        case .accountable: accountable
        case .responsible: responsible
        case .consulted: consulted
        case .informed: informed
        }
    }

    /// - Throws: `Problem` of kind `invalid` naming every place.
    func check() throws {
        var findings = Findings()
        findings.expect(
            !accountable.isEmpty, "accountable-none", at: "/accountable",
            "Nobody is accountable. Name the one person who answers for it.")
        if accountable.count > 1 {
            findings.expect(
                false, "accountable-two", at: "/accountable/1",
                "\(accountable.count) people are accountable. Name exactly one; the others may be responsible.")
        }
        for part in Responsibility.Part.allCases {
            let people = people(part)
            findings.expect(
                people.count <= ResponsibilityChart.peopleLimit, "people-too-many", at: "/\(part.rawValue)",
                "\(people.count) people are \(part.rawValue). Name at most \(ResponsibilityChart.peopleLimit).")
            findings.expect(
                Set(people).count == people.count, "person-twice", at: "/\(part.rawValue)",
                "Somebody is named twice as \(part.rawValue). Name them once.")
        }
        findings.expect(
            consulted.isEmpty || !consultsNobody, "consulted-unclear", at: "/consultsNobody",
            "People are named and nobody is said to be consulted. Take back one of them.")
        findings.expect(
            informed.isEmpty || !informsNobody, "informed-unclear", at: "/informsNobody",
            "People are named and nobody is said to be informed. Take back one of them.")
        try findings.settle("chart-invalid")
    }
}

/// How much of its responsibilities a use has settled.
///
/// - Source: field notes A3.1, 3: R = mean(at least one R, exactly one A, C set or “none” stated, I set or “none”
///   stated, A is not the sole R where the use is high-risk).
public struct ChartCompleteness: Hashable, Sendable {
    public let hasResponsible, hasOneAccountable, hasConsulted, hasInformed: Bool
    /// Nil where it is not asked: the use is not high-risk.
    public let isApart: Bool?

    private var claims: [Bool] {
        [hasResponsible, hasOneAccountable, hasConsulted, hasInformed, isApart].compactMap(\.self)
    }
    /// - Range: 0…1.
    public var share: Double { Double(claims.count(where: \.self)) / Double(claims.count) }

    /// Judges the parts that people accepted and hold today; `isActive` tells who is still there.
    public init(
        _ responsibilities: [Responsibility], of use: AIUseRecord, isHighRisk: Bool, today: Day,
        isActive: (ID<Person>) -> Bool
    ) {
        let held = responsibilities.filter { $0.holds(on: today) && isActive($0.person) }
        func people(_ part: Responsibility.Part) -> Set<ID<Person>> {
            Set(held.filter { $0.part == part }.map(\.person))
        }
        let (accountable, responsible) = (people(.accountable), people(.responsible))
        hasResponsible = !responsible.isEmpty
        hasOneAccountable = accountable.count == 1
        hasConsulted = !people(.consulted).isEmpty || use.consultsNobody
        hasInformed = !people(.informed).isEmpty || use.informsNobody
        isApart = isHighRisk ? !responsible.isEmpty && responsible != accountable : nil
    }
}

extension AIRegister {
    /// Writes down who shall have which part. Whoever is new is asked and has to accept; whoever is no longer named is
    /// relieved; the accountable person so far stays until the new one accepts.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place (`accountable-none`, `accountable-two`, …);
    ///   `person-inactive`; `ai-use-missing`; `stale`.
    public func chart(
        _ chart: ResponsibilityChart, of use: ID<AIUse>, since revision: Int? = nil, by author: ID<Person>,
        in tenant: TenantID
    ) async throws -> [Responsibility] {
        try chart.check()
        let now = world.now()
        return try await database.write { connection in
            let record = try found(use, in: tenant, on: connection)
            if let revision, revision != record.revision {
                throw Problem(.stale, "ai-use-changed", "Somebody changed this entry meanwhile. Look at it again.")
            }
            var draft = AIUseDraft(record)
            draft.consultsNobody = chart.consultsNobody
            draft.informsNobody = chart.informsNobody
            if draft != AIUseDraft(record) {
                try update(use, to: draft, in: tenant, at: now, on: connection)
                try put(
                    .revised, use, record.name, by: author, detail: draft.difference(from: AIUseDraft(record)),
                    in: tenant, at: now, on: connection)
            }
            for part in Responsibility.Part.allCases {
                let open = try responsibilities(of: use, in: tenant, on: connection).filter {
                    $0.part == part && ($0.state == .accepted || $0.state == .proposed)
                }
                let wanted = chart.people(part)
                for one in open where !wanted.contains(one.person) && part != .accountable {
                    try relieve(one, of: record, by: author, in: tenant, at: now, on: connection)
                }
                for (place, person) in wanted.enumerated() where !open.contains(where: { $0.person == person }) {
                    try spine.expectActive(person, in: tenant, at: "/\(part.rawValue)/\(place)", on: connection)
                    _ = try propose(
                        person, for: use, as: part, until: nil, by: author, in: tenant, at: now, on: connection)
                }
            }
            return try responsibilities(of: use, in: tenant, on: connection)
        }
    }

    private func relieve(
        _ one: Responsibility, of use: AIUseRecord, by author: ID<Person>, in tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws {
        let state: Responsibility.State = one.state == .accepted ? .ended : .withdrawn
        try settle(one, as: state, reason: "No longer named.", in: tenant, at: now, on: connection)
        try put(
            state == .ended ? .ended : .withdrawn, use.id, use.name, by: author, reason: "No longer named.",
            detail: one.part.rawValue, about: one.person, in: tenant, at: now, on: connection)
    }
}
