import Glibc

/// The CPUs of this machine.
enum Processors {
    /// How many are there: the workers of a run that is not told otherwise.
    static var count: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
