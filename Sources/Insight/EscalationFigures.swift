import Basis
import Intent
import Statistics

/// How escalations and decisions about uses go.
///
/// - Source: field notes A3.1, 6 and 8.
enum EscalationFigures {
    static func figures(_ list: [EscalationRecord], answerDays: Int, asOf now: Moment) -> [Figure] {
        let open = list.filter(\.isOpen)
        let followUps = list.map { one in
            FollowUp(
                exit: max(0, ((one.decidedAt ?? now) - one.raisedAt).seconds / 86_400),
                event: one.isOpen ? nil : 0)
        }
        let handed = list.reduce(0) { $0 + $1.handovers }
        return survival(
            followUps, median: "Time to a decision on a question, median",
            open: "Questions still open after 14 days", at: 14, things: "questions raised about uses",
            done: "were answered")
            + [
                Figure(
                    census: "Open questions that wait for more than \(answerDays) working days",
                    open.count { $0.isOverdue(on: now.day) }, outOf: open.count, of: "open questions"),
                Figure(
                    "Hand-overs a question", list.isEmpty ? nil : Double(handed) / Double(list.count), .number,
                    of: "\(handed) hand-overs of \(list.count) questions",
                    needs: "questions raised about uses"),
            ]
    }

    /// De facto and de jure: who decides against who should.
    static func figures(_ decisions: [UseDecision]) -> [Figure] {
        let owned = decisions.filter { $0.wasOwned }
        return [
            Figure(
                "Decisions taken by the accountable person or a stand-in", owned.count(where: \.isByOwner),
                outOf: owned.count, of: "decisions about uses with an owner"),
            Figure(
                census: "Decisions while nobody was accountable", decisions.count - owned.count,
                outOf: decisions.count, of: "decisions about uses"),
        ]
    }

    static let method =
        "Decisions of the last 365 days: a status changed, a classification, a review, an answered question. They are "
        + "counted for whoever was accountable at that moment, or had been asked to stand in and accepted."
}
