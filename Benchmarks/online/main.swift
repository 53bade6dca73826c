import Numerics
import Spectra

// online sgd SEED STEPS | online draws COUNT | online ode LEVELS ALPHA METHOD TOLERANCE | online path K M L BETA
// ETA VARIANCE RHO ALPHA… | online exit L ETA ALPHA COUNT LEVEL… R… Q… T…: what Benchmarks/online.py times against numpy, scipy and PyTorch. Prints seconds and
// a digest of every bit of the result.
func seconds(_ work: () throws -> Void) rethrows -> Double {
    let elapsed = try ContinuousClock().measure(work)
    return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
}

/// FNV-1a over the bits.
func digest(_ values: [Double]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for value in values {
        for shift in stride(from: 0, to: 64, by: 8) {
            hash = (hash ^ (value.bitPattern >> UInt64(shift)) & 0xff) &* 0x0000_0100_0000_01b3
        }
    }
    return String(hash, radix: 16)
}

let arguments = CommandLine.arguments.dropFirst()
let numbers = arguments.dropFirst().map { Double($0) ?? .nan }
switch arguments.first ?? "" {
case "sgd":
    let run = try OnlineRun<Float>(
        OnlineSetting(
            spectrum: Spectrum(levels: 256, beta: 1), inputs: 1024, students: 2, teachers: 2,
            activation: .erf, rate: 0.1, deviation: 0.01), seed: UInt64(numbers[0]),
        arithmetic: Arithmetic.portable())
    let steps = Int(numbers[1])
    let time = seconds { run.advance(steps) }
    print(time / Double(steps), digest([run.overlaps().error(.erf)]), run.overlaps().error(.erf))
case "draws":
    let count = Int(numbers[0])
    let stream = RandomStream(seed: 1, purpose: "inputs")
    let room = Buffer<Float>(count: 1024)
    var sum = 0.0
    let time = seconds {
        for step in 0..<count {
            stream.groupedNormals(first: UInt64(16 * step), groups: 16, into: room)
            sum += Double(room[step % 1024])
        }
    }
    print(time / Double(count), digest([sum]))
case "ode":
    let flow = CommitteeFlow(
        spectrum: Spectrum(levels: Int(numbers[0]), beta: 1), students: 2, teachers: 2, rate: 0.1)
    let y = flow.plainStart(variance: 1e-4, asymmetry: 1e-3)
    let method = arguments.count > 3 ? FlowMethod(rawValue: Array(arguments)[3]) : nil
    let tolerance =
        numbers.count > 3
        ? FlowTolerance(relative: numbers[3], absolute: numbers[3] * 1e-4) : .init()
    var integrator = (method ?? .automatic).integrator(
        flow, rate: 0.1, until: numbers[1], tolerance: tolerance)
    var errors: [Double] = []
    let time = try seconds {
        var time = 0.0
        for alpha in OnlineSetting.grid(from: 0.1, to: numbers[1], perDecade: 1) {
            try integrator.advance(y, from: time, to: alpha) { _ in }
            time = alpha
            errors.append(flow.error(y))
        }
    }
    print(time, digest(errors), integrator.work)
    print(errors)
case "path":
    let (k, m, levels) = (Int(numbers[0]), Int(numbers[1]), Int(numbers[2]))
    let flow = CommitteeFlow(
        spectrum: Spectrum(levels: levels, beta: numbers[3]), students: k, teachers: m,
        rate: numbers[4])
    for method in [FlowMethod.explicit, .stiff] {
        let y = flow.plainStart(variance: numbers[5], asymmetry: numbers[6])
        var integrator = method.integrator(flow, rate: numbers[4], until: 1)
        var time = 0.0
        var errors = [flow.error(y)]
        let spent = try seconds {
            for alpha in numbers.dropFirst(7) {
                try integrator.advance(y, from: time, to: alpha) { _ in }
                time = alpha
                errors.append(flow.error(y))
            }
        }
        print(method, spent, integrator.work, errors)
    }
case "exit":
    // When ε first falls below each of COUNT levels, and R11 − R12 (the mean of both units) exceeds ½: K = M = 2, β = 1,
    // from overlaps r, q, t of L eigenspaces.
    let (levels, count) = (Int(numbers[0]), Int(numbers[3]))
    let start = Array(numbers.dropFirst(4 + count))
    let part = 4 * levels
    let flow = CommitteeFlow(
        spectrum: Spectrum(levels: levels, beta: 1), students: 2, teachers: 2,
        teacher: Array(start[(2 * part)...]), rate: numbers[1])
    let y = flow.start(r: Array(start[..<part]), q: Array(start[part..<(2 * part)]))
    var integrator = FlowMethod.automatic.integrator(
        flow, rate: numbers[1], until: numbers[2],
        tolerance: FlowTolerance(relative: 1e-10, absolute: 1e-14))
    func values() -> [Double] {
        let z = flow.sums(y)
        let gap = 0.5 * ((z[0] - z[1]).magnitude + (z[3] - z[2]).magnitude)
        return [Double](repeating: flow.error(y), count: count) + [-gap]
    }
    let marks = Array(numbers[4..<(4 + count)]) + [-0.5]
    var last = (alpha: 0.0, values: values())
    var times = [Double](repeating: .nan, count: count + 1)
    for alpha in OnlineSetting.grid(from: 1, to: numbers[2], perDecade: 200) {
        try integrator.advance(y, from: last.alpha, to: alpha) { _ in }
        let now = values()
        for place in 0...count where times[place].isNaN && now[place] < marks[place] {
            let t = (last.values[place] - marks[place]) / (last.values[place] - now[place])
            times[place] = last.alpha + t * (alpha - last.alpha)
        }
        last = (alpha, now)
    }
    for time in times { print(time) }
default:
    print("usage: online sgd|draws|ode|path|exit …")
}
