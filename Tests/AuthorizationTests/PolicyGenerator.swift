import Authorization
import Basis

/// Makes random policies, entities and requests of the whole language: the same from the same seed.
///
/// Most attributes are what policies take them for, and most conditions can hold; some attributes are missing, some are
/// of another kind, some numbers overflow.
struct PolicyGenerator {
    var dice: Dice
    var entities: [Entity] = []
    /// What could be put around each value: how much is left.
    private var depth = 0

    init(seed: UInt64) { dice = Dice(seed: seed) }

    static let types = ["User", "Team", "Doc", "Leeway::Use", "principal"]
    static let ids = ["a", "b", "c", "é", "e\u{301}", "", "two words", "\"q\"", "😀*", "\\n", "d\n"]
    static let actions = ["view", "edit", "all", "é"]
    static let texts = [
        "", "a", "ab", "abc", "aab", "a*b", "é", "e\u{301}", "😀", "x😀y", "line\nbreak", "\"", "\\", "\u{1}", "\t", "ß",
        "*",
    ]
    /// Attributes and the kind that policies take them for.
    static let attributes: [(name: String, kind: Kind)] = [
        ("age", .long), ("open", .bool), ("name", .string), ("owner", .entity), ("team", .entity), ("tags", .texts),
        ("peers", .entities), ("info", .record), ("é", .long), ("e\u{301}", .long), ("my key", .bool), ("if", .string),
        ("permit", .long),
    ]

    enum Kind: CaseIterable { case bool, long, string, entity, texts, entities, record }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &dice) < percent }
    mutating func pick<Element>(_ from: [Element]) -> Element { from[Int.random(in: 0..<from.count, using: &dice)] }
    mutating func count(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &dice) }

    // MARK: Values

    mutating func reference() -> EntityReference {
        if !entities.isEmpty, chance(85) { return pick(entities).reference }
        guard let type = EntityType(pick(Self.types)) else { return EntityReference("User", "") }
        return EntityReference(type, pick(Self.ids))
    }

    mutating func long() -> Int64 {
        switch count(0...40) {
        case 0: .max
        case 1: .min
        case 2: 4_611_686_018_427_387_904
        case 3: 3_037_000_500
        default: Int64(count(-3...5))
        }
    }

    mutating func value(_ kind: Kind, _ depth: Int = 0) -> PolicyValue {
        if chance(4), depth < 3 { return value(pick(Kind.allCases), depth + 1) }
        switch kind {
        case .bool: return .bool(chance(60))
        case .long: return .long(long())
        case .string: return .string(pick(Self.texts))
        case .entity: return .entity(reference())
        case .texts: return .set(Set((0..<count(0...3)).map { _ in .string(pick(Self.texts)) }))
        case .entities: return .set(Set((0..<count(0...3)).map { _ in .entity(reference()) }))
        case .record: return .record(record(depth: depth + 1))
        }
    }

    mutating func record(depth: Int = 0) -> PolicyRecord {
        var members: [(String, PolicyValue)] = []
        for (name, kind) in Self.attributes where chance(depth > 0 ? 30 : 88) && (kind != .record || depth < 3) {
            members.append((name, value(kind, depth)))
        }
        return PolicyRecord(members)
    }

    /// Entities whose parents come before them, so that none is in itself; some parents are not there.
    mutating func world() {
        entities = []
        let references = (0..<count(4...12)).map { number -> EntityReference in
            EntityReference(number < 3 ? "Team" : EntityType(pick(Self.types)) ?? "User", pick(Self.ids))
        }
        var known: [EntityReference] = []
        for reference in references where !known.contains(reference) {
            let parents = (0..<count(0...2)).compactMap { _ -> EntityReference? in known.isEmpty ? nil : pick(known) }
            known.append(reference)
            if chance(92) { entities.append(Entity(reference, record(), in: parents)) }
        }
        let all = EntityReference("Action", "all")
        for action in ["view", "edit", "é"] where chance(70) {
            entities.append(Entity(EntityReference("Action", action), chance(20) ? record() : [:], in: [all]))
        }
    }

    mutating func action() -> EntityReference {
        EntityReference(chance(90) ? "Action" : "Leeway::Action", pick(Self.actions))
    }

    mutating func request() -> AuthorizationRequest {
        AuthorizationRequest(principal: reference(), action: action(), resource: reference(), context: record())
    }

    // MARK: Texts of policies

    private mutating func space() -> String {
        chance(6) ? pick(["  ", "\n", "\t", " // a comment\n ", "\r\n", "\u{A0}"]) : " "
    }

    /// A text between quotes, escaped in one of the ways there are.
    mutating func quoted(_ text: String, pattern: Bool = false) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "*" where pattern: quoted += "\\*"
            case _ where chance(3):
                let digits = String(scalar.value, radix: 16, uppercase: chance(50))
                quoted += scalar.value < 128 && digits.count == 2 && chance(50) ? "\\x\(digits)" : "\\u{\(digits)}"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    mutating func text(_ reference: EntityReference) -> String {
        let colons = chance(3) ? " :: " : "::"
        return "\(reference.type.name)\(colons)\(quoted(reference.id))"
    }

    mutating func policy() -> String {
        var text = chance(10) ? "// \(pick(Self.texts).replacing("\n", with: " "))\n" : ""
        if chance(10) { text += "@note(\(quoted(pick(Self.texts))))\n" }
        text += chance(60) ? "permit" : "forbid"
        text += space() + "(" + scope("principal") + "," + space() + actionScope() + "," + space() + scope("resource")
        text += (chance(3) ? "," : "") + ")"
        for _ in 0..<count(0...2) {
            depth = count(1...4)
            text += space() + (chance(75) ? "when" : "unless") + space() + "{" + space() + either() + space() + "}"
        }
        return text + ";\n"
    }

    private mutating func scope(_ name: String) -> String {
        switch count(0...20) {
        case 0: "\(name) == \(text(reference()))"
        case 1...4: "\(name) in \(text(reference()))"
        case 5, 6: "\(name) is \(pick(Self.types))"
        case 7: "\(name) is \(pick(Self.types)) in \(text(reference()))"
        default: name
        }
    }

    private mutating func actionScope() -> String {
        switch count(0...9) {
        case 0: return "action == \(text(action()))"
        case 1: return "action in \(text(action()))"
        case 2: return "action in [\((0..<count(0...3)).map { _ in text(action()) }.joined(separator: ", "))]"
        default: return "action"
        }
    }

    // MARK: Expressions, from the weakest operator to the strongest

    /// Spends one level; false when there is none left.
    private mutating func nest<Result>(_ body: (inout PolicyGenerator) -> Result) -> Result? {
        guard depth > 0 else { return nil }
        depth -= 1
        defer { depth += 1 }
        return body(&self)
    }

    private mutating func some(_ sign: String, _ percent: Int, _ part: (inout PolicyGenerator) -> String) -> String {
        var text = part(&self)
        while chance(percent) { text += space() + sign + space() + part(&self) }
        return text
    }

    mutating func either() -> String {
        if chance(5), let text = nest({ "if \($0.either()) then \($0.either()) else \($0.either())" }) { return text }
        return some("||", 18) { generator in generator.some("&&", 22) { $0.relation() } }
    }

    private mutating func relation() -> String {
        // Sometimes no bool at all.
        if chance(2) { return any() }
        switch count(0...15) {
        case 0, 1: return "\(sum()) \(pick(["<", "<=", ">", ">="])) \(sum())"
        case 2, 3:
            let kind = pick(Kind.allCases)
            return "\(operand(kind)) \(pick(["==", "!="])) \(chance(90) ? operand(kind) : any())"
        case 4, 5, 6: return "\(entity()) in \(chance(60) ? entity() : member(.entities))"
        case 7, 8: return "\(container()) has \(attributePath())"
        case 9: return chance(60) ? "\(member(.string)) like \(pattern())" : ends()
        case 10: return "\(entity()) is \(pick(Self.types))" + (chance(40) ? " in \(entity())" : "")
        default: return sign("!", member(.bool))
        }
    }

    private mutating func sign(_ sign: String, _ operand: String) -> String {
        chance(12) ? String(repeating: sign, count: count(1...4)) + operand : operand
    }

    private mutating func sum() -> String {
        some(pick(["+", "-"]), 20) { generator in
            generator.some("*", 12) {
                let operand = $0.member(.long)
                return $0.sign("-", operand.hasPrefix("-") ? "(\(operand))" : operand)
            }
        }
    }

    private mutating func operand(_ kind: Kind) -> String { kind == .long ? sum() : member(kind) }
    private mutating func entity() -> String { member(.entity) }
    private mutating func any() -> String { member(pick(Kind.allCases)) }

    private mutating func container() -> String {
        chance(85) ? pick(["principal", "resource", "context", "principal.info", "action", "resource.owner"]) : any()
    }

    private mutating func attributePath() -> String {
        let name = pick(Self.attributes).name
        if chance(15) { return pick(["info.age", "owner.age", "info.info.open", "team.owner.team", "age.x"]) }
        return name.allSatisfy({ $0.isASCII && $0.isLetter }) && name != "if" ? name : quoted(name)
    }

    private mutating func pattern() -> String {
        var text = "\""
        for _ in 0..<count(0...4) {
            text += chance(40) ? "*" : String(quoted(pick(Self.texts), pattern: true).dropFirst().dropLast())
        }
        return text + "\""
    }

    /// A text and a pattern of its beginning and its end, which may overlap.
    private mutating func ends() -> String {
        let text = pick(Self.texts)
        let scalars = Array(text.unicodeScalars)
        let (first, last) = (scalars.prefix(count(0...3)), scalars.suffix(count(0...3)))
        let pieces = [first, last].map { piece in
            var view = String.UnicodeScalarView()
            view.append(contentsOf: piece)
            return String(quoted(String(view), pattern: true).dropFirst().dropLast())
        }
        return "\(quoted(text)) like \"\(pieces[0])*\(pieces[1])\""
    }

    private mutating func attribute(_ kind: Kind) -> String {
        let base = pick([
            "principal", "resource", "context", "principal", "resource", "context", "principal.owner", "action",
        ])
        let names = Self.attributes.filter { $0.kind == kind }.map(\.name)
        let name = chance(97) ? pick(names) : pick(Self.attributes).name
        let isWord = name.allSatisfy({ $0.isASCII && $0.isLetter }) && name != "if"
        return base + (isWord && chance(90) ? ".\(name)" : "[\(quoted(name))]")
    }

    /// Something of a kind that needs no parentheses around it.
    mutating func member(_ kind: Kind) -> String {
        if chance(2) { return member(pick(Kind.allCases)) }
        if chance(8), let text = nest({ "(if \($0.either()) then \($0.member(kind)) else \($0.member(kind)))" }) {
            return text
        }
        if chance(45) { return attribute(kind) }
        switch kind {
        case .bool:
            if chance(40), let text = nest({ "(\($0.either()))" }) { return text }
            if chance(50), let text = nest({ $0.call() }) { return text }
            return chance(70) ? "true" : "false"
        case .long:
            if chance(25), let text = nest({ "(\($0.sum()) \($0.pick(["+", "-", "*"])) \($0.sum()))" }) { return text }
            let number = long()
            return number < 0 ? "(\(number))" : "\(number)"
        case .string: return quoted(pick(Self.texts))
        case .entity: return chance(50) ? pick(["principal", "resource", "action"]) : text(reference())
        case .texts: return set(.string)
        case .entities: return set(.entity)
        case .record:
            if chance(40) { return "context" }
            return nest { "{\($0.chance(50) ? "age" : $0.quoted("é")): \($0.operand(.long)), open: \($0.either())}" }
                ?? "{}"
        }
    }

    private mutating func set(_ kind: Kind) -> String {
        let items = (0..<count(0...3)).map { _ in member(kind) }
        return "[\(items.joined(separator: ", "))\(!items.isEmpty && chance(5) ? "," : "")]"
    }

    private mutating func call() -> String {
        let kind = chance(50) ? Kind.texts : .entities
        let element = kind == .texts ? Kind.string : .entity
        switch count(0...3) {
        case 0: return "\(member(kind)).containsAll(\(member(kind)))"
        case 1: return "\(member(kind)).containsAny(\(member(kind)))"
        case 2: return "\(member(kind)).isEmpty()"
        default: return "\(member(kind)).contains(\(member(element)))"
        }
    }
}
