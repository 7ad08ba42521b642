"""Settling: typed rows to a dataset and a policy, decisions carried out; plans to be judged. Needs no file."""

from allocator.settling.plans import read_plan
from allocator.settling.settings import PolicyKey, policy_keys, read_policy_toml

__all__ = ["PolicyKey", "policy_keys", "read_plan", "read_policy_toml"]
