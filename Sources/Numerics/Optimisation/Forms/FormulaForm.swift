/// A law in the user's own words: any formula over columns and parameters.
///
/// Slopes and curvature are exact (``FormulaProgram``). Parameters that the formula is linear in, together,
/// are found, also those that stand in an exponent as e^a does; for given others the best ones follow
/// (variable projection), so only the rest is searched: ``candidates`` draws, screened by the objective.
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
    /// How many declared parameters are.
    let linearParameters: Int
    /// The coordinates, parameter by parameter.
    let places: [FormulaCoordinate]
    /// The first coordinate of each declared parameter.
    let offsets: [Int]
    /// The formula of ``declared``, with coefficients for parameters in exponents.
    let inner: Formula
    let tape: FormulaTape
    /// The tape compiled, for the units that were asked for last.
    let programs = FormulaPrograms()
    /// The form without bounds within exponents; none where there are no such.
    private var unbound: [FormulaForm]

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
        linearParameters = split.linearCount
        linearCount = declared.prefix(split.linearCount).reduce(0) { $0 + $1.names.count }
        self.parameters = places.map { LawParameter($0.name, "") }
        unbound = []
        unbound = places.contains { $0.isExponent } ? [FormulaForm(relaxing: self)] : []
    }

    private init(relaxing bound: FormulaForm) {
        name = bound.name
        formula = bound.formula
        inputs = bound.inputs
        declared = bound.declared
        parameters = bound.parameters
        linearCount = bound.linearCount
        linearParameters = bound.linearParameters
        places = bound.places.map { FormulaCoordinate(relaxing: $0) }
        offsets = bound.offsets
        inner = bound.inner
        tape = bound.tape
        unbound = []
    }

    /// The form whose coefficients within exponents have no bounds: its valleys are straighter.
    package var relaxed: (any LawForm)? { unbound.first }

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

    /// How many values a declared parameter has.
    func width(_ index: Int) -> Int {
        (index + 1 < offsets.count ? offsets[index + 1] : places.count) - offsets[index]
    }

    /// The coordinate of a declared parameter for a group.
    func coordinate(_ index: Int, _ group: Int) -> Int {
        declared[index].groupInput == nil ? offsets[index] : offsets[index] + group
    }

    /// The number of coordinates.
    package var count: Int { places.count }

    /// A block for each combination of groups; its coordinates are in the order of ``declared``.
    package func blocks(_ points: ScaledPoints) -> LawBlocks {
        let inputs = Set(declared.compactMap { $0.groupInput }).sorted()
        if inputs.isEmpty { return LawBlocks(points: points.count, coordinates: count) }
        var labels = [Int](repeating: 0, count: points.count)
        for input in inputs {
            var known: [GroupLabel: Int] = [:]
            for row in labels.indices {
                let label = GroupLabel(before: labels[row], value: points.columns[input][row])
                labels[row] = known[label] ?? known.count
                known[label] = labels[row]
            }
        }
        var coordinates: [[Int]] = []
        for (row, label) in labels.enumerated() where label == coordinates.count {
            coordinates.append(declared.indices.map { coordinate($0, points, row) })
        }
        return LawBlocks(labels: labels, coordinates: coordinates, of: count)
    }

    /// A group within those of the inputs before.
    private struct GroupLabel: Hashable {
        let before: Int
        let value: Double
    }

    /// The coordinate of a declared parameter at a point.
    private func coordinate(_ index: Int, _ points: ScaledPoints, _ row: Int) -> Int {
        guard let input = declared[index].groupInput else { return offsets[index] }
        let group = points.columns[input][row]
        let last = Double(declared[index].groups.count - 1)
        return offsets[index] + (group > 0 ? Int(Swift.min(group, last)) : 0)
    }

    /// Logarithms of coefficients and of positive values, all else as it is.
    package func moves(
        _ direction: [Double], at theta: [Double], _ scale: LawScale
    ) -> [LawMove] {
        let inner = FormulaInner(self, theta, scale)
        let parts = inner.moves(direction, self)
        return places.indices.map { j in
            let (place, value, part) = (places[j], inner.values[j], parts[j])
            switch place.kind {
            case .coefficient(let kappa), .exponent(let kappa):
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
        if case .exponent = places[place].kind { return [place] }
        return place < linearCount ? [place] + (linearCount..<places.count) : [place]
    }

    /// The natural parameters.
    package func natural(_ theta: [Double], _ scale: LawScale) -> [Double] {
        zip(zip(places, theta), FormulaInner(self, theta, scale).values).map { own, value in
            switch own.0.kind {
            case .coefficient(let kappa): Elementary.log(value) / kappa
            case .exponent: own.1
            case .plain, .logarithm: value
            }
        }
    }

    /// The inverse of ``natural(_:_:)``.
    package func coordinates(of natural: [Double], _ scale: LawScale) -> [Double] {
        FormulaInner.coordinates(
            self,
            zip(places, natural).map { place, value in
                switch place.kind {
                case .coefficient(let kappa), .exponent(let kappa):
                    return Elementary.exp(kappa * value)
                case .plain, .logarithm: return value
                }
            }, scale)
    }
}
