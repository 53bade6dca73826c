import CSystem
import Glibc

/// The end that a process shares with its parent and with everything that it started.
package enum SharedEnd {
    /// Ends this process when its parent ends, however that ends, and all that it started with it.
    ///
    /// The kernel sends SIGTERM then, and so does a parent that asks for the end. A thread of its own
    /// waits for it: what the main thread does cannot delay it.
    package static func arrange() {
        var termination = sigset_t()
        unsafe sigemptyset(&termination)
        unsafe sigaddset(&termination, SIGTERM)
        // Blocked before there are other threads, which inherit that.
        unsafe pthread_sigmask(SIG_BLOCK, &termination, nil)
        var thread = pthread_t()
        let number = unsafe bitlaw_start_thread(
            &thread,
            { _ in
                SharedEnd.wait()
                return nil
            }, nil)
        guard number == 0 else {
            unsafe pthread_sigmask(SIG_UNBLOCK, &termination, nil)
            _ = bitlaw_die_with_parent(SIGKILL)
            return
        }
        pthread_detach(thread)
        _ = bitlaw_die_with_parent(SIGTERM)
    }

    private static func wait() {
        var termination = sigset_t()
        unsafe sigemptyset(&termination)
        unsafe sigaddset(&termination, SIGTERM)
        var received: CInt = 0
        while unsafe sigwait(&termination, &received) != 0 {}
        // More than once: what is being killed may have started another.
        for _ in 0..<3 {
            for process in ProcessTree.members(of: getpid()) where process != getpid() {
                _ = kill(process, SIGKILL)
            }
        }
        _ = signal(SIGTERM, SIG_DFL)
        unsafe pthread_sigmask(SIG_UNBLOCK, &termination, nil)
        raise(SIGTERM)
    }
}
