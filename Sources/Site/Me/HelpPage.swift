import HTML

/// The few ideas that the rest is made of.
func helpPage(in frame: Frame) -> Fragment {
    page("Help", in: frame, width: .narrow) {
        "The few ideas that everything here is made of."
    } content: {
        dl(.class("sheet")) {
            idea(
                "Leeway",
                "The part of your learning time that is yours whatever is asked. The organisation sets the time "
                    + "a month "
                    + "and your share of it; mandates draw on the rest, and only on the rest.")
            idea(
                "Mandate",
                "Something you are asked to learn, by whom, why, how long and by when. If it does not fit beside your "
                    + "leeway, whoever asked had to give a reason, and you see it.")
            idea(
                "Goal",
                "Something you set out to be able to do. Your manager does not see it. Suggestions serve your "
                    + "goals first."
            )
            idea(
                "Suggestion",
                "Something from the catalogue that fits you, with its reason. You can put it aside, say that "
                    + "you know it, "
                    + "save it or swap it, and switch personalisation off.")
            idea(
                "Evidence",
                "What you read, answered and decided, as statements that are kept exactly as they were stored. You can "
                    + "read and take with you all that is on record about you.")
            idea(
                "Made by",
                "How a text or question was made: by people, with the help of AI, by AI, or nobody stated it. "
                    + "The same four marks stand everywhere.")
        }
        p {
            "Something wrong or missing? Ask an administrator or a steward of \(frame.organisation)."
        }
    }
}

private func idea(_ word: String, _ meaning: String) -> Fragment {
    div {
        dt { word }
        dd { meaning }
    }
}
