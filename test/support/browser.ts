import { type HTMLElement, parse } from "node-html-parser";

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly url: string;
  readonly page: HTMLElement;
};

/** What a form is filled with: a field's name → its value, several values, or a file. */
export type Filling = Record<string, string | readonly string[] | File | boolean>;

/** A browser without script, over real HTTP: cookies, redirects, and forms sent as a person would send them. */
export class Browser {
  readonly base: string;
  readonly cookies = new Map<string, string>();
  answer: Answer | null = null;

  constructor(base: string) {
    this.base = base;
  }

  /** Opens a page, following redirects. */
  async open(path: string, init: RequestInit = {}): Promise<Answer> {
    return this.#follow(new URL(path, this.answer?.url ?? this.base).href, init);
  }

  /** One request, redirects not followed. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookies.size > 0 && !headers.has("cookie"))
      headers.set("cookie", [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await fetch(new URL(path, this.base), { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const [name = "", ...value] = pair.split("=");
      if (/expires=Thu, 01 Jan 1970|max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value.join("="));
    }
    return response;
  }

  /**
   * Sends a form of the present page: its own values (hidden ones included) changed by `filling`.
   * @param options.form CSS selector when the page's main part has several; `options.button` the name=value pressed, and
   *   `options.action` where that button sends the form when it says so
   * @throws when a filled field is not in the form, unless `options.extra` (an attack)
   */
  async send(
    filling: Filling = {},
    options: { form?: string; button?: [string, string]; action?: string; extra?: boolean } = {},
  ): Promise<Answer> {
    const form = this.form(options.form);
    const values = new FormData();
    const names = new Set<string>();
    for (const field of form.querySelectorAll("input, select, textarea")) {
      const name = field.getAttribute("name");
      if (!name) continue;
      names.add(name);
      if (Object.hasOwn(filling, name)) continue;
      for (const value of valuesOf(field)) values.append(name, value);
    }
    for (const [name, value] of Object.entries(filling)) {
      if (!names.has(name) && !options.extra)
        throw new Error(
          `The form of ${this.answer?.url} has no field « ${name} » (it has ${[...names].join(", ")})`,
        );
      if (value === false) continue;
      if (value === true)
        values.append(name, form.querySelector(`[name="${name}"]`)?.getAttribute("value") ?? "oui");
      else if (value instanceof File) values.append(name, value);
      else for (const one of [value].flat() as string[]) values.append(name, one);
    }
    if (options.button) values.append(...options.button);
    const isMultipart = form.getAttribute("enctype") === "multipart/form-data";
    const action = new URL(
      options.action ?? (form.getAttribute("action") || this.answer!.url),
      this.answer!.url,
    ).href;
    const encoded = () =>
      new URLSearchParams([...values].map(([name, value]) => [name, String(value)] as [string, string]));
    if ((form.getAttribute("method") ?? "get").toLowerCase() === "get") {
      const target = new URL(action);
      target.search = encoded().toString();
      return this.#follow(target.href, {});
    }
    return this.#follow(action, {
      method: "POST",
      body: isMultipart ? values : encoded(),
      headers: { "sec-fetch-site": "same-origin", origin: this.base },
    });
  }

  /** Sends an act that no form offers, with the present page's own token: what an attacker would do. */
  async post(path: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
    const token = this.answer?.page.querySelector('[name="_jeton"]')?.getAttribute("value") ?? "";
    return this.#follow(new URL(path, this.base).href, {
      method: "POST",
      body: new URLSearchParams({ _jeton: token, ...fields }),
      headers: { "sec-fetch-site": "same-origin", origin: this.base },
    });
  }

  /** The form of the present page (in its main part unless a selector says otherwise). */
  form(selector = "main form"): HTMLElement {
    const found = this.answer?.page.querySelector(selector);
    if (!found) throw new Error(`No form ${selector} on ${this.answer?.url} (${this.answer?.status})`);
    return found;
  }

  /** The text of the page's main part, spaces folded. */
  get text(): string {
    return (
      (this.answer?.page.querySelector("main") ?? this.answer?.page)?.textContent
        .replace(/\s+/g, " ")
        .trim() ?? ""
    );
  }

  /** Follows the first link whose text contains the words. */
  async click(words: string): Promise<Answer> {
    const link = this.answer?.page
      .querySelectorAll("a")
      .find((one) => one.textContent.replace(/\s+/g, " ").includes(words));
    if (!link) throw new Error(`No link « ${words} » on ${this.answer?.url}`);
    return this.open(link.getAttribute("href")!);
  }

  async #follow(url: string, init: RequestInit): Promise<Answer> {
    let response = await this.request(url, init);
    let at = url;
    for (let hops = 0; response.status >= 300 && response.status < 400 && hops < 10; hops++) {
      await response.arrayBuffer();
      at = new URL(response.headers.get("location")!, at).href;
      response = await this.request(at);
    }
    const text = await response.text();
    this.answer = { status: response.status, headers: response.headers, text, url: at, page: parse(text) };
    return this.answer;
  }
}

function valuesOf(field: HTMLElement): string[] {
  if (field.tagName === "SELECT")
    return field
      .querySelectorAll("option")
      .filter(
        (option, index, all) =>
          option.hasAttribute("selected") ||
          (index === 0 &&
            !field.hasAttribute("multiple") &&
            !all.some((one) => one.hasAttribute("selected"))),
      )
      .map((option) => option.getAttribute("value") ?? option.textContent);
  if (field.tagName === "TEXTAREA") return [field.textContent];
  const type = field.getAttribute("type") ?? "text";
  if (type === "checkbox" || type === "radio")
    return field.hasAttribute("checked") ? [field.getAttribute("value") ?? "on"] : [];
  if (type === "file" || type === "submit" || type === "button") return [];
  return [field.getAttribute("value") ?? ""];
}
