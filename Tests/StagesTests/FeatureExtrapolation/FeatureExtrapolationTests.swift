import Canon
import FeatureExtrapolation
import Numerics
import Testing
import Workbench

/// Feature extrapolation against dense matrices, and what must hold exactly.
@Suite struct FeatureExtrapolationTests {
    @Test func `messages are products with the matrices of means`() throws {
        // Feature 3 is unknown; feature 4 has no edge; the last datum has nothing but feature 3.
        let members = [[0, 1], [1, 2, 3], [0, 3], [3]]
        let graph = FeatureGraph(features: 5, members: members)
        var stream = RandomStream(seed: 1, purpose: "embeddings")
        let values = (0..<10).map { _ in stream.normal() }
        var known = [true, true, true, false, true]
        let layers = graph.messages(
            values, width: 2, isKnown: known, depth: 3, arithmetic: try Arithmetic.portable())
        var now = values
        for layer in layers {
            var sums = [[Double]?](repeating: nil, count: 4)
            for (datum, list) in members.enumerated() {
                let kept = list.filter { known[$0] }
                guard !kept.isEmpty else { continue }
                sums[datum] = (0..<2).map { o in
                    kept.reduce(0.0) { $0 + now[$1 * 2 + o] } / Double(kept.count)
                }
            }
            var next = [Double](repeating: 0, count: 10)
            for feature in 0..<5 {
                let data = (0..<4).compactMap { members[$0].contains(feature) ? sums[$0] : nil }
                known[feature] = !data.isEmpty
                for o in 0..<2 where !data.isEmpty {
                    next[feature * 2 + o] = data.reduce(0.0) { $0 + $1[o] } / Double(data.count)
                }
            }
            for place in 0..<10 { #expect((layer[place] - next[place]).magnitude < 1e-14) }
            now = next
        }
        #expect(layers[0][8] == 0 && layers[0][6] != 0)
    }

    @Test func `embeddings are the truth where labels have no noise`() throws {
        let world = FeatureWorld(
            known: 20, new: 3, latent: 3, outputs: 2, sharpness: 1, seed: 4)
        var (stream, noise) = (
            RandomStream(seed: 4, purpose: "data"), RandomStream(seed: 4, purpose: "noise")
        )
        let members = world.data(400, draws: 4, stream: &stream).members
        let extrapolator = try FeatureExtrapolator(
            known: 20, members: members,
            labels: world.labels(members, draws: 4, noise: 0, stream: &noise), draws: 4,
            ridge: 1e-9, arithmetic: try Arithmetic.portable())
        for (mine, truth) in zip(extrapolator.embeddings, world.embeddings) {
            #expect((mine - truth).magnitude < 1e-7)
        }
    }

    @Test func `data prefer features like themselves, and sightings do`() {
        let world = FeatureWorld(
            known: 200, new: 1, latent: 1, outputs: 1, sharpness: 3, seed: 5)
        var stream = RandomStream(seed: 5, purpose: "data")
        let drawn = world.data(2000, draws: 5, stream: &stream)
        let (members, latents) = (drawn.members, drawn.latents)
        #expect(members.allSatisfy { $0.count <= 5 && $0 == Set($0).sorted() && !$0.isEmpty })
        // θ = v·U with one number each: the covariance of z and the mean θ of a datum has one sign.
        let inner = zip(members, latents).reduce(0.0) { sum, pair in
            let mean = pair.0.reduce(0.0) { $0 + world.embeddings[$1] } / Double(pair.0.count)
            return sum + mean * pair.1[0] / 2000
        }
        #expect(inner.magnitude > 0.1)
        let sightings = world.sightings(
            of: 200, among: drawn, count: 100, stream: &stream)
        #expect(Set(sightings).count == 100)
        let mean = sightings.reduce(0.0) { $0 + latents[$1][0] } / 100
        #expect(mean * inner * world.embeddings[200] > 0)
    }

    @Test func `weights give masked features their embeddings where messages hold them`() throws {
        // Two sorts of features that meet their own sort alone: a message is the embedding itself.
        let members = (0..<40).map { datum in
            datum % 2 == 0 ? [0, 2, 4, 6] : [1, 3, 5, 7]
        }
        let labels = members.map { list in list[0] == 0 ? [4.0, 0] : [0, -2.0] }
        let extrapolator = try FeatureExtrapolator(
            known: 8, members: members, labels: labels, draws: 1, ridge: 1e-6,
            arithmetic: try Arithmetic.portable())
        let weights = try extrapolator.weights(
            members, observations: 3, depth: 2, folds: 4, seed: 1)
        #expect(weights.map { $0.count } == [4, 8])
        let graph = FeatureGraph(features: 9, members: [[0, 2, 8], [4, 6, 8], [1, 3]])
        let messages = extrapolator.messages(graph, depth: 2)
        for matrix in weights {
            let guess = extrapolator.extrapolated(messages, weights: matrix)
            #expect((guess[0] - 1).magnitude < 0.01 && guess[1].magnitude < 0.01, "\(guess)")
        }
    }

    @Test func `more observations help, and training beats averaging`() throws {
        let made = try run(
            FeatureExtrapolateStage.self,
            [
                "known": 60, "new": 40, "data": 400, "later": 400, "observations": [1, 8, 64],
                "depth": 2, "folds": 4,
            ])
        let table = try Table(csv: made.bytes("errors"))
        func column(_ name: String) -> [Double] {
            (table[column: name] ?? []).map { $0.double ?? .nan }
        }
        let error = column("error")
        #expect(error.count == 6 && error[4] < error[2] && error[2] < error[0], "\(error)")
        #expect(zip(error, column("averaging")).dropFirst(2).allSatisfy { $0.0 < $0.1 })
        #expect(error[4] < 0.5 && column("constant").allSatisfy { $0 > 0.9 })
        #expect(((try made.json("facts"))["known_error"]?.double ?? .nan) < 0.2)
    }

    @Test func `what cannot be is refused with what was expected`() {
        #expect(
            failure {
                _ = try run(
                    FeatureExtrapolateStage.self, ["observations": [5, 200], "later": 100])
            }.contains("expected ascending numbers up to 100, found [5, 200]"))
        #expect(
            failure {
                _ = try run(
                    FeatureExtrapolateStage.self, ["observations": [5], "known": 10, "folds": 11])
            }.contains("expected at most 10 features, found 11"))
    }
}
