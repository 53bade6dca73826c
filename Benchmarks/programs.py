"""The programs beside the scripts: built by the repository's own manifest, found where it puts them."""
import os
import subprocess

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


def built(name):
    """Builds bench-NAME, optimised, and returns its path."""
    subprocess.run(["swift", "build", "-c", "release", "--static-swift-stdlib", "--product", f"bench-{name}"],
                   cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return os.path.join(ROOT, ".build", "release", f"bench-{name}")
