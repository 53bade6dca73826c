#!/usr/bin/env python3
"""Validates the RO-Crate of evidence bundles with the community's validator.

  validate_crate.py [--recommended] BUNDLE...     exit code 0 valid, 4 not, 77 skipped (and said why)

Needs `pip install roc-validator`. The validator fetches the JSON-LD context of RO-Crate 1.1 from w3id.org;
where that cannot be reached, the copy that `pip install --no-deps rocrate==0.10.0` brings is used.
The profile is Provenance Run Crate 0.5 with everything that it inherits. REQUIRED findings always fail;
with --recommended those of the level RECOMMENDED are listed and fail too.
"""
import importlib.util, json, os, subprocess, sys, tempfile, urllib.request

CONTEXT = "https://w3id.org/ro/crate/1.1/context"


def skip(reason):
    print(f"SKIPPED: {reason}; no crate was validated")
    sys.exit(77)


def give_context():
    """Lets the validator read the context from the package `rocrate` where the network has none."""
    try:
        with urllib.request.urlopen(CONTEXT, timeout=20): return
    except OSError: pass
    spec = importlib.util.find_spec("rocrate")
    if spec is None: skip(f"{CONTEXT} cannot be reached (pip install --no-deps rocrate==0.10.0 brings a copy)")
    path = os.path.join(spec.submodule_search_locations[0], "data", "ro-crate.jsonld")
    with open(path) as file: document = json.load(file)
    if document.get("@id") != CONTEXT: skip(f"{path} is {document.get('@id')}, not {CONTEXT} (rocrate==0.10.0 has it)")
    import requests

    ask = requests.sessions.Session.request
    def answer(session, method, url, *rest, **more):
        if url.rstrip("/") != CONTEXT: return ask(session, method, url, *rest, **more)
        response = requests.Response()
        response.status_code, response.url, response._content = 200, url, json.dumps(document).encode()
        response.headers["Content-Type"] = "application/ld+json"
        return response
    requests.sessions.Session.request = answer
    print(f"context: {path}")


def main():
    bundles = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    severity = "RECOMMENDED" if "--recommended" in sys.argv else "REQUIRED"
    for bundle in bundles:
        if not os.path.isfile(bundle): sys.exit(f"{bundle}: expected a bundle, found no such file")
    if importlib.util.find_spec("rocrate_validator") is None: skip("no module rocrate_validator (pip install roc-validator)")
    give_context()
    from rocrate_validator import services
    from rocrate_validator.models import Severity, ValidationSettings
    is_bad = False
    for bundle in bundles:
        with tempfile.TemporaryDirectory() as folder:
            unpack = 'zstd -dcq "$1" | tar -xf - -C "$2"'
            subprocess.run(["sh", "-c", unpack, "sh", os.path.abspath(bundle), folder], check=True)
            result = services.validate(ValidationSettings(
                rocrate_uri=folder, profile_identifier="provenance-run-crate-0.5",
                requirement_severity=getattr(Severity, severity)))
            issues = sorted({f"{issue.severity.name} {issue.check.identifier}: {issue.message}" for issue in result.get_issues()})
            for issue in issues: print(f"{bundle}: {issue}")
            print(f"{bundle}: " + ("valid" if not issues else f"{len(issues)} findings") + f" at {severity}")
            is_bad = is_bad or bool(issues)
    sys.exit(4 if is_bad else 0)


main()
