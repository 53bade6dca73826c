import Testing
import Workbench

@Suite struct ShownWarningsTests {
    @Test func `the gravest five are shown, and the file with the others is named`() {
        let nine = (1...9).map { "warning \($0)" }
        #expect(
            ShownWarnings.lines(nine, in: "law.json")
                == Array(nine.prefix(5)) + ["and 4 more in law.json"])
    }

    @Test func `no line is spent on saying that one more is left`() {
        let six = (1...6).map { "warning \($0)" }
        #expect(ShownWarnings.lines(six, in: "law.json") == six)
        #expect(ShownWarnings.lines([], in: "law.json") == [])
    }
}
