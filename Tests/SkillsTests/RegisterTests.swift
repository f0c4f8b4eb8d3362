import Basis
import Skills
import Storage
import StorageTesting
import Testing

@Suite struct RegisterTests {
    struct Desk {
        let database: any Database
        let register: SkillRegister
        let tenant = TenantID.first

        init(_ engine: Engine) async throws {
            database = try await engine.database(SkillsSchema.migrations)
            register = SkillRegister(database: database, world: .replay())
        }
    }

    @Test(arguments: Engine.present) func `numbers are dense within a tenant`(_ engine: Engine) async throws {
        let desk = try await Desk(engine)
        for word in ["a", "b", "a", "c"] {
            try await desk.register.ensure(key: word, name: "Skill \(word)", tenant: desk.tenant)
        }
        let other = try await desk.register.ensure(key: "a", name: "A", tenant: TenantID(2))
        #expect(other.number == 1)
        let (skills, total) = try await desk.register.list(of: desk.tenant)
        #expect(total == 3)
        #expect(skills.map(\.number) == [1, 2, 3])
        #expect(try await desk.register.count(of: desk.tenant) == 3)
        #expect(try await desk.register.find(key: "b", of: desk.tenant)?.name == "Skill b")
        #expect(try await desk.register.find(skills[0].id, of: TenantID(2)) == nil)
        #expect(try await desk.register.names(of: skills.map(\.id), tenant: desk.tenant).count == 3)
        #expect(try await desk.register.skills(numbered: [2, 9], of: desk.tenant).keys.sorted() == [2])
    }

    @Test(arguments: Engine.present) func `racing ensures make one skill`(_ engine: Engine) async throws {
        let desk = try await Desk(engine)
        let ids = try await withThrowingTaskGroup(of: ID<Skill>.self) { group in
            for index in 0..<24 {
                group.addTask {
                    try await desk.register.ensure(key: "k\(index % 3)", name: "K", tenant: desk.tenant).id
                }
            }
            return try await group.reduce(into: Set<ID<Skill>>()) { $0.insert($1) }
        }
        #expect(ids.count == 3)
        #expect(try await desk.register.list(of: desk.tenant).skills.map(\.number).sorted() == [1, 2, 3])
    }

    @Test(arguments: Engine.present) func `a word finds its skill by key, then by name`(_ engine: Engine) async throws {
        let desk = try await Desk(engine)
        let first = try await desk.register.ensure(key: "rc", name: "Rich Comparisons", tenant: desk.tenant)
        let made = try await desk.database.write { connection in
            let resolve = try desk.register.resolver(of: desk.tenant)(connection)
            return try ["rc", "rich  comparisons", "List Methods", "list methods", "C++", "C#", "日本語"].map(resolve)
        }
        #expect(made[0] == first.id && made[1] == first.id)
        #expect(made[2] == made[3])
        #expect(Set(made).count == 5)
        #expect(try await desk.register.find(key: "list-methods", of: desk.tenant)?.name == "List Methods")
        #expect(try await desk.register.find(key: "c++", of: desk.tenant)?.id == made[4])
    }

    @Test(arguments: Engine.present) func `an undone try leaves no skill`(_ engine: Engine) async throws {
        let desk = try await Desk(engine)
        let cache = try await desk.database.read { try SkillCache(desk.register, desk.tenant, on: $0) }
        await #expect(throws: Problem.self) {
            _ = try await desk.database.write { connection in
                var cache = cache
                _ = try cache.ensure(word: "lost", on: connection)
                _ = try cache.ensure(word: "  ", on: connection)
            }
        }
        #expect(try await desk.register.count(of: desk.tenant) == 0)
        let kept = try await desk.database.write { connection in
            var cache = cache
            _ = try cache.ensure(word: "kept", on: connection)
            return cache
        }
        #expect(kept["kept"]?.number == 1)
    }

    @Test(arguments: Engine.present) func `a list is filtered by any text`(_ engine: Engine) async throws {
        let desk = try await Desk(engine)
        for name in ["100% sure", "100 cases", "a_b", "axb", "Wow!"] {
            try await desk.register.ensure(key: name, name: name, tenant: desk.tenant)
        }
        func names(_ text: String) async throws -> [String] {
            try await desk.register.list(SkillFilter(text: text), of: desk.tenant).skills.map(\.name)
        }
        #expect(try await names("100%") == ["100% sure"])
        #expect(try await names("A_B") == ["a_b"])
        #expect(try await names("!") == ["Wow!"])
        #expect(try await names("'; --") == [])
        #expect(try await names("").count == 5)
        #expect(try await desk.register.list(SkillFilter(page: 2, pageSize: 2), of: desk.tenant).skills.count == 2)
    }
}
