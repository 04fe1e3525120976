// Convert an OpenAPI document as Postman's own import does; say each request of the collection as a
// line of JSON. What keeps the converter from it, or what a collection may not hold, is an exception.
import { readFileSync } from "node:fs";
import converter from "openapi-to-postmanv2";
import postman from "postman-collection";

const input = { type: "string", data: readFileSync(process.argv[2], "utf8") };
// Bodies have every field, by its type, rather than those of an example alone.
const options = { folderStrategy: "Paths", parametersResolution: "Schema" };
converter.convertV2(input, options, (problem, told) => {
  if (problem) throw problem;
  if (!told.result) throw new Error(told.reason);
  const [{ data }] = told.output;
  new postman.Collection(data).forEachItem(({ request }) => {
    const { method, url, body } = request;
    const text = body?.raw ?? "";
    const fields = text === "" ? null : Object.keys(JSON.parse(text) ?? {});
    console.log(JSON.stringify({ method, path: url.getPath(), auth: request.getAuth?.()?.type, fields }));
  });
});
