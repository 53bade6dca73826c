import Glibc

extension Array where Element: Sendable {
    /// What `body` makes of the elements, in their order; many are shared out among the processors, at
    /// most four of them.
    ///
    /// `body` gets a run of elements, so that it can keep its buffers from one to the next, and gives
    /// as many answers. For the small files of a store, which take the kernel longer than anything takes
    /// us.
    /// - Throws: what `body` throws first in the order of the runs.
    package func concurrentMap<Answer: Sendable>(
        _ body: @escaping @Sendable (ArraySlice<Element>) throws -> [Answer]
    ) throws -> [Answer] {
        // Few are not worth asking the system how many processors it has.
        if count < 64 { return try body(self[...]) }
        let processors = Swift.max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let parts = Swift.min(4, processors, count / 32)
        if parts < 2 { return try body(self[...]) }
        let bounds = (0...parts).map { count * $0 / parts }
        let others = (1..<parts).map { part in
            (answers: Box<[Answer]>(), slice: self[bounds[part]..<bounds[part + 1]])
        }
        let works = others.map { other in
            BackgroundWork { [answers = other.answers, slice = other.slice] in
                answers.set(try body(slice))
            }
        }
        var answers = try body(self[..<bounds[1]])
        for (work, other) in zip(works, others) {
            try work.wait()
            answers += other.answers.value ?? []
        }
        return answers
    }
}
