/// What turns one list of lines into another: a shortest edit script.
///
/// Source: Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1 (1986), the greedy
/// algorithm.
struct EditScript {
    /// Lines that are replaced: one of the two ranges may be empty.
    struct Change: Equatable {
        var old: Range<Int>
        var new: Range<Int>
    }

    /// The changes, in the order of the lines.
    private(set) var changes: [Change] = []
    private let old, new: [Int]

    /// Finds the script; where it is longer than ``LineDifference/mostEdits``, one change for all.
    init(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) {
        var numbers: [ArraySlice<UInt8>: Int] = [:]
        func number(_ line: ArraySlice<UInt8>) -> Int {
            if let known = numbers[line] { return known }
            numbers[line] = numbers.count
            return numbers.count - 1
        }
        self.old = old.map(number)
        self.new = new.map(number)
        let (first, second) = (self.old, self.new)
        let start = zip(first, second).prefix { $0 == $1 }.count
        let most = min(first.count, second.count) - start
        let end = zip(first.reversed(), second.reversed()).prefix(most).prefix { $0 == $1 }.count
        let (left, right) = (start..<(first.count - end), start..<(second.count - end))
        if left.isEmpty && right.isEmpty { return }
        guard let trace = reaches(left, right) else {
            changes = [Change(old: left, new: right)]
            return
        }
        walk(trace, left, right)
        slide()
    }

    /// For each number of edits, how far each diagonal comes; `nil` where too many are needed.
    private func reaches(_ left: Range<Int>, _ right: Range<Int>) -> [[Int]]? {
        let (n, m) = (left.count, right.count)
        var trace: [[Int]] = []
        // Diagonals −d … d stand at places 0 … 2d.
        for d in 0...min(n + m, LineDifference.mostEdits) {
            var reach = [Int](repeating: 0, count: 2 * d + 1)
            for k in stride(from: -d, through: d, by: 2) {
                var x = d == 0 ? 0 : EditScript.start(trace[d - 1], d, k).x
                while x < n, x - k < m, old[left.lowerBound + x] == new[right.lowerBound + x - k] {
                    x += 1
                }
                reach[k + d] = x
                if x >= n && x - k >= m {
                    trace.append(reach)
                    return trace
                }
            }
            trace.append(reach)
        }
        return nil
    }

    /// Where the d-th edit onto diagonal k leads, and the diagonal that it comes from.
    private static func start(_ reach: [Int], _ d: Int, _ k: Int) -> (x: Int, from: Int) {
        func at(_ diagonal: Int) -> Int {
            let place = diagonal + d - 1
            return reach.indices.contains(place) ? reach[place] : -1
        }
        let isDown = k == -d || (k != d && at(k - 1) < at(k + 1))
        return isDown ? (at(k + 1), k + 1) : (at(k - 1) + 1, k - 1)
    }

    /// Collects the changes from the end to the beginning.
    private mutating func walk(_ trace: [[Int]], _ left: Range<Int>, _ right: Range<Int>) {
        var found: [Change] = []
        var k = left.count - right.count
        for d in stride(from: trace.count - 1, to: 0, by: -1) {
            let (x, from) = EditScript.start(trace[d - 1], d, k)
            let (i, j) = (left.lowerBound + x, right.lowerBound + x - k)
            // Down adds the line before j, to the right removes the line before i.
            let edit =
                from > k
                ? Change(old: i..<i, new: (j - 1)..<j) : Change(old: (i - 1)..<i, new: j..<j)
            if let last = found.last, last.old.lowerBound == edit.old.upperBound,
                last.new.lowerBound == edit.new.upperBound
            {
                found[found.count - 1] = Change(
                    old: edit.old.lowerBound..<last.old.upperBound,
                    new: edit.new.lowerBound..<last.new.upperBound)
            } else {
                found.append(edit)
            }
            k = from
        }
        changes = found.reversed()
    }

    /// Moves what was only added or only removed as far down as the lines allow, as people read it.
    private mutating func slide() {
        for place in changes.indices.reversed() {
            let next = place + 1 < changes.count ? changes[place + 1].old.lowerBound : old.count
            while changes[place].old.upperBound < next {
                let change = changes[place]
                let (lines, range) = change.old.isEmpty ? (new, change.new) : (old, change.old)
                guard change.old.isEmpty != change.new.isEmpty, range.upperBound < lines.count,
                    lines[range.lowerBound] == lines[range.upperBound]
                else { break }
                changes[place] = Change(
                    old: (change.old.lowerBound + 1)..<(change.old.upperBound + 1),
                    new: (change.new.lowerBound + 1)..<(change.new.upperBound + 1))
            }
        }
    }
}
