"""TLS for remote clients: the server's certificate from PEM files, through pyOpenSSL."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from OpenSSL import SSL, crypto
from twisted.internet.interfaces import IOpenSSLServerConnectionCreator
from twisted.internet.ssl import AcceptableCiphers, CertificateOptions, TLSVersion
from zope.interface import implementer

from webctp.language.text import NOTHING, Text, english
from webctp.upstream import files

EXPIRES_SOON: Final = timedelta(days=14)

_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)

_CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2 what keeps past traffic secret when the key is lost, and authenticates what it
encrypts. TLS 1.3 has nothing else."""

HTTP: Final = b"http/1.1"
"""What is spoken over TLS, a WebSocket's handshake included."""

_LEAST_BITS: Final = {"RSA": 2048, "EC": 224}
"""Keys of 112 bits of security, OpenSSL's level 2: clients refuse what is shorter."""


class TlsError(Exception):
    """A certificate or key cannot be used; the text names the file and what is wanted."""


@dataclass(frozen=True, slots=True)
class Validity:
    """From when until when every certificate of a chain is valid, in UTC."""

    begins: datetime
    ends: datetime

    def trouble(self, now: datetime) -> Text:
        """Return what is wrong with it at a moment; empty where nothing is."""
        if now < self.begins:
            return english("not valid before {begins:%Y-%m-%d %H:%M} UTC", begins=self.begins)
        if self.ends <= now:
            return english("expired: {ends:%Y-%m-%d %H:%M} UTC", ends=self.ends)
        return NOTHING

    def expires_soon(self, now: datetime) -> bool:
        """Return whether less than :data:`EXPIRES_SOON` is left."""
        return self.ends - now < EXPIRES_SOON


@dataclass(frozen=True, slots=True)
class ClientCertificates:
    """What certificates clients may show: of which authorities, and whether they must."""

    ca_file: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """The files of a listening port: its certificate, key and chain, and its clients' issuers."""

    cert_file: str
    key_file: str
    chain_file: str | None = None
    clients: ClientCertificates | None = None

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file there is."""
        ca_file = None if self.clients is None else self.clients.ca_file
        return tuple(filter(None, (self.cert_file, self.key_file, self.chain_file, ca_file)))

    def context(self) -> CertificateOptions:
        """See :func:`server_context`."""
        return server_context(self.cert_file, self.key_file, self.chain_file, self.clients)


@implementer(IOpenSSLServerConnectionCreator)
class ServerCertificate:
    """Certificate and key of a listening port, that can be replaced while it listens.

    Connections made before keep what they were made with.

    :raises TlsError: as :func:`server_context`.
    """

    def __init__(self, files: TlsFiles) -> None:
        self.files = files
        self._options = files.context()

    def serverConnectionForTLS(self, protocol: Any) -> SSL.Connection:
        """Make the TLS state of a connection, for ``IOpenSSLServerConnectionCreator``."""
        return SSL.Connection(self._options.getContext(), None)

    @property
    def validity(self) -> Validity:
        """When it may be used."""
        return validity(self._options)

    def take(self, files: TlsFiles, options: CertificateOptions) -> None:
        """Show a pair that :func:`usable` has read, from now on."""
        self.files, self._options = files, options


def usable(files: TlsFiles) -> CertificateOptions:
    """Read a pair that is to replace another. Blocks: call it off the reactor's thread.

    :raises TlsError: if it cannot be used, now.
    """
    options = files.context()
    trouble = validity(options).trouble(datetime.now(UTC))
    if trouble:
        raise TlsError(
            english("{cert_file}: {trouble}", cert_file=files.cert_file, trouble=trouble)
        )
    return options


def server_context(
    cert_file: str,
    key_file: str,
    chain_file: str | None,
    clients: ClientCertificates | None = None,
) -> CertificateOptions:
    """Return a context factory for a listening port: TLS 1.2 and 1.3.

    ``cert_file`` may hold the whole chain, the server's own certificate first; ``chain_file``
    adds to it, in any order.

    :raises TlsError: if a file does not hold what it should, key and certificate do not match, or
        a certificate is no issuer of the server's.
    """
    own, *others = _certificates(cert_file)
    rest = [(one, cert_file) for one in others]
    if chain_file is not None:
        rest.extend((one, chain_file) for one in _certificates(chain_file))
    chain = _issuers(own, rest, cert_file)
    key = _key(key_file)
    if _public(own.get_pubkey()) != _public(key):
        raise TlsError(
            english(
                "{key_file} is not the key of {cert_file}; name the key it was issued for",
                key_file=key_file,
                cert_file=cert_file,
            )
        )
    for certificate in (own, *chain):
        _check_size(cert_file if certificate is own else chain_file or cert_file, certificate)
    issuers = [] if clients is None else _certificates(clients.ca_file)
    options = CertificateOptions(
        privateKey=key,
        certificate=own,
        extraCertChain=chain,
        verify=clients is not None,
        caCerts=issuers or None,
        requireCertificate=clients is not None and clients.required,
        raiseMinimumTo=TLSVersion.TLSv1_2,
        acceptableCiphers=AcceptableCiphers.fromOpenSSLCipherString(_CIPHERS),
    )
    try:
        context = options.getContext()
        context.check_privatekey()
        context.set_client_ca_list([one.get_subject() for one in issuers])
        context.set_alpn_select_callback(_protocol)
    except SSL.Error as problem:
        raise TlsError(
            english(
                "{cert_file}: OpenSSL refuses it: {reason}",
                cert_file=cert_file,
                reason=_reason(problem),
            )
        ) from problem
    return options


def _protocol(connection: SSL.Connection, offered: Sequence[bytes]) -> Any:
    """Choose of the protocols that a client offers (ALPN, as browsers do) the one spoken here.

    Twisted would ask the factory for them, and break the handshake off where that has none to name.
    """
    return HTTP if HTTP in offered else SSL.NO_OVERLAPPING_PROTOCOLS


def validity(options: Any) -> Validity:
    """Return when the certificates of a context factory and its chain are valid."""
    found = [options.certificate, *(options.extraCertChain or ())]
    return Validity(
        begins=max(_moment(certificate.get_notBefore()) for certificate in found),
        ends=min(_moment(certificate.get_notAfter()) for certificate in found),
    )


def _certificates(path: str) -> list[crypto.X509]:
    try:
        found = [
            crypto.load_certificate(crypto.FILETYPE_PEM, block)
            for block in _CERTIFICATE.findall(_read(path))
        ]
    except (crypto.Error, ValueError) as problem:
        raise TlsError(
            english("{path} holds a damaged certificate; it must be PEM", path=path)
        ) from problem
    if not found:
        raise TlsError(
            english("{path} holds no certificate; it must be PEM (BEGIN CERTIFICATE)", path=path)
        )
    return found


def _issuers(
    own: crypto.X509, rest: Sequence[tuple[crypto.X509, str]], cert_file: str
) -> list[crypto.X509]:
    """Return the chain in its order, from the issuer of ``own`` up: clients want it so (RFC 5246).

    :param rest: the other certificates, each with the file that it is from.
    :raises TlsError: naming one that leads no further, and its file.
    """
    chain = [own]
    left = list(rest)
    for certificate in chain:  # it grows meanwhile
        found = [one for one in left if _has_issued(one[0], certificate)]
        left = [one for one in left if one not in found]
        chain.extend(one for one, _ in found)
    if left:
        stray, path = left[0]
        wanted = _name(chain[-1].to_cryptography().issuer)
        raise TlsError(
            english(
                "{path}: {name} has not issued the certificate of {cert_file}, nor its issuer's; "
                "the next in the chain is {wanted}",
                path=path,
                name=_name(stray.to_cryptography().subject),
                cert_file=cert_file,
                wanted=wanted,
            )
        )
    return chain[1:]


def _has_issued(issuer: crypto.X509, certificate: crypto.X509) -> bool:
    try:
        certificate.to_cryptography().verify_directly_issued_by(issuer.to_cryptography())
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _name(name: x509.Name) -> str:
    return name.rfc4514_string() or english("a certificate without a name")


def _key(path: str) -> crypto.PKey:
    def passphrase(*_: object) -> bytes:
        raise TlsError(
            english("{path} is encrypted; the daemon needs a key without a passphrase", path=path)
        )

    try:
        return crypto.load_privatekey(crypto.FILETYPE_PEM, _read(path), passphrase)
    except (crypto.Error, ValueError, TypeError) as problem:
        raise TlsError(
            english("{path} holds no usable private key; it must be PEM", path=path)
        ) from problem


def _read(path: str) -> bytes:
    try:
        return files.content(path)
    except OSError as problem:
        raise TlsError(
            english("{path} cannot be read: {reason}", path=path, reason=problem.strerror)
        ) from problem


def _public(key: crypto.PKey) -> bytes:
    """Return the public half of a key, to compare."""
    return crypto.dump_publickey(crypto.FILETYPE_ASN1, key)


def _check_size(path: str, certificate: crypto.X509) -> None:
    """Refuse a key that is too small by name; OpenSSL's own words name neither file nor remedy."""
    key = certificate.get_pubkey().to_cryptography_key()
    match key:
        case rsa.RSAPublicKey():
            kind = "RSA"
        case ec.EllipticCurvePublicKey():
            kind = "EC"
        case _:
            return
    least = _LEAST_BITS[kind]
    if key.key_size < least:
        raise TlsError(
            english(
                "{path}: its {kind} key of {key_size} bits is too small; have a certificate issued "
                "for a new key of {least} bits or more",
                path=path,
                kind=kind,
                key_size=key.key_size,
                least=least,
            )
        )


def _reason(problem: SSL.Error) -> str:
    """Return the last of OpenSSL's reasons."""
    rows = problem.args[0] if problem.args else ()
    return str(rows[-1][-1]) if rows else english("no reason given")


def _moment(text: bytes) -> datetime:
    return datetime.strptime(text.decode(), "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
