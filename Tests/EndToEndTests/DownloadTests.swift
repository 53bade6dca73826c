import Glibc
import TestSupport
import Testing

/// Downloads of this machine and its network: approved server by server, redirects included.
@Suite(.serialized) struct DownloadTests {
    /// A server that redirects `/to?URL` there, and gives a small table for anything else; with its port.
    private func server(_ project: Project, _ name: String) -> Int {
        project.write(
            "\(name).py",
            """
            import http.server, os, sys, threading
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    open("\(name).log", "a").write(self.path + "\\n")
                    path, _, target = self.path.partition("?")
                    self.send_response(302 if path == "/to" else 200)
                    if path == "/to": self.send_header("Location", target)
                    self.send_header("Content-Length", "8" if path != "/to" else "0")
                    self.end_headers()
                    if path != "/to": self.wfile.write(b"x,y\\n1,2\\n")
                def log_message(self, *words): pass
            server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
            open("\(name).port.draft", "w").write(str(server.server_port))
            os.rename("\(name).port.draft", "\(name).port")
            threading.Timer(120, lambda: os._exit(0)).start()
            server.serve_forever()
            """)
        project.shell(
            "python3 \(name).py >/dev/null 2>&1 & echo $! >> servers; "
                + "while [ ! -e \(name).port ]; do sleep 0.02; done")
        return Int(project.read("\(name).port")) ?? 0
    }

    private func end(_ project: Project) { project.shell("kill $(cat servers) 2>/dev/null") }

    private func experiment(_ project: Project, _ url: String) {
        project.write(
            "pipelines/e.yaml",
            "experiment: e\nseed: 1\nstages:\n  a: {kind: table.import, params: {columns: [{name: x}]}, inputs: {file: {url: \"\(url)\", "
                + "sha256: 81bf9fa83c6f7f151bd491a98cd7d933de3965289e3ebd77c6c425f7eaa16392}}}\n")
    }

    private func stranger(_ project: Project, _ arguments: String) -> Project.Outcome {
        project.bitlaw(
            arguments, environment: "env -u http_proxy BITLAW_CONFIG='\(project.path)/config'")
    }

    @Test func `a server of this machine is asked once it is approved, whatever it is called`() {
        let project = Project()
        defer { end(project) }
        let port = server(project, "one")
        for host in [
            "127.0.0.1", "localhost", "127.1", "0x7f.1", "[::ffff:127.0.0.1]", "LOCALHOST.",
        ] {
            experiment(project, "http://\(host):\(port)/x")
            let refused = stranger(project, "run pipelines/e.yaml")
            #expect(refused.code == 2, "\(host)")
            #expect(
                refused.error.contains(
                    "  - send requests to http://127.0.0.1:\(port), of this machine or its network\n"
                ),
                "\(refused.error)")
            #expect(
                refused.error.hasSuffix(
                    "bitlaw trust '\(project.path)' --address 'http://127.0.0.1:\(port)'\n"))
        }
        #expect(project.shell("test ! -e one.log") == 0)
        #expect(stranger(project, "trust --yes --address localhost:\(port)").code == 0)
        experiment(project, "http://127.0.0.1:\(port)/x")
        let ran = stranger(project, "run pipelines/e.yaml")
        #expect(ran.code == 0, "\(ran.error)")
        #expect(project.read("one.log") == "/x\n")
        // It is cached now: nothing is asked of anybody.
        #expect(stranger(project, "trust --revoke").code == 0)
        #expect(stranger(project, "run pipelines/e.yaml").output.hasPrefix("0 ran, 2 cached in "))
        #expect(project.read("one.log") == "/x\n")
    }

    @Test func `a redirect to a server that was not approved is refused, and it is not asked`() {
        let project = Project()
        defer { end(project) }
        let (one, two) = (server(project, "one"), server(project, "two"))
        #expect(stranger(project, "trust --yes --address 127.0.0.1:\(one)").code == 0)
        for target in [
            "http://127.0.0.1:\(two)/x", "http://localhost:\(two)/", "//[::ffff:7f00:1]:\(two)/y",
        ] {
            experiment(project, "http://127.0.0.1:\(one)/to?\(target)")
            let refused = stranger(project, "run pipelines/e.yaml")
            #expect(refused.code == 1)
            #expect(
                refused.error.contains(
                    "a server of this machine or its network, and you did not approve"),
                "\(refused.error)")
            #expect(
                refused.error.contains("bitlaw trust FOLDER --address http://127.0.0.1:\(two)"),
                "\(refused.error)")
        }
        for target in ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://a:b@127.0.0.1:\(two)/"] {
            experiment(project, "http://127.0.0.1:\(one)/to?\(target)")
            let refused = stranger(project, "run pipelines/e.yaml")
            #expect(refused.code == 1)
            #expect(refused.error.contains("redirects to "), "\(refused.error)")
        }
        #expect(project.shell("test ! -e two.log") == 0)
        // Approved, the redirect is followed.
        #expect(stranger(project, "trust --yes --address 127.0.0.1:\(two)").code == 0)
        experiment(project, "http://127.0.0.1:\(one)/to?http://127.0.0.1:\(two)/x")
        #expect(stranger(project, "run pipelines/e.yaml").code == 0)
        #expect(project.read("two.log") == "/x\n")
    }

    @Test func `an eleventh redirect is refused`() {
        let project = Project()
        defer { end(project) }
        let one = server(project, "one")
        #expect(stranger(project, "trust --yes --address 127.0.0.1:\(one)").code == 0)
        experiment(
            project, "http://127.0.0.1:\(one)/to?/to?/to?/to?/to?/to?/to?/to?/to?/to?/to?/to?/x")
        let refused = stranger(project, "run pipelines/e.yaml")
        #expect(
            refused.error.contains("expected at most 10 redirects, found more"), "\(refused.error)")
        experiment(project, "http://127.0.0.1:\(one)/to?/to?/x")
        #expect(stranger(project, "run pipelines/e.yaml").code == 0)
    }
}
