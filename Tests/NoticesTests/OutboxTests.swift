import Basis
import Mail
import MailTesting
import NIOCore
import NIOPosix
import Storage
import StorageTesting
import Synchronization
import Testing
import Vault

@testable import Notices

/// How letters fare: with a server that takes them, puts them off, refuses them or is not there.
@Suite struct OutboxTests {
    @Test(arguments: Engine.present) func `what is put off comes back after doubling pauses, for a day`(
        engine: Engine
    ) async throws {
        let house = try await House(engine)
        house.bag.answer { _ in throw MailError.later(code: 451, answer: "451 greylisted") }
        try await house.mandate(due: 60, of: [house.staff[0]])
        var tries: [Moment] = []
        for _ in 0..<30 * 60 {
            let before = try await house.letters().first?.tries ?? 0
            _ = try await house.round()
            let letter = try #require(try await house.letters().first)
            if letter.tries > before { tries.append(house.world.now()) }
            if letter.state == .failed { break }
            house.clock.forward(.minutes(1))
        }
        let letter = try #require(try await house.letters().first)
        #expect(letter.state == .failed && letter.answer == "451 greylisted" && letter.tries == tries.count)
        let pauses = zip(tries.dropFirst(), tries).map { ($0 - $1).seconds / 60 }
        #expect((8...20).contains(tries.count), "\(pauses)")
        #expect(pauses[0] < 3 && pauses[4] > pauses[1] && pauses.allSatisfy { $0 < 4 * 60 + 2 })
        #expect(tries[tries.count - 1] - tries[0] >= .hours(24))
        house.bag.answer { _ in "250 taken" }
        #expect(try await house.round().isEmpty)
        try await house.postman.outbox.retry(letter.id, of: house.tenant)
        #expect(try await house.round().map(\.id) == [letter.id.description])
        let again = await refusal { try await house.postman.outbox.retry(letter.id, of: house.tenant) }
        #expect(again?.code == "letter-missing")
    }

    @Test(arguments: Engine.present) func `what is refused fails at once and holds up no other`(
        engine: Engine
    ) async throws {
        let house = try await House(engine)
        house.bag.answer { message in
            if message.to.mailbox.hasPrefix("ben") {
                throw MailError.refused(code: 550, answer: "550 no such person")
            }
            return "250 taken"
        }
        try await house.mandate(due: 60)
        #expect(try await house.round().count == 2)
        let failed = try await house.letters(.failed)
        #expect(failed.map(\.person) == [house.staff[1]] && failed.first?.answer == "550 no such person")
        #expect(try await house.postman.outbox.counts(of: house.tenant).states == [.sent: 2, .failed: 1])
        house.bag.answer { _ in "250 taken" }
        #expect(try await house.postman.outbox.retryAll(of: house.tenant) == 1)
        #expect(try await house.round().count == 1)
    }

    @Test(arguments: Engine.present) func `a server that is not there is no letter’s fault, and is asked seldom`(
        engine: Engine
    ) async throws {
        let house = try await House(engine)
        let asked = Mutex(0)
        house.bag.answer { _ in
            asked.withLock { $0 += 1 }
            throw MailError.closed(answer: "Couldn't connect to server")
        }
        try await house.mandate(due: 60)
        for _ in 0..<6 * 60 {
            _ = try await house.round()
            house.clock.forward(.minutes(1))
        }
        // A round has up to four letters under way.
        #expect((10...80).contains(asked.withLock { $0 }))
        let settings = try #require(try await house.postman.book.settings(of: house.tenant))
        #expect(settings.failures >= 8 && settings.lastError == "Couldn't connect to server")
        #expect(try await house.letters(.waiting).allSatisfy { $0.tries == 0 })
        house.bag.answer { _ in "250 taken" }
        house.clock.forward(.hours(1))
        #expect(try await house.round().count == 3)
        #expect(try await house.postman.book.settings(of: house.tenant)?.failures == 0)
    }

    @Test(arguments: Engine.present) func `what waited for a week is dropped, also once letters are off`(
        engine: Engine
    ) async throws {
        let house = try await House(engine)
        house.bag.answer { _ in throw MailError.closed(answer: "gone") }
        try await house.mandate(due: 60)
        _ = try await house.round()
        #expect(try await house.letters(.waiting).count == 3)
        try await house.postman.book.switchOff(by: house.owner, of: house.tenant)
        house.clock.forward(.days(8))
        _ = try await house.round()
        #expect(try await house.letters(.dropped).map(\.answer) == Array(repeating: "Not sent: too old.", count: 3))
        house.clock.forward(.days(31))
        _ = try await house.round()
        #expect(try await house.letters().isEmpty)
        let left: Int = try await house.database.read { try $0.value("SELECT COUNT(*) AS count FROM mail_notice") }
        #expect(left == 0)
    }

    @Test(arguments: Engine.present) func `letters stand on pages, the newest first`(engine: Engine) async throws {
        let house = try await House(engine)
        for number in 0..<18 {
            try await house.mandate("Mandate \(number)", due: 60)
            _ = try await house.round()
            house.clock.nextDay()
        }
        let first = try await house.postman.outbox.letters(of: house.tenant)
        #expect(first.total == 54 && first.count == 3 && first.letters.count == 20)
        #expect(zip(first.letters, first.letters.dropFirst()).allSatisfy { $0.writtenAt >= $1.writtenAt })
        let second = try await house.postman.outbox.letters(of: house.tenant, state: .sent, page: 9)
        #expect(second.number == 3 && second.letters.count == 14)
        #expect(second.letters.allSatisfy { $0.kinds == [.mandateAssigned] && $0.isDigest })
    }

    // MARK: Over a socket

    @Test(arguments: Engine.present) func `letters go over a socket to a server that puts off, refuses and hangs up`(
        engine: Engine
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let postbox = try await Postbox(on: group)
        let house = try await House(engine, isOn: false)
        let postman = Postman(
            database: house.database, world: house.world, vault: Vault(secret: [UInt8](repeating: 1, count: 32)))
        var draft = House.draft
        (draft.host, draft.port, draft.security, draft.user) = ("127.0.0.1", postbox.port, .none, "")
        draft.password = nil
        try await postman.book.set(draft, by: nil, of: house.tenant)
        #expect(try await postman.test(to: house.staff[0], of: house.tenant) == "250 taken")
        #expect(postbox.letters.last?.text.contains("Letters from Leeway reach you.") == true)
        try await house.mandate(due: 60, of: [house.staff[0]])
        for (answers, answer) in [(["RCPT": "451 later"], "451 later"), ([".": ""], ""), (["MAIL": ""], "")] {
            postbox.answer(answers)
            #expect(try await postman.round(of: house.tenant) == 0)
            let letter = try #require(try await house.letters().first)
            #expect(letter.state == .waiting && letter.answer.hasPrefix(answer) && !letter.answer.isEmpty)
            house.clock.forward(.hours(4))
        }
        #expect(try await house.letters().first?.tries == 3)
        postbox.answer([:])
        #expect(try await postman.round(of: house.tenant) == 1)
        #expect(postbox.letters.last?.to.contains("<ada@pier.example>") == true)
        #expect(postbox.letters.last?.text.contains("Checking answers") == true)
        #expect(postbox.letters.count == 2)
        postbox.answer(["RCPT": "550 no such person"])
        try await house.mandate("Second", due: 60, of: [house.staff[1]])
        #expect(try await postman.round(of: house.tenant) == 0)
        #expect(try await house.letters(.failed).map(\.answer) == ["550 no such person"])
        let refused = await refusal { _ = try await postman.test(to: house.staff[0], of: house.tenant) }
        #expect(refused?.code == "test-failed" && refused?.detail.contains("550 no such person") == true)
        try await postbox.close()
        try await house.mandate("Third", due: 60, of: [house.staff[2]])
        #expect(try await postman.round(of: house.tenant) == 0)
        #expect(try await postman.book.settings(of: house.tenant)?.failures ?? 0 > 0)
        try await group.shutdownGracefully()
    }

    // MARK: Crashes

    /// Random events, days, refusals and crashes between handing in and noting; two nodes take turns.
    @Test(arguments: 1...24) func `no letter is lost, and none goes twice unless a node died in between`(
        seed: UInt64
    ) async throws {
        var dice = Dice(seed: seed)
        let house = try await House(.memory, seed: seed)
        let nodes = [house.postman, House.postman(house.database, house.clock, house.bag)]
        let crashed = Mutex<Set<String>>([])
        var mandates: [ID<Mandate>] = []
        _ = try await house.round()
        for step in 0..<40 {
            let (mood, roll) = (Int.random(in: 0..<6, using: &dice), dice.next())
            let fate = Mutex(Dice(seed: roll))
            house.bag.answer { message in
                let chance = fate.withLock { Int.random(in: 0..<4, using: &$0) }
                switch (mood, chance) {
                case (0, 0): throw MailError.later(code: 451, answer: "451 later")
                case (1, _): throw MailError.closed(answer: "gone")
                case (2, 0):
                    // Taken, and the node dies before it notes that.
                    house.bag.keep(message)
                    _ = crashed.withLock { $0.insert(message.id) }
                    throw Crash()
                case (3, 0): throw Crash()
                default: return "250 taken"
                }
            }
            if Int.random(in: 0..<3, using: &dice) == 0 {
                mandates.append(try await house.mandate("Mandate \(step)", due: 200))
            }
            if Int.random(in: 0..<5, using: &dice) == 0 { _ = try await house.publishStrategy("Strategy \(step)") }
            let node = nodes[Int.random(in: 0..<2, using: &dice)]
            do { try await node.round(of: house.tenant) } catch is Crash {}
            house.clock.forward(.minutes(Int.random(in: 1...600, using: &dice)))
        }
        house.bag.answer { _ in "250 taken" }
        for _ in 0..<6 {
            try await nodes[0].round(of: house.tenant)
            house.clock.nextDay()
        }
        let letters = house.bag.letters
        for (id, copies) in Dictionary(grouping: letters, by: \.id) where copies.count > 1 {
            #expect(crashed.withLock { $0.contains(id) }, "\(copies.count) of one letter")
        }
        // Each of the three was told of each mandate in one letter, by its link.
        let texts = Dictionary(grouping: Set(letters.map { [$0.id, $0.to, $0.text] }), by: { $0[1] })
        for mandate in mandates {
            for name in ["ada", "ben", "cid"] {
                let told = (texts["\(name)@pier.example"] ?? []).filter { $0[2].contains("/mandates/\(mandate)\n") }
                #expect(Set(told.map { $0[0] }).count == 1, "\(name), seed \(seed)")
            }
        }
        #expect(try await house.letters(.waiting).isEmpty)
        #expect(try await house.letters(.failed).isEmpty)
    }
}
