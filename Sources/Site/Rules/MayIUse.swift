import HTML
import Intent

/// Asks the access rules whether the one who looks may use an AI, and shows what they said.
func mayIUse(_ model: AIUseModel, _ frame: Frame) -> Fragment {
    part("May I use it?", id: "may-i") {
        if let verdict = model.verdict {
            notice(verdict.isAllowed ? .success : .asked) {
                verdict.refusal
                    ?? "Yes. \(verdict.reasons.map(\.sentence).joined(separator: " "))"
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
