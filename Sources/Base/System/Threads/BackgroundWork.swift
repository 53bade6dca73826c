import CSystem
import Glibc
import Synchronization

/// Work in a thread of its own beside whoever started it; it ends before the value that stands for it
/// is gone.
///
/// For system calls that take long, while another processor goes on with what needs no answer from
/// them.
@safe package final class BackgroundWork {
    private let job: Job
    private let thread: pthread_t
    private var isJoined = false

    private final class Job: Sendable {
        let body: @Sendable () throws -> Void
        let failure = Mutex<(any Error)?>(nil)

        init(_ body: @escaping @Sendable () throws -> Void) { self.body = body }

        func run() {
            do { try body() } catch { failure.withLock { $0 = error } }
        }
    }

    /// Starts it; where no thread can be had, does it at once.
    package init(_ body: @escaping @Sendable () throws -> Void) {
        job = Job(body)
        var thread = pthread_t()
        let argument = unsafe Unmanaged.passRetained(job)
        let number = unsafe bitlaw_start_thread(
            &thread,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().run()
                }
                return nil
            }, argument.toOpaque())
        self.thread = thread
        if number != 0 {
            unsafe argument.release()
            isJoined = true
            job.run()
        }
    }

    deinit {
        if !isJoined { pthread_join(thread, nil) }
    }

    /// Whether it has ended.
    package var hasEnded: Bool {
        if !isJoined { isJoined = bitlaw_try_join(thread) == 0 }
        return isJoined
    }

    /// Waits for its end.
    ///
    /// - Throws: what it failed with.
    package func wait() throws {
        if !isJoined { pthread_join(thread, nil) }
        isJoined = true
        if let failure = job.failure.withLock({ $0 }) { throw failure }
    }
}
