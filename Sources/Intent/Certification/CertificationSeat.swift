import Basis
import Storage

/// A published certification with every rule that it ever had: what moving somebody takes.
struct CertificationCourse {
    let record: CertificationRecord
    /// By revision, from 1, without a gap.
    let revisions: [CertificationRevision]

    /// The rule now.
    var rule: CertificationRule { revisions.last?.rule ?? record.rule }
    var revision: Int { revisions.count }

    func rule(_ revision: Int) -> CertificationRule {
        revisions.indices.contains(revision - 1) ? revisions[revision - 1].rule : rule
    }
}

/// What becomes known of one person, and who said so; nil when it follows from what the organisation keeps anyway.
struct CertificationNews {
    let at: Moment
    let fact: CertificationFact
    var by: ID<Person>?

    init(_ fact: CertificationFact, at: Moment, by: ID<Person>? = nil) {
        self.at = at
        self.fact = fact
        self.by = by
    }
}

/// One person's row while it is moved, with what is new.
struct CertificationSeat {
    let person: ID<Person>
    var state = CertificationState()
    /// The revision up to which the state was brought.
    var revision: Int
    var eventCount = 0
    var lineCount = 0
    /// The latest moment of an event or a revision. What became known before it counts as known now, so that the
    /// order of events is that of their moments.
    var seenAt: Moment
    var events: [CertificationNews] = []
    var lines: [CertificationEntry] = []

    /// Whether somebody who is not employed is still meant, should they come back.
    var isAsked: Bool { state.isAssigned }
    var isEmployed: Bool { state.isEmployed }

    /// Somebody who was never asked before.
    init(_ person: ID<Person>, revision: Int) {
        self.person = person
        self.revision = revision
        seenAt = Moment(microseconds: .min)
    }

    /// Goes over to the rules that came since.
    mutating func catchUp(_ course: CertificationCourse) {
        while revision < course.revision {
            let next = course.revisions[revision]
            lines += state.revise(at: next.since, from: course.rule(revision), to: next.rule)
            revision += 1
            seenAt = max(seenAt, next.since)
        }
    }

    /// Takes what became known. `now` is when it is written down, which is never before.
    mutating func take(_ news: CertificationNews, _ course: CertificationCourse, at now: Moment) {
        catchUp(course)
        let isLate = news.at < seenAt || state.today.map { course.rule.day(of: news.at) < $0 } ?? false
        let at = isLate ? max(now, seenAt) : news.at
        seenAt = at
        lines += state.apply(CertificationEvent(at: at, news.fact), by: course.rule)
        events.append(CertificationNews(news.fact, at: at, by: news.by))
    }

    /// Lets days pass.
    mutating func advance(to day: Day, _ course: CertificationCourse) {
        catchUp(course)
        lines += state.advance(to: day, by: course.rule)
    }
}

extension CertificationSeat {
    static let columns = [
        "tenant", "certification", "person", "revision", "state", "next_day", "is_asked", "is_employed", "cycle",
        "opens_on", "due_on", "is_lapsed", "certified_until", "excused_from", "excused_until", "events", "lines",
        "seen_at",
    ]

    /// The last day of an excuse without end.
    static let endless = Day(number: 4_000_000)

    /// In the order of `columns`.
    func row(_ course: CertificationCourse, _ tenant: TenantID) -> [Value] {
        let next = state.nextDay(by: course.rule)
        let today = state.today ?? Day(number: 0)
        let excuse = state.excuses.filter { $0.until.map { $0 >= today } ?? true }.min { $0.from < $1.from }
        let opensOn = state.current?.opensOn ?? state.scheduled?.opensOn
        return [
            tenant.stored, course.record.id.stored, person.stored, revision.stored, state.text.stored,
            next?.stored ?? .null, isAsked.stored, isEmployed.stored, state.current?.number.stored ?? .null,
            opensOn?.stored ?? .null, (state.current?.dueOn ?? state.scheduled?.dueOn)?.stored ?? .null,
            (state.current?.isLapsed ?? false).stored, state.certificateUntil?.stored ?? .null,
            excuse?.from.stored ?? .null, excuse.map { ($0.until ?? CertificationSeat.endless).stored } ?? .null,
            (eventCount + events.count).stored, (lineCount + lines.count).stored, seenAt.stored,
        ]
    }

    init(_ row: Row) throws {
        person = try row.get("person")
        guard let state = CertificationState(text: try row.get("state")) else {
            throw StorageError.mistyped(column: "state")
        }
        self.state = state
        revision = try row.get("revision")
        eventCount = try row.get("events")
        lineCount = try row.get("lines")
        seenAt = try row.get("seen_at")
    }
}

extension CertificationNews {
    static let columns = [
        "tenant", "certification", "person", "number", "at", "fact", "from_day", "until_day", "earned_at", "way",
        "reason", "by_person",
    ]

    /// In the order of `columns`, after those that say whose it is.
    var values: [Value] {
        var (word, from, until): (String, Day?, Day?)
        var (earnedAt, way, reason): (Moment?, CertificationWay?, String) = (nil, nil, "")
        switch fact {
        case .hired(let day): (word, from, until) = ("hired", day, nil)
        case .left(let day): (word, from, until) = ("left", day, nil)
        case .assigned(let day): (word, from, until) = ("assigned", day, nil)
        case .released(let day): (word, from, until) = ("released", day, nil)
        case .earned(let moment, let how):
            (word, from, until) = ("earned", nil, nil)
            (earnedAt, way) = (moment, how)
        case .leave(let first, let last): (word, from, until) = ("leave", first, last)
        case .returned(let day): (word, from, until) = ("returned", day, nil)
        case .exempted(let first, let last, let why):
            (word, from, until) = ("exempted", first, last)
            reason = why
        case .readmitted(let day): (word, from, until) = ("readmitted", day, nil)
        case .extended(let day): (word, from, until) = ("extended", nil, day)
        case .revoked(let why):
            (word, from, until) = ("revoked", nil, nil)
            reason = why
        case .unextended(let why):
            (word, from, until) = ("unextended", nil, nil)
            reason = why
        }
        return [
            at.stored, word.stored, from?.stored ?? .null, until?.stored ?? .null, earnedAt?.stored ?? .null,
            way?.rawValue.stored ?? .null, reason.stored, by?.stored ?? .null,
        ]
    }

    init(_ row: Row) throws {
        let (from, until) = (try row.find("from_day", as: Day.self), try row.find("until_day", as: Day.self))
        let day = from ?? until ?? Day(number: 0)
        let fact: CertificationFact
        switch try row.get("fact", as: String.self) {
        case "hired": fact = .hired(on: day)
        case "left": fact = .left(on: day)
        case "assigned": fact = .assigned(on: day)
        case "released": fact = .released(on: day)
        case "earned":
            guard let way = CertificationWay(rawValue: try row.get("way")) else {
                throw StorageError.mistyped(column: "way")
            }
            fact = .earned(try row.get("earned_at"), way)
        case "leave": fact = .leave(from: day, until: until)
        case "returned": fact = .returned(on: day)
        case "exempted": fact = .exempted(from: day, until: until ?? day, reason: try row.get("reason"))
        case "readmitted": fact = .readmitted(on: day)
        case "extended": fact = .extended(until: day)
        case "revoked": fact = .revoked(reason: try row.get("reason"))
        case "unextended": fact = .unextended(reason: try row.get("reason"))
        default: throw StorageError.mistyped(column: "fact")
        }
        self.init(fact, at: try row.get("at"), by: try row.find("by_person"))
    }
}

extension CertificationEntry {
    static let columns = [
        "tenant", "certification", "person", "number", "day", "cycle", "what", "until_day", "earned_on", "way",
        "reason", "told", "days",
    ]

    /// In the order of `columns`, after those that say whose it is.
    var values: [Value] {
        var (word, until, earned): (String, Day?, Day?)
        var (way, reason, step): (CertificationWay?, String?, ReminderRule.Step?)
        switch what {
        case .opened(let dueOn): (word, until, earned) = ("opened", dueOn, nil)
        case .dueMoved(let day): (word, until, earned) = ("dueMoved", day, nil)
        case .lapsed: (word, until, earned) = ("lapsed", nil, nil)
        case .completed(let day, let how, let expiresOn):
            (word, until, earned) = ("completed", expiresOn, day)
            way = how
        case .excused(let why):
            (word, until, earned) = ("excused", nil, nil)
            reason = why
        case .reopened(let why):
            (word, until, earned) = ("reopened", nil, nil)
            reason = why
        case .ended: (word, until, earned) = ("ended", nil, nil)
        case .notice(let told):
            (word, until, earned) = ("notice", nil, nil)
            step = told
        }
        return [
            day.stored, cycle.stored, word.stored, until?.stored ?? .null, earned?.stored ?? .null,
            way?.rawValue.stored ?? .null, reason?.stored ?? .null, step?.recipient.rawValue.stored ?? .null,
            step?.days.stored ?? .null,
        ]
    }

    init(_ row: Row) throws {
        let until = try row.find("until_day", as: Day.self) ?? Day(number: 0)
        let what: What
        switch try row.get("what", as: String.self) {
        case "opened": what = .opened(dueOn: until)
        case "dueMoved": what = .dueMoved(to: until)
        case "lapsed": what = .lapsed
        case "completed":
            guard let way = CertificationWay(rawValue: try row.get("way")) else {
                throw StorageError.mistyped(column: "way")
            }
            what = .completed(on: try row.get("earned_on"), way, expiresOn: until)
        case "excused": what = .excused(reason: try row.find("reason"))
        case "reopened": what = .reopened(reason: try row.find("reason") ?? "")
        case "ended": what = .ended
        case "notice":
            guard let told = ReminderRule.Recipient(rawValue: try row.get("told")) else {
                throw StorageError.mistyped(column: "told")
            }
            what = .notice(ReminderRule.Step(told, days: try row.get("days")))
        default: throw StorageError.mistyped(column: "what")
        }
        self.init(day: try row.get("day"), cycle: try row.get("cycle"), what)
    }
}
