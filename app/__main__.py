"""The entry of the command `tessera`.

Metrics of several processes meet in a folder, which the metrics library wants to know of before
it is loaded; that is why the commands are imported late.
"""

import os
import sys
import tempfile

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def main() -> None:
    """Run the command line."""
    if sys.argv[1:2] != ["serve"] or _FOLDER in os.environ:
        _run()
        return
    with tempfile.TemporaryDirectory(prefix="tessera-metrics-") as folder:
        os.environ[_FOLDER] = folder
        _run()


def _run() -> None:
    from app.cli.main import app

    app()


if __name__ == "__main__":
    main()
