"""nginx on loopback with the configuration that ``docs/serving.md`` shows."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from fmnist.settings import PROJECT_DIR
from tests.support.server import find_free_port

BASE_PATH = "lab"
_SERVERS = (
    "daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
    "events {{}}\n"
    "http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
    "fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
    "{server} }}\n"
)


def read_documented() -> str:
    """Return the configuration in ``docs/serving.md``."""
    text = (PROJECT_DIR / "docs" / "serving.md").read_text("utf-8")
    (block,) = re.findall(r"```nginx\n(.*?)```", text, re.DOTALL)
    return block


class Nginx:
    """nginx in front of servers on the given ports, until ``stop``; skips the test without it."""

    def __init__(self, folder: Path, ports: list[int]) -> None:
        program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
        if program is None or shutil.which("openssl") is None:
            pytest.skip("nginx or openssl is not installed: apt-get install nginx openssl")
        self._program = program
        self._folder = folder
        folder.mkdir()
        self.port = find_free_port()
        self.url = f"https://localhost:{self.port}/{BASE_PATH}"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-keyout", "lab.key", "-out", "lab.crt"],
            cwd=folder, check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        server = read_documented()
        for shown, here in (
            ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
            ("lab.example.org", "localhost"),
            ("/etc/ssl/", f"{folder}/"),
            ("    server 127.0.0.1:8501;\n", "".join(f"server 127.0.0.1:{p};\n" for p in ports)),
        ):
            assert shown in server
            server = server.replace(shown, here)
        self._config = folder / "nginx.conf"
        self._config.write_text(_SERVERS.format(folder=folder, server=server))

    def start(self) -> None:
        """Start nginx and wait until it takes connections."""
        command = [self._program, "-p", str(self._folder), "-c", str(self._config)]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                assert time.monotonic() < end, "nginx did not start"
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """End nginx with its workers."""
        self._process.terminate()
        self._process.wait(30)
