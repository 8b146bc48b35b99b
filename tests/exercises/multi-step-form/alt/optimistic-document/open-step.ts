import { type Draft, findErrors, type Step, steps } from "../../starter/steps.ts";

export function openStep(draft: Draft): Step | undefined {
  return steps.find((step) => {
    const answers = draft[step];
    return answers === undefined || Object.keys(findErrors(step, answers, draft)).length > 0;
  });
}

export function isBehind(step: Step, draft: Draft): boolean {
  const open = openStep(draft);
  return open !== undefined && steps.indexOf(open) < steps.indexOf(step);
}

export function pageOf(draft: Draft): string {
  const open = openStep(draft);
  return open === undefined ? "/review" : `/booking/${open}`;
}
