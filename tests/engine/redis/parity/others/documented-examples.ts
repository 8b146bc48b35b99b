import { parse } from "@babel/parser";
import { marked } from "marked";
import { transform } from "esbuild";

/** A piece of code of a package's documents, made into a program. */
export interface Example {
  /** Where it stands: `README.md, "Scan Iterator", 2`. */
  readonly name: string;
  /** An ES module for `runtime.cjs`; undefined when the piece is not a program that can run here. */
  readonly program: string | undefined;
  /** Why there is no program. */
  readonly leftOut?: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

const CODE = /^(?:js|ts|javascript|typescript)$/;
/** What an example needs that is not among the packages, by what it says. */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/\bctx\b/, "needs Koa"],
  [/\bserver\.ext\(/, "needs Hapi"],
  [/\bio\.on\(/, "needs socket.io"],
  [/createCluster/, "needs a cluster"],
  [/\bredis\[?s?\]?:\/\/alice/, "names a host that does not exist"],
];

/** Every piece of JavaScript and TypeScript in a Markdown text, in its order. */
export async function documentedExamples(file: string, markdown: string): Promise<Example[]> {
  const examples: Example[] = [];
  let heading = "";
  let count = 0;
  for (const token of marked.lexer(markdown)) {
    if (token.type === "heading") {
      heading = token["text"];
      count = 0;
    }
    if (token.type !== "code" || !CODE.test(token["lang"] ?? "")) continue;
    for (const text of variants(token["text"])) {
      count += 1;
      const name = `${file}, "${heading}", ${count}`;
      const elsewhere = ELSEWHERE.find(([says]) => says.test(text))?.[1];
      examples.push(
        elsewhere === undefined
          ? { name, ...(await makeProgram(text)) }
          : { name, program: undefined, leftOut: elsewhere },
      );
    }
  }
  return examples;
}

/** A piece that declares a name twice shows several ways: each begins with a comment after an empty line. */
function variants(text: string): string[] {
  try {
    read(text);
    return [text];
  } catch (error) {
    if (!String(error).includes("has already been declared")) return [text];
    return text.split(/\n\s*\n(?=\s*\/\/)/);
  }
}

function read(text: string): Node[] {
  const tree = parse(text, {
    sourceType: "module",
    plugins: ["typescript"],
    allowReturnOutsideFunction: true,
  });
  return tree.program.body as unknown as Node[];
}

/** What its promises and top-level expressions come to is told; what it declares is used when it ends. */
async function makeProgram(text: string): Promise<Pick<Example, "program" | "leftOut">> {
  let body: Node[];
  try {
    body = read(text);
  } catch {
    return { program: undefined, leftOut: "is a sketch and no JavaScript" };
  }
  const insertions: [at: number, what: string][] = [];
  let count = 0;
  const tell = ({ start, end }: Node): void => {
    count += 1;
    insertions.push([start, `tell(${count}, (`], [end, "))"]);
  };
  for (const node of body) visit(node, tell);
  let program = text;
  for (const [at, what] of insertions.toSorted(([one], [other]) => other - one))
    program = program.slice(0, at) + what + program.slice(at);
  const names = body.flatMap(declaredNames);
  const { code } = await transform(`${program}\nawait finish({ ${names.join(", ")} });`, {
    loader: "ts",
    format: "esm",
    target: "node20",
    logLevel: "silent",
  });
  return { program: code };
}

function visit(node: Node, tell: (node: Node) => void): void {
  if (node.type === "AwaitExpression") tell(node["argument"] as Node);
  if (node.type === "ExpressionStatement") {
    const expression = node["expression"] as Node;
    if (!/^(?:Await|Assignment)Expression$/.test(expression.type)) tell(expression);
  }
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === "object" && child !== null && typeof child.type === "string")
        visit(child as Node, tell);
    }
  }
}

function declaredNames(node: Node): string[] {
  if (node.type === "FunctionDeclaration") return [(node["id"] as { name: string }).name];
  if (node.type !== "VariableDeclaration") return [];
  return (node["declarations"] as Node[]).flatMap(({ id }) => {
    const { type, name, elements } = id as { type: string; name: string; elements?: Node[] };
    if (type === "Identifier") return [name];
    return (elements ?? []).map((element) => String(element["name"]));
  });
}
