from tools.notify.dingtalk import sign


def test_the_signature_is_the_documented_one() -> None:
    """HMAC-SHA-256 with the secret as key over `timestamp\\nsecret`, Base64; worked out with OpenSSL."""
    assert sign(1577262236757, "this is secret") == "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="
