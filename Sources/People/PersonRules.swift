import Basis
import Input

/// What a person's fields may hold. Pure; the same for forms and for files.
enum PersonRules {
    static let keyLimit = 200
    static let nameLimit = 200
    static let emailLimit = 254
    static let attributeLimit = 40
    static let attributeNameLimit = 64
    static let attributeValueLimit = 500

    struct Fault: Hashable {
        /// `key`, `name`, `email`, `language`, or `attributes/` and a name.
        let field: String
        let detail: String
    }

    /// The draft without white space around its texts, accents composed, attribute names in lower case, empty
    /// values gone.
    static func tidied(_ draft: PersonDraft) -> PersonDraft {
        var draft = draft
        draft.key = composed(draft.key.trimmed)
        draft.name = composed(draft.name.trimmed)
        draft.email = draft.email.map { composed($0.trimmed) }
        if draft.email == "" { draft.email = nil }
        draft.language = draft.language?.trimmed
        if draft.language == "" { draft.language = nil }
        if draft.roles.isEmpty { draft.roles = [.learner] }
        var attributes: [String: String] = [:]
        for (name, value) in draft.attributes where !value.trimmed.isEmpty {
            attributes[composed(name.trimmed.lowercased())] = composed(value.trimmed)
        }
        draft.attributes = attributes
        return draft
    }

    /// What is wrong with a tidied draft.
    static func faults(in draft: PersonDraft) -> [Fault] {
        var faults: [Fault] = []
        func check(_ field: String, _ detail: String?) {
            if let detail { faults.append(Fault(field: field, detail: detail)) }
        }
        check("key", fault(inText: draft.key, called: "The id", limit: keyLimit))
        check("name", fault(inText: draft.name, called: "The name", limit: nameLimit))
        if let email = draft.email, !isEmail(email) {
            check("email", "“\(email)” is not an e-mail address. Write one such as ada@example.org.")
        }
        if let language = draft.language, !isLanguageTag(language) {
            check("language", "“\(language)” is not a language tag. Write one such as de or pt-BR.")
        }
        if draft.attributes.count > attributeLimit {
            check("attributes", "There are \(draft.attributes.count) attributes; \(attributeLimit) are the most.")
        }
        for (name, value) in draft.attributes.sorted(by: { $0.key < $1.key }) {
            let field = "attributes/\(name)"
            check(field, fault(inText: name, called: "An attribute's name", limit: attributeNameLimit))
            check(field, fault(inText: value, called: "The value of “\(name)”", limit: attributeValueLimit))
        }
        return faults
    }

    static func fault(inText text: String, called what: String, limit: Int) -> String? {
        if text.isEmpty { return "\(what) is empty. Write one." }
        if text.count > limit { return "\(what) is longer than \(limit) characters. Shorten it." }
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            return "\(what) holds a line break or another control character. Take it out."
        }
        return nil
    }

    /// - Shape: something, `@`, and a domain name with a point. Whether mail arrives, only mail can tell.
    static func isEmail(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count), text.utf8.count <= emailLimit else {
            return false
        }
        let isOdd = parts[0].unicodeScalars.contains { scalar in
            scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
                || "<>()[],;:\\\"".unicodeScalars.contains(scalar)
        }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return !isOdd && labels.count >= 2
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
            }
    }

    /// - Source: RFC 5646, section 2.1, its shape only.
    static func isLanguageTag(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return text.utf8.count <= 35 && (2...8).contains(parts[0].count)
            && parts[0].allSatisfy { $0.isASCII && $0.isLetter }
            && parts.dropFirst().allSatisfy {
                (1...8).contains($0.count) && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
            }
    }

    /// What a unit's name may not be, or nil.
    static func fault(inUnitName name: String) -> String? {
        if name.contains(UnitTree.separator) {
            return "The unit's name “\(name)” holds “\(UnitTree.separator)”, which stands between names. Take it out."
        }
        return fault(inText: name, called: "The unit's name", limit: nameLimit)
    }

    /// Whether the text is an absolute IRL with a host, fit to be the home page of accounts.
    static func isHome(_ text: String) -> Bool {
        let rest = ["https://", "http://"].first { text.lowercased().hasPrefix($0) }.map { text.dropFirst($0.count) }
        guard let rest, let first = rest.first, first != "/", text.utf8.count <= 500 else { return false }
        return text.unicodeScalars.allSatisfy {
            !$0.properties.isWhitespace && $0.properties.generalCategory != .control
                && !"<>\"{}|\\^`".unicodeScalars.contains($0)
        }
    }
}
