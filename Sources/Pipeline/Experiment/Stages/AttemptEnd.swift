/// How an attempt ended that gave no result, as `retry` tells ends apart.
package enum AttemptEnd: Sendable, Equatable {
    /// It was past its limit of memory.
    case memory
    /// The kernel killed it, for the memory of the machine was short.
    case outOfMemory
    /// It was past its limit of time.
    case time
    /// A signal of this number killed it.
    case signal(Int)
    /// It ended by itself with this exit code.
    case exit(Int)

    /// The end of a program by its status: the exit code, or minus the signal that killed it.
    ///
    /// `isMemoryShort` says whether the kernel killed processes for memory while it ran.
    package init(status: Int32, isMemoryShort: Bool) {
        self =
            status >= 0
            ? .exit(Int(status))
            : status == -9 && isMemoryShort ? .outOfMemory : .signal(Int(-status))
    }
}
