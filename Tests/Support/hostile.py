#!/usr/bin/env python3
"""A server of results that misbehaves on purpose; Python's standard library alone.

  hostile.py ROOT PORTFILE [CERTIFICATE]

The first part of a path is the misbehaviour, the rest is /cas/<digest> or /ac/<key> under ROOT. `good` keeps
what is put and serves it; `strict` does so by the rules of Bazel's HTTP cache as bazel-remote has them, with an instance name
before the folder. Every request is noted in ROOT/log: method, path, Authorization. Two ports are
written to PORTFILE: the server's, and another "host" that redirects lead to.
"""
import hashlib, http.server, os, re, shutil, ssl, sys, threading, time

ROOT = sys.argv[1]
LOCK = threading.Lock()
SEEN = {}
CHUNK = b" " * 65536


def note(port, request):
    with LOCK, open(f"{ROOT}/log", "a") as log:
        log.write(f"{port} {request.command} {request.path} {request.headers.get('Authorization', '-')} "
                  f"{request.headers.get('Range', '-')}\n")


def times(path):
    """How often this path was asked for, this time included."""
    with LOCK:
        SEEN[path] = SEEN.get(path, 0) + 1
        return SEEN[path]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def parts(self):
        _, mode, folder, name = (self.path + "///").split("/")[:4]
        return mode, folder, name

    def body(self):
        _, folder, name = self.parts()
        try:
            with open(f"{ROOT}/{folder}/{os.path.basename(name)}", "rb") as file:
                return file.read()
        except OSError:
            return None

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def stream(self, declared=None):
        """A body without an end, until the other side has had enough; a gigabyte at most."""
        self.send_response(200)
        if declared:
            self.send_header("Content-Length", str(declared))
        self.send_header("Connection", "close")
        self.end_headers()
        for _ in range(16384):
            self.wfile.write(CHUNK)
        self.close_connection = True

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        note(self.server.server_port, self)
        if self.server.is_other:
            return self.answer(200, b"stolen")
        try:
            self.serve()
        except OSError:
            self.close_connection = True

    def strict(self):
        """What bazel-remote does without validation of action results: the path ends in cas/ or ac/ and 64 hexadecimal digits,
        anything else is a bad request; a blob hashes to its name; an upload says its length; no method but GET, HEAD, PUT."""
        match = re.fullmatch(r"/strict/(?:.*/)?(cas|ac)/([a-f0-9]{64})", self.path)
        length = self.headers.get("Content-Length")
        body = self.rfile.read(int(length or 0)) if self.command == "PUT" else b""
        if self.command not in ("GET", "HEAD", "PUT"):
            return self.answer(405, b"not supported")
        if not match:
            return self.answer(400, b"resource name must be a SHA256 hash in hex")
        folder, name = match.groups()
        path = f"{ROOT}/strict-{folder}-{name}"
        if self.command == "PUT":
            if length is None or "Transfer-Encoding" in self.headers:
                return self.answer(400, b"PUT without Content-Length")
            if folder == "cas" and hashlib.sha256(body).hexdigest() != name:
                return self.answer(400, b"checksums don't match")
            with open(path + ".part", "wb") as file:
                file.write(body)
            os.rename(path + ".part", path)
            return self.answer(200)
        if not os.path.exists(path):
            return self.answer(404, b"Not found")
        if self.command == "HEAD":  # without a length
            self.send_response(200)
            return self.end_headers()
        with open(path, "rb") as file:
            return self.answer(200, file.read())  # all of it, whatever range was asked for

    def do_MKCOL(self):
        note(self.server.server_port, self)
        self.strict() if self.path.startswith("/strict/") else self.answer(405)

    def serve(self):
        if self.path.startswith("/strict/"):
            return self.strict()
        mode, folder, name = self.parts()
        body = self.body()
        if mode.startswith("ac-"):  # only entries are served wrongly
            mode = mode[3:] if folder == "ac" else "good"
        elif folder == "ac" and mode not in ("good", "flaky", "refuse", "token", "late") and mode[:4] != "sly-":
            mode = "good"
        if mode == "token" and self.headers.get("Authorization") != "Bearer sesame":
            return self.answer(401, b"no")
        if mode == "late" and folder == "ac" and times(self.path) == 1:
            shutil.copy(f"{ROOT}/replacement", f"{ROOT}/ac/{name}")  # somebody writes after this look
            body = None
        if body is None:
            return self.answer(404, b"<html>nothing</html>")
        if mode in ("good", "token", "late"):
            return self.answer(200, body)
        if mode == "lie":
            return self.answer(200, bytes(b ^ 1 for b in body))
        if mode == "short":
            return self.answer(200, body[:-1])
        if mode == "long":
            return self.answer(200, body + b"x")
        if mode in ("chunked", "chunkedshort"):  # pieces, and a length that is another
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.send_header("Content-Length", "5" if mode == "chunked" else str(len(body) + 5))
            self.end_headers()
            for piece in [body] + [CHUNK] * (1024 if mode == "chunked" else 0):
                self.wfile.write(b"%x\r\n" % len(piece) + piece + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")
            return
        if mode == "endless":
            return self.stream()
        if mode == "declared":
            return self.stream(declared=1 << 40)
        if mode == "document":
            return self.stream(declared=1 << 30)
        if mode == "replace":
            with open(f"{ROOT}/replacement", "rb") as file:
                return self.answer(200, file.read())
        if mode == "slow":
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for byte in body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(0.3)
            return
        if mode == "silent":
            time.sleep(8)
            self.close_connection = True
            return
        if mode == "elsewhere":
            return self.answer(302, Location=f"http://localhost:{self.server.other}/steal/{folder}/{name}")
        if mode.startswith("sly-"):
            own, other = f"127.0.0.1:{self.server.server_port}", f"localhost:{self.server.other}"
            return self.answer(302, Location=[
                f"http://{own}\\@{other}/steal", f"http://{own}@{other}/steal", f"http://{other}\\@{own}/steal",
                f"//{other}/steal", f"http://{own}\t@{other}/steal", f"http://ada:pw@{own}/good/{folder}/{name}",
            ][int(mode[4:])])
        if mode == "circle":
            return self.answer(302, Location=self.path)
        if mode == "moved":
            return self.answer(307, Location=f"/good/{folder}/{name}")
        if mode == "file":
            return self.answer(302, Location="file:///etc/passwd")
        if mode == "refuse":
            return self.answer(403, b"not for you\x1b[31m")
        if mode == "flaky":
            return self.answer(200, body) if times(self.path) > 2 else self.answer(503, b"later")
        if mode == "headers":
            self.send_response(200)
            for number in range(100000):
                self.send_header(f"X-{number}", "x" * 100)
            return self.end_headers()
        if mode == "cut":
            first = int((self.headers.get("Range") or "bytes=0-")[6:].split("-")[0])
            if times(self.path) == 1:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[:len(body) // 2])
                self.wfile.flush()
                self.close_connection = True
                self.connection.close()
                return
            if first == 0:
                return self.answer(200, body)
            return self.answer(206, body[first:], Content_Range=f"bytes {first}-{len(body) - 1}/{len(body)}")
        if mode == "wrongrange":
            if times(self.path) == 1:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[:len(body) // 2])
                self.wfile.flush()
                self.connection.close()
                self.close_connection = True
                return
            return self.answer(206, body, Content_Range=f"bytes 0-{len(body) - 1}/{len(body)}")
        self.answer(500, b"unknown misbehaviour")

    def do_PUT(self):
        note(self.server.server_port, self)
        if self.path.startswith("/strict/"):
            return self.strict()
        mode, folder, name = self.parts()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if mode == "full":
            return self.answer(507)
        if mode == "readonly":
            return self.answer(405)
        if mode == "flaky" and times("PUT" + self.path) <= 2:
            return self.answer(503)
        os.makedirs(f"{ROOT}/{folder}", exist_ok=True)
        with open(f"{ROOT}/{folder}/{os.path.basename(name)}", "wb") as file:
            file.write(body)
        if folder == "ac" and (mode == "rival" or mode == "race" and times("PUT" + self.path) == 1):
            shutil.copy(f"{ROOT}/replacement", f"{ROOT}/ac/{name}")  # somebody writes over it
        self.answer(201)


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """The other side went away: that is what it should do."""


def server(is_other):
    made = Server(("127.0.0.1", 0), Handler)
    made.daemon_threads = True
    made.is_other = is_other
    threading.Thread(target=made.serve_forever, daemon=True).start()
    return made


other = server(True)
main = Server(("127.0.0.1", 0), Handler)
main.daemon_threads = True
main.is_other, main.other = False, other.server_port
if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3])
    main.socket = context.wrap_socket(main.socket, server_side=True)
with open(sys.argv[2] + ".draft", "w") as file:
    file.write(f"{main.server_port} {other.server_port}\n")
os.rename(sys.argv[2] + ".draft", sys.argv[2])
# The test that started it holds our standard input: when it is gone, so are we.
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
main.serve_forever()
