# Everything a person types: `make demo` and `make test` do all the set-up on a fresh Debian 12
# that has the Swift toolchain. `make help` lists the rest.

SWIFT ?= swift
# A target that imports what its manifest does not name fails the build: the layers are real.
CHECKS := --explicit-target-dependency-import-check error
RELEASE := -c release --static-swift-stdlib $(CHECKS)
BITLAW := .build/release/bitlaw

# Debian packages: what each is for.
#   libopenblas0-pthread  matrix products of the `blas` profile (opened at run time)
#   libzstd-dev           compression of the store
#   libssl-dev            SHA-256
#   curl                  downloads of pinned sources
#   python3, zstd, openssl   independent checks in the tests: never the product
PACKAGES := libopenblas0-pthread libzstd-dev libssl-dev curl python3 zstd openssl
# Real servers that the tests start on loopback. Where these are missing their tests say so and skip: a web
# server and an SSH server are nothing to put on a person's machine unasked. `CI=true make test` does.
ifeq ($(CI),true)
PACKAGES += nginx-light rclone openssh-server
endif

.PHONY: demo test build setup lint golden bench portability clean help

## demo    install what is missing, build, run pipelines/spiral.yaml, print its laws and report
demo: build
	$(BITLAW) run pipelines/spiral.yaml

## build   the optimised command, .build/release/bitlaw
build: setup
	$(SWIFT) build $(RELEASE) --product bitlaw

## test    lint, every test on the optimised build that people run, and that the benchmarks compile
test: setup lint
	$(SWIFT) test -c release --disable-xctest $(CHECKS)
	$(SWIFT) build --package-path Benchmarks --quiet

## lint    the formatter's strict rules
lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Benchmarks

## golden  record the pinned bits anew (only together with a raised kind version)
golden: setup
	BITLAW_GOLDEN=record $(SWIFT) test -c release --disable-xctest $(CHECKS) --filter GoldenTests

## portability  the same bits under every instruction set, on emulated CPUs and AArch64
portability: build
	Tests/Portability/run

## bench   measurements against the peers; see Benchmarks/README.md
bench: build
	Benchmarks/run

## setup   install the Debian packages that are missing (asks for root only then)
setup:
	@missing=""; for package in $(PACKAGES); do \
	  dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'install ok installed' \
	    || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "installing:$$missing"; \
	  root=""; [ "$$(id -u)" = 0 ] || root=sudo; \
	  $$root apt-get update -qq && \
	  $$root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $$missing \
	    || { echo "could not install:$$missing"; \
	         echo "  fix: apt-get install$$missing   (as root), then the same command again"; exit 1; }; \
	fi
	@command -v $(SWIFT) >/dev/null || { echo "no Swift toolchain on PATH: expected 'swift' 6.2 or newer"; \
	  echo "  fix: install it from https://www.swift.org/install/linux/ and try again"; exit 1; }

## clean   remove the build (never a store)
clean:
	rm -rf .build Benchmarks/.build

## help    this list
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)
