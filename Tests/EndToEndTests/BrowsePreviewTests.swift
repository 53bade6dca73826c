import TestSupport
import Testing

/// Previews of `browse` in a real browser, from a web server of this machine.
@Suite struct BrowsePreviewTests {
    /// A picture of 40 × 40 pixels, a tensor 2 × 3 and an array 2 × 3, as zlib and struct of Python give them.
    private static let picture =
        "iVBORw0KGgoAAAANSUhEUgAAACgAAAAoCAIAAAADnC86AAAALElEQVR42u3NMQkAAAwDsPo33Zko7AnkT5q+iFgsFov"
        + "FYrFYLBaLxWKxWLxzzs50NbIdBK0AAAAASUVORK5CYII="
    private static let tensors =
        "SAAAAAAAAAB7ImxheWVyLndlaWdodCI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMiwzXSwiZGF0YV9vZmZzZXRzIjpb"
        + "MCwyNF19fSAgICAAAAAAAACAPwAAAEAAAEBAAACAQAAAoEA="
    private static let array =
        "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9"
        + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAADwPwAA"
        + "AAAAAABAAAAAAAAACEAAAAAAAAAQQAAAAAAAABRAAAAAAAAAGkA="

    /// Serves the project's folder; gives the port.
    private func serve(_ project: Project) -> String {
        project.write(
            "serve.py",
            """
            import functools, http.server, os, threading
            handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="pages")
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
            open("port.draft", "w").write(str(server.server_port))
            os.rename("port.draft", "port")
            threading.Timer(300, lambda: os._exit(0)).start()
            server.serve_forever()
            """)
        project.shell(
            "python3 serve.py >/dev/null 2>&1 & echo $! > server; "
                + "while [ ! -e port ]; do sleep 0.02; done")
        return project.read("port")
    }

    @Test func `arrays, tensors and pictures are seen from a web server as from the disk`() throws {
        let project = Project()
        project.write(
            "pipelines/e.yaml",
            """
            experiment: e
            seed: 1
            stages:
              made:
                kind: command
                params:
                  run: [sh, -c, 'echo \(Self.picture) | base64 -d > a.png;
                    echo \(Self.tensors) | base64 -d > a.safetensors;
                    echo \(Self.array) | base64 -d > a.npy']
                  outputs: {picture: a.png, weights: a.safetensors, array: a.npy}

            """)
        #expect(project.bitlaw("run pipelines/e.yaml").code == 0)
        #expect(project.bitlaw("browse --out pages -q").code == 0)
        project.shell("ls pages | grep ^actions- > name")
        let page = String(project.read("name").split(separator: "\n").first ?? "")
        let text = project.read("pages/\(page)")
        #expect(text.contains("layer.weight</td><td>") && text.contains("<td>2 × 3</td><td>6</td>"))
        #expect(
            text.contains("npy &lt;f8, shape 2 × 3") && text.contains("<td>6.5000</td>"), "\(text)")
        // A page of the same origin tells what the browser decoded and drew.
        project.write(
            "pages/probe.html",
            """
            <!DOCTYPE html><iframe src="\(page)" width="1000" height="2000"></iframe><p id="told"></p>
            <script>onload = () => {
              const inner = document.querySelector("iframe").contentDocument;
              const picture = inner.querySelector("img");
              const map = inner.querySelector("svg.array").getBoundingClientRect();
              document.querySelector("#told").textContent = "picture " + picture.naturalWidth + " by "
                + picture.naturalHeight + ", map " + (map.width > 100 && map.height > 100);
            }</script>
            """)
        let port = serve(project)
        defer { project.shell("kill $(cat server)") }
        guard let dom = project.shown("http://127.0.0.1:\(port)/probe.html") else { return }
        #expect(dom.contains("picture 40 by 40, map true"), "\(dom)")
        let index = try #require(project.shown("http://127.0.0.1:\(port)/index.html"))
        #expect(index.contains(">e</a>, 1 run,"))
    }
}
