"""The stores of the contract suite, for every test in this folder."""

from tests.contracts.stores import case, home, sql, store, transactions, url_of

__all__ = ["case", "home", "sql", "store", "transactions", "url_of"]
