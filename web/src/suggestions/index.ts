/** What the page of an act uses of suggestions. */

export { ReviewEditor } from "./ReviewEditor.tsx";
export { ReviewStatus } from "./ReviewStatus.tsx";
export { SuggestionsProvider } from "./SuggestionsProvider.tsx";
export { type Suggesting, useSuggesting } from "./useSuggesting.ts";
