from api.models.calls import IdempotentCall
from api.models.clients import Client, Credential, CredentialKind, Scope

__all__ = ["Client", "Credential", "CredentialKind", "IdempotentCall", "Scope"]
