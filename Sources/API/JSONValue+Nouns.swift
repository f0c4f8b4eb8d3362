import Basis
import JSON

extension JSONValue {
    init<Kind>(_ id: ID<Kind>) { self = .string(id.description) }
    init<Kind>(_ id: ID<Kind>?) { self.init(id?.description) }
    init<Kind>(_ ids: [ID<Kind>]) { self.init(ids.map(\.description)) }
    init(_ moment: Moment?) { self.init(moment?.timestamp) }
    init(_ day: Day?) { self.init(day?.description) }
    init(_ word: some RawRepresentable<String>) { self = .string(word.rawValue) }

    /// One page of a longer list.
    static func page(_ items: [JSONValue], total: Int, page: Int, pageSize: Int) -> JSONValue {
        ["items": .array(items), "total": .init(total), "page": .init(page), "pageSize": .init(pageSize)]
    }

    /// A whole list.
    static func list(_ items: [JSONValue]) -> JSONValue { ["items": .array(items), "total": .init(items.count)] }
}

/// A refusal for what is not there, or what the caller may not know of.
func missing(_ what: String) -> Problem {
    Problem(.missing, "missing", "There is no such \(what). Check the identity.")
}
