import Intent

extension DemoIntent {
    /// The AI uses of the demonstration. Products and makers are made up, as everything else here.
    static let uses: [Use] = [
        Use(
            name: "Writing assistant", purpose: "Drafts letters, minutes and summaries from notes.", kind: .tool,
            provider: "Quillside (fictional)", model: "quill-4", hosting: "EU cloud, no training on our texts",
            data: [.internal], unit: nil, cost: "About 9 euros a person and month", status: .live,
            risk: "Fluent errors in texts that leave the house.",
            optOut: "Leave it switched off in your settings; nothing else changes.", owner: 10,
            effect: "None by itself: whoever sends a text answers for it.",
            intake: ([.conversing, .generating], "It drafts texts for people who check and send them.")),
        Use(
            name: "Customer answer drafts", purpose: "Suggests answers to customers' letters; a person sends them.",
            kind: .feature, provider: "Quillside (fictional)", model: "quill-4", hosting: "EU cloud",
            data: [.personal, .confidential], unit: 7, cost: "Part of the service desk's licence", status: .live,
            risk: "Wrong promises to customers; personal data in prompts.",
            optOut: "Ask your team lead: answers without drafts count the same.", owner: 7,
            effect: "None on employees; customers read what a person sent.",
            intake: ([.generating], "A person reads, changes and sends every answer.")),
        Use(
            name: "Next-step suggestions", purpose: "Suggests what to learn next, with its reasons.", kind: .model,
            provider: "Leeway", model: "streaming logistic model", hosting: "our own server",
            data: [.learning], unit: nil, cost: "None", status: .live,
            risk: "Suggestions that narrow what people see.",
            optOut: "Settings, Personalisation, Off. Everything else keeps working.", owner: 10,
            effect: "It orders what is offered next. It decides nothing: everybody may take anything.",
            governs: .suggestions,
            intake: (
                [.outcomes, .profiling],
                "It estimates what a person can do and steers what is offered. We treat it as high-risk."
            )),
        Use(
            name: "Demand forecast", purpose: "Forecasts parts needed next month; planners learn to question it.",
            kind: .model, provider: "Fathom Lines (fictional)", model: "fl-demand 2", hosting: "our data centre",
            data: [.internal], unit: 3, cost: "24,000 euros a year", status: .pilot,
            risk: "Planners stop checking.", optOut: "Planners may overrule every figure.", owner: 3, isOverdue: true),
        Use(
            name: "Code assistant", purpose: "Completes and explains code.", kind: .tool,
            provider: "Branchlight (fictional)", model: "bl-code", hosting: "EU cloud",
            data: [.internal, .confidential],
            unit: 8, cost: "19 euros a person and month", status: .live, risk: "Licences of suggested code.",
            optOut: "Switch the plug-in off.", owner: 8),
        Use(
            name: "Meeting notes", purpose: "Writes down who promised what in a meeting.", kind: .feature,
            provider: "Roundtable (fictional)", model: "unknown", hosting: "unknown", data: [.personal], unit: 4,
            cost: "Free trial", status: .pilot, risk: "People were not asked before they were recorded.",
            optOut: "Say so at the start of the meeting.", owner: 4),
        Use(
            name: "Image maker for campaigns", purpose: "Makes pictures for posts and leaflets.", kind: .tool,
            provider: "several", model: "unknown", hosting: "unknown", data: [.open], unit: 11,
            cost: "Private accounts", status: .live, risk: "Rights in pictures; nobody has looked into it.",
            optOut: "Ask for pictures from the archive.", owner: nil),
        Use(
            name: "Tutor for apprentices", purpose: "Asks questions back instead of giving answers.", kind: .practice,
            provider: "", model: "", hosting: "", data: [.learning], unit: 2, cost: "", status: .idea,
            risk: "Not assessed yet.", optOut: "It is an idea; nobody uses it.", owner: nil),
    ]
}
