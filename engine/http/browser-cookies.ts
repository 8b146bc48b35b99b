import { Cookie, CookieJar, MemoryCookieStore } from "tough-cookie";

/** A cookie as the browser holds it. */
export interface BrowserCookie {
  readonly name: string;
  readonly value: string;
  /** Milliseconds since 1970 by the clock of the programs; undefined: until the browser is closed. */
  readonly expiresAt: number | undefined;
  readonly path: string;
  readonly domain: string | undefined;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite: string | undefined;
}

/** The cookies of one browser. The jar runs on real time; what has been travelled is taken off every expiry. */
export class BrowserCookies {
  readonly #store = new MemoryCookieStore();
  readonly #jar = new CookieJar(this.#store, { looseMode: true, rejectPublicSuffixes: false });
  #offsetMs: number;
  /** Most browsers of a check never get one; then the jar need not be asked. */
  #isEmpty = true;

  constructor(offsetMs: number) {
    this.#offsetMs = offsetMs;
  }

  /** The Cookie header for this address, `""` when there is none to send. */
  headerFor(url: URL): string {
    if (this.#isEmpty) return "";
    const cookies = this.#jar.getCookiesSync(asSecure(url));
    return cookies.map((cookie) => cookie.cookieString()).join("; ");
  }

  /** Takes one Set-Cookie line; one that browsers would refuse is dropped. */
  set(line: string, url: URL): void {
    this.#isEmpty = false;
    try {
      const cookie = Cookie.parse(line, { loose: true });
      if (cookie === undefined || (cookie.key === "" && cookie.value === "")) return;
      fixExpiry(cookie, this.#offsetMs);
      this.#jar.setCookieSync(cookie, asSecure(url), { ignoreError: true, loose: true });
    } catch {
      // Nothing that a program sends may end the grading.
    }
  }

  list(): BrowserCookie[] {
    return this.#all().map((cookie) => this.#describe(cookie));
  }

  remove(which: (cookie: BrowserCookie) => boolean): void {
    for (const cookie of this.#all()) if (which(this.#describe(cookie))) this.#drop(cookie);
  }

  travel(ms: number): void {
    this.#offsetMs += ms;
    for (const cookie of this.#all()) {
      if (cookie.expires instanceof Date) {
        cookie.expires = new Date(cookie.expires.getTime() - ms);
      }
    }
  }

  /** Those that have not ended. */
  #all(): Cookie[] {
    let all: Cookie[] = [];
    this.#store.getAllCookies((_error, cookies) => {
      all = cookies ?? [];
    });
    const now = Date.now();
    return all.filter((cookie) => {
      const living = !(cookie.expires instanceof Date) || cookie.expires.getTime() > now;
      if (!living) this.#drop(cookie);
      return living;
    });
  }

  #drop(cookie: Cookie): void {
    this.#store.removeCookie(cookie.domain ?? "", cookie.path ?? "/", cookie.key, () => {});
  }

  #describe(cookie: Cookie): BrowserCookie {
    return {
      name: cookie.key,
      value: cookie.value,
      expiresAt:
        cookie.expires instanceof Date ? cookie.expires.getTime() + this.#offsetMs : undefined,
      path: cookie.path ?? "/",
      domain: cookie.hostOnly === true ? undefined : (cookie.domain ?? undefined),
      httpOnly: cookie.httpOnly,
      secure: cookie.secure,
      sameSite: cookie.sameSite,
    };
  }
}

/**
 * Max-Age wins over Expires (RFC 6265bis 5.7) and becomes a fixed moment: tough-cookie would count
 * it from the last use, so that a cookie in use never ended.
 */
function fixExpiry(cookie: Cookie, offsetMs: number): void {
  if (cookie.maxAge !== null && cookie.maxAge !== undefined) {
    const seconds = typeof cookie.maxAge === "number" ? cookie.maxAge : Number(cookie.maxAge);
    cookie.expires =
      seconds > 8e12 ? "Infinity" : new Date(seconds <= 0 ? 0 : Date.now() + seconds * 1000);
    cookie.maxAge = null;
  } else if (cookie.expires instanceof Date) {
    cookie.expires = new Date(cookie.expires.getTime() - offsetMs);
  }
}

function asSecure(url: URL): string {
  return `https://${url.hostname}${url.pathname}`;
}
