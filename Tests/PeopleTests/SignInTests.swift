import Basis
import Storage
import StorageTesting
import Testing

@testable import People

@Suite struct PasswordTests {
    @Test func `a hash is read back with its cost`() throws {
        let hash = try PasswordHash("correct horse", salt: Array(0..<16), cost: .cheap)
        #expect(hash.text.hasPrefix("$scrypt$ln=4,r=8,p=1$"))
        let back = try #require(PasswordHash(text: hash.text))
        #expect(back == hash)
        #expect(try back.matches("correct horse"))
        #expect(try !back.matches("correct horsf"))
        #expect(try !back.matches(""))
        let production = try PasswordHash("x", salt: Array(0..<16), cost: .production)
        #expect(production.cost == PasswordCost(logRounds: 15, blockSize: 8, parallelism: 1))
        #expect(try production.matches("x"))
        #expect(try !PasswordHash(matchingNothingAt: .cheap).matches(""))
    }

    @Test func `an accent may be typed in either way`() throws {
        let hash = try PasswordHash("caf\u{E9} noir ici", salt: Array(0..<16), cost: .cheap)
        #expect(try hash.matches("cafe\u{301} noir ici"))
    }

    @Test(arguments: ["", "x", "$scrypt$ln=99,r=8,p=1$AA$AA", "$scrypt$ln=4,r=8$AA$AA", "$bcrypt$a$b$c"])
    func `a damaged hash is no hash`(text: String) {
        #expect(PasswordHash(text: text) == nil)
    }

    @Test(arguments: [
        ("short pass", true), ("too short", false), ("Password123!", false), ("passwort2026", false),
        ("1234567890", false), ("aaaaaaaaaaaa", false), ("qwertyuiop", false), ("Welcome2026", false),
        ("Ada Lovelace", false), ("adalovelace", false), ("ADA.LOVELACE", false), ("ada.lovelace@example.org", false),
        ("ein Fahrrad im Regen", true), ("correcthorsebatterystaple", false), ("naïve 🦉 owl", true),
        ("kx7f-9q2m-tt41-zz", true), (String(repeating: "ab3 ", count: 100), false),
    ]) func `weak passwords are refused`(password: String, isAllowed: Bool) {
        let refusal = PasswordRules.refusal(of: password, name: "Ada Lovelace", email: "ada.lovelace@example.org")
        #expect((refusal == nil) == isAllowed, "\(password): \(refusal ?? "allowed")")
    }

    @Test func `waits double up to the longest`() {
        let throttle = Throttle(free: 3, first: .seconds(2), longest: .seconds(60))
        #expect((0...10).map { throttle.wait(after: $0).seconds } == [0, 0, 0, 2, 4, 8, 16, 32, 60, 60, 60])
        #expect(throttle.wait(after: 1_000_000) == .seconds(60))
        let last = Moment(microseconds: 0)
        #expect(throttle.remaining(after: 4, last: last, at: last + .seconds(1)) == .seconds(3))
        #expect(throttle.remaining(after: 4, last: last, at: last + .seconds(4)) == nil)
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::/64"), ("2001:db8::1", "2001:db8::::/64"),
        ("2001:0db8:0000:0000:9::", "2001:db8::::/64"), ("::ffff:192.0.2.7", "192.0.2.7"), ("::1", ":::::/64"),
        ("fe80::1%eth0", "fe80:::::/64"), ("", ""),
    ]) func `one site is one address`(address: String, key: String) {
        #expect(networkKey(address) == key)
    }

    @Test func `one-time passwords are readable and fit the rules`() {
        let spoken = Sessions.spoken(Array(0..<16))
        #expect(spoken == "0123-4567-89ab-cdef")
        #expect(Sessions.spoken(World.replay(seed: 5).bytes(16)).count == 19)
    }
}

@Suite struct SessionTests {
    static let password = "ein Fahrrad im Regen"

    static func person(_ ground: Ground, _ name: String = "ada") async throws -> PersonRecord {
        let draft = PersonDraft(key: "key-\(name)", name: "Person \(name)", email: "\(name)@example.org")
        let person = try await ground.directory.save(draft, of: ground.tenant)
        try await ground.sessions.setPassword(password, for: person.id, of: ground.tenant)
        return person
    }

    static func signIn(
        _ ground: Ground, _ name: String = "ada@example.org", _ password: String = password,
        from address: String = "192.0.2.1"
    ) async throws -> SignedIn {
        try await ground.sessions.signIn(name, password: password, tenant: ground.tenant, from: address)
    }

    @Test(arguments: Engine.present) func `a person signs in and out`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        let ada = try await Self.person(ground)
        let signedIn = try await Self.signIn(ground, "ADA@Example.org")
        #expect(signedIn.session.person == ada && !signedIn.session.mustChangePassword)
        #expect(signedIn.session.rights == [.learn])
        let session = try #require(try await ground.sessions.session(signedIn.token))
        #expect(session == signedIn.session)
        let byKey = try await Self.signIn(ground, "key-ada")
        #expect(byKey.token != signedIn.token && byKey.session.csrf != session.csrf)
        let stored = try await ground.database.read { connection in
            try connection.rows("SELECT token_hash FROM person_session").map {
                try $0.get("token_hash", as: [UInt8].self)
            }
        }
        #expect(Set(stored) == Set([signedIn.token, byKey.token].map { sha256(Array($0.utf8)) }))
        try await ground.sessions.signOut(signedIn.token)
        #expect(try await ground.sessions.session(signedIn.token) == nil)
        #expect(try await ground.sessions.session(byKey.token) != nil)
        for token in ["", "1", "1.", "x.y", "1.\(String(repeating: "A", count: 43))", "2" + byKey.token.dropFirst()] {
            #expect(try await ground.sessions.session(token) == nil)
        }
        try await ground.sessions.signOutEverywhere(ada.id, of: ground.tenant)
        #expect(try await ground.sessions.session(byKey.token) == nil)
    }

    @Test(arguments: Engine.present) func `a stranger and a wrong password are told the same`(engine: Engine)
        async throws
    {
        let ground = try await Ground(engine)
        _ = try await Self.person(ground)
        let silent = try await ground.directory.save(
            PersonDraft(key: "s", name: "S", email: "silent@example.org"), of: ground.tenant)
        for (name, password) in [
            ("ada@example.org", "wrong"), ("ada@example.org", ""), ("nobody@example.org", Self.password), ("", ""),
            ("silent@example.org", Self.password), ("ada@example.org", String(repeating: "x", count: 100_000)),
        ] {
            let problem = try await #require(throws: Problem.self) { try await Self.signIn(ground, name, password) }
            #expect(problem.kind == .anonymous && problem.code == "sign-in-refused")
        }
        #expect(try await !ground.sessions.hasPassword(silent.id, of: ground.tenant))
    }

    @Test(arguments: Engine.present) func `who is deactivated is out at once`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        let ada = try await Self.person(ground)
        let token = try await Self.signIn(ground).token
        try await ground.directory.deactivate(ada.id, of: ground.tenant)
        #expect(try await ground.sessions.session(token) == nil)
        #expect(await code { try await Self.signIn(ground) } == "sign-in-refused")
        try await ground.directory.reactivate(ada.id, of: ground.tenant)
        #expect(try await ground.sessions.session(token) == nil)
        let again = try await Self.signIn(ground).token
        _ = try await ground.importPeople("id,name,active\nkey-ada,Ada,no\n")
        #expect(try await ground.sessions.session(again) == nil)
    }

    @Test(arguments: Engine.present) func `a session slides, up to a limit`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        _ = try await Self.person(ground)
        let start = ground.clock.now
        let signedIn = try await Self.signIn(ground)
        #expect(signedIn.session.expiresAt == start + Sessions.idle)
        ground.clock.advance(by: .minutes(1))
        #expect(try await ground.sessions.session(signedIn.token)?.expiresAt == start + Sessions.idle)
        ground.clock.advance(by: .hours(11))
        #expect(try await ground.sessions.session(signedIn.token)?.expiresAt == ground.clock.now + Sessions.idle)
        for _ in 0..<14 {
            ground.clock.advance(by: .hours(11))
            #expect(try await ground.sessions.session(signedIn.token) != nil)
        }
        #expect(try await ground.sessions.session(signedIn.token)?.expiresAt == start + Sessions.longest)
        ground.clock.advance(by: .hours(11))
        #expect(try await ground.sessions.session(signedIn.token) == nil)

        let idle = try await Self.signIn(ground)
        ground.clock.advance(by: Sessions.idle)
        #expect(try await ground.sessions.session(idle.token) == nil)
        _ = try await Self.signIn(ground)
        let left: Int = try await ground.database.read { try $0.value("SELECT COUNT(*) AS n FROM person_session") }
        #expect(left == 1)
    }

    @Test(arguments: Engine.present) func `an account waits longer after each failure`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        _ = try await Self.person(ground)
        for attempt in 0..<5 {
            // Another address each time: the account counts for itself, by e-mail as by key.
            let name = attempt % 2 == 0 ? "ada@example.org" : "key-ada"
            let refusal = await code { try await Self.signIn(ground, name, "wrong", from: "192.0.2.\(attempt)") }
            #expect(refusal == "sign-in-refused")
        }
        for seconds in [2, 4, 8, 16] {
            let wait = try await #require(throws: SignInWait.self) { try await Self.signIn(ground) }
            #expect(wait.seconds == seconds)
            #expect(wait.problem.detail.hasSuffix("Try again in \(seconds) seconds."))
            ground.clock.advance(by: .seconds(seconds) - .milliseconds(1))
            #expect(await code { try await Self.signIn(ground) } == "sign-in-wait")
            ground.clock.advance(by: .milliseconds(1))
            #expect(await code { try await Self.signIn(ground, "ada@example.org", "wrong") } == "sign-in-refused")
        }
        ground.clock.advance(by: .seconds(32))
        _ = try await Self.signIn(ground)
        // A success wipes the slate.
        #expect(await code { try await Self.signIn(ground, "ada@example.org", "wrong") } == "sign-in-refused")
        _ = try await Self.signIn(ground)
    }

    @Test(arguments: Engine.present) func `an unknown account waits as a known one does`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        func codes(_ name: String) async -> [String] {
            var codes: [String] = []
            for number in 0..<7 {
                codes.append(await code { try await Self.signIn(ground, name, "wrong", from: "198.51.100.\(number)") })
            }
            return codes
        }
        _ = try await Self.person(ground)
        let known = await codes("ada@example.org")
        #expect(known == Array(repeating: "sign-in-refused", count: 5) + ["sign-in-wait", "sign-in-wait"])
        #expect(await codes("nobody@example.org") == known)
        #expect(await codes("NOBODY@example.org").allSatisfy { $0 == "sign-in-wait" })
        ground.clock.advance(by: Throttle.memory)
        #expect(await codes("ada@example.org") == known)
    }

    @Test(arguments: Engine.present) func `an address waits after many failures`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        _ = try await Self.person(ground)
        for number in 0..<Throttle.address.free {
            #expect(await code { try await Self.signIn(ground, "n\(number)", "wrong") } == "sign-in-refused")
        }
        #expect(await code { try await Self.signIn(ground) } == "sign-in-wait")
        _ = try await Self.signIn(ground, from: "192.0.2.2")
        ground.clock.advance(by: .seconds(2))
        // One success takes one failure back, not all of them.
        _ = try await Self.signIn(ground)
        #expect(await code { try await Self.signIn(ground, "n1", "wrong") } == "sign-in-wait")
    }

    @Test func `attempts sent together do not slip past the count`() async throws {
        let ground = try await Ground(.file)
        _ = try await Self.person(ground)
        let codes = await withTaskGroup(of: String.self) { group in
            for number in 0..<40 {
                group.addTask {
                    await code { try await Self.signIn(ground, "ada@example.org", "wrong", from: "10.0.0.\(number)") }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.count { $0 == "sign-in-refused" } == Throttle.account.free)
        #expect(codes.count { $0 == "sign-in-wait" } == 40 - Throttle.account.free)
    }

    @Test func `the same story is told under a replayed world`() async throws {
        func story() async throws -> [String] {
            let database = try await Engine.memory.database(PeopleSchema.migrations)
            let world = World.replay(step: .seconds(1), seed: 9)
            let directory = Directory(database: database, world: world)
            let sessions = Sessions(database: database, world: world, cost: .cheap)
            let signedIn = try await sessions.setUp(
                FirstRun(
                    organisation: "O", home: "https://o.example.org", name: "Ada", email: "ada@example.org",
                    password: Self.password))
            var story = [signedIn.token, signedIn.session.csrf, signedIn.session.person.id.description]
            for _ in 0..<20 {
                story.append(
                    await code {
                        try await sessions.signIn("ada@example.org", password: "no", tenant: .first, from: "::1")
                    })
            }
            return story + (try await directory.exportCSV(of: .first))
        }
        let told = try await story()
        #expect(try await story() == told)
        #expect(told.contains("sign-in-wait") && told.contains("sign-in-refused"))
    }

    @Test(arguments: Engine.present) func `a one-time password serves once and must be changed`(engine: Engine)
        async throws
    {
        let ground = try await Ground(engine)
        let ada = try await Self.person(ground)
        let old = try await Self.signIn(ground).token
        for _ in 0..<6 { _ = await code { try await Self.signIn(ground, "ada@example.org", "wrong") } }
        let temporary = try await ground.sessions.resetPassword(of: ada.id, ground.tenant)
        #expect(try await ground.sessions.session(old) == nil)
        #expect(await code { try await Self.signIn(ground) } == "sign-in-refused")
        let limited = try await Self.signIn(ground, "ada@example.org", temporary)
        #expect(limited.session.mustChangePassword && limited.session.rights.isEmpty)
        #expect(try await ground.sessions.session(limited.token)?.mustChangePassword == true)
        #expect(await code { try await Self.signIn(ground, "ada@example.org", temporary) } == "one-time-password-used")

        func change(_ current: String, _ new: String) async -> String {
            await code { try await ground.sessions.changePassword(limited.token, current: current, new: new) }
        }
        #expect(await change(temporary, "short") == "password-weak")
        #expect(await change("wrong", "another good one") == "password-wrong")
        #expect(await change(temporary, temporary) == "password-same")
        #expect(await change(temporary, "another good one") == "none")
        #expect(try await ground.sessions.session(limited.token)?.mustChangePassword == false)
        #expect(
            try await Self.signIn(ground, "ada@example.org", "another good one").session.mustChangePassword == false)
        #expect(await code { try await Self.signIn(ground, "ada@example.org", temporary) } == "sign-in-refused")

        let late = try await ground.sessions.resetPassword(of: ada.id, ground.tenant)
        ground.clock.advance(by: Sessions.temporary + .seconds(1))
        #expect(await code { try await Self.signIn(ground, "ada@example.org", late) } == "one-time-password-used")
        let stranger = ground.clock.world.id(Person.self)
        #expect(await code { try await ground.sessions.resetPassword(of: stranger, ground.tenant) } == "person-missing")
    }

    @Test(arguments: Engine.present) func `a changed password ends the other sessions`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        let ada = try await Self.person(ground)
        let (one, other) = (try await Self.signIn(ground).token, try await Self.signIn(ground).token)
        try await ground.sessions.changePassword(one, current: Self.password, new: "another good one")
        #expect(try await ground.sessions.session(one) != nil)
        #expect(try await ground.sessions.session(other) == nil)
        #expect(
            await code { try await ground.sessions.changePassword(other, current: "", new: "x") } == "anonymous")
        // Whoever holds a session may not try passwords without end.
        for _ in 0..<5 {
            #expect(
                await code { try await ground.sessions.changePassword(one, current: "no", new: "a third good one") }
                    == "password-wrong")
        }
        #expect(
            await code { try await ground.sessions.changePassword(one, current: "no", new: "a third good one") }
                == "sign-in-wait")
        let weak = await code { try await ground.sessions.setPassword("Ada", for: ada.id, of: ground.tenant) }
        #expect(weak == "password-weak")
        try await ground.sessions.setPasswords("demo", for: [ada.id], of: ground.tenant)
        ground.clock.advance(by: .minutes(1))
        _ = try await Self.signIn(ground, "ada@example.org", "demo")
    }

    @Test(arguments: Engine.present) func `a person sees and ends single sessions`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        let ada = try await Self.person(ground)
        let bob = try await Self.person(ground, "bob")
        let old = try await Self.signIn(ground).token
        ground.clock.advance(by: .minutes(1))
        let new = try await Self.signIn(ground).token
        _ = try await Self.signIn(ground, "bob@example.org")
        let open = try await ground.sessions.openSessions(of: ada.id, in: ground.tenant, asking: new)
        #expect(open.map(\.isThis) == [true, false])
        try await ground.sessions.end(open[1].name, of: bob.id, in: ground.tenant)
        #expect(try await ground.sessions.session(old) != nil)
        try await ground.sessions.end(open[1].name, of: ada.id, in: ground.tenant)
        #expect(try await ground.sessions.session(old) == nil)
        #expect(try await ground.sessions.session(new) != nil)
    }

    @Test(arguments: Engine.present) func `a hash of another cost is renewed at sign-in`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        _ = try await Self.person(ground)
        let dearer = Sessions(
            database: ground.database, world: ground.clock.world,
            cost: PasswordCost(logRounds: 5, blockSize: 8, parallelism: 1))
        for _ in 0..<2 {
            _ = try await dearer.signIn(
                "ada@example.org", password: Self.password, tenant: ground.tenant, from: "192.0.2.1")
        }
        let hash: String = try await ground.database.read { try $0.value("SELECT hash FROM person_password") }
        #expect(hash.hasPrefix("$scrypt$ln=5,r=8,p=1$"))
    }

    @Test(arguments: Engine.present) func `a first run makes one administrator`(engine: Engine) async throws {
        let database = try await engine.database(PeopleSchema.migrations)
        let clock = Clock()
        let directory = Directory(database: database, world: clock.world)
        let sessions = Sessions(database: database, world: clock.world, cost: .cheap)
        let first = FirstRun(
            organisation: "Analytical Engines", home: "https://a.example.org", name: "Ada Lovelace",
            email: "ada@example.org", password: Self.password)
        #expect(try await directory.isEmpty())
        for (change, refusal) in [
            ({ $0.password = "short" }, "password-weak"), ({ $0.email = "x" }, "person-invalid"),
            ({ $0.email = "" }, "person-invalid"), ({ $0.home = "nowhere" }, "tenant-invalid"),
            ({ $0.organisation = "" }, "tenant-invalid"),
        ] as [((inout FirstRun) -> Void, String)] {
            var wrong = first
            change(&wrong)
            #expect(await code { try await sessions.setUp(wrong) } == refusal)
            #expect(try await directory.tenants().isEmpty)
        }
        let codes = await withTaskGroup(of: String.self) { group in
            for _ in 0..<8 { group.addTask { await code { try await sessions.setUp(first) } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.count { $0 == "none" } == 1 && codes.count { $0 == "set-up-done" } == 7)
        #expect(try await !directory.isEmpty())
        let signedIn = try await sessions.signIn(
            "ada@example.org", password: Self.password, tenant: .first, from: "127.0.0.1")
        #expect(signedIn.session.rights.contains(.administer))
        #expect(try await directory.tenants().map(\.name) == ["Analytical Engines"])
    }

    @Test(arguments: Engine.present) func `a first run keeps people imported before`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        _ = try await ground.importPeople("id,name,email\nadministrator,Bob,\n7,Ada,ADA@example.org\n")
        let signedIn = try await ground.sessions.setUp(
            FirstRun(
                organisation: "New name", home: "https://other.example.org", name: "Ada L", email: "ada@example.org",
                password: Self.password))
        #expect(signedIn.session.person.key == "7" && signedIn.session.person.roles == [.learner, .administrator])
        let tenant = try #require(try await ground.directory.tenant(.first))
        #expect(tenant.name == "New name" && tenant.home == "https://trial.example.org")
        #expect(try await ground.directory.count(of: .first) == 2)
    }
}
