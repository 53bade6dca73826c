#!/usr/bin/env python3
"""A wire that stops in the middle; Python's standard library alone.

  stall.py PORTFILE TARGETPORT FOLDER

Passes connections on to 127.0.0.1:TARGETPORT. While FOLDER/stall exists ("up N" or "down N"), a connection whose bytes in that
direction reach N gets exactly N of them through and then nothing more, and FOLDER/stalled appears: whoever waits for it
knows that the other side has N bytes and will get no others.
"""
import os, socket, sys, threading

PORTFILE, TARGET, FOLDER = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def limit(direction):
    try:
        with open(f"{FOLDER}/stall") as file:
            wanted, count = file.read().split()
            return int(count) if wanted == direction else None
    except OSError:
        return None


def pump(source, target, direction):
    passed = 0
    try:
        while piece := source.recv(65536):
            most = limit(direction)
            if most is not None and passed + len(piece) >= most:
                target.sendall(piece[:most - passed])
                open(f"{FOLDER}/stalled", "w").close()
                while source.recv(65536):  # until it has gone away
                    pass
                break
            target.sendall(piece)
            passed += len(piece)
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


listener = socket.create_server(("127.0.0.1", 0), backlog=64)
with open(PORTFILE + ".draft", "w") as file:
    file.write(f"{listener.getsockname()[1]}\n")
os.rename(PORTFILE + ".draft", PORTFILE)
while True:
    near, _ = listener.accept()
    far = socket.create_connection(("127.0.0.1", TARGET))
    for ends in ((near, far, "up"), (far, near, "down")):
        threading.Thread(target=pump, args=ends, daemon=True).start()
