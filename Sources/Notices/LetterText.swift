import Basis
import Mail
import Storage

/// What one notice says in a letter.
struct LetterLine: Sendable {
    /// For the subject, when it is alone.
    let subject: String
    let sentences: String
    /// Where it is looked at.
    let path: String
    /// The version of a strategy that it delivers.
    var strategy: (id: ID<Strategy>, version: Int)?
}

/// A letter as it is about to go.
struct LetterText: Sendable {
    let subject: String
    let text: String
    let strategies: [(id: ID<Strategy>, version: Int)]

    /// - Parameters:
    ///   - lines: At least one.
    ///   - name: Of the person.
    ///   - organisation: Its name.
    ///   - address: What links begin with.
    init(_ lines: [LetterLine], to name: String, organisation: String, address: String) {
        subject = lines.count == 1 ? lines[0].subject : "\(lines.count) things for you in Leeway"
        strategies = lines.compactMap(\.strategy)
        var text = "Hello \(name),\n\n"
        for line in lines {
            text += "\(LetterText.wrapped(line.sentences))\n\(address)\(line.path)\n\n"
        }
        let close = """
            \(organisation) sends this through Leeway because of your work there. Whether you open it is not recorded.
            """
        text += "-- \n\(LetterText.wrapped(close))\n"
        text += "Choose how letters reach you:\n\(address)/me/letters\n"
        self.text = text
    }

    /// Lines of at most 72 characters, as people read them in any program.
    private static func wrapped(_ text: String) -> String {
        var (lines, line): ([String], String) = ([], "")
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty, line.count + 1 + word.count > 72 {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return (lines + [line]).joined(separator: "\n")
    }
}

/// Writes letters from what the domains say now: what is done, ended or taken back meanwhile is left out.
struct LetterWriter {
    let now: Moment
    let tenant: TenantID
    let connection: any Connection
    let person: ID<Person>

    /// What a letter still has to say, the oldest first.
    func lines(of letter: ID<Letter>) throws -> [LetterLine] {
        let rows = try connection.rows(
            """
            SELECT kind, subject, edition FROM mail_notice
            WHERE tenant = \(tenant) AND letter = \(letter) AND at >= \(now - Outbox.age)
            ORDER BY at, kind, subject
            """)
        return try rows.compactMap { row in
            try line(try row.get("kind"), try row.get("subject"), try row.get("edition"))
        }
    }

    private func line(_ kind: NoticeKind, _ subject: String, _ edition: Int) throws -> LetterLine? {
        switch kind {
        case .strategyPublished, .strategyReminder: try strategy(kind, subject, edition)
        case .weighingAsked: try weighing(subject, edition)
        case .mandateAssigned, .mandateDueInTwoWeeks, .mandateDueInThreeDays, .mandateOverdue:
            try mandate(kind, subject)
        case .mandateOverdueInTeam: try overdueInTeam(subject)
        case .mandateOverdueAsked: try overdueAsked(subject)
        case .certification, .certificationEscalated: try certification(subject)
        case .policyToAccept: try policy(subject, edition)
        case .ownershipAsked: try ownershipAsked(subject)
        case .ownershipAnswered: try ownershipAnswered(subject)
        case .standInAsked: try standIn(subject)
        case .questionRaised, .questionOverdue: try question(kind, subject)
        case .questionAnswered: try answer(subject)
        case .experimentSettled: try experiment(subject)
        }
    }

    // MARK: Strategies

    private func strategy(_ kind: NoticeKind, _ subject: String, _ version: Int) throws -> LetterLine? {
        let row = try connection.row(
            """
            SELECT s.title FROM strategy s
            JOIN strategy_delivery d ON d.tenant = s.tenant AND d.strategy = s.id AND d.version = s.version
            WHERE s.tenant = \(tenant) AND s.id = \(subject) AND s.version = \(version) AND s.state = 'published'
                AND d.person = \(person) AND d.acknowledged_at IS NULL
            """)
        guard let row, let id = ID<Strategy>(subject) else { return nil }
        let title: String = try row.get("title")
        let isReminder = kind == .strategyReminder
        return LetterLine(
            subject: isReminder ? "To acknowledge: \(title)" : "New strategy: \(title)",
            sentences: isReminder
                ? "The strategy “\(title)” was addressed to you a week ago. Read it and acknowledge it."
                : "The strategy “\(title)” is in force and addressed to you. Read it, then acknowledge it.",
            path: "/strategy/\(subject)", strategy: (id, version))
    }

    // MARK: Mandates

    private func mandate(_ kind: NoticeKind, _ subject: String) throws -> LetterLine? {
        let row = try connection.row(
            """
            SELECT m.title, m.minutes, m.deadline, m.why, w.name AS asker FROM mandate m
            JOIN assignment a ON a.tenant = m.tenant AND a.mandate = m.id
            LEFT JOIN person w ON w.tenant = m.tenant AND w.id = m.asker
            WHERE m.tenant = \(tenant) AND m.id = \(subject) AND m.state = 'published' AND a.person = \(person)
                AND a.state = 'open'
            """)
        guard let row else { return nil }
        let (title, deadline): (String, Day) = (try row.get("title"), try row.get("deadline"))
        let minutes: Int = try row.get("minutes")
        let asker = try row.find("asker", as: String.self) ?? "Your organisation"
        let size = "“\(title)” (\(minutes) min)"
        // The deadline may have moved since it was noted.
        let left = deadline.number - now.day.number
        if left < 0 {
            if kind != .mandateOverdue { return nil }
            return LetterLine(
                subject: "Overdue: \(title)",
                sentences: "\(size) was due on \(words(deadline)). Do it, or tell \(asker) what stands in the way.",
                path: "/mandates/\(subject)")
        }
        switch kind {
        case .mandateAssigned:
            let why: String = try row.get("why")
            return LetterLine(
                subject: "Asked of you: \(title)",
                sentences: "\(asker) asks you to do \(size) by \(words(deadline)). Why: \(why)",
                path: "/mandates/\(subject)")
        case .mandateDueInTwoWeeks, .mandateDueInThreeDays:
            let when = left == 0 ? "today" : left == 1 ? "tomorrow" : "in \(left) days, on \(words(deadline))"
            return LetterLine(
                subject: "Due \(left == 0 ? "today" : left == 1 ? "tomorrow" : "in \(left) days"): \(title)",
                sentences: "\(size) is due \(when).", path: "/mandates/\(subject)")
        default: return nil
        }
    }

    private func overdueInTeam(_ subject: String) throws -> LetterLine? {
        let row = try connection.row(
            """
            SELECT m.title AS title, COUNT(*) AS count FROM mandate m
            JOIN assignment a ON a.tenant = m.tenant AND a.mandate = m.id AND a.state = 'open'
            JOIN person w ON w.tenant = a.tenant AND w.id = a.person AND w.is_active = 1
            WHERE m.tenant = \(tenant) AND m.id = \(subject) AND m.state = 'published' AND w.manager = \(person)
                AND m.deadline < \(now.day)
            GROUP BY m.title
            """)
        guard let row else { return nil }
        let (title, count): (String, Int) = (try row.get("title"), try row.get("count"))
        return LetterLine(
            subject: "Overdue in your team: \(title)",
            sentences: "\(people(count)) of your team \(count == 1 ? "has" : "have") “\(title)” still to do, more "
                + "than a week after its day. See whether they lack time.",
            path: "/team")
    }

    private func overdueAsked(_ subject: String) throws -> LetterLine? {
        let row = try connection.row(
            """
            SELECT m.title AS title, COUNT(*) AS count FROM mandate m
            JOIN assignment a ON a.tenant = m.tenant AND a.mandate = m.id AND a.state = 'open'
            WHERE m.tenant = \(tenant) AND m.id = \(subject) AND m.state = 'published' AND m.asker = \(person)
                AND m.deadline < \(now.day)
            GROUP BY m.title
            """)
        guard let row else { return nil }
        let (title, count): (String, Int) = (try row.get("title"), try row.get("count"))
        return LetterLine(
            subject: "Overdue: \(title)",
            sentences: "You asked for “\(title)”. Two weeks after its day it is still open for \(people(count)). "
                + "Move the deadline, retire it, or ask what stands in the way.",
            path: "/mandates/\(subject)")
    }

    // MARK: Words

    func people(_ count: Int) -> String { "\(count) \(count == 1 ? "person" : "people")" }

    /// Such as `12 March 2026`.
    func words(_ day: Day) -> String {
        let (year, month, number) = day.civil
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        return "\(number) \(months[month - 1]) \(year)"
    }
}
