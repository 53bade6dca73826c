#!/usr/bin/env python3
"""push and pull against the tools that people copy with, whole processes, in turn, ratio of medians.

  sharing.py small [N]    N objects of a few bytes (blobs and results; default 10000)
  sharing.py large [MiB]  four blobs of so many MiB that do not compress (default 256)

Peers move the same objects: for a directory `cp -r` and `sha256sum` of the copy, for a server (nginx with
WebDAV on loopback) `curl --parallel` with the same number of connections. The peers neither wait for the disk nor
compress, and curl checks no digest; ours do all of it. `durable` rows add `sync` to the peer.
"""
import glob, os, shutil, signal, socket, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
BITLAW = os.environ.get("BITLAW", os.path.join(HERE, "..", ".build", "release", "bitlaw"))
RUNS = int(os.environ.get("RUNS", "3"))


def run(command, cwd, check=True):
    start = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, shell=isinstance(command, str), capture_output=True, text=True)
    wall = time.perf_counter() - start
    if check and done.returncode != 0:
        sys.exit(f"{command}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return wall


def nginx(folder):
    """Starts nginx with WebDAV on a free port; gives the process and the address."""
    probe = socket.socket()
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
    probe.close()
    os.makedirs(f"{folder}/root/cas", exist_ok=True)
    os.makedirs(f"{folder}/root/ac", exist_ok=True)
    with open(f"{folder}/nginx.conf", "w") as file:
        file.write(f"""daemon off; master_process off; pid {folder}/pid; error_log {folder}/log;
events {{ worker_connections 512; }}
http {{ access_log off; client_max_body_size 0; client_body_temp_path {folder}/body; keepalive_requests 100000;
  proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {folder}/root;
    location / {{ dav_methods PUT MKCOL; create_full_put_path on; }} }} }}
""")
    child = subprocess.Popen(["nginx", "-e", f"{folder}/log", "-c", f"{folder}/nginx.conf"])
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return child, f"http://127.0.0.1:{port}"
        except OSError:
            time.sleep(0.05)
    sys.exit(open(f"{folder}/log").read())


def experiment(folder, kind, size):
    os.makedirs(f"{folder}/pipelines")
    if kind == "small":
        count, command = max(1, size // 3), 'echo "${i} {seed}"'
    else:
        count, command = 4, f"head -c {size << 20} /dev/urandom"
    with open(f"{folder}/pipelines/x.yaml", "w") as file:
        file.write(f"experiment: x\nseed: 1\naxes:\n  i: {{count: {count}}}\nstages:\n  cell:\n    kind: command\n"
                   f"    over: [i]\n    params: {{run: [sh, -c, '{command}']}}\n")


def row(name, ours, peers):
    text = f"{name:28} ours {statistics.median(ours):8.2f} s"
    for peer, walls in peers.items():
        ratio = statistics.median(walls) / statistics.median(ours)
        text += f"   {peer} {statistics.median(walls):7.2f} s, we reach {ratio:5.2f}"
    print(text, flush=True)


def main(kind, size):
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as top:
        a, b = f"{top}/a", f"{top}/b"
        experiment(a, kind, size)
        run([BITLAW, "run", "pipelines/x.yaml", "-q"], a)
        shutil.copytree(f"{a}/pipelines", f"{b}/pipelines")
        frames = glob.glob(f"{a}/.cache/cas/*/*") + glob.glob(f"{a}/.cache/actions/*/*")
        print(f"{len(frames)} objects, {sum(os.path.getsize(f) for f in frames)} bytes on disk; {RUNS} runs, in turn")
        # What curl moves: the same objects as they travel, uncompressed.
        plain = f"{top}/plain"
        os.makedirs(plain)
        for frame in frames:
            name = os.path.basename(os.path.dirname(frame)) + os.path.basename(frame).split(".")[0]
            if frame.endswith(".zst"):
                run(["zstd", "-dqf", frame, "-o", f"{plain}/{name}"], top)
            else:
                shutil.copy(frame, f"{plain}/{name}-result")
        names = sorted(os.listdir(plain))
        push, pull = {"ours": [], "cp+sha": [], "durable": []}, {"ours": []}
        for _ in range(RUNS):
            for folder in (f"{top}/remote", f"{top}/copy", f"{b}/.cache"):
                shutil.rmtree(folder, ignore_errors=True)
            run("sync", top)
            push["ours"].append(run([BITLAW, "push", "pipelines/x.yaml", "--to", f"{top}/remote", "-q"], a))
            run("sync", top)
            copy = run("mkdir copy && cp -r a/.cache/cas a/.cache/actions copy && "
                       "find copy -type f -print0 | xargs -0 sha256sum > sums", top)
            push["cp+sha"].append(copy)
            push["durable"].append(copy + run("sync", top))
            pull["ours"].append(run([BITLAW, "pull", "pipelines/x.yaml", "--from", f"{top}/remote", "-q"], b))
        peers = {k: push[k] for k in ("cp+sha", "durable")}
        row(f"directory push, {kind}", push["ours"], peers)
        row(f"directory pull, {kind}", pull["ours"], peers)
        server, url = nginx(f"{top}/server")
        try:
            up, down = {"ours": [], "curl": []}, {"ours": [], "curl": [], "durable": []}
            with open(f"{top}/up", "w") as file:
                for name in names:
                    file.write(f'upload-file = "{plain}/{name}"\nurl = "{url}/peer/{name}"\n')
            with open(f"{top}/down", "w") as file:
                for name in names:
                    file.write(f'output = "{top}/got/{name}"\nurl = "{url}/peer/{name}"\n')
            curl = "curl -sS --fail --parallel --parallel-immediate --parallel-max 16 -K "
            for _ in range(RUNS):
                for folder in (f"{top}/server/root/cas", f"{top}/server/root/ac", f"{top}/server/root/peer",
                               f"{top}/got", f"{b}/.cache"):
                    shutil.rmtree(folder, ignore_errors=True)
                os.makedirs(f"{top}/got")
                run("sync", top)
                up["ours"].append(run([BITLAW, "push", "pipelines/x.yaml", "--to", url, "-q"], a))
                run("sync", top)
                up["curl"].append(run(curl + "up -o /dev/null", top))
                run("sync", top)
                down["ours"].append(run([BITLAW, "pull", "pipelines/x.yaml", "--from", url, "-q"], b))
                run("sync", top)
                got = run(curl + "down", top)
                down["curl"].append(got)
                down["durable"].append(got + run("sync", top))
            row(f"nginx push, {kind}", up["ours"], {"curl": up["curl"]})
            row(f"nginx pull, {kind}", down["ours"], {k: down[k] for k in ("curl", "durable")})
            run([BITLAW, "verify", "-q"], b)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in ("small", "large"):
        sys.exit(__doc__)
    kind = sys.argv[1]
    main(kind, int(sys.argv[2]) if len(sys.argv) > 2 else {"small": 10000, "large": 256}[kind])
