import Basis
import JSON

/// The parameters of the resources that keep documents, read strictly.
///
/// - Source: xAPI 1.0.3, part 3, 2.3, 2.6 and 2.7.
struct DocumentParameters {
    let folder: DocumentFolder
    /// `stateId` or `profileId`; nil for all of the folder.
    let name: String?
    let since: Moment?

    /// - Throws: `Problem` (`parameter`).
    init(_ request: XAPIRequest, of kind: DocumentKind, version: XAPIVersion) throws(Problem) {
        let nameParameter = kind.nameParameter
        var known = kind.folderParameters + [nameParameter]
        if request.method == "GET" { known.append("since") }
        let reader = try ParameterReader(request.query, known: known)
        switch kind {
        case .state:
            let registration: ID<Statement>? = try reader.identifier("registration")
            folder = .state(
                activity: try reader.requiredIRI("activityId"), agent: try reader.requiredAgent(version),
                registration: registration?.description)
        case .activityProfile: folder = .activityProfile(activity: try reader.requiredIRI("activityId"))
        case .agentProfile: folder = .agentProfile(agent: try reader.requiredAgent(version))
        }
        name = try reader.documentName(nameParameter)
        since = try reader.moment("since")
        if name != nil, since != nil {
            throw ParameterReader.refusal("since", "It cannot stand beside \(nameParameter). Remove one of them.")
        }
        if name == nil, ["PUT", "POST"].contains(request.method) || (request.method == "DELETE" && kind != .state) {
            throw ParameterReader.refusal(nameParameter, "It is missing. Send the document's name.")
        }
    }

    /// The one document.
    var address: DocumentAddress? { name.map { DocumentAddress(folder, name: $0) } }
}

extension DocumentKind {
    /// What xAPI calls a document's name.
    var nameParameter: String { self == .state ? "stateId" : "profileId" }

    fileprivate var folderParameters: [String] {
        switch self {
        case .state: ["activityId", "agent", "registration"]
        case .activityProfile: ["activityId"]
        case .agentProfile: ["agent"]
        }
    }
}

extension ParameterReader {
    /// An absolute IRI that is there and that an index holds.
    func requiredIRI(_ name: String) throws(Problem) -> String {
        guard let iri = try iri(name) else { throw ParameterReader.refusal(name, "It is missing. Send an IRI.") }
        if iri.utf8.count > Format.iriByteLimit {
            throw ParameterReader.refusal(
                name, "It is longer than \(Format.iriByteLimit) bytes. Use a shorter IRI.")
        }
        return iri
    }

    /// The parameter `agent`: an agent or identified group as JSON.
    func requiredAgent(_ version: XAPIVersion) throws(Problem) -> AgentName {
        guard let text = self["agent"] else {
            throw ParameterReader.refusal("agent", "It is missing. Send an agent as a JSON object.")
        }
        guard let value = try? JSONValue(parsing: text) else {
            throw ParameterReader.refusal("agent", "It is not JSON. Send an agent as a JSON object.")
        }
        if let flaw = StatementValidator(version).flaws(inAgent: value).first {
            throw ParameterReader.refusal("agent", "\(flaw.pointer): \(flaw.detail)")
        }
        guard let name = AgentName(value) else {
            throw ParameterReader.refusal(
                "agent", "A group without an identifier has no documents. Name one of its members.")
        }
        return name
    }

    fileprivate func documentName(_ name: String) throws(Problem) -> String? {
        guard let text = self[name] else { return nil }
        if text.isEmpty { throw ParameterReader.refusal(name, "It is empty. Send the document's name.") }
        if text.utf8.count > Document.nameByteLimit {
            throw ParameterReader.refusal(
                name, "It is longer than \(Document.nameByteLimit) bytes. Use a shorter name.")
        }
        if text.utf8.contains(0) { throw ParameterReader.refusal(name, "It holds a NUL character. Remove it.") }
        return text
    }
}
