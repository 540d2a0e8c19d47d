"""Refuses WebSockets, which uvicorn offers wherever their library is installed and Django answers with an error."""

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope


class NoWebSockets:
    """ASGI layer: closes before the handshake, which the client sees as 403."""

    def __init__(self, app: ASGI3Application) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "websocket":
            return await self.app(scope, receive, send)
        await receive()
        await send({"type": "websocket.close", "code": 1000, "reason": None})
