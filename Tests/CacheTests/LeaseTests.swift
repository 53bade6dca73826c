import Canon
import Glibc
import LocalStore
import Synchronization
import System
import TestSupport
import Testing

/// Leases without a clock of their own: time is what the test says.
@Suite struct LeaseTests {
    /// A clock that is set by hand.
    private final class Hand: Sendable {
        private let time: Mutex<ContinuousClock.Instant>

        init(_ start: ContinuousClock.Instant = .now) { time = Mutex(start) }

        func now() -> ContinuousClock.Instant { time.withLock { $0 } }
        func pass(_ seconds: Int) { time.withLock { $0 += .seconds(seconds) } }
    }

    private let scratch = TemporaryFolder()

    private func host(_ clock: Hand = Hand()) -> LeaseFolder {
        LeaseFolder(scratch.path, .usual, beats: false) { clock.now() }
    }

    /// Looks each 10 seconds until the lease is had or so many looks were in vain.
    private func wait(_ host: LeaseFolder, _ clock: Hand, looks: Int) throws -> (Lease, Int)? {
        for look in 0..<looks {
            if let lease = try host.take("a") { return (lease, look) }
            clock.pass(10)
        }
        return nil
    }

    @Test func `a lease excludes other hosts until its holder gives it back`() throws {
        let (one, other) = (host(), host())
        var lease = try one.take("a")
        #expect(lease != nil)
        #expect(try other.take("a") == nil)
        #expect(try other.take("b") != nil)
        lease = nil
        #expect(try other.take("a") != nil)
        #expect(try other.names().isEmpty)
        _ = lease
    }

    @Test func `what a killed holder left is taken after a minute of silence, and not before`()
        throws
    {
        let clock = Hand()
        let gone = try host().take("a")
        let (_, looks) = try #require(try wait(host(clock), clock, looks: 20))
        #expect(looks == 6)
        withExtendedLifetime(gone) {}
    }

    @Test func `a holder that renews its lease keeps it, however long it works`() throws {
        let clock = Hand()
        let other = host(clock)
        let lease = try #require(try host().take("a"))
        for _ in 0..<100 {
            #expect(lease.renew())
            #expect(try other.take("a") == nil)
            clock.pass(19)
        }
    }

    @Test func `a holder that was paused and goes on learns that it lost, and takes nothing back`()
        throws
    {
        let clock = Hand()
        var paused = try host().take("a")
        let (new, _) = try #require(try wait(host(clock), clock, looks: 20))
        #expect(paused?.renew() == false)
        #expect(paused?.isLost == true)
        paused = nil
        #expect(new.renew())
        #expect(try host().take("a") == nil)
    }

    @Test func `after a takeover the lease is free again once the last holder gave it back`() throws
    {
        let clock = Hand()
        let gone = try host().take("a")
        var new = try wait(host(clock), clock, looks: 20)
        #expect(new != nil)
        new = nil
        #expect(try host().names().isEmpty)
        #expect(try host().take("a") != nil)
        withExtendedLifetime((gone, new)) {}
    }

    @Test(arguments: [-1_000_000_000, 1_000_000_000])
    func `clocks that differ by decades change nothing`(skew: Int) throws {
        let clock = Hand(.now + .seconds(skew / 2))
        let lease = try #require(try host().take("a"))
        let other = host(clock)
        #expect(try other.take("a") == nil)
        var times = [timespec(), timespec()]
        times[0].tv_sec = time(nil) + skew
        times[1].tv_sec = time(nil) + skew
        #expect(unsafe utimensat(AT_FDCWD, "\(scratch.path)/a.1", &times, 0) == 0)
        clock.pass(59)
        #expect(try other.take("a") == nil)
        #expect(lease.renew())
    }

    @Test func `who slept itself has seen no silence`() throws {
        let clock = Hand()
        let other = host(clock)
        let lease = try #require(try host().take("a"))
        #expect(try other.take("a") == nil)
        clock.pass(86_400)
        #expect(try other.take("a") == nil)
        withExtendedLifetime(lease) {}
    }

    @Test func `of many that take over at once one does`() throws {
        for round in 0..<20 {
            let name = "r\(round)"
            let gone = try host().take(name)
            let clock = Hand()
            let hosts = (0..<8).map { _ in host(clock) }
            for _ in 0..<6 {
                for host in hosts { #expect(try host.take(name) == nil) }
                clock.pass(10)
            }
            let found = Mutex<[Lease]>([])
            let gate = Atomic(false)
            let works = hosts.map { host in
                BackgroundWork {
                    while !gate.load(ordering: .relaxed) {}
                    if let lease = try host.take(name) { found.withLock { $0.append(lease) } }
                }
            }
            gate.store(true, ordering: .relaxed)
            for work in works { try work.wait() }
            #expect(found.withLock { $0.count } == 1)
            withExtendedLifetime(gone) {}
        }
    }

    @Test func `a heart renews what a process holds, and a host with a short patience waits`()
        throws
    {
        let terms = LeaseFolder.Terms(beat: .milliseconds(100), patience: .milliseconds(1500))
        let lease = try #require(try LeaseFolder(scratch.path, terms).take("a"))
        let other = LeaseFolder(scratch.path, terms, beats: false)
        let end = ContinuousClock.now + .seconds(4)
        while ContinuousClock.now < end {
            #expect(try other.take("a") == nil)
            usleep(100_000)
        }
        #expect(!lease.isLost)
    }

    @Test func `a store with leases asks for both, and gc does not run beside one`() throws {
        let path = "\(scratch.path)/store"
        try Store.open(path).setLeases(true)
        var store: Store? = try Store.open(path)
        #expect(store?.usesLeases == true)
        let other = LeaseFolder("\(path)/leases", beats: false)
        let key = Digest(of: [1].span)
        let elsewhere = try #require(try other.take(key.hex))
        #expect(try store?.tryLock(key) == nil)
        store = nil
        #expect(throws: OperationalError.self) {
            try Store.open(path, exclusive: true).collectGarbage(GarbagePolicy(), dryRun: true)
        }
        #expect(throws: OperationalError.self) { try Store.open(path).setLeases(false) }
        elsewhere.renew()
    }
}
