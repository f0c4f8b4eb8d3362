import Basis
import Evidence
import Foundation
import JSON
import StorageTesting
import Testing

/// Whatever comes in, the readers answer or refuse; they never break. `LEEWAY_FUZZ_CASES` sets how many cases are
/// tried, `LEEWAY_FUZZ_SEED` where chance begins, so that any case can be seen again.
@Suite struct FuzzTests {
    static let cases = number("LEEWAY_FUZZ_CASES") ?? 20_000
    static let seed = number("LEEWAY_FUZZ_SEED") ?? 1

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    /// Pieces that readers stumble over: marks, numbers at their ends, words, escapes, and what no UTF-8 has.
    private static let pieces: [[UInt8]] =
        [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "null", "true", "-0", "1e999", "1E-400",
            "99999999999999999999", "\"id\":", "\"objectType\":\"Group\"", "\"SubStatement\"", "\"StatementRef\"",
            "\"member\":[]", "mailto:", "http://adlnet.gov/expapi/verbs/voided", "2026-02-30T25:61:61Z", "P", "PT",
            "\"und\":", "%", "=", "&", ";", "\r\n", "--b", "--b--", "e30", ".", "\u{FEFF}", "🜁",
        ].map { Array($0.utf8) } + [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0], [0x7F]]

    /// Changes bytes at a few chance places.
    private static func bent(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &dice) {
            let place = Int.random(in: 0...bytes.count, using: &dice)
            let end = min(bytes.count, place + Int.random(in: 0...12, using: &dice))
            switch Int.random(in: 0..<5, using: &dice) {
            case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
            case 1: bytes.removeSubrange(place..<end)
            case 2: bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
            case 3: bytes.removeLast(bytes.count - place)
            default: bytes.insert(contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &dice)], at: place)
            }
            if bytes.isEmpty { return [0x7B] }
        }
        return bytes
    }

    /// Sound bodies to begin from: everything that a statement may hold stands in one of them.
    private static func corpus(_ dice: inout Dice, _ world: World) throws -> [[UInt8]] {
        let full = try statement([
            ("/id", "\"\(uuid)\""), ("/timestamp", "\"2026-11-23T20:14:08.123+01:00\""),
            ("/verb/display", #"{"en-US": "did", "de": "tat"}"#),
            (
                "/object/definition",
                #"{"interactionType": "choice", "choices": [{"id": "a", "description": {"en": "A"}}]}"#
            ),
            ("/result", #"{"score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10}, "duration": "PT1H2M3.45S"}"#),
            ("/context/team", #"{"objectType": "Group", "member": [{"mbox": "mailto:b@example.org"}]}"#),
            ("/context/contextAgents", #"[{"objectType": "contextAgent", "agent": {"openid": "https://e.org/o"}}]"#),
            (
                "/attachments",
                """
                [{"usageType": "http://adlnet.gov/expapi/attachments/signature", "display": {"en": "S"}, "length": 3, \
                "contentType": "application/octet-stream", "fileUrl": "https://e.org/s", \
                "sha2": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}]
                """
            ),
        ])
        let drawn = (0..<20).map { chanceStatement(&dice, id: world.id(), stored: $0) }
        return [full.bytes, JSONValue.array(drawn).bytes, JSONValue.array([full]).bytes] + drawn.map(\.bytes)
    }

    @Test func `bent statements are read or refused`() throws {
        var dice = Dice(seed: UInt64(Self.seed))
        let world = World.replay(seed: 3)
        let corpus = try Self.corpus(&dice, world)
        var refused = 0
        for number in 0..<Self.cases {
            let bytes = Self.bent(corpus[Int.random(in: 0..<corpus.count, using: &dice)], &dice)
            do {
                let version: XAPIVersion = number % 2 == 0 ? .one : .two
                _ = try StatementBatch(posted: bytes, version: version, world: world)
            } catch let problem {
                refused += 1
                let isKnown = problem.kind == .invalid || problem.kind == .oversize
                if !isKnown { Issue.record("case \(number): \(problem.kind) \(problem.code)") }
            }
        }
        // Chance leaves some of them sound, and bends most.
        #expect(refused > Self.cases / 2)
        #expect(refused < Self.cases)
    }

    /// Whatever there is very much of, the time for it grows with how much it is, and not with its square.
    @Test(.timeLimit(.minutes(1)), arguments: ["parent", "extensions", "languages", "members"])
    func `a statement with very much of one thing is read at once`(_ thing: String) throws {
        func list(_ count: Int, _ element: (Int) -> String) -> String {
            (0..<count).map(element).joined(separator: ",")
        }
        let (pointer, value) =
            switch thing {
            case "parent":
                (
                    "/context/contextActivities",
                    "{\"parent\": [\(list(40_000) { "{\"id\": \"https://example.org/\($0)\"}" })]}"
                )
            case "extensions":
                ("/result", "{\"extensions\": {\(list(40_000) { "\"https://example.org/\($0)\": 0" })}}")
            case "languages": ("/verb/display", "{\(list(40_000) { "\"en-x-\($0)\": \"did\"" })}")
            default:
                (
                    "/actor",
                    """
                    {"objectType": "Group", "member": \
                    [\(list(40_000) { "{\"mbox\": \"mailto:a\($0)@example.org\"}" })]}
                    """
                )
            }
        let bytes = try statement([(pointer, value)]).bytes
        _ = try StatementBatch(posted: bytes, version: .one, world: .replay(seed: 3))
    }

    @Test func `bent requests are answered or refused`() async throws {
        var dice = Dice(seed: UInt64(Self.seed) &+ 1)
        let bench = try await Bench(.memory)
        let resource = StatementResource(log: bench.log, world: bench.world, path: "/xapi/statements")
        let caller = XAPICaller(tenant: .first, authority: Authority(client: "test"), scopes: [.all])
        let corpus = try Self.corpus(&dice, bench.world)
        let names = [
            "statementId", "voidedStatementId", "agent", "verb", "activity", "registration", "related_agents",
            "related_activities", "since", "until", "limit", "format", "attachments", "ascending", "cursor", "method",
        ]
        let values = [
            uuid, #"{"mbox":"mailto:a@example.org"}"#, "https://example.org/course", "true", "2026-11-23T20:14:08Z",
            "7",
            "ids", "canonical", "1y2p0ij32e8e7", "",
        ]
        let tail = "\r\n--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: "
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\r\n\r\nabc\r\n--b--\r\n"
        for number in 0..<(Self.cases / 10) {
            var request = XAPIRequest(method: ["GET", "PUT", "POST", "POST"][number % 4])
            request.headers = [
                "x-experience-api-version": number % 3 == 0 ? "1.0.3" : "2.0.0",
                "accept-language": String(decoding: Self.bent(Array("de-AT, en;q=0.5".utf8), &dice), as: UTF8.self),
                "content-type": number % 2 == 0 ? "application/json" : "multipart/mixed; boundary=b",
            ]
            for _ in 0..<(request.method == "POST" ? 0 : Int.random(in: 0...3, using: &dice)) {
                let value = Array(values[Int.random(in: 0..<values.count, using: &dice)].utf8)
                let text = Bool.random(using: &dice) ? value : Self.bent(value, &dice)
                request.query.append(
                    (names[Int.random(in: 0..<names.count, using: &dice)], String(decoding: text, as: UTF8.self)))
            }
            var body = corpus[Int.random(in: 0..<corpus.count, using: &dice)]
            if number % 2 == 1 {
                body = Array("--b\r\nContent-Type: application/json\r\n\r\n".utf8) + body + Array((tail + hash).utf8)
            }
            if request.method != "GET" { request.body = Self.bent(body, &dice) }
            do {
                _ = try await resource.answer(request, for: caller)
            } catch let problem as Problem {
                if problem.kind == .fault { Issue.record("case \(number): \(problem.code)") }
            } catch {
                Issue.record("case \(number): \(error)")
            }
        }
    }
}
