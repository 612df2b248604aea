"""python -m sharpen_desktop."""

import sys

from sharpen_desktop.cli import main

if __name__ == "__main__":
    sys.exit(main())
