import Basis
import JSON

extension StatementChecker {
    mutating func statement(_ value: JSONValue) {
        guard let object = object(value, "A statement", allowing: statementNames) else { return }
        member(object, "id") { $0.uuid($1) }
        body(of: object, allowsSubStatement: true)
        member(object, "stored") { $0.timestamp($1) }
        member(object, "authority") { $0.authority($1) }
        member(object, "version") { $0.version($1) }
        voiding(object)
    }

    private mutating func subStatement(_ value: JSONValue) {
        guard let object = object(value, "A SubStatement", allowing: subStatementNames) else { return }
        body(of: object, allowsSubStatement: false)
    }

    /// What statements and SubStatements share.
    private mutating func body(of object: JSONObject, allowsSubStatement: Bool) {
        require(object, "actor") { $0.actor($1) }
        require(object, "verb") { $0.verb($1) }
        require(object, "object") { $0.object($1, allowsSubStatement: allowsSubStatement) }
        member(object, "result") { $0.result($1) }
        let type = object["object"]?["objectType"]?.string ?? "Activity"
        member(object, "context") { $0.context($1, ofActivity: type == "Activity") }
        member(object, "timestamp") { $0.timestamp($1) }
        member(object, "attachments") { $0.each($1) { $0.attachment($1) } }
    }

    private mutating func verb(_ value: JSONValue) {
        guard let object = object(value, "A verb", allowing: ["id", "display"]) else { return }
        require(object, "id") { $0.iri($1) }
        member(object, "display") { $0.languageMap($1) }
    }

    private mutating func object(_ value: JSONValue, allowsSubStatement: Bool) {
        guard let object = value.object else { return flaw(mistyped(value, "an object")) }
        guard let type = object["objectType"] else { return activity(value) }
        switch type.string {
        case "Activity": activity(value)
        case "Agent", "Group": actor(value)
        case "StatementRef": statementReference(value)
        case "SubStatement":
            if allowsSubStatement {
                subStatement(value)
            } else {
                flaw("A SubStatement holds no SubStatement. Name another object.", at: "objectType")
            }
        case let word?:
            flaw(
                "“\(word)” is no object type. Use Activity, Agent, Group, StatementRef or SubStatement.",
                at: "objectType")
        case nil: flaw(mistyped(type, "a text"), at: "objectType")
        }
    }

    mutating func statementReference(_ value: JSONValue) {
        guard let object = object(value, "A StatementRef", allowing: ["objectType", "id"]) else { return }
        require(object, "objectType") { $0.word($1, "StatementRef") }
        require(object, "id") { $0.uuid($1) }
    }

    private mutating func result(_ value: JSONValue) {
        guard let object = object(value, "A result", allowing: resultNames) else { return }
        member(object, "score") { $0.score($1) }
        member(object, "success") { $0.bool($1) }
        member(object, "completion") { $0.bool($1) }
        member(object, "response") { $0.string($1) }
        member(object, "duration") { $0.duration($1) }
        member(object, "extensions") { $0.extensions($1) }
    }

    private mutating func score(_ value: JSONValue) {
        guard let object = object(value, "A score", allowing: ["scaled", "raw", "min", "max"]) else { return }
        for name in ["scaled", "raw", "min", "max"] { member(object, name) { $0.number($1) } }
        func number(_ name: String) -> Double? { object[name]?.double }
        if let scaled = number("scaled"), !(-1...1).contains(scaled) {
            flaw("A scaled score is from -1 to 1.", at: "scaled")
        }
        let (low, high) = (number("min"), number("max"))
        if let low, let high, low >= high { flaw("“min” must be less than “max”.", at: "min") }
        if let raw = number("raw") {
            if let low, raw < low { flaw("“raw” must not be less than “min”.", at: "raw") }
            if let high, raw > high { flaw("“raw” must not be more than “max”.", at: "raw") }
        }
    }

    private mutating func attachment(_ value: JSONValue) {
        guard let object = object(value, "An attachment", allowing: attachmentNames) else { return }
        require(object, "usageType") { $0.iri($1) }
        require(object, "display") { $0.languageMap($1) }
        member(object, "description") { $0.languageMap($1) }
        require(object, "contentType") { $0.mediaType($1) }
        require(object, "length") { checker, value in
            guard case .number = value else { return checker.flaw(checker.mistyped(value, "a number of bytes")) }
            guard let count = value.integer, count >= 0 else {
                return checker.flaw("A length is a whole number of bytes, 0 or more.")
            }
        }
        require(object, "sha2") { checker, value in
            guard let text = value.string else { return checker.flaw(checker.mistyped(value, "a text")) }
            guard [56, 64, 96, 128].contains(text.utf8.count), text.utf8.allSatisfy(ASCII.isHexadecimal) else {
                return checker.flaw("A SHA-2 hash is 56, 64, 96 or 128 hexadecimal digits.")
            }
        }
        member(object, "fileUrl") { $0.iri($1) }
        // - Source: xAPI 1.0.3, part 2, 2.6.
        let isSignature = object["usageType"]?.string == AttachmentMatch.signatureUsage
        if isSignature, let type = object["contentType"], type != "application/octet-stream" {
            flaw("A signature has the content type application/octet-stream.", at: "contentType")
        }
    }

    private mutating func authority(_ value: JSONValue) {
        guard value["objectType"] == "Group" else { return agent(value) }
        actor(value)
        if AgentName(value) != nil { flaw("An authority that is a group is anonymous. Remove its identifier.") }
        if let members = value["member"]?.array, members.count != 2 {
            flaw("An authority that is a group has exactly two members.", at: "member")
        }
    }

    private mutating func version(_ value: JSONValue) {
        guard let text = value.string else { return flaw(mistyped(value, "a text")) }
        guard let stated = XAPIVersion(header: text), stated.rawValue <= version.rawValue else {
            let known = version == .one ? "1.0.x" : "1.0.x or 2.0.x"
            return flaw("“\(text)” is no version that this request allows. Use \(known), or leave it out.")
        }
    }

    /// - Source: xAPI 1.0.3, part 2, 2.3.2.
    private mutating func voiding(_ object: JSONObject) {
        guard object["verb"]?["id"] == .string(Verb.voided.iri) else { return }
        if object["object"]?["objectType"] != "StatementRef" {
            flaw("A statement that voids names the voided one by a StatementRef.", at: "object")
        }
    }
}

private let statementNames = [
    "id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "authority", "version", "attachments",
]
private let subStatementNames = [
    "objectType", "actor", "verb", "object", "result", "context", "timestamp", "attachments",
]
private let resultNames = ["score", "success", "completion", "response", "duration", "extensions"]
private let attachmentNames = [
    "usageType", "display", "description", "contentType", "length", "sha2", "fileUrl",
]
