import Basis
import Storage

/// One kind of event, and whom it concerns.
struct NoticeSource: Sendable {
    let kind: NoticeKind
    /// Whether it follows from the day alone, so that a look once a day is enough.
    var isDaily = false
    /// Selects `person`, `subject`, `edition` and `at`: when it came to be so, which lies after the window's beginning.
    let sql: @Sendable (NoticeWindow) -> SQL

    static let all = strategies + mandates + certifications + register + [experiments]

    // MARK: Strategies

    private static let strategies = [
        // Between whole looks only what was just published is looked at: a late joiner waits for the next day.
        NoticeSource(kind: .strategyPublished) { window in
            let fresh: SQL = window.isWhole ? "" : " AND s.published_at > \(window.from)"
            return """
                SELECT d.person AS person, d.strategy AS subject, d.version AS edition, d.delivered_at AS at
                FROM strategy s
                \(SQL.inOrder) strategy_delivery d
                    ON d.tenant = s.tenant AND d.strategy = s.id AND d.version = s.version
                WHERE s.tenant = \(window.tenant) AND s.state = 'published'\(fresh)
                    AND d.delivered_at > \(window.from) AND d.acknowledged_at IS NULL
                """
        },
        NoticeSource(kind: .strategyReminder, isDaily: true) { window in
            let week = Duration.days(7).microseconds
            return """
                SELECT d.person AS person, d.strategy AS subject, d.version AS edition, d.delivered_at + \(week) AS at
                FROM strategy s
                \(SQL.inOrder) strategy_delivery d
                    ON d.tenant = s.tenant AND d.strategy = s.id AND d.version = s.version
                WHERE s.tenant = \(window.tenant) AND s.state = 'published' AND d.acknowledged_at IS NULL
                    AND d.delivered_at + \(week) > \(window.since) AND d.delivered_at + \(week) <= \(window.now)
                """
        },
    ]

    // MARK: Mandates

    private static let mandates = [
        NoticeSource(kind: .mandateAssigned) { window in
            let fresh: SQL =
                window.isWhole
                ? ""
                : """
                 AND m.id IN (SELECT r.mandate FROM mandate_revision r
                    WHERE r.tenant = \(window.tenant) AND r.at > \(window.from))
                """
            return """
                SELECT a.person AS person, m.id AS subject, 0 AS edition, a.assigned_at AS at
                FROM mandate m
                \(SQL.inOrder) assignment a ON a.tenant = m.tenant AND a.mandate = m.id AND a.state = 'open'
                WHERE m.tenant = \(window.tenant) AND m.state = 'published'\(fresh)
                    AND a.assigned_at > \(window.from)
                """
        },
        // Whoever was assigned later than that knows the day from being assigned.
        due(.mandateDueInTwoWeeks, days: -14, span: 7), due(.mandateDueInThreeDays, days: -3, span: 4),
        NoticeSource(kind: .mandateOverdue, isDaily: true) { window in
            """
            SELECT a.person AS person, \(came(1)) FROM \(open)
            WHERE m.tenant = \(window.tenant) AND \(passed(1, 7, window))
            """
        },
        NoticeSource(kind: .mandateOverdueInTeam, isDaily: true) { window in
            """
            SELECT DISTINCT w.manager AS person, \(came(7)) FROM \(open)
            \(SQL.inOrder) person w ON w.tenant = a.tenant AND w.id = a.person AND w.is_active = 1
            WHERE m.tenant = \(window.tenant) AND w.manager IS NOT NULL AND \(passed(7, 7, window))
            """
        },
        NoticeSource(kind: .mandateOverdueAsked, isDaily: true) { window in
            """
            SELECT DISTINCT m.asker AS person, \(came(14)) FROM \(open)
            WHERE m.tenant = \(window.tenant) AND \(passed(14, 7, window))
            """
        },
    ]

    private static let dayLength = Duration.days(1).microseconds

    private static let open: SQL = """
        mandate m \(SQL.inOrder) assignment a ON a.tenant = m.tenant AND a.mandate = m.id AND a.state = 'open'
            AND m.state = 'published'
        """

    private static func due(_ kind: NoticeKind, days: Int, span: Int) -> NoticeSource {
        NoticeSource(kind: kind, isDaily: true) { window in
            """
            SELECT a.person AS person, \(came(days)) FROM \(open)
            WHERE m.tenant = \(window.tenant) AND \(passed(days, span, window))
                AND a.assigned_at < (m.deadline + \(days)) * \(dayLength)
            """
        }
    }

    /// The deadline makes the edition: a new one is told anew.
    private static func came(_ days: Int) -> SQL {
        let day = SQL(stringLiteral: "(m.deadline + (\(days))) * \(dayLength)")
        return "m.id AS subject, m.deadline AS edition, \(day) AS at"
    }

    /// Whether so many days after the deadline have come, for at most `span` days, and not before letters went.
    private static func passed(_ days: Int, _ span: Int, _ window: NoticeWindow) -> SQL {
        """
        m.deadline + \(days) <= \(window.today) AND m.deadline + \(days) > \(window.today + -span)
        AND m.deadline + \(days) >= \(window.since.day)
        """
    }

    // MARK: Certifications

    private static let certifications = [
        certification(.certification, "<> 'escalated'"), certification(.certificationEscalated, "= 'escalated'"),
    ]

    private static func certification(_ kind: NoticeKind, _ which: SQL) -> NoticeSource {
        NoticeSource(kind: kind) { window in
            // Identities sort by time, and no notice has an older one than the moment it was written.
            let first = String(ID<Event>(atOrAfter: window.from).description.prefix(14))
            return """
                SELECT n.recipient AS person, n.id AS subject, 0 AS edition, n.written_at AS at
                FROM certification_notice n
                WHERE n.tenant = \(window.tenant) AND n.id >= \(first) AND n.written_at > \(window.from)
                    AND n.kind \(which) AND n.seen_at IS NULL
                """
        }
    }

    private enum Event {}

    // MARK: AI uses, and what else is asked of somebody

    private static let register = [
        NoticeSource(kind: .weighingAsked) { window in
            """
            SELECT l.person AS person, l.strategy AS subject, l.version AS edition, l.invited_at AS at
            FROM strategy_leader l
            WHERE l.tenant = \(window.tenant) AND l.invited_at > \(window.from) AND l.allotted_at IS NULL
                AND l.person <> l.invited_by
            """
        },
        NoticeSource(kind: .ownershipAsked) { window in
            """
            SELECT r.person AS person, r.id AS subject, 0 AS edition, r.proposed_at AS at FROM responsibility r
            WHERE r.tenant = \(window.tenant) AND r.state = 'proposed' AND r.proposed_at > \(window.from)
            """
        },
        NoticeSource(kind: .ownershipAnswered) { window in
            """
            SELECT r.proposed_by AS person, r.id AS subject, 0 AS edition, r.answered_at AS at FROM responsibility r
            WHERE r.tenant = \(window.tenant) AND r.state IN ('accepted', 'declined')
                AND r.answered_at > \(window.from) AND r.proposed_by <> r.person
            """
        },
        NoticeSource(kind: .standInAsked) { window in
            """
            SELECT d.delegate AS person, d.id AS subject, 0 AS edition, d.proposed_at AS at FROM delegation d
            WHERE d.tenant = \(window.tenant) AND d.state = 'proposed' AND d.proposed_at > \(window.from)
            """
        },
        NoticeSource(kind: .questionRaised) { window in
            let asked: SQL = """
                FROM intent_change x JOIN escalation e ON e.tenant = x.tenant AND e.id = x.subject
                """
            let condition: SQL = """
                x.tenant = \(window.tenant) AND x.at > \(window.from) AND x.subject_kind = 'escalation'
                AND x.what IN ('escalated', 'moved') AND e.decided_at IS NULL
                """
            let told: SQL = "e.id AS subject, e.handovers AS edition, x.at AS at"
            let owner: SQL = "r.tenant = e.tenant AND r.ai_use = e.ai_use AND r.part = 'accountable'"
            return """
                SELECT e.holder AS person, \(told) \(asked) WHERE \(condition) AND e.holder IS NOT NULL
                UNION SELECT r.person AS person, \(told) \(asked)
                JOIN responsibility r ON \(owner) AND r.state = 'accepted'
                WHERE \(condition) AND e.holder IS NULL
                UNION SELECT w.person AS person, \(told) \(asked)
                JOIN person_role w ON w.tenant = e.tenant AND w.role = 'steward'
                WHERE \(condition) AND e.holder IS NULL
                    AND NOT EXISTS (SELECT 1 FROM responsibility r WHERE \(owner) AND r.state = 'accepted')
                """
        },
        NoticeSource(kind: .questionOverdue, isDaily: true) { window in
            """
            SELECT w.person AS person, e.id AS subject, 0 AS edition, (e.due_day + 1) * \(dayLength) AS at
            FROM escalation e JOIN person_role w ON w.tenant = e.tenant AND w.role = 'steward'
            WHERE e.tenant = \(window.tenant) AND e.decided_at IS NULL AND e.due_day < \(window.today)
                AND e.due_day + 7 >= \(window.today) AND e.due_day + 1 >= \(window.since.day)
            """
        },
        NoticeSource(kind: .questionAnswered) { window in
            """
            SELECT e.by_person AS person, e.id AS subject, 0 AS edition, e.decided_at AS at FROM escalation e
            WHERE e.tenant = \(window.tenant) AND e.decided_at > \(window.from) AND e.decided_by <> e.by_person
            """
        },
    ]

    // MARK: Experiments

    private static let experiments = NoticeSource(kind: .experimentSettled) { window in
        let settled: SQL = """
            e.tenant = \(window.tenant) AND e.settled_at > \(window.from)
            AND e.state IN ('promoted', 'adapted', 'stopped')
            """
        return """
            SELECT e.by_person AS person, e.id AS subject, 0 AS edition, e.settled_at AS at FROM experiment e
            WHERE \(settled) AND e.settled_by <> e.by_person
            UNION SELECT f.person AS person, e.id AS subject, 0 AS edition, e.settled_at AS at
            FROM experiment e JOIN experiment_follower f ON f.tenant = e.tenant AND f.experiment = e.id
            WHERE \(settled) AND e.settled_by <> f.person
            """
    }
}

extension ID {
    /// The least one that a moment can have.
    fileprivate init(atOrAfter moment: Moment) {
        var zero = Zero()
        self.init(at: moment, using: &zero)
    }
}

private struct Zero: RandomNumberGenerator {
    mutating func next() -> UInt64 { 0 }
}
