import Glibc

/// The three descriptors that a program finds open; one may have been started without them.
enum StandardStreams {
    /// Opens those that are closed to nowhere: else the next file that is opened would get the number, and
    /// what is printed would be written into it.
    static func open() {
        for descriptor: CInt in 0...2 where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
            // The kernel gives the lowest number that is free.
            _ = unsafe Glibc.open("/dev/null", O_RDWR)
        }
    }
}
