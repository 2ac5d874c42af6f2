"""Signatures of what goes to devices: ECDSA over P-256 with SHA-256, as AWS KMS signs with an ECC_NIST_P256 key.

Greengrass checks that an artefact is the one in the recipe; the signature says that the team made it. A device that
holds the public key runs nothing else, whoever writes to the bucket or to the recipe.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from .. import storage
from ..problem import NotAllowedError, ProblemError

_SCHEME = ec.ECDSA(hashes.SHA256())
SUFFIX = ".sig"


def new_key() -> ec.EllipticCurvePrivateKey:
    """A key for rehearsals and drills; the one of production is made in KMS and never leaves it."""
    return ec.generate_private_key(ec.SECP256R1())


def private_key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    """Read a private key.

    Raises:
        ProblemError: it is no such key.
    """
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise ProblemError("the key cannot be read", got=str(error)[:200], allowed="an unencrypted PEM") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise ProblemError("the key is of another kind", got=type(key).__name__, allowed="P-256, as ECC_NIST_P256")
    return key


def public_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half, as devices hold it."""
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def sign(artefact: Path, key: ec.EllipticCurvePrivateKey) -> Path:
    """Write the signature beside the artefact and return its path."""
    signature = artefact.with_name(artefact.name + SUFFIX)
    storage.write_bytes(signature, key.sign(artefact.read_bytes(), _SCHEME))
    return signature


def sign_with_kms(artefact: Path, key_arn: str) -> Path:
    """Write the signature beside the artefact, made by a key that never leaves KMS, and return its path."""
    # Devices verify and never sign; they have no SDK of AWS.
    import boto3

    digest = hashlib.sha256(artefact.read_bytes()).digest()
    made = boto3.client("kms").sign(
        KeyId=key_arn, Message=digest, MessageType="DIGEST", SigningAlgorithm="ECDSA_SHA_256"
    )
    signature = artefact.with_name(artefact.name + SUFFIX)
    storage.write_bytes(signature, made["Signature"])
    return signature


def verify(artefact: Path, public: bytes) -> None:
    """See that the artefact is what the team signed.

    Raises:
        NotAllowedError: there is no signature, or it is of other bytes or by another key.
    """
    signature = artefact.with_name(artefact.name + SUFFIX)
    if not signature.is_file():
        raise NotAllowedError(f"{artefact.name} is not signed", fix="release it by its step; never copy by hand")
    key = serialization.load_pem_public_key(public)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    try:
        key.verify(signature.read_bytes(), artefact.read_bytes(), _SCHEME)
    except InvalidSignature:
        raise NotAllowedError(
            f"{artefact.name} is not what the team signed",
            got="a signature of other bytes or by another key",
            fix="treat it as an incident: find out who wrote to the bucket",
        ) from None
