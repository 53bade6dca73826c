import Canon
import Glibc
import LocalStore
import Run
import Synchronization

/// Writing to the two streams.
///
/// Every text may hold words of others, so nothing that steers a terminal passes here but what
/// ``steer(_:)`` is given. Where the streams cannot be written, a run ends as by Ctrl-C, so that what it did
/// is recorded; every other command ends at once.
enum Output {
    /// The exit code of a program that could not write what it had to say; 0 while it can.
    private static let lost = Atomic<Int32>(0)

    private static let errors = Atomic<Int>(0)

    /// What is written while somebody listens: the bytes of each stream.
    private static let heard = Mutex<(output: [UInt8], errors: [UInt8])?>(nil)
    /// The most bytes that are listened to.
    private static let mostHeard = 8 << 20

    /// Whether anything was said on standard error that stays there.
    static var hasToldErrors: Bool { errors.load(ordering: .relaxed) > 0 }

    /// The exit code, where something could not be written: no other tells as much.
    static var failure: Int32? {
        let code = lost.load(ordering: .relaxed)
        return code == 0 ? nil : code
    }

    /// Gives what `body` writes on the two streams; `nil` where that is much, or no text.
    static func listening(_ body: () throws -> Void) rethrows -> RunReceipt.Said? {
        heard.withLock { $0 = ([], []) }
        defer { heard.withLock { $0 = nil } }
        try body()
        guard let heard = heard.withLock({ $0 }), failure == nil,
            let output = String(validating: heard.output, as: UTF8.self),
            let errors = String(validating: heard.errors, as: UTF8.self)
        else { return nil }
        return RunReceipt.Said(output: output, errors: errors)
    }

    /// Writes what was listened to once more.
    static func repeats(_ said: RunReceipt.Said) {
        if !said.output.isEmpty { write(said.output, to: 1) }
        if !said.errors.isEmpty { write(said.errors, to: 2) }
    }

    /// Writes text as it is, for a program or a file behind a pipe; a terminal gets it as ``line(_:)``
    /// writes it.
    static func write(_ text: String) { write(isatty(1) == 1 ? shown(text) : text, to: 1) }

    /// Writes one line; an end of a line in a name of somebody else is written out, so that it forges no line
    /// of ours.
    static func line(_ text: String) {
        write(shown(text).replacing("\n", with: "\\u000a") + "\n", to: 1)
    }

    /// Writes a document for programs on a line, with its `format` in it.
    static func document(_ document: JSON, _ form: DocumentForm) {
        line(form.marked(document).canonicalText)
    }

    /// Writes documents of one form as an array, on a line.
    static func documents(_ documents: [JSON], _ form: DocumentForm) {
        line(JSON.array(documents.map(form.marked)).canonicalText)
    }

    /// Writes text of ours that may have several lines.
    static func lines(_ text: String) { write(shown(text) + "\n", to: 1) }

    /// Writes bytes as they are, for a program or a file; a terminal gets them through ``line(_:)``.
    static func write(_ bytes: UnsafeRawBufferPointer) {
        guard let number = unsafe attempt(bytes, 1), failure == nil else { return }
        lose(number, 1)
    }

    /// Says something on standard error.
    static func error(_ text: String) {
        errors.add(1, ordering: .relaxed)
        write(shown(text), to: 2)
    }

    /// Moves the cursor and sets colours on the terminal of standard error; none of it is of others.
    static func steer(_ orders: String) { write(orders, to: 2) }

    private static func write(_ text: String, to descriptor: CInt) {
        guard let number = attempt(text, descriptor), failure == nil else { return }
        lose(number, descriptor)
    }

    private static func lose(_ number: CInt, _ descriptor: CInt) {
        let code = number == EPIPE ? Code.readerGone : Code.store
        lost.store(code, ordering: .relaxed)
        if number != EPIPE && descriptor == 1 {
            let reason = unsafe String(cString: strerror(number))
            _ = attempt(
                "error: standard output: cannot write: \(reason)\n"
                    + "  fix: free space there, or write it elsewhere\n", 2)
        }
        if !Engine.interrupt() { Glibc.exit(code) }
    }

    private static func listen(to bytes: UnsafeRawBufferPointer, _ descriptor: CInt) {
        if heard.withLock({ $0 == nil }) { return }
        let copy = unsafe Array(bytes)
        heard.withLock { heard in
            guard let count = heard.map({ $0.output.count + $0.errors.count }) else { return }
            if count + copy.count > mostHeard {
                heard = nil
            } else if descriptor == 1 {
                heard?.output += copy
            } else {
                heard?.errors += copy
            }
        }
    }

    /// Writes all of a text; the number of the error where that cannot be done.
    private static func attempt(_ text: String, _ descriptor: CInt) -> CInt? {
        unsafe Array(text.utf8).withUnsafeBytes { unsafe attempt($0, descriptor) }
    }

    private static func attempt(_ bytes: UnsafeRawBufferPointer, _ descriptor: CInt) -> CInt? {
        unsafe listen(to: bytes, descriptor)
        var offset = 0
        while offset < bytes.count {
            let count = unsafe Glibc.write(
                descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
            if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
            if count <= 0 { return count < 0 ? errno : EIO }
            offset += count
        }
        return nil
    }
}
