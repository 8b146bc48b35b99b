import type { Browser } from "../../http/browser.ts";
import { sessionIdOf } from "../../http/session-id.ts";
import type { SessionLabel } from "../lesson-event.ts";

/** The session cookie of a browser. */
export interface SessionCookie {
  readonly id: string;
  /** As it is sent. */
  readonly value: string;
}

/** Finds it: the cookie of this name, else the first that looks like one of express-session. */
export function findSessionCookie(
  browser: Browser,
  name: string | undefined,
): SessionCookie | undefined {
  for (const cookie of browser.cookies()) {
    const id = sessionIdOf(cookie.value);
    if (name === undefined ? id !== undefined : cookie.name === name) {
      return { id: id ?? cookie.value, value: cookie.value };
    }
  }
  return undefined;
}

/** Gives each session a short label when it is first seen. */
export class SessionLabels {
  readonly #labels: SessionLabel[] = [];

  get list(): readonly SessionLabel[] {
    return this.#labels;
  }

  /** Notes that this browser holds this session. */
  note(browser: string, id: string): void {
    if (id === "" || this.#labels.some((label) => label.id === id)) return;
    const index = this.#labels.length;
    this.#labels.push({ label: `${browser}·${id.slice(0, 4)}`, browser, id, index });
  }

  /** The session whose ID a text contains. */
  find(text: string): SessionLabel | undefined {
    return this.#labels.find(({ id }) => text.includes(id));
  }
}
