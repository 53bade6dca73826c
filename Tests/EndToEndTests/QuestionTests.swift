import Glibc
import TestSupport
import Testing

/// The questions of newcomers, asked of the pages as a search box would ask them.
///
/// Each section of a page is scored by the words of the question (BM25; words of headings count more),
/// and a page is as good as its best section.
@Suite struct QuestionTests {
    private struct Section {
        let page: String
        let title: Set<String>
        let words: [String: Int]
        let count: Int
    }

    /// What a question says of nothing.
    private static let small: Set<String> = Set(
        """
        a an the of to in on is are do does i my me how what which why can it for with from after now not \
        be by and or one you your that this there than at as have has
        """.split(separator: " ").map { stem($0.lowercased()) })

    /// A word without its ending: `folders` finds `folder`, and `upgrade` finds `upgrading`.
    private static func stem(_ word: String) -> String {
        for (ending, instead) in [
            ("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", ""),
        ]
        where word.hasSuffix(ending) && word.count > ending.count + 2 {
            return word.dropLast(ending.count) + instead
        }
        return word
    }

    private static func words(_ text: some StringProtocol) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map { stem(String($0)) }
    }

    private static let sections: [Section] = {
        let list = TemporaryFolder(named: "questions")
        _ = list.run(
            "cd '\(Repository.root)/docs' && find . -name '*.md' ! -name '*.in.md' > \"$OLDPWD/list\""
        )
        var sections: [Section] = []
        for name in list.text("list").split(separator: "\n") {
            let page = String(name.dropFirst(2).dropLast(3))
            var (title, body, isCode) = ("", [String](), false)
            func end() {
                if body.isEmpty && title.isEmpty { return }
                let counts = Dictionary(body.map { ($0, 1) }, uniquingKeysWith: +)
                sections.append(
                    Section(page: page, title: Set(words(title)), words: counts, count: body.count))
            }
            for line in (Repository.text("docs/\(page).md") ?? "").split(separator: "\n") {
                if line.hasPrefix("```") { isCode.toggle() }
                if line.hasPrefix("#"), !isCode {
                    end()
                    (title, body) = (String(line), [])
                } else {
                    body += words(line)
                }
            }
            end()
        }
        return sections
    }()

    /// The pages, the best answer first.
    private static func answers(_ question: String) -> [String] {
        let all = Double(sections.count)
        let mean = Double(sections.reduce(0) { $0 + $1.count }) / all
        let asked = Set(words(question)).subtracting(small).map { word in
            let having = sections.count { $0.words[word] != nil || $0.title.contains(word) }
            return (word, log(1 + (all - Double(having) + 0.5) / (Double(having) + 0.5)))
        }.sorted { $0.0 < $1.0 }
        var best: [String: Double] = [:]
        for section in sections {
            let length = 1.2 * (0.25 + 0.75 * Double(section.count) / mean)
            let score = asked.reduce(0) { sum, one in
                let count = Double(section.words[one.0] ?? 0)
                let inTitle = section.title.contains(one.0) ? 1.5 : 0
                return sum + one.1 * (2.2 * count / (count + length) + inTitle)
            }
            best[section.page] = max(best[section.page] ?? 0, score)
        }
        return best.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    }

    @Test(arguments: [
        ("How do I retry on memory?", ["reference/experiment-file"]),
        ("What does exit code 4 mean?", ["reference/commands"]),
        ("Can I cache a folder?", ["programs"]),
        ("How do I set a time limit?", ["reference/experiment-file"]),
        ("How do I repeat each point with other seeds?", ["reference/experiment-file"]),
        ("My program is not deterministic", ["reference/experiment-file"]),
        ("How do I go on from a checkpoint after a kill?", ["reference/experiment-file"]),
        ("How do I use GPUs?", ["programs"]),
        ("How do I run on Slurm?", ["CLUSTER"]),
        ("How do I run only a part of a sweep?", ["targets", "steering"]),
        ("Why does my action run again?", ["upgrading", "steering", "tour"]),
        ("How do I use a colleague's store?", ["sharing"]),
        ("bubblewrap does not work on Ubuntu", ["systems"]),
        ("How do I read results in pandas?", ["python"]),
        ("How do I write my own formula of a law?", ["fit-a-law", "LAWS"]),
        ("A blob is damaged: what now?", ["damage"]),
        ("Which results run again after an upgrade?", ["upgrading"]),
        ("How do I make the store smaller?", ["index", "reference/commands"]),
        ("How do I check the signature of a release?", ["install"]),
        ("What is a replicate?", ["GLOSSARY", "reference/experiment-file"]),
    ])
    func `a question of a newcomer finds the page that answers it among the first three`(
        question: String, pages: [String]
    ) {
        let found = QuestionTests.answers(question).prefix(3)
        #expect(pages.contains { found.contains($0) }, "\(question): \(found)")
    }
}
