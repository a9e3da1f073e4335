from safar.events.tests.shop import conn, shop  # noqa: F401
