import Basis
import Crypto
import Foundation
import JSON
import Storage
import StorageTesting
import Testing

@testable import Evidence

/// Statements with their attachments as JSON Lines, out and in again.
@Suite struct StatementArchiveTests {
    private func post(_ bench: Bench, id: String, _ files: [[UInt8]]) async throws {
        func hash(_ bytes: [UInt8]) -> String { hexadecimal(Array(SHA256.hash(data: bytes))) }
        let attachments = files.map { bytes in
            #"{"usageType": "https://example.org/u", "display": {"en": "A"}, "contentType": "text/plain", "#
                + #""length": \#(bytes.count), "sha2": "\#(hash(bytes))"}"#
        }.joined(separator: ",")
        let statement = try statement([("/id", "\"\(id)\""), ("/attachments", "[\(attachments)]")]).text
        var body = Array("--b\r\nContent-Type: application/json\r\n\r\n\(statement)\r\n".utf8)
        for file in files {
            body += Array(
                ("--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n"
                    + "X-Experience-API-Hash: \(hash(file))\r\n\r\n").utf8)
            body += file + Array("\r\n".utf8)
        }
        body += Array("--b--\r\n".utf8)
        let resource = StatementResource(log: bench.log, world: bench.world, path: "/xapi/statements")
        _ = try await resource.answer(
            XAPIRequest(
                method: "POST",
                headers: ["content-type": "multipart/mixed; boundary=b", "x-experience-api-version": "1.0.3"],
                body: body),
            for: XAPICaller(tenant: .first, authority: Authority(client: "test"), scopes: [.all]))
    }

    private func lines(_ bench: Bench, after place: Int = 0) async throws -> (text: String, place: Int) {
        var bytes: [UInt8] = []
        var reached = place
        try await bench.log.exportLines(of: .first, after: place) { lines, place in
            bytes += lines
            reached = place
        }
        return (String(decoding: bytes, as: UTF8.self), reached)
    }

    @Test(arguments: Engine.present) func `attachments go out once, and come in again whole`(
        engine: Engine
    ) async throws {
        let (from, to) = (try await Bench(engine), try await Bench(engine))
        let small = Array("here is a simple attachment".utf8)
        let large = (0..<7_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let ids = (1...3).map { "00000000-0000-4000-8000-00000000000\($0)" }
        try await post(from, id: ids[0], [small, large])
        try await post(from, id: ids[1], [small])
        try await post(from, id: ids[2], [[]])
        let text = try await lines(from).text
        let rows = text.split(separator: "\n")
        #expect(rows.filter { $0.hasPrefix("{\"attachment\"") }.count == 1 + 3 + 1, "the large one in three pieces")
        #expect(rows.count == 8)
        let path = try Scratch.file("statements.jsonl", text)
        let rehearsed = try await to.log.importLines(from: path, to: .first, by: Authority(client: "x"), isDryRun: true)
        #expect(rehearsed.created == 3)
        let report = try await to.log.importLines(from: path, to: .first, by: Authority(client: "x"))
        #expect(report.created == 3 && report.attachments == 3)
        let again = try await to.log.importLines(from: path, to: .first, by: Authority(client: "x"))
        #expect(again.created == 0 && again.unchanged == 3)
        for (id, files) in zip(ids, [[small, large], [small], [[]]]) {
            let found = try await to.log.attachments(of: [try #require(ID(id))], in: .first)
            var bytes: [[UInt8]] = []
            for attachment in found { bytes.append(try #require(try await to.log.bytes(of: attachment, in: .first))) }
            #expect(bytes == files)
        }
        #expect(try await lines(to).text.split(separator: "\n").count == 8)
    }

    @Test func `broken attachments are refused with their line, and nothing is stored`() async throws {
        let bench = try await Bench(.memory)
        func refusal(_ text: String) async throws -> String {
            let path = try Scratch.file("statements.jsonl", text + "\n" + sound.replacing("\n", with: "") + "\n")
            let problem = await #expect(throws: Problem.self) {
                try await bench.log.importLines(from: path, to: .first, by: Authority(client: "x"))
            }
            #expect(try await bench.log.count(of: .first) == 0)
            return problem?.issues.first.map { "\($0.line) \($0.detail)" } ?? ""
        }
        let sha2 = hexadecimal(Array(SHA256.hash(data: Array("ab".utf8))))
        func line(_ offset: Int, _ content: String, length: Int = 2) -> String {
            #"{"attachment":"\#(sha2)","contentType":"a/b","length":\#(length),"#
                + #""offset":\#(offset),"content":"\#(content)"}"#
        }
        #expect(try await refusal(line(0, "YWM=")).hasPrefix("1 The bytes do not have this hash"))
        #expect(try await refusal(line(1, "YQ==")).hasPrefix("1 The piece does not follow"))
        #expect(try await refusal(line(0, "YWI=", length: 1)).hasPrefix("1 The attachment is larger"))
        #expect(try await refusal(line(0, "??")).hasPrefix("1 It needs"))
        #expect(try await refusal(line(0, "YQ==")).hasPrefix("2 The file ends within"))
    }

    @Test func `an export goes on where it stopped`() async throws {
        let bench = try await Bench(.file)
        for number in 1...3 {
            try await bench.post(try statement([("/id", "\"00000000-0000-4000-8000-00000000000\(number)\"")]).text)
        }
        let first = try await lines(bench)
        #expect(first.text.split(separator: "\n").count == 3)
        #expect(try await lines(bench, after: first.place).text.isEmpty)
        try await bench.post(sound)
        #expect(try await lines(bench, after: first.place).text.split(separator: "\n").count == 1)
    }

    @Test(arguments: Engine.present) func `the feed gives each statement once, in the ledger's order`(
        engine: Engine
    ) async throws {
        let bench = try await Bench(engine)
        let keeper = LedgerKeeper(database: bench.database, world: bench.world)
        var ids: [String] = []
        for _ in 0..<3 {
            let text = Array(repeating: sound, count: 7).joined(separator: ",")
            ids += try await bench.post("[\(text)]").map(\.description)
            #expect(try await bench.log.feedEnd(of: .first) == ids.count - 7, "not before the ledger has them")
            try await keeper.integrate()
        }
        var (place, seen, isEnd) = (0, [String](), false)
        while !isEnd {
            let page = try await bench.log.feed(from: place, of: .first, matching: StatementFilter(), limit: 4)
            seen += page.statements.map { "\($0.id)" }
            (place, isEnd) = (page.next, page.isEnd)
        }
        #expect(seen == ids)
        #expect(place == (try await bench.log.feedEnd(of: .first)))
        var filter = StatementFilter()
        filter.verbs = ["https://example.org/other"]
        let none = try await bench.log.feed(from: 0, of: .first, matching: filter, limit: 4)
        #expect(none.statements.isEmpty && none.next == 21 && none.isEnd)
        #expect(StatementFilter(filter.json) == filter)
    }
}
