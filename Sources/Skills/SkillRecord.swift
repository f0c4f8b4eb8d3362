public import Basis
import Input
import Storage

/// Something that can be learned and that evidence can be about.
public struct SkillRecord: Hashable, Sendable {
    public let id: ID<Skill>
    /// Dense within the tenant, from 1: the index of the skill in a learner's state.
    public let number: Int
    /// The stable name that files use. Unique within the tenant.
    public let key: String
    public let name: String
    /// Empty when nobody wrote one.
    public let description: String
    /// The framework's name; `SkillRegister.ownFramework` for skills that no framework names.
    public let framework: String
    /// The skill above it in its framework; nil at the top.
    public let parent: ID<Skill>?

    public init(
        id: ID<Skill>, number: Int, key: String, name: String, description: String = "",
        framework: String, parent: ID<Skill>? = nil
    ) {
        self.id = id
        self.number = number
        self.key = key
        self.name = name
        self.description = description
        self.framework = framework
        self.parent = parent
    }

    init(_ row: Row) throws {
        id = try row.get("id")
        number = try row.get("number")
        key = try row.get("key")
        name = try row.get("name")
        description = try row.get("description")
        framework = try row.get("framework")
        parent = try row.find("parent")
    }
}

/// Which skills to list.
public struct SkillFilter: Sendable {
    /// Part of a name, in any case; empty for all.
    public var text: String
    /// Only those of one framework; nil for all.
    public var framework: String?
    /// Only those right below one skill; nil for all.
    public var parent: ID<Skill>?
    /// From 1.
    public var page: Int
    /// 1 to 500.
    public var pageSize: Int

    public init(
        text: String = "", framework: String? = nil, parent: ID<Skill>? = nil, page: Int = 1, pageSize: Int = 100
    ) {
        self.text = text
        self.framework = framework
        self.parent = parent
        self.page = max(1, page)
        self.pageSize = min(max(1, pageSize), 500)
    }
}

/// The forms in which names are compared.
public enum SkillName {
    /// Lower case, one space between words: how names are matched.
    public static func folded(_ name: String) -> String {
        name.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The key of a skill that is known by its name only, such as `rich-comparisons`.
    ///
    /// - Shape: letters, digits and `+ # . ~ _ :` kept, all else becomes one hyphen. Never empty for a name that holds
    ///   anything but white space: such a name without a letter or digit is its own key.
    public static func key(for name: String) -> String {
        var key = ""
        for character in folded(name) {
            if character.isLetter || character.isNumber || "+#.~_:".contains(character) {
                key.append(character)
            } else if !key.isEmpty, key.last != "-" {
                key.append("-")
            }
        }
        if key.last == "-" { key.removeLast() }
        return key.isEmpty ? name.trimmed : key
    }
}
