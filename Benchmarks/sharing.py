#!/usr/bin/env python3
"""push and pull against the tools that people copy with, whole processes, in turn, ratio of medians.

  sharing.py small [N]    N objects of a few bytes (blobs and results; default 10000)
  sharing.py large [MiB]  four blobs of so many MiB that do not compress (default 256)

Peers move the same objects. For a directory: `cp -r`, then `sha256sum` of every file of the copy. For a server (nginx with
WebDAV on loopback): `curl --parallel` with as many connections. What each side does:

  ours, any       every byte is hashed and compared with the blob's name, what is written is on the disk before a result names it
                  (syncfs), blobs are compressed in stores; push first asks for every result whether it is there
  cp+sha          reads, writes, reads the copy again and prints digests that nobody compares; waits for nothing
  curl            reads or writes; checks nothing, waits for nothing
  same work       the peer, with what ours also promises: `sync -f`, and after curl's download `sha256sum` of every file

Each round writes into new folders: ext4 searches long for inodes that nobody deleted within the last seconds.
"""
import atexit, glob, os, shutil, signal, socket, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
BITLAW = os.environ.get("BITLAW", os.path.join(HERE, "..", ".build", "release", "bitlaw"))
# The experiments here start programs: this configuration approves them, and goes away at the end.
os.environ["BITLAW_CONFIG"] = tempfile.mkdtemp(prefix="bitlaw-bench-")
atexit.register(shutil.rmtree, os.environ["BITLAW_CONFIG"], ignore_errors=True)
with open(os.path.join(os.environ["BITLAW_CONFIG"], "config.yaml"), "w") as file:
    file.write("programs: allowed\n")
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
        a = f"{top}/a"
        experiment(a, kind, size)
        run([BITLAW, "run", "pipelines/x.yaml", "-q"], a)
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
        push, pull = {"ours": [], "cp+sha": [], "same work": []}, {"ours": []}
        for turn in range(RUNS):
            os.makedirs(f"{top}/{turn}")
            shutil.copytree(f"{a}/pipelines", f"{top}/{turn}/b/pipelines")
            remote = f"{top}/{turn}/remote"
            run(f"sync -f {top}", top)
            push["ours"].append(run([BITLAW, "push", "pipelines/x.yaml", "--to", remote, "-q"], a))
            copy = (f"mkdir {turn}/COPY && cp -r a/.cache/cas a/.cache/actions {turn}/COPY && "
                    f"find {turn}/COPY -type f -print0 | xargs -0 sha256sum > {turn}/COPY.sums")
            run(f"sync -f {top}", top)
            push["cp+sha"].append(run(copy.replace("COPY", "copy"), top))
            run(f"sync -f {top}", top)
            push["same work"].append(run(copy.replace("COPY", "durable") + " && sync -f .", top))
            pull["ours"].append(run([BITLAW, "pull", "pipelines/x.yaml", "--from", remote, "-q"], f"{top}/{turn}/b"))
            if kind == "large":
                run(f"rm -rf {turn}", top)
        peers = {k: push[k] for k in ("cp+sha", "same work")}
        row(f"directory push, {kind}", push["ours"], peers)
        row(f"directory pull, {kind}", pull["ours"], peers)
        server, url = nginx(f"{top}/server")
        try:
            up, down = {"ours": [], "curl": []}, {"ours": [], "curl": [], "same work": []}
            curl = "curl -sS --fail --parallel --parallel-immediate --parallel-max 16 -K "
            for turn in range(RUNS):
                got, reader = f"{top}/got{turn}", f"{top}/reader{turn}"
                os.makedirs(got)
                shutil.copytree(f"{a}/pipelines", f"{reader}/pipelines")
                with open(f"{top}/up", "w") as file:
                    for name in names:
                        file.write(f'upload-file = "{plain}/{name}"\nurl = "{url}/{turn}/peer/{name}"\n')
                with open(f"{top}/down", "w") as file:
                    for name in names:
                        file.write(f'output = "{got}/{name}"\nurl = "{url}/{turn}/peer/{name}"\n')
                run(f"sync -f {top}", top)
                up["ours"].append(run([BITLAW, "push", "pipelines/x.yaml", "--to", f"{url}/{turn}", "-q"], a))
                run(f"sync -f {top}", top)
                up["curl"].append(run(curl + "up -o /dev/null", top))
                run(f"sync -f {top}", top)
                down["ours"].append(run([BITLAW, "pull", "pipelines/x.yaml", "--from", f"{url}/{turn}", "-q"], reader))
                run(f"sync -f {top}", top)
                bare = run(curl + "down", top)
                down["curl"].append(bare)
                down["same work"].append(
                    bare + run(f"find {got} -type f -print0 | xargs -0 sha256sum > sums && sync -f {top}", top))
                if kind == "large":
                    run(f"rm -rf {got} {top}/server/root/{turn}", top)
                    if turn + 1 < RUNS:
                        run(f"rm -rf {reader}", top)
            row(f"nginx push, {kind}", up["ours"], {"curl": up["curl"]})
            row(f"nginx pull, {kind}", down["ours"], {k: down[k] for k in ("curl", "same work")})
            b = reader
            run([BITLAW, "verify", "-q"], b)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in ("small", "large"):
        sys.exit(__doc__)
    kind = sys.argv[1]
    main(kind, int(sys.argv[2]) if len(sys.argv) > 2 else {"small": 10000, "large": 256}[kind])
