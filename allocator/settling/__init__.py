"""Settling: typed rows to a dataset and a policy, decisions carried out; plans to be judged. Needs no file."""

from allocator.settling.plans import read_plan
from allocator.settling.policy_keys import PolicyKey, policy_keys
from allocator.settling.settings import read_policy_toml

__all__ = ["PolicyKey", "policy_keys", "read_plan", "read_policy_toml"]
