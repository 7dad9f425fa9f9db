"""Public keys of every type, each with what `ssh-keygen -lf` says of it. Nobody has the private ones any more."""

from base64 import b64encode
from typing import NamedTuple


class Sample(NamedTuple):
    """A line as the file of a public key has it."""

    line: str
    bits: int
    fingerprint: str


SAMPLES = {
    "ed25519": Sample(
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKYyH/l1rXsknmHmuweQ/fAGDy7Odnj56bzBgqtYXAHE alice@laptop"),
        256,
        "SHA256:LH1fLrPGBS0asRFljtdIrhHDXyQ+AZ1XLz/QKMtbAqg",
    ),
    "rsa": Sample(
        (
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCnkMS026oiouQun3MceFZsutjznrUBS1RjIpRJkIJnN5B512aGjqx8uU1g0GDM"
            "2ShmBSz/wXE9rcqxgoNxPricWN5yZZWyYFqKJPzY58Dj8dUi20Kpk+zQ8ScnHntVQp9rgEMipr60ECy1SRy8ppQcaSjlOTB1d29z"
            "qMjeDCwPhjk3M9dV34jobh03yjFPIX5F//tNQ8rM1ewAdtddmAi0oSsGECoa2598zD8kF/6QElrn21tDMIg3n8rYIOXWfWyMi3YA"
            "UwAFry20q62dh/3oX3cYXjsimfjqeTPr3TG5BhNZNyv0PVIoVJO17cZeAgnsro4uuP8m65ibYwpAELMt "
        ),
        2048,
        "SHA256:3d5AwxckypcaL5iEdn2QLRPcJTN9q3JLBlgv3Q8Fs18",
    ),
    "ecdsa_256": Sample(
        (
            "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBDqtBX/Rtrjmn3KJs5yxwju9oFhb"
            "Il6AmJ/GJ7q9T7dgGP3/fwqnA+9LhkR/t227WgCD9Ko44C5Nu2qGMWyFhk4= ec 256"
        ),
        256,
        "SHA256:PlTJKL8HlqcIdukMPkzjG2xWaMXU2nLOnbl/iM+B8vw",
    ),
    "ecdsa_384": Sample(
        (
            "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBHrBNpZidV2IWjJCBQ86L88pDaLJ"
            "QDERNk1qQPFOqntPHXkODDd7qX2D/jU4XkummXTCu37uC549VzT2DJyelhAitll1SoA0WWcRSMfgK/Sa7lHREI3Am37rQLJzvhsX"
            "WQ== ec 384"
        ),
        384,
        "SHA256:8Oa61+0GIi0zU2Y+JWvlQwwontvobbipK+bEH5ilWZU",
    ),
    "ecdsa_521": Sample(
        (
            "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAENiEXCoNE9LdRJtS5GlMGnV1IP"
            "wNWraS/XwoPFTX0K1BkIHXsbJV+ljruKKnZsnWtBTWgC9K5vrGyqk4Bj0AU8awGKN0O+ggOz5Sp0f8hoYuAe9BdeOKJeYHdMkOOl"
            "Waj6gkh6O5hri9boZZGs3awlBpwkuVyKzeDwp53bQwJcmXXLPg== ec 521"
        ),
        521,
        "SHA256:9Oq//IKB7LAMXDW+K13b54K4RkqbuJAT9o/V8psJ+3A",
    ),
}

WEAK_RSA = (
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDIynUPlSLuecne2tw1jlKQPYjMb6hBgjW01+FoR9rnAzn8y3tFtlcoSppWogHh"
    "wZeOg0PGzcbdnAoEs1AMGHGWqlaNsLV25TQrI0+vHtEZQEVpoWiv3dXerYmpEvXx+ZUOI8Gu5lqreq24zODYHkjrhTobY0ilfiuJ"
    "pAH/Ce2O6w== weak"
)

DSA = (
    "ssh-dss AAAAB3NzaC1kc3MAAACBALN51hV9KyhzIkzZNWL3quQ87YrzfGGjjgln0EBEV/HabqDg0roTiAxi+sdU/uz3lNU+xQtm"
    "TUo388wa+cH7+g7OAv86bgDhjHYFyFhXmlBB3v0WuXQ32spqyUjZAmH0cE085bVgisJ218sLjlLMPfnLuc6uWuvJlIeTnezRRHRB"
    "AAAAFQCoYtykKvlZx7oZiZEusrm+Tf1OCQAAAIEAgJS6wl7YSTUCilPhgEfDkPXkgx6q/tWDP3X+BVGCeuvsl5dh1o6K2X69GEEf"
    "8ln8hBg8S5vIHj2fgU048Pk11qtr9ZA8OqkvSi8UbW6cUae+oPQn06Q5+1UKzFWXB1RvpXIKptYzLKpvd3DSTphEC+978U4zNs+V"
    "EYY8gdwGRJIAAACABxLZ/mFRxlDbzsmlHWvL5ppTmLaDpCtK7txSSjXJuTo+9BEYTx0JOnud+WsvOlysXjN6t+tksJyhKow3Rfki"
    "OnK6I0jQfBzxpp79kGIenb2eJ7IiZXZUGICD282gMGLGrS9ClYUH5q8c36qq4dcILhjLubotEATGQ8SfQOon5ro= old@laptop"
)

CERTIFICATE = (
    "ecdsa-sha2-nistp256-cert-v01@openssh.com AAAAKGVjZHNhLXNoYTItbmlzdHAyNTYtY2VydC12MDFAb3BlbnNzaC5jb20"
    "AAAAg45jgnyY0lMe4g7U9ydjnXjnGTKjSkg2iH4FVzBGvmoMAAAAIbmlzdHAyNTYAAABBBDqtBX/Rtrjmn3KJs5yxwju9oFhbIl6"
    "AmJ/GJ7q9T7dgGP3/fwqnA+9LhkR/t227WgCD9Ko44C5Nu2qGMWyFhk4AAAAAAAAAAAAAAAEAAAABeAAAAAUAAAABeQAAAAAAAAA"
    "A//////////8AAAAAAAAAggAAABVwZXJtaXQtWDExLWZvcndhcmRpbmcAAAAAAAAAF3Blcm1pdC1hZ2VudC1mb3J3YXJkaW5nAAA"
    "AAAAAABZwZXJtaXQtcG9ydC1mb3J3YXJkaW5nAAAAAAAAAApwZXJtaXQtcHR5AAAAAAAAAA5wZXJtaXQtdXNlci1yYwAAAAAAAAA"
    "AAAAAMwAAAAtzc2gtZWQyNTUxOQAAACCmMh/5da17JJ5h5rsHkP3wBg8uznZ4+em8wYKrWFwBxAAAAFMAAAALc3NoLWVkMjU1MTk"
    "AAABAZ1E2f3ks0Z9ZoGJncmpysRzSC4IBaLAdeyJyYpXypyOJEpD038ubJlMh1rpVsLLRwvbYnbRua52THs7palt4Bg== ec 256"
)


def wire(*fields: bytes) -> str:
    """Fields as they stand within a key, in base64."""
    return b64encode(b"".join(len(field).to_bytes(4) + field for field in fields)).decode()
