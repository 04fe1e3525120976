// Bundle what a page takes that only connects; say its code. Argument: the built index.js.
import { writeFileSync } from "node:fs";
import { build } from "vite";

writeFileSync("page.js", `export { connect } from ${JSON.stringify(process.argv[2])};\n`);
const [{ output }] = await build({
  configFile: false,
  logLevel: "error",
  build: { write: false, minify: true, lib: { entry: "page.js", formats: ["es"] } },
});
process.stdout.write(output.map((one) => one.code).join(""));
