/** What the registry of panels takes of the comments, loaded with the page; the panel itself comes when it is opened. */

export { useOpenCount } from "./use.ts";
