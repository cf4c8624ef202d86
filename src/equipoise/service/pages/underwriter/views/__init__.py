"""The underwriter's pages, one module to a thing that is done."""
