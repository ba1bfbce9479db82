// Speaks to the server in JSON.
//
//   get(url, {signal})            resolves with what is in the envelope's `response`
//   send(method, url, body, {signal})   the same for "POST", "PUT", "DELETE"; body is an object, FormData or nothing
//   class Refused extends Error   what a refusal throws: {status, code, message, fieldErrors {name: [texts]}, retryAfter}.
//                                 status 0, code "offline": the server was not reached
//   shown(error)                  true where the person was told already (401, fresh sign-in) or nothing is to be said
//                                 (aborted), so that a caller says nothing more
//   latest()                      makes a function that returns a fresh signal and aborts the one it gave before
//
// A 401 shows a message with a link to sign in that comes back here. `fresh_sign_in_required` goes to the page that asks
// for the password and comes back here.

import { here, url, word } from "./page.js";
import { toast } from "./toast.js";

export class Refused extends Error {
  constructor(status, { error = "failed", message = word("failed"), field_errors = {} } = {}, retryAfter = null) {
    super(message);
    Object.assign(this, { status, code: error, fieldErrors: field_errors, retryAfter });
  }
}

export function get(address, options = {}) {
  return send("GET", address, undefined, options);
}

export async function send(method, address, body, { signal, headers = {} } = {}) {
  const asked = { method, signal, headers: { Accept: "application/json", ...headers }, credentials: "same-origin", cache: "no-store" };
  if (body instanceof FormData) asked.body = body;
  else if (body !== undefined) {
    asked.body = JSON.stringify(body);
    asked.headers["Content-Type"] = "application/json";
  }
  let answer;
  try {
    answer = await fetch(address, asked);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, { error: "offline", message: word("offline") });
  }
  const told = await answer.json().catch(() => null);
  if (answer.ok) return told?.response ?? {};
  throw refusal(answer, told?.response);
}

export function refusal(answer, told) {
  const refused = new Refused(answer.status, told ?? {}, Number(answer.headers.get("Retry-After")) || null);
  const back = `?next=${encodeURIComponent(here())}`;
  if (refused.status === 401 && url("login")) {
    toast(word("signed-out"), { tone: "bad", link: { label: word("sign-in"), href: url("login") + back } });
  }
  if (refused.code === "fresh_sign_in_required" && url("verify")) location.assign(url("verify") + back);
  return refused;
}

export function shown(error) {
  return error.name === "AbortError" || error.status === 401 || error.code === "fresh_sign_in_required";
}

export function latest() {
  let controller = null;
  return () => {
    controller?.abort();
    controller = new AbortController();
    return controller.signal;
  };
}
