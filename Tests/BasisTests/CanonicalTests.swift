import Basis
import JSON
import Testing

/// The canonical form, against the examples of RFC 8785.
@Suite struct CanonicalTests {
    private func canonical(_ text: String) throws -> String {
        String(decoding: try JSONValue(parsing: text).canonical, as: UTF8.self)
    }

    /// Section 3.2.2 to 3.2.4.
    @Test func `the example of the specification comes out`() throws {
        let text = #"""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """#
        let form =
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
            + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        #expect(try canonical(text) == form)
    }

    /// Section 3.2.3: by UTF-16 code units, so the emoji stands before the Hebrew presentation form.
    @Test func `members are sorted by code units`() throws {
        let text = #"""
            {"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
            "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}
            """#
        let names = try JSONValue(parsing: canonical(text)).object?.names
        #expect(names == ["\r", "1", "\u{80}", "ö", "€", "😀", "\u{FB33}"])
    }

    @Test func `the order of members is that of UTF-16 for any names`() throws {
        var dice = Dice(seed: 41)
        let scalars = ["a", "b", "\u{7F}", "\u{80}", "é", "߿", "ࠀ", "퟿", "\u{E000}", "\u{FFFD}", "😀", "\u{10FFFF}"]
        for _ in 0..<2_000 {
            let names = Set(
                (0..<6).map { _ in
                    (0..<Int.random(in: 0...4, using: &dice)).map { _ in scalars[Int.random(in: 0..<12, using: &dice)] }
                        .joined()
                })
            let value = JSONValue.object(JSONObject(names.map { ($0, 1) }))
            let sorted = try JSONValue(parsing: value.canonical).object?.names
            #expect(sorted == names.sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) })
        }
    }

    /// Appendix B: the bits of doubles and their text.
    @Test(
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"), (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"),
            (0xFFEF_FFFF_FFFF_FFFF, "-1.7976931348623157e+308"), (0x4340_0000_0000_0000, "9007199254740992"),
            (0xC340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"), (0x44B5_2D02_C7E1_4AF6, "1e+23"),
            (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"), (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"),
            (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"), (0x444B_1AE4_D6E2_EF50, "1e+21"),
            (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"), (0x3EB0_C6F7_A0B5_ED8D, "0.000001"),
            (0x41B3_DE43_5555_5553, "333333333.3333332"), (0x41B3_DE43_5555_5554, "333333333.33333325"),
            (0x41B3_DE43_5555_5555, "333333333.3333333"), (0x41B3_DE43_5555_5556, "333333333.3333334"),
            (0x41B3_DE43_5555_5557, "333333333.33333343"), (0xBECB_F647_612F_3696, "-0.0000033333333333333333"),
            (0x4314_3FF3_C1CB_0959, "1424953923781206.2"),
        ] as [(UInt64, String)])
    func `doubles are written as ECMAScript writes them`(bits: UInt64, text: String) throws {
        #expect(try canonical("\(Double(bitPattern: bits))") == text)
        #expect(try canonical(text) == text)
    }

    @Test(arguments: [
        ("1", ["1.0", "1.000", "10e-1", "0.1e1", "1E0", "1e+0", "1e-0"]),
        ("0", ["-0", "0.0", "-0e5", "0e999", "1e-400"]),
        ("100", ["1e2", "1E+2", "100.00"]), ("1e+21", ["1000000000000000000000", "1e21"]),
        ("-12.5", ["-1.25e1", "-125e-1"]), ("1e+400", ["10e399", "0.1e401", "1E400"]), ("-12e+399", ["-1.2e400"]),
        ("12345678901234567000", ["12345678901234567890", "12345678901234567168"]),
    ])
    func `equal numbers have one form`(form: String, texts: [String]) throws {
        for text in texts { #expect(try canonical(text) == form, "\(text)") }
    }

    @Test func `strings have as few escapes as can be`() throws {
        #expect(
            try canonical(#""\u0008\u0009\u000a\u000c\u000d\u0001\u001F\u007f\u2028\/\u0022\u005c""#)
                == "\"\\b\\t\\n\\f\\r\\u0001\\u001f\u{7F}\u{2028}/\\\"\\\\\"")
        #expect(try canonical(#""\b\b\fx\f""#) == #""\b\b\fx\f""#)
        // No Unicode normalisation: these look the same and are not.
        #expect(try Array(canonical("\"\u{E9}\"").utf8) != Array(canonical("\"e\u{301}\"").utf8))
    }

    /// Random documents: shuffled and spaced out they have the same form, and the form reads as itself.
    @Test func `equal documents have equal bytes`() throws {
        var dice = Dice(seed: 17)
        func value(_ depth: Int) -> JSONValue {
            switch Int.random(in: 0..<(depth > 3 ? 4 : 6), using: &dice) {
            case 0: .bool(Bool.random(using: &dice))
            case 1: .number("\(Double(bitPattern: UInt64.random(in: 0...UInt64(0x7FEF) << 48, using: &dice)))")
            case 2: .init(Int.random(in: -1 << 40...1 << 40, using: &dice))
            case 3: .string(text())
            case 4: .array((0..<Int.random(in: 0..<4, using: &dice)).map { _ in value(depth + 1) })
            default: .object(JSONObject(Set((0..<5).map { _ in text() }).sorted().map { ($0, value(depth + 1)) }))
            }
        }
        func text() -> String {
            let scalars = (0..<Int.random(in: 0..<5, using: &dice)).compactMap { _ in
                let shift = Int.random(in: 0..<12, using: &dice)
                return Unicode.Scalar(UInt32.random(in: 0...0x1_FFFF, using: &dice) >> shift)
            }
            return String(String.UnicodeScalarView(scalars))
        }
        func shuffled(_ value: JSONValue) -> JSONValue {
            switch value {
            case .array(let elements): .array(elements.map(shuffled))
            case .object(let object):
                .object(JSONObject(object.members.shuffled(using: &dice).map { ($0.name, shuffled($0.value)) }))
            default: value
            }
        }
        for _ in 0..<500 {
            let document = value(0)
            let form = document.canonical
            #expect(shuffled(document).canonical == form)
            #expect(try JSONValue(parsing: form).canonical == form)
        }
    }
}
