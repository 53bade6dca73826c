import Canon
import Glibc
import HiddenFactors
import Numerics

// A training on hidden factors, step by step, with the digest of its parameters:
//
//     factors soft|sampled FACTORS OUTPUTS STEPS       such as: factors soft 2x12 8x4 20
//
// soft: all inputs, p(·|x) itself; sampled: 2 N fresh draws. Width 64, hidden 128, one block.

/// The processor time of this process, which a busy neighbour hardly lengthens.
func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

func sizes(_ text: String) -> [Int] {
    let parts = text.split(separator: "x").compactMap { Int($0) }
    return parts.count == 2 ? Array(repeating: parts[0], count: parts[1]) : []
}

let words = CommandLine.arguments
guard words.count == 5, ["soft", "sampled"].contains(words[1]), let steps = Int(words[4]),
    !sizes(words[2]).isEmpty, !sizes(words[3]).isEmpty, steps > 0
else {
    print("usage: factors soft|sampled FACTORS OUTPUTS STEPS, such as: factors soft 2x12 8x4 20")
    exit(2)
}
let (inputs, outputs) = (sizes(words[2]), sizes(words[3]))
let task = FactorTask(
    input: FactorSpace(inputs, .firstFastest), output: FactorSpace(outputs, .lastFastest),
    graph: FactorGraph(inputs: inputs.count, outputs: outputs.count, parentCount: 2, seed: 1),
    concentrations: outputs.map { _ in 0.1 }, seed: 1)
let plan = FactorPlan(
    mode: words[1] == "soft" ? .compression : .singlePass,
    shape: .code(classes: task.output.count), steps: steps, batch: 2 * task.input.count)
let training = FactorTraining(task, plan, seed: 1, arithmetic: try Arithmetic.portable())
var times: [Double] = []
while !training.isDone {
    let records = training.curve.count
    let start = now()
    training.advance()
    // A step that was followed by an evaluation is another thing.
    if training.curve.count == records { times.append(now() - start) }
}
times.sort()
var bytes: [UInt8] = []
for value in training.parameters {
    for shift in stride(from: 0, to: 32, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift)))
    }
}
func shown(_ seconds: Double) -> Double { (seconds * 1e7).rounded() / 1e4 }
let last = training.curve[training.curve.count - 1]
print(
    "\(words[1]): \(shown(times[0])) ms a step at best, \(shown(times[times.count / 2])) median;",
    "train \(last.train), test \(last.test);",
    "digest \(Digest(of: bytes.span).hex.prefix(16))")
