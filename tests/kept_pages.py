"""Pages of Chromium that serve one test after another.

A page of its own, in a context of its own, costs each test a second of computing, most of it for
processes that begin and end; another document in a page that is there, a quarter of that.
"""

from collections import defaultdict
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

VIEWPORT = {"width": 1280, "height": 720}
"""As Playwright has it."""


class KeptPage:
    """A page without a network that notes what goes wrong on it.

    What a reader's device is, `options` of a context, it has for good; its size and how it looks
    are set anew whenever it is taken, and what a test left on it is gone once it was left.
    """

    def __init__(self, browser: Browser, options: dict[str, Any]):
        self.page: Page = browser.new_context(offline=True, **options).new_page()
        self._devtools: CDPSession = self.page.context.new_cdp_session(self.page)
        self.wrong: list[str] = []
        own = ("file:", "blob:", "data:")
        say = self.wrong.append
        self.page.on("pageerror", lambda error: say(str(error)))
        self.page.on("console", lambda m: say(m.text) if m.type == "error" else None)
        self.page.on("request", lambda r: None if r.url.startswith(own) else say(r.url))

    def take(
        self,
        viewport: dict[str, int],
        color_scheme: str,
        reduced_motion: str,
    ) -> Page:
        self.page.set_viewport_size(viewport)
        self.page.emulate_media(
            media="null",
            color_scheme=color_scheme,
            reduced_motion=reduced_motion,
            forced_colors="none",
        )
        return self.page

    def leave(self) -> None:
        """Forget what the document stored, end it, and take the pointer away."""
        for is_local in (True, False):
            storage = {"securityOrigin": "file://", "isLocalStorage": is_local}
            self._devtools.send("DOMStorage.clear", {"storageId": storage})
        self.page.goto("about:blank")
        self.page.mouse.move(0, 0)

    def close(self) -> None:
        self.page.context.close()


class KeptPages:
    """The pages of a browser, by the devices that they are on."""

    def __init__(self, browser: Browser):
        self._browser = browser
        self._free: dict[str, list[KeptPage]] = defaultdict(list)
        self._taken: list[tuple[str, KeptPage]] = []

    def take(
        self,
        *,
        viewport: dict[str, int] = VIEWPORT,
        color_scheme: str = "light",
        reduced_motion: str = "no-preference",
        **device: Any,
    ) -> Page:
        """A page that nobody else has until all are given back."""
        name = repr(sorted(device.items()))
        kept = self._free[name].pop() if self._free[name] else KeptPage(self._browser, device)
        self._taken.append((name, kept))
        return kept.take(viewport, color_scheme, reduced_motion)

    def give_back(self, reusable: bool) -> list[str]:
        """What went wrong on the pages that were taken. They are used again if they may be."""
        wrong = []
        while self._taken:
            name, kept = self._taken.pop()
            if reusable:
                kept.leave()
                self._free[name].append(kept)
            else:
                kept.close()
            wrong += kept.wrong
            kept.wrong.clear()
        return wrong
