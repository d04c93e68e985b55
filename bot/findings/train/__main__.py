"""`python -m bot.findings.train DATA_DIR OUT`: train the label model on DATA_DIR's texts and write it to OUT."""

import sys

from bot.findings.train.recipe import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
