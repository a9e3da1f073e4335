"""What pyproject.toml cannot say: the words of the pages are compiled when a wheel is built (they are not committed)."""

from pathlib import Path
from runpy import run_path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithWords(build_py):
    """Compiles the catalogs beside their sources, then packs everything."""

    def run(self) -> None:
        run_path(str(Path(__file__).parent / "safar" / "console" / "translations.py"))["compile_all"]()
        super().run()


setup(cmdclass={"build_py": BuildWithWords})
