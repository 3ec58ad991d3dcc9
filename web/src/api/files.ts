/** Files the server reads as a text. */

/** Their endings, with the dot. */
export const READABLE = [".md", ".markdown", ".txt"] as const;

/** The server's default; it has the last word. */
export const LIMIT_MB = 20;
