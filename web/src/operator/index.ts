/** The page of whoever keeps the server running. */
export { OperatorPage } from "./OperatorPage";
