import BitlawProgram
import Canon
import Experiment
import System
import TestSupport
import Testing
import Workbench

/// What a machine can tell of the pages of shipped experiments before they are run.
@Suite struct ShippedPageTests {
    private static let root = Repository.root

    private static var experiments: [String] {
        let list = (try? namesInFolder("\(root)/pipelines")) ?? []
        return list.filter { $0.hasSuffix(".yaml") && !$0.hasSuffix(".claims.yaml") }.sorted()
    }

    private static var pages: [String] {
        let list = (try? namesInFolder("\(root)/pipelines")) ?? []
        return list.filter { $0.hasSuffix(".page.md") }.sorted()
    }

    private static func charts(_ name: String) throws -> [Action] {
        let graph = try ExperimentLoader.load(
            path: "\(root)/pipelines/\(name)", registry: shippedKinds())
        return graph.actions.filter { graph.stage(of: $0).kind.name == "chart" }
    }

    @Test(arguments: experiments)
    func `a chart has axes, a title and series in words, and no code in its caption`(name: String)
        throws
    {
        for chart in try ShippedPageTests.charts(name) {
            func text(_ parameter: String) -> String { chart.parameters[parameter]?.text ?? "" }
            for parameter in ["x_label", "y_label", "title"] {
                let words = text(parameter)
                #expect(!words.isEmpty, "\(chart.name) has no \(parameter)")
                #expect(!words.contains("_") && !words.contains("`"), "\(chart.name): \(words)")
            }
            let caption = text("caption")
            #expect(!caption.contains("^") && !caption.contains("`"), "\(chart.name): \(caption)")
            #expect(
                caption.isEmpty || ".!?".contains(caption.last ?? " "), "\(chart.name): \(caption)")
            let named = chart.parameters["names"]?.members ?? [:]
            let columns = chart.parameters["y"]?.elements?.compactMap { $0.text } ?? []
            for column in columns where column.contains("_") {
                #expect(named[column] != nil, "\(chart.name) names a series \(column)")
            }
        }
    }

    @Test(arguments: pages)
    func `a page leads with a figure, before any table or claim`(name: String) throws {
        let path = "\(ShippedPageTests.root)/pipelines/\(name)"
        let text = String(decoding: try readRequiredFile(path), as: UTF8.self)
        let first = try #require(text.firstRange(of: "\n{"), "\(name) places nothing")
        #expect(text[first.upperBound...].hasPrefix("figure: "), "\(name)")
    }

    /// The pages, and those that they are put together from.
    private static var allPages: [String] {
        let list = (try? namesInFolder("\(root)/pipelines/hidden-factors")) ?? []
        return pages
            + list.filter { $0.hasSuffix(".page.md") }.map { "hidden-factors/\($0)" }.sorted()
    }

    /// The kind of each stage of all experiments.
    private static func kinds() throws -> [String: Set<String>] {
        var kinds: [String: Set<String>] = [:]
        for name in experiments {
            let graph = try ExperimentLoader.load(
                path: "\(root)/pipelines/\(name)", registry: shippedKinds())
            for action in graph.actions {
                let stage = graph.stage(of: action)
                kinds[stage.name, default: []].insert(stage.kind.name)
            }
        }
        return kinds
    }

    @Test func `a placed plot has axes in words of the page, never names of columns`() throws {
        let kinds = try ShippedPageTests.kinds()
        let makers = ["law.", "factors.series", "online.figure", "dynamics.exponents"]
        var count = 0
        for name in ShippedPageTests.allPages {
            let path = "\(ShippedPageTests.root)/pipelines/\(name)"
            let text = String(decoding: try readRequiredFile(path), as: UTF8.self)
            for match in text.matches(of: /\{figure: ([^;}]+)((?:\$\{[^}]*\}|[^}])*)\}/) {
                for placed in match.output.1.split(separator: ",") {
                    let written = placed.trimmingPrefix { $0.isWhitespace }
                    let stage = String(written.prefix { !"[/ \n".contains($0) })
                    guard let kinds = kinds[stage],
                        makers.contains(where: { maker in kinds.contains { $0.hasPrefix(maker) } })
                    else { continue }
                    count += 1
                    // Of profiles and of ratios the data's own words are words.
                    if written.hasSuffix("/profiles") { continue }
                    #expect(match.output.2.contains("x_label:"), "\(name): \(written)")
                    let isRatio = written.hasSuffix("/residuals")
                    #expect(
                        isRatio || match.output.2.contains("y_label:"), "\(name): \(written)")
                    for word in match.output.2.matches(of: /(?:x|y)_label:\s+"?([^;"}]*)/) {
                        #expect(!word.output.1.contains("_"), "\(name): \(word.output.1)")
                    }
                }
            }
        }
        #expect(count > 50, "the pattern found \(count) placed plots")
    }
}
