import Basis
import Evidence
import Intent
import People
import Skills
import Statistics
import Storage

/// Intent and behaviour on one scale: weights of the strategy's skills, and hours on them.
struct DivideData {
    let skills: [ID<Skill>]
    /// What leadership asked for, over `skills`; sums to 1.
    let weights: [Double]
    /// Hours of each person over `skills`, self-chosen and asked, in the order of the persons.
    var people: [ID<Person>] = []
    var own: [[Double]] = []
    var asked: [[Double]] = []
    /// Each person's hours on anything: self-chosen, and those whose choice is stated.
    var choice: [(part: Double, whole: Double)] = []
    /// All hours, and those on the strategy's skills.
    var allHours = 0.0
    var hours = 0.0

    /// Puts weights and hours on the same skills. The strategies in force count alike.
    init(weights all: [[ID<Skill>: Double]], hours: LearningHours, facts: ContentFacts) {
        var mean: [ID<Skill>: Double] = [:]
        let counted = all.filter { !$0.isEmpty }
        for one in counted {
            for (skill, weight) in one { mean[skill, default: 0] += weight / Double(counted.count) }
        }
        skills = mean.keys.sorted { $0.description < $1.description }
        weights = skills.map { mean[$0] ?? 0 }
        let places = Dictionary(uniqueKeysWithValues: skills.enumerated().map { ($1, $0) })
        var numbers: [ID<Person>: Int] = [:]
        for row in hours.rows.sorted(by: { $0.person.description < $1.person.description }) {
            let number = numbers[row.person] ?? people.count
            if number == people.count {
                numbers[row.person] = number
                people.append(row.person)
                own.append(skills.map { _ in 0 })
                asked.append(skills.map { _ in 0 })
                choice.append((part: 0, whole: 0))
            }
            allHours += row.hours
            if row.choice != nil { choice[number].whole += row.hours }
            if row.choice == .own { choice[number].part += row.hours }
            let taught = facts.skills[row.content] ?? []
            for skill in taught {
                guard let place = places[skill] else { continue }
                let part = row.hours / Double(taught.count)
                self.hours += part
                if row.choice == .asked { asked[number][place] += part } else { own[number][place] += part }
            }
        }
    }

    /// The hours of all people on each skill.
    func sums(_ part: Part, drawn: [Int]? = nil) -> [Double] {
        var sums = skills.map { _ in 0.0 }
        for number in people.indices {
            let times = drawn.map { Double($0[number]) } ?? 1
            if times == 0 { continue }
            for place in skills.indices {
                if part != .asked { sums[place] += times * own[number][place] }
                if part != .own { sums[place] += times * asked[number][place] }
            }
        }
        return sums
    }

    enum Part {
        case own, asked, all
    }

    /// Each person's hours over `skills`.
    func hours(_ part: Part) -> [[Double]] {
        people.indices.map { number in
            skills.indices.map { place in
                (part == .asked ? 0 : own[number][place]) + (part == .own ? 0 : asked[number][place])
            }
        }
    }

    /// Intent against behaviour; nil unless there are two skills and two people with hours on them.
    func alignment(_ part: Part, seed: UInt64) -> Alignment? {
        var dice = Dice(seed: seed)
        return Alignment(weights: weights, learners: hours(part), replicates: DivideData.replicates, dice: &dice)
    }

    /// How often people are drawn again for the band under a gap of nothing and for intervals that hold together.
    static let replicates = 500

    /// How far units' hours lie from everybody's: the mean distance, weighted by hours. Nil with fewer than two units
    /// that are large enough.
    func inconsistency(units: [ID<Person>: ID<Unit>], minimum: Int) -> Double? {
        var byUnit: [ID<Unit>: [Int]] = [:]
        for (number, person) in people.enumerated() {
            if let unit = units[person] { byUnit[unit, default: []].append(number) }
        }
        let overall = sums(.all)
        var (distance, whole, count) = (0.0, 0.0, 0)
        for (_, members) in byUnit.sorted(by: { $0.key.description < $1.key.description }) {
            if members.count < minimum { continue }
            var drawn = people.map { _ in 0 }
            for member in members { drawn[member] = 1 }
            let own = sums(.all, drawn: drawn)
            let hours = own.reduce(0, +)
            if hours <= 0 { continue }
            distance += hours * Distribution.distance(own, overall)
            whole += hours
            count += 1
        }
        return count >= 2 && whole > 0 ? distance / whole : nil
    }
}

extension Measures {
    func divide(of tenant: TenantID, at now: Moment) async throws -> Measure {
        let (data, facts, policy) = try await database.read { connection in
            (
                try divideData(of: tenant, at: now, on: connection), try directory.facts(of: tenant, on: connection),
                try policies.current(of: tenant, on: connection)
            )
        }
        let needs =
            data.skills.isEmpty
            ? "a published strategy whose priorities name skills"
            : "learning time on the strategy’s skills in the last 90 days"
        func gap(_ name: String, _ part: DivideData.Part, _ alignment: Alignment?) -> Figure {
            let sums = data.sums(part)
            let hours = sums.reduce(0, +)
            let value = data.skills.isEmpty || hours <= 0 ? nil : Distribution.distance(data.weights, sums)
            return Figure(
                name, value, numerator: value.map { $0 * hours }, denominator: hours,
                of: "hours on the strategy’s skills would have to move", interval: alignment?.distance,
                needs: value == nil ? needs : nil)
        }
        let whole = data.alignment(.all, seed: 71)
        let headline = gap("Alignment gap", .all, whole)
        return Measure(
            kind: .divide, headline: headline,
            parts: [
                gap("Alignment gap, self-chosen hours", .own, data.alignment(.own, seed: 72)),
                gap("Alignment gap, hours asked for", .asked, data.alignment(.asked, seed: 73)),
                Figure(
                    "Gap that chance alone would show, at most", whole?.nullBand.distance,
                    of: "hours, if people on average did what is asked", needs: needs),
                Figure(
                    "Divergence of hours from the weights, in bits", whole?.divergence.estimate, .number,
                    of: "Jensen–Shannon, 0 to 1; \(number(whole?.effectiveLearners ?? 0)) effective people",
                    interval: whole?.divergence, needs: needs), inconsistency(data, facts),
                autonomy(data), guarantee(policy, facts),
                Figure(
                    "Hours on the strategy’s skills", data.allHours > 0 ? data.hours / data.allHours : nil,
                    numerator: data.hours, denominator: data.allHours, of: "hours learned",
                    needs: data.allHours > 0 ? nil : "learning time in the last 90 days"),
            ], benchmark: nil,
            method: [
                "Total-variation distance. Hours on an object that teaches several skills are split evenly.",
                "The interval leaves out each person in turn (jackknife, Student’s t), less bias at its low end; it "
                    + "begins at 0 where chance alone brings about as much.",
                "Chance alone shows a wider gap once in 20 times when people on average do what is asked: "
                    + "people drawn again, \(DivideData.replicates) times.",
                "Evidence that does not say whose choice it was counts as self-chosen in the gaps, and not in the "
                    + "autonomy.",
            ], asOf: now)
    }

    private func inconsistency(_ data: DivideData, _ facts: [PersonFacts]) -> Figure {
        var units: [ID<Person>: ID<Unit>] = [:]
        for person in facts { if let unit = person.unit { units[person.id] = unit } }
        let value = data.inconsistency(units: units, minimum: Measures.cellMinimum)
        return Figure(
            "Inconsistency: how far units lie from the whole", value, of: "hours",
            needs: value == nil
                ? "learning time on the strategy’s skills in two units of at least \(Measures.cellMinimum) people" : nil
        )
    }

    private func autonomy(_ data: DivideData) -> Figure {
        let whole = data.choice.reduce(0) { $0 + $1.whole }
        let part = data.choice.reduce(0) { $0 + $1.part }
        return Figure(
            "Autonomy: self-chosen hours", whole > 0 ? part / whole : nil, numerator: part, denominator: whole,
            of: "hours whose choice is stated", interval: Proportion.ratio(clusters: data.choice),
            needs: whole > 0 ? nil : "learning time in the last 90 days that says whose choice it was")
    }

    /// What the policy guarantees, over all active people.
    private func guarantee(_ policy: LeewayPolicy, _ facts: [PersonFacts]) -> Figure {
        var (part, whole) = (0, 0)
        for person in facts {
            let terms = policy.terms(for: person)
            part += terms.guaranteed
            whole += terms.minutes
        }
        return Figure(
            "Guaranteed by the policy", whole > 0 ? Double(part) / Double(whole) : nil,
            numerator: Double(part) / 60, denominator: Double(whole) / 60, of: "hours budgeted a month",
            needs: whole > 0 ? nil : "a learning-time budget for somebody")
    }

    private func divideData(of tenant: TenantID, at now: Moment, on connection: any Connection) throws -> DivideData {
        DivideData(
            weights: try strategies.inForce(of: tenant, on: connection).map(\.skillWeights),
            hours: try LearningHours(of: tenant, since: now - Measures.hoursSpan, on: connection),
            facts: try ContentFacts(of: tenant, on: connection))
    }

    func divideRows(of tenant: TenantID) async throws -> DrillDown {
        let now = world.now()
        let data = try await database.read { try divideData(of: tenant, at: now, on: $0) }
        let names = try await skills.names(of: data.skills, tenant: tenant)
        let (own, asked) = (data.sums(.own), data.sums(.asked))
        let whole = max(data.sums(.all).reduce(0, +), .leastNonzeroMagnitude)
        let gaps = data.alignment(.all, seed: 71)?.gaps
        let rows = data.skills.indices.sorted { data.weights[$0] > data.weights[$1] }.map { place in
            [
                names[data.skills[place]] ?? "", percent(data.weights[place]),
                percent((own[place] + asked[place]) / whole), number(own[place]), number(asked[place]),
                gaps.map { signed($0[place].gap.estimate) } ?? "",
                gaps.map { "\(signed($0[place].gap.low)) to \(signed($0[place].gap.high))" } ?? "",
            ]
        }
        return DrillDown(
            columns: [
                "Skill", "Weight in the strategy, %", "Share of hours, %", "Self-chosen hours", "Hours asked for",
                "Above or below, points", "95% interval, all skills together",
            ], numbers: [1, 2, 3, 4, 5], rows: rows, total: rows.count)
    }

    /// Whole points of per cent with a sign, such as `+4`.
    private func signed(_ share: Double) -> String {
        let points = Int((share * 100).rounded())
        return points > 0 ? "+\(points)" : points < 0 ? "−\(-points)" : "0"
    }
}
