import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  customMatchers,
  type ExpectStatic,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from "@vitest/expect";

/** What checks assert with: vitest's `expect` without its runner, whose start costs 150 ms and more. */
export const expect: ExpectStatic = createExpect();

function createExpect(): ExpectStatic {
  chai.use(JestExtend);
  chai.use(JestChaiExpect);
  chai.use(JestAsymmetricMatchers);
  const made = ((value: unknown, message?: string) =>
    chai.expect(value, message)) as unknown as ExpectStatic;
  const matchers: unknown = Reflect.get(globalThis, ASYMMETRIC_MATCHERS_OBJECT);
  Object.assign(made, chai.expect, matchers);
  made.getState = () => getState(made);
  made.setState = (state) => setState(state, made);
  made.setState({
    assertionCalls: 0,
    isExpectingAssertions: false,
    expectedAssertionsNumber: null,
  });
  // As JestExtend has it: the expect that is extended comes first.
  const extend: unknown = Reflect.get(chai.expect, "extend");
  if (typeof extend === "function") Reflect.apply(extend, chai.expect, [made, customMatchers]);
  return made;
}
