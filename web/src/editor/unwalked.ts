/** Keeps React from walking over the whole text each time it changes something on the page. */

/**
 * Before each of its commits React counts characters from the start of a focused element that says it is editable, to put the selection back
 * if the commit took the focus away. That is every node of the act, for every commit while one types. ProseMirror keeps its selection itself,
 * so the property does not say so; the attribute, which browsers and assistive technology go by, does.
 */
export function keepUnwalked(dom: HTMLElement): void {
  Object.defineProperty(dom, "contentEditable", {
    configurable: true,
    get: () => "inherit",
    set: (value: string) => dom.setAttribute("contenteditable", value),
  });
}
