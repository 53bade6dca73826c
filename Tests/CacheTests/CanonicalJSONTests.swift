import Canon
import System
import TestSupport
import Testing

@Suite struct CanonicalJSONTests {
    /// RFC 8785, appendix B: IEEE-754 bits and the text that ECMAScript gives them.
    @Test(
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"), (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"), (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"), (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"), (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] as [(UInt64, String)])
    func `a number is written as the RFC's appendix B says`(bits: UInt64, text: String) {
        #expect(JSON.number(Double(bitPattern: bits)).canonicalText == text)
    }

    @Test func `members are ordered by UTF-16 code units as in section 3.2.3`() throws {
        let json = try JSON(
            parsing: #"""
                {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
                 "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
                 "\u00f6": "Latin Small Letter O With Diaeresis"}
                """#)
        #expect(
            json.canonicalText
                == "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\","
                + "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
                + "\"😀\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}"
        )
    }

    @Test func `the sample of section 3.2.2 becomes the bytes of section 3.2.4`() throws {
        let json = try JSON(
            parsing: #"""
                {"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                 "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
                 "literals": [null, true, false]}
                """#)
        #expect(
            json.canonicalText
                == #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
                + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#)
    }

    @Test(arguments: [
        ("{\"a\":1,\"a\":2}", 7, "member \"a\" stands there twice"),
        ("[1,]", 3, "expected a value"), ("01", 0, "a number starts with 0"),
        ("1e999", 0, "1e999 is beyond the range of a double"),
        ("\"\\ud800\"", 3, "half of a surrogate pair"), ("nul", 0, "expected a value"),
        ("1 2", 2, "expected the end"), ("\"\t\"", 1, "a control character in a string"),
    ])
    func `text that is not JSON is refused with its place`(text: String, at: Int, why: String) {
        #expect(throws: JSONError(offset: at, reason: why)) { try JSON(parsing: text) }
    }

    @Test func `nesting deeper than 512 levels is refused, not a crash`() {
        #expect(throws: JSONError.self) {
            try JSON(parsing: String(repeating: "[", count: 200_000))
        }
    }

    @Test func `canonical text read back gives the same value`() throws {
        var state: UInt64 = 1
        for _ in 0..<trials(20_000) {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let number = Double(bitPattern: state)
            guard number.isFinite else { continue }
            #expect(try JSON(parsing: JSON.number(number).canonical()) == .number(number))
        }
    }
}
