"""HTTP: paths and pages, the upgrade, TLS, the sockets that are accepted."""
