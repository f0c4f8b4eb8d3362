import Basis
import Intent
import People
import Storage

/// People with all that the planner needs of them, read in columns within one transaction.
struct AudienceReading {
    let today: Day
    let policy: LeewayPolicy
    let presence: PresenceTable
    let open: OpenMandates
    /// What certifications ask.
    let cycles: OpenCycles
    /// By place in the roll: the place of the policy's rule, or the count of rules for its fallback.
    private let rules: [UInt8]
    /// By place in the roll: a place in `units`, or −1.
    let unitPlaces: [Int32]
    let units: [ID<Unit>]

    var roll: PersonRoll { open.roll }

    /// Reads the active people of an audience, or everybody's. `changing` is the mandate or certification that is
    /// looked at; `kind` says whether cycles that open later count.
    init(
        of audience: AudienceRule, changing: ID<Mandate>? = nil, _ kind: OpenCycles.Kind, tenant: TenantID,
        on today: Day, _ planner: LeewayPlanner, _ connection: any Connection
    ) throws {
        self.today = today
        let policy = try planner.policies.current(of: tenant, on: connection)
        precondition(policy.rules.count < 255, "a policy has at most \(LeewayPolicyBook.ruleLimit) rules")
        var people: [(key: IDKey, rule: UInt8, unit: Int32)] = []
        var (units, unitPlaces): ([ID<Unit>], [ID<Unit>: Int32]) = ([], [:])
        try planner.directory.visit(
            activeOf: tenant, asking: [audience] + policy.rules.map(\.audience), on: connection
        ) { person in
            guard audience.contains(person) else { return }
            let rule = policy.rules.firstIndex { $0.audience.contains(person) } ?? policy.rules.count
            var place: Int32 = -1
            if let unit = person.unit {
                place = unitPlaces[unit] ?? Int32(units.count)
                if place == units.count {
                    unitPlaces[unit] = place
                    units.append(unit)
                }
            }
            people.append((IDKey(person.id.uuid), UInt8(rule), place))
        }
        let isSorted = zip(people, people.dropFirst()).allSatisfy { $0.key < $1.key }
        if !isSorted { people.sort { $0.key < $1.key } }
        self.policy = policy
        self.units = units
        self.unitPlaces = people.map(\.unit)
        rules = people.map(\.rule)
        let month = Month(today)
        presence = try planner.presence.table(of: tenant, from: month.firstDay, on: connection)
        let roll = PersonRoll(people.map(\.key))
        open = try planner.mandates.openMandates(
            of: roll, in: month, changing: changing, tenant: tenant, on: connection)
        cycles = try planner.certifications.cycles(
            kind, of: roll, leavingOut: changing, tenant: tenant, on: connection)
    }

    /// The same people for the planner, without those who are left out.
    func bearers(leavingOut isOut: (Int) -> Bool = { _ in false }) -> MandatePreview.Bearers {
        var bearers = MandatePreview.Bearers(today: today, people: roll.count, asks: open.count + cycles.count)
        let marks = open.mandates.map { bearers.mandate($0.id, deadline: $0.deadline) }
        let terms = policy.rules.map(\.terms) + [policy.fallback]
        let holidays = presence.holidaySpans
        let usual = terms.map { bearers.pattern(of: $0, WorkingTerms.usual, holidays) }
        let isPlain = presence.terms.isEmpty && presence.absences.isEmpty
        let month = Month(today)
        let span = month.firstDay...(month + (Planner.monthLimit - 1)).lastDay
        for place in 0..<roll.count where !isOut(place) {
            let person = roll[place]
            var pattern = usual[Int(rules[place])]
            var away: [ClosedRange<Day>] = []
            if !isPlain {
                let own = presence.terms[person]
                if let own { pattern = bearers.pattern(of: terms[Int(rules[place])], own, holidays) }
                if own != nil || presence.absences[person] != nil {
                    away = WorkingTime(
                        absences: presence.absences[person] ?? [], employedFrom: own?.hiredOn,
                        employedUntil: own?.leftOn
                    ).daysAway(from: span.lowerBound, to: span.upperBound)
                }
            }
            bearers.append(
                person, pattern, away: away, spent: open.minutesSpentInMonth(by: place),
                spentOnIt: open.minutesSpentOnIt(by: place))
            open.each(of: place) { mandate, minutes in bearers.ask(marks[mandate], minutes: minutes) }
            cycles.each(of: place) { cycle in
                let mark = bearers.mandate(cycle.certification, deadline: cycle.dueOn)
                bearers.ask(mark, minutes: cycle.minutesLeft)
            }
        }
        return bearers
    }
}

extension MandatePreview.Bearers {
    fileprivate mutating func pattern(
        of terms: LeewayTerms, _ working: WorkingTerms, _ holidays: [ClosedRange<Day>]
    ) -> Pattern {
        pattern(
            minutes: terms.minutes, shareBasisPoints: terms.shareBasisPoints, dailyLimit: terms.dailyLimit,
            week: working.week, holidays: holidays)
    }
}
