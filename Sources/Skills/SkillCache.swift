public import Basis
public import Storage

/// The skills of a tenant in memory, for imports that name skills many times.
///
/// A value: copy it into each transaction and keep the copy that the transaction returns, then an undone transaction
/// leaves nothing behind.
///
///     cache = try await database.write { [cache] connection in
///         var cache = cache
///         …
///         return cache
///     }
public struct SkillCache: Sendable {
    private let register: SkillRegister
    private let tenant: TenantID
    private var byKey: [String: SkillRecord] = [:]
    private var byName: [String: String] = [:]
    private var last = 0

    /// Reads all skills of the tenant: some ten milliseconds for ten thousand.
    public init(_ register: SkillRegister, _ tenant: TenantID, on connection: any Connection) throws {
        self.register = register
        self.tenant = tenant
        try connection.each("SELECT \(columns) FROM skill WHERE tenant = \(tenant) ORDER BY number") { row in
            remember(try SkillRecord(row))
        }
    }

    /// The skill of that key, nil when there is none.
    public subscript(key: String) -> SkillRecord? { byKey[key] }

    /// The skill of that key, written at once when it is not there.
    public mutating func ensure(
        key: String, name: String, framework: String = SkillRegister.ownFramework, on connection: any Connection
    ) throws -> SkillRecord {
        if let skill = byKey[key] { return skill }
        let skill = SkillRecord(
            id: register.world.id(), number: last + 1, key: key, name: name, framework: framework)
        try register.insert([skill], tenant, on: connection)
        remember(skill)
        return skill
    }

    /// The skill that a file means by a word: its key, else its name, else a new skill of that name.
    ///
    /// - Throws: `Problem` (`skill-empty`) for a word of white space.
    public mutating func ensure(
        word: String, framework: String = SkillRegister.ownFramework, on connection: any Connection
    ) throws -> SkillRecord {
        if let skill = byKey[word] { return skill }
        let folded = SkillName.folded(word)
        if let key = byName[folded], let skill = byKey[key] { return skill }
        guard !folded.isEmpty else {
            throw Problem(.invalid, "skill-empty", "A skill has no name. Give it one or leave it out.")
        }
        return try ensure(key: SkillName.key(for: word), name: word, framework: framework, on: connection)
    }

    private mutating func remember(_ skill: SkillRecord) {
        byKey[skill.key] = skill
        let folded = SkillName.folded(skill.name)
        if byName[folded] == nil { byName[folded] = skill.key }
        last = max(last, skill.number)
    }
}
