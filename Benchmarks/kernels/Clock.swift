import Glibc

/// Seconds of a clock that nobody sets.
func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

/// The processor time of this process, which a busy neighbour does not lengthen.
func processorTime() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

/// Some competitors timed in turn (A B A B …): the smallest and the median seconds of processor time of each.
///
/// Every turn repeats the work so that it takes about `turn` seconds.
func race(
    _ works: [() -> Void], rounds: Int = 9, turn: Double = 0.02
) -> [(best: Double, median: Double)] {
    var counts: [Int] = []
    for work in works {
        work()
        let start = processorTime()
        work()
        counts.append(max(1, Int(turn / max(1e-9, processorTime() - start))))
    }
    var times = works.map { _ in [Double]() }
    for _ in 0..<rounds {
        for (place, work) in works.enumerated() {
            let start = processorTime()
            for _ in 0..<counts[place] { work() }
            times[place].append((processorTime() - start) / Double(counts[place]))
        }
    }
    return times.map { list in
        let sorted = list.sorted()
        return (sorted[0], sorted[sorted.count / 2])
    }
}

/// A number with some places, right-aligned.
func shown(_ value: Double, _ places: Int, _ width: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let whole = Int((value * scale).rounded())
    var text = String(whole / Int(scale))
    if places > 0 {
        let rest = String(whole % Int(scale))
        text += "." + String(repeating: "0", count: places - rest.utf8.count) + rest
    }
    return String(repeating: " ", count: max(0, width - text.utf8.count)) + text
}
