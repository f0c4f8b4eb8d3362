public import Basis
import Intent
public import Mail
import People
public import Storage
public import Vault

/// Sends letters: follows what happened, writes letters and hands them in.
///
/// Any number of nodes may run it: each letter is leased in the database. What was handed in and not yet noted when a
/// node dies is handed in again by the next, under the same Message-ID.
public struct Postman: Sendable {
    /// Hands one letter in, and says what the server answered. Throws `MailError`.
    public typealias Carrier = @Sendable (MailMessage, MailServer) async throws -> String

    /// Letters handed in at the same time by one node.
    static let width = 4
    /// Letters of one round, so that one tenant's many hold up no other's.
    static let roundLimit = 200
    /// So often what is old is dropped and forgotten.
    static let tidyInterval = Duration.hours(1)

    public let book: MailBook
    public let outbox: Outbox
    public let choices: LetterChoices
    let follower: NoticeFollower
    private let database: any Database
    private let world: World
    private let directory: Directory
    private let strategies: StrategyBook
    private let carry: Carrier

    /// - Parameters:
    ///   - database: Migrated.
    ///   - world: The clock and chance.
    ///   - vault: Seals the password.
    ///   - sealsElsewhere: As for `MailBook`.
    ///   - carry: Hands a letter in; by SMTP unless a test says otherwise.
    public init(
        database: any Database, world: World, vault: Vault = Vault(file: nil),
        sealsElsewhere: @escaping @Sendable () async throws -> Bool = { false },
        carry: @escaping Carrier = { try await MailTransport(server: $1).send($0) }
    ) {
        self.database = database
        self.world = world
        self.carry = carry
        book = MailBook(database: database, world: world, vault: vault, sealsElsewhere: sealsElsewhere)
        outbox = Outbox(database: database, world: world)
        choices = LetterChoices(database: database)
        follower = NoticeFollower(database: database, world: world, mail: book)
        directory = Directory(database: database, world: world)
        strategies = StrategyBook(database: database, world: world)
    }

    /// Gives each tenant its turn, until it is cancelled.
    ///
    /// - Parameters:
    ///   - pause: Between two rounds.
    ///   - fault: Is told of what went wrong on our side, for the log.
    public func keepWatch(
        pause: Duration = .seconds(15), fault: @Sendable (any Error) -> Void = { _ in }
    ) async {
        var tidiedAt: Moment?
        while !Task.isCancelled {
            let now = world.now()
            let tidies = tidiedAt.map { now - $0 >= Postman.tidyInterval } ?? true
            var hasMore = false
            do {
                for tenant in try await directory.tenants() {
                    do {
                        let count = try await round(of: tenant.id, tidying: tidies)
                        hasMore = hasMore || count >= Postman.roundLimit
                    } catch let error where !(error is CancellationError) {
                        fault(error)
                    }
                }
                if tidies { tidiedAt = now }
            } catch is CancellationError {
                return
            } catch {
                fault(error)
            }
            if !hasMore { try? await Task.sleep(for: pause) }
        }
    }

    /// One round of a tenant: what happened, letters of it, and handing in those whose turn it is, at most
    /// `roundLimit`. `tidies` says whether what is old is dropped and forgotten first.
    ///
    /// - Returns: How many letters were sent.
    @discardableResult
    public func round(of tenant: TenantID, tidying tidies: Bool = true) async throws -> Int {
        if tidies { try await outbox.tidy(tenant) }
        guard let settings = try await book.settings(of: tenant), settings.isOn else { return 0 }
        try await follower.follow(tenant)
        try await outbox.gather(tenant)
        if settings.nextAt > world.now() { return 0 }
        return try await outbox.isDue(of: tenant) ? deliver(tenant) : 0
    }

    /// Sends a person a test letter with the present settings, on or off.
    ///
    /// - Returns: What the server answered.
    /// - Throws: `Problem` (`mail-missing`, `mailbox-missing`, `test-failed`, …).
    public func test(to person: ID<Person>, of tenant: TenantID) async throws -> String {
        let (settings, server) = try await book.server(of: tenant)
        guard let record = try await directory.person(person, of: tenant), let to = record.address else {
            throw Problem(
                .conflict, "mailbox-missing", "You have no mailbox here. Enter one at your entry among the people.")
        }
        let text = "This is the test letter that you asked for. Letters from Leeway reach you.\n\(settings.address)/\n"
        do {
            return try await carry(
                MailMessage(
                    from: settings.sender, to: to, subject: "Test letter from Leeway", text: text, date: world.now(),
                    id: world.id(Letter.self).description), server)
        } catch let error as MailError {
            throw Problem(.conflict, "test-failed", "The server did not take it: \(error.answer)")
        }
    }

    // MARK: Handing in

    /// How handing one in ended, for the round.
    private enum Outcome: Sendable {
        case sent, other
        /// Nothing more can be handed in now.
        case closed
    }

    private func deliver(_ tenant: TenantID) async throws -> Int {
        let (settings, server): (MailSettings, MailServer)
        do throws(any Error) {
            (settings, server) = try await book.server(of: tenant)
        } catch let problem as Problem {
            try await book.noteFailure(problem.detail, of: tenant)
            return 0
        }
        return try await withThrowingTaskGroup(of: Outcome?.self) { group in
            var (count, goesOn, begun) = (0, true, Postman.width)
            for _ in 0..<Postman.width { group.addTask { try await turn(tenant, settings, server) } }
            while let outcome = try await group.next() {
                switch outcome {
                case .sent?: count += 1
                case .other?: break
                case .closed?, nil: goesOn = false
                }
                if goesOn, begun < Postman.roundLimit {
                    begun += 1
                    group.addTask { try await turn(tenant, settings, server) }
                }
            }
            return count
        }
    }

    /// One letter; nil when none is due.
    private func turn(_ tenant: TenantID, _ settings: MailSettings, _ server: MailServer) async throws -> Outcome? {
        guard let letter = try await outbox.take(of: tenant) else { return nil }
        if world.now() - letter.writtenAt > Outbox.age {
            try await outbox.settle(letter, as: .dropped, Outbox.tooOld, wasTried: false, of: tenant)
            return .other
        }
        let (to, text) = try await write(letter, settings, tenant)
        guard let to, let text else {
            let why = to == nil ? "Not sent: no mailbox, or no longer active." : "Not sent: nothing was left to say."
            try await outbox.settle(letter, as: .dropped, why, wasTried: false, of: tenant)
            return .other
        }
        let message = MailMessage(
            from: settings.sender, to: to, subject: text.subject, text: text.text, date: letter.writtenAt,
            id: letter.id.description)
        do {
            let answer = try await carry(message, server)
            try await outbox.settle(letter, as: .sent, answer, of: tenant) { connection, now in
                try book.noteSuccess(of: tenant, on: connection)
                for (id, version) in text.strategies {
                    try strategies.noteMailed(
                        id, version: version, to: letter.person, of: tenant, at: now, on: connection)
                }
            }
            return .sent
        } catch let error as MailError {
            switch error {
            case .refused(_, let answer): try await outbox.settle(letter, as: .failed, answer, of: tenant)
            case .later(_, let answer): try await outbox.putOff(letter, answer, of: tenant)
            case .closed(let answer):
                try await outbox.release(letter, of: tenant)
                try await book.noteFailure(answer, of: tenant)
                return .closed
            }
            return .other
        }
    }

    private func write(
        _ letter: Outbox.Leased, _ settings: MailSettings, _ tenant: TenantID
    ) async throws -> (MailMessage.Address?, LetterText?) {
        let now = world.now()
        return try await database.read { connection in
            guard let record = try directory.person(letter.person, of: tenant, on: connection), record.isActive,
                let to = record.address
            else { return (nil, nil) }
            let writer = LetterWriter(now: now, tenant: tenant, connection: connection, person: letter.person)
            let lines = try writer.lines(of: letter.id)
            if lines.isEmpty { return (to, nil) }
            let organisation: String = try connection.value("SELECT name FROM tenant WHERE tenant = \(tenant)")
            return (
                to, LetterText(lines, to: record.name, organisation: organisation, address: settings.address)
            )
        }
    }
}

extension PersonRecord {
    /// Where letters to this person go; nil without a mailbox.
    fileprivate var address: MailMessage.Address? { email.flatMap { MailMessage.Address(name: name, mailbox: $0) } }
}
