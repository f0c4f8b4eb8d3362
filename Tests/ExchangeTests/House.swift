import Basis
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import People
import Storage
import StorageTesting
import Synchronization
import Testing
import Vault

@testable import Evidence
@testable import Exchange

/// A clock that tests move.
final class Clock: Sendable {
    private let moment = Mutex(Moment(microseconds: 1_790_000_000_000_000))
    private let dice: Mutex<Dice>

    init(seed: UInt64) { dice = Mutex(Dice(seed: seed)) }

    func forward(_ span: Duration) { moment.withLock { $0 = $0 + span } }

    var world: World {
        World(
            now: {
                self.moment.withLock { moment in
                    moment = moment + .milliseconds(1)
                    return moment
                }
            }, seed: { self.dice.withLock { $0.next() } })
    }
}

/// A record store with its exchange, and a clock of its own.
struct House: Sendable {
    let database: any Database
    let clock: Clock
    let log: StatementLog
    let exchange: Exchange

    init(
        _ engine: Engine = .memory, seed: UInt64 = 1, addresses: AddressPolicy = .loopback,
        patience: Duration = .seconds(30)
    ) async throws {
        database = try await engine.database(
            PeopleSchema.migrations + EvidenceSchema.migrations + ExchangeSchema.migrations)
        clock = Clock(seed: seed)
        log = StatementLog(database: database, world: clock.world)
        exchange = House.exchange(log, database, clock, addresses, patience)
        try await database.write { connection in
            try connection.run(
                """
                INSERT INTO tenant (tenant, name, home, is_demo, created_at)
                VALUES (\(TenantID.first), 'Example', 'https://example.org', 0, 0)
                """)
        }
    }

    static func exchange(
        _ log: StatementLog, _ database: any Database, _ clock: Clock, _ addresses: AddressPolicy = .loopback,
        _ patience: Duration = .seconds(30), vault: Vault = Vault(secret: [UInt8](repeating: 1, count: 32))
    ) -> Exchange {
        var limits = WireLimits()
        limits.addresses = addresses
        limits.request = patience
        return Exchange(log: log, database: database, world: clock.world, vault: vault, limits: limits)
    }

    var book: ExchangeBook { exchange.book }

    /// Stores statements and lets the ledger take them up.
    @discardableResult
    func post(_ statements: [JSONValue]) async throws -> [String] {
        let batch = try StatementBatch(posted: JSONValue.array(statements).bytes, version: .one, world: clock.world)
        let ids = try await log.store(batch, by: Authority(client: "test"), to: .first)
        try await LedgerKeeper(database: database, world: clock.world).integrate()
        return ids.map(\.description)
    }

    /// The identifiers of what is there.
    func ids() async throws -> Set<String> {
        let rows = try await database.read { try $0.rows("SELECT id FROM statement ORDER BY seq") }
        return Set(try rows.map { try ID<Statement>(bytes: $0.get("id")).description })
    }

    func link() async throws -> LinkRecord { try #require(try await book.list(of: .first).first) }
}

/// Small statements with names to filter by.
func statements(_ count: Int, from first: Int = 0, verb: String = "https://example.org/v/did") -> [JSONValue] {
    (first..<first + count).map { number in
        [
            "id": .string("00000000-0000-4000-8000-\(String(repeating: "0", count: 12 - "\(number)".count))\(number)"),
            "actor": ["mbox": .string("mailto:p\(number % 3)@example.org")], "verb": ["id": .string(verb)],
            "object": ["id": .string("https://example.org/\(number % 2 == 0 ? "even" : "odd")/\(number)")],
        ]
    }
}

/// What came to a receiver.
struct Call: Sendable {
    let method: String
    let uri: String
    let headers: [String: String]
    let body: [UInt8]
}

/// What a receiver answers.
struct Reply: Sendable {
    var status = 200
    var headers: [(String, String)] = []
    var body: [UInt8] = []
    var delay = Duration.zero
}

/// A server on this machine that answers as a test says.
final class Receiver: Sendable {
    let url: String
    private let channel: any Channel
    private let list: CallList

    var received: [Call] { list.calls.withLock { $0 } }

    init(_ answer: @escaping @Sendable (Call) async -> Reply) async throws {
        let list = CallList()
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(ReceiverHandler(list: list, answer: answer))
                }
            }.bind(host: "127.0.0.1", port: 0).get()
        url = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
        self.list = list
    }

    func close() async throws { try await channel.close() }
}

final class CallList: Sendable {
    let calls = Mutex<[Call]>([])
}

private final class ReceiverHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let list: CallList
    private let answer: @Sendable (Call) async -> Reply
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(list: CallList, answer: @escaping @Sendable (Call) async -> Reply) {
        self.list = list
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let piece): body += Array(piece.readableBytesView)
        case .end:
            guard let head else { return }
            var headers: [String: String] = [:]
            for (name, value) in head.headers { headers[name.lowercased()] = value }
            let call = Call(method: head.method.rawValue, uri: head.uri, headers: headers, body: body)
            list.calls.withLock { $0.append(call) }
            let (channel, answer) = (context.channel, answer)
            Task {
                let reply = await answer(call)
                if reply.delay > .zero { try? await Task.sleep(for: reply.delay) }
                var fields = HTTPHeaders(reply.headers)
                fields.replaceOrAdd(name: "Content-Length", value: "\(reply.body.count)")
                let head = HTTPResponseHead(
                    version: .http1_1, status: .init(statusCode: reply.status), headers: fields)
                channel.write(HTTPServerResponsePart.head(head), promise: nil)
                channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: reply.body))), promise: nil)
                channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
            }
        }
    }
}

/// Another Leeway's record store behind a receiver.
struct Peer: Sendable {
    let house: House
    let resource: StatementResource

    init(_ engine: Engine = .memory) async throws {
        house = try await House(engine, seed: 9)
        resource = StatementResource(log: house.log, world: house.clock.world, path: "/xapi/statements")
    }

    func answer(_ call: Call) async -> Reply {
        let parts = URLComponents(string: call.uri)
        let query = (parts?.queryItems ?? []).map { (name: $0.name, value: $0.value ?? "") }
        let request = XAPIRequest(method: call.method, query: query, headers: call.headers, body: call.body)
        let caller = XAPICaller(tenant: .first, authority: Authority(client: "peer"), scopes: [.all])
        do {
            let reply = try await resource.answer(request, for: caller)
            let rest = Rest(reply.body)
            try await reply.rest? { rest.bytes += $0 }
            return Reply(status: reply.status, headers: reply.headers, body: rest.bytes)
        } catch let problem as Problem {
            let status = [.conflict: 409, .oversize: 413, .forbidden: 403][problem.kind] ?? 400
            return Reply(status: status, body: Array(problem.detail.utf8))
        } catch {
            return Reply(status: 500)
        }
    }

    private final class Rest {
        var bytes: [UInt8]
        init(_ bytes: [UInt8]) { self.bytes = bytes }
    }
}
