import Canon
import TestSupport
import Testing

/// Signatures of files, as those of a release's checksums.
@Suite struct SignedFileTests {
    /// A project with a signed file, and the environment that chooses a person's keys.
    private func signed() -> (Project, (String) -> String) {
        let project = Project()
        project.write("SHA256SUMS", "1234  a.tar.gz\n")
        let person = { (name: String) in "BITLAW_CONFIG=\"$PWD/\(name)\"" }
        project.shell("mkdir -m 700 ada eve")
        for name in ["ada", "eve"] {
            let made = project.bitlaw("keys new \(name)", environment: person(name))
            #expect(made.code == 0, "\(made.error)")
            project.write("\(name).key", made.output)
        }
        let outcome = project.bitlaw("keys sign SHA256SUMS", environment: person("ada"))
        #expect(outcome.output.hasPrefix("wrote SHA256SUMS.dsse, signed by "), "\(outcome.error)")
        return (project, person)
    }

    @Test func `a signed file verifies by its signer's key, and by nobody else's`() {
        let (project, person) = signed()
        let own = project.bitlaw("keys verify SHA256SUMS", environment: person("ada"))
        #expect(own.code == 0 && own.output == "SHA256SUMS: unchanged, signed by ada\n")
        let given = project.bitlaw(
            "keys verify SHA256SUMS --key \"$(cat ada.key)\"", environment: person("eve"))
        #expect(given.code == 0, "\(given.error)")
        for other in ["", "--key \"$(cat eve.key)\""] {
            let refused = project.bitlaw(
                "keys verify SHA256SUMS \(other)", environment: person("eve"))
            #expect(refused.code == 3 && refused.error.contains("not signed by"), "\(refused)")
        }
    }

    @Test func `a file that changed, or took another's statement, is refused`() {
        let (project, person) = signed()
        project.shell("cp SHA256SUMS other; cp SHA256SUMS.dsse other.dsse; echo more >> SHA256SUMS")
        let changed = project.bitlaw("keys verify SHA256SUMS", environment: person("ada"))
        #expect(changed.code == 4 && changed.error.contains("expected sha256 "), "\(changed)")
        let moved = project.bitlaw("keys verify other", environment: person("ada"))
        #expect(moved.code == 3, "\(moved)")
        #expect(moved.error.contains("expected a statement about the file other"), "\(moved)")
        let absent = project.bitlaw("keys verify nothing", environment: person("ada"))
        #expect(absent.code == 3 && absent.error.contains("nothing.dsse: no such file"))
    }

    /// A second implementation reads what ours wrote.
    @Test func `openssl verifies the signature over the bytes that DSSE says are signed`() {
        let (project, _) = signed()
        let code = project.shell(
            """
            command -v openssl >/dev/null || exit 99
            python3 -c '
            import base64, json
            one = json.load(open("SHA256SUMS.dsse"))
            body, kind = base64.b64decode(one["payload"]), one["payloadType"]
            open("signed", "wb").write(f"DSSEv1 {len(kind)} {kind} {len(body)} ".encode() + body)
            open("signature", "wb").write(base64.b64decode(one["signatures"][0]["sig"]))' || exit 1
            openssl pkeyutl -verify -rawin -pubin -inkey ada/keys/ada.pem.pub -in signed \\
              -sigfile signature >/dev/null
            """)
        if code == 99 {
            return skip("openssl is not here; no signature of a file was checked by it")
        }
        #expect(code == 0)
    }
}
