"""Tools of JavaScript that tests run: Node.js, and packages by a lockfile."""
