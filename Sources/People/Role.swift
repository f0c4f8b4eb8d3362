public import Storage

/// What a person is for the organisation's learning. A person may have several.
public enum Role: String, CaseIterable, Hashable, Storable, Sendable {
    case learner, manager, designer, steward, sponsor, auditor, administrator

    /// The word that pages show.
    public var label: String {
        switch self {
        case .learner: "Learner"
        case .manager: "Manager"
        case .designer: "Designer"
        case .steward: "Steward"
        case .sponsor: "Sponsor"
        case .auditor: "Auditor"
        case .administrator: "Administrator"
        }
    }

    /// What the role lets a person do. Everyone active may learn.
    public var rights: Set<Right> {
        switch self {
        case .learner: [.learn]
        case .manager: [.learn, .seeTeam]
        case .designer: [.learn, .design]
        case .steward: [.learn, .design, .steward]
        case .sponsor: [.learn, .sponsor]
        case .auditor: [.learn, .audit]
        case .administrator: [.learn, .administer]
        }
    }
}

/// What a route or an act asks of the person who calls it.
public enum Right: String, CaseIterable, Hashable, Sendable {
    /// Use the catalogue and one's own evidence.
    case learn
    /// See the load and gaps of the people one manages.
    case seeTeam
    /// Build content and items.
    case design
    /// Keep the register of AI uses, policies and mandates.
    case steward
    /// State the strategy and its priorities.
    case sponsor
    /// Read the ledger and the evidence; change nothing.
    case audit
    /// People, credentials and settings.
    case administer
}
