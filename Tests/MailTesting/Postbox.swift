import Foundation
public import NIOCore
import NIOPosix
import Synchronization

/// A mail server that keeps what it is handed, on a free port of 127.0.0.1.
public final class Postbox: Sendable {
    /// A letter as it came.
    public struct Letter: Sendable {
        public let from, to, data: String

        /// Its lines of text, out of base64.
        public var text: String {
            let body = (data.components(separatedBy: "\r\n\r\n").dropFirst().first ?? "").filter { !$0.isNewline }
            return String(decoding: Data(base64Encoded: body) ?? Data(), as: UTF8.self)
        }
    }

    private let channel: any Channel
    private let box: Box

    public var port: Int { channel.localAddress?.port ?? 0 }
    public var letters: [Letter] { box.letters.withLock { $0 } }

    fileprivate final class Box: Sendable {
        let letters = Mutex<[Letter]>([])
        let answers: Mutex<[String: String]>

        init(_ answers: [String: String]) { self.answers = Mutex(answers) }
    }

    /// Answers otherwise from now on.
    public func answer(_ answers: [String: String]) { box.answers.withLock { $0 = answers } }

    /// `answers` is what it answers to a command, by its first word; what is not named goes well. On an empty answer it
    /// hangs up.
    public init(on group: any EventLoopGroup, answering answers: [String: String] = [:]) async throws {
        let box = Box(answers)
        self.box = box
        channel = try await ServerBootstrap(group: group).serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Clerk(box: box))
                }
            }.bind(host: "127.0.0.1", port: 0).get()
    }

    /// Nobody is at home any more.
    public func close() async throws { try await channel.close() }
}

/// One conversation.
private final class Clerk: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let box: Postbox.Box
    private var answers: [String: String] { box.answers.withLock { $0 } }
    private var (pending, from, to, data): (String, String, String, String?) = ("", "", "", nil)

    init(box: Postbox.Box) { self.box = box }

    func channelActive(context: ChannelHandlerContext) { say(answers["CONNECT"] ?? "220 postbox", context) }

    func channelRead(context: ChannelHandlerContext, data read: NIOAny) {
        pending += String(buffer: unwrapInboundIn(read))
        while let end = pending.range(of: "\r\n") {
            let line = String(pending[..<end.lowerBound])
            pending = String(pending[end.upperBound...])
            take(line, context)
        }
    }

    private func take(_ line: String, _ context: ChannelHandlerContext) {
        if let text = data {
            if line == "." {
                data = nil
                // What it refuses, or hangs up on, it does not keep.
                if let answer = answers["."], !answer.hasPrefix("2") { return say(answer, context) }
                box.letters.withLock { $0.append(Postbox.Letter(from: from, to: to, data: text)) }
                say(answers["."] ?? "250 taken", context)
            } else {
                data = text + (line.hasPrefix("..") ? String(line.dropFirst()) : line) + "\r\n"
            }
            return
        }
        let word = String(line.prefix { $0 != " " && $0 != ":" }).uppercased()
        if let answer = answers[word] { return say(answer, context) }
        switch word {
        case "MAIL":
            from = line
            say("250 yes", context)
        case "RCPT":
            to = line
            say("250 yes", context)
        case "DATA":
            data = ""
            say("354 go on", context)
        case "QUIT":
            say("221 bye", context)
            context.close(promise: nil)
        default: say("250 postbox", context)
        }
    }

    private func say(_ line: String, _ context: ChannelHandlerContext) {
        if line.isEmpty { return context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: line + "\r\n")), promise: nil)
    }
}
