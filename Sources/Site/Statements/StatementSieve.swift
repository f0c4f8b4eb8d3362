import Basis
import Evidence
import Web

/// What a steward or auditor looks for among the statements: as typed, and as the record store understands it.
struct StatementSieve {
    private(set) var entries: Entries
    private(set) var query = StatementQuery()
    /// The newest, asked for again and again.
    let isLive: Bool

    static let names = ["agent", "verb", "activity", "registration", "since", "until", "related", "order"]

    /// `home` is the home page of the organisation's own accounts.
    init(_ form: Form, home: String) {
        entries = Entries(
            Dictionary(StatementSieve.names.map { ($0, form.text($0)) }, uniquingKeysWith: { one, _ in one }))
        isLive = form.isOn("live")
        query.agent = agent(entries["agent"], home: home)
        query.verb = entries["verb"].isEmpty ? nil : entries["verb"]
        query.activity = entries["activity"].isEmpty ? nil : entries["activity"]
        if !entries["registration"].isEmpty {
            query.registration = ID<Statement>(entries["registration"])?.description
            if query.registration == nil { entries.errors["registration"] = "A registration is a UUID. Check it." }
        }
        query.since = moment("since").map { $0.start - .microseconds(1) }
        query.until = moment("until").map { $0.start + .hours(24) - .microseconds(1) }
        query.withRelatedAgents = entries["related"] == "yes"
        query.withRelatedActivities = entries["related"] == "yes"
        query.isAscending = entries["order"] == "oldest" && !isLive
        query.cursor = isLive ? nil : Int(form.text("after"))
    }

    var hasFaults: Bool { !entries.errors.isEmpty }

    /// The list with these filters.
    var address: Address {
        StatementSieve.names.reduce(Address("/statements")) { $0.with($1, entries[$1]) }
            .with("live", isLive ? "yes" : nil)
    }

    private mutating func moment(_ name: String) -> Day? { entries.day(name) }

    /// A mail address, a person's id, or an identifier as the list shows it, such as `openid:https://…`.
    private mutating func agent(_ text: String, home: String) -> String? {
        if text.isEmpty { return nil }
        if let name = AgentName(canonical: text) { return name.canonical }
        if text.contains("@"), !text.contains(" ") {
            return AgentName(mail: text.hasPrefix("mailto:") ? String(text.dropFirst(7)) : text).canonical
        }
        return AgentName(home: home, account: text).canonical
    }
}
