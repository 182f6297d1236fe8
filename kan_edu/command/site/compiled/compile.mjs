// Starts the site's own Python in Node, as the page will, and has it compile what a start imports.
// node compile.mjs PACKAGES COMPILING FIRST: the folder of the site's packages, the paths of compiling.py and of what the
// site's Python is to run as its first; prints the new name of the library.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

async function main(packages, compiling, first) {
  const core = join(packages, "pyodide"), wheels = join(packages, "kan_edu"), lock = join(wheels, "pyodide-lock.json");
  const { loadPyodide } = await import(pathToFileURL(join(core, "pyodide.mjs")));
  const python = await loadPyodide({ indexURL: core, lockFileURL: lock, packageBaseUrl: wheels, stdout: () => {} });
  const names = Object.keys(JSON.parse(readFileSync(lock, "utf8")).packages);
  await python.loadPackage(names, { messageCallback: () => {} });
  python.mountNodeFS("/packages", packages);
  python.runPython(readFileSync(compiling, "utf8"));
  python.globals.set("customize", readFileSync(first, "utf8"));
  return python.runPython('exchange(Path("/packages"), files_of_a_start(), customize.encode())');
}

main(...process.argv.slice(2)).then(name => process.stdout.write(name),
                                    error => { process.stderr.write(error.message); process.exit(1); });
