import Experiment
import Run
import Testing

/// What is shown of a program's words while it runs.
@Suite struct ProgramNoteTests {
    private func note(_ parts: String...) -> StageProgress {
        var note = ProgramNote()
        for part in parts { _ = note.read(Array(part.utf8)) }
        return note.progress
    }

    @Test(arguments: [
        ("one\ntwo\n", "two"), ("one\ntwo", "two"), ("one\n\n  \n", "one"), ("", ""),
        // A bar of tqdm: the text behind the last carriage return, which nothing ends.
        ("\r 10%|# | 1/10\r 20%|## | 2/10", "20%|## | 2/10"),
        // One that ends each with it.
        ("1 of 10\r2 of 10\r", "2 of 10"), ("a\r\nb\r\n", "b"),
        ("\u{1B}[32mgreen\u{1B}[0m \u{1B}[1;31mred\u{1B}[m\n", "green red"),
        ("\u{1B}]0;title\u{07}text\n", "text"), ("\u{1B}]0;title\u{1B}\\text\n", "text"),
        ("\u{1B}[A\n", ""), ("before\n\u{1B}[A\u{1B}[2K", "before"), ("tail\u{1B}", "tail"),
        ("a\u{7}b\u{202E}c\td\n", "a\u{FFFD}b\u{FFFD}c\u{FFFD}d"),
    ])
    func `the note is the last line that can be seen, without what steers a terminal`(
        printed: String, expected: String
    ) {
        #expect(note(printed) == StageProgress(done: 0, total: 0, note: expected))
        // However the bytes arrive.
        var slow = ProgramNote()
        for byte in printed.utf8 { _ = slow.read([byte]) }
        #expect(slow.progress.note == expected)
    }

    @Test
    func `a line of progress is a fraction with a note, and other lines change the note alone`() {
        #expect(
            note("progress 300/1000 loss 0.042\n")
                == StageProgress(done: 300, total: 1000, note: "loss 0.042"))
        #expect(note("progress 3/10\n") == StageProgress(done: 3, total: 10, note: ""))
        #expect(
            note("progress 3/10 a\nsaving\n") == StageProgress(done: 3, total: 10, note: "saving"))
        // Half a line of it would be another number.
        #expect(
            note("progress 3/10 a\n", "progress 4/1")
                == StageProgress(done: 3, total: 10, note: "a"))
        #expect(
            note("progress 3/10 a\n", "progress 4/1", "0 b\r")
                == StageProgress(done: 4, total: 10, note: "b"))
    }

    @Test(arguments: [
        "progress", "progress 3", "progress 3/0", "progress 11/10", "progress -1/10", "progress 1/",
        "progress a/b", "progress 1/99999999999999999999", "progress 1/2/3", "progress of the work",
    ])
    func `what is no progress is a line like any other`(line: String) {
        #expect(note(line + "\n") == StageProgress(done: 0, total: 0, note: line))
    }

    @Test
    func `a line of any length is shown in part, and bytes that are no text are shown as such`() {
        #expect(note(String(repeating: "x", count: 1_000_000)).note.count == 200)
        var note = ProgramNote()
        _ = note.read([0xFF, 0x00, 0x41, 10])
        #expect(note.progress.note == "\u{FFFD}\u{FFFD}A")
    }
}
