import Basis
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

    @Test(arguments: Engine.present) func `the last use is noted to the minute`(engine: Engine) async throws {
        let ground = try await Ground(engine)
        let (client, secret) = try await ground.clients.create(label: "LMS", scopes: ["all"], for: ground.tenant)
        func lastUse() async throws -> Moment? { try await ground.clients.list(of: ground.tenant).first?.lastUsedAt }
        #expect(try await lastUse() == nil)
        let first = ground.clock.now
        _ = try await ground.clients.verify(key: client.key, secret: secret)
        #expect(try await lastUse() == first)
        ground.clock.advance(by: .seconds(30))
        _ = try await ground.clients.verify(key: client.key, secret: secret)
        #expect(try await lastUse() == first)
        ground.clock.advance(by: .seconds(30))
        _ = try await ground.clients.verify(key: client.key, secret: secret)
        #expect(try await lastUse() == ground.clock.now)
    }

    @Test func `checking a client again takes less than a tenth of a millisecond`() async throws {
        let ground = try await Ground(.file)
        let (client, secret) = try await ground.clients.create(label: "LMS", scopes: ["all"], for: ground.tenant)
        _ = try await ground.clients.verify(key: client.key, secret: secret)
        let count = 5_000
        let span = try await ContinuousClock().measure {
            for _ in 0..<count { _ = try await ground.clients.verify(key: client.key, secret: secret) }
        }
        #expect(span / count < .microseconds(100), "\(span / count)")
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
