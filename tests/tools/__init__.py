"""What runs, starts and checks the tests; no test of the product itself."""
