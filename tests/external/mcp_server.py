"""An MCP server with two tools and a planted fault, run as a program: over stdio, or over HTTP when a port is given."""

from __future__ import annotations

import re
import sys

from mcp.server.mcpserver import MCPServer

server = MCPServer("shop")


@server.tool()
def read_price(document: str, question: str) -> str:
    """Return the one price that a document states; reads nothing but plain digits."""
    found = re.findall(r"\d+(?:[.,]\d+)*", document)
    return found[-1] if found else "I cannot tell."


@server.tool()
def explode(document: str) -> str:
    """Fail always."""
    raise ValueError(f"no use for {len(document)} characters")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]), stateless_http=True, json_response=True)
    else:
        server.run("stdio")
