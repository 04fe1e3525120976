// Say what @asyncapi/parser finds wrong in a file; its last line is how many messages it describes.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
for (const one of diagnostics) {
  console.log(`${one.code} ${one.path.join(".")}: ${one.message}`);
}
console.log(document ? document.allMessages().all().length : "no document");
