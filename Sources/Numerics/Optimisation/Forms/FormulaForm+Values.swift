extension FormulaForm {
    /// The formula compiled over coordinates, in units.
    func program(_ scale: LawScale) -> FormulaProgram {
        programs.program(scale.anchors) {
            let inner = FormulaInner(self, scale)
            return FormulaProgram(
                tape, width: declared.count, count: declared.count, bends: true
            ) { inner.node(of: $0, self, &$1) }
        }
    }

    /// Values, and slopes by coefficients, which stand for themselves also within exponents.
    func projection(_ scale: LawScale) -> FormulaProgram {
        let inner = FormulaInner(self, scale)
        return FormulaProgram(
            tape, width: linearParameters, count: declared.count, bends: false
        ) { index, graph in
            if case .exponent = places[offsets[index]].kind, index < linearParameters {
                return graph.add(.parameter(index))
            }
            return inner.node(of: index, self, &graph)
        }
    }

    /// Compiled sums.
    package func sums(_ of: ObjectivePoints) -> any ObjectiveSums { sums(of, .forNumbers) }

    /// The same by the kernels of one instruction set.
    package func sums(_ of: ObjectivePoints, _ kernels: Kernels) -> any ObjectiveSums {
        FormulaSums(
            engine: FormulaEngine(
                program(of.points.scale), tape, of.points, blocks(of.points),
                FormulaEngine.Aim(targets: of.targets, weights: of.weights), kernels: kernels),
            space: of.objective.space, unit: of.unit)
    }

    /// Values, and exact slopes where asked.
    package func evaluate(
        _ theta: [Double], _ points: ScaledPoints, weights: [Double], slopes: Bool,
        into values: inout LawValues
    ) {
        var engine =
            values.kept as? FormulaEngine
            ?? FormulaEngine(program(points.scale), tape, points, values.blocks, nil)
        let program = engine.program
        let width = slopes ? declared.count : 0
        let numbers = engine.values(
            theta, at: [program.value] + program.slopes.prefix(width), derived: slopes)
        let count = engine.rows.count
        for (place, row) in engine.rows.enumerated() {
            guard let row else { continue }
            values.f[row] = numbers[place]
            for j in 0..<width {
                values.slopes[row * width + j] = numbers[(j + 1) * count + place]
            }
        }
        values.kept = engine
    }

    /// Exact.
    package func addCurvature(
        _ theta: [Double], _ points: ScaledPoints, weights: [Double], values: LawValues,
        into matrix: inout [Double]
    ) {
        var engine = FormulaEngine(
            program(points.scale), tape, points, values.blocks,
            FormulaEngine.Aim(targets: weights, weights: weights))
        let (p, count, bends) = (theta.count, engine.rows.count, engine.program.bends)
        let used = bends.filter { $0 >= 0 }
        let numbers = engine.values(theta, at: used, derived: true)
        for block in engine.blocks {
            var (pair, row) = (0, 0)
            for (a, j) in block.coordinates.enumerated() {
                for k in block.coordinates[...a] {
                    defer { pair += 1 }
                    if bends[pair] < 0 { continue }
                    var sum = 0.0
                    for place in block.start..<(block.start + block.count) {
                        guard let point = engine.rows[place] else { continue }
                        sum += weights[point] * numbers[row * count + place]
                    }
                    row += 1
                    matrix[j * p + k] += sum
                    if j != k { matrix[k * p + j] += sum }
                }
            }
        }
    }
}

/// The sums of a compiled formula.
struct FormulaSums: ObjectiveSums {
    var engine: FormulaEngine
    let space: LawObjective.Space
    let unit: Double

    mutating func value(_ theta: [Double], _ cost: SmoothCost) -> Double {
        engine.value(theta, cost, space, unit: unit)
    }

    mutating func derivatives(_ theta: [Double], _ cost: SmoothCost) -> LawProblem.Derivatives {
        engine.derivatives(theta, cost, space, unit: unit)
    }
}
