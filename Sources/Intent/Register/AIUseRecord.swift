public import Basis
public import People
public import Storage

/// One entry of the register: a use of AI for learning.
public struct AIUseRecord: Hashable, Sendable {
    /// What sort of thing it is.
    public enum Kind: String, CaseIterable, Storable, Sendable {
        case tool, feature, model, practice
    }

    /// Where it stands in its life.
    public enum Status: String, CaseIterable, Storable, Sendable {
        case idea, sandbox, pilot, live, suspended, retired

        /// Whether it counts for ownership clarity: people are learning with it in earnest.
        ///
        /// - Source: field notes A3.1, U(t) = uses that are pilot or live at t.
        public var isActive: Bool { self == .pilot || self == .live }

        /// Whether anybody may use it: an idea is not there yet, and what is suspended or retired is stopped.
        public var mayRun: Bool { self == .sandbox || isActive }
    }

    /// What it may see.
    public enum DataClass: String, CaseIterable, Storable, Sendable {
        /// Published anywhere already.
        case open
        /// Known inside the organisation.
        case `internal`
        /// Harmful if known outside.
        case confidential
        /// About an identifiable person.
        case personal
        /// What a person learned, answered or chose.
        case learning
        /// Special categories (GDPR, Article 9).
        case sensitive

        public var label: String {
            switch self {
            case .open: "Public data"
            case .internal: "Internal data"
            case .confidential: "Confidential data"
            case .personal: "Personal data"
            case .learning: "Learning records"
            case .sensitive: "Sensitive personal data"
            }
        }
    }

    /// A part of Leeway that uses AI itself.
    public enum Feature: String, CaseIterable, Storable, Sendable {
        /// Personal suggestions of what to learn next.
        case suggestions

        public var label: String {
            switch self {
            case .suggestions: "Personal suggestions of what to learn next"
            }
        }
    }

    public let id: ID<AIUse>
    /// Counts changes, from 1.
    public let revision: Int
    public let name: String
    public let purpose: String
    public let kind: Kind
    public let provider: String
    public let model: String
    /// Where it runs, in words, such as “our own servers in Frankfurt”.
    public let hosting: String
    /// In the order of `DataClass.allCases`.
    public let data: [DataClass]
    public let audience: AudienceRule
    public let cost: String
    public let status: Status
    public let risk: String
    /// The day by which somebody looks at it again. A pilot or live use has one.
    public let reviewOn: Day?
    /// How a person does without it.
    public let optOut: String
    /// What it does to people: what it decides, suggests or shows about them.
    public let effect: String
    /// The part of Leeway itself that stops when this entry is suspended; at most one entry governs each.
    public let governs: Feature?
    /// Nobody has to be consulted, and that is meant.
    public let consultsNobody: Bool
    /// Nobody has to be informed, and that is meant.
    public let informsNobody: Bool
    /// The learner's experiment that it came from.
    public let origin: ID<Experiment>?
    public let createdAt: Moment
    public let createdBy: ID<Person>
    public let changedAt: Moment
}

/// What a steward may set of a register entry.
public struct AIUseDraft: Hashable, Sendable {
    public var name: String
    public var purpose: String
    public var kind: AIUseRecord.Kind
    public var provider: String
    public var model: String
    public var hosting: String
    public var data: Set<AIUseRecord.DataClass>
    public var audience: AudienceRule
    public var cost: String
    public var status: AIUseRecord.Status
    public var risk: String
    public var reviewOn: Day?
    public var optOut: String
    public var effect: String
    public var governs: AIUseRecord.Feature?
    public var consultsNobody: Bool
    public var informsNobody: Bool

    public init(
        name: String, purpose: String, kind: AIUseRecord.Kind, provider: String = "", model: String = "",
        hosting: String = "", data: Set<AIUseRecord.DataClass> = [], audience: AudienceRule = .everyone,
        cost: String = "", status: AIUseRecord.Status = .idea, risk: String = "", reviewOn: Day? = nil,
        optOut: String = "", effect: String = "", governs: AIUseRecord.Feature? = nil, consultsNobody: Bool = false,
        informsNobody: Bool = false
    ) {
        self.name = name
        self.purpose = purpose
        self.kind = kind
        self.provider = provider
        self.model = model
        self.hosting = hosting
        self.data = data
        self.audience = audience
        self.cost = cost
        self.status = status
        self.risk = risk
        self.reviewOn = reviewOn
        self.optOut = optOut
        self.effect = effect
        self.governs = governs
        self.consultsNobody = consultsNobody
        self.informsNobody = informsNobody
    }

    /// The draft that says the same as an entry.
    public init(_ record: AIUseRecord) {
        self.init(
            name: record.name, purpose: record.purpose, kind: record.kind, provider: record.provider,
            model: record.model, hosting: record.hosting, data: Set(record.data), audience: record.audience,
            cost: record.cost, status: record.status, risk: record.risk, reviewOn: record.reviewOn,
            optOut: record.optOut, effect: record.effect, governs: record.governs,
            consultsNobody: record.consultsNobody, informsNobody: record.informsNobody)
    }
}
