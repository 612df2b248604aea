"""python -m sharpen_desktop."""

import sys

if __name__ == "__main__":  # the worker processes load this file as well
    from sharpen_desktop.cli import main

    sys.exit(main())
