import CSystem
import Glibc
import Synchronization

/// The end that a process shares with its parent and with everything that it started.
///
/// SIGTERM asks for it. While a program runs that may end by itself, the request goes to the program and to
/// all below it, and this process goes on to collect what they leave. A second request, and the death of the
/// parent, end all of them at once.
package enum SharedEnd {
    private struct State {
        /// Whether a program runs that is asked before anything is killed.
        var isRunning = false
        /// Whether the end was asked for.
        var isAsked = false
        /// Whether somebody else than the parent asked for the end of a process that hears its parent alone.
        var isWarned = false
    }

    private static let state = Mutex(State())
    private static let parent = Atomic<CInt>(0)
    private static let hearsParentAlone = Atomic<Bool>(false)

    /// Ends this process when its parent ends, however that ends, and all that it started with it.
    ///
    /// The kernel sends SIGTERM then, and so does a parent that asks for the end. A thread of its own
    /// waits for it: what the main thread does cannot delay it.
    ///
    /// One that hears its parent alone waits for that one's request: a scheduler signals all processes of a
    /// job at once, and the request of the parent comes after, by ``ownRequest``.
    package static func arrange(hearingParentAlone isShielded: Bool = false) {
        hearsParentAlone.store(isShielded, ordering: .relaxed)
        parent.store(getppid(), ordering: .relaxed)
        var requests = askingSignals()
        // Blocked before there are other threads, which inherit that.
        unsafe pthread_sigmask(SIG_BLOCK, &requests, nil)
        var thread = pthread_t()
        let number = unsafe bitlaw_start_thread(
            &thread,
            { _ in
                SharedEnd.wait()
                return nil
            }, nil)
        guard number == 0 else {
            unsafe pthread_sigmask(SIG_UNBLOCK, &requests, nil)
            _ = bitlaw_die_with_parent(SIGKILL)
            return
        }
        pthread_detach(thread)
        _ = bitlaw_die_with_parent(SIGTERM)
    }

    /// The signal by which a parent asks a process that hears it alone.
    ///
    /// It is none of a scheduler. Of two SIGTERM that nobody has heard yet the kernel keeps the first, with
    /// its sender, so that the parent's could be taken for the scheduler's.
    package static var ownRequest: CInt { __libc_current_sigrtmin() + 4 }

    /// The signals that ask for the end.
    ///
    /// Where a program has stopped itself when the parent dies, the kernel sends SIGHUP to it and to us: the
    /// group has nobody left who could let it go on. Ignored, as by `nohup`, it asks for nothing.
    private static func askingSignals() -> sigset_t {
        var requests = sigset_t()
        unsafe sigemptyset(&requests)
        unsafe sigaddset(&requests, SIGTERM)
        unsafe sigaddset(&requests, ownRequest)
        if bitlaw_ignores(SIGHUP) == 0 { unsafe sigaddset(&requests, SIGHUP) }
        return requests
    }

    /// Whether the end was asked for, by whomever: what an action gave since then is no result.
    package static var isAsked: Bool { state.withLock { $0.isAsked || $0.isWarned } }

    /// Forgets a request that somebody else than the parent made before: it was about another action.
    package static func beginAction() { state.withLock { $0.isWarned = false } }

    /// Waits for the end of a program; a request that comes meanwhile goes to the program.
    ///
    /// - Parameter program: a child of this process; one that is deaf holds the program that is asked.
    /// - Returns: the exit code, or minus the signal.
    package static func wait(for program: ChildProcess) -> CInt {
        state.withLock { $0.isRunning = true }
        // Not reaped before it is forgotten: its number could be another's.
        program.awaitEnd()
        state.withLock { $0.isRunning = false }
        return program.wait()
    }

    private static func wait() {
        var requests = askingSignals()
        repeat {
            var sender: CInt
            repeat { sender = next(&requests) } while isStranger(sender)
        } while isPassedOn()
        // More than once: what is being killed may have started another.
        for _ in 0..<3 { below().forEach { _ = kill($0, SIGKILL) } }
        _ = signal(SIGTERM, SIG_DFL)
        unsafe pthread_sigmask(SIG_UNBLOCK, &requests, nil)
        raise(SIGTERM)
    }

    /// Waits for the next request; the process that sent it.
    private static func next(_ requests: inout sigset_t) -> CInt {
        var received = unsafe siginfo_t()
        while unsafe sigwaitinfo(&requests, &received) < 0 {}
        return unsafe received._sifields._kill.si_pid
    }

    /// Whether a request is not the parent's, and is left to it; the program that runs has got it too.
    private static func isStranger(_ sender: CInt) -> Bool {
        let ours = parent.load(ordering: .relaxed)
        guard hearsParentAlone.load(ordering: .relaxed), getppid() == ours, sender != ours else {
            return false
        }
        state.withLock { $0.isWarned = true }
        return true
    }

    /// Passes a request on to the program that runs; whether there is one, and it was not asked before.
    private static func isPassedOn() -> Bool {
        state.withLock { state in
            guard getppid() == parent.load(ordering: .relaxed), state.isRunning, !state.isAsked
            else { return false }
            state.isAsked = true
            below().forEach { _ = kill($0, SIGTERM) }
            return true
        }
    }

    /// All that this process started, and what that started.
    private static func below() -> [CInt] {
        ProcessTree.members(of: getpid()).filter { $0 != getpid() }
    }
}
