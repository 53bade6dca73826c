#!/usr/bin/env python3
"""Checks a Bitlaw evidence bundle without Bitlaw (Python's standard library and the zstd program).

  python3 verify.py                        the unpacked bundle that this file is part of
  python3 verify.py FILE.bundle.tar.zst    a packed one, without unpacking it
  python3 verify.py [FILE] KEY.pub ...     also counts the signatures by these Ed25519 keys

Who made the bundle could have changed this file too: `bitlaw bundle verifier` prints it. That the experiment
file gives these keys is for `bitlaw bundle verify`: it alone reads experiment files.

1. Every file is a plain one with a harmless name, once, and has the SHA-256 that manifest.sha256 gives it;
   none is missing or extra, and each belongs to an action.
2. Every key document hashes to its name, the action key; every result stands under its key, with its kind,
   and its members hash to its sha256.
3. Every output of a result is in data/ under its digest, of its size (but for bundles without data); of one
   that is a folder, its manifest, and every file that this names.
4. Every input that a key names is an output of another result here, a file of the experiment, or a download
   that the experiment file pins: the chain to the sources has no gap.
5. The lock file and the index say what the results say, of the same actions.
6. Every signature is over what a result here says, and every one that says it is by a given key verifies;
   a signed audit by a given key attests what the results say.
"""
import base64, hashlib, json, os, re, stat, subprocess, sys

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P

def decompress(raw):  # a point (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z: RFC 8032, section 5.1.3
    y = int.from_bytes(raw, "little"); sign, y = y >> 255, y & (1 << 255) - 1
    x2 = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P: x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - x2) % P or (x == 0 and sign): raise ValueError("no point of the curve")
    if x & 1 != sign: x = P - x
    return x, y, 1, x * y % P

def add(p, q):  # section 5.1.4
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * D * p[3] * q[3] % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P

def times(n, point):
    total = (0, 1, 1, 0)
    while n:
        if n & 1: total = add(total, point)
        point, n = add(point, point), n >> 1
    return total

def verifies(key, signature, message):
    try: a, r, s = decompress(key), decompress(signature[:32]), int.from_bytes(signature[32:], "little")
    except ValueError: return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    base = decompress((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    u, v = times(s, base), add(r, times(h, a))
    return len(signature) == 64 and s < L and not any((u[i] * v[2] - v[i] * u[2]) % P for i in (0, 1))

problems, digests, sizes, documents = [], {}, {}, {}

def packed(path):  # tar (ustar) in zstd; nothing but plain files
    zstd = subprocess.Popen(["zstd", "-dcq", path], stdout=subprocess.PIPE)
    while len(head := zstd.stdout.read(512)) == 512 and any(head):
        field = lambda start, end: head[start:end].split(b"\0")[0]
        if int(head[148:156].strip(b" \0") or b"0", 8) != sum(head[:148]) + 256 + sum(head[156:]): raise ValueError("no tar header")
        name = (field(345, 500) + b"/" if field(345, 500) else b"") + field(0, 100)
        size = int.from_bytes(head[125:136], "big") if head[124] & 128 else abs(int(field(124, 136).strip() or b"0", 8))
        def pieces(left=size):
            while left:
                piece = zstd.stdout.read(min(left, 1 << 20))
                if not piece: raise ValueError("the archive is cut short")
                left -= len(piece)
                yield piece
        if head[156] in b"0\0": yield name.decode(), pieces()
        else: problems.append(f"{name.decode()}: no plain file"); [None for _ in pieces()]
        zstd.stdout.read(-size % 512)
    if len(head) < 512 or any(zstd.stdout.read(1 << 20)) or zstd.stdout.read(1): problems.append(f"{path}: expected zeros at its end, and nothing behind")
    zstd.stdout.close()
    if zstd.wait(): problems.append(f"{path}: zstd cannot read it")

def unpacked(folder):
    for root, folders, names in sorted(os.walk(folder)):
        for path in [os.path.join(root, name) for name in sorted(names) + [f for f in folders if os.path.islink(os.path.join(root, f))]]:
            if not stat.S_ISREG(os.lstat(path).st_mode): problems.append(f"{os.path.relpath(path, folder)}: no plain file"); continue
            with open(path, "rb") as file: yield os.path.relpath(path, folder), iter(lambda: file.read(1 << 20), b"")

budget = [1 << 26, 1_000_000]  # bytes of documents, and their values, that may still come: as `bitlaw bundle verify` allows

def spend(count, kind, name):
    budget[kind] -= count
    if budget[kind] < 0: raise ValueError(f"{name}: the documents of this bundle are too large beside it: 64 MiB and 64 times its bytes at most")

def take(name, pieces):  # documents are kept
    if any(part in ("", ".", "..") for part in name.split("/")) or any(c < " " or c in "\\\x7f" for c in name): problems.append(f"{name!r}: no harmless relative name")
    if name in digests: problems.append(f"{name}: stands there twice")
    is_document = name.startswith(("keys/", "results/", "signatures/")) or name.endswith((".lock", ".yaml", ".yml")) or name in ("bundle.json", "manifest.sha256")
    hasher, kept, size = hashlib.sha256(), [], 0
    for piece in pieces:
        if not size and name.startswith("data/") and piece.startswith(b'{"format":"bitlaw/tree/1"'): is_document = True  # a folder
        hasher.update(piece)
        size += len(piece)
        if is_document: spend(len(piece), 0, name); kept.append(piece)
    if not is_document and os.path.isdir(folder): budget[:] = budget[0] + size, budget[1] + size
    digests[name], sizes[name] = hasher.hexdigest(), size
    if is_document: documents[name] = b"".join(kept)

def parse(text):
    spend(sum(text.count(mark) for mark in (b",", b"[", b"{")), 1, "JSON")
    def once(pairs):
        if len(dict(pairs)) != len(pairs): raise ValueError("a member of JSON stands twice")
        return dict(pairs)
    return json.loads(text, object_pairs_hook=once)

folders = {}

def folder_members(digest):  # of an output that is a folder
    if digest not in folders:
        folders[digest] = parse(documents.get(f"data/{digest}", b"{}")).get("members", [])
        if f"data/{digest}" not in documents: problems.append(f"data/{digest}: no manifest of a folder")
    return folders[digest]

def check(keys):
    manifest = {}
    for line in documents["manifest.sha256"].decode().splitlines():                                     # 1
        digest, _, name = line.partition("  ")
        if name in manifest: problems.append(f"manifest.sha256: {name} stands there twice")
        manifest[name] = digest
    for name in sorted(set(manifest) | set(digests) - {"manifest.sha256"}):
        if manifest.get(name) != digests.get(name): problems.append(
            f"{name}: the manifest says {manifest.get(name, 'nothing')}, found {digests.get(name, 'nothing')}")
    index, results, kinds, known, read = parse(documents["bundle.json"]), {}, {}, set(), set()
    for file in index["files"]:
        if digests.get(file["path"]) != file["sha256"]: problems.append(f"{file['path']}: bundle.json says {file['sha256']}")
        else: known.add(file["sha256"])
    outside = index.get("outside", [])
    for file in outside:                                  # What stands outside the project stays with its owner.
        if file["path"] in digests or not file["path"].startswith("experiment/"): problems.append(f"{file['path']}: bundle.json says that it was left out, and says so wrongly")
        else: known.add(file["sha256"]); print(f"left out, outside the project; what reads it can be made again only by who has it: {file['path']!r}")
    trees, here = index.get("folders", []), {file["path"]: (file["sha256"], file.get("executable", False)) for file in index["files"] + outside}
    for folder in trees:                                  # Read as one thing: its files are here, and its tree names them.
        said = json.dumps(folder["tree"], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        if hashlib.sha256(said).hexdigest() != folder["sha256"]: problems.append(f"{folder['path']}: its tree is not what bundle.json says")
        for member in folder["tree"]["members"]:
            place = f"{folder['path']}/{member['path']}"
            if "folder" not in member and here.get(place) != (member.get("digest"), member.get("executable", False)): problems.append(f"{place}: is not as the tree of its folder says")
        known.add(folder["sha256"])
    includes = index.get("includes", [])
    for file in includes:
        if digests.get(file["path"]) != file["sha256"] or not file["path"].startswith("experiment/"): problems.append(f"{file['path']}: bundle.json says {file['sha256']}")
    pins = b"\n".join(documents[path] for path in [index["file"]] + [file["path"] for file in includes])
    for source in index["sources"]:
        if source["sha256"].encode() not in pins: problems.append(f"{source['url']}: the experiment file does not pin {source['sha256']}")
        elif not index["metaOnly"] and digests.get(f"data/{source['sha256']}") != source["sha256"]: problems.append(f"{source['url']}: its bytes are not in data/")
        else: known.add(source["sha256"])
    for name in sorted(documents):                                                                      # 2
        key = name.split("/")[-1].removesuffix(".json")
        if name.startswith("keys/"):
            if name != f"keys/{digests[name]}.json": problems.append(f"{name}: hashes to {digests[name]}")
            kinds[key] = parse(documents[name])
        if name.startswith("results/"):
            results[key] = parse(documents[name])
            if name != f"results/{key}.json" or results[key]["key"] != key: problems.append(f"{name}: is the result of {results[key]['key']}")
            known |= {output["digest"] for output in results[key]["outputs"].values()}
            for output in results[key]["outputs"].values() if not index["metaOnly"] else []:
                if output.get("tree"): known |= {member["digest"] for member in folder_members(output["digest"]) if "digest" in member}
            seal = results[key].get("sha256")
            said = re.sub(rb',"made":\["[0-9a-f",]*"\]', b"", documents[name].replace(f',"sha256":"{seal}"'.encode(), b"", 1), count=1)
            if seal is not None and hashlib.sha256(said).hexdigest() != seal: problems.append(f"{name}: its members do not hash to its sha256")
    frozen = {action["key"] for action in index["actions"] if action.get("frozen")} - {action["key"] for action in index["actions"] if not action.get("frozen")}
    for action in index["actions"]:                       # What is frozen was made elsewhere: its own inputs are not here.
        if action["key"] in frozen: print(f"frozen, not made by this experiment file: {action['action']!r}")
    if frozen and b"freeze" not in documents[index["file"]]: problems.append("bundle.json: says frozen, the experiment file does not")
    commands = {action["action"].split("[")[0] for action in index["actions"] if kinds.get(action["key"], {}).get("kind") == "command" and action["key"] not in frozen}
    if commands: print(f"contains commands: {len(commands)} stage{'s' * (len(commands) != 1)}; bitlaw runs them confined, or only after bitlaw trust, sh recipes.sh at once, as you: {', '.join(map(repr, sorted(commands)[:5]))}")
    for name in sorted(digests):
        if name.split("/")[-1] == "bitlaw.yaml": print(f"brings {name!r}; what it asks for counts only after bitlaw trust")
    for key, result in results.items():
        if key not in kinds: problems.append(f"results/{key}.json: its key document is missing"); continue
        if [result["kind"], result["version"]] != [kinds[key]["kind"], kinds[key]["version"]]: problems.append(f"results/{key}.json: its kind is not that of its key")
        for name, output in result["outputs"].items():
            place = f"data/{output['digest']}"
            if not index["metaOnly"] and (digests.get(place), sizes.get(place)) != (output["digest"], output["size"]):   # 3
                problems.append(f"{key}: output {name} is not in data/ as the result says")
            for member in folder_members(output["digest"]) if output.get("tree") and not index["metaOnly"] else []:
                place = f"data/{member.get('digest')}"
                if "digest" in member and (digests.get(place), sizes.get(place)) != (member["digest"], member["size"]):
                    problems.append(f"{key}: output {name}: {member['path']!r} is not in data/ as the manifest of the folder says")
        for port, inputs in kinds[key]["inputs"].items():
            for place, input in enumerate(inputs):
                read.add(input["digest"])
                if input["digest"] not in known and key not in frozen: problems.append(f"{key}: input {port}[{place}] comes from nowhere")     # 4
    read |= {member.get("digest") for folder in trees if folder["sha256"] in read for member in folder["tree"]["members"]}
    places = {f"keys/{key}.json" for key in results} | {f"results/{key}.json" for key in results} | {index["file"], index["lock"]}
    places |= {f"data/{digest}" for digest in known | {result.get("log") for result in results.values()}}
    places |= {file["path"] for file in index["files"] if file["sha256"] in read} | {file["path"] for file in includes}
    places |= {"manifest.sha256", "bundle.json", "verify.py", "recipes.sh", "README.md", "ro-crate-metadata.json"}
    for name in sorted(set(digests) - places):
        if not name.startswith("signatures/") and not (name == "report.html" and digests[name] in known): problems.append(f"{name}: belongs to no action of this bundle")
    locked = []
    for line in documents[index["lock"]].decode().split("\n"):                                          # 5
        said = line.split(" ", 4)
        if said[0] == "action": locked.append((said[1], json.loads(said[4]) if said[4][:1] == '"' else said[4], said[2], said[3], {}))
        if said[0] == "output" and said[2] in locked[-1][4]: problems.append(f"lock: {line}: stands there twice")
        if said[0] == "output": locked[-1][4][said[2]] = said[1]
    for key, name, profile, kind, outputs in locked:
        if outputs != {n: o["digest"] for n, o in results.get(key, {"outputs": {}})["outputs"].items()}: problems.append(f"lock: {name}: the result says otherwise")
        of = kinds.get(key, {"kind": "", "version": "", "profile": None})
        if (kind, profile) != (f"{of['kind']}/{of['version']}", of["profile"] or "-"): problems.append(f"lock: {name}: the key says {of['kind']}/{of['version']}, profile {of['profile'] or '-'}")
    named = sorted((action["key"], action["action"]) for action in index["actions"])
    if sorted(action[:2] for action in locked) != named: problems.append("lock: its actions are not those of bundle.json")
    if {key for key, _ in named} != set(results): problems.append("bundle.json: its actions are not those of the results")
    signers = {}
    for name in sorted(name for name in documents if name.startswith("signatures/")):                   # 6
        envelope = parse(documents[name])
        payload, kind, good = base64.b64decode(envelope["payload"], validate=True), envelope["payloadType"].encode(), set()
        message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
        for key in keys:
            own = [one for one in envelope["signatures"] if one.get("keyid", "") in ("", hashlib.sha256(key).hexdigest())]
            if any(verifies(key, base64.b64decode(one["sig"], validate=True), message) for one in own): good.add(key)
            elif any(one.get("keyid") for one in own): problems.append(f"{name}: a signature by {hashlib.sha256(key).hexdigest()[:12]} does not verify")
        said = parse(payload); predicate = said["predicate"]
        if said["predicateType"] == "urn:bitlaw:result:1":
            result, key = results.get(predicate["key"], {"outputs": {}}), predicate["key"]
            here = [result.get("kind"), result.get("version"), {n: o["digest"] for n, o in result["outputs"].items()},
                    {n: o["size"] for n, o in result["outputs"].items()}, sorted(n for n, o in result["outputs"].items() if o.get("tree"))]
            if name != f"signatures/{key}.json" or here != [predicate["kind"], predicate["version"],
                    {s["name"]: s["digest"]["sha256"] for s in said["subject"]}, predicate["sizes"], sorted(predicate.get("trees", []))]:
                problems.append(f"{name}: is of another result than the one here")
            else: signers.setdefault(key, set()).update(good)
            continue
        if keys and not good: print(f"{name}: signed by none of the given keys")
        for attested in predicate["buildDefinition"]["internalParameters"]["results"]:
            here = {n: output["digest"] for n, output in results.get(attested["key"], {"outputs": {}})["outputs"].items()}
            if here and good and here != attested["outputs"]: problems.append(f"{name}: other bits for {attested['action']}")
            elif here: signers.setdefault(attested["key"], set()).update(good)
    if keys:
        having = [(sum(len(signers.get(k, ())) == n for k in results), n) for n in range(len(keys) + 1)]
        print("signers of each action: " + ", ".join(f"{c} {'action has' if c == 1 else 'actions have'} {n}" for c, n in having if c))
    return len(results)

count = 0
keys = [open(path).read() for path in sys.argv[1:] if path.endswith(".pub")]
keys = {base64.b64decode("".join(text.split("\n")[1:-2]))[-32:] if "BEGIN" in text else bytes.fromhex(text.strip()) for text in keys}
paths = [path for path in sys.argv[1:] if not path.endswith(".pub")]
if len(paths) > 1 or not all(map(os.path.exists, paths)): sys.exit("expected one bundle and public keys (FILE.pub), found " + " ".join(paths))
folder = paths[0] if paths else os.path.dirname(os.path.abspath(__file__))
if os.path.isfile(folder): budget = [budget[0] + 64 * os.path.getsize(folder), budget[1] + os.path.getsize(folder)]
try:
    for name, pieces in packed(folder) if os.path.isfile(folder) else unpacked(folder): take(name, pieces)
    count = check(sorted(keys))
except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError) as error:
    problems.append(f"malformed: {type(error).__name__}: {error}")
for problem in problems: print("".join(c if c.isprintable() else "\ufffd" for c in problem))
print(f"{len(digests)} files, {count} results, {len(documents)} documents: " + ("NOT GOOD" if problems else "every digest is right"))
sys.exit(4 if problems else 0)
