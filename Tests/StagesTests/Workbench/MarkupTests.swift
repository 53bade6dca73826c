import Testing
import Workbench

@Suite struct MarkupTests {
    @Test(arguments: [
        (0.0, "0"), (1, "1"), (-1, "-1"), (1.5, "1.5"), (1.25, "1.25"), (1.05, "1.05"),
        (-0.004, "0"), (-0.006, "-0.01"), (99.999, "100"), (123.456, "123.46"),
        (.infinity, "10000000"), (-.infinity, "-10000000"), (.nan, "0"), (1e300, "10000000"),
    ])
    func `a coordinate has at most two decimals and is always a number`(
        value: Double, text: String
    ) {
        #expect(Markup.number(value) == text)
    }

    @Test(arguments: [
        (0.0, "0"), (1, "1.00"), (0.5, "0.500"), (12.345, "12.3"), (123.45, "123"),
        (12345, "12300"), (1_234_567, "1230000"), (12_345_678, "1.23e7"), (9.996, "10.0"),
        (0.00012344, "0.000123"), (0.000012344, "1.23e-5"), (-2.5, "−2.50"), (1e-300, "1e-300"),
        (.leastNonzeroMagnitude, "4.94e-324"), (.infinity, "inf"), (.nan, "nan"),
    ])
    func `a value has three significant digits`(value: Double, text: String) {
        #expect(Markup.significant(value) == text)
    }

    @Test(arguments: [
        (6_800_000.0, 2, "6.8·10⁶", "6.8 \\cdot 10^{6}"), (1e6, 3, "10⁶", "10^{6}"),
        (-1e6, 3, "−10⁶", "-10^{6}"), (123_456, 3, "1.23·10⁵", "1.23 \\cdot 10^{5}"),
        (123_456, 8, "123456.00", "123456.00"), (12345, 3, "12300", "12300"),
        (4.56e-7, 3, "4.56·10⁻⁷", "4.56 \\cdot 10^{-7}"), (-0.34, 3, "−0.340", "-0.340"),
        (0, 3, "0", "0"), (6e23, 4, "6·10²³", "6 \\cdot 10^{23}"), (.infinity, 3, "inf", "inf"),
    ])
    func `a number of a law has a power of ten where a person writes one`(
        value: Double, digits: Int, text: String, latex: String
    ) {
        #expect(LawNumber.text(value, digits) == text)
        #expect(LawNumber(value, digits).latex == latex)
    }

    @Test func `text is escaped`() {
        #expect(
            Markup.escape("<b a=\"1\">&amp;</b>")
                == "&lt;b a=&quot;1&quot;&gt;&amp;amp;&lt;/b&gt;")
    }

    @Test(arguments: [
        ("L0 + A*S1^-alpha - C*S2", "L0 + A·S1<sup>−α</sup> − C·S2"),
        ("N* at C, (-(x - 1)/b)", "N* at C, (−(x − 1)/b)"),
        ("log-error `a*b - c`", "log-error <code>a*b - c</code>"),
    ])
    func `a formula has the signs of products and differences, and code keeps its own`(
        written: String, html: String
    ) {
        #expect(Markup.setFormula(written) == html)
    }

    @Test func `the index of a single letter stands below the line, and names of data stay`() {
        #expect(
            Markup.set("σ_J, τ_esc and L_∞") == "σ<sub>J</sub>, τ<sub>esc</sub> and L<sub>∞</sub>")
        #expect(Markup.set("log_error, x_over, `c_5`") == "log_error, x_over, <code>c_5</code>")
        #expect(Markup.setValue("c_5 4.5e-7") == "c_5 4.5·10⁻⁷")
    }

    @Test(arguments: [
        ("12345", "12,345"), ("−1234567", "−1,234,567"), ("1234", "1234"), ("12345.5", "12345.5"),
        ("n 12345", "n 12345"),
    ])
    func `a whole number of five digits or more stands in groups of three`(
        written: String, text: String
    ) {
        #expect(GroupedDigits.grouped(written) == text)
        #expect(GroupedDigits.text(-123) == "−123" && GroupedDigits.text(-1234) == "−1,234")
    }
}
