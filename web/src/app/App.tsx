/** The pages and their addresses. Each group is a file of its own that is loaded when it is first opened. */
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createBrowserRouter, type RouteObject } from "react-router";
import { RouterProvider } from "react-router/dom";
import { Loading } from "../ui/Pieces";
import { NotFoundPage, RouteError } from "./errors";
import { Root } from "./Root";
import { Shell } from "./Shell";
import { SignedIn } from "./SignedIn";

const people = () => import("../people");
const acts = () => import("../acts");

const PAGES: RouteObject[] = [
  { index: true, lazy: async () => ({ Component: (await import("../home")).HomePage }) },
  { path: "waiting", lazy: async () => ({ Component: (await import("../home")).WaitingPage }) },
  { path: "acts", lazy: async () => ({ Component: (await acts()).ActsPage }) },
  { path: "acts/new", lazy: async () => ({ Component: (await acts()).NewActPage }) },
  { path: "acts/import", lazy: async () => ({ Component: (await acts()).ImportPage }) },
  { path: "acts/:actId/compare", lazy: async () => ({ Component: (await import("../compare")).ComparePage }) },
  { path: "acts/:actId/history", lazy: async () => ({ Component: (await import("../history")).HistoryPage }) },
  { path: "acts/:actId/position", lazy: async () => ({ Component: (await import("../approval")).PositionPage }) },
  { path: "acts/:actId/papers", lazy: async () => ({ Component: (await import("../approval")).PapersPage }) },
  { path: "deputies", lazy: async () => ({ Component: (await import("../approval")).DeputiesPage }) },
  { path: "acts/:actId/:part?", lazy: async () => ({ Component: (await import("../acts/ActPage")).ActPage }) },
  { path: "people", lazy: async () => ({ Component: (await people()).PeoplePage }) },
  { path: "bodies", lazy: async () => ({ Component: (await people()).BodiesPage }) },
  { path: "profile/:section?", lazy: async () => ({ Component: (await import("./ProfileRoute")).ProfileRoute }) },
  { path: "audit", lazy: async () => ({ Component: (await people()).AuditPage }) },
  { path: "operator", lazy: async () => ({ Component: (await import("../operator")).OperatorPage }) },
  { path: "more", lazy: async () => ({ Component: (await import("./MorePage")).MorePage }) },
  { path: "*", Component: NotFoundPage },
];

const ROUTES: RouteObject[] = [
  {
    Component: Root,
    ErrorBoundary: RouteError,
    HydrateFallback: Loading,
    children: [
      { path: "sign-in", ErrorBoundary: RouteError, lazy: async () => ({ Component: (await people()).SignInPage }) },
      {
        Component: SignedIn,
        ErrorBoundary: RouteError,
        children: [
          { path: "password", lazy: async () => ({ Component: (await people()).MustChangePasswordPage }) },
          { Component: Shell, children: [{ ErrorBoundary: RouteError, children: PAGES }] },
        ],
      },
    ],
  },
];

export type Router = ReturnType<typeof createBrowserRouter>;

/** Begins to load the page of the address. */
export function startRouter(): Router {
  return createBrowserRouter(ROUTES);
}

export function App({ queries, router }: { queries: QueryClient; router: Router }) {
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
