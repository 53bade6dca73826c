import Glibc

/// What libcrypto answered.
///
/// It is opened at the first signature. Without it no signature is made or believed: the program ends.
func requireLibcrypto(_ answer: Int32) -> Bool {
    if answer < 0 {
        var text = """
            error: signatures are made and checked by libcrypto.so.3 of OpenSSL 3, which could not be \
            opened, has no Ed25519, or has no memory left
              fix: apt-get install openssl   (it brings the library along)

            """
        text.withUTF8 { _ = unsafe write(2, $0.baseAddress, $0.count) }
        exit(3)
    }
    return answer == 1
}
