"""TLS for remote clients: the server's certificate from PEM files, through pyOpenSSL."""

import re
from pathlib import Path

from OpenSSL import SSL, crypto
from twisted.internet.ssl import CertificateOptions

_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class TlsError(Exception):
    """A certificate or key cannot be used; the text names the file and what is wanted."""


def server_context(cert_file: str, key_file: str, chain_file: str | None) -> CertificateOptions:
    """A context factory for a listening port.

    ``cert_file`` may hold the whole chain, the server's own certificate first; ``chain_file``
    adds to it.

    :raises TlsError: if a file does not hold what it should, or key and certificate do not match.
    """
    own, *chain = _certificates(cert_file)
    if chain_file is not None:
        chain.extend(_certificates(chain_file))
    options = CertificateOptions(privateKey=_key(key_file), certificate=own, extraCertChain=chain)
    try:
        options.getContext().check_privatekey()
    except SSL.Error as problem:
        raise TlsError(
            f"{key_file} is not the key of {cert_file}; name the key it was issued for"
        ) from problem
    return options


def _certificates(path: str) -> list[crypto.X509]:
    try:
        found = [
            crypto.load_certificate(crypto.FILETYPE_PEM, block)
            for block in _CERTIFICATE.findall(Path(path).read_bytes())
        ]
    except (crypto.Error, ValueError) as problem:
        raise TlsError(f"{path} holds a damaged certificate; it must be PEM") from problem
    if not found:
        raise TlsError(f"{path} holds no certificate; it must be PEM (BEGIN CERTIFICATE)")
    return found


def _key(path: str) -> crypto.PKey:
    def passphrase(*_: object) -> bytes:
        raise TlsError(f"{path} is encrypted; the daemon needs a key without a passphrase")

    try:
        return crypto.load_privatekey(crypto.FILETYPE_PEM, Path(path).read_bytes(), passphrase)
    except (crypto.Error, ValueError, TypeError) as problem:
        raise TlsError(f"{path} holds no usable private key; it must be PEM") from problem
