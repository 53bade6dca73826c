import Remotes
import Testing

/// Which numbers are of the public internet: the registries of special-purpose addresses (RFC 6890) and the forms of
/// sixteen bytes that carry four (RFC 4291, RFC 6052, RFC 3056).
@Suite struct NetworkAddressTests {
    @Test(arguments: [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.168.0.1", "198.18.0.1", "224.0.0.1",
        "255.255.255.255", "127.1", "0x7f.1", "2130706433", "017700000001", "0xa9fea9fe",
        "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::10.0.0.1",
        "64:ff9b:1::1", "2002:7f00:1::1", "2002:c0a8:101::", "fc00::1", "fdff::1", "fe80::1",
        "fe80::1%lo", "fec0::1", "ff02::1", "100::1",
    ])
    func `a number of a machine or its network is private, however it is written`(text: String) {
        #expect(NetworkAddress(text)?.isPrivate == true)
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "100.128.0.1", "172.32.0.1", "192.0.1.1", "198.20.0.1",
        "223.255.255.255", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1",
        "2606:4700:4700::1111", "0x08080808",
    ])
    func `a number of the public internet is not private`(text: String) {
        #expect(NetworkAddress(text)?.isPrivate == false)
    }

    @Test(arguments: ["example.org", "", "1.2.3.4.5", "localhost", "fe80", "1.2.3.256"])
    func `a name is no number`(text: String) { #expect(NetworkAddress(text) == nil) }

    @Test func `a name is as private as any number that it stands for`() {
        #expect(NetworkAddress.all(of: "localhost").contains { $0.isLoopback })
        #expect(NetworkAddress.all(of: "localhost").allSatisfy { $0.isPrivate })
        #expect(NetworkAddress.all(of: "no-such-host.invalid").isEmpty)
    }

    @Test func `a server is allowed by host, by host and port, or by its whole origin`() {
        let servers = PrivateServers([
            "127.0.0.1", "nas.lab:8080", "http://10.0.0.5:81", "[::2]:90",
        ])
        for url in [
            "http://localhost:1/x", "https://[::1]/", "http://NAS.lab:8080/a",
            "https://nas.lab:8080",
            "http://10.5:81/z", "http://[0:0:0:0:0:0:0:2]:90/",
        ] {
            #expect(servers.allow(url), "\(url)")
        }
        for url in [
            "http://nas.lab/", "http://10.0.0.5/", "https://10.0.0.5:81/", "http://10.0.0.6:81/",
            "http://[::2]/", "http://127.0.0.1@10.0.0.6/", "file:///etc/passwd", "",
        ] {
            #expect(!servers.allow(url), "\(url)")
        }
    }
}
