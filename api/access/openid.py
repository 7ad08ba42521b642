"""Signing in by OpenID Connect, where the administrator names a provider: authorization code with PKCE, by Authlib.

The provider says who somebody is; what they may do is said by their account here, which an admin makes with the login
that the provider's claim will have. Nobody gets an account by signing in.
"""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import OpenIDProviderMetadata, get_well_known_url
from httpx2 import BaseTransport, Client, HTTPError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.access.hashing import digest, new_secret
from api.problems import SignInNeededError
from api.settings import Settings

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
"""Signatures that only the provider can make; none with a shared secret, and not "none"."""
WAIT_SECONDS, LEEWAY_SECONDS = 600.0, 60
MOST_WAITING = 1000
WAIT_FOR_PROVIDER = 10.0
"""Seconds."""
_SCOPE = "openid email profile"
_UNREACHABLE = "The provider of your organisation's accounts cannot be reached, or does not answer as it should."
_REFUSED = "The provider's answer does not hold: it is too old, not for this browser, or not for this service."


class _Waiting(NamedTuple):
    """What has to come back in the provider's answer."""

    state: str
    nonce: str
    verifier: str
    redirect: str
    until: float


class OpenId:
    """The provider, and sign-ins that are under way at it.

    Parameters
    ----------
    settings
        Issuer, client, secret and claim.
    transport
        How its addresses are reached; default the network.
    """

    def __init__(self, settings: Settings, transport: BaseTransport | None = None) -> None:
        self.settings, self.transport = settings, transport
        self._waiting: OrderedDict[str, _Waiting] = OrderedDict()
        self._lock = Lock()

    def begin(self, redirect: str) -> tuple[str, str]:
        """Begin to sign in.

        Parameters
        ----------
        redirect
            Where the provider sends the browser back to.

        Returns
        -------
        tuple
            The provider's address, and a cookie that binds its answer to this browser.

        Raises
        ------
        SignInNeededError
            The provider cannot be reached.
        """
        cookie = new_secret()
        waiting = _Waiting(new_secret(), new_secret(), generate_token(48), redirect, monotonic() + WAIT_SECONDS)
        with self._client(redirect) as client:
            metadata = self._metadata()
            address, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], state=waiting.state, nonce=waiting.nonce,
                code_verifier=waiting.verifier,
            )  # fmt: skip
        with self._lock:
            self._waiting[digest(cookie)] = waiting
            while len(self._waiting) > MOST_WAITING:
                self._waiting.popitem(last=False)
        return address, cookie

    def finish(self, cookie: str, answer: Mapping[str, str]) -> str:
        """The login that the provider vouches for.

        Parameters
        ----------
        cookie
            Of :meth:`begin`; it holds once.
        answer
            What the provider sent the browser back with.

        Returns
        -------
        str
            Value of the claim that is the login.

        Raises
        ------
        SignInNeededError
            Nobody began this in this browser, the answer does not hold, or the provider cannot be reached.
        """
        with self._lock:
            waiting = self._waiting.pop(digest(cookie), None)
        issuer = self.settings.openid_issuer
        if waiting is None or waiting.until < monotonic() or answer.get("state") != waiting.state:
            raise SignInNeededError(_REFUSED)
        if "code" not in answer or answer.get("iss", issuer) != issuer:
            raise SignInNeededError(_REFUSED)
        with self._client(waiting.redirect) as client:
            claims = self._claims(client, waiting, answer["code"])
        login = claims.get(self.settings.openid_claim)
        if self.settings.openid_claim == "email" and claims.get("email_verified") is not True:
            raise SignInNeededError("The provider has not verified your e-mail address, so it cannot be your login.")
        if not isinstance(login, str) or not login:
            raise SignInNeededError(f"The provider does not say your {self.settings.openid_claim}.")
        return login

    def _claims(self, client: OAuth2Client, waiting: _Waiting, code: str) -> Mapping[str, Any]:
        metadata = self._metadata()
        try:
            tokens = client.fetch_token(metadata["token_endpoint"], code=code, code_verifier=waiting.verifier)
            keys = KeySet.import_key_set(self._json(metadata["jwks_uri"]))
            token = jwt.decode(tokens["id_token"], keys, algorithms=ALGORITHMS)
            expected: dict[str, Any] = {
                "iss": {"essential": True, "value": self.settings.openid_issuer},
                "aud": {"essential": True, "value": self.settings.openid_client},
            }
            params = {"nonce": waiting.nonce, "client_id": self.settings.openid_client}
            claims = CodeIDToken(token.claims, token.header, expected, params)
            claims.validate(leeway=LEEWAY_SECONDS)
        except HTTPError as error:
            raise SignInNeededError(_UNREACHABLE) from error
        except (AuthlibBaseError, JoseError, ValueError, TypeError, KeyError) as error:
            raise SignInNeededError(_REFUSED) from error
        return dict(claims)

    def _client(self, redirect: str) -> OAuth2Client:
        return OAuth2Client(
            self.settings.openid_client, self.settings.openid_secret.get_secret_value(), scope=_SCOPE,
            redirect_uri=redirect, code_challenge_method="S256", transport=self.transport, timeout=WAIT_FOR_PROVIDER,
        )  # fmt: skip

    def _json(self, address: str) -> Any:
        with Client(transport=self.transport, timeout=WAIT_FOR_PROVIDER) as client:
            return client.get(address).raise_for_status().json()

    def _metadata(self) -> OpenIDProviderMetadata:
        """What the provider says of itself; it is asked each time, so that a change of it needs no restart."""
        issuer = self.settings.openid_issuer or ""
        try:
            metadata = OpenIDProviderMetadata(self._json(get_well_known_url(issuer, external=True)))
            metadata.validate_issuer()
            metadata.validate_authorization_endpoint()
            metadata.validate_token_endpoint()
            metadata.validate_jwks_uri()
        except (HTTPError, ValueError, TypeError) as error:
            raise SignInNeededError(_UNREACHABLE) from error
        if metadata["issuer"] != issuer:
            raise SignInNeededError(_UNREACHABLE)
        return metadata
