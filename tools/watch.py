"""Shows the book in a browser and builds it anew after every save.

    python -m tools.watch [CHAPTER]

The page in the browser loads itself again when a build is finished.
"""

import argparse
import asyncio
import subprocess
import threading
import time
import webbrowser
from contextlib import suppress
from pathlib import Path

from livereload import Server

from tools import chapters

SOURCES = ["_config.yml", "_toc.yml", "book", "cnnmath", "tools"]
PORT = 5500
A_MOMENT = 0.3  # seconds between two looks


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("chapter", nargs="?", type=chapters.chapter)
    chapter = parser.parse_args().chapter
    # As a reader would, and in a process of its own: it is the package itself that may change.
    build = ["make", "--no-print-directory", "html", f"CHAPTER={chapter or ''}"]
    seen = state()
    subprocess.run(build, cwd=chapters.ROOT, check=True)
    threading.Thread(target=serve, args=[chapters.ROOT / "_build"], daemon=True).start()
    address = f"http://127.0.0.1:{PORT}/{chapter or 'index'}.html"
    print(f"      the book is at {address}; end this with Ctrl-C", flush=True)
    webbrowser.open(address)
    while True:
        seen = next_save(seen)
        start = time.perf_counter()
        if subprocess.run(build, cwd=chapters.ROOT).returncode == 0:
            print(f"      built in {time.perf_counter() - start:.1f} s", flush=True)


def serve(target: Path) -> None:
    """Serve the pages, which load themselves again when a build has put its stamp there."""
    asyncio.set_event_loop(asyncio.new_event_loop())
    server = Server()
    server.watch(str(target / chapters.STAMP))
    server.serve(root=str(target / "html"), host="127.0.0.1", port=PORT)


def next_save(seen: dict[Path, int]) -> dict[Path, int]:
    """Wait until a source is another one than was seen, and until no more are being written."""
    while (now := state()) == seen:
        time.sleep(A_MOMENT)
    while True:
        time.sleep(A_MOMENT)
        later = state()
        if later == now:
            return now
        now = later


def state() -> dict[Path, int]:
    """When each source was last written. What a build writes is none of them."""
    found = {}
    for place in SOURCES:
        for file in chapters.files_in(chapters.ROOT / place):
            with suppress(FileNotFoundError):  # an editor may put a file aside while it saves
                found[file] = file.stat().st_mtime_ns
    return found


if __name__ == "__main__":
    main()
