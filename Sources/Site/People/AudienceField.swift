import HTML

/// What an audience rule means now.
struct AudienceEffect: Sendable {
    /// Active people who are meant, and active people in all.
    var count = 0
    var total = 0
    /// The first of those who are meant.
    var names: [String] = []
    /// The rule in plain words.
    var sentence = ""
    /// What is wrong with the rule; nil when it can be read.
    var fault: String?
}

/// The inside of a preview: who is meant.
func audienceEffect(_ effect: AudienceEffect, heading: String = "Who is meant") -> Fragment {
    fragment {
        h2(.id("audience-effect")) { heading }
        if let fault = effect.fault {
            p {
                badge(.alert("not readable yet"))
                " " + fault
            }
        } else {
            p {
                strong(.class("figure")) { Words.count(effect.count, "person", "people") }
                " of \(Words.count(effect.total)) active"
            }
            p { effect.sentence }
            if !effect.names.isEmpty {
                ul(.class("stack"), .aria("label", "The first of them")) {
                    for name in effect.names { li { person(name) } }
                }
            }
            if effect.count > effect.names.count, !effect.names.isEmpty {
                p(.class("muted small")) { "and \(Words.count(effect.count - effect.names.count)) more" }
            }
            if effect.count == 0 { p(.class("muted")) { "Nobody answers this rule now. Widen it." } }
        }
    }
}

/// The card that shows the effect of a form beside it.
func preview(@Markup _ content: () -> Fragment) -> Fragment {
    section(
        .id("preview"), .class("card preview"), .aria("live", "polite"), .aria("labelledby", "audience-effect"),
        content: content)
}

/// The field for an audience rule, with what can be written.
func audienceField(
    _ name: String = "audience", _ words: String = "Who is meant", _ entries: Entries, examples: [String]
) -> Fragment {
    fragment {
        area(
            name, words,
            hint:
                "everyone, unit \"…\", role …, attribute … = \"…\" or person \"…\"; joined by and, or, not, brackets.",
            rows: 2, entries, isRequired: true)
        details(.class("why")) {
            summary { "What can I write?" }
            div {
                p { "Units count with everything below them. Only active people are counted." }
                ul {
                    for example in audienceExamples + examples.map({ "unit \"\($0)\"" }) { li { code { example } } }
                }
            }
        }
    }
}

private let audienceExamples = [
    "everyone", "role manager", "attribute country = \"DE\"", "not role sponsor",
    "unit \"Sales\" and not (role manager or attribute country = \"DE\")",
]
