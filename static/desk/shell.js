// What every page does: one key to the search, focus on what is wrong, one sending per form, the end of the session.
import { watchSession } from "./session.js";

const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") {
    const seek = document.getElementById("seek");
    if (seek) { event.preventDefault(); seek.focus(); seek.select(); }
    return;
  }
  // A button says in data-key which key presses it; the key is printed on the button.
  const button = [...document.querySelectorAll("[data-key]")].find(
    (candidate) => candidate.dataset.key.toLowerCase() === event.key.toLowerCase() || candidate.dataset.code === event.code
  );
  if (button && !button.disabled) { event.preventDefault(); button.click(); }
});

// The search field gives the keyboard back.
document.getElementById("seek")?.addEventListener("keydown", (event) => {
  if (event.key === "Escape") event.target.blur();
});

// A full-page form is sent once; the server's form key catches what slips past.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post") || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

const focusOnWrong = (root) => root.querySelector("[data-focus]")?.focus();
focusOnWrong(document);
document.addEventListener("htmx:afterSwap", (event) => focusOnWrong(event.detail.target));

// A line of an error summary leads to its field; where that is a group, to what can be filled in it.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".alert-box a[href^='#']");
  const named = link && document.getElementById(link.hash.slice(1));
  if (!named) return;
  const fields = "input:not([type=hidden]), select, textarea";
  const field = named.matches(fields) ? named : named.querySelector(fields) ?? named.parentElement.querySelector(fields);
  if (!field) return;
  event.preventDefault();
  field.focus();
});

// The browser names its button for files in its own language; the page puts one in the reader's beside the hidden field.
for (const field of document.querySelectorAll("input[type=file][data-choose]")) {
  const button = Object.assign(document.createElement("label"), { htmlFor: field.id, className: "btn btn-outline-secondary text-nowrap", textContent: field.dataset.choose });
  const names = Object.assign(document.createElement("span"), { className: "muted text-break" });
  const pick = Object.assign(document.createElement("div"), { className: "file-pick" });
  const tell = () => { names.textContent = [...field.files].map((file) => file.name).join(", ") || field.dataset.none; };
  field.classList.add("visually-hidden");
  field.after(pick);
  pick.append(button, names);
  field.addEventListener("change", tell);
  tell();
}

// A form of ticks says how many are ticked.
function tellTicked(form) {
  const said = form?.querySelector("[data-ticked]");
  if (!said) return;
  const boxes = [...form.elements].filter((field) => field.type === "checkbox");
  said.textContent = said.dataset.ticked.replace("%s", boxes.filter((box) => box.checked).length);
}
document.addEventListener("change", (event) => tellTicked(event.target.form));
document.querySelectorAll("[data-ticked]").forEach((said) => tellTicked(said.closest("form")));

// A menu of the top bar closes when one looks elsewhere.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.who[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});

// What the server could not do is said on the page, not in a console.
document.addEventListener("htmx:sendError", () => document.dispatchEvent(new CustomEvent("desk:offline")));

watchSession(document.body.dataset);
