import Basis
import Foundation
import Input
import JSON
import Testing

@Suite struct InputTests {
    @Test(arguments: [("a\nb\r\n\nc", ["a", "b", "", "c"]), ("", []), ("\u{FEFF}a\n", ["a"]), ("\n", [""])])
    func `lines are told apart`(text: String, lines: [String]) throws {
        var reader = LineReader(bytes: Array(text.utf8))
        var found: [String] = []
        while let line = try reader.next() { found.append(String(decoding: line, as: UTF8.self)) }
        #expect(found == lines)
        #expect(reader.number == lines.count)
    }

    @Test func `records know their line`() throws {
        let text = "id,name\n1,\"A, \"\"B\"\"\nnext\"\n\n2;x,C\r\n"
        var reader = try CSVReader(bytes: Array(text.utf8))
        let one = try #require(try reader.next())
        #expect(one.line == 2)
        #expect(one["name"] == "A, \"B\"\nnext")
        let two = try #require(try reader.next())
        #expect(two.line == 5)
        #expect(two["id"] == "2;x")
        #expect(two["absent"] == "")
        #expect(try reader.next() == nil)
    }

    @Test(arguments: ["", "a,a\n", "a,\n", "a,b\n1,2,3\n", "a\n\"x\n", "a\n\"x\"y\n"])
    func `broken files are refused`(text: String) {
        #expect(throws: Problem.self) {
            var reader = try CSVReader(bytes: Array(text.utf8))
            while try reader.next() != nil {}
        }
    }

    @Test func `the character U+0000 is refused with its place`() throws {
        let refusal = #expect(throws: Problem.self) { try CSVReader(bytes: Array("a,b\n1,2\n3,\0\n".utf8)) }
        #expect(refusal?.code == "csv-nul")
        #expect(refusal?.issues.map(\.line) == [3])
        let text = #"{"a": "\u0000"}"#
        #expect(try JSONValue(parsing: text)["a"]?.string == "\0")
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8), takesNUL: false) }
        #expect(error?.column == 8)
    }

    @Test func `a semicolon separates where the header has no comma`() throws {
        var reader = try CSVReader(bytes: Array("id;name\n1;Ann, B\n".utf8))
        #expect(try reader.next()?["name"] == "Ann, B")
    }

    @Test(arguments: ["\"a\n;b\",c\n1,2\n", "\"a,\";c\n1;2\n", "\"x;\ty\"\tc\r1\t2\r"])
    func `what a header has within quotes separates nothing`(text: String) throws {
        var reader = try CSVReader(bytes: Array(text.utf8))
        #expect(reader.columns.count == 2)
        #expect(try reader.next()?["c"] == "2")
    }

    @Test func `a missing file and a folder are refused`() {
        #expect(throws: Problem.self) { try ByteReader(path: "/nowhere/at/all") }
        #expect(throws: Problem.self) { try ByteReader(path: NSTemporaryDirectory()) }
    }
}
