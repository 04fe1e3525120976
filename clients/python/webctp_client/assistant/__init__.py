"""A gateway for assistants: an MCP server over standard input and output; needs mcp."""
