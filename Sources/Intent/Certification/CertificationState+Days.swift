import Basis

extension CertificationState {
    /// What a day brings by itself. Doing it twice changes nothing more.
    mutating func settle(_ day: Day, _ rule: CertificationRule, _ entries: inout [CertificationEntry]) {
        let come = pending.filter { $0.day <= day }
        pending.removeAll { $0.day <= day }
        for one in come { take(one.fact, day, rule, &entries) }
        welcomeBack(day, rule, &entries)
        open(day, rule, &entries)
        excuse(day, rule, &entries)
        lapse(day, rule, &entries)
        notify(day, rule, &entries)
    }

    /// Somebody who comes back has the fewest days that anybody has.
    private mutating func welcomeBack(_ day: Day, _ rule: CertificationRule, _ entries: inout [CertificationEntry]) {
        guard let current, !current.isLapsed, isExcused(on: day + -1), !isExcused(on: day) else { return }
        let due = current.dueOn
        move(to: day + rule.minimumDays, day, &entries)
        // What an extension is taken back to is no longer what holds.
        if self.current?.dueOn != due { before = nil }
    }

    private mutating func move(to dueOn: Day, _ day: Day, _ entries: inout [CertificationEntry]) {
        guard let old = current, dueOn > old.dueOn else { return }
        current?.dueOn = dueOn
        current?.noticedThrough = day
        entries.append(CertificationEntry(day: day, cycle: old.number, .dueMoved(to: dueOn)))
    }

    /// Opens what is scheduled: on its day, or at once for somebody who has no valid certificate and no excuse.
    private mutating func open(_ day: Day, _ rule: CertificationRule, _ entries: inout [CertificationEntry]) {
        guard let scheduled else { return }
        if scheduled.opensOn <= day {
            open(day, dueOn: scheduled.dueOn, &entries)
        } else if !isCertified(on: day), !isExcused(on: day) {
            anchor = nil
            open(day, dueOn: day + rule.minimumDays, &entries)
        }
    }

    private mutating func open(_ day: Day, dueOn: Day, _ entries: inout [CertificationEntry]) {
        (scheduled, before) = (nil, nil)
        count += 1
        current = Current(number: count, opensOn: day, dueOn: dueOn, noticedThrough: day + -1)
        entries.append(CertificationEntry(day: day, cycle: count, .opened(dueOn: dueOn)))
    }

    /// Closes a cycle whose due day is over and lies in a leave or an exemption. The next one is a period later, so
    /// that each period has its line.
    private mutating func excuse(_ day: Day, _ rule: CertificationRule, _ entries: inout [CertificationEntry]) {
        guard let current, day > current.dueOn, let excuse = excuses.first(where: { $0.contains(current.dueOn) })
        else { return }
        entries.append(CertificationEntry(day: day, cycle: current.number, .excused(reason: excuse.reason)))
        if case .fixed(let start) = rule.base {
            (anchor, periods) = (start, rule.fixedCount(from: start, after: current.dueOn))
        } else {
            (anchor, periods) = anchor.map { ($0, periods + 1) } ?? (current.dueOn, 1)
        }
        (self.current, before) = (nil, nil)
        scheduled = renewal(after: day, rule)
    }

    private mutating func lapse(_ day: Day, _ rule: CertificationRule, _ entries: inout [CertificationEntry]) {
        guard let current, !current.isLapsed, day > current.dueOn + rule.graceDays else { return }
        self.current?.isLapsed = true
        entries.append(CertificationEntry(day: day, cycle: current.number, .lapsed))
    }

    private mutating func notify(_ day: Day, _ rule: CertificationRule, _ entries: inout [CertificationEntry]) {
        guard let current, current.noticedThrough < day else { return }
        self.current?.noticedThrough = day
        if isExcused(on: day) { return }
        for step in rule.reminders.steps(on: day, due: current.dueOn) {
            entries.append(CertificationEntry(day: day, cycle: current.number, .notice(step)))
        }
    }

    /// The cycle after the present active period, from the day after `day` at the earliest.
    private func renewal(after day: Day, _ rule: CertificationRule) -> Scheduled? {
        guard let anchor else { return nil }
        let expiry = rule.activePeriod.day(periods, after: anchor)
        let opensOn = max(expiry + -rule.windowDays, day + 1)
        return Scheduled(opensOn: opensOn, dueOn: dueDay(rule.renewalDue, opensOn, expiry, rule))
    }

    private func dueDay(_ due: CertificationRule.Due, _ opensOn: Day, _ expiry: Day?, _ rule: CertificationRule) -> Day
    {
        let day: Day? =
            switch due {
            case .on(let day): day
            case .after(.hired, let period): hiredOn.map { period.day(after: $0) }
            case .after(.assigned, let period): assignedOn.map { period.day(after: $0) }
            case .after(.previousExpiry, let period): expiry.map { period.day(after: $0) }
            case .after(.previousCompletion, let period): completedOn.map { period.day(after: $0) }
            }
        let said = day.flatMap { $0 < opensOn ? nil : $0 }
        return max(said ?? expiry ?? opensOn, opensOn + rule.minimumDays)
    }
}

extension CertificationState {
    /// What a fact that has come changes.
    mutating func take(
        _ fact: CertificationFact, _ day: Day, _ rule: CertificationRule, _ entries: inout [CertificationEntry]
    ) {
        switch fact {
        case .hired(let on):
            if isEmployed { return }
            (isEmployed, hiredOn) = (true, on)
            begin(day, rule)
        case .assigned(let on):
            if isAssigned { return }
            (isAssigned, assignedOn) = (true, on)
            begin(day, rule)
        case .left:
            isEmployed = false
            end(day, &entries)
        case .released:
            isAssigned = false
            end(day, &entries)
        case .earned(let moment, let way): earn(min(rule.day(of: moment), day), way, day, rule, &entries)
        case .leave(let from, let until): excuses.append(CertificationExcuse(from: from, until: until, reason: nil))
        case .exempted(let from, let until, let reason):
            excuses.append(CertificationExcuse(from: from, until: until, reason: reason))
        case .returned(let on): cut(before: max(on, day)) { $0.reason == nil }
        case .readmitted(let on): cut(before: max(on, day)) { $0.reason != nil }
        case .extended(let until): extend(until, day, &entries)
        case .revoked(let reason): revoke(reason, day, rule, &entries)
        case .unextended: unextend(day, rule, &entries)
        }
    }

    private mutating func extend(_ until: Day, _ day: Day, _ entries: inout [CertificationEntry]) {
        guard let old = current, !old.isLapsed, until > old.dueOn else { return }
        move(to: until, day, &entries)
        before = .extended(cycle: old.number, dueOn: old.dueOn)
    }

    /// The cycle that was completed last is open again, as it was. Whoever believed to be certified has the fewest
    /// days that anybody has, unless it had lapsed; what would have been told meanwhile is not told.
    private mutating func revoke(
        _ reason: String, _ day: Day, _ rule: CertificationRule, _ entries: inout [CertificationEntry]
    ) {
        guard withdrawable == .completion,
            case .earned(var cycle, let until, let completed, let anchor, let periods) = before
        else { return }
        cycle.noticedThrough = max(cycle.noticedThrough, day)
        (current, scheduled, before) = (cycle, nil, nil)
        (certificateUntil, completedOn, self.anchor, self.periods) = (until, completed, anchor, periods)
        entries.append(CertificationEntry(day: day, cycle: cycle.number, .reopened(reason: reason)))
        if !cycle.isLapsed { move(to: day + rule.minimumDays, day, &entries) }
    }

    /// The cycle is due as it was before the last extension, and the fewest days from now at the earliest.
    private mutating func unextend(_ day: Day, _ rule: CertificationRule, _ entries: inout [CertificationEntry]) {
        guard withdrawable == .moreTime, let cycle = current, case .extended(_, let dueOn) = before else { return }
        before = nil
        let due = min(cycle.dueOn, max(dueOn, day + rule.minimumDays))
        current?.dueOn = due
        current?.noticedThrough = day
        entries.append(CertificationEntry(day: day, cycle: cycle.number, .dueMoved(to: due)))
    }

    /// Who is asked and has a valid certificate renews it in its time; who has none begins at once.
    private mutating func begin(_ day: Day, _ rule: CertificationRule) {
        guard isActive else { return }
        before = nil
        if isCertified(on: day), anchor != nil {
            scheduled = renewal(after: day + -1, rule)
        } else {
            anchor = nil
            scheduled = Scheduled(opensOn: day, dueOn: dueDay(rule.firstDue, day, nil, rule))
        }
    }

    private mutating func end(_ day: Day, _ entries: inout [CertificationEntry]) {
        if let current { entries.append(CertificationEntry(day: day, cycle: current.number, .ended)) }
        (current, scheduled, before) = (nil, nil, nil)
    }

    private mutating func cut(before day: Day, where isMeant: (CertificationExcuse) -> Bool) {
        for place in excuses.indices where isMeant(excuses[place]) && excuses[place].contains(day) {
            excuses[place].until = day + -1
        }
        excuses.removeAll { excuse in excuse.until.map { $0 < excuse.from } ?? false }
    }

    /// Counts from the day on which the cycle opened. What was earned before counts for somebody who had no valid
    /// certificate then, if it would still give one today; what is earned between cycles, for somebody who has none.
    private mutating func earn(
        _ earnedOn: Day, _ way: CertificationWay, _ day: Day, _ rule: CertificationRule,
        _ entries: inout [CertificationEntry]
    ) {
        let isEarly = earnedOn < current?.opensOn ?? day
        if isEarly, isCertified(on: earnedOn) || rule.freshExpiry(earnedOn) < day { return }
        if current == nil {
            if scheduled == nil || isCertified(on: day) { return }
            anchor = nil
            open(day, dueOn: day + rule.minimumDays, &entries)
        }
        guard let current else { return }
        let isInTime = !isEarly && earnedOn <= current.dueOn + rule.graceDays
        let (start, count) = activePeriod(earnedOn, isInTime: isInTime, rule)
        before = .earned(
            current, certificateUntil: certificateUntil, completedOn: completedOn, anchor: anchor, periods: periods)
        (anchor, periods) = (start, count)
        let expiresOn = rule.activePeriod.day(count, after: start)
        entries.append(
            CertificationEntry(
                day: day, cycle: current.number, .completed(on: earnedOn, way, expiresOn: expiresOn)))
        (self.current, completedOn, certificateUntil) = (nil, earnedOn, expiresOn)
        scheduled = renewal(after: day, rule)
    }
    /// The anchor of the active period that a completion begins, and how many periods after it that ends.
    private func activePeriod(_ earnedOn: Day, isInTime: Bool, _ rule: CertificationRule) -> (Day, Int) {
        switch rule.base {
        case .completion: return (earnedOn, 1)
        case .expiry:
            guard isInTime, let anchor, rule.activePeriod.day(periods + 1, after: anchor) > earnedOn else {
                return (earnedOn, 1)
            }
            return (anchor, periods + 1)
        case .fixed(let start): return (start, rule.fixedCount(from: start, after: earnedOn))
        }
    }
}

extension CertificationRule {
    /// The first end of a period from `start` that lies more than the window after a day.
    fileprivate func fixedCount(from start: Day, after day: Day) -> Int {
        activePeriod.count(after: start, beyond: day + windowDays)
    }

    /// The last day of a certificate that renews nothing.
    fileprivate func freshExpiry(_ earnedOn: Day) -> Day {
        if case .fixed(let start) = base {
            return activePeriod.day(fixedCount(from: start, after: earnedOn), after: start)
        }
        return activePeriod.day(after: earnedOn)
    }
}
