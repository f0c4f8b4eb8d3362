import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A mail server that keeps what it is handed, on a free port of 127.0.0.1.
final class Postbox: Sendable {
    struct Letter: Sendable {
        let from, to, data: String
    }

    private let channel: any Channel
    private let box: Box

    var port: Int { channel.localAddress?.port ?? 0 }
    var letters: [Letter] { box.letters.withLock { $0 } }

    final class Box: Sendable {
        let letters = Mutex<[Letter]>([])
    }

    // `answers` is what it answers to a command, by its first word; what is not named goes well.
    init(on group: any EventLoopGroup, answering answers: [String: String] = [:]) async throws {
        let box = Box()
        self.box = box
        channel = try await ServerBootstrap(group: group).serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Clerk(box: box, answers: answers))
                }
            }.bind(host: "127.0.0.1", port: 0).get()
    }

    func close() async throws { try await channel.close() }
}

/// One conversation.
private final class Clerk: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let box: Postbox.Box
    private let answers: [String: String]
    private var (pending, from, to, data): (String, String, String, String?) = ("", "", "", nil)

    init(box: Postbox.Box, answers: [String: String]) {
        self.box = box
        self.answers = answers
    }

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
                box.letters.withLock { $0.append(Postbox.Letter(from: from, to: to, data: text)) }
                data = nil
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
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: line + "\r\n")), promise: nil)
    }
}
