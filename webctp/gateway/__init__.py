"""What knows clients and JSON: WebSockets, requests, answers, who may come in."""
