import { request } from "node:http";
import type { Answer, Instance, KitBrowser } from "../../../engine/grader/testkit.ts";

/** The header of an answer, which a browser acts on before the body is there. */
interface Head {
  readonly status: number;
  readonly setCookies: readonly string[];
}

/** A POST that tells when its answer begins to arrive; a browser follows a redirect from then on. */
export class WatchedPost {
  #head: Head | undefined;

  /** Undefined until it has arrived. */
  get head(): Head | undefined {
    return this.#head;
  }

  /** Sends it with the cookies of the browser, and resolves when the answer is complete. */
  send(to: Instance, browser: KitBrowser, path: string, body: object): Promise<Answer> {
    const began = performance.now();
    const cookies = browser.cookies().map(({ name, value }) => `${name}=${value}`);
    const headers = { "Content-Type": "application/json", Cookie: cookies.join("; ") };
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, to.url), { method: "POST", headers, agent: false });
      sent.once("error", reject);
      sent.once("response", (response) => {
        const status = response.statusCode ?? 0;
        const setCookies = response.headers["set-cookie"] ?? [];
        this.#head = { status, setCookies };
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => (text += part));
        response.once("error", reject);
        response.once("end", () => {
          const location = response.headers.location ?? "";
          const durationMs = performance.now() - began;
          resolve({ status, headers: { location }, setCookies, text, json: undefined, durationMs });
        });
      });
      sent.end(JSON.stringify(body));
    });
  }
}
