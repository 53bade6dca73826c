import Canon

/// The files that a program and all that it started read, as `strace -f -y` recorded it.
///
/// A file counts where it was opened for reading, or started. Folders that were listed and files that were
/// only asked for do not count.
package struct TracedReads: Equatable, Sendable {
    /// The whole paths in the order in which they were read first, with every link followed where the kernel
    /// told.
    package private(set) var paths: [String] = []
    private var seen: Set<ExactText> = []
    /// The folder that each process works in, as far as is known.
    private var folders: [Substring: String] = [:]
    /// The folder that was told last: a process that was started just now works in that of its parent.
    private var latest = ""
    /// The beginnings of calls that another process's line broke off.
    private var begun: [Substring: String] = [:]

    /// Reads a record.
    package init(_ record: String) {
        for line in record.split(separator: "\n") { read(line) }
    }

    /// Reads a line: a process's number, and its call.
    private mutating func read(_ line: Substring) {
        let digits = line.prefix { $0.isNumber }
        guard !digits.isEmpty else { return }
        var call = String(line[digits.endIndex...].drop { $0 == " " })
        if call.hasSuffix("<unfinished ...>") {
            begun[digits] = String(call.dropLast("<unfinished ...>".count))
            return
        }
        if call.hasPrefix("<... "), let end = call.firstRange(of: " resumed>") {
            call = (begun.removeValue(forKey: digits) ?? "") + call[end.upperBound...]
        }
        noteFolder(of: digits, call)
        take(call, of: digits)
    }

    private mutating func noteFolder(of process: Substring, _ call: String) {
        if let start = call.firstRange(of: "AT_FDCWD<") {
            enter(
                TracedReads.unescaped(call[start.upperBound...].prefix { $0 != ">" }), process)
        }
    }

    private mutating func take(_ call: String, of process: Substring) {
        guard let opening = call.firstIndex(of: "("), let result = call.lastRange(of: " = ") else {
            return
        }
        let name = call[..<opening]
        let words = call[call.index(after: opening)..<result.lowerBound]
        let answer = call[result.upperBound...]
        if name.hasPrefix("open") || name == "creat" {
            guard TracedReads.isReading(words), let start = answer.firstIndex(of: "<"),
                answer.hasSuffix(">")
            else { return }
            add(TracedReads.unescaped(answer[answer.index(after: start)...].dropLast()))
        } else if name.hasPrefix("execve"), answer.hasPrefix("0") {
            guard let path = TracedReads.quoted(words) else { return }
            add(whole(path, process))
        } else if name == "chdir", answer.hasPrefix("0"), let path = TracedReads.quoted(words) {
            enter(whole(path, process), process)
        }
    }

    private mutating func enter(_ folder: String, _ process: Substring) {
        folders[process] = folder
        latest = folder
    }

    private func whole(_ path: String, _ process: Substring) -> String {
        path.hasPrefix("/") ? path : "\(folders[process] ?? latest)/\(path)"
    }

    private mutating func add(_ path: String) {
        guard path.hasPrefix("/"), seen.insert(ExactText(path)).inserted else { return }
        paths.append(path)
    }

    /// Whether the words of a call open a file to read what was there before.
    private static func isReading(_ words: Substring) -> Bool {
        !["O_WRONLY", "O_CREAT", "O_TRUNC", "O_DIRECTORY", "O_PATH"].contains { words.contains($0) }
            && (words.contains("O_RDONLY") || words.contains("O_RDWR"))
    }

    /// The first text in quotes.
    private static func quoted(_ words: Substring) -> String? {
        guard let start = words.firstIndex(of: "\"") else { return nil }
        let rest = words[words.index(after: start)...]
        var isEscaped = false
        let text = rest.prefix { character in
            defer { isEscaped = !isEscaped && character == "\\" }
            return isEscaped || character != "\""
        }
        return unescaped(text)
    }

    /// A text with the bytes that `strace` writes as `\303`, `\n` or `\"`.
    private static func unescaped(_ text: some StringProtocol) -> String {
        let letters: [UInt8: UInt8] = [
            UInt8(ascii: "n"): 10, UInt8(ascii: "t"): 9, UInt8(ascii: "r"): 13,
            UInt8(ascii: "v"): 11, UInt8(ascii: "f"): 12,
        ]
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let next = rest.first else {
                bytes.append(byte)
                continue
            }
            let octal = rest.prefix(3).prefix {
                (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0)
            }
            if let value = UInt8(String(decoding: octal, as: UTF8.self), radix: 8) {
                bytes.append(value)
                rest = rest.dropFirst(octal.count)
            } else {
                bytes.append(letters[next] ?? next)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    /// The last place of a text in it.
    fileprivate func lastRange(of text: String) -> Range<String.Index>? { ranges(of: text).last }
}
