"""The rules for Prometheus and the dashboard for Grafana, held against real daemons."""
