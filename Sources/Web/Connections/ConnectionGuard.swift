import JSON
import NIOCore
import NIOHTTP1

/// Watches one connection between the decoder of requests and whatever answers them: ends it when its client is too
/// slow, refuses what is no HTTP with a problem document, and keeps the promises of HTTP/1.0, `Connection: close` and
/// `Expect: 100-continue`.
///
/// - Source: RFC 9110, sections 10.1.1 and 15.5.9; RFC 9112, sections 9.3 to 9.6; RFC 6585, section 5.
final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// What becomes of a connection when it opens. Refusing takes one for a moment, too, so some are dropped.
    enum Admission { case welcome, refused, dropped }

    /// What of a request is being read.
    private enum Reading { case nothing, head, body }

    /// A request whose answer is not over.
    private struct Asked {
        let version: HTTPVersion
        var isLast: Bool
        var expectsContinue: Bool
    }

    private let limits: ConnectionLimits
    private let admission: Admission
    private var reading = Reading.nothing
    private var asked = CircularBuffer<Asked>()
    /// Whether the head of an answer has left and its end has not.
    private var isAnswering = false
    private(set) var isEnding = false
    private var quietSeconds = 0, headSeconds = 0, endingSeconds = 0
    private var bodyPace = Pace(), answerPace = Pace()
    private var bytesIn = 0, bytesOut = 0, bytesHeld = 0
    private var isReadAsked = false
    private var looks: RepeatedTask?

    init(limits: ConnectionLimits, admission: Admission) {
        self.limits = limits
        self.admission = admission
    }

    // What `ByteWatch` sees.
    func received(_ count: Int) {
        bytesIn += count
        isReadAsked = false
        quietSeconds = 0
        if reading == .nothing { reading = .head }
    }

    func sent(_ count: Int) { bytesOut += count }
    func asksToRead() { isReadAsked = true }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { looks?.cancel() }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        looks?.cancel()
        isEnding = true
        context.fireChannelInactive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard looks == nil else { return }
        let pause = TimeAmount.seconds(Int64(ConnectionLimits.lookSeconds))
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        looks = context.eventLoop.scheduleRepeatedTask(initialDelay: pause, delay: pause) { _ in
            bound.value.0.look(bound.value.1)
        }
        switch admission {
        case .welcome: break
        case .refused: refuse(.tooManyConnections, context)
        case .dropped: end(context)
        }
    }

    /// Once in each `lookSeconds`.
    private func look(_ context: ChannelHandlerContext) {
        let seconds = ConnectionLimits.lookSeconds
        if isEnding {
            endingSeconds += seconds
            // What the client still sends is thrown away for a while: closing at once would take the answer from it.
            if endingSeconds > 2 { context.close(promise: nil) }
            return
        }
        let held = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        let taken = bytesHeld + bytesOut - held
        let received = bytesIn
        (bytesIn, bytesOut, bytesHeld) = (0, 0, held)
        let isTakenSlowly = answerPace.isTooSlow(
            moved: max(0, taken), isWaiting: held > 0, seconds: limits.answerSeconds, rate: limits.byteRate)
        if isTakenSlowly { return end(context) }
        switch reading {
        case .nothing where asked.isEmpty && held == 0:
            quietSeconds += seconds
            if quietSeconds >= limits.idleSeconds { end(context) }
        case .nothing: break
        case .head where asked.isEmpty:
            headSeconds += seconds
            if headSeconds >= limits.headerSeconds { refuse(.slowHeaders, context) }
        case .head: break
        case .body:
            let isSlow = bodyPace.isTooSlow(
                moved: received, isWaiting: isReadAsked, seconds: limits.bodySeconds, rate: limits.byteRate)
            if isSlow { refuse(.slowBody, context) }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isEnding { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            if head.version.isModern, head.headers["host"].count != 1 {
                return asked.isEmpty ? refuse(.hostless, context) : end(context)
            }
            reading = .body
            bodyPace = Pace()
            let expects = head.version.isModern && head.headers[canonicalForm: "expect"].contains { $0.isContinue }
            asked.append(Asked(version: head.version, isLast: !head.isKeepAlive, expectsContinue: expects))
            inviteBody(context)
        case .body: break
        case .end:
            reading = .nothing
            (headSeconds, quietSeconds) = (0, 0)
        }
        context.fireChannelRead(data)
    }

    /// Tells the client whose turn it is that its body is awaited.
    private func inviteBody(_ context: ChannelHandlerContext) {
        guard !isAnswering, asked.first?.expectsContinue == true else { return }
        asked[asked.startIndex].expectsContinue = false
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if isEnding {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            isAnswering = true
            answerPace = Pace()
            if let current = asked.first {
                // An HTTP/1.0 client knows no chunks: the answer's version keeps the encoder from making them.
                if !current.version.isModern { head.version = .http1_0 }
                let isOpenEnded = !current.version.isModern && !head.headers.contains(name: "content-length")
                if isOpenEnded { asked[asked.startIndex].isLast = true }
                if current.isLast || isOpenEnded {
                    head.headers.replaceOrAdd(name: "connection", value: "close")
                } else if !current.version.isModern {
                    head.headers.replaceOrAdd(name: "connection", value: "keep-alive")
                }
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            isAnswering = false
            (headSeconds, quietSeconds) = (0, 0)
            let isLast = asked.popFirst()?.isLast ?? true
            context.write(data, promise: promise)
            if isLast { endOutput(context) } else { inviteBody(context) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isEnding, error is HTTPParserError else { return context.fireErrorCaught(error) }
        let isOurs = asked.isEmpty || (asked.count == 1 && reading == .body)
        let isReadingBody = reading == .body
        // Where earlier requests have no answer yet, whoever answers them comes upon the error in its turn.
        if isOurs { refuse(.init(describing: error, in: isReadingBody), context) }
        if !isOurs || isReadingBody { context.fireErrorCaught(error) }
    }

    /// What a later handler could not make a request of.
    func refuseUnreadable(_ context: ChannelHandlerContext) {
        if asked.count <= 1 { refuse(.unreadable, context) } else { end(context) }
    }

    /// Answers with a problem document, unless an answer is under way, and ends the connection.
    private func refuse(_ refusal: ConnectionRefusal, _ context: ChannelHandlerContext) {
        if isEnding { return }
        guard !isAnswering, asked.count <= 1, context.channel.isActive else { return end(context) }
        let body = refusal.document
        var headers: HTTPHeaders = [
            "content-type": "application/problem+json", "content-length": "\(body.count)", "connection": "close",
            "cache-control": "no-store", "x-content-type-options": "nosniff",
        ]
        if let wait = refusal.waitSeconds { headers.add(name: "retry-after", value: "\(wait)") }
        let head = HTTPResponseHead(version: .http1_1, status: refusal.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        endOutput(context)
    }

    /// Nothing more leaves after this; the client may read what did.
    private func endOutput(_ context: ChannelHandlerContext) {
        isEnding = true
        context.flush()
        context.close(mode: .output, promise: nil)
    }

    private func end(_ context: ChannelHandlerContext) {
        isEnding = true
        context.close(promise: nil)
    }
}

extension HTTPVersion {
    /// Whether it is HTTP/1.1: hosts are named, connections are kept, bodies may come in chunks.
    fileprivate var isModern: Bool { major == 1 && minor >= 1 }
}

extension Substring {
    fileprivate var isContinue: Bool { lowercased() == "100-continue" }
}

/// The first handler of a connection: counts bytes, which tells a client that is slow from one that has begun nothing.
final class ByteWatch: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = IOData

    private let watched: ConnectionGuard

    init(_ watched: ConnectionGuard) { self.watched = watched }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if watched.isEnding { return }
        watched.received(unwrapInboundIn(data).readableBytes)
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        watched.asksToRead()
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        watched.sent(unwrapOutboundIn(data).readableBytes)
        context.write(data, promise: promise)
    }
}

/// Sits where requests take the form that Hummingbird knows: what has none is refused, not left without an answer.
final class FormWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Never

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !(error is HTTPParserError || error is IOError || error is ChannelError),
            let place = try? context.pipeline.syncOperations.context(handlerType: ConnectionGuard.self),
            let watched = place.handler as? ConnectionGuard
        else { return context.fireErrorCaught(error) }
        watched.refuseUnreadable(place)
    }
}
