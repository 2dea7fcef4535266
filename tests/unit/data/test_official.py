from __future__ import annotations

from fmnist.data.official import OFFICIAL_FILES


def test_the_published_checksums():
    """As in the README of github.com/zalandoresearch/fashion-mnist."""
    assert [file.md5 for file in OFFICIAL_FILES] == [
        "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "25c81989df183df01b3e8a0aad5dffbe",
        "bef4ecab320f06d8554ea6380940ec79",
        "bb300cfdad3c16e7a12a480ee83cd310",
    ]
