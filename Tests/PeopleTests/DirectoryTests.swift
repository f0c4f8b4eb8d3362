import Basis
import People
import Storage
import StorageTesting
import Testing

@Suite struct DirectoryTests {
    @Test(arguments: Engine.present) func `a tenant is found as it was made`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        #expect(ground.tenant == .first)
        let second = try await ground.directory.createTenant(name: "Demo", home: "http://localhost:8080", isDemo: true)
        #expect(second == TenantID(2))
        let found = try #require(try await ground.directory.tenant(second))
        #expect(found.name == "Demo" && found.home == "http://localhost:8080" && found.isDemo)
        try await ground.directory.rename(second, "Other")
        #expect(try await ground.directory.tenants().map(\.name) == ["Trial", "Other"])
        #expect(await code { try await ground.directory.rename(TenantID(9), "X") } == "tenant-missing")
        for home in ["", "example.org", "ftp://example.org", "https://", "https:// a", "https:///x"] {
            #expect(await code { try await ground.directory.createTenant(name: "X", home: home) } == "tenant-invalid")
        }
    }

    @Test(arguments: Engine.present) func `a person comes back as saved`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        let unit = try await ground.directory.save(UnitDraft(name: "Sales"), of: ground.tenant)
        let boss = try await ground.directory.save(
            PersonDraft(key: "1", name: "Grace", roles: [.administrator]), of: ground.tenant)
        let draft = PersonDraft(
            key: " 2 ", name: "  Ada Lovelace ", email: "Ada@Example.org", unit: unit.id, manager: boss.id,
            roles: [.learner, .steward, .administrator],
            attributes: ["Country": "DE", "empty": " ", "note": "a, \"b\"; c = d"], language: "en-GB")
        let saved = try await ground.directory.save(draft, of: ground.tenant)
        #expect(saved.key == "2" && saved.name == "Ada Lovelace" && saved.createdAt == ground.clock.now)
        #expect(saved.attributes == ["country": "DE", "note": "a, \"b\"; c = d"])
        #expect(saved.rights == [.learn, .design, .steward, .administer])
        for found in [
            try await ground.directory.person(saved.id, of: ground.tenant),
            try await ground.directory.person(key: "2", of: ground.tenant),
            try await ground.directory.person(email: "ADA@example.ORG", of: ground.tenant),
        ] { #expect(found == saved) }
        #expect(try await ground.directory.person(saved.id, of: TenantID(2)) == nil)
        #expect(boss.roles == [.administrator])

        var changed = PersonDraft(saved)
        changed.roles = [.auditor]
        changed.attributes = [:]
        changed.email = nil
        let later = try await ground.directory.save(changed, of: ground.tenant)
        #expect(try await ground.directory.person(saved.id, of: ground.tenant) == later)
        #expect(later.createdAt == saved.createdAt && later.attributes.isEmpty && later.roles == [.auditor])
        #expect(
            try await ground.directory.names(of: [saved.id, boss.id, ground.clock.world.id()], ground.tenant)
                == [saved.id: "Ada Lovelace", boss.id: "Grace"])
    }

    @Test(arguments: Engine.present) func `a person that breaks a rule is refused`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        let (directory, tenant) = (ground.directory, ground.tenant)
        let ada = try await directory.save(PersonDraft(key: "1", name: "Ada", email: "ada@example.org"), of: tenant)
        let bob = try await directory.save(PersonDraft(key: "2", name: "Bob", manager: ada.id), of: tenant)
        let cy = try await directory.save(PersonDraft(key: "3", name: "Cy", manager: bob.id), of: tenant)
        func refusal(_ draft: PersonDraft) async -> String {
            await code { try await directory.save(draft, of: tenant) }
        }
        for email in ["x", "x@", "@x.org", "x@y", "a b@x.org", "a@x..org", "a@-x.org", "a@b@c.org", "<a@x.org>"] {
            #expect(await refusal(PersonDraft(key: "4", name: "D", email: email)) == "person-invalid", "\(email)")
        }
        #expect(await refusal(PersonDraft(key: "", name: "D")) == "person-invalid")
        #expect(await refusal(PersonDraft(key: "4", name: "D\u{0}")) == "person-invalid")
        #expect(await refusal(PersonDraft(key: "4", name: "D", language: "english!")) == "person-invalid")
        #expect(await refusal(PersonDraft(key: "4", name: "D", attributes: ["a": "x\u{1F}y"])) == "person-invalid")
        #expect(await refusal(PersonDraft(key: "4", name: "D", unit: ground.clock.world.id())) == "person-invalid")
        #expect(await refusal(PersonDraft(key: "4", name: "D", manager: ground.clock.world.id())) == "person-invalid")
        #expect(await refusal(PersonDraft(key: "1", name: "D")) == "person-duplicate")
        #expect(await refusal(PersonDraft(key: "4", name: "D", email: "ADA@EXAMPLE.ORG")) == "person-duplicate")
        #expect(await refusal(PersonDraft(id: ground.clock.world.id(), key: "4", name: "D")) == "person-missing")
        var loop = PersonDraft(ada)
        loop.manager = cy.id
        #expect(await refusal(loop) == "manager-cycle")
        loop.manager = ada.id
        #expect(await refusal(loop) == "manager-cycle")
        #expect(try await directory.count(of: tenant) == 3)
    }

    @Test(arguments: Engine.present) func `the last administrator stays`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        let (directory, tenant) = (ground.directory, ground.tenant)
        let ada = try await directory.save(
            PersonDraft(key: "1", name: "Ada", roles: [.administrator]), of: tenant)
        #expect(await code { try await directory.deactivate(ada.id, of: tenant) } == "last-administrator")
        #expect(await code { try await directory.setRoles([.learner], of: ada.id, tenant) } == "last-administrator")
        let csv = "id,name,active\n1,Ada,no\n"
        for dryRun in [true, false] {
            #expect(await code { try await ground.importPeople(csv, dryRun: dryRun) } == "last-administrator")
        }
        #expect(try await directory.person(ada.id, of: tenant) == ada)
        try await directory.save(PersonDraft(key: "2", name: "Bob", roles: [.administrator]), of: tenant)
        try await directory.deactivate(ada.id, of: tenant)
        let gone = try #require(try await directory.person(ada.id, of: tenant))
        #expect(!gone.isActive && gone.rights.isEmpty)
        try await directory.reactivate(ada.id, of: tenant)
        #expect(try await directory.person(ada.id, of: tenant) == ada)
    }

    @Test(arguments: Engine.present) func `units form a tree without circles`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        let (directory, tenant) = (ground.directory, ground.tenant)
        let top = try await directory.save(UnitDraft(name: "Top"), of: tenant)
        let mid = try await directory.save(UnitDraft(name: "Mid", parent: top.id), of: tenant)
        let low = try await directory.save(UnitDraft(name: "Low", parent: mid.id), of: tenant)
        #expect(low.key == "Top / Mid / Low")
        func refusal(_ draft: UnitDraft) async -> String { await code { try await directory.save(draft, of: tenant) } }
        for parent in [top.id, mid.id, low.id] {
            #expect(await refusal(UnitDraft(id: top.id, name: "Top", parent: parent)) == "unit-cycle")
        }
        #expect(await refusal(UnitDraft(name: "Mid", parent: top.id)) == "unit-duplicate")
        #expect(await refusal(UnitDraft(key: "Top", name: "New")) == "unit-duplicate")
        #expect(await refusal(UnitDraft(name: "a / b")) == "unit-invalid")
        #expect(await refusal(UnitDraft(name: " ")) == "unit-invalid")
        #expect(await refusal(UnitDraft(name: "x", parent: ground.clock.world.id())) == "unit-missing")
        #expect(await refusal(UnitDraft(id: ground.clock.world.id(), name: "x")) == "unit-missing")

        let moved = try await directory.save(UnitDraft(id: low.id, name: "Lower", parent: top.id), of: tenant)
        #expect(moved.key == "Top / Mid / Low")
        let tree = try await directory.unitTree(of: tenant)
        #expect(tree.units.map { tree.path(of: $0.id) } == ["Top", "Top / Lower", "Top / Mid"])
        #expect(tree.below(top.id) == [top.id, mid.id, low.id])
        try await directory.save(PersonDraft(key: "1", name: "Ada", unit: mid.id), of: tenant)
        #expect(try await directory.headcounts(of: tenant) == [mid.id: 1])
        #expect(await code { try await directory.remove(mid.id, of: tenant) } == "unit-in-use")
        #expect(await code { try await directory.remove(top.id, of: tenant) } == "unit-in-use")
        try await directory.remove(low.id, of: tenant)
        #expect(try await directory.units(of: tenant).map(\.id) == [top.id, mid.id])
        // The key that a moved unit kept is not given twice.
        let again = try await directory.save(UnitDraft(key: "Top / New", name: "Odd"), of: tenant)
        let new = try await directory.save(UnitDraft(name: "New", parent: top.id), of: tenant)
        #expect(again.key == "Top / New" && new.key == "Top / New (2)")
    }

    @Test func `a tree is no deeper than its limit, also by moving`() async throws {
        let ground = try await Ground(.memory)
        func chain(_ name: String, _ count: Int) async throws -> [UnitRecord] {
            var chain: [UnitRecord] = []
            for index in 0..<count {
                let draft = UnitDraft(name: "\(name)\(index)", parent: chain.last?.id)
                chain.append(try await ground.directory.save(draft, of: ground.tenant))
            }
            return chain
        }
        let long = try await chain("a", UnitTree.depthLimit)
        let short = try await chain("b", 2)
        func move(_ unit: UnitRecord, _ parent: UnitRecord) async -> String {
            await code {
                try await ground.directory.save(
                    UnitDraft(id: unit.id, name: unit.name, parent: parent.id), of: ground.tenant)
            }
        }
        #expect(await move(short[0], long[UnitTree.depthLimit - 1]) == "unit-invalid")
        #expect(await move(short[0], long[UnitTree.depthLimit - 2]) == "unit-invalid")
        #expect(await move(short[0], long[UnitTree.depthLimit - 3]) == "none")
        let tree = try await ground.directory.unitTree(of: ground.tenant)
        #expect(tree.line(from: short[1].id).count == UnitTree.depthLimit)
        #expect(tree.below(long[0].id).count == UnitTree.depthLimit + 2)
    }

    @Test(arguments: Engine.present) func `a list shows whom its filter means, in pages`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        let report = try await ground.importPeople(
            """
            id,name,email,unit,manager,roles,active,attr:country
            1,Zoë Müller,zoe@example.org,Top,,manager,yes,DE
            2,ada lovelace,ada@example.org,Top / A,1,learner;steward,yes,GB
            3,Émile 50% Zola,,Top / A / B,1,,yes,FR
            4,Bob_Builder,,Other,,,no,DE
            5,Bobby Builder,,Other,2,,yes,DE
            """)
        #expect(report.created == 5 && report.unitsCreated == ["Top", "Top / A", "Top / A / B", "Other"])
        let tree = try await ground.directory.unitTree(of: ground.tenant)
        func names(_ filter: PeopleFilter) async throws -> [String] {
            try await ground.directory.people(of: ground.tenant, matching: filter).items.map(\.name)
        }
        #expect(
            try await names(PeopleFilter())
                == ["ada lovelace", "Bob_Builder", "Bobby Builder", "Émile 50% Zola", "Zoë Müller"])
        #expect(try await names(PeopleFilter(text: "MULLER zoe")) == ["Zoë Müller"])
        #expect(try await names(PeopleFilter(text: "0%")) == ["Émile 50% Zola"])
        #expect(try await names(PeopleFilter(text: "b_b")) == ["Bob_Builder"])
        #expect(try await names(PeopleFilter(text: "!")) == [])
        #expect(try await names(PeopleFilter(unit: tree.named("A")[0].id)) == ["ada lovelace", "Émile 50% Zola"])
        #expect(try await names(PeopleFilter(role: .steward)) == ["ada lovelace"])
        #expect(try await names(PeopleFilter(isActive: false)) == ["Bob_Builder"])
        let zoe = try #require(try await ground.directory.person(key: "1", of: ground.tenant))
        #expect(try await names(PeopleFilter(manager: zoe.id)) == ["ada lovelace", "Émile 50% Zola"])
        let rule = AudienceRule.not(.attribute("country", "FR"))
        #expect(try await names(PeopleFilter(audience: rule)) == ["ada lovelace", "Bobby Builder", "Zoë Müller"])
        #expect(try await names(PeopleFilter(text: "b", audience: rule, page: 2, pageSize: 1)) == [])
        let page = try await ground.directory.people(
            of: ground.tenant, matching: PeopleFilter(audience: rule, page: 2, pageSize: 2))
        #expect(page.items.map(\.name) == ["Zoë Müller"] && page.total == 3 && page.pageCount == 2)
        let plain = try await ground.directory.people(of: ground.tenant, matching: PeopleFilter(page: 3, pageSize: 2))
        #expect(plain.items.map(\.name) == ["Zoë Müller"] && plain.total == 5)
        let preview = try await ground.directory.preview(of: rule, ground.tenant, limit: 2)
        #expect(
            preview.count == 3 && preview.total == 4 && preview.people.map(\.name) == ["ada lovelace", "Bobby Builder"])
        #expect(preview.sentence == "People who do not have country “FR”.")
        let parsed = try await ground.directory.audience(parsing: "person \"ADA@example.org\"", of: ground.tenant)
        #expect(try await ground.directory.members(of: parsed, ground.tenant).map(\.key) == ["2"])
        #expect(try await ground.directory.sentence(of: parsed, ground.tenant) == "People who are ada lovelace.")
        #expect(
            await code { try await ground.directory.audience(parsing: "unit X", of: ground.tenant) } == "audience-rule")
    }

    /// Whom a rule means, by sets instead of by person: another way to the same answer.
    static func meant(_ rule: AudienceRule, _ people: [PersonRecord], _ parents: [ID<Unit>: ID<Unit>]) -> Set<
        ID<Person>
    > {
        let all = Set(people.map(\.id))
        func keep(_ isKept: (PersonRecord) -> Bool) -> Set<ID<Person>> { Set(people.filter(isKept).map(\.id)) }
        switch rule {
        case .everyone: return all
        case .unit(let unit):
            return keep { person in
                var next = person.unit
                while let here = next {
                    if here == unit { return true }
                    next = parents[here]
                }
                return false
            }
        case .attribute(let name, let value): return keep { $0.attributes[name] == value }
        case .role(let role): return keep { $0.roles.contains(role) }
        case .person(let id): return all.intersection([id])
        case .all(let parts): return parts.reduce(all) { $0.intersection(meant($1, people, parents)) }
        case .any(let parts): return parts.reduce([]) { $0.union(meant($1, people, parents)) }
        case .not(let part): return all.subtracting(meant(part, people, parents))
        }
    }

    @Test(arguments: Engine.present) func `a count equals brute force`(engine: Engine) async throws {
        for seed in [UInt64(11), 12] {
            let ground = try await Ground(engine, seed: seed)
            var dice = Dice(seed: seed)
            var parents: [ID<Unit>: ID<Unit>] = [:]
            var units: [ID<Unit>] = []
            for index in 0..<12 {
                let parent = dice.below(4) == 0 ? nil : units.randomElement(using: &dice)
                let unit = try await ground.directory.save(
                    UnitDraft(name: "U\(index)", parent: parent), of: ground.tenant)
                units.append(unit.id)
                parents[unit.id] = parent
            }
            let drafts = (0..<60).map { index in
                var attributes: [String: String] = [:]
                for name in ["country", "7"] where dice.below(3) > 0 {
                    attributes[name] = dice.pick(["DE", "two words", "naïve 🦉"])
                }
                return PersonDraft(
                    key: "k\(index)", name: "Name \(index)", unit: dice.below(5) == 0 ? nil : dice.pick(units),
                    roles: Set(Role.allCases.filter { _ in dice.below(4) == 0 }), attributes: attributes,
                    isActive: dice.below(6) > 0)
            }
            let (directory, tenant) = (ground.directory, ground.tenant)
            let people = try await ground.database.write { connection in
                try drafts.map { try directory.save($0, of: tenant, on: connection) }
            }
            let active = people.filter(\.isActive)
            var maker = RuleMaker(dice: dice, units: units, people: people.map(\.id))
            for _ in 0..<60 {
                let rule = maker.rule()
                let expected = Self.meant(rule, active, parents)
                #expect(try await directory.count(of: rule, tenant) == expected.count, "seed \(seed): \(rule.text)")
                #expect(try await Set(directory.members(of: rule, tenant).map(\.id)) == expected)
            }
        }
    }
}
