import Basis
import JSON
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        #"{"b":1.50,"a":[true,false,null,-0,1e5,"x"]}"#, #"[]"#, #""naïve 🦉 \" \\ \n""#, #"12345678901234567890"#,
    ])
    func `what is read is written unchanged`(text: String) throws {
        #expect(try JSONValue(parsing: text).text == text)
    }

    @Test func `escapes are read`() throws {
        #expect(try JSONValue(parsing: #""\u00e9\ud83e\udd89\/\b\f\t""#) == .string("é🦉/\u{8}\u{c}\t"))
    }

    @Test func `members are set in place, and new ones at the end`() throws {
        var object = try #require(try JSONValue(parsing: #"{"a":1,"b":2}"#).object)
        object.set(try #require(try JSONValue(parsing: #"{"c":3,"a":4,"d":5}"#).object).members)
        #expect(JSONValue.object(object).text == #"{"a":4,"b":2,"c":3,"d":5}"#)
        #expect(object.values == ["a": 4, "b": 2, "c": 3, "d": 5])
    }

    /// A body of a mebibyte has room for so many, and each must not be compared with all before it.
    @Test(.timeLimit(.minutes(1))) func `an object of very many names is read, and none of them twice`() throws {
        let members = (0..<100_000).map { "\"\($0)\":0" }.joined(separator: ",")
        #expect(try JSONValue(parsing: "{\(members)}").object?.members.count == 100_000)
        for twice in ["7", "99999"] {
            #expect(throws: JSONError.self) { try JSONValue(parsing: "{\(members),\"\(twice)\":0}") }
        }
        for count in 14...18 {
            let some = (0..<count).map { "\"\($0)\":0" }.joined(separator: ",")
            #expect(try JSONValue(parsing: "{\(some)}").object?.members.count == count)
            #expect(throws: JSONError.self) { try JSONValue(parsing: "{\(some),\"\(count - 1)\":0}") }
            #expect(throws: JSONError.self) { try JSONValue(parsing: "{\(some),\"0\":0}") }
        }
    }

    @Test(arguments: [
        ("", 1, 1), ("{", 1, 2), ("[1,]", 1, 4), ("{\"a\":1,\n\"a\":2}", 2, 1), ("01", 1, 2), ("1.", 1, 3),
        ("\"\\ud800\"", 1, 8), ("\"\u{1}\"", 1, 2), ("nul", 1, 1), ("[1] x", 1, 5), ("{'a':1}", 1, 2), ("+1", 1, 1),
        ("\"abc", 1, 5), ("[1 2]", 1, 4), ("\"\\x\"", 1, 2), ("NaN", 1, 1),
    ])
    func `what is not JSON is refused with its place`(text: String, line: Int, column: Int) {
        do {
            let value = try JSONValue(parsing: text)
            Issue.record("\(value) was read")
        } catch {
            #expect(error.line == line, "\(error)")
            #expect(error.column == column, "\(error)")
        }
    }

    @Test func `nesting has a limit`() {
        let depth = JSONValue.depthLimit
        let fine = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(throws: Never.self) { try JSONValue(parsing: fine) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[[" + fine + "]]") }
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
    }

    /// Random documents survive a round trip; the seed is fixed, so a failure repeats.
    @Test func `random documents survive a round trip`() throws {
        var dice = Dice(seed: 41)
        func value(_ depth: Int) -> JSONValue {
            switch Int.random(in: 0..<(depth > 4 ? 4 : 6), using: &dice) {
            case 0: .null
            case 1: .bool(Bool.random(using: &dice))
            case 2: .init(Int.random(in: -1_000_000...1_000_000, using: &dice))
            case 3:
                .string(
                    String(
                        (0..<Int.random(in: 0..<9, using: &dice)).map { _ in
                            Character(Unicode.Scalar(UInt32.random(in: 0x1...0xD7FF, using: &dice)) ?? "x")
                        }))
            case 4: .array((0..<Int.random(in: 0..<5, using: &dice)).map { _ in value(depth + 1) })
            default: .object(JSONObject((0..<Int.random(in: 0..<5, using: &dice)).map { ("k\($0)", value(depth + 1)) }))
            }
        }
        for _ in 0..<500 {
            let document = value(0)
            #expect(try JSONValue(parsing: document.text) == document)
        }
    }

    @Test func `pointers escape`() {
        #expect(JSONPointer().appending("a/b~c").appending(3).description == "/a~1b~0c/3")
    }
}
