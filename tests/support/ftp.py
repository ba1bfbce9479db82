"""FTP servers for the tests: one that misbehaves on demand, and vsftpd with TLS as it stands on many machines."""

from __future__ import annotations

import datetime
import ipaddress
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.support import ftp_server
from tests.support.ftp_server import PASSWORD, USER

VSFTPD = shutil.which("vsftpd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@dataclass
class FtpServer:
    """A running FTP server, as a process of its own."""

    root: Path
    faults: Path
    port: int
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        """Where a folder on it is, as a setting says it."""
        return f"ftp://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/some/pictures"

    @property
    def files(self) -> list[str]:
        """What is in that folder."""
        folder = self.root / "some/pictures"
        return sorted(os.listdir(folder)) if folder.is_dir() else []

    @property
    def connections(self) -> int:
        """How many connections there have been."""
        file = self.faults.with_name("connections")
        return len(file.read_text()) if file.exists() else 0

    def fails(self, how: str) -> None:
        """Let it misbehave from now on; nothing for no more."""
        self.faults.write_text(how)

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


def start(folder: Path, port: int = 0) -> FtpServer:
    """Start the server that does as it is told."""
    root = folder / "ftp"
    root.mkdir(exist_ok=True)
    command = [sys.executable, "-W", "ignore", ftp_server.__file__, root, folder / "faults", str(port)]
    process = subprocess.Popen(
        [str(each) for each in command], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    return FtpServer(root, folder / "faults", int(process.stdout.readline()), process)


@contextmanager
def vsftpd(folder: Path) -> Iterator[tuple[str, Path]]:
    """Run vsftpd with TLS, which takes data only in the session of the commands.

    Yields:
        The URL of a folder on it, and its certificate.
    """
    # Anonymous people work in a folder that is not ours, so it lies where they can get at it.
    home = Path(tempfile.mkdtemp(prefix="flask-identity-ftp-"))
    home.chmod(0o755)
    (home / "pub").mkdir()
    shutil.chown(home / "pub", "ftp")
    certificate, key = certify(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = _SETTINGS.format(home=home, port=port, certificate=certificate, key=key)
    (folder / "vsftpd.conf").write_text(settings)
    process = subprocess.Popen([str(VSFTPD), str(folder / "vsftpd.conf")], stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"ftps://anonymous:nobody@127.0.0.1:{port}/pub/pictures", certificate
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(home, ignore_errors=True)


def certify(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for 127.0.0.1 and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, *plain))
    return folder / "cert.pem", folder / "key.pem"


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("vsftpd did not start")


_SETTINGS = """listen=YES
background=NO
listen_address=127.0.0.1
listen_port={port}
anonymous_enable=YES
anon_root={home}
no_anon_password=YES
write_enable=YES
anon_upload_enable=YES
anon_mkdir_write_enable=YES
anon_other_write_enable=YES
anon_world_readable_only=NO
anon_umask=022
ssl_enable=YES
allow_anon_ssl=YES
force_anon_data_ssl=YES
force_anon_logins_ssl=YES
require_ssl_reuse=YES
ssl_ciphers=HIGH
rsa_cert_file={certificate}
rsa_private_key_file={key}
xferlog_enable=NO
secure_chroot_dir={home}
seccomp_sandbox=NO
"""
