import JSON

/// A few entries that the made-up organisation holds besides the starter curriculum, of every provenance.
///
/// They are titles only: what they describe does not exist, and each says so.
enum DemoCatalogue {
    private struct Entry {
        let key, title, description, kind, provenance: String
        let minutes: Int
        let skill: String
        var model: String?
        var reviewer: String?
    }

    private static let entries = [
        Entry(
            key: "workshop-checking", title: "Workshop: checking AI answers together",
            description: "Half a day in the training room, with cases from customer care.", kind: "course",
            provenance: "human-made", minutes: 210, skill: "checking-output"),
        Entry(
            key: "onboarding-data", title: "Onboarding: how we handle customer data",
            description: "The hour with the data protection officer in everybody's first week.", kind: "course",
            provenance: "human-made", minutes: 60, skill: "data-protection"),
        Entry(
            key: "prompt-clinic", title: "Prompt clinic, every second Thursday",
            description: "Bring a request that did not work; leave with one that does.", kind: "course",
            provenance: "human-made", minutes: 45, skill: "prompting"),
        Entry(
            key: "owner-guide", title: "Guide for owners of an AI use",
            description: "What an owner decides, records and reviews; drafted with AI from our own minutes.",
            kind: "article", provenance: "ai-assisted", minutes: 12, skill: "leading-ai-use",
            model: "Quill 4 (fictional)", reviewer: "People and Learning"),
        Entry(
            key: "care-phrases", title: "Phrases for customer care, translated",
            description: "Written by people, translated with AI, read by native speakers.", kind: "article",
            provenance: "ai-assisted", minutes: 15, skill: "working-with-documents", model: "Quill 4 (fictional)",
            reviewer: "Customer Care"),
        Entry(
            key: "bought-spreadsheets", title: "Spreadsheets and AI (bought course)",
            description: "From a supplier who does not say how it was made.", kind: "course", provenance: "unknown",
            minutes: 90, skill: "data-analysis-with-ai"),
        Entry(
            key: "bought-ethics", title: "Ethics of AI in one hour (bought course)",
            description: "From a supplier who does not say how it was made.", kind: "course", provenance: "unknown",
            minutes: 60, skill: "bias-and-fairness"),
    ]

    /// Catalogue rows, one JSON object a line.
    static var rows: [UInt8] {
        entries.flatMap { entry -> [UInt8] in
            let row: JSONValue = [
                "id": .string("demo:\(entry.key)"), "source": "demonstration", "kind": .string(entry.kind),
                "title": .string(entry.title),
                "description": .string(entry.description + " An entry of the demonstration: there is no such course."),
                "language": "en", "duration_minutes": JSONValue(entry.minutes), "level": "beginner",
                "roles": [], "topics": [], "skills": [.string(entry.skill)],
                "provenance": .string(entry.provenance), "model": JSONValue(entry.model),
                "reviewer": JSONValue(entry.reviewer), "licence": "CC-BY-4.0",
                "attribution": "Leeway demonstration",
            ]
            return row.bytes + [0x0A]
        }
    }
}
