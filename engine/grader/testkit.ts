// All that checks under tests/exercises may import.
export { type Check, check, type CheckOptions } from "./check.ts";
export { type Boot, defineExercise, type Door, type Exercise } from "./exercise.ts";
export { expect } from "./expect.ts";
export type {
  Answer,
  DoorCall,
  Instance,
  KeyState,
  Kit,
  KitBrowser,
  RequestBody,
  RequestOptions,
} from "./kit.ts";
