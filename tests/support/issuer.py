"""A real OIDC issuer on this machine: an HTTP server with keys, that can rotate, go away and lie."""

import json
import threading
import time
import uuid
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

AUDIENCE = "tessera-tests"


class SigningPair:
    """A private key of the issuer with its `kid`. algorithm: RS256 or ES256."""

    def __init__(self, algorithm="RS256", kid=None, bits=2048):
        self.algorithm = algorithm
        self.kid = kid or uuid.uuid4().hex
        rs = algorithm == "RS256"
        self.private = (
            rsa.generate_private_key(65537, bits) if rs else ec.generate_private_key(ec.SECP256R1())
        )
        maker = jwt.algorithms.RSAAlgorithm if rs else jwt.algorithms.ECAlgorithm
        self.jwk = maker.to_jwk(self.private.public_key(), as_dict=True)
        self.jwk |= {"kid": self.kid, "use": "sig", "alg": algorithm}
        self.jwk.pop("key_ops", None)


class Issuer:
    """Answers discovery and JWKS until it is told otherwise, and signs tokens.

    answers: by path, what is sent in place of the truth: (status, headers, body).
    """

    def __init__(self):
        self.pairs = [SigningPair()]
        self.answers = {}
        self.asked = []
        self.is_away = False
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.asked.append(self.path)
                if issuer.is_away:
                    self.connection.close()
                    return
                status, headers, body = issuer.answer(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                """The tests' own server says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.handle_error = lambda *_: None
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.jwks_url = f"{self.url}/jwks"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    def answer(self, path):
        """Status, headers and body for a path."""
        if path in self.answers:
            return self.answers[path]
        truths = {
            "/jwks": {"keys": [pair.jwk for pair in self.pairs]},
            "/.well-known/openid-configuration": {"issuer": self.url, "jwks_uri": self.jwks_url},
        }
        if path not in truths:
            return 404, {}, b""
        return 200, {"Content-Type": "application/json"}, json.dumps(truths[path]).encode()

    def claims(self, **changed):
        """Claims of an analyst; a claim that is None is left out."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "nora.analyst@police.example",
            "iat": now,
            "exp": now + 600,
            "org": "unit-7",
            "realm_access": {"roles": ["analyst", "offline_access"]},
            "name": "Nora Analyst",
        } | changed
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, pair=None, headers=None, **changed):
        """A token, signed by the newest key unless another is given."""
        signer = pair or self.pairs[-1]
        return jwt.encode(
            self.claims(**changed),
            signer.private,
            algorithm=signer.algorithm,
            headers={"kid": signer.kid} | (headers or {}),
        )

    def close(self):
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


@contextmanager
def issuing():
    """An issuer while the block runs."""
    issuer = Issuer()
    try:
        yield issuer
    finally:
        issuer.close()


def issuers_file(folder, issuer, **changed):
    """A file that lists the issuer; `changed` replaces or (None) takes out its lines."""
    lines = {
        "issuer": issuer.url,
        "audience": AUDIENCE,
        "jwks_url": issuer.jwks_url,
        "algorithms": ["RS256", "ES256"],
        "organisation_claim": "org",
        "role_claim": ["realm_access", "roles"],
        "organisations": {"unit-7": "police-ref"},
        "roles": {"analyst": ["leads:read", "leads:write", "reports:write"]},
    } | changed
    text = "[[issuer]]\n"
    tables = ""
    for name, value in lines.items():
        if isinstance(value, dict):
            rows = "".join(
                f"{json.dumps(key)} = {json.dumps(each)}\n" for key, each in value.items()
            )
            tables += f"[issuer.{name}]\n{rows}"
        elif value is not None:
            text += f"{name} = {json.dumps(value)}\n"
    path = folder / f"issuers-{uuid.uuid4().hex}.toml"
    path.write_text(text + tables, encoding="utf-8")
    return path
