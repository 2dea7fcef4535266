from __future__ import annotations

from fmnist.access.hashing import SCRYPT_N, hash_secret, is_secret


def test_secret_is_recognised_by_its_hash_alone() -> None:
    one, other = hash_secret("123456"), hash_secret("123456")
    assert one != other
    assert "123456" not in one
    assert one.startswith(f"{SCRYPT_N}$")
    assert is_secret("123456", one)
    assert not is_secret("123457", one)
