import Basis
import Evidence
import JSON
import NIOHTTP1

/// What came of handing over some statements.
enum Handover: Sendable {
    case taken
    /// These statements are not wanted, now or later.
    case unwanted(String)
    /// It did not work this time.
    case failed(String, wait: Duration?)
}

/// A link that leads outwards: batches from its place on, and letters that are to be tried again.
extension Errand {
    /// Batches of one turn, so that a long record does not hold a lease for ever.
    static let batchLimit = 20
    /// How long a webhook's delivery is tried.
    static let webhookPatience = Duration.hours(24)

    /// Statements of one batch.
    private var batchSize: Int { link.kind == .webhook ? 50 : 200 }

    /// - Throws: `LeaseLost`, `StorageError`.
    func send() async throws -> Turn {
        if case .failed(let error, let wait) = try await redeliver() { return .failed(error, wait: wait) }
        var place = link.place
        for _ in 0..<Errand.batchLimit {
            let page = try await log.feed(
                from: place, of: link.tenant, matching: link.filter, limit: batchSize)
            let outcome = try await deliver(page.statements, at: place)
            if let error = outcome.error {
                return .failed(error, wait: outcome.wait)
            }
            if page.next > place {
                try await book.advance(
                    leased, to: page.next, moved: page.statements.count - outcome.dead, letters: outcome.letters)
            }
            place = page.next
            if page.isEnd { return .rest }
        }
        return .more
    }

    /// What came of a batch.
    private struct Outcome {
        var letters: [ExchangeBook.Letter] = []
        var error: String?
        var wait: Duration?
        /// Statements in the letters.
        var dead: Int { letters.reduce(0) { $0 + $1.statements.count } }
    }

    private func deliver(_ statements: [StoredStatement], at place: Int) async throws -> Outcome {
        var outcome = Outcome()
        if link.kind == .forward {
            // A request speaks one version.
            for group in byVersion(statements) {
                try await forward(group[...], &outcome)
                if outcome.error != nil { break }
            }
            return outcome
        }
        if statements.isEmpty { return outcome }
        guard case .failed(let error, let wait) = try await notify(statements, place) else { return outcome }
        let isOver = link.failingSince.map { world.now() - $0 >= Errand.webhookPatience } ?? false
        if isOver {
            outcome.letters = [.init(statements: statements.map { "\($0.id)" }, error: error)]
        } else {
            (outcome.error, outcome.wait) = (error, wait)
        }
        return outcome
    }

    private func byVersion(_ statements: [StoredStatement]) -> [[StoredStatement]] {
        var groups: [[StoredStatement]] = []
        for statement in statements {
            if link.version == nil, let last = groups.last?.last, last.version != statement.version {
                groups.append([statement])
            } else if groups.isEmpty {
                groups = [[statement]]
            } else {
                groups[groups.count - 1].append(statement)
            }
        }
        return groups
    }

    // MARK: To a record store

    /// Sends statements; when the target does not want them, halves, to find those that are the reason.
    private func forward(_ statements: ArraySlice<StoredStatement>, _ outcome: inout Outcome) async throws {
        guard let first = statements.first else { return }
        switch try await post(Array(statements)) {
        case .taken: return
        case .failed(let error, let wait): (outcome.error, outcome.wait) = (error, wait)
        case .unwanted(let error):
            if statements.count == 1 {
                outcome.letters.append(.init(statements: ["\(first.id)"], error: error))
                return
            }
            let middle = statements.startIndex + statements.count / 2
            try await forward(statements[..<middle], &outcome)
            if outcome.error == nil { try await forward(statements[middle...], &outcome) }
        }
    }

    private func post(_ statements: [StoredStatement]) async throws -> Handover {
        let body = try await log.transfer(statements, of: link.tenant)
        let version = link.version ?? statements.first?.version ?? .two
        var headers = [("Content-Type", body.type), ("X-Experience-API-Version", version.header)]
        if let value = authorization(link.username, secret) { headers.append(("Authorization", value)) }
        return try await hand(
            to: link.url + "/statements", headers, body.bytes, unwanted: [400, 409, 412, 413, 422])
    }

    private func hand(
        to url: String, _ headers: [(String, String)], _ body: [UInt8], unwanted: Set<Int> = []
    ) async throws -> Handover {
        do {
            let answer = try await wire.send(.POST, url, headers: headers, body: body)
            if (200..<300).contains(answer.status) { return .taken }
            if unwanted.contains(answer.status) { return .unwanted(answer.words) }
            return .failed(answer.words, wait: answer.wait)
        } catch let problem as Problem {
            return .failed(problem.detail, wait: nil)
        }
    }

    // MARK: To a webhook

    private func notify(_ statements: [StoredStatement], _ place: Int) async throws -> Handover {
        let delivery = "\(link.id)-\(place)"
        let body = Errand.message("statements", delivery, statements, at: world.now())
        return try await hand(
            to: link.url, Errand.headers(delivery, body, secret: secret, at: world.now()), body)
    }

    /// The body of a delivery.
    static func message(_ type: String, _ delivery: String, _ statements: [StoredStatement], at now: Moment) -> [UInt8]
    {
        var bytes: [UInt8] = []
        let head: JSONValue = [
            "type": .string(type), "delivery": .string(delivery), "sentAt": .string(now.timestamp),
        ]
        bytes.append(contentsOf: head.bytes.dropLast())
        bytes.append(contentsOf: ",\"statements\":[".utf8)
        for (index, statement) in statements.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            bytes.append(contentsOf: statement.filled)
        }
        bytes.append(contentsOf: "]}".utf8)
        return bytes
    }

    static func headers(
        _ delivery: String, _ body: [UInt8], secret: String, at now: Moment
    ) -> [(String, String)] {
        [
            ("Content-Type", "application/json"), ("Leeway-Delivery", delivery),
            (WebhookSignature.header, WebhookSignature(secret: secret).sign(body, at: now)),
        ]
    }

    // MARK: Letters

    private func redeliver() async throws -> Handover {
        for letter in try await book.queuedLetters(of: link) {
            let ids = letter.statements.compactMap { ID<Statement>($0) }
            let statements = try await log.statements(ids, of: link.tenant)
            if statements.isEmpty {
                try await book.settle(letter, of: link, error: nil)
                continue
            }
            let outcome =
                link.kind == .webhook
                ? try await notify(statements, statements[0].sequence) : try await post(statements)
            switch outcome {
            case .taken: try await book.settle(letter, of: link, error: nil)
            case .unwanted(let error): try await book.settle(letter, of: link, error: error)
            case .failed(let error, let wait):
                try await book.settle(letter, of: link, error: error)
                return .failed(error, wait: wait)
            }
        }
        return .taken
    }
}
