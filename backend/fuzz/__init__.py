"""Attacks on the running product: requests made from its own OpenAPI documents, and input that is meant to hurt."""
