import Canon
import Testing

/// Counts with their nouns, as every message has them.
@Suite struct CountedTests {
    @Test(arguments: [
        (0, "0 actions", "0 actions differ"), (1, "1 action", "1 action differs"),
        (2, "2 actions", "2 actions differ"),
    ])
    func `one is singular, none and several are plural`(count: Int, plain: String, verb: String) {
        #expect(counted(count, "action") == plain)
        #expect(counted(count, "action differs", "actions differ") == verb)
    }
}
