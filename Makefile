# Everything a person types: `make demo` and `make test` do all the set-up on a fresh Debian 12
# that has the Swift toolchain. `make help` lists the rest.

SWIFT ?= swift
# A target that imports what its manifest does not name fails the build: the layers are real.
CHECKS := --explicit-target-dependency-import-check error
# No plug-in looks up symbols in the program. The library of C++, which Swift's runtime needs, goes into the
# program: to find it and its symbols took a third of every start.
ARCHIVES := .build/link
LINK := -Xlinker --no-export-dynamic -Xswiftc -L -Xswiftc $(CURDIR)/$(ARCHIVES)
RELEASE := -c release --static-swift-stdlib $(CHECKS)
# The tests run on the optimised build; what they and the check of the site skipped is told again at the end.
TESTS := $(SWIFT) test -c release --disable-xctest $(CHECKS)
BITLAW := .build/release/bitlaw

# Debian packages: what each is for.
#   libopenblas0-pthread  matrix products of the `blas` profile (opened at run time)
#   libzstd-dev           compression of the store
#   libyaml-dev           experiment files
#   libcmark-dev          the Markdown of pages
#   curl, ca-certificates libcurl and the authorities of https: downloads of pinned sources, remotes
#   bubblewrap            confinement of the programs that experiments start
#   openssl               brings libcrypto, which makes and checks signatures (opened at run time)
#   python3, zstd, openssl   independent checks in the tests: never the product
PACKAGES := libopenblas0-pthread libzstd-dev libyaml-dev libcmark-dev curl ca-certificates bubblewrap python3 zstd openssl
# Peers that the heavy tests use. A web server and an SSH server are nothing to put on a person's machine
# unasked, so `make test` does not: it uses what is there and says what it skipped. `make test-all` asks.
#   nginx-light, openssh-server, rclone   real servers on loopback, for remotes
#   qemu-user, gcc-aarch64-linux-gnu, libc6-dev-arm64-cross   other CPUs, for `make portability`
#   python3-venv                          the community's validator of RO-Crates, libraries for python/
#   librsvg2-bin                          PDF and PNG of pictures, for `bitlaw export --format`
#   python3-numpy                         a library of others under emulated CPUs
#   python3-jsonschema                    a second reading of the schemas of --json
#   strace                                what programs read, for `bitlaw trace`
#   fuse3, python3-fusepy                 a slow file system without locks, for stores
PEERS := nginx-light openssh-server rclone qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross \
  python3-venv librsvg2-bin python3-numpy python3-jsonschema strace fuse3 python3-fusepy
# A batch system of its own, for `bitlaw run --on`: only the targets `cluster…` and `test-all` install it.
#   slurm-wlm, slurm-wlm-basic-plugins, munge   a real Slurm of two nodes in a scratch folder
CLUSTER := slurm-wlm slurm-wlm-basic-plugins munge
VALIDATOR := roc-validator==0.13.0
CRATE := .build/crate
# What the package in python/ uses where it is installed, and a kernel of Jupyter to try it in.
LIBRARIES := numpy pandas zstandard jupyter_client ipykernel
PYTHON := .build/python
# A tracking server, for `bitlaw export --to-mlflow`.
MLFLOW := .build/mlflow
# A package of others, built apart from ours, unoptimised.
OWN := --package-path Examples/OwnKind --scratch-path .build/own-kind
# What makes a site of docs/: its own environment below .build/, for `make site`.
MKDOCS := mkdocs==1.6.1
SITE := .build/mkdocs
# The links of docs/; where the tool cannot be installed, this is told at the end of `make test`, and nothing fails.
CHECK_SITE = if test -x $(SITE)/bin/mkdocs; then $(SITE)/bin/mkdocs build --strict; \
  else echo "SKIPPED: $(MKDOCS) could not be installed; the links of docs/ were not checked"; fi

# What `make dist` links: archives in place of shared libraries; and what the linker says that it took from them.
DIST := .build/dist-link
DIST_MAP := .build/dist.map

# Where `make install` puts the program; DESTDIR goes before it, for those who make packages.
PREFIX ?= /usr/local
ROOT := $(DESTDIR)$(PREFIX)
COMPLETIONS := $(ROOT)/share/bash-completion/completions/bitlaw $(ROOT)/share/zsh/site-functions/_bitlaw \
  $(ROOT)/share/fish/vendor_completions.d/bitlaw.fish

.DEFAULT_GOAL := help

.PHONY: demo test test-all dist dist-check cluster cluster-smoke cluster-test build setup packages peers mlflow mkdocs lint golden bench portability version clean help \
  own-kind docc reference transcript site install install-built uninstall

## demo         install what is missing, build, run pipelines/spiral.yaml, print its laws and report
demo: build
	$(BITLAW) run pipelines/spiral.yaml

## build        the optimised command, .build/release/bitlaw
build: setup
	@echo "building $(BITLAW): about 6 processor minutes at first, seconds to minutes after a change"
	@mkdir -p $(ARCHIVES) && for pair in stdc++:stdc++ gcc_s:gcc_eh; do \
	  file=$$(cc -print-file-name=lib$${pair#*:}.a); rm -f $(ARCHIVES)/lib$${pair%:*}.a; \
	  if test -f "$$file"; then ln -s "$$file" $(ARCHIVES)/lib$${pair%:*}.a; \
	  else echo "no archive lib$${pair#*:}.a: the program loads the shared library at each start"; fi; done
	$(SWIFT) build $(RELEASE) $(LINK) --product bitlaw
	$(SWIFT) build $(RELEASE) --product bitlaw-keeper

## install      the command, completions and man pages below PREFIX (default /usr/local)
install: build install-built

## install-built  the same with the command as it was built: `make build`, then `sudo make install-built`
install-built:
	@test -x $(BITLAW) || { echo "$(BITLAW): no program there"; echo "  fix: make build"; exit 1; }
	@mkdir -p $(dir $(ROOT)/bin/bitlaw $(COMPLETIONS)) $(ROOT)/share/man/man1 \
	  || { echo "  fix: choose another folder with PREFIX=, or run it as root"; exit 1; }
	install -m 755 $(BITLAW) $(BITLAW)-keeper $(ROOT)/bin
	@! command -v objcopy >/dev/null || { mkdir -p $(ROOT)/bin/.debug && cd $(ROOT)/bin \
	  && objcopy --only-keep-debug bitlaw .debug/bitlaw.debug && strip bitlaw bitlaw-keeper \
	  && objcopy --add-gnu-debuglink=.debug/bitlaw.debug bitlaw; }
	$(BITLAW) --generate-completion-script bash > $(word 1,$(COMPLETIONS))
	$(BITLAW) --generate-completion-script zsh > $(word 2,$(COMPLETIONS))
	$(BITLAW) --generate-completion-script fish > $(word 3,$(COMPLETIONS))
	$(BITLAW) manual $(ROOT)/share/man/man1

## uninstall    remove what `make install` with the same PREFIX put there
uninstall:
	rm -f $(ROOT)/bin/bitlaw $(ROOT)/bin/.debug/bitlaw.debug $(ROOT)/bin/bitlaw-keeper $(COMPLETIONS) $(ROOT)/share/man/man1/bitlaw.1 $(ROOT)/share/man/man1/bitlaw-*.1

## dist         a release for people without a toolchain, .build/dist: static but for glibc, with its list of parts
dist: setup
	@rm -rf $(DIST) && python3 Packaging/dist.py link $(DIST)
	@test -f $(DIST_MAP) || rm -f $(BITLAW)
	PKG_CONFIG_PATH="$(CURDIR)/$(DIST)/pkgconfig" $(SWIFT) build $(RELEASE) $(LINK) -Xlinker --build-id=none \
	  -Xlinker -Map="$(CURDIR)/$(DIST_MAP)" --product bitlaw
	$(SWIFT) build $(RELEASE) -Xlinker --build-id=none --product bitlaw-keeper
	@SWIFT="$(SWIFT)" python3 Packaging/dist.py pack .build/release $(DIST_MAP) .build/dist
	@cd .build/dist && if ../release/bitlaw keys list | grep -q '^signing'; then \
	  ../release/bitlaw keys sign SHA256SUMS; \
	else echo "not signed: you have no signing key"; echo "  fix: bitlaw keys new NAME, then make dist"; fi

## dist-check   build the release twice at two paths, compare the bytes, try it in a bare Debian (half an hour)
dist-check: setup
	Packaging/check "$(SWIFT)"

## test         lint, then every test that is not heavy, on the optimised build that people run
test: setup lint $(if $(filter true,$(CI)),mkdocs)
	@Tests/Support/skipped $(SHELL) -c '$(if $(filter true,$(CI)),$(CHECK_SITE) && )$(TESTS)'

## test-all     lint, every test with its real peers (installs them), other CPUs
test-all: peers mlflow
	BITLAW_HEAVY=1 BITLAW_CRATE_PYTHON="$$(command -v "$(CURDIR)/$(CRATE)/bin/python3" || echo python3)" \
	  $(MAKE) test
	Tests/Support/skipped Tests/Portability/run
	$(MAKE) own-kind
	$(MAKE) docc
	$(MAKE) cluster-test

## own-kind     Examples/OwnKind, a package outside ours: its tests, its program, its experiment
own-kind: setup
	$(SWIFT) test --disable-xctest $(OWN)
	$(SWIFT) build --product bitlaw-percolation $(OWN)
	$(SWIFT) build --product bitlaw-keeper $(OWN)
	Tests/OwnKind/run .build/own-kind/debug/bitlaw-percolation

## docc         the documentation of BitlawKit, in .build/docc; its examples have to compile
BUILT = $$($(SWIFT) build $(RELEASE) --show-bin-path)
KIT = -target "$$($(SWIFT) -print-target-info | sed -n 's/.*"triple": "\(.*\)".*/\1/p' | head -1)" \
  -I "$(BUILT)/Modules" $(addprefix -I ,$(wildcard Sources/C/*)) -I Sources/C/CKernels/include
docc: setup
	@command -v docc >/dev/null || { echo "no docc on PATH"; echo "  fix: take the one of the Swift toolchain"; exit 1; }
	$(SWIFT) build $(RELEASE) --target BitlawKit
	rm -rf .build/docc .build/symbols && mkdir -p .build/symbols
	Tests/OwnKind/examples.py > .build/symbols/examples.swift
	swiftc -typecheck -suppress-warnings -swift-version 6 -package-name other -parse-as-library $(KIT) \
	  -Xcc -fmodule-map-file="$(BUILT)/CKernels.build/module.modulemap" .build/symbols/examples.swift
	$(SWIFT) symbolgraph-extract -module-name BitlawKit -minimum-access-level public -skip-synthesized-members \
	  $(KIT) -output-dir .build/symbols -experimental-allowed-reexported-modules=Canon,Experiment,Numerics,Workbench
	docc convert docs/kit.docc --additional-symbol-graph-dir .build/symbols --fallback-display-name BitlawKit \
	  --fallback-bundle-identifier BitlawKit --warnings-as-errors --transform-for-static-hosting --output-path .build/docc
	@echo "$(CURDIR)/.build/docc: python3 -m http.server -d .build/docc, then /documentation/bitlawkit"

## cluster-smoke  an experiment over two real Slurm nodes on this machine, with the program BITLAW=PATH
cluster-smoke: cluster
	Tests/Cluster/smoke $(BITLAW)

## cluster-test  the same, and nodes, pilots and front ends that are killed
cluster-test: cluster $(if $(filter command line,$(origin BITLAW)),,build)
	Tests/Cluster/run $(BITLAW)

## reference    write docs/reference anew, from what the program says of itself
reference: build
	python3 docs/reference/make.py $(BITLAW) docs/reference

## transcript   the first experiment of the README anew, as the program prints it
transcript: build
	python3 docs/transcript.py $(BITLAW)

## site         docs/ as pages with search, .build/site/index.html (installs MkDocs below .build)
site: mkdocs
	@test -x $(SITE)/bin/mkdocs || { echo "$(MKDOCS) could not be installed: no site is made"; \
	  echo "  fix: install python3-venv, and let pip reach PyPI"; exit 1; }
	$(SITE)/bin/mkdocs build --strict
	@echo "$(CURDIR)/.build/site/index.html"

mkdocs:
	@test -x $(SITE)/bin/mkdocs || { echo "installing: $(MKDOCS)"; \
	  { python3 -m venv $(SITE) && $(SITE)/bin/pip install -q $(MKDOCS); } || rm -rf $(SITE); }

## lint         the formatter's strict rules
lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Benchmarks \
	  $(addprefix Examples/OwnKind/,Package.swift Sources Tests)

## golden       record the pinned bits anew (only together with a raised kind version)
golden: setup
	BITLAW_GOLDEN=record $(TESTS) --filter GoldenTests

## portability  the same bits under every instruction set, on emulated CPUs and AArch64
portability: build
	Tests/Portability/run

## bench        measurements against the peers; see Benchmarks/README.md
bench: build
	Benchmarks/run

## setup        install the Debian packages that are missing, and look for the Swift toolchain
setup: packages
	@command -v $(SWIFT) >/dev/null || { echo "no Swift toolchain on PATH: expected 'swift' 6.2 or newer"; \
	  echo "  fix: install it from https://www.swift.org/install/linux/ and try again"; exit 1; }

# The packages of a list that are not installed, and the command that installs some.
missing = $$(for package in $(1); do dpkg-query -W -f '$${Status}' $$package 2>/dev/null \
	  | grep -q 'install ok installed' || printf ' %s' $$package; done)
root = $$([ "$$(id -u)" = 0 ] || echo sudo)
install = $(root) env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends

## packages     install the Debian packages that are missing (asks for root only then)
packages:
	@missing="$(call missing,$(PACKAGES))"; [ -z "$$missing" ] || { \
	  echo "installing:$$missing"; \
	  $(root) apt-get update -qq && $(install) $$missing \
	    || { echo "could not install:$$missing"; \
	         echo "  fix: apt-get install$$missing   (as root), then the same command again"; exit 1; }; }

## peers        install what the heavy tests use; what cannot be installed is told and does without
peers: packages
	@missing="$(call missing,$(PEERS))"; [ -z "$$missing" ] || $(root) apt-get update -qq; \
	for package in $$missing; do echo "installing: $$package"; $(install) $$package >/dev/null \
	  || echo "SKIPPED: $$package could not be installed; tests that use it will say so and pass over"; done
	@test -x $(CRATE)/bin/rocrate-validator || { echo "installing: $(VALIDATOR)"; \
	  { python3 -m venv $(CRATE) && $(CRATE)/bin/pip install -q $(VALIDATOR) \
	    && $(CRATE)/bin/pip install -q --no-deps rocrate==0.10.0; } \
	  || { rm -rf $(CRATE); echo "SKIPPED: $(VALIDATOR) could not be installed; no crate is validated"; }; }
	@test -x $(PYTHON)/bin/python3 || { echo "installing: $(LIBRARIES)"; \
	  { python3 -m venv $(PYTHON) && $(PYTHON)/bin/pip install -q $(LIBRARIES); } \
	  || { rm -rf $(PYTHON); echo "SKIPPED: $(LIBRARIES) could not be installed; python/ is tried without"; }; }

# Slurm is nothing to put on a person's machine unasked.
cluster:
	@missing="$(call missing,$(CLUSTER))"; [ -z "$$missing" ] || { \
	  echo "installing:$$missing"; $(root) apt-get update -qq; $(install) $$missing >/dev/null \
	  || echo "SKIPPED: Slurm could not be installed; no real cluster is tried"; }

# A tracking server is large: only `make test-all` asks for it.
mlflow:
	@test -x $(MLFLOW)/bin/mlflow || { echo "installing: mlflow"; \
	  { python3 -m venv $(MLFLOW) && $(MLFLOW)/bin/pip install -q mlflow; } \
	  || { rm -rf $(MLFLOW); echo "SKIPPED: mlflow could not be installed; no real MLflow server is tried"; }; }

## version      the version of this source
version:
	@sed -n 's/.*static let number = "\(.*\)"/\1/p' Sources/bitlaw/Support/BitlawVersion.swift

## clean        remove the build (never a store)
clean:
	rm -rf .build

## help         this list
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)
