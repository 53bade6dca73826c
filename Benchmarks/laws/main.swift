import Glibc
import Numerics

// laws FILE SAMPLES: fits Chinchilla's law to a CSV file of N, D and loss, with certificate, and
// resamples it. Prints seconds and the digest of every bit of the result.
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

func seconds(_ work: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let elapsed = try clock.measure(work)
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

func report(_ name: String, _ times: [Double], _ values: [Double]) {
    let sorted = times.sorted()
    print("\(name) \(sorted[0]) \(sorted[sorted.count / 2]) \(digest(values))")
}

let arguments = CommandLine.arguments
guard arguments.count >= 3, let samples = Int(arguments[2]) else {
    print("usage: laws FILE SAMPLES")
    exit(2)
}
switch arguments.count > 3 ? arguments[3] : "chinchilla" {
case "broken":
    let points = rows(arguments[1])
    let (x, y) = (points.map { $0[0] }, points.map { $0[1] })
    let fitter = LawFitter(BrokenPower(breaks: 1), LawObjective(.squares, in: .log1p))
    var values: [Double] = []
    var times: [Double] = []
    for _ in 0..<samples {
        times.append(try seconds { values = try fitter.fit(x: [x], y: y).natural })
    }
    report("broken", times, values)
case "m4":
    let points = rows(arguments[1])
    let (x, y) = (points.map { $0[0] }, points.map { $0[1] })
    let fitter = LawFitter(BoundedPower(chance: 1), LawObjective(.squares, in: .log))
    var values: [Double] = []
    var times: [Double] = []
    for _ in 0..<samples {
        times.append(try seconds { values = try fitter.fit(x: [x], y: y).natural })
    }
    report("m4", times, values)
case "formula":
    // The same law and points as the default, as a formula of the user's own.
    let points = rows(arguments[1])
    let x = [points.map { $0[0] }, points.map { $0[1] }]
    let y = points.map { $0[2] }
    let fitter = LawFitter(OwnLaws.chinchilla, LawObjective(.huber(1e-3), in: .log))
    var values: [Double] = []
    var times: [Double] = []
    for _ in 0..<samples {
        times.append(try seconds { values = try fitter.fit(x: x, y: y).natural })
    }
    report("formula", times, values)
case "joint":
    // Columns: N, D, loss, place of the evaluation set.
    let points = rows(arguments[1])
    let x = [0, 1, 3].map { column in points.map { $0[column] } }
    let y = points.map { $0[2] }
    let fitter = LawFitter(OwnLaws.joint(groups: 8), LawObjective(.squares, in: .log))
    var values: [Double] = []
    var times: [Double] = []
    for _ in 0..<samples {
        times.append(try seconds { values = try fitter.fit(x: x, y: y).natural })
    }
    report("joint", times, values)
default:
    let points = rows(arguments[1])
    let x = [points.map { $0[0] }, points.map { $0[1] }]
    let y = points.map { $0[2] }
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
