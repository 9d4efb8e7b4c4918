"""Property tests are about values: a machine that is busy with something else does not fail them."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
