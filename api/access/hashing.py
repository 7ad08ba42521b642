"""Hashes of what people and programs prove themselves with: Argon2id for both, of different cost.

A password is chosen by a person and can be guessed, so each guess is made to cost (OWASP's second set: 19 MiB, two
passes). A token is 256 random bits, which nobody guesses at any cost: its Argon2id is the cheapest that the library
makes (1 MiB, one pass, about a millisecond), and what was verified is remembered for a minute beside that. A cookie is
as random and is looked up by its SHA-256, since a lookup needs the same digest each time.
"""

import hashlib
import re
import secrets
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from api.problems import UnusableError
from models.errors import Issue

SHORTEST, LONGEST = 12, 200
"""Characters of a password; the longest so that nobody makes the server hash a book."""
_PASSWORDS = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_TOKENS = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
_AT_ONCE = BoundedSemaphore(4)
"""Passwords hashed at a time, 19 MiB each: many attempts at once are not to take the memory."""
_NOBODYS = _PASSWORDS.hash(secrets.token_urlsafe(32))
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_TOKEN = re.compile(r"placements_([0-9a-f]{32})_([A-Za-z0-9_-]{43})")


def hash_password(password: str, login: str) -> str:
    """The hash of a password that somebody chose.

    Raises
    ------
    UnusableError
        Too short, too long, or made of the login or of one character.
    """
    wrong = None
    if not SHORTEST <= len(password) <= LONGEST:
        wrong = f"A password has {SHORTEST} to {LONGEST} characters; this one has {len(password)}."
    elif (len(login) >= 4 and login.casefold() in password.casefold()) or len(set(password)) < 4:
        wrong = "This password is easily guessed: it holds the login, or hardly any characters. Take several words."
    if wrong:
        raise UnusableError(wrong, [Issue(level="stop", code="password", message=wrong)])
    with _AT_ONCE:
        return _PASSWORDS.hash(password)


def is_password(password: str, hashed: str | None) -> bool:
    """Whether it is the password; takes as long where there is none, so that nobody learns which logins exist."""
    with _AT_ONCE:
        right = _is(_PASSWORDS, password[: LONGEST + 1], hashed or _NOBODYS)
    return right and hashed is not None


def new_secret() -> str:
    """256 random bits, as 43 characters that fit into a URL."""
    return secrets.token_urlsafe(32)


def is_secret_shaped(text: str) -> bool:
    """Whether it looks like one."""
    return _SECRET.fullmatch(text) is not None


def hash_secret(secret: str) -> str:
    """The hash of a token's secret."""
    return _TOKENS.hash(secret)


def is_secret(secret: str, hashed: str) -> bool:
    """Whether it is the token's secret."""
    return _is(_TOKENS, secret, hashed)


def digest(text: str) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def token_words(token: str, secret: str) -> str:
    """A token as it is shown once: its id, by which it is found, and its secret."""
    return f"placements_{token}_{secret}"


def parts_of_token(words: str) -> tuple[str, str] | None:
    """Id and secret of a token; None where it is not shaped like one."""
    found = _TOKEN.fullmatch(words)
    return (found[1], found[2]) if found else None


def _is(hasher: PasswordHasher, secret: str, hashed: str) -> bool:
    try:
        return hasher.verify(hashed, secret)
    except (Argon2Error, InvalidHashError, UnicodeEncodeError):
        return False
