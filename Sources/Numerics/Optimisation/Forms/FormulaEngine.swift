import CKernels

/// A compiled formula at points: what an objective sums, and rows of values.
///
/// The points of a block stand together, filled up to a multiple of eight with copies that weigh nothing.
struct FormulaEngine: Sendable {
    let program: FormulaProgram
    /// The blocks that have points, with the coordinates that theirs touch.
    let blocks: [Block]
    /// The point in each place; `nil` for a copy.
    let rows: [Int?]
    /// The columns, T(y) and the weights, in rows.
    private let data: [Double]
    private var room: [Double]
    private let kernels: Kernels

    /// Points that touch the same coordinates, in places from `start` on.
    struct Block: Sendable {
        let coordinates: [Int]
        let start: Int
        let count: Int
    }

    /// What the points of a formula are fitted to.
    struct Aim {
        let targets: [Double]
        let weights: [Double]
    }

    /// Lays points out; those of weight 0 are left out.
    ///
    /// - Parameters:
    ///   - program: the formula.
    ///   - tape: what the columns of the program are steps of.
    ///   - points: the points.
    ///   - blocks: which coordinates they touch.
    ///   - aim: T(y) and weights; `nil` where values alone are wanted.
    ///   - kernels: the instruction set.
    init(
        _ program: FormulaProgram, _ tape: FormulaTape, _ points: ScaledPoints,
        _ blocks: LawBlocks, _ aim: Aim?, kernels: Kernels = .forNumbers
    ) {
        self.program = program
        self.kernels = kernels
        var laid: [Block] = []
        var rows: [Int?] = []
        var sources: [Int] = []
        for block in blocks.blocks {
            let start = sources.count
            let own = aim.map { aim in block.rows.filter { aim.weights[$0] != 0 } } ?? block.rows
            guard let last = own.last else { continue }
            rows += own.map { $0 }
            sources += own
            while sources.count % 8 != 0 {
                rows.append(nil)
                sources.append(last)
            }
            laid.append(
                Block(
                    coordinates: block.coordinates, start: start, count: sources.count - start))
        }
        self.blocks = laid
        self.rows = rows
        var data: [Double] = []
        data.reserveCapacity((program.columns.count + 2) * sources.count)
        for column in tape.known(program.columns, points.columns, count: points.count) {
            for row in sources { data.append(column[row]) }
        }
        if let aim {
            for row in sources { data.append(aim.targets[row]) }
            for row in rows { data.append(row.map { aim.weights[$0] } ?? 0) }
        }
        self.data = data
        let width = program.slopes.count
        room = [Double](
            repeating: 0, count: program.size + 9 * (1 + 2 * width + width * (width + 1)))
        for (place, number) in program.constants { fill(place, number) }
    }

    private mutating func fill(_ place: Int, _ number: Double) {
        for lane in place..<(place + 8) { room[lane] = number }
    }

    /// Puts in the coordinates of a block.
    private mutating func fill(_ block: Block, _ theta: [Double]) {
        for (place, coordinate) in zip(program.parameters, block.coordinates) {
            if let place { fill(place, theta[coordinate]) }
        }
    }

    private func job(
        _ block: Block, order: Int32, _ cost: SmoothCost, _ space: LawObjective.Space, unit: Double
    ) -> bitlaw_formula {
        let width = program.slopes.count
        let spaces =
            switch space {
            case .log: BITLAW_SPACE_LOG
            case .linear: BITLAW_SPACE_LINEAR
            case .log1p: BITLAW_SPACE_LOG1P
            }
        return bitlaw_formula(
            uniform: program.steps.uniform, values: program.steps.values,
            derivatives: program.steps.derivatives, columns: program.columns.count, width: width,
            points: block.count, start: block.start, stride: rows.count, sums: program.size,
            count: 1 + 2 * width + width * (width + 1), unit: unit, delta: cost.delta,
            value: program.value, space: Int32(spaces), order: order)
    }

    /// Σ w ρ(T(f) − T(y)) over all points.
    mutating func value(
        _ theta: [Double], _ cost: SmoothCost, _ space: LawObjective.Space, unit: Double
    ) -> Double {
        var sum = 0.0
        for block in blocks {
            run(block, theta, job(block, order: 0, cost, space, unit: unit))
            sum += room[program.size]
        }
        return sum
    }

    /// The same with gradient and model, and curvature where second derivatives are compiled.
    mutating func derivatives(
        _ theta: [Double], _ cost: SmoothCost, _ space: LawObjective.Space, unit: Double
    ) -> LawProblem.Derivatives {
        var sums = LawProblem.Derivatives(count: theta.count)
        let order: Int32 = program.bends.isEmpty ? 1 : 2
        for block in blocks {
            run(block, theta, job(block, order: order, cost, space, unit: unit))
            sums.value += room[program.size]
            sums.add(
                room, from: program.size + 1, by: block.coordinates.prefix(program.slopes.count))
        }
        return sums
    }

    private mutating func run(_ block: Block, _ theta: [Double], _ job: bitlaw_formula) {
        let table = unsafe kernels.table
        unsafe call(block, theta, job) { job, code, data, room in
            unsafe table.pointee.formula_sums(job, code, data, room)
        }
    }

    /// The numbers at some places of the program, a row for each, over the places of ``rows``.
    mutating func values(_ theta: [Double], at places: [Int32], derived: Bool) -> [Double] {
        var out = [Double](repeating: 0, count: places.count * rows.count)
        let table = unsafe kernels.table
        for block in blocks {
            let job = job(
                block, order: derived ? 2 : 0, SmoothCost(delta: .infinity), .linear, unit: 1)
            unsafe out.withUnsafeMutableBufferPointer { out in
                guard let out = out.baseAddress else { return }
                unsafe places.withUnsafeBufferPointer { places in
                    guard let first = places.baseAddress else { return }
                    unsafe call(block, theta, job) { job, code, data, room in
                        unsafe table.pointee.formula_rows(
                            job, code, data, room, places.count, first, out)
                    }
                }
            }
        }
        return out
    }

    /// What a kernel takes.
    private typealias Call = (
        UnsafePointer<bitlaw_formula>, UnsafePointer<Int32>, UnsafePointer<Double>,
        UnsafeMutablePointer<Double>
    ) -> Void

    /// Puts in the coordinates of a block, and calls a kernel.
    private mutating func call(
        _ block: Block, _ theta: [Double], _ job: bitlaw_formula, _ kernel: Call
    ) {
        fill(block, theta)
        unsafe withUnsafePointer(to: job) { job in
            unsafe program.code.withUnsafeBufferPointer { code in
                unsafe data.withUnsafeBufferPointer { data in
                    unsafe room.withUnsafeMutableBufferPointer { room in
                        guard let code = code.baseAddress, let room = room.baseAddress else {
                            return
                        }
                        // Where there are no columns there are no data, and none are read.
                        unsafe kernel(job, code, data.baseAddress ?? UnsafePointer(room), room)
                    }
                }
            }
        }
    }
}
