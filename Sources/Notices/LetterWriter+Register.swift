import Basis
import Storage

extension LetterWriter {
    // MARK: Certifications and policies

    func certification(_ subject: String) throws -> LetterLine? {
        let row = try connection.row(
            """
            SELECT n.kind, n.person, n.due_on, n.certification, c.title, w.name FROM certification_notice n
            JOIN certification c ON c.tenant = n.tenant AND c.id = n.certification AND c.state = 'published'
            LEFT JOIN person w ON w.tenant = n.tenant AND w.id = n.person
            WHERE n.tenant = \(tenant) AND n.id = \(subject) AND n.recipient = \(person) AND n.seen_at IS NULL
            """)
        guard let row else { return nil }
        let (kind, title): (String, String) = (try row.get("kind"), try row.get("title"))
        let due = try row.find("due_on", as: Day.self).map { " by \(words($0))" } ?? ""
        let own = "/certificates"
        switch kind {
        case "asked":
            return LetterLine(
                subject: "To be certified: \(title)", sentences: "The certification “\(title)” is asked of you\(due).",
                path: own)
        case "reminder":
            return LetterLine(
                subject: "Due soon: \(title)", sentences: "The certification “\(title)” is still to be earned\(due).",
                path: own)
        case "overdue":
            return LetterLine(
                subject: "Overdue: \(title)",
                sentences: "The day for the certification “\(title)” is over. Earn it, or say what stands in the way.",
                path: own)
        case "escalated":
            let name = try row.find("name", as: String.self) ?? "Somebody"
            let certification: String = try row.get("certification")
            return LetterLine(
                subject: "Certification overdue: \(title)",
                sentences: "\(name) has not earned the certification “\(title)” in time.",
                path: try isAsker(of: certification) ? "/certifications/\(certification)" : "/team")
        case "excused":
            return LetterLine(
                subject: "Excused: \(title)", sentences: "You are excused from the certification “\(title)”.",
                path: own)
        case "extended":
            return LetterLine(
                subject: "More time: \(title)", sentences: "The certification “\(title)” is now due\(due).", path: own)
        default: return nil
        }
    }

    private func isAsker(of certification: String) throws -> Bool {
        try connection.holds(
            """
            SELECT 1 AS one FROM certification
            WHERE tenant = \(tenant) AND id = \(certification) AND asker = \(person)
            """)
    }

    func policy(_ subject: String, _ version: Int) throws -> LetterLine? {
        let row = try connection.row(
            """
            SELECT d.title FROM policy_document d
            WHERE d.tenant = \(tenant) AND d.id = \(subject) AND d.state = 'published' AND d.version >= \(version)
                AND NOT EXISTS (SELECT 1 FROM policy_acceptance a WHERE a.tenant = d.tenant AND a.document = d.id
                    AND a.person = \(person) AND a.version >= \(version))
            """)
        guard let title = try row?.get("title", as: String.self) else { return nil }
        return LetterLine(
            subject: "Policy to accept: \(title)",
            sentences: "The policy “\(title)” holds for you. Read it and accept it.", path: "/documents/\(subject)")
    }

    // MARK: AI uses

    func weighing(_ subject: String, _ version: Int) throws -> LetterLine? {
        let row = try connection.row(
            """
            SELECT s.title AS title, w.name AS asker FROM strategy_leader l
            JOIN strategy s ON s.tenant = l.tenant AND s.id = l.strategy AND s.version = l.version
            LEFT JOIN person w ON w.tenant = l.tenant AND w.id = l.invited_by
            WHERE l.tenant = \(tenant) AND l.strategy = \(subject) AND l.version = \(version) AND l.person = \(person)
                AND l.allotted_at IS NULL AND s.state = 'draft'
            """)
        guard let row else { return nil }
        let title: String = try row.get("title")
        let asker = try row.find("asker", as: String.self) ?? "Your organisation"
        return LetterLine(
            subject: "Asked of you: \(title)",
            sentences: "\(asker) asks you to weigh the priorities of “\(title)” before it is published.",
            path: "/strategy/\(subject)/points")
    }

    func ownershipAsked(_ subject: String) throws -> LetterLine? {
        let row = try connection.row(
            """
            SELECT u.name AS use, r.part AS part, w.name AS asker FROM responsibility r
            JOIN ai_use u ON u.tenant = r.tenant AND u.id = r.ai_use
            LEFT JOIN person w ON w.tenant = r.tenant AND w.id = r.proposed_by
            WHERE r.tenant = \(tenant) AND r.id = \(subject) AND r.person = \(person) AND r.state = 'proposed'
            """)
        guard let row else { return nil }
        let (use, part): (String, String) = (try row.get("use"), try row.get("part"))
        let asker = try row.find("asker", as: String.self) ?? "Your organisation"
        let sentence =
            part == "accountable"
            ? "\(asker) asks you to answer for the AI use “\(use)”." : "\(asker) asks you to be \(part) for “\(use)”."
        return LetterLine(
            subject: "Asked of you: \(use)",
            sentences: sentence + " Take it on, or decline with a reason.", path: "/decisions")
    }

    func ownershipAnswered(_ subject: String) throws -> LetterLine? {
        let row = try connection.row(
            """
            SELECT u.name AS use, u.id AS id, r.state AS state, w.name AS name FROM responsibility r
            JOIN ai_use u ON u.tenant = r.tenant AND u.id = r.ai_use
            LEFT JOIN person w ON w.tenant = r.tenant AND w.id = r.person
            WHERE r.tenant = \(tenant) AND r.id = \(subject) AND r.proposed_by = \(person)
                AND r.state IN ('accepted', 'declined')
            """)
        guard let row else { return nil }
        let (use, state): (String, String) = (try row.get("use"), try row.get("state"))
        let name = try row.find("name", as: String.self) ?? "Whom you asked"
        return LetterLine(
            subject: "\(state == "accepted" ? "Accepted" : "Declined"): \(use)",
            sentences: "\(name) \(state) what you asked for the AI use “\(use)”.",
            path: "/register/\(try row.get("id", as: String.self))")
    }

    func standIn(_ subject: String) throws -> LetterLine? {
        let row = try connection.row(
            """
            SELECT d.from_day, d.until_day, w.name FROM delegation d
            LEFT JOIN person w ON w.tenant = d.tenant AND w.id = d.person
            WHERE d.tenant = \(tenant) AND d.id = \(subject) AND d.delegate = \(person) AND d.state = 'proposed'
            """)
        guard let row else { return nil }
        let name = try row.find("name", as: String.self) ?? "Somebody"
        let (from, until): (Day, Day) = (try row.get("from_day"), try row.get("until_day"))
        return LetterLine(
            subject: "Asked to stand in for \(name)",
            sentences: "\(name) asks you to stand in from \(words(from)) to \(words(until)). Accept or decline.",
            path: "/me/away")
    }

    // MARK: Questions and experiments

    func question(_ kind: NoticeKind, _ subject: String) throws -> LetterLine? {
        let row = try connection.row(
            """
            SELECT u.name AS use, e.due_day AS due FROM escalation e
            JOIN ai_use u ON u.tenant = e.tenant AND u.id = e.ai_use
            WHERE e.tenant = \(tenant) AND e.id = \(subject) AND e.decided_at IS NULL
            """)
        guard let row else { return nil }
        let (use, due): (String, Day) = (try row.get("use"), try row.get("due"))
        return LetterLine(
            subject: kind == .questionOverdue ? "Question overdue: \(use)" : "Question to you: \(use)",
            sentences: kind == .questionOverdue
                ? "A question about the AI use “\(use)” was due by \(words(due)). Stewards may answer it now."
                : "A question about the AI use “\(use)” waits for your answer until \(words(due)).",
            path: "/escalations/\(subject)")
    }

    func answer(_ subject: String) throws -> LetterLine? {
        let row = try connection.row(
            """
            SELECT u.name AS use FROM escalation e JOIN ai_use u ON u.tenant = e.tenant AND u.id = e.ai_use
            WHERE e.tenant = \(tenant) AND e.id = \(subject) AND e.by_person = \(person)
                AND e.decided_at IS NOT NULL
            """)
        guard let use = try row?.get("use", as: String.self) else { return nil }
        return LetterLine(
            subject: "Answered: \(use)", sentences: "Your question about the AI use “\(use)” is answered.",
            path: "/escalations/\(subject)")
    }

    func experiment(_ subject: String) throws -> LetterLine? {
        let row = try connection.row(
            "SELECT title, state FROM experiment WHERE tenant = \(tenant) AND id = \(subject)")
        guard let row else { return nil }
        let title: String = try row.get("title")
        let sentence: String? =
            switch try row.get("state", as: String.self) {
            case "promoted": "It is now a registered AI use."
            case "adapted": "It became an AI use in another form."
            case "stopped": "It was stopped."
            default: nil
            }
        guard let sentence else { return nil }
        return LetterLine(
            subject: "Decided: \(title)", sentences: "The experiment “\(title)” is decided. \(sentence)",
            path: "/experiments/\(subject)")
    }
}
