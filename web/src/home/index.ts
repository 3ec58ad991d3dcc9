/** What waits for the person, and what has changed. */
export { HomePage } from "./HomePage";
export { WaitingPage } from "./WaitingPage";
