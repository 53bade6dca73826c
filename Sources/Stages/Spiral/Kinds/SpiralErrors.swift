import Canon
import Experiment
import Numerics
import Workbench

/// Errors of a classifier on the parts of the test points that the claims speak of.
struct SpiralErrors {
    /// The fraction wrong on: the mixture; the uniform disc; its part near the tip; its part where
    /// the density is below the 5 % quantile of the density at the mixture's points; its part
    /// within one pitch of the origin.
    static let regions = ["mixture", "uniform", "tip", "sparse", "centre"]

    /// How near to the tip a point counts as being there; our choice.
    static let tipReach = 0.35

    /// Scores a classifier.
    static func measure(
        _ classifier: any Classifier, test: NumpyArray, manifold: SpiralManifold,
        progress: (Int, Int) -> Void
    ) -> JSON {
        var points: [Double] = []
        var densities: [Double] = []
        for row in 0..<test.rows {
            points += [test.elements[5 * row], test.elements[5 * row + 1]]
            if test.elements[5 * row + 3] == 0 { densities.append(test.elements[5 * row + 4]) }
        }
        densities.sort()
        let sparse = densities.isEmpty ? 0 : densities[densities.count / 20]
        let classes = classifier.classify(points, progress: progress)
        var wrong = [Int](repeating: 0, count: regions.count)
        var total = wrong
        let tip = manifold.tip
        for row in 0..<test.rows {
            let (x, y) = (points[2 * row], points[2 * row + 1])
            let isWrong = classes[row] != (test.elements[5 * row + 2] > 0.5)
            let isUniform = test.elements[5 * row + 3] == 1
            let (dx, dy) = (x - tip.x, y - tip.y)
            let membership = [
                !isUniform, isUniform, isUniform && dx * dx + dy * dy < tipReach * tipReach,
                isUniform && test.elements[5 * row + 4] < sparse,
                isUniform && x * x + y * y < manifold.pitch * manifold.pitch,
            ]
            for (region, isMember) in membership.enumerated() where isMember {
                total[region] += 1
                if isWrong { wrong[region] += 1 }
            }
        }
        var members: [String: JSON] = [:]
        for (region, name) in regions.enumerated() where total[region] > 0 {
            members[name] = .number(Double(wrong[region]) / Double(total[region]))
        }
        return .object(members)
    }

    /// What the stages that score a classifier write.
    static let output = OutputPort(
        "errors", fileName: "errors.json",
        "The fraction wrong: mixture, uniform, tip, sparse, centre.")

    /// Scores a classifier on the inputs `test` and `manifold`, and writes the errors.
    static func write(of classifier: any Classifier, _ context: StageContext) throws {
        let errors = measure(
            classifier,
            test: try NumpyArray(
                context.input("test"), columns: "x", "y", "label", "set", "density"),
            manifold: try SpiralManifold(context.input("manifold")),
            progress: { context.progress($0, of: $1) })
        try context.write(output.name, errors.pretty())
    }
}
