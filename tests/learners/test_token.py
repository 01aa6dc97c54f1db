"""Learner tokens: who the platform says is speaking."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.learners.token import LEEWAY_SECONDS, TokenCheck, issue_token

KEY = "a key of at least thirty-two bytes, as HS256 wants it"
LEARNER = "T5602110801"


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def signed(claims: dict[str, Any], key: str = KEY, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key, algorithm=algorithm)


def in_an_hour() -> datetime.datetime:
    return now() + datetime.timedelta(hours=1)


def part(data: dict[str, Any]) -> str:
    """One part of a token made by hand."""
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


@pytest.fixture(scope="module")
def pair() -> tuple[str, str]:
    """A private and a public key as PEM."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return (
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
        private.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode(),
    )


def test_a_token_that_was_issued_here_proves_its_learner() -> None:
    token = issue_token(LEARNER, KEY, 60)

    assert TokenCheck(KEY).learner_id(token) == LEARNER


def test_a_token_of_another_key_counts_as_none() -> None:
    token = issue_token(LEARNER, "another key of at least thirty-two bytes", 60)

    assert TokenCheck(KEY).learner_id(token) is None


def test_an_expired_token_counts_as_none() -> None:
    token = issue_token(LEARNER, KEY, 60, now() - datetime.timedelta(seconds=60 + LEEWAY_SECONDS + 5))

    assert TokenCheck(KEY).learner_id(token) is None


def test_a_token_that_expired_within_the_leeway_still_counts() -> None:
    token = issue_token(LEARNER, KEY, 60, now() - datetime.timedelta(seconds=60 + LEEWAY_SECONDS - 15))

    assert TokenCheck(KEY).learner_id(token) == LEARNER


def test_a_token_without_an_end_counts_as_none() -> None:
    token = signed({"sub": LEARNER, "iat": now()})

    assert TokenCheck(KEY).learner_id(token) is None


@pytest.mark.parametrize("exp", [None, "soon", [], {}, True, float("inf"), -1])
def test_an_end_that_is_no_moment_counts_as_none(exp: object) -> None:
    token = signed({"sub": LEARNER, "exp": exp})

    assert TokenCheck(KEY).learner_id(token) is None


def test_a_token_that_is_not_valid_yet_counts_as_none() -> None:
    token = signed({"sub": LEARNER, "exp": in_an_hour(), "nbf": now() + datetime.timedelta(minutes=30)})

    assert TokenCheck(KEY).learner_id(token) is None


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
def test_an_unsigned_token_counts_as_none(algorithm: str) -> None:
    claims = {"sub": LEARNER, "exp": int(in_an_hour().timestamp())}
    token = f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims)}."

    assert TokenCheck(KEY).learner_id(token) is None


def test_a_token_whose_claims_were_changed_counts_as_none() -> None:
    head, _claims, signature = issue_token(LEARNER, KEY, 60).split(".")
    forged = part({"sub": "T9999999999", "exp": int(in_an_hour().timestamp())})

    assert TokenCheck(KEY).learner_id(f"{head}.{forged}.{signature}") is None


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_with_the_right_key_counts_as_none(algorithm: str) -> None:
    key = KEY * 2
    token = signed({"sub": LEARNER, "exp": in_an_hour()}, key, algorithm)

    assert TokenCheck(key).learner_id(token) is None


@pytest.mark.parametrize(
    "subject",
    ["", "A123456789", "T560211080", "T56021108011", "t5602110801", "T5602110801\n", " T5602110801", "王小明"],
)
def test_a_subject_that_is_no_learner_id_counts_as_none(subject: str) -> None:
    token = signed({"sub": subject, "exp": in_an_hour()})

    assert TokenCheck(KEY).learner_id(token) is None


def test_a_token_without_a_subject_counts_as_none() -> None:
    token = signed({"exp": in_an_hour()})

    assert TokenCheck(KEY).learner_id(token) is None


@pytest.mark.parametrize("subject", [5602110801, ["T5602110801"], {"id": "T5602110801"}, None, True])
def test_a_subject_that_is_no_text_counts_as_none(subject: object) -> None:
    claims = {"sub": subject, "exp": int(in_an_hour().timestamp())}
    body = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}"
    signature = hmac.new(KEY.encode(), body.encode(), hashlib.sha256).digest()
    token = f"{body}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"

    assert TokenCheck(KEY).learner_id(token) is None


@pytest.mark.parametrize("token", [None, "", "a", "a.b", "a.b.c", "....", "é.é.é", "\ud800", 5, {}, [], b"a.b.c", True])
def test_what_is_no_token_at_all_counts_as_none(token: object) -> None:
    assert TokenCheck(KEY).learner_id(token) is None


def test_where_a_public_key_is_set_a_token_of_its_private_key_counts(pair: tuple[str, str]) -> None:
    private, public = pair
    token = signed({"sub": LEARNER, "exp": in_an_hour()}, private, "RS256")

    assert TokenCheck(KEY, public).learner_id(token) == LEARNER


def test_where_a_public_key_is_set_the_shared_key_opens_nothing(pair: tuple[str, str]) -> None:
    _private, public = pair
    token = issue_token(LEARNER, KEY, 60)

    assert TokenCheck(KEY, public).learner_id(token) is None


def test_a_token_signed_with_the_public_key_as_if_it_were_a_secret_counts_as_none(pair: tuple[str, str]) -> None:
    _private, public = pair
    body = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part({'sub': LEARNER, 'exp': int(in_an_hour().timestamp())})}"
    signature = hmac.new(public.encode(), body.encode(), hashlib.sha256).digest()
    token = f"{body}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"

    assert TokenCheck(KEY, public).learner_id(token) is None


def test_a_token_of_a_private_key_counts_as_none_where_only_the_shared_key_is_set(pair: tuple[str, str]) -> None:
    private, _public = pair
    token = signed({"sub": LEARNER, "exp": in_an_hour()}, private, "RS256")

    assert TokenCheck(KEY).learner_id(token) is None


def test_a_public_key_that_is_none_proves_nobody(pair: tuple[str, str]) -> None:
    private, _public = pair
    token = signed({"sub": LEARNER, "exp": in_an_hour()}, private, "RS256")

    assert TokenCheck(KEY, "-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----").learner_id(token) is None


@pytest.mark.parametrize("learner_id", ["A123456789", "", "T5602110801\n", "t5602110801"])
def test_no_token_is_issued_for_what_is_no_learner_id(learner_id: str) -> None:
    with pytest.raises(ValueError, match="is no learner id"):
        issue_token(learner_id, KEY, 60)


def test_an_issued_token_carries_learner_and_times_and_nothing_else() -> None:
    moment = datetime.datetime(2026, 11, 20, 5, 0, tzinfo=datetime.timezone.utc)

    claims = jwt.decode(issue_token(LEARNER, KEY, 90, moment), options={"verify_signature": False})

    assert claims == {"sub": LEARNER, "iat": int(moment.timestamp()), "exp": int(moment.timestamp()) + 90}


def test_a_token_also_proves_until_when() -> None:
    until = in_an_hour().replace(microsecond=0)

    proof = TokenCheck(KEY).proof(signed({"sub": LEARNER, "exp": until}))

    assert proof == (LEARNER, until)
    assert TokenCheck(KEY).proof("nonsense") is None


def test_a_token_with_an_end_beyond_all_time_proves_its_learner() -> None:
    proof = TokenCheck(KEY).proof(signed({"sub": LEARNER, "exp": 10**17}))

    assert proof is not None and proof[0] == LEARNER
