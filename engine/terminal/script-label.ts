/** What stands for a Lua script beside a request, where its keys and arguments matter: `<script of 12 lines>`. */
export function scriptLabel(script: string): string {
  const lines = script.trim().split("\n").length;
  return `<script of ${lines === 1 ? "1 line" : `${lines} lines`}>`;
}
