// Writes src/api/schema.gen.ts from the server's OpenAPI document: a type per schema, an entry per operation.
// Usage: node scripts/generate-api.mjs [address or file]; by default the server on this machine.
import { readFile, writeFile } from "node:fs/promises";

const source = process.argv[2] ?? "http://127.0.0.1:8000/api/openapi.json";
const target = new URL("../src/api/schema.gen.ts", import.meta.url);

const read = async (place) => (/^https?:/.test(place) ? (await fetch(place)).json() : JSON.parse(await readFile(place, "utf8")));
const typeName = (name) => name.replace(/[^A-Za-z0-9]+/g, "_").replace(/_+$/, "");
const property = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
const comment = (text, indent = "") => (text ? `${indent}/** ${text.replace(/\s+/g, " ").trim()} */\n` : "");

/** A JSON schema (2020-12, as pydantic writes it) as a TypeScript type. */
function typeOf(schema, indent = "") {
  if (!schema || Object.keys(schema).length === 0) return "unknown";
  if (schema.$ref) return typeName(schema.$ref.split("/").pop());
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map((choice) => typeOf(choice, indent)))].join(" | ");
  if (schema.allOf) return schema.allOf.map((part) => typeOf(part, indent)).join(" & ");
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type }, indent)).join(" | ");
  switch (schema.type) {
    case "string":
      return schema.contentMediaType ? "Blob" : "string";
    case "integer":
    case "number":
      return "number";
    case "boolean":
    case "null":
      return schema.type;
    case "array":
      return `readonly (${typeOf(schema.items, indent)})[]`;
    case "object":
      return objectType(schema, indent);
    default:
      return "unknown";
  }
}

function objectType(schema, indent) {
  const inner = `${indent}  `;
  const required = new Set(schema.required ?? []);
  const lines = Object.entries(schema.properties ?? {}).map(
    ([name, part]) =>
      `${comment(part.description, inner)}${inner}readonly ${property(name)}${required.has(name) ? "" : "?"}: ${typeOf(part, inner)};`,
  );
  if (lines.length > 0) return `{\n${lines.join("\n")}\n${indent}}`;
  const values = schema.additionalProperties;
  return values && typeof values === "object" ? `Readonly<Record<string, ${typeOf(values, indent)}>>` : "Readonly<Record<string, unknown>>";
}

function parameters(operation, place) {
  const found = (operation.parameters ?? []).filter((parameter) => parameter.in === place);
  if (found.length === 0) return "undefined";
  const lines = found.map((each) => `readonly ${property(each.name)}${each.required ? "" : "?"}: ${typeOf(each.schema)}`);
  return `{ ${lines.join("; ")} }`;
}

function answer(operation) {
  const [, success] = Object.entries(operation.responses).find(([status]) => status.startsWith("2")) ?? [];
  const content = success?.content;
  if (!content) return "undefined";
  const json = content["application/json"];
  return json?.schema ? typeOf(json.schema, "    ") : "Blob";
}

function body(operation) {
  const content = operation.requestBody?.content ?? {};
  const schema = (content["application/json"] ?? content["multipart/form-data"])?.schema;
  return schema ? typeOf(schema, "    ") : "undefined";
}

const document = await read(source);
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation, name: operation.operationId })),
);
const schemas = Object.entries(document.components.schemas).map(
  ([name, schema]) => `${comment(schema.description)}export type ${typeName(name)} = ${typeOf(schema)};\n`,
);
const types = operations.map(
  ({ name, operation }) =>
    `${comment(operation.summary, "  ")}  ${name}: {\n    path: ${parameters(operation, "path")};\n    query: ${parameters(operation, "query")};\n` +
    `    body: ${body(operation)};\n    answer: ${answer(operation)};\n  };`,
);
const places = operations.map(({ name, method, path }) => `  ${name}: { method: "${method}", path: "${path}" },`);

await writeFile(
  target,
  [
    "// Written by scripts/generate-api.mjs from /api/openapi.json. Do not edit.",
    "",
    schemas.join("\n"),
    `export interface Operations {\n${types.join("\n")}\n}\n`,
    `export const PLACES: { readonly [Name in keyof Operations]: { readonly method: string; readonly path: string } } = {\n${places.join("\n")}\n};\n`,
  ].join("\n"),
);
console.warn(`${operations.length} operations, ${schemas.length} types`);
