export { DeputiesPage } from "./DeputiesPage";
export { PapersPage } from "./PapersPage";
export { PositionPage } from "./PositionPage";
