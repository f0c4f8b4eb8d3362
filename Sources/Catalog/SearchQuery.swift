public import Basis

/// What can be counted and chosen beside a search.
public enum SearchFacet: String, CaseIterable, Sendable {
    case language, kind, level, provenance, source, role, skill

    /// Such as “Provenance”.
    public var label: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

/// How hits are ordered.
public enum SearchOrder: String, CaseIterable, Sendable {
    /// Best match first; by title where there is no text.
    case relevance
    case title
    /// Last changed here first.
    case newest
}

/// A search as a learner makes it: words, filters, a page.
public struct SearchQuery: Hashable, Sendable {
    /// The most results a page can hold.
    public static let pageSizeLimit = 100
    /// The furthest page, so that a page never costs more than a fixed sum.
    public static let pageLimit = 1_000

    /// What the learner typed. Any text is safe; `"…"` asks for words in a row.
    public var text: String
    /// Each empty for all; several mean any of them. The values are those of the facets.
    public var languages: [String] = []
    public var kinds: [String] = []
    public var levels: [Level] = []
    public var origins: [Origin] = []
    public var sources: [String] = []
    public var roles: [String] = []
    public var skills: [ID<Skill>] = []
    /// Minutes of learning time; an object without minutes is outside every range.
    public var minutes: ClosedRange<Int>?
    public var order: SearchOrder
    /// From 1.
    public var page: Int
    public var pageSize: Int

    public init(text: String = "", order: SearchOrder = .relevance, page: Int = 1, pageSize: Int = 20) {
        self.text = text
        self.order = order
        self.page = page
        self.pageSize = pageSize
    }
}

/// How many of the results have a value.
public struct FacetCount: Hashable, Sendable {
    /// As the filter takes it: a raw value, a tag, or a skill's identifier.
    public let value: String
    public let count: Int
}

/// One page of results and what stands beside it.
public struct SearchResult: Sendable {
    /// The page's objects, in the order asked for.
    public let hits: [ContentRecord]
    /// All results, or `Library.candidateLimit` when there are more.
    public let total: Int
    /// Whether there are more results than `total` says: then facets count the first `total` of them.
    public let isCapped: Bool
    public let page: Int
    public let pageSize: Int
    /// The most frequent values first, at most `Library.facetLimit` a facet (12 for role and skill). Over the results.
    public let facets: [SearchFacet: [FacetCount]]

    public var pages: Int { max(1, (total + pageSize - 1) / pageSize) }
}
