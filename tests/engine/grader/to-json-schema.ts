import type * as v from "valibot";

/** A schema, or what stands in a pipe beside one, as far as the kinds that the report uses go. */
interface Node {
  readonly kind: string;
  readonly type: string;
  readonly pipe?: readonly Node[];
  readonly description?: string;
  readonly requirement?: unknown;
  readonly entries?: Readonly<Record<string, Node>>;
  readonly item?: Node;
  readonly value?: Node;
  readonly wrapped?: Node;
  readonly literal?: unknown;
  readonly options?: readonly unknown[];
}

/**
 * The JSON Schema of a valibot schema. There is a package for it; the few kinds that we use are no
 * reason to install one more.
 * @throws Error for a kind that it does not know
 */
export function toJsonSchema(schema: v.GenericSchema): object {
  return convert(schema as unknown as Node);
}

function convert(node: Node): object {
  // The schema itself stands first in its own pipe.
  const [, ...steps] = node.pipe ?? [];
  const [inner] = node.pipe ?? [];
  const base = inner === undefined || inner === node ? kindOf(node) : convert(inner);
  return Object.assign({}, base, ...steps.map(stepOf)) as object;
}

function stepOf({ type, description, requirement }: Node): object {
  switch (type) {
    case "description":
      return { description };
    case "integer":
      return { type: "integer" };
    case "min_value":
      return { minimum: requirement };
    case "readonly":
      return {};
    default:
      throw new Error(`Not known in JSON Schema: ${type}`);
  }
}

function kindOf(node: Node): object {
  switch (node.type) {
    case "string":
    case "number":
    case "boolean":
      return { type: node.type };
    case "literal":
      return { const: node.literal };
    case "picklist":
      return { enum: node.options };
    case "array":
      return { type: "array", items: convert(node.item as Node) };
    case "record":
      return { type: "object", additionalProperties: convert(node.value as Node) };
    case "optional":
      return convert(node.wrapped as Node);
    case "custom":
      return {};
    case "strict_object": {
      const entries = Object.entries(node.entries ?? {});
      return {
        type: "object",
        properties: Object.fromEntries(entries.map(([name, one]) => [name, convert(one)])),
        required: entries.filter(([, one]) => !isOptional(one)).map(([name]) => name),
        additionalProperties: false,
      };
    }
    default:
      throw new Error(`Not known in JSON Schema: ${node.type}`);
  }
}

function isOptional({ type }: Node): boolean {
  return type === "optional";
}
