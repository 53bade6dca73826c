import Canon
import Glibc
import LocalStore
import System
import TestSupport
import Testing
import Trust

@Suite struct AccountSecretTests {
    /// The test cases 1 to 4, 6 and 7 of RFC 4231 for HMAC-SHA-256.
    @Test(arguments: [
        (
            String(repeating: "0b", count: 20), "4869205468657265",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            String(repeating: "aa", count: 20), String(repeating: "dd", count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            "0102030405060708090a0b0c0d0e0f10111213141516171819",
            String(repeating: "cd", count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        (
            String(repeating: "aa", count: 131),
            "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d204861"
                + "7368204b6579204669727374",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            String(repeating: "aa", count: 131),
            "5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f636b2d73"
                + "697a65206b657920616e642061206c6172676572207468616e20626c6f636b2d73697a652064617461"
                + "2e20546865206b6579206e6565647320746f20626520686173686564206265666f7265206265696e67"
                + "20757365642062792074686520484d414320616c676f726974686d2e",
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ])
    func `a code is the HMAC of the published vectors`(key: String, message: String, code: String)
        throws
    {
        let made = AuthenticationCode(
            of: try #require(hexBytes(message)), key: try #require(hexBytes(key)))
        #expect(made.hex == code)
        #expect(made.bytes == hexBytes(code))
        #expect(AuthenticationCode(hex: code) == made)
    }

    @Test func `results, records and states have codes of their own, as openssl makes them`() throws
    {
        let folder = TemporaryFolder()
        guard isInstalled("openssl", package: "openssl", else: "codes were not checked by others")
        else { return }
        let secret = try #require(AccountSecret(bytes: Array(0..<32)))
        let digest = Digest(of: [UInt8(1)].span)
        let hexKey = hexText(secret.bytes)
        func openssl(_ text: String, _ key: String) -> String {
            folder.run(
                "printf '%s\\n' \(text) | openssl dgst -sha256 -mac HMAC -macopt hexkey:\(key) -r "
                    + "| head -c64 > out")
            return folder.text("out")
        }
        #expect(
            secret.code(.result, digest).hex
                == openssl("bitlaw/made/result/1 \(digest.hex)", hexKey))
        #expect(
            secret.code(.record, digest).hex
                == openssl("bitlaw/made/record/1 \(digest.hex)", hexKey))
        let states = openssl("bitlaw/made/states/1 \(digest.hex)", hexKey)
        #expect(secret.stateKey(for: digest).hex == states)
        #expect(
            secret.stateKey(for: digest).code(of: digest, size: 7).hex
                == openssl("bitlaw/made/state/1 \(digest.hex) 7", states))
    }

    private func person(_ variables: String...) -> EnvironmentVariables {
        EnvironmentVariables(words: variables)
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test func `the secret is made once, for its owner alone, in a folder for its owner alone`()
        throws
    {
        let folder = TemporaryFolder()
        let me = person("HOME=\(folder.path)")
        #expect(throws: NoAccountSecret.self) {
            try AccountSecret.load(of: me, named: nil, needed: false)
        }
        let first = try AccountSecret.load(of: me, named: nil, needed: true)
        #expect(first.bytes.count == 32)
        let path = "\(folder.path)/.config/bitlaw/account.secret"
        #expect(bytesOfFile(path) == first.bytes)
        #expect(mode(path) == 0o600 && mode("\(folder.path)/.config/bitlaw") == 0o700)
        #expect(try AccountSecret.load(of: me, named: nil, needed: true).bytes == first.bytes)
        let other = try AccountSecret.load(
            of: person("XDG_CONFIG_HOME=\(folder.path)/other"), named: nil, needed: true)
        #expect(other.bytes != first.bytes)
    }

    @Test func `commands that begin at the same moment make one secret`() async throws {
        let folder = TemporaryFolder()
        let me = person("HOME=\(folder.path)")
        let found = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<16 {
                group.addTask { try AccountSecret.load(of: me, named: nil, needed: true).bytes }
            }
            var found: Set<[UInt8]> = []
            for try await bytes in group { found.insert(bytes) }
            return found
        }
        #expect(found.count == 1)
    }

    @Test(arguments: [
        ("head -c 32 /dev/zero > s; chmod 644 s", "found mode 644", "chmod 600 '"),
        ("head -c 32 /dev/zero > s; chmod 620 s", "found mode 620", "chmod 600 '"),
        ("head -c 31 /dev/zero > s; chmod 600 s", "found 31", "move it away"),
        ("head -c 33 /dev/zero > s; chmod 600 s", "found more of them", "move it away"),
        (": > s; chmod 600 s", "found 0", "move it away"),
        ("head -c 32 /dev/zero > t; chmod 600 t; ln -s t s", "found a link", "put the file itself"),
        ("mkfifo -m 600 s", "found a pipe", "move it away"),
        ("mkdir -m 700 s", "found a folder", "move it away"),
        ("mknod -m 600 s c 1 5 || mkfifo s", "found a ", "move it away"),
    ])
    func `a secret that others may know, or that is none, is refused`(
        script: String, found: String, remedy: String
    ) throws {
        let folder = TemporaryFolder()
        folder.run(script)
        let path = "\(folder.path)/s"
        for named in [true, false] {
            if !named { folder.run("mkdir -p c/bitlaw; mv s c/bitlaw/account.secret") }
            let me = person(named ? "HOME=/nowhere" : "XDG_CONFIG_HOME=\(folder.path)/c")
            do {
                _ = try AccountSecret.load(of: me, named: named ? path : nil, needed: true)
                Issue.record("\(script): it was taken")
            } catch let error as OperationalError {
                #expect(error.code == .untrusted)
                #expect(
                    error.message.contains(
                        "expected the secret of your account, a file of 32 bytes that only its owner "
                            + "may read (mode 600), \(found)"), "\(error)")
                #expect(error.remedy.contains(remedy), "\(error)")
            }
        }
    }

    @Test
    func `a file that a variable names comes before that of config.yaml, and has to be there`()
        throws
    {
        let folder = TemporaryFolder()
        folder.run("umask 077; printf %032d 1 > one; printf %032d 2 > two")
        let me = person("BITLAW_ACCOUNT_SECRET=\(folder.path)/one", "HOME=\(folder.path)")
        let named = "\(folder.path)/two"
        #expect(try AccountSecret.load(of: me, named: named, needed: true).bytes.last == 49)
        let other = person("BITLAW_ACCOUNT_SECRET=", "HOME=\(folder.path)")
        #expect(try AccountSecret.load(of: other, named: named, needed: true).bytes.last == 50)
        #expect {
            try AccountSecret.load(of: other, named: "\(folder.path)/gone", needed: true)
        } throws: {
            ($0 as? OperationalError)?.description.contains("found no file") == true
        }
        #expect(folder.run("test ! -e .config") == 0)
    }

    @Test
    func `without a home, or with one that cannot be written, there is no secret and no error`()
        throws
    {
        #expect(throws: NoAccountSecret(reason: "HOME is not set")) {
            try AccountSecret.load(of: person(), named: nil, needed: true)
        }
        #expect(throws: NoAccountSecret.self) {
            try AccountSecret.load(of: person("HOME=/proc/nowhere"), named: nil, needed: true)
        }
    }
}
