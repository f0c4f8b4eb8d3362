import HTML

/// Where intent is stated: four doors, each with how it stands.
struct IntentModel: Sendable {
    struct Door: Sendable {
        let heading, link, what: String
        let facts: [String]
        let icon: Icon
    }

    let doors: [Door]
}

func intentPage(_ model: IntentModel, in frame: Frame) -> Fragment {
    page("Intent", in: frame) {
        "What the organisation wants from learning with AI, who answers for it, and what it leaves to you."
    } content: {
        div(.class("cards two")) {
            for door in model.doors {
                article(.class("card")) {
                    h2 {
                        icon(door.icon)
                        a(.href(door.link)) { door.heading }
                    }
                    p(.class("muted")) { door.what }
                    ul { for fact in door.facts { li { fact } } }
                }
            }
        }
    }
}
