"""Stands in for ``newsdesk sync --json`` where it must fail or take long: does what the file in argv says."""

# ruff: noqa: T201 - what it prints is its interface

import json
import os
import signal
import sys
import time
from pathlib import Path

told = Path(sys.argv[1])
while not (what := told.read_text()):  # it is being written
    time.sleep(0.01)
if "--allow-removal" in sys.argv:
    what = "finish"
if what == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(json.dumps({"progress": {"files_done": 1, "files_total": 9, "articles": 1, "passages": 2}}), flush=True)
print("a line that a library printed", flush=True)
pid = told.with_name("pid.new")
pid.write_text(str(os.getpid()))
pid.rename(told.with_name("pid"))
while what in ("slow", "stubborn"):
    time.sleep(0.05)
    what = told.read_text() or what
if what == "fail":
    sys.stderr.write("WARNING something\nnewsdesk: /gone is not there: mend NEWSDESK_SOURCES\n\n")
    sys.exit(2)
if what == "held":
    sys.stderr.write("newsdesk: 5 of the 9 articles in the archive are no longer there; nothing was removed, the rest ")
    sys.stderr.write("was taken in. If they should go: newsdesk sync --allow-removal\n")
    sys.exit(2)
if what == "silent":
    sys.exit(3)
if what == "crash":
    os.kill(os.getpid(), signal.SIGKILL)
if what == "finish":
    refused = [{"path": f"/a/{number} <b>.pdf", "reason": "encrypted"} for number in range(7)]
    counts = {"added": 4, "changed": 3, "unchanged": 2, "removed": 1, "seconds": 3.2}
    print(json.dumps({"report": counts | {"refused": refused}}), flush=True)
