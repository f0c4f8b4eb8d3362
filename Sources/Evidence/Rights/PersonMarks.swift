import Basis
import Crypto
import JSON

/// By what a document outside the record tells that it is about a person.
struct PersonMarks {
    /// Canonical names of agents: see `AgentName`.
    private let names: Set<String>
    /// Texts that are the person's alone, in lower case.
    private let words: Set<String>

    /// - Parameters:
    ///   - identity: Who the directory says it is; nil when the directory has forgotten.
    ///   - agents: Under which names evidence knows, or knew, the person.
    init(_ identity: PersonIdentity?, _ agents: PersonAgents) {
        var names = Set(agents.agents.map(\.ifi))
        var words: Set<String> = []
        if let identity {
            names.insert(AgentName(home: identity.home, account: identity.key).canonical)
            words.insert(identity.id.description.lowercased())
            for email in Set([identity.email, identity.email?.lowercased()]).compactMap({ $0 }) {
                let hash = Insecure.SHA1.hash(data: Array("mailto:\(email)".utf8))
                words.formUnion([email.lowercased(), "mailto:" + email.lowercased(), hexadecimal(hash)])
            }
        }
        (self.names, self.words) = (names, words)
    }

    /// Whether a document names the person anywhere: as an agent, or by a text that is the person's alone.
    func name(_ document: JSONValue) -> Bool {
        switch document {
        case .object(let object):
            if let agent = AgentName(document), names.contains(agent.canonical) { return true }
            return object.members.contains { name($0.value) }
        case .array(let values): return values.contains(where: name)
        case .string(let text): return words.contains(text.lowercased())
        case .null, .bool, .number: return false
        }
    }

    /// The same for bytes that may be no JSON: then the texts are looked for anywhere in them.
    func name(_ bytes: [UInt8]) -> Bool {
        if let document = try? JSONValue(parsing: bytes) { return name(document) }
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        return words.contains { text.contains($0) }
    }
}
