import { parse, type ParserPlugin } from "@babel/parser";
import { mutateLua } from "./mutate-lua.ts";
import type { Mutant } from "./mutant.ts";

/** A node of the syntax tree, as far as it matters here. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

type Add = (node: { start: number; end: number }, replacement: string) => void;

const OPPOSITE: Readonly<Record<string, string>> = {
  "===": "!==",
  "!==": "===",
  "==": "!=",
  "!=": "==",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "&&": "||",
  "||": "&&",
};
const SWAPPED_METHODS: Readonly<Record<string, string>> = {
  ceil: "floor",
  floor: "ceil",
  max: "min",
  min: "max",
};
const DROPPED_METHODS = new Set(["trim", "toLowerCase", "toUpperCase", "sort", "reverse"]);
/** What these say or hold is not behaviour. */
const SILENT = new Set(["ImportDeclaration", "ExportAllDeclaration", "Directive"]);

/**
 * The mutants of one program: conditions forced, comparisons and operators turned, literals
 * changed, statements left out, and the same in Lua scripts. Types and log lines are left alone.
 */
export function makeMutants(file: string, text: string): Mutant[] {
  const plugins: ParserPlugin[] = /\.m?ts$/.test(file) ? ["typescript"] : [];
  const tree = parse(text, { sourceType: "module", plugins });
  const found: Mutant[] = [];
  const add: Add = ({ start, end }, replacement) => {
    const original = text.slice(start, end);
    if (original === replacement) return;
    const line = text.slice(0, start).split("\n").length;
    const source = text.split("\n")[line - 1]?.trim() ?? "";
    found.push({ file, line, source, start, end, original, replacement });
  };
  visit(tree.program as unknown as Node, text, add);
  return found;
}

function visit(node: Node, text: string, add: Add): void {
  if (SILENT.has(node.type) || isType(node) || isLog(node)) return;
  mutate(node, text, add);
  for (const [field, value] of Object.entries(node)) {
    // A name of a property is no text of its own.
    if (field === "key" && node["computed"] !== true) continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) visit(child, text, add);
    }
  }
}

function mutate(node: Node, text: string, add: Add): void {
  const part = (field: string) => node[field] as Node;
  const source = (of: Node) => text.slice(of.start, of.end);
  switch (node.type) {
    case "BinaryExpression":
    case "LogicalExpression":
      mutateOperator(node, text, add);
      return;
    case "UnaryExpression":
      if (node["operator"] === "!") add(node, source(part("argument")));
      return;
    case "IfStatement":
    case "ConditionalExpression":
      add(part("test"), "true");
      add(part("test"), "false");
      return;
    case "WhileStatement":
      add(part("test"), "false");
      return;
    case "BooleanLiteral":
      add(node, String(node["value"] !== true));
      return;
    case "NumericLiteral":
      add(node, String(Number(node["value"]) + 1));
      return;
    case "StringLiteral":
      add(node, node["value"] === "" ? '"mutant"' : '""');
      return;
    case "TemplateLiteral":
      if (text.slice(node.start, node.end).includes("redis.call")) mutateLua(node, text, add);
      else add(node, '""');
      return;
    case "ExpressionStatement":
      add(node, ";");
      return;
    case "ReturnStatement":
      if (node["argument"] === null) add(node, ";");
      return;
    case "CallExpression":
      mutateCall(node, text, add);
      return;
    default:
  }
}

function mutateOperator(node: Node, text: string, add: Add): void {
  const left = node["left"] as Node;
  const right = node["right"] as Node;
  const operator = String(node["operator"]);
  if (operator === "??") {
    add(node, text.slice(left.start, left.end));
    return;
  }
  const isText = [left, right].some(({ type }) => /^(?:String|Template)Literal$/.test(type));
  const opposite = OPPOSITE[operator];
  if (opposite === undefined || (operator === "+" && isText)) return;
  const start = text.indexOf(operator, left.end);
  add({ start, end: start + operator.length }, opposite);
}

function mutateCall(node: Node, text: string, add: Add): void {
  const callee = node["callee"] as Node;
  if (callee.type !== "MemberExpression") return;
  const object = callee["object"] as Node;
  const property = callee["property"] as Node;
  const name = String(property["name"] ?? "");
  const swapped = SWAPPED_METHODS[name];
  if (object["name"] === "Math" && swapped !== undefined) add(property, swapped);
  if (DROPPED_METHODS.has(name)) add(node, text.slice(object.start, object.end));
}

/** Types, declarations of types, and what stands behind `as`. */
function isType(node: Node): boolean {
  return (
    /^TS(?!AsExpression|NonNull|Satisfies|InstantiationExpression)/.test(node.type) ||
    node["declare"] === true ||
    node["importKind"] === "type"
  );
}

/** `console.error(…)`, and the words of an error. */
function isLog(node: Node): boolean {
  if (node.type === "NewExpression") {
    return String((node["callee"] as Node)["name"] ?? "").endsWith("Error");
  }
  const call = node.type === "ExpressionStatement" ? (node["expression"] as Node) : node;
  if (call.type !== "CallExpression") return false;
  const callee = call["callee"] as Node;
  return callee.type === "MemberExpression" && (callee["object"] as Node)["name"] === "console";
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === "object" && value !== null && typeof Reflect.get(value, "type") === "string"
  );
}
