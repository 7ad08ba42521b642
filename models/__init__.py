"""Data only: entities, dataset, policy, decisions, rule catalogue, plan, result, errors."""
