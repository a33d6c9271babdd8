from tools.notify.feishu import sign


def test_the_signature_has_the_secret_in_its_key_and_signs_nothing() -> None:
    """HMAC-SHA-256 with `timestamp\\nsecret` as key over nothing, Base64; worked out with OpenSSL."""
    assert sign(1599360473, "demo") == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="
