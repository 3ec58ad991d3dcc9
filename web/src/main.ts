/** The first and smallest script: it asks for what the page of an act waits for, and loads that page, while the program itself still arrives. */
import { askEarly } from "./api/early";

const ACT = /^\/acts\/(?!(?:new|import)\/?$)([^/]+)(?:\/[^/]+)?\/?$/;

const act = ACT.exec(location.pathname)?.[1];
if (act !== undefined) {
  for (const address of ["/api/v1/me", "/api/v1/sessions", `/api/v1/acts/${act}`]) askEarly(address);
  import("./acts/ActPage").catch(() => undefined); // the router loads it too, and tells what went wrong
}
import("./start").catch((error: unknown) => console.error(error));
