// A photo in a form: chosen by click, keyboard or drop, looked at before it is sent.
//
// The form's [data-picture] holds the input[type=file][name=image], and by attributes:
//   data-picture-show       an .fi-avatar; the chosen picture, or the one there is, stands in it
//   data-picture-remove     a button that takes the picture away, or back what was chosen
//   data-picture-bar        a <progress>, shown while it is sent
//   data-word-type, data-word-size   what is said of a file of another kind, and of one that is too large
//
//   picture(box)            {show(url), chosen(), removed(), reset(url)} of a [data-picture]. `removed` is true where the
//                           picture that was there is to go
//   upload(method, url, data, {onProgress})   sends a FormData as api.send does; onProgress gets 0 to 1

import { Refused, refusal } from "./api.js";
import { element, icon, word } from "./page.js";

const TYPES = new Set(["image/png", "image/jpeg", "image/webp"]);
const LARGEST = 5 * 1024 * 1024; // bytes, as the server's own limit
const boxes = new WeakMap();

export function picture(box) {
  if (!boxes.has(box)) boxes.set(box, made(box));
  return boxes.get(box);
}

function made(box) {
  const input = box.querySelector("input[type=file]");
  const remove = box.querySelector("[data-picture-remove]");
  let saved = "";
  let gone = false;

  function show(source) {
    const frame = box.querySelector("[data-picture-show]");
    frame.querySelector("img")?.remove();
    if (source) frame.append(element("img", { src: source, alt: "" }));
    if (remove) remove.hidden = !source;
  }
  function reset(source = "") {
    saved = source ?? "";
    gone = false;
    input.value = "";
    say(box, "");
    show(saved);
  }
  function choose() {
    const file = input.files[0];
    const wrong = !file ? "" : !TYPES.has(file.type) ? box.dataset.wordType : file.size > LARGEST ? box.dataset.wordSize : "";
    say(box, wrong);
    if (wrong) input.value = "";
    if (!file || wrong) return show(gone ? "" : saved);
    const reader = new FileReader(); // a data: URL, since the policy lets no blob: be shown
    reader.addEventListener("load", () => { if (input.files[0] === file) show(reader.result); });
    reader.readAsDataURL(file);
  }
  function takeAway() {
    if (input.files.length) input.value = "";
    else gone = true;
    say(box, "");
    show(gone ? "" : saved);
    input.focus();
  }
  input.addEventListener("change", choose);
  remove?.addEventListener("click", takeAway);
  for (const [name, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
    input.addEventListener(name, () => input.parentElement.toggleAttribute("data-over", over));
  }
  return { show, reset, chosen: () => input.files[0] ?? null, removed: () => gone && Boolean(saved) && !input.files.length };
}

function say(box, text) {
  const input = box.querySelector("input[type=file]");
  box.querySelector("[data-error]").replaceChildren(...(text ? [icon("alert-circle"), element("span", {}, text)] : []));
  if (text) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

export function upload(method, target, data, { onProgress } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch tells nothing of how much is sent
    request.open(method, target);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress?.(total ? loaded / total : 0));
    request.addEventListener("error", () => reject(new Refused(0, { error: "offline", message: word("offline") })));
    request.addEventListener("load", () => {
      let told = null;
      try { told = JSON.parse(request.responseText).response; } catch { /* said below, by the status */ }
      if (request.status >= 200 && request.status < 300) return resolve(told ?? {});
      const headers = { get: (name) => request.getResponseHeader(name) };
      reject(refusal({ status: request.status, headers }, told));
    });
    request.send(data);
  });
}
