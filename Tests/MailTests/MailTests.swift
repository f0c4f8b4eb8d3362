import Basis
import Foundation
import MailTesting
import NIOCore
import NIOPosix
import Testing

@testable import Mail

@Suite struct MailTests {
    private func letter(_ subject: String = "Short", _ text: String = "One.\n.\n..two\nÄrger\n") throws -> MailMessage {
        MailMessage(
            from: try #require(MailMessage.Address(name: "Leeway", mailbox: "leeway@pier.example")),
            to: try #require(MailMessage.Address(name: "Zoë, of \"Sales\"", mailbox: "zoe@pier.example")),
            subject: subject, text: text, date: Moment(microseconds: 1_750_000_000_000_000), id: "abc-1")
    }

    @Test func `what is no mailbox is refused, so that nothing smuggles a header in`() {
        for bad in ["", "a", "a@", "@b", "a@b@c", "a b@c", "a@b\r\nBcc: x@y", "<a@b>", "a,b@c", "ä@b"] {
            #expect(MailMessage.Address(mailbox: bad) == nil, "\(bad)")
        }
        #expect(MailMessage.Address(name: "x\r\nBcc: y", mailbox: "a@b")?.name == "xBcc: y")
    }

    @Test func `a letter has short lines, its headers encoded, its text in base64`() throws {
        let subject = "Eine sehr lange Überschrift, die nicht in eine Zeile passt: " + String(repeating: "ß", count: 60)
        let text = String(decoding: try letter(subject, String(repeating: "Zeile. ", count: 200)).bytes, as: UTF8.self)
        let lines = text.components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 78 && !$0.contains("\n") && $0.utf8.allSatisfy { $0 < 0x80 } })
        #expect(text.contains("Date: Sun, 15 Jun 2025 15:06:40 +0000\r\n"))
        #expect(text.contains("Message-ID: <abc-1@pier.example>\r\n"))
        #expect(text.contains("Auto-Submitted: auto-generated\r\n"))
        let words = text.components(separatedBy: "=?UTF-8?B?").dropFirst(2).map {
            String(decoding: Data(base64Encoded: String($0.prefix { $0 != "?" })) ?? Data(), as: UTF8.self)
        }
        #expect(words.joined() == subject)
    }

    @Test func `a letter is handed in, and comes out as it went in`() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let pool = NIOThreadPool(numberOfThreads: 2)
        pool.start()
        let postbox = try await Postbox(on: group)
        let transport = MailTransport(
            server: MailServer(host: "127.0.0.1", port: postbox.port, security: .none, timeout: 10), pool: pool)
        let sent = try letter()
        #expect(try await transport.send(sent) == "250 taken", "what the server said")
        let got = try #require(postbox.letters.first)
        #expect(got.from.contains("<leeway@pier.example>") && got.to.contains("<zoe@pier.example>"))
        #expect(got.data == String(decoding: sent.bytes, as: UTF8.self))
        let body = got.data.components(separatedBy: "\r\n\r\n")[1].filter { !$0.isNewline }
        #expect(Data(base64Encoded: body) == Data("One.\r\n.\r\n..two\r\nÄrger\r\n".utf8))
        try await postbox.close()
        try await pool.shutdownGracefully()
        try await group.shutdownGracefully()
    }

    @Test(arguments: [
        // It hangs up instead of answering.
        ([".": ""], nil), (["DATA": ""], nil),
        (["RCPT": "550 no such person"], MailError.refused(code: 550, answer: "550 no such person")),
        (["MAIL": "451 later"], nil),
        ([".": "452 full"], nil), (["CONNECT": "421 busy"], nil),
    ])
    func `a refusal for ever and one for now are told apart`(answers: [String: String], expected: MailError?)
        async throws
    {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        let postbox = try await Postbox(on: group, answering: answers)
        let transport = MailTransport(
            server: MailServer(host: "127.0.0.1", port: postbox.port, security: .none, timeout: 10), pool: pool)
        let letter = try letter()
        let error = await #expect(throws: MailError.self) { try await transport.send(letter) }
        if let expected {
            #expect(error == expected)
        } else if case .later(let code, _) = error {
            #expect(answers.values.contains("") ? code == nil : (400...499).contains(code ?? 0))
        } else {
            Issue.record("\(String(describing: error))")
        }
        try await postbox.close()
        try await pool.shutdownGracefully()
        try await group.shutdownGracefully()
    }

    @Test func `nobody at home, or no TLS where it is asked for, is no fault of the letter`() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        let postbox = try await Postbox(on: group)
        let port = postbox.port
        let letter = try letter()
        let plain = MailTransport(
            server: MailServer(host: "127.0.0.1", port: port, security: .starttls, timeout: 10), pool: pool)
        let unprotected = await #expect(throws: MailError.self) { try await plain.send(letter) }
        if case .closed = unprotected {} else { Issue.record("\(String(describing: unprotected))") }
        #expect(postbox.letters.isEmpty)
        try await postbox.close()
        let gone = MailTransport(
            server: MailServer(host: "127.0.0.1", port: port, security: .none, timeout: 5), pool: pool)
        let absent = await #expect(throws: MailError.self) { try await gone.send(letter) }
        if case .closed = absent {} else { Issue.record("\(String(describing: absent))") }
        try await pool.shutdownGracefully()
        try await group.shutdownGracefully()
    }
}
