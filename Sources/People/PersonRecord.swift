public import Basis

/// A person as stored.
public struct PersonRecord: Hashable, Sendable {
    public let id: ID<Person>
    public let tenant: TenantID
    /// The organisation's own name for the person, stable over the years: a staff number. Unique in the tenant.
    public let key: String
    public let name: String
    /// As typed. Unique in the tenant whatever its case.
    public let email: String?
    public let unit: ID<Unit>?
    public let manager: ID<Person>?
    /// Never empty.
    public let roles: Set<Role>
    /// Values by lower-case name; no value is empty.
    public let attributes: [String: String]
    public let isActive: Bool
    /// A language tag, such as `de` or `pt-BR`.
    public let language: String?
    public let createdAt: Moment

    /// What the person may do; nothing once inactive.
    public var rights: Set<Right> {
        isActive ? roles.reduce(into: [.learn]) { $0.formUnion($1.rights) } : []
    }
}

/// A person to be stored: new without an `id`, otherwise the person as it shall be.
public struct PersonDraft: Hashable, Sendable {
    public var id: ID<Person>?
    public var key: String
    public var name: String
    public var email: String?
    public var unit: ID<Unit>?
    public var manager: ID<Person>?
    /// Empty means learner.
    public var roles: Set<Role>
    public var attributes: [String: String]
    public var isActive: Bool
    public var language: String?

    /// A new, active learner, unless said otherwise.
    public init(
        id: ID<Person>? = nil, key: String, name: String, email: String? = nil, unit: ID<Unit>? = nil,
        manager: ID<Person>? = nil, roles: Set<Role> = [.learner], attributes: [String: String] = [:],
        isActive: Bool = true, language: String? = nil
    ) {
        self.id = id
        self.key = key
        self.name = name
        self.email = email
        self.unit = unit
        self.manager = manager
        self.roles = roles
        self.attributes = attributes
        self.isActive = isActive
        self.language = language
    }

    /// The person as stored, to be changed.
    public init(_ record: PersonRecord) {
        self.init(
            id: record.id, key: record.key, name: record.name, email: record.email, unit: record.unit,
            manager: record.manager, roles: record.roles, attributes: record.attributes, isActive: record.isActive,
            language: record.language)
    }
}

/// An organisation within the database.
public struct TenantRecord: Hashable, Sendable {
    public let id: TenantID
    public let name: String
    /// The `homePage` of every agent's account in evidence: an absolute IRL, fixed once there is evidence.
    public let home: String
    /// A demonstration: its people and evidence are made up, and every page says so.
    public let isDemo: Bool
    public let createdAt: Moment
}

/// Which people a list shows. Conditions that are set must all hold.
public struct PeopleFilter: Sendable {
    /// The most people on one page.
    public static let pageSizeLimit = 1_000

    /// Words that must all stand in the name, e-mail or key, whatever their case or accents.
    public var text: String
    /// A unit, with everything below it.
    public var unit: ID<Unit>?
    public var role: Role?
    /// Only people who are asked to report to this person.
    public var manager: ID<Person>?
    /// Only active people who answer the rule.
    public var audience: AudienceRule?
    /// Active, inactive, or both when nil.
    public var isActive: Bool?
    /// From 1.
    public var page: Int
    /// 1 to `pageSizeLimit`; what lies outside is brought inside.
    public var pageSize: Int

    /// Everybody, fifty a page, unless said otherwise.
    public init(
        text: String = "", unit: ID<Unit>? = nil, role: Role? = nil, manager: ID<Person>? = nil,
        audience: AudienceRule? = nil, isActive: Bool? = nil, page: Int = 1, pageSize: Int = 50
    ) {
        self.text = text
        self.unit = unit
        self.role = role
        self.manager = manager
        self.audience = audience
        self.isActive = isActive
        self.page = max(1, page)
        self.pageSize = min(max(1, pageSize), PeopleFilter.pageSizeLimit)
    }
}

/// One page of a longer list.
public struct Page<Item: Sendable>: Sendable {
    public let items: [Item]
    /// How many there are on all pages.
    public let total: Int
    /// From 1.
    public let page: Int
    public let pageSize: Int

    /// `total` counts all pages; `page` is from 1.
    public init(items: [Item], total: Int, page: Int, pageSize: Int) {
        self.items = items
        self.total = total
        self.page = page
        self.pageSize = pageSize
    }

    /// At least 1.
    public var pageCount: Int { max(1, (total + pageSize - 1) / pageSize) }
}
