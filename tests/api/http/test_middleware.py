import pytest
from fastapi import FastAPI, Request, WebSocket
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from api.http.middleware import Passage


@pytest.fixture
def client() -> TestClient:
    api = FastAPI()

    @api.websocket("/ws")
    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("hello")
        await socket.close()

    @api.post("/u/{token}")
    def public(token: str) -> str:
        return token

    @api.post("/ui/_nicegui/client/abc/upload/7")
    async def upload(request: Request) -> int:
        return len(await request.body())

    api.add_middleware(Passage, public_url="https://shop.example", max_upload_bytes=10)
    return TestClient(api)


@pytest.mark.parametrize("origin", ["http://testserver", "https://shop.example"])
def test_d2_our_own_pages_open_the_socket(client: TestClient, origin: str) -> None:
    with client.websocket_connect("/ws", headers={"Origin": origin}) as socket:
        assert socket.receive_text() == "hello"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://shop.example.evil.example"])
def test_d2_pages_of_other_hosts_do_not(client: TestClient, origin: str) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/ws", headers={"Origin": origin}):
        pass


def test_d7_mail_providers_post_from_anywhere(client: TestClient) -> None:
    assert client.post("/u/abc", headers={"Origin": "https://mail.example"}).status_code == 200


def test_d6_a_file_for_a_page_is_held_to_the_limit_of_imports(client: TestClient) -> None:
    address = "/ui/_nicegui/client/abc/upload/7"
    assert client.post(address, content=b"x" * 10).json() == 10
    assert client.post(address, content=b"x" * 11).status_code == 413
    assert client.post(address, content=b"x" * 5, headers={"Origin": "https://evil.example"}).status_code == 403
