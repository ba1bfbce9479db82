"""An FTP server that does what a file tells it: `python ftp_server.py ROOT FAULT_FILE`. It ends with its input."""

from __future__ import annotations

import logging
import os
import sys
import threading
import warnings
from pathlib import Path
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import DTPHandler, FTPHandler, ThrottledDTPHandler
    from pyftpdlib.ioloop import IOLoop
    from pyftpdlib.servers import FTPServer

USER, PASSWORD = "keeper", "p%ss:w@rd/1"
FAULTS = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(os.devnull)


def fault() -> str:
    return FAULTS.read_text() if FAULTS.exists() else ""


class Data(ThrottledDTPHandler):  # type: ignore[misc]
    def __init__(self, *args: Any, **more: Any) -> None:
        self.read_limit = self.write_limit = 1 if fault() == "slow" else 0
        self.auto_sized_buffers = not self.read_limit
        if self.read_limit:
            self.ac_in_buffer_size = self.ac_out_buffer_size = 1
        super().__init__(*args, **more)

    def handle_read(self) -> None:
        super().handle_read()
        if fault() == "cut" and self.get_transmitted_bytes():
            self.cmd_channel.close()

    handle_read_event = handle_read  # what the loop calls

    def recv(self, size: int) -> Any:
        return DTPHandler.recv(self, 64) if fault() == "cut" else super().recv(size)


class Commands(FTPHandler):  # type: ignore[misc]
    use_sendfile = False
    dtp_handler = Data
    auth_failed_timeout = 0.1
    banner = "ready"

    def on_connect(self) -> None:
        with FAULTS.with_name("connections").open("a") as file:
            file.write(".")

    def ftp_STOR(self, file: str, mode: str = "w") -> Any:
        if fault() == "full":
            return self.respond("552 The disk is full.")
        return super().ftp_STOR(file, mode)

    def ftp_RNTO(self, path: str) -> Any:
        if fault() == "restart":
            return self.close()
        return super().ftp_RNTO(path)

    def ftp_PASS(self, line: str) -> Any:
        if fault() == "refuse":
            return self.respond(f"530 No entry with {line}.")
        return super().ftp_PASS(line)

    def ftp_PASV(self, line: str) -> Any:
        if fault() == "garbage":
            return self.respond("227 Entering Passive Mode (999,1,x)")
        self.masquerade_address = "10.255.255.1" if fault() == "elsewhere" else None
        return super().ftp_PASV(line)

    def ftp_NLST(self, path: str) -> Any:
        if fault() == "listing":
            self.push_dtp_data(b"../../etc/passwd\r\n/absolute\r\n" + b"x" * 4000 + b"\r\n", cmd="NLST")
            return None
        return super().ftp_NLST(path)


def main() -> None:
    logging.basicConfig(level=logging.CRITICAL)
    logging.getLogger("pyftpdlib").setLevel(logging.CRITICAL)
    Commands.authorizer = DummyAuthorizer()
    Commands.authorizer.add_user(USER, PASSWORD, sys.argv[1], perm="elradfmwMT")
    server = FTPServer(("127.0.0.1", int(sys.argv[3]) if len(sys.argv) > 3 else 0), Commands, ioloop=IOLoop())
    print(server.socket.getsockname()[1], flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    server.serve_forever(handle_exit=False)


if __name__ == "__main__":
    main()
