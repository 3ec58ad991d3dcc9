// @hocuspocus/server as its documentation starts it, with its SQLite extension when a file is named. PORT, DATABASE.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// The packages are in the cache folder this is started from, not beside this file.
const packages = createRequire(pathToFileURL(`${process.cwd()}/package.json`));
const load = (name) => import(pathToFileURL(packages.resolve(name)).href);

const { Server } = await load("@hocuspocus/server");
const extensions = [];
if (process.env.DATABASE) {
  const { SQLite } = await load("@hocuspocus/extension-sqlite");
  extensions.push(new SQLite({ database: process.env.DATABASE }));
}
await new Server({ port: Number(process.env.PORT), address: "127.0.0.1", quiet: true, extensions }).listen();
