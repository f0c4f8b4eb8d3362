public import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// HTTP/1.1 as Hummingbird speaks it, with each connection under a `ConnectionGuard`.
struct GuardedChannel: ServerChildChannel {
    private let inner: HTTP1Channel
    private let limits: ConnectionLimits
    private let open = OpenConnections()

    init(limits: ConnectionLimits, responder: @escaping HTTPChannelHandler.Responder) {
        self.limits = limits
        var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
        decoder.maxHeaderFieldSize = ConnectionLimits.headerByteLimit
        decoder.maxHeaderListSize = ConnectionLimits.headerByteLimit
        decoder.maxHeaderFieldCount = ConnectionLimits.headerCountLimit
        inner = HTTP1Channel(
            responder: responder,
            configuration: .init(additionalChannelHandlers: [FormWatch()], httpDecoderConfiguration: decoder))
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        let count = open.add()
        channel.closeFuture.whenComplete { _ in open.remove() }
        let limit = limits.connectionCount
        let admission: ConnectionGuard.Admission =
            count <= limit ? .welcome : count <= 2 * limit ? .refused : .dropped
        return inner.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let watched = ConnectionGuard(limits: limits, admission: admission)
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(watched, position: .after(decoder))
            try pipeline.addHandler(ByteWatch(watched), position: .first)
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await inner.handle(value: value, logger: logger)
    }
}

/// How many connections there are.
private final class OpenConnections: Sendable {
    private let count = Mutex(0)

    func add() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }

    func remove() { count.withLock { $0 -= 1 } }
}

extension HTTPServerBuilder {
    /// A server of HTTP/1.1 whose connections keep these limits.
    public static func guarded(_ limits: ConnectionLimits) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in GuardedChannel(limits: limits, responder: responder) }
    }
}
