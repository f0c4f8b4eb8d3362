import Basis
import People
import Storage
import StorageTesting
import Testing

/// Rules of random shape over a few units, people, attributes and roles.
struct RuleMaker {
    var dice: Dice
    let units: [ID<Unit>]
    let people: [ID<Person>]

    static let names = ["country", "cost centre", "and", "a\"b", "größe", "x=y", "\u{301}odd", "7"]
    static let values = [
        "DE", "", "two words", "say \"hi\"", "back\\slash", "(not)", "naïve 🦉", "line\nbreak", "“q”", "\u{301}",
    ]

    mutating func rule(_ depth: Int = 0) -> AudienceRule {
        switch dice.below(depth > 4 ? 5 : 9) {
        case 0: return .everyone
        case 1: return .unit(dice.pick(units))
        case 2: return .attribute(dice.pick(Self.names), dice.pick(Self.values))
        case 3: return .role(dice.pick(Role.allCases))
        case 4: return .person(dice.pick(people))
        case 5: return .not(rule(depth + 1))
        case 6: return .all((0..<dice.below(4)).map { _ in rule(depth + 1) })
        default: return .any((0..<dice.below(4)).map { _ in rule(depth + 1) })
        }
    }
}

@Suite struct AudienceTests {
    static let world = World.replay(seed: 7)
    static let company = UnitRecord(id: world.id(), key: "c", name: "Company", parent: nil)
    static let sales = UnitRecord(id: world.id(), key: "s", name: "Sales", parent: company.id)
    static let north = UnitRecord(id: world.id(), key: "n", name: "North", parent: sales.id)
    static let service = UnitRecord(id: world.id(), key: "v", name: "Service", parent: company.id)
    static let northToo = UnitRecord(id: world.id(), key: "n2", name: "North", parent: service.id)
    static let quotes = UnitRecord(id: world.id(), key: "q", name: "The \"R/D\" \\ unit", parent: company.id)
    static let units = [company, sales, north, service, northToo, quotes]
    static let tree = UnitTree(units)
    static let people = (0..<6).map { _ in world.id(Person.self) }

    static func facts(_ index: Int, _ dice: inout Dice) -> PersonFacts {
        let unit = dice.below(4) == 0 ? nil : dice.pick(units).id
        var attributes: [String: String] = [:]
        for name in RuleMaker.names where dice.below(2) == 0 { attributes[name] = dice.pick(RuleMaker.values) }
        return PersonFacts(
            id: people[index], key: "\(index)", name: "P\(index)", unit: unit,
            units: Set(unit.map { tree.line(from: $0).map(\.id) } ?? []),
            roles: Set(Role.allCases.filter { _ in dice.below(3) == 0 }), attributes: attributes, isActive: true)
    }

    @Test(arguments: 0..<400) func `what is printed reads back as the same rule`(seed: Int) throws {
        var maker = RuleMaker(dice: Dice(seed: UInt64(seed)), units: Self.units.map(\.id), people: Self.people)
        let rule = maker.rule()
        #expect(try AudienceRule(stored: rule.text) == rule.simplified, "\(rule.text)")
        #expect(try AudienceRule(stored: rule.text).text == rule.text)
        let typed = rule.text(units: Self.tree)
        #expect(try AudienceRule(parsing: typed, units: Self.tree) == rule.simplified, "\(typed)")
        #expect(rule.simplified.simplified == rule.simplified)
    }

    @Test(arguments: 0..<200) func `simplifying and printing keep who is meant`(seed: Int) throws {
        var maker = RuleMaker(dice: Dice(seed: UInt64(seed) + 1_000), units: Self.units.map(\.id), people: Self.people)
        let rule = maker.rule()
        let back = try AudienceRule(stored: rule.text)
        for index in Self.people.indices {
            let facts = Self.facts(index, &maker.dice)
            #expect(rule.simplified.contains(facts) == rule.contains(facts))
            #expect(back.contains(facts) == rule.contains(facts))
        }
    }

    @Test func `and binds closer than or, and not closer still`() throws {
        let rule = try AudienceRule(
            parsing: "role manager or unit \"Sales\" and NOT attribute Country = DE", units: Self.units)
        let expected = AudienceRule.any([
            .role(.manager), .all([.unit(Self.sales.id), .not(.attribute("country", "DE"))]),
        ])
        #expect(rule == expected)
        #expect(
            rule.text(units: Self.tree)
                == "role manager or (unit \"Company / Sales\" and not attribute country = \"DE\")")
    }

    @Test func `a unit stands by key, path, name or identifier`() throws {
        for text in ["n", "\"Company / Sales / North\"", Self.north.id.description] {
            #expect(try AudienceRule(parsing: "unit \(text)", units: Self.units) == .unit(Self.north.id))
        }
        #expect(try AudienceRule(parsing: "unit “Sales”", units: Self.units) == .unit(Self.sales.id))
    }

    static let mistakes: [(text: String, position: Int, words: String)] = [
        ("", 1, "The rule is empty. Write “everyone” if all are meant."),
        ("   ", 4, "The rule is empty. Write “everyone” if all are meant."),
        ("unit \"Nowhere\"", 6, "There is no unit “Nowhere”. Write its path in quotes, or make it first."),
        (
            "unit North", 6,
            "Several units are called “North”: “Company / Sales / North”, “Company / Service / North”."
                + " Write the whole path."
        ),
        (
            "everyone and role boss", 19,
            "There is no role “boss”. The roles are learner, manager, designer, steward, sponsor, auditor,"
                + " administrator."
        ),
        ("(everyone or nobody", 20, "the end stands where the bracket of character 1 should close."),
        ("everyone everyone", 10, "“and” or “or” should stand before “everyone”."),
        ("attribute country \"DE\"", 19, "“=” should stand before the text “DE”."),
        ("attribute country =", 20, "the end stands where a value in quotes, such as \"DE\" should."),
        ("unit \"Sales", 6, "A quote opens here and is never closed."),
        ("role manager & everyone", 14, "“&” has no meaning here. Put names in quotes."),
        (
            "and everyone", 1,
            "“and” stands where everyone, nobody, unit, role, attribute, person, not or “(” should."
        ),
        ("person 4711", 8, "There is no person “4711”. Write a key or an e-mail in quotes."),
        ("everyone)", 9, "“and” or “or” should stand before “)”."),
    ]

    @Test(arguments: mistakes) func `a mistake is named with its place`(text: String, position: Int, words: String) {
        do {
            let rule = try AudienceRule(parsing: text, units: Self.units)
            Issue.record("read as \(rule.text)")
        } catch {
            #expect(error.position == position)
            #expect(error.detail == words)
            #expect(error.problem.detail == "Character \(position): \(words)")
        }
    }

    @Test func `a rule too deep or too long is refused`() {
        let deep = String(repeating: "(", count: 40) + "everyone" + String(repeating: ")", count: 40)
        #expect(throws: AudienceSyntaxError.self) { try AudienceRule(parsing: deep, units: Self.units) }
        let nots = String(repeating: "not ", count: 40) + "everyone"
        #expect(throws: AudienceSyntaxError.self) { try AudienceRule(parsing: nots, units: Self.units) }
        let long = "attribute a = \"" + String(repeating: "x", count: 20_000) + "\""
        #expect(throws: AudienceSyntaxError.self) { try AudienceRule(parsing: long, units: Self.units) }
    }

    @Test func `a stored rule whose unit has gone matches nobody and says so`() throws {
        let gone = Self.world.id(Unit.self)
        let rule = try AudienceRule(stored: AudienceRule.unit(gone).text)
        var dice = Dice(seed: 3)
        #expect(!rule.contains(Self.facts(0, &dice)))
        #expect(rule.sentence(units: Self.tree) == "People who are in a unit that is no longer there.")
        #expect(throws: AudienceSyntaxError.self) { try AudienceRule(parsing: rule.text, units: Self.units) }
    }

    @Test func `rules are said in plain words`() throws {
        func said(_ text: String) throws -> String {
            try AudienceRule(parsing: text, units: Self.tree, person: { _ in Self.people[0] })
                .sentence(units: Self.tree, names: [Self.people[0]: "Ada Lovelace"])
        }
        #expect(try said("everyone") == "Everyone.")
        #expect(try said("nobody") == "Nobody.")
        #expect(
            try said("unit Sales and not (role manager or attribute country = \"DE\")")
                == "People who are in Company / Sales or below it and are not managers and do not have country “DE”.")
        #expect(
            try said("role steward and (unit Sales or person \"ada\")")
                == "People who are stewards and (either are in Company / Sales or below it or are Ada Lovelace).")
        #expect(
            try said("role steward or role sponsor and role manager")
                == "People who are stewards or (all of: are sponsors and are managers).")
    }

    @Test func `a rule names its units and people`() throws {
        let rule = AudienceRule.any([
            .unit(Self.sales.id), .not(.all([.person(Self.people[1]), .unit(Self.north.id)])),
        ])
        #expect(rule.units == [Self.sales.id, Self.north.id])
        #expect(rule.people == [Self.people[1]])
    }
}
