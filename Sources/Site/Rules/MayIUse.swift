import Basis
import HTML
import Intent
import Markdown

/// Asks the access rules whether the one who looks may use an AI, and shows what they said.
func mayIUse(_ model: AIUseModel, _ frame: Frame) -> Fragment {
    part("May I use it?", id: "may-i") {
        if let verdict = model.verdict {
            let waiting = model.policies.filter(\.isNeeded).map { "“\($0.document.title)”" }
            if let refusal = verdict.refusal {
                notice(.asked) { refusal }
            } else if !waiting.isEmpty {
                notice(.asked) { "Not yet: accept \(Words.list(waiting)) first, above." }
            } else {
                notice(.success) { "Yes. \(verdict.reasons.map(\.sentence).joined(separator: " "))" }
            }
        }
        frame.form(to: "\(model.path)/ask", class: "stack") {
            field(
                Field(
                    name: "purpose", words: "What for",
                    hint: "In a few words. Kept with the answer for 400 days; you see both on your data page."),
                model.entries)
            actions { press("Ask the access rules") }
        }
    }
}

/// The policies that are accepted before it is used, and can be here.
func policiesPart(_ model: AIUseModel, _ frame: Frame) -> Fragment {
    guard !model.policies.isEmpty else { return .empty }
    return part("What you agree to by using it", id: "policies") {
        for notice in model.policies {
            let record = notice.document
            article(.class(notice.isNeeded ? "card asked" : "card")) {
                h3 { a(.href("/documents/\(record.id)")) { record.title } }
                if !record.summary.isEmpty { p { record.summary } }
                if !notice.isNeeded {
                    p(.class("muted")) {
                        badge(.done("accepted"))
                        if let at = notice.acceptedAt {
                            " by you on "
                            time(at.day)
                        }
                    }
                } else if notice.accepted == nil {
                    details {
                        summary { "Read it here" }
                        div(.class("text")) { Fragment.trusted(CommonMark.html(record.body)) }
                    }
                    frame.form(to: "/documents/\(record.id)/accept", class: "actions") {
                        hidden("version", "\(record.version)")
                        hidden("use", model.path)
                        press("Accept policy", .primary, icon: .check, spoken: record.title)
                    }
                } else {
                    p { "It changed since you accepted version \(notice.accepted ?? 0)." }
                    actions { go("Read what changed", to: "/documents/\(record.id)", .primary, spoken: record.title) }
                }
            }
        }
    }
}
