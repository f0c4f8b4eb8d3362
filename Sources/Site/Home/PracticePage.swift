import Basis
import Catalog
import HTML

/// A skill as one learner stands with it.
struct PracticeModel: Sendable {
    let skill: String
    let id: ID<Skill>
    let description: String
    let estimate: Estimate?
    let right, answers: Int
    let teaching: [ContentRecord]
    let total: Int
}

func practicePage(_ model: PracticeModel, in frame: Frame) -> Fragment {
    page(model.skill, in: frame, crumbs: [Crumb("Home", "/")]) {
        "A skill: how far you are, and what teaches it."
    } actions: {
        go("Set as goal", to: "/goals/new?skill=\(model.id)", icon: .goal)
    } content: {
        if !model.description.isEmpty { p { model.description } }
        if let estimate = model.estimate, model.answers > 0 {
            dotChart(
                "The chance that you answer a question on this skill right, with its 90% interval.",
                [(model.skill, "\(model.right) of \(Words.count(model.answers, "answer", "answers")) right", estimate)],
                level: 90)
        } else {
            p(.class("muted")) { "Not measured yet: needs an answer of yours to a question on this skill." }
        }
        part("What teaches it", id: "teaching") {
            if model.total > model.teaching.count {
                a(.href("/learn?skill=\(model.id)")) { "All \(Words.count(model.total))" }
            }
        } content: {
            if model.teaching.isEmpty {
                emptyState(
                    .learn, "Nothing in the catalogue teaches it",
                    "Its questions are answered in another system, and only the answers arrive here. "
                        + "Go on there: what you answer counts here too.")
            } else {
                div(.class("cards")) { for content in model.teaching { contentCard(content, level: .h3) } }
            }
        }
    }
}
