public import Basis

/// Where documents lie: what xAPI asks for besides a document's own name.
///
/// - Source: xAPI 1.0.3, part 3, 2.3, 2.6 and 2.7; IEEE 9274.1.1-2023, 4.1.6.2, 4.1.6.5 and 4.1.6.6.
public enum DocumentFolder: Hashable, Sendable {
    /// What is kept for one agent in one activity. The registration is a UUID in lower case. Documents without a
    /// registration are apart from those that have one; a search without a registration finds them all.
    case state(activity: String, agent: AgentName, registration: String?)
    case activityProfile(activity: String)
    case agentProfile(agent: AgentName)

    /// The word of the folder's kind in the table `document`.
    var kind: DocumentKind {
        switch self {
        case .state: .state
        case .activityProfile: .activityProfile
        case .agentProfile: .agentProfile
        }
    }
}

/// The three resources that keep documents.
public enum DocumentKind: String, CaseIterable, Sendable {
    case state
    case activityProfile = "activity"
    case agentProfile = "agent"
}

/// The one place of one document.
public struct DocumentAddress: Hashable, Sendable {
    public let folder: DocumentFolder
    /// xAPI's `stateId` or `profileId`.
    public let name: String

    public init(_ folder: DocumentFolder, name: String) {
        self.folder = folder
        self.name = name
    }
}

/// Bytes that a client keeps here, exactly as they were received.
public struct Document: Hashable, Sendable {
    /// The media type, with its parameters, as the client sent it.
    public let type: String
    public let body: [UInt8]
    /// The SHA-1 of the body: 20 bytes.
    public let hash: [UInt8]
    public let updatedAt: Moment

    /// The entity tag, with its quotes.
    ///
    /// - Source: xAPI 1.0.3, part 3, 3.1: 40 hexadecimal digits of SHA-1, in quotes.
    public var tag: String { "\"" + hash.map { hexadecimal($0) }.joined() + "\"" }

    /// Whether the type says that the body is JSON.
    public var isJSON: Bool { DocumentChange.isJSON(type) }

    /// The type of a document that came without one.
    ///
    /// - Source: RFC 9110, section 8.3.
    public static let plainType = "application/octet-stream"
    /// The longest name of a document.
    public static let nameByteLimit = 1_000
    /// The longest media type, with its parameters.
    public static let typeByteLimit = 255
}

/// What is to become of one document.
public struct DocumentChange: Sendable {
    /// What a request does with a document.
    public enum Action: Sendable {
        /// Keeps the bytes, whatever lay there.
        case put(type: String, body: [UInt8])
        /// Lays the members of a JSON object over those of the object that is there, top level only; keeps the bytes
        /// when there is nothing yet.
        case merge(type: String, body: [UInt8])
        case remove
    }

    public let address: DocumentAddress
    public let action: Action
    public let condition: DocumentCondition

    public init(_ address: DocumentAddress, _ action: Action, if condition: DocumentCondition = DocumentCondition()) {
        self.address = address
        self.action = action
        self.condition = condition
    }

    static func isJSON(_ type: String) -> Bool {
        type.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased() == "application/json"
    }
}

private func hexadecimal(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16)
    return byte < 16 ? "0" + text : text
}
