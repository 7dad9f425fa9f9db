"""Requests in words, for the request log: what their headers, or the proxy that asks about them, say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from data.actions import action_of
from data.gateway.authentication import Refusal
from data.gateway.gateway import Answer
from data.requests import Request
from data.tokens import without_secrets

MOST_HEADER_CHARACTERS = 300
"""A longer request id or user agent is cut."""

Headers: TypeAlias = Sequence[tuple[bytes, bytes]]
"""As ASGI gives them, names in lower case."""


@dataclass(frozen=True, slots=True)
class Described:
    """A request in words: its action, its id and its user agent, as far as anybody says them."""

    action: str
    request_id: str | None
    user_agent: str | None


def asked_about(headers: Headers, method: str, path: str) -> Described:
    """The request that a proxy asks about; `method` and `path` are those of a proxy that hands its request on as it is.

    nginx is told to send `X-Original-Method` and `X-Original-URI`; Caddy and Traefik send `X-Forwarded-Method` and
    `X-Forwarded-Uri`; Envoy sends the method itself, and the path behind a prefix.
    """
    named = first_headers(headers)
    asked_method = named.get(b"x-original-method") or named.get(b"x-forwarded-method") or method
    asked_path = named.get(b"x-original-uri") or named.get(b"x-forwarded-uri") or path
    return described(named, action_of(asked_method, asked_path))


def described(named: Mapping[bytes, str], action: str) -> Described:
    """A request with these headers in words."""
    return Described(action, _cut(named.get(b"x-request-id")), _cut(named.get(b"user-agent")))


def first_headers(headers: Headers) -> dict[bytes, str]:
    """The first header of each name."""
    return {name: value.decode("latin-1") for name, value in reversed(headers)}


def refused_request(
    answer: Answer, refusal: Refusal, status: int, asked: Described, service: str | None, at: datetime
) -> Request:
    """A request that was turned away, as the log tells of it."""
    return Request(
        action=asked.action,
        status=status,
        executed_at=at,
        client=refusal.client,
        token=refusal.public_id,
        service=service,
        ip=answer.address,
        request_id=asked.request_id,
        user_agent=asked.user_agent,
        refusal=refusal.code,
        reason=refusal.reason,
        scope=refusal.missing_scope,
    )


def _cut(text: str | None) -> str | None:
    # A client may send its token as anything.
    return without_secrets(text[:MOST_HEADER_CHARACTERS]) if text else None
