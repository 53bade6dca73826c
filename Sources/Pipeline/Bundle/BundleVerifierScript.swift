/// The independent verifier that travels in every bundle: Python's standard library and `zstd`.
enum BundleVerifierScript {
    static let text = #"""
        #!/usr/bin/env python3
        """Checks a Bitlaw evidence bundle without Bitlaw (Python's standard library and the zstd program).

          python3 verify.py                        the unpacked bundle that this file is part of
          python3 verify.py FILE.bundle.tar.zst    a packed one, without unpacking it
          python3 verify.py [FILE] KEY.pub ...     also counts the signatures by these Ed25519 keys

        1. Every file has the SHA-256 that manifest.sha256 gives it, and no file is missing or extra.
        2. Every key document hashes to its name, the action key; every result stands under its key.
        3. Every output of a result is in data/ under its digest (but for bundles without data).
        4. Every input that a key names is an output of another result here, a file of the experiment,
           or a pinned download: the chain to the sources has no gap.
        5. The lock file says what the results say.
        6. Every signature is over what a result here says, and every one that says it is by a given key verifies;
           a signed audit by a given key attests what the results say.
        """
        import base64, hashlib, json, os, subprocess, sys, tarfile

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

        def packed(path):
            zstd = subprocess.Popen(["zstd", "-dcq", path], stdout=subprocess.PIPE)
            with tarfile.open(fileobj=zstd.stdout, mode="r|") as tar:
                for entry in tar:
                    if not entry.isreg(): problems.append(f"{entry.name}: not a plain file"); continue
                    yield entry.name, tar.extractfile(entry)
            if zstd.wait(): problems.append(f"{path}: zstd cannot read it")

        def unpacked(folder):
            for root, _, names in sorted(os.walk(folder)):
                for name in sorted(names):
                    path = os.path.join(root, name)
                    with open(path, "rb") as file: yield os.path.relpath(path, folder), file

        problems, digests, documents = [], {}, {}
        keys = [open(path).read() for path in sys.argv[1:] if path.endswith(".pub")]
        keys = [base64.b64decode("".join(text.split("\n")[1:-2]))[-32:] if "BEGIN" in text else bytes.fromhex(text.strip()) for text in keys]
        paths = [path for path in sys.argv[1:] if not path.endswith(".pub")]
        source = packed(paths[0]) if paths and os.path.isfile(paths[0]) else unpacked(
            paths[0] if paths else os.path.dirname(os.path.abspath(__file__)))
        for name, file in source:
            if name in digests: problems.append(f"{name}: stands there twice")
            hasher, kept = hashlib.sha256(), []
            for piece in iter(lambda: file.read(1 << 20), b""):
                hasher.update(piece)
                if not name.startswith("data/"): kept.append(piece)
            digests[name] = hasher.hexdigest()
            if kept: documents[name] = b"".join(kept)
        manifest = dict(reversed(line.split("  ", 1)) for line in documents.get("manifest.sha256", b"").decode().splitlines())
        for name in sorted(set(manifest) | set(digests) - {"manifest.sha256"}):                            # 1
            if manifest.get(name) != digests.get(name): problems.append(
                f"{name}: the manifest says {manifest.get(name, 'nothing')}, found {digests.get(name, 'nothing')}")
        index = json.loads(documents["bundle.json"])
        results, outputs = {}, {source["sha256"] for source in index["sources"]} | {file["sha256"] for file in index["files"]}
        for name, text in documents.items():
            key = name.split("/")[-1].removesuffix(".json")
            if name.startswith("keys/") and digests[name] != key: problems.append(f"{name}: hashes to {digests[name]}")  # 2
            if name.startswith("results/"):
                results[key] = json.loads(text)
                if results[key]["key"] != key: problems.append(f"{name}: is the result of {results[key]['key']}")
                if f"keys/{key}.json" not in documents: problems.append(f"{name}: its key document is missing")
                outputs |= {output["digest"] for output in results[key]["outputs"].values()}
        for action in index["actions"]:
            if action["key"] not in results: problems.append(f"{action['action']}: no result")
        for key, result in results.items():
            for name, output in result["outputs"].items():
                if not index["metaOnly"] and digests.get(f"data/{output['digest']}") != output["digest"]:   # 3
                    problems.append(f"{key}: output {name} is not in data/")
            for port, list in json.loads(documents.get(f"keys/{key}.json", b'{"inputs":{}}'))["inputs"].items():
                for place, input in enumerate(list):
                    if input["digest"] not in outputs: problems.append(f"{key}: input {port}[{place}] comes from nowhere")  # 4
        locked = set()
        for line in documents[index["lock"]].decode().splitlines():                                         # 5
            if line.startswith("action "): key = line.split(" ")[1]; locked.add(key)
            if line.startswith("output "):
                _, digest, output, _ = line.split(" ", 3)
                if results.get(key, {}).get("outputs", {}).get(output, {}).get("digest") != digest:
                    problems.append(f"lock: {line}: the result says otherwise")
        if locked != set(results): problems.append("lock: its actions are not those of the results")
        signers = {}
        for name in sorted(name for name in documents if name.startswith("signatures/")):                   # 6
            envelope = json.loads(documents[name])
            payload, kind, good = base64.b64decode(envelope["payload"]), envelope["payloadType"].encode(), set()
            message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
            for key in keys:
                own = [one for one in envelope["signatures"] if one.get("keyid", "") in ("", hashlib.sha256(key).hexdigest())]
                if any(verifies(key, base64.b64decode(one["sig"]), message) for one in own): good.add(key)
                elif any(one.get("keyid") for one in own): problems.append(f"{name}: a signature by {hashlib.sha256(key).hexdigest()[:12]} does not verify")
            said, predicate = json.loads(payload), json.loads(payload)["predicate"]
            if said["predicateType"] == "urn:bitlaw:result:1":
                result, key = results.get(predicate["key"], {"outputs": {}}), predicate["key"]
                here = [result.get("kind"), result.get("version"), {n: o["digest"] for n, o in result["outputs"].items()},
                        {n: o["size"] for n, o in result["outputs"].items()}]
                if name != f"signatures/{key}.json" or here != [predicate["kind"], predicate["version"],
                        {s["name"]: s["digest"]["sha256"] for s in said["subject"]}, predicate["sizes"]]:
                    problems.append(f"{name}: is of another result than the one here")
                else: signers.setdefault(key, set()).update(good)
                continue
            if keys and not good: print(f"{name}: signed by none of the given keys")
            for attested in predicate["buildDefinition"]["internalParameters"]["results"]:
                here = {n: output["digest"] for n, output in results.get(attested["key"], {"outputs": {}})["outputs"].items()}
                if here and good and here != attested["outputs"]: problems.append(f"{name}: other bits for {attested['action']}")
                elif here: signers.setdefault(attested["key"], set()).update(good)
        for problem in problems: print(problem)
        if keys: print("signers of each action: " + ", ".join(f"{n} have {sum(len(signers.get(k, ())) == n for k in results)} actions"
                 for n in range(len(keys) + 1) if any(len(signers.get(k, ())) == n for k in results)))
        print(f"{len(digests)} files, {len(results)} results, {len(documents)} documents: " + ("NOT GOOD" if problems else "every digest is right"))
        sys.exit(4 if problems else 0)
        """# + "\n"
}
