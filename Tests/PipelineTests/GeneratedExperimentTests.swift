import Canon
import Experiment
import TestSupport
import Testing

/// What an experiment file means, against a slow expansion that shares no code with its reader.
@Suite struct GeneratedExperimentTests {
    /// The actions by stage, with the names of what each reads.
    private func actions(_ text: String) throws -> [String: [GeneratedExperiment.Expected]] {
        let graph = try load(text)
        var actions: [String: [GeneratedExperiment.Expected]] = [:]
        for action in graph.actions {
            let sources = action.inputs.flatMap { $0.sources }.map { source -> String in
                guard case .action(let index, _) = source else { return "" }
                return graph.actions[index].name
            }
            actions[graph.stage(of: action).name, default: []].append(
                GeneratedExperiment.Expected(name: action.name, sources: sources))
        }
        return actions
    }

    /// The first action that is another, in words.
    private func difference(
        _ found: [String: [GeneratedExperiment.Expected]],
        _ expected: [String: [GeneratedExperiment.Expected]]
    ) -> String? {
        for stage in Set(found.keys).union(expected.keys).sorted() {
            let (some, others) = (found[stage] ?? [], expected[stage] ?? [])
            for place in 0..<max(some.count, others.count) {
                let one = place < some.count ? some[place] : nil
                let other = place < others.count ? others[place] : nil
                if one == other { continue }
                return
                    "expected \(other.map { "\($0)" } ?? "nothing"), found \(one.map { "\($0)" } ?? "nothing")"
            }
        }
        return nil
    }

    @Test func `generated experiments have the actions and the joins of a slow expansion`() throws {
        var generator = ExperimentGenerator(seed: 20_261_128)
        var (expanded, refused) = (0, 0)
        for _ in 0..<trials(2000) {
            let experiment = generator.experiment()
            let text = experiment.text
            guard let expected = experiment.expansion() else {
                #expect(mistakes(text).contains("agrees with it"), "\(text)")
                refused += 1
                continue
            }
            let found = try actions(text)
            let difference = difference(found, expected)
            #expect(difference == nil, "\(difference ?? "")\n\(text)")
            expanded += 1
        }
        // Both ends are reached, so neither half of the test is empty.
        #expect(expanded > 500 && refused > 20, "\(expanded) expanded, \(refused) refused")
    }

    @Test func `no two actions of a generated experiment have one name`() throws {
        var generator = ExperimentGenerator(seed: 1)
        for _ in 0..<trials(500) {
            let experiment = generator.experiment()
            guard experiment.expansion() != nil else { continue }
            let names = try load(experiment.text).actions.map { Array($0.name.utf8) }
            #expect(Set(names).count == names.count, "\(experiment.text)")
        }
    }
}
