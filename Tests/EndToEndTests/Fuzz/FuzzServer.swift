import Glibc
import Synchronization

/// A server that answers every request with the same bytes, and hangs up.
final class FuzzServer: Sendable {
    private let answer = Mutex<[UInt8]>([])
    private let listener: CInt
    /// Where it listens on this machine.
    let port: UInt16

    /// Listens; a thread of its own answers until the process ends.
    init() throws {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
                unsafe bind(listener, place, length) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, place, &length) == 0
            }
        }
        guard isBound else { throw FuzzError(description: "no port of 127.0.0.1 can be had") }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        var thread = pthread_t()
        let own = unsafe Unmanaged.passRetained(self).toOpaque()
        _ = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<FuzzServer>.fromOpaque(argument).takeUnretainedValue().serve()
                return nil
            }, own)
    }

    /// Answers with these bytes from now on.
    func say(_ bytes: [UInt8]) { answer.withLock { $0 = bytes } }

    private func serve() {
        while true {
            let client = accept(listener, nil, nil)
            if client < 0 { return }
            var request = [UInt8](repeating: 0, count: 4096)
            _ = unsafe recv(client, &request, request.count, 0)
            let bytes = answer.withLock { $0 }
            var sent = 0
            while sent < bytes.count {
                let count = unsafe bytes.withUnsafeBytes {
                    unsafe send(
                        client, $0.baseAddress?.advanced(by: sent), $0.count - sent,
                        CInt(MSG_NOSIGNAL))
                }
                if count <= 0 { break }
                sent += count
            }
            shutdown(client, CInt(SHUT_WR))
            // What the client still sends is taken, so that it reads the answer and no reset.
            while unsafe recv(client, &request, request.count, 0) > 0 {}
            close(client)
        }
    }
}
