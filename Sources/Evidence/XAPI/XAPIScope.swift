import Basis

/// What a credential may do.
///
/// - Source: xAPI 1.0.3, part 3, 4.2, OAuth scopes.
public enum XAPIScope: String, CaseIterable, Sendable {
    case write = "statements/write"
    case read = "statements/read"
    /// Only what the same credential stored.
    case readMine = "statements/read/mine"
    case state
    /// Change what is known of activities: without it a statement's definitions are kept in the statement only.
    case define
    case profile
    case all
    case allRead = "all/read"
}

/// What a request does, as far as scopes care.
public enum XAPIDeed: String, CaseIterable, Sendable {
    case writeStatements, readStatements, readOwnStatements, readState, writeState, readProfile, writeProfile
    case readAgents, readActivities, define

    /// The scopes of which any one allows it.
    ///
    /// - Source: xAPI 1.0.3, part 3, 4.2. That does not say which scopes read Agents and Activities: whoever may read
    ///   what names them may. A scope that reads its own statements only learns of activities, not of other agents.
    public var scopes: Set<XAPIScope> {
        switch self {
        case .writeStatements: [.write, .all]
        case .readStatements: [.read, .allRead, .all]
        case .readOwnStatements: [.readMine, .read, .allRead, .all]
        case .readState: [.state, .allRead, .all]
        case .writeState: [.state, .all]
        case .readProfile: [.profile, .allRead, .all]
        case .writeProfile: [.profile, .all]
        case .readAgents: [.read, .profile, .allRead, .all]
        case .readActivities: [.readMine, .read, .state, .profile, .define, .allRead, .all]
        case .define: [.define, .all]
        }
    }

    /// As in “may not …”.
    fileprivate var words: String {
        switch self {
        case .writeStatements: "write statements"
        case .readStatements, .readOwnStatements: "read statements"
        case .readState: "read states"
        case .writeState: "change states"
        case .readProfile: "read profiles"
        case .writeProfile: "change profiles"
        case .readAgents: "read about agents"
        case .readActivities: "read about activities"
        case .define: "define activities"
        }
    }
}

extension XAPICaller {
    /// Whether the credential's scopes allow it.
    public func may(_ deed: XAPIDeed) -> Bool { !scopes.isDisjoint(with: deed.scopes) }

    /// - Throws: `Problem` (`scope`).
    func check(_ deed: XAPIDeed) throws(Problem) {
        if may(deed) { return }
        let enough = XAPIScope.allCases.filter(deed.scopes.contains).map(\.rawValue).joined(separator: ", ")
        throw Problem(
            .forbidden, "scope", "This credential may not \(deed.words). Ask for one of these scopes: \(enough).")
    }

    var mayWrite: Bool { may(.writeStatements) }
    var mayReadAll: Bool { may(.readStatements) }
    var mayReadMine: Bool { may(.readOwnStatements) }
}
