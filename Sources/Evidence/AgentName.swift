public import JSON

/// The one identifier by which an agent or identified group is known, whatever else is said of it.
///
/// - Source: xAPI 1.0.3, part 2, 2.4.2.3, inverse functional identifiers.
public struct AgentName: Hashable, Sendable {
    /// Which inverse functional identifier names the agent (xAPI 1.0.3, part 2, 2.4.2.3).
    public enum Form: String, CaseIterable, Sendable {
        case mbox
        case mboxSHA1 = "mbox_sha1sum"
        case openID = "openid"
        case account
    }

    public let form: Form
    /// The mail IRI, hash or OpenID, or the account's name.
    public let value: String
    /// The account's home page; empty for the other forms.
    public let home: String

    private init(_ form: Form, _ value: String, home: String = "") {
        self.form = form
        self.value = value
        self.home = home
    }

    public init(home: String, account name: String) { self.init(.account, name, home: home) }

    public init(mail address: String) { self.init(.mbox, "mailto:" + address) }

    /// Reads an agent's or group's JSON object; nil for an anonymous group and for what has no identifier.
    public init?(_ agent: JSONValue) {
        for form in Form.allCases {
            guard let member = agent[form.rawValue] else { continue }
            if form == .account {
                guard let name = member["name"]?.string, let home = member["homePage"]?.string else { return nil }
                self.init(home: home, account: name)
            } else {
                guard let text = member.string else { return nil }
                self.init(form, form == .mboxSHA1 ? text.lowercased() : text)
            }
            return
        }
        return nil
    }

    /// One text for each identity, such as `account:https://example.org alice`. An IRI has no space, so it parses back.
    public var canonical: String {
        form == .account ? "account:\(home) \(value)" : "\(form.rawValue):\(value)"
    }

    public init?(canonical text: String) {
        guard let colon = text.firstIndex(of: ":"), let form = Form(rawValue: String(text[..<colon])) else {
            return nil
        }
        let rest = text[text.index(after: colon)...]
        guard form == .account else {
            self.init(form, String(rest))
            return
        }
        guard let space = rest.firstIndex(of: " ") else { return nil }
        self.init(home: String(rest[..<space]), account: String(rest[rest.index(after: space)...]))
    }

    /// The agent as a JSON object with nothing but its identifier.
    public var json: JSONValue {
        let identifier: JSONValue =
            form == .account ? ["homePage": .string(home), "name": .string(value)] : .string(value)
        return .object(JSONObject([("objectType", "Agent"), (form.rawValue, identifier)]))
    }
}

extension JSONObject {
    /// Changes each agent and group of a statement's context, wherever xAPI lets them stand.
    mutating func changeContextAgents(_ change: (JSONValue) -> JSONValue) {
        for name in ["instructor", "team"] { self[name] = self[name].map(change) }
        for (name, inner) in [("contextAgents", "agent"), ("contextGroups", "group")] {
            guard let elements = self[name]?.array else { continue }
            self[name] = .array(
                elements.map { element in
                    guard var element = element.object else { return element }
                    element[inner] = element[inner].map(change)
                    return .object(element)
                })
        }
    }
}
