#!/usr/bin/env python3
"""Makes the tarball of a release. `make dist` runs it, before the build and after.

dist.py link FOLDER              what makes the linker take the archives of libraries in place of shared ones
dist.py pack BUILD MAP FOLDER    the tarball, its list of parts and its checksums, from the build in BUILD

The same build gives the same bytes: names are sorted, and no time, user or path of the machine is in the tarball.
"""

import datetime
import gzip
import hashlib
import io
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tarfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What the program links beside Swift's own libraries: the library's name, and the name that pkg-config has for it.
LIBRARIES = {"zstd": "libzstd", "yaml": "yaml-0.1", "cmark": "libcmark"}
# The licence of each Debian package that something is taken from, as SPDX writes it.
LICENCES = {
    "libzstd-dev": "BSD-3-Clause OR GPL-2.0-only",
    "libyaml-dev": "MIT",
    "libcmark-dev": "BSD-2-Clause AND MIT",
    "libstdc++-dev": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libgcc-dev": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libc6-dev": "LGPL-2.1-or-later",
}
SWIFT_LICENCE = "Apache-2.0 WITH Swift-exception"


def ask(*words):
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))} ended with exit code {done.returncode}: {done.stderr}")
    return done.stdout


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# Before the build

def link(folder):
    """A folder that the linker searches first: it has archives and no shared library."""
    libraries, packages = folder / "lib", folder / "pkgconfig"
    for place in libraries, packages:
        place.mkdir(parents=True, exist_ok=True)
    # C++'s library is part of Swift's runtime. The linker asks for the shared half of GCC's library by name: the
    # archive with the same functions takes its place.
    archives = {f"lib{name}.a": f"lib{name}.a" for name in [*LIBRARIES, "stdc++"]} | {"libgcc_s.a": "libgcc_eh.a"}
    for name, archive in archives.items():
        path = pathlib.Path(ask("gcc", f"-print-file-name={archive}").strip())
        if not path.is_absolute():
            sys.exit(f"{archive}: no such archive\n  fix: make packages")
        (libraries / name).unlink(missing_ok=True)
        (libraries / name).symlink_to(path.resolve())
    for name, package in LIBRARIES.items():
        (packages / f"{package}.pc").write_text(
            f"Name: {package}\nDescription: the archive\nVersion: 0\nLibs: -L{libraries} -l{name}\nCflags:\n")


# After it

def archives_of(text):
    """The archives that the linker took something from, as its map names them."""
    return sorted({os.path.realpath(name) for name in re.findall(r"^(/[^\s(]+\.a)\(", text, re.MULTILINE)})


def package_of(archive):
    """The Debian package that a file belongs to."""
    found = subprocess.run(["dpkg-query", "-S", archive], capture_output=True, text=True)
    if found.returncode != 0:  # what was moved from /lib to /usr/lib is known by its old name
        found = subprocess.run(["dpkg-query", "-S", archive.removeprefix("/usr")], capture_output=True, text=True)
    if found.returncode != 0:
        sys.exit(f"{archive}: no Debian package has this file, so its licence is not known")
    return found.stdout.split(":")[0]


def debian(package, archives):
    version, arch, source = ask(
        "dpkg-query", "-W", "-f", "${Version} ${Architecture} ${source:Package}", package).split()
    # The compiler's packages carry its version in their names.
    known = re.sub(r"-\d+-dev$", "-dev", package)
    if known not in LICENCES:
        sys.exit(f"{package}: its licence is not listed in {__file__}\n  fix: add it there, as SPDX writes it")
    return {
        "type": "library", "bom-ref": package, "name": package, "version": version,
        "purl": f"pkg:deb/debian/{package}@{version}?arch={arch}",
        "licenses": [{"expression": LICENCES[known]}],
        "properties": [
            {"name": "debian:source", "value": source},
            *({"name": f"sha256:{pathlib.Path(a).name}", "value": sha256(pathlib.Path(a).read_bytes())}
              for a in archives)],
    }, pathlib.Path(f"/usr/share/doc/{package}/copyright").read_bytes()


def swift_package(pin):
    checkout = ROOT / ".build/checkouts" / pin["identity"]
    name, state = pin["identity"], pin["state"]
    place = pin["location"].removesuffix(".git")
    return {
        "type": "library", "bom-ref": name, "name": name, "version": state["version"],
        "purl": f"pkg:swift/{place.removeprefix('https://')}@{state['version']}",
        "licenses": [{"expression": SWIFT_LICENCE}],
        "externalReferences": [{"type": "vcs", "url": f"{place}#{state['revision']}"}],
    }, (checkout / "LICENSE.txt").read_bytes()


def swift_runtime(archives):
    version = re.search(r"Swift version (\S+)", ask(os.environ.get("SWIFT", "swift"), "--version"))[1]
    toolchain = pathlib.Path(archives[0]).parents[4]
    return {
        "type": "library", "bom-ref": "swift-runtime", "name": "swift-runtime", "version": version,
        "purl": f"pkg:github/swiftlang/swift@swift-{version}-RELEASE",
        "licenses": [{"expression": SWIFT_LICENCE}],
        "properties": [
            {"name": f"sha256:{pathlib.Path(a).name}", "value": sha256(pathlib.Path(a).read_bytes())}
            for a in archives],
    }, (toolchain / "usr/share/swift/LICENSE.txt").read_bytes()


def parts(build, text):
    """Each library that is inside, with the text of its licence."""
    archives = archives_of(text)
    runtime = [a for a in archives if "/swift_static/" in a]
    packages = {}
    for archive in set(archives) - set(runtime):
        packages.setdefault(package_of(archive), set()).add(archive)
    # The program's first instructions, and all of glibc in the keeper, which has no other library.
    packages.setdefault("libc6-dev", set()).add(os.path.realpath(ask("gcc", "-print-file-name=libc.a").strip()))
    found = [swift_package(pin) for pin in json.loads((ROOT / "Package.resolved").read_text())["pins"]]
    found += [swift_runtime(runtime)]
    found += [debian(name, sorted(files)) for name, files in packages.items()]
    return sorted(found, key=lambda part: part[0]["name"])


def needs(program):
    """The newest glibc that a symbol asks for, and the shared libraries that are needed."""
    versions = re.findall(r"GLIBC_(\d+)\.(\d+)", ask("readelf", "--version-info", "--wide", program))
    newest = max((int(a), int(b)) for a, b in versions)
    shared = re.findall(r"NEEDED.*\[(.*)\]", ask("readelf", "--dynamic", "--wide", program))
    foreign = [name for name in shared if not re.match(r"(libc|libm|ld-linux[-\w]*)\.so", name)]
    if foreign:
        sys.exit(f"{program}: expected no shared library but glibc's, found {', '.join(foreign)}")
    return f"{newest[0]}.{newest[1]}", shared


def bill(version, components):
    """The list of parts, in the form of CycloneDX 1.5."""
    return json.dumps({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"component": {
            "type": "application", "bom-ref": "bitlaw", "name": "bitlaw", "version": version,
            "licenses": [{"expression": "Apache-2.0"}]}},
        "components": components,
        "dependencies": [{"ref": "bitlaw", "dependsOn": [c["bom-ref"] for c in components]}],
    }, indent=2, ensure_ascii=False) + "\n"


def install_page(version, glibc, shared, components):
    rows = "".join(f"| {c['name']} | {c['version']} | {c['licenses'][0]['expression']} |\n" for c in components)
    return f"""# Bitlaw {version} for Linux on {platform.machine()}

Unpack it anywhere and run `bin/bitlaw`; or copy `bin` and `share` into `/usr/local` or `~/.local`.
`bin/bitlaw-keeper` has to stay beside `bin/bitlaw`.

## What it needs

- glibc {glibc} or newer (`{"`, `".join(shared)}`). Nothing else is needed to start it.
- bubblewrap, to confine the programs of your own that experiments start. Without it they start only where you allow it, and
  an audit does not certify what they make.
- `libcrypto.so.3` of OpenSSL, to make and to check signatures. It is opened when it is asked for; without it nothing is signed
  or believed.
- `libcurl.so.4`, to download sources and for remotes on a web server. It is opened when it is asked for.
- `libopenblas.so.0`, for `BITLAW_NUMERICS=blas` only. It is opened when it is asked for.
- rclone, Slurm, ssh, strace, graphviz, librsvg: each for the commands that name it.

`bin/bitlaw doctor` says which of them are here.

## What is inside

| part | version | licence |
|---|---|---|
{rows}
The texts are in `licences`, and `bitlaw.cdx.json` lists the same for programs. glibc is inside `bitlaw-keeper`; `bitlaw` has its
start-up code. Bitlaw's source is all that is needed to link `bitlaw-keeper` with another glibc.
"""


def stripped(build, name):
    source, target = build / name, build / f"{name}.stripped"
    # Swift leaves a digest of each file's compiled form, in which the paths of the build are; nothing reads it.
    ask("strip", "--strip-all", "--remove-section=.swift_modhash", "-o", target, source)
    data = target.read_bytes()
    target.unlink()
    return data


def files(build, version, text):
    """All that is in the tarball: path, bytes and mode."""
    program = build / "bitlaw"
    for name in "bitlaw", "bitlaw-keeper":
        yield f"bin/{name}", stripped(build, name), 0o755
    scripts = {
        "bash": "bash-completion/completions/bitlaw", "zsh": "zsh/site-functions/_bitlaw",
        "fish": "fish/vendor_completions.d/bitlaw.fish"}
    for shell, path in scripts.items():
        yield f"share/{path}", ask(program, "--generate-completion-script", shell).encode(), 0o644
    manual = build / "dist.man"
    manual.mkdir(exist_ok=True)
    ask(program, "manual", manual)
    for page in manual.iterdir():
        yield f"share/man/man1/{page.name}", page.read_bytes(), 0o644
        page.unlink()
    manual.rmdir()
    found = parts(build, text)
    for component, licence in found:
        yield f"licences/{component['name']}.txt", licence, 0o644
    # Debian's pages name the long licences by their place in Debian.
    named = {name.decode() for _, licence in found
             for name in re.findall(rb"/usr/share/common-licenses/([A-Z][\w.-]*\w)", licence)}
    for name in named:
        yield f"licences/common/{name}.txt", pathlib.Path("/usr/share/common-licenses", name).read_bytes(), 0o644
    components = [component for component, _ in found]
    yield "bitlaw.cdx.json", bill(version, components).encode(), 0o644
    yield "INSTALL.md", install_page(version, *needs(program), components).encode(), 0o644
    for name in "README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff":
        yield name, (ROOT / name).read_bytes(), 0o644


def tarball(name, contents, time):
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path, data, mode in sorted(contents):
            entry = tarfile.TarInfo(f"{name}/{path}")
            entry.size, entry.mode, entry.mtime = len(data), mode, time
            entry.uname = entry.gname = "root"
            tar.addfile(entry, io.BytesIO(data))
    return gzip.compress(plain.getvalue(), compresslevel=9, mtime=0)


def pack(build, text, folder):
    version = ask(build / "bitlaw", "--version").strip()
    released = re.search(r"^date-released: (\S+)", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)[1]
    time = int(datetime.datetime.fromisoformat(f"{released}T00:00:00+00:00").timestamp())
    name = f"bitlaw-{version}-linux-{platform.machine()}"
    contents = list(files(build, version, text))
    bill_bytes = next(data for path, data, _ in contents if path == "bitlaw.cdx.json")
    made = {f"{name}.tar.gz": tarball(name, contents, time), f"{name}.cdx.json": bill_bytes}
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*"):
        if old.is_file():
            old.unlink()
    for file, data in made.items():
        (folder / file).write_bytes(data)
    (folder / "SHA256SUMS").write_text("".join(f"{sha256(data)}  {file}\n" for file, data in made.items()))
    for file in sorted(folder.glob("*")):
        print(f"{file.stat().st_size:>11,}  {file}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["link"] and len(sys.argv) == 3:
        link(pathlib.Path(sys.argv[2]).resolve())
    elif sys.argv[1:2] == ["pack"] and len(sys.argv) == 5:
        build, found, folder = map(pathlib.Path, sys.argv[2:])
        pack(build.resolve(), found.read_text(), folder)
    else:
        sys.exit(__doc__)
