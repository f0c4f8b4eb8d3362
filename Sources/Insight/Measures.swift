public import Basis
import Intent
public import Mastery
import People
import Skills
public import Storage
import Synchronization

/// The seven measures of a tenant, counted from what is stored. Reads only.
public struct Measures: Sendable {
    /// Hours and use are counted over so long.
    public static let hoursSpan = Duration.days(90)
    public static let useSpan = Duration.days(30)
    /// The fewest people a row may stand for.
    public static let cellMinimum = 5

    let database: any Database
    let world: World
    let directory: Directory
    let strategies: StrategyBook
    let register: AIRegister
    let policies: LeewayPolicyBook
    let questions: OwnerQuestionBook
    let escalations: EscalationBook
    let skills: SkillRegister
    let mastery: MasteryBook
    private let cache = MeasureCache()

    public init(database: any Database, world: World, mastery: MasteryBook) {
        self.database = database
        self.world = world
        self.mastery = mastery
        directory = Directory(database: database, world: world)
        strategies = StrategyBook(database: database, world: world)
        register = AIRegister(database: database, world: world)
        policies = LeewayPolicyBook(database: database, world: world)
        questions = OwnerQuestionBook(database: database, world: world)
        escalations = EscalationBook(database: database, world: world)
        skills = SkillRegister(database: database, world: world)
    }

    /// All seven, in their order: as of now, or at most a minute old when nothing happened since.
    public func all(of tenant: TenantID) async throws -> [Measure] {
        var measures: [Measure] = []
        for kind in MeasureKind.allCases { measures.append(try await measure(kind, of: tenant)) }
        return measures
    }

    /// One of them: as of now, or at most a minute old when nothing happened since.
    public func measure(_ kind: MeasureKind, of tenant: TenantID) async throws -> Measure {
        let now = world.now()
        // Whatever a measure counts leaves a statement, so the newest one's number tells whether anything happened.
        let newest = try await database.read { connection in
            try connection.value(
                "SELECT COALESCE(MAX(seq), 0) AS newest FROM statement WHERE tenant = \(tenant)", as: Int.self)
        }
        if let kept = cache.find(kind, tenant, since: newest, at: now) { return kept }
        let made = try await count(kind, of: tenant, at: now)
        cache.keep(made, tenant, newest)
        return made
    }

    /// One of them, counted now whatever was counted before.
    public func count(_ kind: MeasureKind, of tenant: TenantID) async throws -> Measure {
        try await count(kind, of: tenant, at: world.now())
    }

    private func count(_ kind: MeasureKind, of tenant: TenantID, at now: Moment) async throws -> Measure {
        switch kind {
        case .ownership: try await ownership(of: tenant, at: now)
        case .reach: try await reach(of: tenant, at: now)
        case .share: try await share(of: tenant, at: now)
        case .upskilling: try await upskilling(of: tenant, at: now)
        case .trial:
            Measure(
                kind: .trial,
                headline: Figure(
                    MeasureKind.trial.name, nil, of: "learners",
                    needs: "a randomised trial of one piece of learning in both designs, with an outcome"),
                parts: [], benchmark: Benchmark(0.74, "74% of learners believe AI-personalised is as good or better"),
                method: ["Opinion does not settle it: only a trial does."], asOf: now)
        case .proficiency: try await proficiency(of: tenant, at: now)
        case .divide: try await divide(of: tenant, at: now)
        }
    }

    /// What a measure was counted from. Never shows one person's learning: rows of fewer than `cellMinimum` people are
    /// put together or left out, and say so.
    ///
    /// - Range: pages from 1; 1 to 1,000 rows a page.
    public func rows(
        of kind: MeasureKind, in tenant: TenantID, page: Int = 1, pageSize: Int = 50
    ) async throws -> DrillDown {
        let all =
            switch kind {
            case .ownership: try await ownershipRows(of: tenant)
            case .reach: try await reachRows(of: tenant)
            case .share: try await shareRows(of: tenant)
            case .upskilling: try await upskillingRows(of: tenant)
            case .trial: DrillDown(columns: [], numbers: [], rows: [], total: 0)
            case .proficiency: try await proficiencyRows(of: tenant)
            case .divide: try await divideRows(of: tenant)
            }
        let size = min(max(1, pageSize), 1_000)
        let shown = Array(all.rows.dropFirst((max(1, page) - 1) * size).prefix(size))
        return DrillDown(columns: all.columns, numbers: all.numbers, rows: shown, total: all.rows.count)
    }
}

/// The measures last counted.
private final class MeasureCache: Sendable {
    private struct Key: Hashable {
        let kind: MeasureKind
        let tenant: TenantID
    }

    private let kept = Mutex<[Key: (measure: Measure, newest: Int)]>([:])

    func find(_ kind: MeasureKind, _ tenant: TenantID, since newest: Int, at now: Moment) -> Measure? {
        kept.withLock { measures in
            guard let found = measures[Key(kind: kind, tenant: tenant)], found.newest == newest,
                now >= found.measure.asOf, now - found.measure.asOf < .minutes(1)
            else { return nil }
            return found.measure
        }
    }

    func keep(_ measure: Measure, _ tenant: TenantID, _ newest: Int) {
        kept.withLock { $0[Key(kind: measure.kind, tenant: tenant)] = (measure, newest) }
    }
}
