import Experiment
import System
import TestSupport
import Testing

/// What is said of works, held against the page that says what of them was read.
@Suite struct ClaimSourceTests {
    private static let list = SourceList(Repository.text("docs/SOURCES.md") ?? "")

    private static func names(in folder: String, _ suffixes: [String]) -> [String] {
        let names = (try? namesInFolder("\(Repository.root)/\(folder)")) ?? []
        return names.filter { name in suffixes.contains { name.hasSuffix($0) } }.sorted()
            .map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
    }

    /// Every file below `Sources` that people write.
    private static func sources() throws -> [String] {
        var (found, folders): ([String], [String]) = ([], ["Sources"])
        while let folder = folders.popLast() {
            for name in try namesInFolder("\(Repository.root)/\(folder)") {
                let path = "\(folder)/\(name)"
                if [".swift", ".h", ".c", ".yaml"].contains(where: { name.hasSuffix($0) }) {
                    found.append(path)
                } else if !name.contains(".") {
                    folders.append(path)
                }
            }
        }
        return found.sorted()
    }

    @Test(arguments: names(in: "pipelines", [".claims.yaml"]))
    func `a claim about a work says what of it was read`(path: String) throws {
        let text = Repository.text(path) ?? ""
        let head = String(text[..<(text.firstRange(of: "\nclaims:")?.lowerBound ?? text.endIndex)])
        for claim in try ClaimsFile.load(path: "\(Repository.root)/\(path)").claims {
            guard let basis = claim.basis else { continue }
            let objection = ClaimSourceTests.list.objection(
                basis: basis.rawValue, source: claim.source, head: head)
            #expect(
                objection == nil,
                """
                \(path):\(claim.line): claim \(claim.name), basis \(basis.rawValue): \
                \(objection ?? ""); docs/SOURCES.md
                """)
        }
    }

    @Test func `every work with a number has a row among the sources`() throws {
        let pages =
            ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"]
            + ClaimSourceTests.names(in: "docs", [".md"])
            + ClaimSourceTests.names(in: "pipelines", [".yaml", ".md"])
        var count = 0
        for path in try pages + ClaimSourceTests.sources() {
            let text = Repository.text(path) ?? ""
            count += SourceList.numbers(in: text).count
            let unlisted = ClaimSourceTests.list.unlisted(in: text)
            #expect(unlisted.isEmpty, "\(path) names \(unlisted)")
        }
        #expect(count > 150)
    }

    @Test func `the page says what was read in the words that it explains`() {
        let list = ClaimSourceTests.list
        #expect(list.works.count > 30 && list.words.count > 10)
        #expect(Set(list.works.map { $0.name }).count == list.works.count)
        for work in list.works {
            #expect(!work.read.isEmpty, "\(work.name)")
            for word in work.read {
                #expect(list.words.contains(word), "\(work.name): `\(word)` is not explained")
            }
            guard work.read.contains("code") else { continue }
            let hasCommit = work.row.contains("no commit was noted") || work.row.contains(" at ")
            #expect(hasCommit, "\(work.name) has no commit")
        }
    }

    private static let page = """
        | read | means |
        |---|---|
        | text | the body |
        | summary | by others |
        | code | at a commit |

        | name | work | read |
        |---|---|---|
        | arXiv 2101.00001 | A | text |
        | arXiv 2101.00002 | B | summary, code |
        | arXiv 2101.00003 | C | summary |
        """

    @Test(arguments: [
        ("paper", "arXiv 2101.00001, table 2", "", nil),
        ("paper", "a summary of arXiv 2101.00002", "", nil),
        ("paper", "by summaries", "# arXiv 2101.00003\n", nil),
        ("code", "arXiv 2101.00002, the authors' code", "", nil),
        ("theory", "in closed form", "", nil),
        ("ours", "", "", nil),
        ("paper", "table 2", "", "no listed work is named"),
        ("paper", "", "# after arXiv 2101.00003\n", "was not read"),
        ("paper", "arXiv 2101.00002, table 2", "", "was not read"),
        ("code", "a summary of arXiv 2101.00003", "", "was not read"),
        ("code", "released script", "", "no listed work is named"),
        ("theory", "", "", "no word"),
        ("ours", "after arXiv 2101.00009", "", "arXiv 2101.00009 has no row"),
        ("paper", "arXiv 2101.00001 and 2101.00008", "", "arXiv 2101.00008 has no row"),
    ])
    func `what a source does not bear is objected to`(
        basis: String, source: String, head: String, objection: String?
    ) {
        let found = SourceList(ClaimSourceTests.page).objection(
            basis: basis, source: source, head: head)
        if let objection {
            #expect(found?.contains(objection) == true, "\(found ?? "no objection")")
        } else {
            #expect(found == nil)
        }
    }
}
