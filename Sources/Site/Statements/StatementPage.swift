import Basis
import HTML

/// One statement with all that is known of it.
struct StatementModel: Sendable {
    let row: StatementRow
    let happenedAt: Moment
    let verbIRI: String
    /// Nil when the object is no activity.
    let activity: String?
    let registration: String?
    let authority: String
    let version: String
    let isVoided: Bool
    /// The statement that this one is about.
    let target: String?
    /// The statements about this one.
    let references: [StatementRow]
    /// Exactly as stored, on lines of its own.
    let raw: String
    /// Whether the person looks at evidence of their own, without the tools of a steward.
    let isOwn: Bool
    /// Whether the ledger's proof can be asked for.
    let mayProve: Bool
}

func statementPage(_ model: StatementModel, in frame: Frame) -> Fragment {
    let (list, above) = model.isOwn ? ("/evidence", "My evidence") : ("/statements", "Statements")
    return page(
        "\(model.row.actor) \(model.row.verb) \(model.row.thing)", in: frame, width: .wide,
        crumbs: [Crumb(above, list)], here: "Statement",
        actions: {
            go("Save as JSON", to: "\(list)/\(model.row.id).json", icon: .download)
            if model.mayProve {
                go("Proof in the ledger", to: Address("/ledger").with("statement", model.row.id).text, icon: .lock)
            }
        }
    ) {
        if model.isVoided {
            notice(.asked) { "This statement was voided: a later one took it back. It stays on record." }
        }
        sheet(facts(model))
        if let target = model.target {
            part("About another statement", id: "target") {
                p { a(.href("\(list)/\(target)")) { target } }
            }
        }
        if !model.references.isEmpty {
            part("Statements about this one", id: "references") {
                ul {
                    for row in model.references {
                        li {
                            a(.href("\(list)/\(row.id)")) { "\(row.actor) \(row.verb)" }
                            ", "
                            time(row.storedAt)
                        }
                    }
                }
            }
        }
        part("As it is stored", id: "raw") {
            pre(.class("raw")) { code { model.raw } }
        }
    }
}

private func facts(_ model: StatementModel) -> [(String, Fragment)] {
    func found(_ name: String, _ value: String, _ words: String) -> Fragment {
        if model.isOwn { return Fragment(words) }
        return a(.href(Address("/statements").with(name, value).text)) { words }
    }
    var facts: [(String, Fragment)] = [
        ("Who", model.row.agent.map { found("agent", $0, model.row.actor) } ?? Fragment(model.row.actor)),
        ("Did what", found("verb", model.verbIRI, model.verbIRI)),
    ]
    if let activity = model.activity { facts.append(("With what", found("activity", activity, activity))) }
    if !model.row.result.isEmpty { facts.append(("Result", Fragment(model.row.result))) }
    if let registration = model.registration {
        facts.append(("Registration", found("registration", registration, registration)))
    }
    return facts + [
        ("Happened", time(model.happenedAt)), ("Stored", time(model.row.storedAt)),
        ("Vouched for by", Fragment(model.authority)), ("Version of xAPI", Fragment(model.version)),
        ("Identifier", Fragment(model.row.id)),
    ]
}
