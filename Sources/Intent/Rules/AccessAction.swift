import Authorization
public import Basis
public import People
public import Storage

/// What the access rules are asked about.
public enum AccessAction: String, CaseIterable, Storable, Sendable {
    /// Leeway suggests to a person what to learn next, from what it knows of that person.
    case recommend
    /// A person or a program uses an entry of the AI register for a purpose.
    case useAI
    /// Learning objects, texts or questions come into the catalogue.
    case publishContent
    case publishStrategy
    case publishMandate
    /// The leeway policy: how much time may be asked of whom.
    case publishPolicy
    /// A policy in prose.
    case publishDocument
    /// The access rules themselves.
    case publishRules
    /// Somebody looks at a named person.
    case viewPerson
    /// A manager looks at the team.
    case viewTeam
    /// Somebody lists the people.
    case viewPeople
    /// Somebody reads by name who is asked, such as whose time a mandate does not fit.
    case viewAsked
    /// Somebody searches or opens statements of others.
    case viewStatements
    /// Everything held about a person is handed out.
    case exportPerson
    case erasePerson

    /// The groups that rules may name instead of single actions.
    public enum Group: String, CaseIterable, Sendable {
        case ai, publish, personalData

        /// What belongs to it, for pages.
        public var label: String {
            switch self {
            case .ai: "AI"
            case .publish: "Publications"
            case .personalData: "Personal data"
            }
        }

        var reference: EntityReference { EntityReference("Action", rawValue) }
    }

    /// The group that the action is in.
    public var group: Group {
        switch self {
        case .recommend, .useAI: .ai
        case .publishContent, .publishStrategy, .publishMandate, .publishPolicy, .publishDocument, .publishRules:
            .publish
        case .viewPerson, .viewTeam, .viewPeople, .viewAsked, .viewStatements, .exportPerson, .erasePerson:
            .personalData
        }
    }

    /// What it is, for pages.
    public var label: String {
        switch self {
        case .recommend: "Suggest what to learn"
        case .useAI: "Use an AI"
        case .publishContent: "Publish content"
        case .publishStrategy: "Publish a strategy"
        case .publishMandate: "Publish a mandate or certification"
        case .publishPolicy: "Publish the leeway policy"
        case .publishDocument: "Publish a policy to accept"
        case .publishRules: "Publish access rules"
        case .viewPerson: "Look at a person"
        case .viewTeam: "Look at a team"
        case .viewPeople: "List the people"
        case .viewAsked: "Read by name who is asked"
        case .viewStatements: "Read statements of others"
        case .exportPerson: "Hand out a person’s data"
        case .erasePerson: "Erase a person"
        }
    }

    /// Whether the decision is on disk before the thing happens. Others are written together, within a second.
    public var isDurable: Bool {
        switch self {
        case .useAI, .publishContent, .publishStrategy, .publishMandate, .publishPolicy, .publishDocument,
            .publishRules,
            .exportPerson, .erasePerson:
            true
        case .recommend, .viewPerson, .viewTeam, .viewPeople, .viewAsked, .viewStatements: false
        }
    }

    /// Whether a refusal is told as a statement, too.
    var isTold: Bool { isDurable && group != .personalData }

    var reference: EntityReference { EntityReference("Action", rawValue) }

    /// Every action within its group: what rules ask with `action in Action::"ai"`.
    static let entities: [Entity] = allCases.map { Entity($0.reference, in: [$0.group.reference]) }
}

/// What an action is done to.
public enum AccessResource: Hashable, Sendable {
    case use(ID<AIUse>)
    /// A part of Leeway that uses AI itself: the entry that governs it, if there is one.
    case feature(AIUseRecord.Feature)
    case person(ID<Person>)
    case strategy(ID<Strategy>)
    case mandate(ID<Mandate>)
    /// A mandate that is not kept yet.
    case newMandate
    /// A mandate that is asked for again and again.
    case certification(ID<Mandate>)
    case document(ID<PolicyDocument>)
    /// What comes into the catalogue, such as `texts`.
    case content(kind: String)
    case policy
    case rules
    case statements
    case people
    /// The people whom a manager leads.
    case team(of: ID<Person>)
}

/// Who asks.
public enum AccessPrincipal: Hashable, Sendable {
    /// Somebody whose record is at hand.
    case known(PersonRecord)
    case person(ID<Person>)
    /// A program, by its name.
    case program(String)

    /// Who it is; nil for a program.
    public var person: ID<Person>? {
        switch self {
        case .known(let record): record.id
        case .person(let id): id
        case .program: nil
        }
    }
}

/// One question to the access rules.
public struct AccessQuestion: Hashable, Sendable {
    public let principal: AccessPrincipal
    public let action: AccessAction
    public let resource: AccessResource
    /// What for, in the asker's words; nil where that is clear.
    public let purpose: String?
    /// Where it is asked, such as `/people/{id}`; nil where that does not matter.
    public let point: String?

    public init(
        _ principal: AccessPrincipal, _ action: AccessAction, _ resource: AccessResource, purpose: String? = nil,
        at point: String? = nil
    ) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.purpose = purpose
        self.point = point
    }

    /// The longest purpose or point of use, in characters.
    public static let textLimit = 500

    /// - Throws: `Problem` (`text-too-long`, `text-invalid`).
    func check() throws {
        var findings = Findings()
        for (text, name, pointer) in [(purpose, "The purpose", "/purpose"), (point, "The point of use", "/point")] {
            findings.expect(
                text: text ?? "", atMost: Self.textLimit, needed: .maybe, called: name, at: pointer)
        }
        try findings.settle("question-invalid")
    }
}
