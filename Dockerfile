# Bitlaw for people without a Swift toolchain.
#
#   docker build -t bitlaw .
#   docker run --rm --user "$(id -u):$(id -g)" -e HOME=/tmp -v "$PWD:/work" bitlaw run pipelines/spiral.yaml
#
# To work on Bitlaw itself, take the first stage: it has the toolchain, the sources and a finished build.
#
#   docker build --target source -t bitlaw-source .
#   docker run --rm -it bitlaw-source make test
#
# Make's own targets do everything, so the Makefile alone lists the Debian packages; only make has to be here
# before. A test holds this file to that.
ARG SWIFT=6.3
ARG DEBIAN=12

FROM swift:${SWIFT}-bookworm AS source
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends make
WORKDIR /bitlaw
# The packages change seldom: their layer is kept while the sources change.
COPY Makefile .
RUN make packages
COPY . .
RUN make build && install .build/release/bitlaw .build/release/bitlaw-keeper /usr/local/bin

FROM debian:${DEBIAN}-slim
WORKDIR /bitlaw
COPY --from=source /bitlaw/Makefile .
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends make \
    && make packages && rm -rf /var/lib/apt/lists/*
COPY --from=source /usr/local/bin/bitlaw /usr/local/bin/bitlaw-keeper /usr/local/bin/
RUN bitlaw --version
WORKDIR /work
ENTRYPOINT ["bitlaw"]
