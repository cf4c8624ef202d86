"""`python -m equipoise`: the command line, for where the program itself is not on the path."""

from equipoise.cli import main

if __name__ == "__main__":
    main()
