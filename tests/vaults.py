"""Vaults for tests: the key lies beside the home, as it does for a merchant who sets nothing."""

from pathlib import Path

from primetui.adapters.documents.vault import Vault
from primetui.adapters.machine.keys import keys_of


def vault_of(home: Path) -> Vault:
    """Make a vault whose key is kept beside a home."""
    return Vault(keys_of(home))
