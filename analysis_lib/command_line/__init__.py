"""The `cart-report` command."""
