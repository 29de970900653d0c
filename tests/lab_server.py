"""A JupyterLab, fresh from its box, for the tests that need one."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary

STARTING = 60  # seconds; JupyterLab needs about 5 when nothing else runs


@dataclass(frozen=True)
class JupyterLab:
    """A server that runs: its address, and the folder that it shows."""

    url: str
    notebooks: Path

    def page(self, notebook: str) -> str:
        """The address at which a notebook is open."""
        return f"{self.url}lab/tree/{notebook}?token=secret"

    def trust(self, notebook: Path) -> None:
        """Sign a notebook as it is now, or JupyterLab shows no style sheet that is stored in it."""
        notary = NotebookNotary(data_dir=str(self.notebooks.parent / "data"))
        notary.sign(nbformat.read(notebook, 4))
        notary.store.close()


@contextmanager
def jupyterlab(folder: Path) -> Iterator[JupyterLab]:
    """JupyterLab on a free port, with settings of its own, and shut down in any case."""
    own = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    # Nor does it ask on the network whether there is news.
    news = folder / "settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    news.parent.mkdir(parents=True)
    news.write_text('{"fetchNews": "false", "checkForUpdates": false}', encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.port=0"]
    command += ["--IdentityProvider.token=secret", "--LabApp.extension_manager=readonly"]
    command += [f"--ServerApp.root_dir={notebooks}"]
    if hasattr(os, "getuid") and os.getuid() == 0:
        command += ["--allow-root"]
    environment = {**os.environ, **{name: str(folder / place) for name, place in own.items()}}
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield JupyterLab(_url(server, folder / "runtime", log), notebooks)
    finally:
        server.terminate()  # its kernels go with it
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _url(server: subprocess.Popen[bytes], runtime: Path, log: Path) -> str:
    """Where the server is, from the file that it writes as soon as it listens."""
    end = time.monotonic() + STARTING
    while time.monotonic() < end and server.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            try:
                url: str = json.loads(file.read_text("utf-8"))["url"]
            except json.JSONDecodeError:  # half written
                continue
            return url
        time.sleep(0.1)
    pytest.fail(f"JupyterLab does not start:\n{log.read_text('utf-8')}", pytrace=False)
