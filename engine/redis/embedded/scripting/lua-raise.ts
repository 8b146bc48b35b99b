/** Thrown by functions for scripts; it becomes a Lua error with the place of the calling line. */
export class LuaRaise extends Error {
  override readonly name = "LuaRaise";
}
