import Glibc
import Numerics

// laws FILE SAMPLES [WHAT] [FILE]: fits laws to CSV files, with certificate, so often; of Chinchilla's law
// and of the ladder so many bootstrap samples. Prints seconds and the digest of every bit of the result.
func rows(_ path: String) -> [[Double]] {
    guard let file = unsafe fopen(path, "r") else { fatalError("\(path): cannot read") }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    while true {
        let byte = unsafe getc(file)
        if byte < 0 { break }
        bytes.append(UInt8(truncatingIfNeeded: byte))
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().map { line in
        line.split(separator: ",").compactMap { Double($0) }
    }
}

/// Processor seconds, which other programs on the machine do not lengthen; POSIX counts a million a second.
func seconds(_ work: () throws -> Void) rethrows -> Double {
    let start = clock()
    try work()
    return Double(clock() - start) / 1e6
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

func report(_ name: String, _ times: [Double], _ values: [Double]) {
    let sorted = times.sorted()
    print("\(name) \(sorted[0]) \(sorted[sorted.count / 2]) \(digest(values))")
}

/// Fits a form so often, and reports it.
func report(
    _ name: String, _ form: any LawForm, _ objective: LawObjective, x: [[Double]], y: [Double],
    times count: Int
) throws {
    let fitter = LawFitter(form, objective)
    var values: [Double] = []
    var times: [Double] = []
    for _ in 0..<count {
        times.append(try seconds { values = try fitter.fit(x: x, y: y).natural })
    }
    report(name, times, values)
}

let arguments = CommandLine.arguments
guard arguments.count >= 3, let samples = Int(arguments[2]) else {
    print("usage: laws FILE SAMPLES [broken|m4|formula|joint|ladder] [FILE]")
    exit(2)
}
let points = rows(arguments[1])
func column(_ place: Int) -> [Double] { points.map { $0[place] } }
switch arguments.count > 3 ? arguments[3] : "chinchilla" {
case "broken":
    try report(
        "broken", BrokenPower(breaks: 1), LawObjective(.squares, in: .log1p), x: [column(0)],
        y: column(1), times: samples)
case "m4":
    try report(
        "m4", BoundedPower(chance: 1), LawObjective(.squares, in: .log), x: [column(0)],
        y: column(1),
        times: samples)
case "formula":
    // The same law and points as the default, as a formula of the user's own.
    try report(
        "formula", OwnLaws.chinchilla, LawObjective(.huber(1e-3), in: .log),
        x: [column(0), column(1)],
        y: column(2), times: samples)
case "joint":
    // Columns: N, D, loss, place of the evaluation set.
    try report(
        "joint", OwnLaws.joint(groups: 8), LawObjective(.squares, in: .log),
        x: [column(0), column(1), column(3)], y: column(2), times: samples)
case "ladder":
    let ladder = Ladder(runs: points, checkpoints: rows(arguments[4]))
    var values: [[Double]] = []
    let time = try seconds { values = try ladder.samples(samples) }
    report("ladder", [time], values.flatMap { $0 })
    print("refitted \(values.count - 1) \(samples) -")
    for value in values[0] { print("value \(value) \(value) -") }
default:
    let (x, y) = ([column(0), column(1)], column(2))
    let fitter = LawFitter(PowerSum.chinchilla, LawObjective(.huber(1e-3), in: .log))
    var law = try fitter.fit(x: x, y: y)
    var times: [Double] = []
    for _ in 0..<9 { times.append(try seconds { law = try fitter.fit(x: x, y: y) }) }
    report("fit", times, law.natural)
    var bootstrap: LawBootstrap?
    let time = seconds {
        bootstrap = LawBootstrap(
            fitter, law, ScaledPoints(x: x, y: y, scale: law.scale),
            groups: y.indices.map { [$0] }, seed: 1, count: samples)
    }
    report("bootstrap", [time], (bootstrap?.samples ?? []).flatMap { $0 })
}
