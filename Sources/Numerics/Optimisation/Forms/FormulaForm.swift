/// A law in the user's own words: any formula over columns and parameters.
///
/// Slopes and curvature are exact. Parameters that the formula is linear in, together, are found, also those
/// that stand in an exponent as e^a does; for given others the best ones follow (variable projection), so
/// only the rest is searched: ``candidates`` draws, screened by the objective.
///
/// The form works in the units of the points. A parameter may have a value for each group of points.
package struct FormulaForm: LawForm {
    /// How many candidates a search screens.
    package static let candidates = 256

    /// What messages call it: the law as text, without its end where it is long.
    package let name: String
    /// The law as text.
    package let formula: String
    /// The columns, in the order of the formula's inputs.
    package let inputs: [String]
    /// The declared parameters: first those that the formula is linear in, then the others.
    package let declared: [FormulaParameter]
    /// The natural parameters: a value each, or one for each group.
    package let parameters: [LawParameter]
    /// How many coordinates are coefficients.
    package let linearCount: Int
    /// The coordinates, parameter by parameter.
    let places: [FormulaCoordinate]
    /// The first coordinate of each declared parameter.
    let offsets: [Int]
    /// The formula of ``declared``, with coefficients for parameters in exponents.
    let inner: Formula
    let tape: FormulaTape

    /// Makes a form.
    ///
    /// - Parameters:
    ///   - text: the law as a reader sees it.
    ///   - formula: the expression over inputs and parameters.
    ///   - inputs: the names of the inputs.
    ///   - parameters: the parameters, in the formula's own numbering.
    package init(
        _ text: String, _ formula: Formula, inputs: [String], parameters: [FormulaParameter]
    ) {
        self.formula = text
        name = text.count > 60 ? "\(text.prefix(57))…" : text
        self.inputs = inputs
        let split = FormulaSeparation(formula, parameters)
        var place = [Int](repeating: 0, count: parameters.count)
        for (new, old) in split.order.enumerated() { place[old] = new }
        let declared = split.order.map { parameters[$0] }
        self.declared = declared
        inner = split.formula.replacing { .parameter(place[$0]) }
        tape = FormulaTape(inner)
        var places: [FormulaCoordinate] = []
        var offsets: [Int] = []
        for (index, parameter) in declared.enumerated() {
            offsets.append(places.count)
            let kind = split.kinds[split.order[index]]
            places += parameter.names.map { FormulaCoordinate(parameter, name: $0, kind) }
        }
        self.places = places
        self.offsets = offsets
        linearCount = declared.prefix(split.linearCount).reduce(0) { $0 + $1.names.count }
        self.parameters = places.map { LawParameter($0.name, "") }
    }

    /// The coordinates and their bounds.
    package var coordinates: [LawCoordinate] {
        places.map {
            LawCoordinate(
                $0.name, $0.lower, $0.upper, isLowerBoundMeant: $0.isLowerMeant,
                isUpperBoundMeant: $0.isUpperMeant)
        }
    }

    /// A formula takes whatever its functions take.
    package var takesPositiveInputsOnly: Bool { false }

    /// The coordinate of a declared parameter at a point.
    @inline(__always)
    func coordinate(_ index: Int, _ points: ScaledPoints, _ row: Int) -> Int {
        guard let input = declared[index].groupInput else { return offsets[index] }
        let group = points.columns[input][row]
        let last = Double(declared[index].groups.count - 1)
        return offsets[index] + (group > 0 ? Int(Swift.min(group, last)) : 0)
    }

    /// Values, and exact slopes where asked.
    package func evaluate(
        _ theta: [Double], _ points: ScaledPoints, weights: [Double], slopes: Bool,
        into values: inout LawValues
    ) {
        let n = points.count
        let inner = FormulaInner(self, theta, points.scale)
        var room = FormulaRoom()
        swap(&room, &values.room)
        tape.evaluate(
            points.columns,
            parameter: { index, out in
                for i in 0..<n { out[i] = inner.values[coordinate(index, points, i)] }
            }, count: n, slopes: slopes, into: &room)
        values.f = room.values[tape.root]
        if slopes {
            let p = theta.count
            var rows: [Double] = []
            swap(&rows, &values.slopes)
            for i in rows.indices { rows[i] = 0 }
            for (row, index) in tape.steps[tape.root].depends.enumerated() {
                let slope = room.slopes[tape.root][row]
                for i in 0..<n {
                    let j = coordinate(index, points, i)
                    inner.add(slope[i], by: j, to: &rows, at: i * p)
                }
            }
            swap(&rows, &values.slopes)
        }
        swap(&room, &values.room)
    }

    /// Exact: one sweep back over the tape, then the coordinates' own bend.
    package func addCurvature(
        _ theta: [Double], _ points: ScaledPoints, weights: [Double], values: LawValues,
        into matrix: inout [Double]
    ) {
        let p = theta.count
        let inner = FormulaInner(self, theta, points.scale)
        var natural = [Double](repeating: 0, count: p * p)
        tape.curvature(weights: weights, values.room) { a, b, products in
            if declared[a].groupInput == nil && declared[b].groupInput == nil {
                let (j, k) = (offsets[a], offsets[b])
                let sum = products.reduce(0, +)
                natural[j * p + k] += sum
                if j != k { natural[k * p + j] += sum }
                return
            }
            for i in products.indices where products[i] != 0 {
                let (j, k) = (coordinate(a, points, i), coordinate(b, points, i))
                natural[j * p + k] += products[i]
                if j != k { natural[k * p + j] += products[i] }
            }
        }
        var gradient = [Double](repeating: 0, count: p)
        for (row, index) in tape.steps[tape.root].depends.enumerated() {
            let slope = values.room.slopes[tape.root][row]
            for i in weights.indices where weights[i] != 0 {
                gradient[coordinate(index, points, i)] += weights[i] * slope[i]
            }
        }
        inner.addCurvature(natural, gradient: gradient, into: &matrix)
    }

    /// Logarithms of coefficients and of positive values, all else as it is.
    package func moves(
        _ direction: [Double], at theta: [Double], _ scale: LawScale
    ) -> [LawMove] {
        let inner = FormulaInner(self, theta, scale)
        return places.indices.map { j in
            let (place, value) = (places[j], inner.values[j])
            let part = inner.move(j, direction)
            switch place.kind {
            case .coefficient(let kappa):
                return LawMove(name: place.name, part: part / (kappa * value))
            case .logarithm: return LawMove(name: "log \(place.name)", part: part / value)
            case .plain where j < linearCount && value > 0:
                return LawMove(name: "log \(place.name)", part: part / value)
            case .plain: return LawMove(name: place.name, part: part)
            }
        }
    }

    /// Its own, and for a coefficient those that it may be anchored to.
    package func coordinates(ofNatural place: Int) -> [Int] {
        place < linearCount ? [place] + (linearCount..<places.count) : [place]
    }

    /// The natural parameters.
    package func natural(_ theta: [Double], _ scale: LawScale) -> [Double] {
        zip(places, FormulaInner(self, theta, scale).values).map { place, value in
            if case .coefficient(let kappa) = place.kind { return Elementary.log(value) / kappa }
            return value
        }
    }

    /// The inverse of ``natural(_:_:)``.
    package func coordinates(of natural: [Double], _ scale: LawScale) -> [Double] {
        FormulaInner.coordinates(
            self,
            zip(places, natural).map { place, value in
                if case .coefficient(let kappa) = place.kind {
                    return Elementary.exp(kappa * value)
                }
                return value
            }, scale)
    }
}
