"""The built front end: hashed files for ever, its first page never from a cache, every page address of the app that page."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_FIRST = "no-cache"
_NOT_BUILT = """<!doctype html><html lang="uk"><meta charset="utf-8"><title>Злагода</title>
<h1>Вебінтерфейс ще не зібрано</h1><p>Виконайте <code>make setup</code> і перезапустіть сервер.</p>
<p lang="en">The web interface has not been built yet: run <code>make setup</code> and start the server again.</p></html>"""
_NOT_PAGES = ("api/", "sync", "healthz", "readyz", "metrics", "assets/")


class FrontEnd:
    """Serves one folder, and nothing outside it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    async def serve(self, request: Request) -> Response:
        path = str(request.path_params["path"])
        file = self._find(path)
        if file is not None:
            return FileResponse(file, headers={"cache-control": _FOR_EVER if path.startswith("assets/") else _ASK_FIRST})
        if "." in path.rpartition("/")[2] or any(
            path == place.rstrip("/") or path.startswith(f"{place.rstrip('/')}/") for place in _NOT_PAGES
        ):
            raise HTTPException(404)
        index = self._folder / "index.html"
        if not index.is_file():
            return HTMLResponse(_NOT_BUILT, 503, {"cache-control": "no-store"})
        return FileResponse(index, headers={"cache-control": _ASK_FIRST})

    def _find(self, path: str) -> Path | None:
        if not path or "\0" in path:
            return None
        try:
            file = (self._folder / path).resolve()
            return file if file.is_relative_to(self._folder) and file.is_file() else None
        except OSError:  # a name no file system takes
            return None

    def routes(self) -> list[Route]:
        return [Route("/{path:path}", self.serve, methods=["GET"])]
