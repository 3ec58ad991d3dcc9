/** The first and smallest script: it asks for what the page of an act waits for, and loads that page, while the program itself still arrives. */
import interCyrillic from "@fontsource-variable/inter/files/inter-cyrillic-wght-normal.woff2?url";
import interLatin from "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url";
import serifCyrillic from "@fontsource-variable/source-serif-4/files/source-serif-4-cyrillic-opsz-normal.woff2?url";
import serifLatin from "@fontsource-variable/source-serif-4/files/source-serif-4-latin-opsz-normal.woff2?url";
import { actAt, askEarly } from "./api/early";

/** A browser asks for a font only once it has laid a text out with another; then the whole text is laid out anew. */
function preload(font: string): void {
  document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "font", href: font, crossOrigin: "anonymous" }));
}

preload(interCyrillic);
preload(interLatin);
const act = actAt(location.pathname);
if (act !== null) {
  preload(serifCyrillic);
  preload(serifLatin); // digits and punctuation, in every act
  for (const address of ["/api/v1/me", "/api/v1/sessions", `/api/v1/acts/${act}`]) askEarly(address);
  import("./acts/ActPage").catch(() => undefined); // the router loads it too, and tells what went wrong
}
import("./start").catch((error: unknown) => console.error(error));
