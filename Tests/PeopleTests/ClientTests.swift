import Basis
import Foundation
import People
import Storage
import StorageTesting
import Testing

@Suite struct ClientTests {
    @Test(arguments: Engine.present) func `a client is known by key and secret`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        let (client, secret) = try await ground.clients.create(
            label: "LMS", scopes: ["statements/write", "statements/read/mine"], for: ground.tenant)
        #expect(client.scopes == ["statements/read/mine", "statements/write"])
        for _ in 0..<2 {
            let found = try #require(try await ground.clients.verify(key: client.key, secret: secret))
            #expect(found.id == client.id && found.tenant == ground.tenant && found.scopes == client.scopes)
        }
        for (key, wrong) in [
            (client.key, secret + "x"), (client.key, ""), (client.key + "x", secret), ("", secret), ("9-x", secret),
            (secret, client.key), ("x", String(repeating: "y", count: 10_000)),
        ] {
            #expect(try await ground.clients.verify(key: key, secret: wrong) == nil)
        }
        let hashes = try await ground.database.read { connection in
            try connection.rows("SELECT label, key, scopes FROM client WHERE secret_hash = \(Array(secret.utf8))")
        }
        #expect(hashes.isEmpty)
        #expect(
            await code { try await ground.clients.create(label: "", scopes: ["all"], for: .first) } == "client-invalid")
        #expect(await code { try await ground.clients.create(label: "x", scopes: [], for: .first) } == "client-invalid")
        #expect(
            await code { try await ground.clients.create(label: "x", scopes: ["root"], for: .first) }
                == "client-invalid")
    }

    @Test(arguments: Engine.present) func `a revoked client is out within a second, on every node`(engine: Engine)
        async throws
    {
        let ground = try await Ground(engine)
        let node = ClientBook(database: ground.database, world: ground.clock.world)
        let (client, secret) = try await ground.clients.create(label: "LMS", scopes: ["all"], for: ground.tenant)
        for book in [ground.clients, node] { #expect(try await book.verify(key: client.key, secret: secret) != nil) }
        try await ground.clients.revoke(client.id, of: ground.tenant)
        #expect(try await ground.clients.verify(key: client.key, secret: secret) == nil)
        ground.clock.advance(by: .seconds(1))
        #expect(try await node.verify(key: client.key, secret: secret) == nil)
        let listed = try #require(try await ground.clients.list(of: ground.tenant).first)
        let revokedAt = try #require(listed.revokedAt)
        try await ground.clients.revoke(client.id, of: ground.tenant)
        #expect(try await ground.clients.list(of: ground.tenant).first?.revokedAt == revokedAt)
        let stranger = ground.clock.world.id(Credential.self)
        #expect(await code { try await ground.clients.revoke(stranger, of: ground.tenant) } == "client-missing")
        #expect(await code { try await ground.clients.revoke(client.id, of: TenantID(2)) } == "client-missing")
    }

    @Test(arguments: Engine.present) func `uses are noted together, and never within a request`(engine: Engine)
        async throws
    {
        let ground = try await Ground(engine)
        let (client, secret) = try await ground.clients.create(label: "LMS", scopes: ["all"], for: ground.tenant)
        let (idle, _) = try await ground.clients.create(label: "Idle", scopes: ["all"], for: ground.tenant)
        let node = ClientBook(database: ground.database, world: ground.clock.world)
        func lastUse(_ book: ClientBook, _ id: ID<Credential>) async throws -> Moment? {
            try await book.list(of: ground.tenant).first { $0.id == id }?.lastUsedAt
        }
        #expect(try await lastUse(ground.clients, client.id) == nil)
        for _ in 0..<3 {
            ground.clock.advance(by: .seconds(20))
            _ = try await ground.clients.verify(key: client.key, secret: secret)
            _ = try await ground.clients.verify(key: client.key, secret: "wrong")
        }
        #expect(try await lastUse(ground.clients, client.id) == ground.clock.now)
        #expect(try await lastUse(node, client.id) == nil)
        try await ground.clients.noteUses()
        #expect(try await lastUse(node, client.id) == ground.clock.now)
        let last = ground.clock.now
        ground.clock.advance(by: .minutes(-5))
        _ = try await node.verify(key: client.key, secret: secret)
        try await node.noteUses()
        try await node.noteUses()
        #expect(try await lastUse(ground.clients, client.id) == last)
        #expect(try await lastUse(ground.clients, idle.id) == nil)
    }

    @Test(arguments: Engine.present) func `after a rotation both secrets are valid for a while`(engine: Engine)
        async throws
    {
        let ground = try await Ground(engine)
        let node = ClientBook(database: ground.database, world: ground.clock.world)
        let (client, first) = try await ground.clients.create(label: "LMS", scopes: ["all"], for: ground.tenant)
        func known(_ secrets: [String]) async throws -> [[Bool]] {
            var answers: [[Bool]] = []
            for book in [ground.clients, node] {
                var row: [Bool] = []
                for secret in secrets { row.append(try await book.verify(key: client.key, secret: secret) != nil) }
                answers.append(row)
            }
            return answers
        }
        let (rotated, second) = try await ground.clients.rotate(
            client.id, keepingOldFor: .hours(2), of: ground.tenant)
        #expect(rotated.id == client.id && rotated.key == client.key)
        #expect(rotated.rotatedAt == ground.clock.now)
        #expect(rotated.graceEndsAt == ground.clock.now + .hours(2))
        #expect(try await known([first, second]) == [[true, true], [true, true]])
        ground.clock.advance(by: .hours(2) - .seconds(1))
        #expect(try await known([first, second]) == [[true, true], [true, true]])
        ground.clock.advance(by: .seconds(1))
        #expect(try await known([first, second]) == [[false, true], [false, true]])
        let (_, third) = try await ground.clients.rotate(client.id, of: ground.tenant)
        let (_, fourth) = try await ground.clients.rotate(client.id, of: ground.tenant)
        ground.clock.advance(by: .seconds(1))
        let answers = try await known([second, third, fourth])
        #expect(answers == [[false, true, true], [false, true, true]])
        let (_, fifth) = try await ground.clients.rotate(client.id, keepingOldFor: .zero, of: ground.tenant)
        ground.clock.advance(by: .seconds(1))
        #expect(try await known([fourth, fifth]) == [[false, true], [false, true]])
        try await ground.clients.revoke(client.id, of: ground.tenant)
        ground.clock.advance(by: .seconds(1))
        #expect(try await known([fourth, fifth]) == [[false, false], [false, false]])
        #expect(await code { try await ground.clients.rotate(client.id, of: ground.tenant) } == "client-revoked")
        let stranger = ground.clock.world.id(Credential.self)
        #expect(await code { try await ground.clients.rotate(stranger, of: ground.tenant) } == "client-missing")
        #expect(await code { try await ground.clients.rotate(client.id, of: TenantID(2)) } == "client-missing")
        #expect(await code { try ClientBook.grace(hours: 721) } == "client-invalid")
        #expect(await code { try ClientBook.grace(hours: -1) } == "client-invalid")
    }

    @Test(arguments: Engine.present) func `a client is bound to activities and to a learner`(engine: Engine)
        async throws
    {
        let ground = try await Ground(engine)
        let ada = try await ground.directory.save(PersonDraft(key: "ada", name: "Ada"), of: ground.tenant)
        let (client, secret) = try await ground.clients.create(
            label: "Course", scopes: ["state"], activities: "https://example.org/course/", learner: "ada",
            for: ground.tenant)
        let found = try #require(try await ground.clients.verify(key: client.key, secret: secret))
        #expect(found.activities == "https://example.org/course/")
        #expect(found.learner?.id == ada.id && found.learner?.key == "ada" && found.learner?.name == "Ada")
        #expect(found.learner?.home == "https://trial.example.org")
        #expect(try await ground.clients.list(of: ground.tenant).first?.learner?.key == "ada")
        for (activities, learner, pointer) in [
            ("course", nil, "/activities"), ("", nil, "/activities"), (":x", nil, "/activities"),
            ("https://example.org/a b", nil, "/activities"), (nil, "nobody", "/learner"),
        ] as [(String?, String?, String)] {
            let problem = await #expect(throws: Problem.self) {
                try await ground.clients.create(
                    label: "x", scopes: ["all"], activities: activities, learner: learner, for: ground.tenant)
            }
            #expect(problem?.code == "client-invalid" && problem?.pointers == [pointer])
        }
        try await ground.database.write { connection in
            try connection.run("UPDATE person SET is_active = 0 WHERE id = \(ada.id)")
        }
        ground.clock.advance(by: .seconds(1))
        #expect(try await ground.clients.verify(key: client.key, secret: secret) == nil)
    }

    @Test func `the header Authorization is the one door`() async throws {
        let ground = try await Ground(.memory)
        let (client, secret) = try await ground.clients.create(label: "LMS", scopes: ["all"], for: ground.tenant)
        func known(_ header: String) async throws -> Bool {
            try await ground.clients.client(authorization: header)?.id == client.id
        }
        let pair = Data("\(client.key):\(secret)".utf8).base64EncodedString()
        for header in ["Basic \(pair)", "basic \(pair)", "BASIC \(pair)"] { #expect(try await known(header)) }
        for header in [
            "", "Basic", "Basic ", pair, "Basic \(pair)x", "Basic !", "Bearer \(pair)", "Bearer \(secret)",
            "Basic " + Data(client.key.utf8).base64EncodedString(),
            "Basic " + Data([0xFF, 0x3A]).base64EncodedString(),
        ] {
            #expect(try await !known(header), "\(header)")
        }
    }

    @Test func `a wider scope covers a narrower one`() async throws {
        let ground = try await Ground(.memory)
        func holds(_ scopes: [String]) async throws -> [String] {
            let (client, _) = try await ground.clients.create(label: "x", scopes: scopes, for: ground.tenant)
            return ClientBook.scopes.filter(client.holds)
        }
        #expect(try await holds(["all"]) == ClientBook.scopes)
        #expect(try await holds(["all/read"]) == ["all/read", "statements/read", "statements/read/mine"])
        #expect(try await holds(["statements/read"]) == ["statements/read", "statements/read/mine"])
        #expect(try await holds(["statements/write"]) == ["statements/write"])
    }
}
