/** Acts: the list, a new one, an import. The page of one act is a file of its own, loaded with the editor. */
export { ActsPage } from "./ActsPage";
export { ImportPage } from "./ImportPage";
export { NewActPage } from "./NewActPage";
