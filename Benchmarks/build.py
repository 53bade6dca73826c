"""What a developer waits for: processor seconds of a build after a small change.

    python3 Benchmarks/build.py                   this checkout
    python3 Benchmarks/build.py --against FOLDER  and another one (an older commit's, say), in turn

Works on copies in a temporary folder (BENCH_TMP chooses the disk), so that no checkout's build is touched. Prints
user + system seconds of the compiler and the build tool; they hardly move when the machine is busy, the wall
seconds beside them do. Ends with the digest of what was compiled.
"""
import hashlib, os, re, resource, shutil, subprocess, sys, tempfile, time

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
COMMAND = ["swift", "build", "-c", "release", "--static-swift-stdlib", "--product", "bitlaw",
           "--explicit-target-dependency-import-check", "error"]
STORE_FUNCTION = "\nextension Store {\n    /// Added by the benchmark.\n    package func addedByTheBenchmark() -> Int { 1 }\n}\n"


def sources(folder):
    for base, _, names in os.walk(os.path.join(folder, "Sources")):
        for name in sorted(names):
            if name.endswith(".swift"):
                yield os.path.join(base, name)


def declaring(folder, what):
    """The file that declares a type, wherever this version keeps it."""
    return next(path for path in sources(folder)
                if re.search(rf"^(package )?(final )?{what}\b", open(path).read(), re.MULTILINE))


def build(folder):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
    subprocess.run(COMMAND, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.time() - start


def append(path, text):
    with open(path, "a") as out:
        out.write(text)


# What is changed, and the declaration by whose file it is found.
CHANGES = [
    ("a comment in the program", "struct PlanCommand", None),
    ("a comment in Spiral", "enum SpiralManifoldStage", None),
    ("a comment in Laws", "(struct|enum) LawDocument", None),
    ("a comment in HiddenFactors", "(struct|enum) FactorClaims", None),
    ("a comment in Spectra", "(struct|enum|class) PlateauTheory", None),
    ("a comment in ComputeOptimal", "struct RiskBound", None),
    ("a comment in DynamicalModel", "(struct|enum) FeatureTheory", None),
    ("a comment in EqualCompute", "(struct|enum|class) TextModel", None),
    ("a comment in Numerics", "(struct|class) EmbeddingNetwork", None),
    ("a comment in the store", "class Store", None),
    ("a new function in the store", "class Store", STORE_FUNCTION),
]


def main(others):
    folders = [ROOT] + others
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_TMP")) as scratch:
        copies = []
        for number, folder in enumerate(folders):
            copy = os.path.join(scratch, str(number))
            shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".build*", ".cache", ".git", "out"))
            copies.append(copy)
        text = hashlib.sha256()
        for path in sources(copies[0]):
            text.update(open(path, "rb").read())
        print("# processor seconds (wall seconds), one build each, in turn: " + " | ".join(map(os.path.basename, folders)))
        rows = [("a full build", None, None)] + CHANGES
        for name, what, addition in rows:
            figures = []
            for copy in copies:
                if what:
                    append(declaring(copy, what), addition or "// a comment\n")
                processor, wall = build(copy)
                figures.append(f"{processor:7.1f} ({wall:.0f})")
            print(f"{name:32s} " + "  ".join(figures), flush=True)
        print(f"sources {text.hexdigest()}")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main([os.path.abspath(arguments[1])] if arguments[:1] == ["--against"] and len(arguments) == 2 else [])
