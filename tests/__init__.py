"""Tests mirror the code.

Bytecode is kept between runs and shared with the processes that tests start, whatever the environment says:
compiling the libraries anew costs each of those processes more than most of the tests in it.
"""

import os
import sys

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
